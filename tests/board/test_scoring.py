"""Weights, levels, and what lacks; the figures are the document's own of fiscal year 2567."""

import pytest

from ita_core.board import scoring
from ita_core.board.scoring import LevelRule

WEIGHTS = {"IIT": 0.3, "EIT": 0.3, "OIT": 0.4}
OF_2567 = {"IIT": 93.45, "EIT": 95.21, "OIT": 98.13}
LEVELS = [
    LevelRule("ผ่านดีเยี่ยม", 95, 95),
    LevelRule("ผ่านดี", 85, 85),
    LevelRule("ผ่าน", 85, 0),
    LevelRule("ต้องปรับปรุง", 70, 0),
    LevelRule("ต้องปรับปรุงโดยด่วน", 0, 0),
]


def test_the_weights_give_the_announced_total():
    assert scoring.total(OF_2567, WEIGHTS) == 95.85


def test_a_total_over_95_with_one_instrument_under_it_is_not_the_highest_level():
    assert scoring.level(95.85, OF_2567, LEVELS).title == "ผ่านดี"


@pytest.mark.parametrize(
    ("points", "title"),
    [
        ({"IIT": 95, "EIT": 95, "OIT": 95}, "ผ่านดีเยี่ยม"),
        ({"IIT": 84, "EIT": 99, "OIT": 99}, "ผ่าน"),
        ({"IIT": 80, "EIT": 80, "OIT": 80}, "ต้องปรับปรุง"),
        ({"IIT": 10, "EIT": 10, "OIT": 10}, "ต้องปรับปรุงโดยด่วน"),
    ],
)
def test_levels_need_the_total_and_every_instrument(points: dict[str, float], title: str):
    assert scoring.level(scoring.total(points, WEIGHTS), points, LEVELS).title == title


def test_what_lacks_is_named_with_its_distance():
    assert scoring.below(OF_2567, 95) == {"IIT": 1.55}


def test_a_missing_score_is_not_guessed():
    with pytest.raises(KeyError):
        scoring.total({"IIT": 95.0}, WEIGHTS)
