"""The list of stakeholders by its routes: the real gate and database, asked by each of the cast and by nobody."""

import hashlib
import io
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest
from httpx import Response
from sqlmodel import select
from starlette.testclient import TestClient

from ita_core import db, settings
from ita_core.exports import making
from ita_core.models import AuditEntry, StakeholderPeople
from ita_core.plan.stakeholders import load_form
from ita_core.plan.workbook.opening import LARGEST
from ita_core.web import whole_files
from tests.asking import ORIGIN, client
from tests.cast import Cast
from tests.workflow.stakeholders import MARKS, PEOPLE, begin, bring

LIST = "/stakeholders/prachuap-2568"
MAY, MAY_NOT = ["commander", "itap"], ["usa", "khanittha", "piyaporn", "admin", "viewer", ""]
GOOD = "\n".join([
    ",".join(load_form().headings), *(",".join(one[key] for key in one) for one in PEOPLE),
]).encode()  # fmt: skip
BAD = GOOD.replace(b"020000071", b"02")


def send(browser: TestClient, step: str, content: bytes, name: str = "รายชื่อ.csv", **headers: str) -> Response:
    more = {"X-Seen": hashlib.sha256(content).hexdigest()} if step == "import" else {}
    return browser.post(
        f"{LIST}/{step}", content=content, headers={**ORIGIN, "X-File-Name": quote(name), **more, **headers}
    )


def acts() -> list[tuple[str, str, int | None]]:
    wanted = ("stakeholders.import", "stakeholders.export", "access.refuse")
    with db.reading() as session:
        every = session.exec(select(AuditEntry).order_by(AuditEntry.number)).all()
        return [(one.action, one.subject, one.account_id) for one in every if one.action in wanted]


def lists() -> int:
    with db.reading() as session:
        return len(session.exec(select(StakeholderPeople)).all())


@pytest.mark.parametrize("who", MAY)
def test_a_list_is_looked_over_imported_and_taken_along(cast: Cast, who: str):
    begin(cast.commander)
    browser = client(cast, who)
    looked = send(browser, "check", GOOD)
    assert looked.status_code == 200
    assert "2 ราย · ผู้รับบริการ 1 · ผู้ประกอบการ 1" in looked.json()["found"]
    assert (lists(), acts()) == (0, [])  # a dry run leaves nothing
    assert send(browser, "import", GOOD).status_code == 201
    assert lists() == 1
    answer = browser.get(f"{LIST}.xlsx")
    assert answer.status_code == 200
    assert "ita-2568-stakeholders-2568-03-15.xlsx" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [one.heading for one in load_form().export]
    assert rows[1:] == [[n, *one.values()] for n, one in enumerate(PEOPLE, start=1)]
    by = getattr(cast, who)
    assert acts() == [("stakeholders.import", "stakeholders 1", by), ("stakeholders.export", "stakeholders 1", by)]


@pytest.mark.parametrize("who", MAY_NOT)
def test_to_anybody_else_it_does_not_exist_and_who_asks_is_noted(cast: Cast, who: str):
    begin(cast.commander)
    bring(cast.commander)
    browser = client(cast, who)
    answers = [browser.get(f"{LIST}.xlsx"), send(browser, "check", GOOD), send(browser, "import", GOOD)]
    wanted = [403, 401, 401] if who == "" else [404, 404, 404]
    assert [one.status_code for one in answers] == wanted
    assert not [mark for mark in MARKS for one in answers if mark in one.text]
    if who:
        missing = browser.get("/stakeholders/elsewhere-2568.xlsx")
        assert (missing.status_code, missing.content) == (answers[0].status_code, answers[0].content)
        assert ("access.refuse", "stakeholders prachuap-2568", getattr(cast, who)) in acts()
    assert lists() == 1
    assert [one for one in acts() if one[0] == "stakeholders.export"] == []


