"""Plans that go out as files and come in as drafts: the real gate, route and database, asked by each of the cast."""

import io
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest
import yaml
from starlette.testclient import TestClient

from ita_core import accounts, db, queries, workflow
from ita_core.errors import MOST_LINES
from ita_core.models import Account
from ita_core.plan import editing, exchange
from ita_core.plan.content import Content
from ita_core.plan.workbook.opening import LARGEST
from ita_core.web import whole_files
from tests.asking import ORIGIN, client
from tests.cast import Cast
from tests.workflow.work import NOW

PLAN = "/plans/prachuap-2568"


def send(browser: TestClient, content: bytes, name: str, plan: str = PLAN, **headers: str):
    return browser.post(f"{plan}/k1", content=content, headers={**ORIGIN, "X-File-Name": quote(name), **headers})


def draft() -> queries.DraftFacts | None:
    with db.reading() as session:
        return queries.find_draft(session, queries.get_assessment(session).id)


def as_yaml(browser: TestClient, **changed: object) -> bytes:
    """The plan in force as YAML, with some of its values changed."""
    values = yaml.safe_load(browser.get(f"{PLAN}.yaml").content) | changed
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False).encode()


def test_a_plan_goes_out_as_yaml_and_comes_back_as_the_draft(cast: Cast):
    browser = client(cast, "admin")
    answer = send(browser, as_yaml(browser, about="ตามคำสั่งที่ 5/2568"), "แผน.yml")
    assert (answer.status_code, answer.json()) == (201, {})
    found = draft()
    assert found is not None
    assert (found.account_id, found.plan.about) == (cast.admin, "ตามคำสั่งที่ 5/2568")
    with db.reading() as session:
        assert queries.get_history(session, queries.get_assessment(session).id).now.revision.number == 1


@pytest.mark.parametrize("name", ["", "a\tb.yaml", "a\u202eb.yaml", "ก" * 300])
def test_a_name_that_is_none_is_refused_in_a_sentence(cast: Cast, name: str):
    answer = send(client(cast, "admin"), b"plan: x", name)
    assert answer.status_code == 400
    assert answer.json()["says"]
    assert draft() is None


def test_a_workbook_goes_out_and_comes_back_as_the_draft(cast: Cast):
    browser = client(cast, "commander")
    answer = browser.get(f"{PLAN}.xlsx")
    assert "prachuap-2568-1.xlsx" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["กำหนดส่ง"]
    row = next(row for row in sheet.iter_rows(min_row=3) if row[0].value == "O7")
    due = next(cell for cell in row if isinstance(cell.value, date))
    due.value = date(2025, 3, 31)
    kept = io.BytesIO()
    book.save(kept)
    assert send(browser, kept.getvalue(), "แผน.xlsx").status_code == 201
    found = draft()
    assert found is not None
    assert found.plan.deadlines.own == {"O7": {"": date(2025, 3, 31)}}


def test_whoever_has_a_draft_takes_that_away_and_loses_nothing_of_it(cast: Cast):
    browser = client(cast, "admin")
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.edit(session, later, by=cast.admin, assessment_id=of, at=NOW)
    answer = browser.get(f"{PLAN}.xlsx")
    assert "prachuap-2568-1-draft.xlsx" in answer.headers["content-disposition"]
    assert "prachuap-2568-1.xlsx" in client(cast, "commander").get(f"{PLAN}.xlsx").headers["content-disposition"]
    assert send(browser, as_yaml(browser, about="อ้างคำสั่งใหม่"), "แผน.yaml").status_code == 201
    found = draft()
    assert found is not None
    assert (found.plan.about, found.plan.deadlines.own) == ("อ้างคำสั่งใหม่", {"O7": {"": date(2025, 3, 31)}})


def later(content: Content) -> None:
    editing.move_deadlines(content, {("O7", ""): date(2025, 3, 31)})


def test_a_file_that_says_what_is_in_force_is_no_draft(cast: Cast):
    browser = client(cast, "admin")
    answer = send(browser, browser.get(f"{PLAN}.yaml").content, "แผน.yaml")
    assert (answer.status_code, answer.json()["says"]) == (400, "แผนที่ใช้อยู่เป็นฉบับนี้แล้ว")
    assert draft() is None


@pytest.mark.parametrize(("who", "status"), [("usa", 404), ("viewer", 404), ("", 403)])
def test_whoever_may_not_change_the_plan_gets_no_file(cast: Cast, who: str, status: int):
    assert client(cast, who).get(f"{PLAN}.yaml").status_code == status


@pytest.mark.parametrize("address", ["/plans/prachuap-2569.yaml", "/plans/hua-hin-2568.xlsx", f"{PLAN}.exe"])
def test_there_is_no_file_of_what_is_not_there(cast: Cast, address: str):
    assert client(cast, "admin").get(address).status_code == 404


@pytest.mark.parametrize(("who", "plan", "status"), [
    ("usa", PLAN, 404), ("viewer", PLAN, 404), ("", PLAN, 401), ("admin", "/plans/hua-hin-2568", 404),
])  # fmt: skip
def test_whoever_may_not_change_the_plan_sends_none(cast: Cast, who: str, plan: str, status: int):
    content = as_yaml(client(cast, "admin"), about="x")
    assert send(client(cast, who), content, "แผน.yaml", plan).status_code == status
    assert draft() is None


