"""Attacks on the door for programs and calendars: guessing, theft, others' things, tokens where they don't belong."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import Any

import pytest
from httpx import Response
from sqlmodel import func, select
from starlette.testclient import TestClient

from ita_core import accounts, db
from ita_core.accounts import NewPassword
from ita_core.exports.making import TABLES
from ita_core.models import Account, AuditEntry, Grant, Office, SignInFailure, TokenKind
from ita_core.web import programs
from ita_core.web.gate import COOKIE
from tests.asking import client, cookie, server
from tests.cast import Cast, compared
from tests.web.test_programs import bearer, calendar_of, token_of

WRONG = "ita_read_" + "A" * 43
HERE = "10.0.0.7"


@pytest.fixture
def program(at_work: Cast) -> TestClient:
    """Without a cookie, from the network HERE."""
    return TestClient(server(), client=(HERE, 50_000))


def failures() -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(SignInFailure)).one()


def shown(answer: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All of it but the days that go by."""
    return answer.status_code, answer.content, sorted(answer.headers.items())


def test_ten_thousand_wrong_tokens_are_slowed_and_the_owner_still_gets_in(at_work: Cast, program: TestClient):
    """Twenty are looked at; from then on the network waits, and what it sends meanwhile is not even written down."""
    token = token_of(at_work, "usa")
    statuses = [
        program.get("/api/v1/slots", headers=bearer(f"ita_read_{number:043}")).status_code for number in range(300)
    ]
    assert set(statuses[:20]) == {401}
    assert set(statuses[21:]) <= {429, 401}
    assert statuses.count(401) <= 26
    written = failures()
    with ThreadPoolExecutor(8) as guessers:  # the rest behind the door, where each takes a millisecond

        def guess(number: int) -> str:
            try:
                programs._find(f"ita_read_{number:043}", TokenKind.read, HERE)
            except (programs.WrongToken, accounts.TooManyTries) as refused:
                return type(refused).__name__
            return "in"

        found = list(guessers.map(guess, range(300, 10_000)))
    assert "in" not in found
    assert failures() - written <= 10
    late = program.get("/api/v1/slots", headers=bearer(WRONG))
    assert (late.status_code, late.headers["content-type"]) == (429, "application/problem+json")
    assert 0 < int(late.headers["retry-after"]) <= 300
    assert program.get("/api/v1/slots", headers=bearer(token)).status_code == 200


def test_wrong_tokens_do_not_slow_passwords_nor_passwords_tokens(at_work: Cast, program: TestClient):
    now = datetime.now(UTC)
    for _try in range(30):
        program.get("/api/v1/slots", headers=bearer(WRONG))
    with db.reading() as session:
        network = accounts.network_of(HERE)
        assert accounts.wait_before_next_token(session, address=network, now=now) > 0
        assert accounts.wait_before_next_try(session, username="usa", address=network, now=now) == 0


def test_many_wrong_tokens_at_once_are_no_way_around_the_wait(at_work: Cast):
    def guess(number: int) -> None:
        with pytest.raises((programs.WrongToken, accounts.TooManyTries)):
            programs._find(f"ita_read_{number:043}", TokenKind.read, "10.0.0.9")

    with ThreadPoolExecutor(16) as guessers:
        list(guessers.map(guess, range(200)))
    assert failures() <= 25


def ended(how: str, cast: Cast) -> None:
    now = datetime.now(UTC)
    with db.writing() as session:
        account = session.get_one(Account, cast.usa)
        match how:
            case "ended":
                for one in accounts.list_tokens(session, cast.usa, now):
                    accounts.end_token(session, account=account, token_id=one.id, now=now)
            case "signed out everywhere":
                accounts.sign_out_everywhere(session, account=account, now=now)
            case "disabled by a hand in the database":
                account.disabled = True
                session.add(account)
            case "disabled":
                accounts.disable(session, by=None, account_id=cast.usa, now=now)
            case "disabled and enabled":
                accounts.disable(session, by=None, account_id=cast.usa, now=now)
                accounts.enable(session, by=None, account_id=cast.usa, now=now)
            case "another password":
                account.password_hash = "before"
                session.flush()
                compared = accounts.Credential(cast.usa, "before")
                accounts.set_password(session, account=account, compared=compared, new=NewPassword("x"), now=now)


