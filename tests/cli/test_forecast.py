"""`ita forecast` as it is typed."""

import json
import re
from pathlib import Path

from tests.cli.test_cli import Ita, ita

__all__ = ["ita"]


def test_the_forecast_as_json_has_these_keys_and_no_others(ita: Ita):
    done = ita("forecast", "--as-of", "2025-03-15", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert list(found) == ["total", "IIT", "EIT", "OIT"]
    assert all(list(one) == ["low", "likely", "high", "level", "because", "assumed"] for one in found.values())
    assert found["IIT"] == {
        "low": 91.45, "likely": 93.45, "high": 95.45, "level": "ผ่านดี",
        "because": "93.45 in fiscal year 2567, give or take 2",
        "assumed": ["that an instrument comes out as it last did", "how far it may be off"],
    }  # fmt: skip
    assert found["OIT"]["because"] == "of 24 items: Not started 24"
    assert found["total"]["level"] == "ผ่านดี"
    assert found["total"]["because"] == (
        "between ต้องปรับปรุง and ผ่านดีเยี่ยม, likely ผ่านดี: total 90 is below 95 · OIT 85 is below 95 · IIT 93 is below 95"
    )


def test_as_text_it_says_what_leads_to_the_next_level_and_what_is_assumed(ita: Ita):
    said = ita("forecast", "--as-of", "2025-03-15").stdout
    assert said.startswith("prachuap-2568 on 2025-03-15:\n  total ")
    assert "\n  IIT    91–96 (likely 93): 93.45 in fiscal year 2567, give or take 2\n" in said
    ways = said.partition("What would have to happen for ผ่านดีเยี่ยม, the cheapest first:\n")[2].splitlines()
    assert re.fullmatch(r"  file O7, now Not started, 4 things to do: OIT \+0\.\d\d", ways[0])
    assert "\n  the survey's result has to rise: IIT +1.55\nAssumed:" in said
    assert "Assumed:\n  what an item comes to" in said


def test_scores_that_were_announced_later_do_not_change_a_day_before(ita: Ita, tmp_path: Path):
    file = tmp_path / "x.csv"
    file.write_text("ปี,เครื่องมือ,คะแนน\n2568,IIT,96\n2568,EIT,97\n2568,OIT,98\n", encoding="utf-8")
    before = ita("forecast", "--as-of", "2025-03-15").stdout
    assert ita("scores", "import", file).returncode == 0
    assert ita("forecast", "--as-of", "2025-03-15").stdout == before
    now = json.loads(ita("forecast", "--format", "json").stdout)
    assert (now["total"]["low"], now["total"]["high"], now["total"]["level"]) == (97.1, 97.1, "ผ่านดีเยี่ยม")
    assert now["total"]["assumed"] == []


def test_where_no_earlier_score_is_known_it_says_so_and_what_to_do(ita: Ita):
    assert ita("year", "start", "2570", "--from", "prachuap-2568").returncode == 0
    done = ita("forecast", "--assessment", "prachuap-2570")
    assert done.returncode == 0  # 2567 is known still, three years ago
    assert "93.45 in fiscal year 2567, give or take 6" in done.stdout