def test_no_other_page_sends_a_plan(cast: Cast):
    browser = client(cast, "admin")
    content = as_yaml(browser, about="x")
    assert send(browser, content, "แผน.yaml", Origin="https://elsewhere.example").status_code == 401
    assert draft() is None


def other_office(browser: TestClient) -> bytes:
    office = yaml.safe_load(browser.get(f"{PLAN}.yaml").content)["office"] | {"code": "hua-hin"}
    return as_yaml(browser, office=office)


REFUSED = {
    "another office's": (other_office, "แผน.yaml", "hua-hin-2568"),
    "faults": (lambda browser: as_yaml(browser, target=200, about=7), "แผน.yaml", "แผน.yaml: เป้าหมายคะแนน: "),
    "another program's": (lambda _browser: b"PK", "แผน.xlsx", "แผน.xlsx"),
    "of another kind": (lambda _browser: b"%PDF", "แผน.pdf", "“แผน.pdf”"),
    "too large": (lambda _browser: bytes(LARGEST + 1), "แผน.xlsx", "5 MB"),
    "too large as YAML": (lambda _browser: b"#" * (exchange.LARGEST_YAML + 1), "แผน.yaml", "1024 KB"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_plan_of_here_is_refused_with_its_reason_and_nothing_of_it_is_taken(cast: Cast, what: str):
    make, name, says = REFUSED[what]
    browser = client(cast, "admin")
    answer = send(browser, make(browser), name)
    assert answer.status_code == 400
    assert says in answer.json()["says"]
    assert draft() is None


def test_everything_that_is_wrong_is_said_at_once(cast: Cast):
    browser = client(cast, "admin")
    lines = send(browser, as_yaml(browser, target=200, about=7), "แผน.yaml").json()["says"].splitlines()
    assert [line.split(": ")[1] for line in lines] == ["เป้าหมายคะแนน", "เกี่ยวกับแผน"]


@pytest.mark.parametrize(("spoken", "first", "second"), [
    ("th", "เป้าหมายคะแนน: ต้องไม่เกิน 100 แต่เป็น 200",
     "เกี่ยวกับแผน: ต้องเป็นข้อความ แต่เป็น 7 (โปรดใส่เครื่องหมายคำพูดคร่อม)"),
    ("en", "target: must be less than or equal to 100, but is 200", "about: must be text, but is 7 (put it in quotes)"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_the_language_of_whoever_sends(cast: Cast, spoken: str, first: str, second: str):
    with db.writing() as session:
        accounts.set_language(session, account=session.get_one(Account, cast.admin), language=spoken, now=NOW)
    browser = client(cast, "admin")
    lines = send(browser, as_yaml(browser, target=200, about=7), "แผน.yaml").json()["says"].splitlines()
    assert lines == [f"แผน.yaml: {first}", f"แผน.yaml: {second}"]


def test_of_very_many_faults_the_first_are_told_and_how_many_more_there_are(cast: Cast):
    browser = client(cast, "admin")
    duties = {code: {"supervise": [f"nobody-{code.lower()}"]} for code in (f"O{number}" for number in range(1, 25))}
    lines = send(browser, as_yaml(browser, duties=duties), "แผน.yaml").json()["says"].splitlines()
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "และอีก 28 รายการ"
    assert all(line.startswith("แผน.yaml: หน้าที่ของ O") for line in lines[:-1])


def test_a_file_does_not_take_anothers_draft_over(cast: Cast):
    browser = client(cast, "admin")
    content = as_yaml(browser, about="ของผู้ดูแล")
    with db.writing() as session:
        of = queries.get_assessment(session).id
        workflow.edit(session, lambda _as_it_is: None, by=cast.commander, assessment_id=of, at=NOW)
    answer = send(browser, content, "แผน.yaml")
    assert answer.status_code == 400
    assert "เทียนชัย" in answer.json()["says"]
    found = draft()
    assert found is not None
    assert found.account_id == cast.commander


def test_what_could_not_be_put_in_force_is_said_when_it_comes(cast: Cast):
    browser = client(cast, "admin")
    values = yaml.safe_load(browser.get(f"{PLAN}.yaml").content)
    # A key that was a team's becomes a post's.
    key = next(iter(values["teams"]))
    values.setdefault("posts", {})[key] = values["teams"].pop(key)
    answer = send(browser, yaml.safe_dump(values, allow_unicode=True, sort_keys=False).encode(), "แผน.yaml")
    assert answer.status_code == 400
    assert f"“{key}”" in answer.json()["says"]
    assert draft() is None


def test_few_are_on_their_way_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(whole_files, "MOST_OF_ONE", 0)
    monkeypatch.setattr(whole_files, "TOO_MANY_SECONDS", 0)
    browser = client(cast, "admin")
    assert send(browser, as_yaml(browser, about="x"), "แผน.yaml").status_code == 503
    assert draft() is None