@pytest.mark.parametrize(
    "how",
    [
        "ended",
        "signed out everywhere",
        "disabled",
        "disabled by a hand in the database",
        "disabled and enabled",
        "another password",
    ],
)
def test_a_stolen_token_is_dead_once_its_owner_ends_it(at_work: Cast, program: TestClient, how: str):
    token, address = token_of(at_work, "usa"), f"/calendar/{calendar_of(at_work, 'usa')}.ics"
    assert program.get("/api/v1/slots", headers=bearer(token)).status_code == 200
    assert program.get(address).status_code == 200
    ended(how, at_work)
    dead, none = (program.get("/api/v1/slots", headers=bearer(one)) for one in (token, WRONG))
    assert shown(dead) == shown(none)
    assert dead.status_code == 401
    gone, nothing = program.get(address), program.get(f"/calendar/ita_cal_{'A' * 43}.ics")
    assert shown(gone) == shown(nothing)
    assert gone.status_code == 404


def test_signing_out_on_one_device_ends_no_token(at_work: Cast, program: TestClient):
    token = token_of(at_work, "usa")
    now = datetime.now(UTC)
    with db.writing() as session:
        visitor = accounts.find_visitor(session, token=cookie_in(session, at_work.usa), now=now)
        assert visitor
        accounts.sign_out(session, public_id=visitor.sign_in_id, now=now)
    assert program.get("/api/v1/slots", headers=bearer(token)).status_code == 200


def cookie_in(session: db.Session, account_id: int) -> str:
    now = datetime.now(UTC)
    ticket = accounts.issue_ticket(session, account_id=account_id, now=now)
    return accounts.enter(session, ticket=ticket, address="x", now=now, hours=1)


def test_nobody_ends_another_s_token(at_work: Cast, program: TestClient):
    token = token_of(at_work, "usa")
    now = datetime.now(UTC)
    with db.writing() as session:
        [one] = accounts.list_tokens(session, at_work.usa, now)
        with pytest.raises(accounts.access_tokens.NotFound):
            accounts.end_token(session, account=session.get_one(Account, at_work.admin), token_id=one.id, now=now)
        assert accounts.list_tokens(session, at_work.admin, now) == []
    assert program.get("/api/v1/slots", headers=bearer(token)).status_code == 200


def test_the_tables_of_another_office_are_as_if_there_were_none(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "commander"))
    with db.writing() as session:
        session.add(Office(code="phetchaburi", name="ตม.จว.เพชรบุรี", short="ตม.จว.เพชรบุรี"))
    for table in TABLES:
        theirs, none = (
            program.get(f"/api/v1/{table}?office={office}", headers=headers) for office in ("phetchaburi", "nowhere")
        )
        assert shown(theirs) == shown(none)
        assert theirs.status_code == 404


def test_a_role_that_is_taken_takes_the_tables_with_it_at_once(at_work: Cast, program: TestClient):
    headers = bearer(token_of(at_work, "viewer"))
    assert program.get("/api/v1/meetings", headers=headers).status_code == 200
    with db.writing() as session:
        session.delete(session.exec(select(Grant).where(Grant.account_id == at_work.viewer)).one())
    assert program.get("/api/v1/meetings", headers=headers).status_code == 404
    assert program.get("/api/v1/slots", headers=headers).status_code == 404


@pytest.mark.parametrize("table", ["audit", "meetings"])
def test_what_an_officer_may_not_have_is_as_if_there_were_none(at_work: Cast, program: TestClient, table: str):
    headers = bearer(token_of(at_work, "usa"))
    theirs, none = (program.get(f"/api/v1/{one}", headers=headers) for one in (table, "nothing"))
    assert shown(theirs) == shown(none)
    assert program.get(f"/api/v1/{table}?odd=1", headers=headers).status_code == 404


