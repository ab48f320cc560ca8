"""`ita year` and `ita plan` with files: a year begun, a plan exported, compared and put in force."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import yaml

from ita_core import db, queries
from ita_core.cli.years import start_year as begin_year
from ita_core.plan.content import content_of
from ita_core.plan.following import following
from ita_core.plan.mappings import NoMapping
from ita_core.plan.plan import find_plan, load_with_framework
from tests.cli.test_cli import Ita, ita

__all__ = ["ita"]


def years(ita: Ita) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(ita("year", "list", "--format", "json").stdout)
    return listed


def test_a_year_is_begun_listed_and_closed(ita: Ita) -> None:
    before = years(ita)
    assert before == [{
        "office": "prachuap", "year": 2568, "framework": "immigration-2568", "revision": 1, "state": "open",
        "assumed": 0, "starts": "2024-10-01", "ends": "2025-09-30",
    }]  # fmt: skip
    tried = ita("year", "start", "2570", "--from", "prachuap-2568", "--dry-run")
    assert tried.stdout == "prachuap-2570 would begin: 44 items, 2026-10-01 to 2027-09-30.\n"
    assert years(ita) == before
    done = ita("year", "start", "2570", "--from", "prachuap-2568")
    assert done.stdout == "prachuap-2570 begun: 44 items, 2026-10-01 to 2027-09-30.\n"
    assert "24 items are carried over" in done.stderr
    again = ita("year", "start", "2570", "--from", "prachuap-2568")
    assert (again.returncode, "has begun already" in again.stderr) == (1, True)
    other = ita("year", "start", "2571", "--from", "prachuap-2568", "--framework", "immigration-2568")
    assert (other.returncode, other.stderr) == (
        1, "The framework “immigration-2568” is for fiscal year 2568, not for 2571.\n",
    )  # fmt: skip
    ita("year", "close", "prachuap-2568")
    assert [(row["year"], row["state"], row["assumed"]) for row in years(ita)] == [
        (2570, "open", 24), (2568, "closed", 0),
    ]  # fmt: skip
    assert "prachuap-2568" in ita("year", "list").stdout
    assert ita("year", "reopen", "prachuap-2568", "--item", "O7", "--reason", "ITAP").returncode == 0
    assert ita("year", "reopen", "prachuap-2568", "--reason", "ปิดผิด").returncode == 0
    assert {row["state"] for row in years(ita)} == {"open"}


def test_an_office_begins_with_anothers_plan_and_fills_its_own(ita: Ita, tmp_path: Path) -> None:
    begin = ("office", "start", "hua-hin", "--name", "ด่าน ตม.หัวหิน", "--short", "ตม.หัวหิน", "--from", "prachuap-2568")
    assert ita(*begin).stdout.startswith("hua-hin-2568 begun")
    again = ita(*begin)
    assert (again.returncode, again.stderr) == (1, "There is an office “hua-hin” already.\n")
    assert [row["office"] for row in years(ita)] == ["hua-hin", "prachuap"]
    file = tmp_path / "หัวหิน.xlsx"
    ita("plan", "export", file, "--assessment", "hua-hin-2568")
    book = openpyxl.load_workbook(file)
    people = book["บุคคล"]
    heads = {cell.value: cell.column for row in people.iter_rows(max_row=2) for cell in row}
    row = people.max_row + 1
    for head, value in (("ประเภท", "ข้าราชการตำรวจ"), ("ยศ", "ร.ต.อ."), ("ชื่อ", "ตัวอย่าง ในการทดสอบ")):
        people.cell(row, heads[head]).value = value
    book.save(file)
    applied = ita("plan", "apply", file, "--assessment", "hua-hin-2568")
    assert applied.stdout == "ตม.หัวหิน 2568: applied, revision 2.\n", applied.stderr
    listed = json.loads(ita("export", "officers", "--format", "json", "--assessment", "hua-hin-2568").stdout)
    assert [one["name"] for one in listed] == ["ตัวอย่าง ในการทดสอบ"]


def test_a_framework_of_the_year_without_a_mapping_is_said_plainly_and_begins_nothing(
    at_work: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In this process, for which the folders of frameworks and mappings can be others."""
    rules, real = load_with_framework(find_plan("prachuap-2568"))
    known = following(rules, real, 2570)[0].model_copy(update={"code": "made-up-2570"})
    written = yaml.safe_dump(content_of(known, real)["framework"], allow_unicode=True, sort_keys=False)
    for folder in ("frameworks", "mappings"):
        (tmp_path / folder).mkdir()
    (tmp_path / "frameworks" / "made-up-2570.yaml").write_text(written, encoding="utf-8")
    monkeypatch.setattr("ita_core.plan.framework.FRAMEWORKS", tmp_path / "frameworks")
    monkeypatch.setattr("ita_core.plan.mappings.MAPPINGS", tmp_path / "mappings")
    begin = partial(begin_year, 2570, source="prachuap-2568", framework="made-up-2570")
    with pytest.raises(NoMapping, match=r"data/mappings/immigration-2568-to-made-up-2570.yaml"):
        begin()
    with db.reading() as session:
        assert [one.fiscal_year for one in queries.list_assessments(session)] == [2568]
    codes = {code: code for code in rules.items if code not in {"O3", "O4"}} | {"O3": "O4", "O4": "O3"}
    said = {"from": "immigration-2568", "to": "made-up-2570", "equal": codes}
    (tmp_path / "mappings" / "immigration-2568-to-made-up-2570.yaml").write_text(yaml.safe_dump(said), "utf-8")
    begin()
    with db.reading() as session:
        of = queries.get_assessment(session, "prachuap-2570").id
        items = {item.code: item for item in queries.get_history(session, of).now.items}
    assert (items["O3"].lineage, items["O4"].lineage, items["O5"].lineage) == ("O4", "O3", "")
    assert {item.assumed for item in items.values()} == {""}