def test_what_cannot_be_noted_is_not_given(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    begin(cast.commander)
    bring(cast.commander)
    browser = client(cast, "commander")

    def broken(*_args: object, **_named: object) -> None:
        raise db.DatabaseBusy

    monkeypatch.setattr("ita_core.workflow.stakeholders.audit.record", broken)
    answer = browser.get(f"{LIST}.xlsx")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/plain")


def test_after_its_day_it_is_given_to_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    begin(cast.commander)
    bring(cast.commander)
    monkeypatch.setenv("ITA_TODAY", "2025-07-31")
    settings.settings.cache_clear()
    browser = client(cast, "commander")
    answer = browser.get(f"{LIST}.xlsx")
    assert (answer.status_code, "30 ก.ค. 68" in answer.text) == (400, True)
    assert send(browser, "check", GOOD).status_code == 400
    assert settings.settings().day() == date(2025, 7, 31)


def test_a_broken_list_says_what_is_wrong_and_leaves_the_one_that_is_there(cast: Cast):
    begin(cast.commander)
    number = bring(cast.commander)
    browser = client(cast, "itap")
    for step in ("check", "import"):
        answer = send(browser, step, BAD)
        assert answer.status_code == 400
        assert "รายชื่อ.csv: D2: ไม่ใช่หมายเลขโทรศัพท์" in answer.json()["says"]
    with db.reading() as session:
        assert list(session.exec(select(StakeholderPeople.list_id))) == [number]


def test_very_many_faults_are_told_by_the_first_ones(cast: Cast):
    begin(cast.commander)
    rows = "\n".join(f"ก{n},,อื่น,0{n}," for n in range(500))
    answer = send(client(cast, "itap"), "check", f"{','.join(load_form().headings)}\n{rows}".encode())
    assert len(answer.json()["says"].splitlines()) == 21
    assert "และอีก 480" in answer.json()["says"]


@pytest.mark.parametrize(
    ("content", "name", "headers", "status"),
    [
        (GOOD, "รายชื่อ.csv", {"X-Seen": "0" * 64}, 400),  # other bytes than were looked over
        (GOOD, "รายชื่อ.csv", {"X-Seen": ""}, 400),
        (GOOD, "รายชื่อ.yaml", {}, 400),
        (GOOD, "", {}, 400),
        (GOOD, "a\u202evsc.csv", {}, 400),
        (b"x" * (LARGEST + 1), "รายชื่อ.csv", {}, 400),
        (GOOD, "รายชื่อ.csv", {"Origin": "http://elsewhere.example"}, 401),
    ],
)
def test_what_is_not_as_it_must_be_imports_nothing(
    cast: Cast, content: bytes, name: str, headers: dict[str, str], status: int
):
    begin(cast.commander)
    answer = send(client(cast, "itap"), "import", content, name, **headers)
    assert answer.status_code == status
    assert lists() == 0


def test_another_step_is_none_and_without_a_window_nothing_is_read(cast: Cast):
    assert send(client(cast, "itap"), "check", GOOD).status_code == 400  # nobody said when the survey runs
    begin(cast.commander)
    assert send(client(cast, "itap"), "keep", GOOD).status_code == 404


def test_few_are_on_their_way_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    begin(cast.commander)
    monkeypatch.setattr(whole_files, "MOST_OF_ONE", 0)
    monkeypatch.setattr(whole_files, "TOO_MANY_SECONDS", 0)
    assert send(client(cast, "itap"), "check", GOOD).status_code == 503


def test_the_empty_form_is_for_whoever_signs_in_and_holds_headings_only(cast: Cast):
    begin(cast.commander)
    bring(cast.commander)
    assert client(cast, "").get("/stakeholders/form.xlsx").status_code == 403
    answer = client(cast, "usa").get("/stakeholders/form.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [list(load_form().headings)]


def test_no_other_export_holds_anything_of_it(cast: Cast):
    begin(cast.commander)
    bring(cast.commander)
    browser = client(cast, "commander")
    answers = [browser.get(f"/tables/{name}.json") for name in making.TABLES] + [browser.get("/workbook.xlsx")]
    assert any(one.status_code == 200 for one in answers)
    for one in answers:
        content = one.content
        if content.startswith(b"PK"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            content = "\n".join(
                str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
            ).encode()
        assert not [mark for mark in MARKS if mark.encode() in content]