@pytest.mark.parametrize("name", ["token", "access_token", "Authorization", "api_key", "office"])
def test_a_token_in_the_address_is_refused_with_what_to_do_and_told_to_nobody(
    at_work: Cast, program: TestClient, name: str, caplog: pytest.LogCaptureFixture
):
    token = token_of(at_work, "viewer")
    answer = program.get(f"/api/v1/slots?{name}={token}", headers=bearer(token) | {"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "no place in an address" in answer.json()["detail"]
    assert 'error="invalid_request"' in answer.headers["www-authenticate"]
    assert program.get(f"/api/v1/{token}").status_code == 400
    assert token not in answer.text + str(answer.headers)
    # the test's own client says what it asks for
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("httpx")]
    assert not [line for line in ours if token in line]


def test_a_cookie_opens_neither_door(at_work: Cast, program: TestClient):
    signed_in = client(at_work, "commander")
    for path in ("/api/v1/", "/api/v1/slots", "/api/v1/calendar.ics"):
        assert signed_in.get(path).status_code == 401
    assert signed_in.get("/calendar/mine.ics").status_code == 404
    cross = signed_in.get("/api/v1/slots", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 401


def test_a_token_opens_nothing_but_what_it_is_for(at_work: Cast, program: TestClient):
    read, address = token_of(at_work, "commander"), calendar_of(at_work, "commander")
    elsewhere = (
        "/tables/items.json",
        "/workbook.xlsx",
        "/pack.zip",
        "/evidence/1",
        "/calendar.ics",
        "/plans/prachuap-2568.yaml",
    )
    for token in (read, address):
        for path in elsewhere:
            assert program.get(path, headers=bearer(token)).status_code in {403, 404}
            assert program.get(path, cookies={COOKIE: token}).status_code in {403, 404}
    assert program.get("/api/v1/slots", headers=bearer(address)).status_code == 401
    assert program.get(f"/calendar/{read}.ics").status_code == 404
    assert program.get("/api/v1/slots", headers=bearer(cookie(at_work.commander))).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/items/../audit", "/api/v1/%2e%2e/v1/audit", "/api/v1/items%00", "/api/v1/items%2f..%2faudit",
        "/api/v1//audit", "/api/v1/audit.json", "/api/v1/AUDIT", "/api/V1/audit", "/api/v1/audit;a=b", "/api/v2/audit",
        "/api", "/api/v1/audit%20", "/api/v1/" + "a" * 900,
    ],
)  # fmt: skip
def test_tricks_with_the_path_lead_nowhere(at_work: Cast, program: TestClient, path: str):
    answer = program.get(path, headers=bearer(token_of(at_work, "usa")))
    assert answer.status_code in {404, 414}
    assert b"hash" not in answer.content


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "bearer x y", "Bearer " + "A" * 20_000, "Basic eDp5", "ita_read_x"]
)
def test_what_is_no_token_is_none(at_work: Cast, program: TestClient, said: str):
    answer = program.get("/api/v1/slots", headers={"Authorization": said})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_two_tokens_are_one_too_many(at_work: Cast, program: TestClient):
    token = token_of(at_work, "usa")
    answer = program.get("/api/v1/slots", headers=[("Authorization", f"Bearer {token}"), ("Authorization", "Bearer x")])
    assert answer.status_code == 400


def test_a_calendar_asked_for_every_second_is_told_to_wait(at_work: Cast, program: TestClient):
    address = f"/calendar/{calendar_of(at_work, 'usa')}.ics"
    with program:  # one loop, as a server has
        tag = program.get(address).headers["etag"]
        answers = [program.get(address, headers={"If-None-Match": tag}) for _second in range(60)]
        other = program.get(f"/calendar/{calendar_of(at_work, 'pramote')}.ics")
    assert {one.status_code for one in answers} == {304, 429}
    assert not any(one.content for one in answers if one.status_code == 304)
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
    assert other.status_code == 200
    with db.reading() as session:  # nothing was written but the day
        taken = session.exec(select(AuditEntry).where(AuditEntry.action == "export.take")).all()
    assert taken == []