def test_the_command_speaks_of_the_year_that_today_lies_in(ita: Ita, tmp_path: Path) -> None:
    ita("year", "start", "2570", "--from", "prachuap-2568")
    for today in ("2025-03-15", "2026-12-01", "2026-09-30"):
        ita("export", "items", "--format", "json", "-o", tmp_path / f"{today}.json", ITA_TODAY=today)
    dues = [json.loads((tmp_path / f"{today}.json").read_text("utf-8"))[0]["due"]
            for today in ("2025-03-15", "2026-12-01", "2026-09-30")]  # fmt: skip
    assert dues == ["2025-02-28", "2027-02-28", "2025-02-28"]
    named = tmp_path / "named.json"
    ita("export", "items", "--format", "json", "-o", named, "--assessment", "prachuap-2570", ITA_TODAY="2025-03-15")
    assert json.loads(named.read_text("utf-8"))[0]["due"] == "2027-02-28"


def test_a_plan_goes_out_comes_back_and_says_nothing_until_it_is_changed(ita: Ita, tmp_path: Path) -> None:
    file = tmp_path / "แผน.yaml"
    assert ita("plan", "export", file).returncode == 0
    assert json.loads(ita("plan", "diff", file, "--format", "json").stdout) == []
    assert ita("plan", "apply", file).stdout.endswith(": nothing to change.\n")
    file.write_text(file.read_text("utf-8").replace("2025-02-28", "2025-03-14"), "utf-8")
    told = json.loads(ita("plan", "diff", file, "--format", "json").stdout)
    assert {"what": "due", "where": "O7", "before": "2025-02-28", "after": "2025-03-14"} in told
    assert {one["what"] for one in told} <= {"due", "step"}
    assert "O7: 2025-02-28 → 2025-03-14" in ita("plan", "diff", file).stdout
    assert "in order (44 items, 17 officers)" in ita("plan", "check", file).stdout
    assert years(ita)[0]["revision"] == 1
    done = ita("plan", "apply", file, "--note", "คำสั่งที่ 9/2568")
    assert done.stdout.endswith(": applied, revision 2.\n")
    assert json.loads(ita("plan", "diff", file, "--format", "json").stdout) == []
    file.write_text(file.read_text("utf-8").replace("2025-03-14", "2568-03-14"), "utf-8")
    refused = ita("plan", "check", file)
    assert (refused.returncode, "is in the Buddhist era: write the Christian-era day 2025-03-14" in refused.stderr) == (
        1, True,
    )  # fmt: skip


def test_a_workbook_goes_out_comes_back_and_says_nothing_until_it_is_changed(ita: Ita, tmp_path: Path) -> None:
    file = tmp_path / "แผน.xlsx"
    today = {"ITA_TODAY": "2025-03-15"}
    assert ita("plan", "export", file, **today).returncode == 0
    assert json.loads(ita("plan", "diff", file, "--format", "json").stdout) == []
    book = openpyxl.load_workbook(file)
    sheet = book["กำหนดส่ง"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == datetime(2025, 3, 31)]
    assert cells
    cells[0].value = datetime(2025, 4, 4)
    book.save(file)
    told = json.loads(ita("plan", "diff", file, "--format", "json").stdout)
    assert [(one["what"], one["before"], one["after"]) for one in told] == [("due", "2025-03-31", "2025-04-04")]
    assert "in order (44 items, 17 officers)" in ita("plan", "check", file).stdout
    assert ita("plan", "apply", file, "--note", "คำสั่ง").stdout.endswith(": applied, revision 2.\n")
    assert json.loads(ita("plan", "diff", file, "--format", "json").stdout) == []
    refused = ita("plan", "check", tmp_path / "nothing.xlsx")
    assert (refused.returncode, "cannot be read: No such file" in refused.stderr) == (1, True)
    (tmp_path / "other.xlsx").write_bytes(b"PK")
    assert ita("plan", "check", tmp_path / "other.xlsx").returncode == 1
