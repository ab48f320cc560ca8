"""What a token opens: the real gate and the real routes, asked as a program asks."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
import sqlalchemy as sa
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from sqlmodel import select
from starlette.testclient import TestClient

from ita_core import accounts, db, queries, workflow
from ita_core.access import Actor
from ita_core.board.progress import shown_day
from ita_core.cli import main
from ita_core.demo.build import Demonstration
from ita_core.exports import describing, making, tables
from ita_core.models import Account, AuditEntry, TokenUse
from ita_core.settings import settings
from ita_core.web import programs
from tests.asking import client, server
from tests.cast import Cast, compared, item_id, slots
from tests.conftest import copied, forget

BUSY = ("usa", "pramote", "commander", "admin", "viewer", "itap")


def token_of(cast: Cast, who: str, days: int = 90) -> str:
    with db.writing() as session:
        account = session.get_one(Account, getattr(cast, who))
        return accounts.make_token(
            session,
            account=account,
            compared=compared(session, account),
            name="ระบบของจังหวัด",
            days=days,
            now=datetime.now(UTC),
        )


def calendar_of(cast: Cast, who: str) -> str:
    with db.writing() as session:
        account = session.get_one(Account, getattr(cast, who))
        return accounts.make_calendar_address(
            session, account=account, compared=compared(session, account), now=datetime.now(UTC)
        )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def program(at_work: Cast) -> TestClient:
    """Without a cookie."""
    return client(at_work, "")


def busy(cast: Cast) -> None:
    """Something in every table: evidence, a decision, a meeting with a directive."""
    now = settings().now()
    with db.writing() as session:
        workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), content=workflow.Link("https://prachuap.example/o6"),
            slots=slots(session, "O6", period="2025-02")[:1], at=now,
        )  # fmt: skip


def actor_of(cast: Cast, who: str) -> tuple[Actor, queries.Snapshot, date]:
    with db.reading() as session:
        here = queries.get_assessment(session)
        who_is = queries.get_actor(session, getattr(cast, who), here.id)
        day = shown_day(settings().day(), here.starts, here.ends)
        return who_is, queries.current_snapshot(session, here).on(day).visible_to(who_is), day


@pytest.mark.parametrize("who", BUSY)
def test_rows_are_those_of_the_export_for_the_same_person_and_day(at_work: Cast, program: TestClient, who: str):
    token = token_of(at_work, who)
    actor, data, day = actor_of(at_work, who)
    for name in making.TABLES:
        answer = program.get(f"/api/v1/{name}", headers=bearer(token))
        if not making.offered(name, actor):
            assert answer.status_code == 404
            continue
        with db.reading() as session:
            make = making.prepare(session, name, data, day, actor)
        assert answer.status_code == 200
        wanted = json.loads(tables.as_json(make()))
        got = answer.json()
        if name == "audit":  # that it is taken was noted after it was read
            wanted = wanted[: len(got)]
            assert len(got) > 5
        assert got == wanted
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("day", ["2024-10-01", "2025-02-28", "2025-03-15"])
def test_for_whoever_sees_all_they_are_those_of_the_command(
    at_work: Cast, program: TestClient, day: str, capsys: pytest.CaptureFixture[str]
):
    busy(at_work)
    headers = bearer(token_of(at_work, "commander"))
    for name in sorted(making.TABLES.keys() - {"audit"}):
        with pytest.raises(SystemExit) as ended:
            main(["export", name, "--as-of", day, "--format", "json"])
        assert not ended.value.code
        told = capsys.readouterr().out
        assert program.get(f"/api/v1/{name}?as_of={day}", headers=headers).json() == json.loads(told)


def test_a_past_day_and_a_choice_are_asked_for_as_of_an_export(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "viewer"))
    then = program.get("/api/v1/slots?as_of=2024-11-15&item=O6", headers=headers).json()
    now = program.get("/api/v1/slots?item=O6", headers=headers).json()
    assert {row["item"] for row in then} == {"O6"}
    assert sum(row["overdue"] for row in then) == 8
    assert sum(row["overdue"] for row in now) == 40
    assert program.get("/api/v1/items?office=prachuap&year=2568", headers=headers).status_code == 200
    assert program.get("/api/v1/items?office=prachuap&year=2567", headers=headers).status_code == 404


def test_csv_and_excel_come_as_files(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "viewer"))
    csv = program.get("/api/v1/items?format=csv", headers=headers)
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert "ita-2568-items-2568-03-15.csv" in csv.headers["content-disposition"]
    assert program.get("/api/v1/items?format=xlsx", headers=headers).content.startswith(b"PK")


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ("items?as_of=2568-03-15", 400, "2025-03-15"),
        ("items?as_of=soon", 400, "soon"),
        ("items?format=pdf", 400, "json"),
        ("items?officr=usa", 400, "officr"),
        ("slots?item=O99", 400, "O99"),
        ("items?as_of=2025-01-01&as_of=2025-01-02", 400, "as_of"),
        ("items?office=nowhere", 404, "no such thing"),
        ("items?year=x", 404, "no such thing"),
        ("nothing", 404, "no such thing"),
        ("items/", 404, "no such thing"),
        ("items/1", 404, "no such thing"),
        ("items?item=" + "x" * 3000, 414, "too long"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_problem_with_a_sentence(
    at_work: Cast, program: TestClient, asked: str, status: int, says: str
):
    headers = bearer(token_of(at_work, "viewer")) | {"Accept-Language": "en"}
    answer = program.get(f"/api/v1/{asked}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["status"] == status
    assert told["type"] == "about:blank"
    assert says in told["detail"]
    assert answer.headers["content-language"] == "en"


def test_who_sends_no_token_is_asked_for_one_and_a_wrong_one_is_said_to_be_wrong(at_work: Cast, program: TestClient):
    none = program.get("/api/v1/items")
    assert (none.status_code, none.headers["www-authenticate"]) == (401, 'Bearer realm="ITA"')
    wrong = program.get("/api/v1/items", headers=bearer("ita_read_" + "x" * 43))
    assert wrong.status_code == 401
    assert wrong.headers["www-authenticate"] == 'Bearer realm="ITA", error="invalid_token"'
    assert program.get("/api/v1/items", headers={"Authorization": "Basic dTpw"}).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_here(at_work: Cast, program: TestClient, method: str):
    answer = program.request(method, "/api/v1/items", headers=bearer(token_of(at_work, "viewer")))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_head_tells_what_get_would_and_options_what_there_is(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "viewer"))
    get, head = (program.request(one, "/api/v1/slots", headers=headers) for one in ("GET", "HEAD"))
    assert (head.status_code, head.headers["etag"]) == (200, get.headers["etag"])
    options = program.options("/api/v1/slots", headers={"Origin": "https://evil.example"})
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert not [name for name in (*options.headers, *get.headers) if name.startswith("access-control-")]


def test_what_is_known_already_is_not_sent_again(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "viewer"))
    for fmt in making.ENCODINGS:
        first = program.get(f"/api/v1/slots?format={fmt}", headers=headers)
        again = program.get(
            f"/api/v1/slots?format={fmt}", headers=headers | {"If-None-Match": f"W/{first.headers['etag']}"}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    busy(at_work)
    changed = program.get("/api/v1/slots", headers=headers | {"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_what_names_people_is_noted_as_an_export_is_and_the_rest_is_not(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "viewer"))
    for _time in range(3):
        for name in ("slots", "items", "scores"):
            assert program.get(f"/api/v1/{name}", headers=headers).status_code == 200
    assert exported() == [(at_work.viewer, "export items by token 1", "json")]


def exported() -> list[tuple[int | None, str, str]]:
    with db.reading() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == workflow.exporting.NOTED)).all()
        return [(one.account_id, one.subject, one.detail["format"]) for one in noted]


def test_what_a_token_takes_is_not_what_its_owner_or_another_token_took(at_work: Cast, program: TestClient):
    first, second = token_of(at_work, "viewer"), token_of(at_work, "viewer")
    assert client(at_work, "viewer").get("/tables/items.csv?office=prachuap&year=2568").status_code == 200
    for token in (first, second, first):
        assert program.get("/api/v1/items", headers=bearer(token)).status_code == 200
    assert [subject for _who, subject, _format in exported()] == [
        "export items", "export items by token 1", "export items by token 2"
    ]  # fmt: skip


def test_what_is_not_given_out_is_not_noted(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "viewer"))
    head = program.head("/api/v1/items", headers=headers)
    known = headers | {"If-None-Match": head.headers["etag"]}
    assert (head.status_code, program.get("/api/v1/items", headers=known).status_code) == (200, 304)
    assert exported() == []


def test_on_a_full_disk_reading_goes_on_and_what_must_be_noted_is_not_given(
    at_work: Cast, program: TestClient, monkeypatch: pytest.MonkeyPatch
):
    headers = bearer(token_of(at_work, "viewer"))
    calendar = calendar_of(at_work, "viewer")

    def full(*_any: object, **_more: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(db, "writing", full)
    assert program.get("/api/v1/slots", headers=headers).status_code == 200
    assert program.get(f"/calendar/{calendar}.ics").status_code == 200
    with pytest.raises(sa.exc.OperationalError):
        program.get("/api/v1/items", headers=headers)


def test_the_last_day_of_use_is_kept_once_a_day(at_work: Cast, program: TestClient):
    token = token_of(at_work, "viewer")
    with db.reading() as session:
        before = session.exec(select(AuditEntry.number).order_by(AuditEntry.number)).all()
    for _time in range(3):
        program.get("/api/v1/slots", headers=bearer(token))
    now = datetime.now(UTC)
    with db.reading() as session:
        [listed] = accounts.list_tokens(session, at_work.viewer, now)
        assert len(session.exec(select(TokenUse)).all()) == 1
        assert session.exec(select(AuditEntry.number).order_by(AuditEntry.number)).all() == before
    assert listed.first_on == listed.last_on == programs.day_of(now)


def test_the_list_says_what_its_reader_may_ask_for(at_work: Cast, program: TestClient):
    officer = program.get("/api/v1/", headers=bearer(token_of(at_work, "usa"))).json()
    leader = program.get("/api/v1/", headers=bearer(token_of(at_work, "admin"))).json()
    assert {one["name"] for one in leader["tables"]} - {one["name"] for one in officer["tables"]} == {
        "audit", "meetings"
    }  # fmt: skip
    assert [(one["office"], one["year"]) for one in officer["years"]] == [("prachuap", 2568)]


# --- the description -------------------------------------------------------------------------------------------------


def described(program: TestClient) -> dict[str, Any]:
    answer = program.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_description_is_one(program: TestClient):
    openapi_spec_validator.validate(described(program))


def test_every_answer_is_as_it_is_described(
    demonstration: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Of the demonstration, which has something in every table."""
    for name, value in copied(demonstration, tmp_path / "demo").environment.items():
        monkeypatch.setenv(name, value)
    forget()
    with TestClient(server()) as program:
        document = described(program)
        for who in ("demo-admin", "thianchai", "usa"):
            headers = bearer(token_by_name(who))
            for name in making.TABLES:
                answer = program.get(f"/api/v1/{name}", headers=headers)
                told = document["paths"][f"/api/v1/{name}"]["get"]["responses"][str(answer.status_code)]
                if answer.status_code == 200:
                    assert answer.json() or (who, name) == ("usa", "directives")
                    check(document, told["content"]["application/json"]["schema"], answer.json())
                else:
                    assert (who, name) in {("usa", "audit"), ("usa", "meetings")}
                    check(document, document["components"]["schemas"]["problem"], answer.json())
            listed = document["paths"]["/api/v1/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            check(document, listed, program.get("/api/v1/", headers=headers).json())
    db.engine().dispose()
    forget()


def token_by_name(username: str) -> str:
    with db.writing() as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        return accounts.make_token(
            session, account=account, compared=compared(session, account), name="n", days=90, now=datetime.now(UTC)
        )


def check(document: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    whole = {"components": document["components"], **schema}
    OAS31Validator(whole, registry=Registry(), format_checker=OAS31Validator.FORMAT_CHECKER).validate(value)


def test_a_row_that_lacks_something_is_not_as_it_is_described():
    row = describing.row("slots")
    assert list(Draft202012Validator(row).iter_errors({"item": "O6"}))


def test_every_way_to_choose_is_described(program: TestClient):
    document = described(program)
    for name, ways in making.CHOSEN_BY.items():
        said = {one["name"] for one in document["paths"][f"/api/v1/{name}"]["get"]["parameters"]}
        assert said == {"as_of", "format", "office", "year", *ways}


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_a_calendar_is_fetched_by_its_address_alone_and_not_sent_again_unchanged(at_work: Cast, program: TestClient):
    address = f"/calendar/{calendar_of(at_work, 'usa')}.ics"
    first = program.get(address)
    assert first.status_code == 200
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["referrer-policy"] == "no-referrer"
    assert program.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    office = program.get(address + "?whose=office")
    assert office.status_code == 200
    assert office.content != first.content


def test_a_read_token_reads_the_calendar_too_and_a_cookie_takes_it_as_a_file(at_work: Cast, program: TestClient):
    by_token = program.get("/api/v1/calendar.ics?whose=office", headers=bearer(token_of(at_work, "usa")))
    assert by_token.text.count("BEGIN:VEVENT") > 5
    file = client(at_work, "usa").get("/calendar.ics?office=prachuap&year=2568")
    assert "ita-2568-calendar-2568-03-15.ics" in file.headers["content-disposition"]
    assert program.get("/calendar.ics").status_code == 403


def test_an_address_that_is_made_anew_ends_the_one_before(at_work: Cast, program: TestClient):
    old = calendar_of(at_work, "usa")
    new = calendar_of(at_work, "usa")
    gone, none = program.get(f"/calendar/{old}.ics"), program.get("/calendar/ita_cal_" + "x" * 43 + ".ics")
    assert (gone.status_code, gone.content) == (none.status_code, none.content) == (404, none.content)
    assert program.get(f"/calendar/{new}.ics").status_code == 200


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_holds_for_a_year_at_most(at_work: Cast, days: int):
    with pytest.raises(accounts.BadTokenDays):
        token_of(at_work, "usa", days)


def test_a_token_is_over_on_its_day(at_work: Cast):
    token, now = token_of(at_work, "usa", 30), datetime.now(UTC)
    with db.reading() as session:
        kind = accounts.access_tokens.TokenKind.read
        late, early = now + timedelta(days=30, seconds=1), now + timedelta(days=29)
        assert accounts.find_holder(session, token=token, kind=kind, now=early)
        assert accounts.find_holder(session, token=token, kind=kind, now=late) is None
        assert accounts.list_tokens(session, at_work.usa, late) == []
