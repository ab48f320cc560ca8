"""The trend of the scores as it is drawn: every value told, no two on top of each other, gaps left open."""

import re
from itertools import pairwise

import pytest

from ita_core import charts

BORDERS = (("ผ่านดีเยี่ยม", 95.0), ('ผ่าน "ดี"', 85.0))
NAMES = ("รวม", "IIT", "EIT", "OIT")
CLOSE = tuple((name, ((2567, 95.2 + tenth / 10), (2568, 95.0))) for tenth, name in enumerate(NAMES))


def texts(svg: str) -> list[str]:
    """Every word that is drawn, of several lines each by itself."""
    return re.findall(r"<(?:text|tspan)[^>]*>([^<]+)", svg)


def placed(svg: str, mark: str) -> list[tuple[float, float, str]]:
    """Where each mark of a kind stands, with its text."""
    found = re.findall(rf'"{mark} mark"[^>]*translate\(([\d.-]+),([\d.-]+)\)[^>]*>([^<]*)', svg)
    return [(float(left), float(top), text) for left, top, text in found]


@pytest.mark.parametrize("width", [charts.TREND_WIDTH, charts.TREND_NARROW])
def test_values_of_one_year_that_are_nearly_the_same_can_all_be_read(width: int):
    found = placed(charts.trend_picture(CLOSE, BORDERS, width), "text")
    assert len(found) == 8
    for column in {left for left, _top, _text in found}:
        tops = sorted(top for left, top, _text in found if left == column)
        assert len(tops) == 4
        assert min(below - above for above, below in pairwise(tops)) > 16


def test_a_label_that_nothing_is_near_stands_beside_its_point():
    apart = (("รวม", ((2568, 95.0),)), ("IIT", ((2568, 90.0),)))
    labels = placed(charts.trend_picture(apart, BORDERS), "text")
    assert [text for _left, _top, text in labels] == ["รวม 95.00", "IIT 90.00"]
    (_left, above, _text), (_left, below, _text) = labels
    from_82_to_101_5 = charts.TREND_HEIGHT / 19.5  # pixels for a point
    assert below - above == pytest.approx(5 * from_82_to_101_5)


def test_a_line_is_broken_where_a_year_is_not_known_and_the_year_keeps_its_place():
    lines = (("รวม", ((2564, 90.0), (2565, 91.0), (2567, 92.0), (2568, 93.0))),)
    svg = charts.trend_picture(lines, BORDERS)
    assert "2566" in texts(svg)
    assert len(re.findall(r'"line mark"[^>]*d="M[\d.,]+L[\d.,]+"', svg)) == 2


@pytest.mark.parametrize(("width", "most"), [
    (charts.TREND_WIDTH, charts.MOST_YEARS), (charts.TREND_NARROW, charts.MOST_YEARS_NARROW),
])  # fmt: skip
def test_of_very_many_years_the_last_are_drawn(width: int, most: int):
    lines = (("รวม", tuple((2550 + year, 80.0 + year) for year in range(15))),)
    found = [one for one in texts(charts.trend_picture(lines, BORDERS, width)) if re.fullmatch(r"25\d\d", one)]
    assert found == [str(2565 - most + at) for at in range(most)]


def test_the_borders_of_the_levels_are_named_and_one_year_alone_is_drawn():
    svg = charts.trend_picture((("รวม", ((2567, 60.0),)),), BORDERS)
    assert {"ผ่านดีเยี่ยม", "95", 'ผ่าน "ดี"', "85", "รวม 60.00", "2567"} <= set(texts(svg))


def test_on_a_dark_screen_the_letters_turn_and_their_rim_with_them():
    dark = charts.trend_picture(CLOSE, BORDERS).split("prefers-color-scheme: dark")
    assert "stroke: #12181F" in dark[1]
    assert "fill: #C3CDD7" in dark[2]