def test_a_program_that_asks_without_end_is_told_to_wait_and_others_are_not(at_work: Cast, program: TestClient):
    mine, others = bearer(token_of(at_work, "usa")), bearer(token_of(at_work, "viewer"))
    with program:
        statuses = [program.get("/api/v1/scores", headers=mine).status_code for _time in range(100)]
        assert program.get("/api/v1/scores", headers=others).status_code == 200
    assert set(statuses) == {200, 429}


def test_of_many_at_once_an_account_has_few_under_way(
    at_work: Cast, program: TestClient, monkeypatch: pytest.MonkeyPatch
):
    """One of its own is being made and few wait for their turn: the next is refused, not put in a line without end."""
    headers, others = bearer(token_of(at_work, "usa")), bearer(token_of(at_work, "pattama"))
    here, ready, lock = [0, 0], Event(), Lock()
    prepare = programs.making.prepare

    def slow(*asked: Any) -> Any:
        make = prepare(*asked)

        def made() -> Any:
            with lock:
                here[0] += 1
                here[1] = max(here)
            ready.wait(20)
            with lock:
                here[0] -= 1
            return make()

        return made

    def under_way() -> int:
        return program.portal.call(programs._under_way.of, at_work.usa) if program.portal else 0

    monkeypatch.setattr(programs.making, "prepare", slow)
    with program, ThreadPoolExecutor(programs.MOST_OF_ACCOUNT + 1) as several:  # one event loop for all of them
        waiting = [
            several.submit(program.get, "/api/v1/scores", headers=headers) for _one in range(programs.MOST_OF_ACCOUNT)
        ]
        ends = time.monotonic() + 20
        while under_way() < programs.MOST_OF_ACCOUNT and time.monotonic() < ends:
            time.sleep(0.02)
        answer = program.get("/api/v1/scores", headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert program.get("/api/v1/scores", headers=bearer(WRONG)).status_code == 401
        assert here == [1, 1]  # the others of hers hold no thread
        other = several.submit(program.get, "/api/v1/scores", headers=others)
        ready.set()
        assert [one.result().status_code for one in [*waiting, other]] == [200] * (programs.MOST_OF_ACCOUNT + 1)
        assert under_way() == 0


def test_an_account_makes_so_many_tokens_and_no_more(at_work: Cast):
    for _one in range(accounts.MOST_TOKENS):
        token_of(at_work, "usa")
    with pytest.raises(accounts.TooManyTokens):
        token_of(at_work, "usa")
    ended("ended", at_work)
    assert token_of(at_work, "usa")


def test_no_token_is_anywhere_in_the_database(at_work: Cast):
    tokens = [token_of(at_work, "usa"), calendar_of(at_work, "usa")]
    with db.reading() as session:
        whole = str(session.connection().exec_driver_sql("SELECT * FROM accesstoken").all())
        whole += str(session.connection().exec_driver_sql("SELECT * FROM auditentry").all())
    assert all(token not in whole and token.split("_", 2)[2] not in whole for token in tokens)
    assert all(re.fullmatch("ita_(read|cal)_[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_token_that_was_made_while_the_clock_was_wrong_opens_nothing(at_work: Cast):
    later = datetime.now(UTC) + timedelta(days=2)
    with db.writing() as session:
        account = session.get_one(Account, at_work.usa)
        token = accounts.make_token(
            session, account=account, compared=compared(session, account), name="n", days=90, now=later
        )
    with db.reading() as session:
        assert accounts.find_holder(session, token=token, kind=TokenKind.read, now=datetime.now(UTC)) is None


def test_what_is_described_names_nobody_and_is_for_anybody(at_work: Cast, program: TestClient):
    text = program.get("/api/v1/openapi.json").text
    assert "มีนาม" not in text
    assert "prachuap" not in text
