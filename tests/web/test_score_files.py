"""Scores that come in as a file, and the form that goes out: the real gate, route and database."""

import io
from collections.abc import Callable, Mapping
from urllib.parse import quote

import openpyxl
import pytest
from starlette.testclient import TestClient

from ita_core import db, queries
from ita_core.plan.scores import Reading
from ita_core.plan.workbook.opening import LARGEST
from ita_core.web import whole_files
from tests.asking import ORIGIN, client
from tests.cast import Cast

SCORES = "/scores/prachuap-2568"
CSV = "ปีงบประมาณ,เครื่องมือ,คะแนน,แหล่งที่มา\n2568,IIT,94.10,ประกาศ\n2567,IIT,93.45,แผน\n".encode()


def send(browser: TestClient, content: bytes, name: str, of: str = SCORES, **headers: str):
    return browser.post(f"{of}/k1", content=content, headers={**ORIGIN, "X-File-Name": quote(name), **headers})


def waits(account_id: int) -> queries.ScoreFileFacts | None:
    with db.reading() as session:
        of = queries.get_assessment(session).id
        return queries.find_score_file(session, queries.get_actor(session, account_id, of), of)


def standing() -> list[queries.ScoreFacts]:
    with db.reading() as session:
        return queries.list_scores(session, queries.get_assessment(session).id)


def filled(browser: TestClient, points: Mapping[str, object]) -> bytes:
    """The form with the points of these rows ("IIT", "IIT 1", "O6", "คะแนนรวม")."""
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{SCORES}.xlsx").content))
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[1]}
    left = dict(points)
    for row in range(2, sheet.max_row + 1):
        instrument, indicator, item = (sheet.cell(row, heads[head]).value for head in ("เครื่องมือ", "ตัวชี้วัด", "ข้อ"))
        key = item or (f"{instrument} {indicator}" if indicator else instrument)
        if key in left:
            sheet.cell(row, heads["คะแนน"]).value = left.pop(key)
    assert not left
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_form_has_a_row_for_everything_and_comes_back_with_what_was_filled_in(cast: Cast):
    browser = client(cast, "admin")
    answer = browser.get(f"{SCORES}.xlsx")
    assert "ita-2568-scores-form.xlsx" in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 1 + 1 + 3 + 10 + 24
    assert {cell.value for cell in sheet["F"][1:]} == {None}
    sent = filled(browser, {"IIT": 94.1, "IIT 1": 97.25, "O6": 75})
    assert (send(browser, sent, "แบบกรอก.xlsx").status_code, standing()) == (201, standing())
    found = waits(cast.admin)
    assert found
    assert [(one.entry.what, one.entry.points, one.reading) for one in found.read] == [
        ("IIT", 94.1, Reading.new), ("IIT 1", 97.25, Reading.new), ("O6", 75.0, Reading.new),
    ]  # fmt: skip


def test_a_file_waits_with_what_stands_beside_it_and_nothing_is_recorded(cast: Cast):
    before = standing()
    assert send(client(cast, "commander"), CSV, "รายงาน.csv").status_code == 201
    found = waits(cast.commander)
    assert found
    assert [one.reading for one in found.read] == [Reading.new, Reading.same]
    assert found.file_name == "รายงาน.csv"
    assert standing() == before


@pytest.mark.parametrize(("who", "of", "status"), [
    ("usa", SCORES, 404), ("viewer", SCORES, 404), ("", SCORES, 401), ("admin", "/scores/hua-hin-2568", 404),
])  # fmt: skip
def test_whoever_may_not_enter_scores_sends_none(cast: Cast, who: str, of: str, status: int):
    assert send(client(cast, who), CSV, "รายงาน.csv", of).status_code == status


@pytest.mark.parametrize(("who", "address", "status"), [
    ("usa", SCORES, 404), ("viewer", SCORES, 404), ("", SCORES, 403), ("admin", "/scores/prachuap-2570", 404),
])  # fmt: skip
def test_whoever_may_not_enter_scores_gets_no_form(cast: Cast, who: str, address: str, status: int):
    assert client(cast, who).get(f"{address}.xlsx").status_code == status


def test_no_other_page_sends_scores(cast: Cast):
    assert send(client(cast, "admin"), CSV, "ร.csv", Origin="https://elsewhere.example").status_code == 401
    assert waits(cast.admin) is None


def bomb(_browser: TestClient) -> bytes:
    """A workbook that unpacks to 60 MB."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 * 1024**2))
    return target.getvalue()


REFUSED: dict[str, tuple[Callable[[TestClient], bytes], str, list[str]]] = {
    "over 100": (lambda one: filled(one, {"IIT": 101, "IIT 2": "มาก"}), "แบบ.xlsx", ["!F", " แต่พบ 101", "“มาก”"]),
    "another office's": (
        lambda _one: "ปีงบประมาณ,เครื่องมือ,คะแนน,หน่วยงาน\n2568,IIT,95,ตม.จว.ชลบุรี\n".encode(), "ร.csv",
        ["D2", "ตม.จว.ชลบุรี"],
    ),
    "a later year's": (
        lambda _one: "ปีงบประมาณ,เครื่องมือ,คะแนน\n2569,IIT,95\n".encode(), "ร.csv", ["A2", "2569"]
    ),
    "a total that cannot be": (
        lambda one: filled(one, {"คะแนนรวม": 99, "IIT": 94.1, "EIT": 95.5, "OIT": 98}), "แบบ.xlsx", ["!F2", "98"]
    ),
    "empty": (lambda one: filled(one, {}), "แบบ.xlsx", ["แบบ.xlsx"]),
    "another program's": (lambda _one: b"PK", "ร.xlsx", ["ร.xlsx"]),
    "of another kind": (lambda _one: b"%PDF", "ร.pdf", ["“ร.pdf”"]),
    "too large": (lambda _one: bytes(LARGEST + 1), "ร.csv", ["5 MB"]),
    "a bomb": (bomb, "ร.xlsx", ["40 MB"]),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_recorded_is_refused_with_its_cell_and_nothing_of_it_waits(cast: Cast, what: str):
    make, name, says = REFUSED[what]
    browser = client(cast, "admin")
    answer = send(browser, make(browser), name)
    assert answer.status_code == 400
    assert [one for one in says if one not in answer.json()["says"]] == [], answer.json()["says"]
    assert waits(cast.admin) is None


def test_a_faulty_file_leaves_the_one_that_waits(cast: Cast):
    browser = client(cast, "admin")
    send(browser, CSV, "รายงาน.csv")
    assert send(browser, b"%PDF", "x.pdf").status_code == 400
    found = waits(cast.admin)
    assert found
    assert found.file_name == "รายงาน.csv"


def test_few_are_on_their_way_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(whole_files, "MOST_OF_ONE", 0)
    monkeypatch.setattr(whole_files, "TOO_MANY_SECONDS", 0)
    assert send(client(cast, "admin"), CSV, "ร.csv").status_code == 503
    assert waits(cast.admin) is None
