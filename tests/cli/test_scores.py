"""`ita scores` and `ita export scores` as they are typed."""

import json
from pathlib import Path

from tests.cli.test_cli import Ita, ita

__all__ = ["ita"]

REPORT = """ปีงบประมาณ,เครื่องมือ,ตัวชี้วัด,ข้อ,คะแนน,แหล่งที่มา
2568,IIT,,,94.10,ประกาศ ป.ป.ช.
2568,EIT,,,95.5,
2568,OIT,,,98,
2568,,,O6,75,
"""


def test_what_the_plan_tells_is_shown_with_the_level_and_its_reason(ita: Ita):
    done = ita("scores", "show")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "prachuap 2567: 95.85 ผ่านดี: IIT 93.45 is below 95"
    listed = json.loads(ita("export", "scores", "--format", "json").stdout)
    assert listed[0] == {
        "fiscal_year": 2567, "instrument": "total", "indicator": None, "item": None, "points": 95.85, "source": "แผน",
    }  # fmt: skip


def test_a_file_is_tried_first_then_recorded_and_comes_out_as_it_went_in(ita: Ita, tmp_path: Path):
    file = tmp_path / "รายงาน.csv"
    file.write_text(REPORT, encoding="utf-8")
    assert ita("scores", "import", file, "--dry-run").stdout == "prachuap: 4 scores would be recorded.\n"
    assert "2568" not in ita("scores", "show").stdout
    assert ita("scores", "import", file).stdout == "prachuap: 4 scores recorded.\n"
    assert ita("scores", "show").stdout.startswith("prachuap 2568: 96.08 ผ่านดี: IIT 94.10 is below 95")
    for name in ("out.csv", "out.xlsx"):
        assert ita("export", "scores", "-o", tmp_path / name).returncode == 0
        assert ita("scores", "import", tmp_path / name).stdout == "prachuap: 0 scores recorded, 8 stand already.\n"


def test_a_file_with_a_fault_is_refused_as_a_whole_with_its_rows(ita: Ita, tmp_path: Path):
    file = tmp_path / "x.csv"
    file.write_text(REPORT.replace("95.5", "955"), encoding="utf-8")
    done = ita("scores", "import", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "x.csv: E3: must be a number from 0 to 100, but is 955\n"
    assert "2568" not in ita("scores", "show").stdout


def test_a_total_that_our_weights_do_not_give_is_recorded_when_that_is_said(ita: Ita, tmp_path: Path):
    file = tmp_path / "x.csv"
    file.write_text(f"{REPORT}2568,total,,,96.5,\n", encoding="utf-8")
    done = ita("scores", "import", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "The total of 2568, 96.5, is not what the instruments give by the weights known here (IIT"
    )
    assert "2568" not in ita("scores", "show").stdout
    assert ita("scores", "import", file, "--as-announced").stdout == "prachuap: 5 scores recorded.\n"
    assert ita("scores", "show").stdout.startswith("prachuap 2568: 96.50 (by the weights 96.08) ผ่านดี: IIT 94.10")


def test_no_file_is_told_in_a_sentence(ita: Ita):
    assert ita("scores", "import", "/nowhere.csv").stderr == "/nowhere.csv cannot be read: No such file or directory.\n"
