"""Where the two ways meet: a provider names somebody whose account has a second step of ours, or must have one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from httpx import Response
from sqlmodel import select
from starlette.testclient import TestClient

from ita_core import accounts, db
from ita_core.accounts import Visitor
from ita_core.models import Account, AuditEntry, HalfSignIn, Role, SignIn, Ticket
from ita_core.web.gate import COOKIE, DEVICE_COOKIE, HALF_COOKIE
from tests.asking import ORIGIN, client, cookie
from tests.attacks.test_door_of_two_steps import SECRET, enrol
from tests.attacks.test_provider import (
    BACK,
    NAME,
    a_browser,
    at_the_real_one,
    back,
    configured,
    left,
    liar,
    refused_as,
    signed_in,
)
from tests.cast import Cast, office
from tests.providers import Liar, Real, serving

__all__ = ["configured", "liar"]  # fixtures
ASKED = "/documents/report"  # what only somebody who is signed in is given


@pytest.fixture
def cast(at_work: Cast) -> Cast:
    """They have passwords, which nobody types here."""
    with db.writing() as session:
        for one in (at_work.usa, at_work.pattama):
            account = session.get_one(Account, one)
            account.password_hash, account.username = accounts.NO_HASH, f"name-{one}"
            session.add(account)
    return at_work


def code(seconds: int = 30) -> str:
    """The code of a telephone that is ahead: what was shown at the setting up was used up by it."""
    return pyotp.TOTP(SECRET).at(datetime.now(UTC) + timedelta(seconds=seconds))


def ticket_of(half: str, typed: str) -> str:
    """What the sign-in page does with the cookie and the code."""
    with db.writing() as session:
        counted = accounts.begin_second_step(session, half=half, typed=typed, address="10.0.0.1")
    with db.writing() as session:
        return accounts.finish_second_step(
            session, half=half, typed=typed, counted=counted, address="10.0.0.1", now=datetime.now(UTC)
        )


def visitor(token: str) -> Visitor | None:
    with db.reading() as session:
        return accounts.find_visitor(session, token=token, now=datetime.now(UTC))


def given(answer: Response) -> dict[str, str]:
    """The cookies that an answer sets, by name, as they stand in its head."""
    return {one.partition("=")[0]: one for one in answer.headers.get_list("set-cookie")}


def half_of(answer: Response) -> str:
    """The token of the half sign-in that was given, and that nothing else was."""
    assert answer.status_code == 200, answer.headers
    set_here = given(answer)
    assert not {COOKIE, DEVICE_COOKIE} & set(set_here)
    parts = {part.strip().lower() for part in set_here[HALF_COOKIE].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    seconds = next(int(part.partition("=")[2]) for part in parts if part.startswith("max-age="))
    assert 0 < seconds <= 300
    return set_here[HALF_COOKIE].partition("=")[2].partition(";")[0]


def sessions() -> int:
    with db.reading() as session:
        assert not session.exec(select(Ticket).where(Ticket.used_at.is_(None))).all()  # type: ignore[union-attr]
        return len(session.exec(select(SignIn)).all())


def actions() -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(AuditEntry.action).order_by(AuditEntry.number)).all())  # type: ignore[arg-type]


# --- in truth ---------------------------------------------------------------------------------------------------------


def test_the_provider_s_word_is_half_where_the_account_has_a_second_step(liar: Liar, cast: Cast):
    enrol(cast.usa)
    browser = a_browser()
    asked = left(browser, "/item?item=O6")
    answer = back(browser, code=liar.code(asked, preferred_username=NAME, amr=["pwd"]), state=asked["state"])
    half = half_of(answer)
    assert 'content="0;url=/item?item=O6"' in answer.text
    assert "เข้าสู่ระบบแล้ว" not in answer.text  # "Signed in": not yet
    assert sessions() == 0
    assert visitor(half) is None

    with pytest.raises(accounts.WrongFactorCode):
        ticket_of(half, "000000")
    ticket = ticket_of(half, code())
    entered = browser.post("/auth/enter", json={"ticket": ticket}, headers=ORIGIN)
    assert entered.status_code == 204
    here = visitor(entered.cookies[COOKIE])
    assert here is not None
    assert here.account_id == cast.usa
    assert HALF_COOKIE not in browser.cookies  # it was taken out of the browser by the same answer
    assert "max-age=0" in given(entered)[HALF_COOKIE].lower()
    with db.reading() as session:
        assert session.exec(select(SignIn.by_two)).all() == [True]


def test_a_provider_that_asked_for_two_itself_lets_in_at_once(liar: Liar, cast: Cast):
    enrol(cast.usa)
    answer = signed_in(a_browser(), liar, amr=["pwd", "mfa"])
    here = visitor(answer.cookies[COOKIE])
    assert here is not None
    assert "เข้าสู่ระบบแล้ว" in answer.text
    assert HALF_COOKIE not in given(answer)
    with db.reading() as session:
        assert session.exec(select(SignIn.by_two)).all() == [True]
        assert not session.exec(select(HalfSignIn)).all()


def test_the_real_provider_that_says_nothing_of_two_gives_half(
    configured: Callable[..., None],
    cast: Cast,
    tmp_path,
):
    enrol(cast.usa)
    made = Real(BACK, {"somebody": {"preferred_username": NAME}}, str(tmp_path))
    configured(made.url)
    with serving(made):
        browser = a_browser()
        half = half_of(back(browser, **at_the_real_one(made, left(browser), "somebody")))
    assert sessions() == 0
    assert browser.post("/auth/enter", json={"ticket": ticket_of(half, code())}, headers=ORIGIN).status_code == 204
    assert sessions() == 1


def test_of_a_role_that_must_have_one_the_provider_s_word_alone_shows_only_its_setting_up(liar: Liar, cast: Cast):
    with db.writing() as session:
        accounts.demand(
            session, by=None, office_id=office(session), roles=frozenset({Role.officer}), now=datetime.now(UTC)
        )
    browser = a_browser()
    here = visitor(signed_in(browser, liar, amr=["pwd"]).cookies[COOKIE])
    assert here is not None
    assert here.must_enrol
    assert browser.get(ASKED).status_code == client(cast, "").get(ASKED).status_code
    here = visitor(signed_in(a_browser(), liar, amr=["mfa"]).cookies[COOKIE])
    assert here is not None
    assert not here.must_enrol  # the provider saw to it


def test_the_audit_says_what_was_shown_step_by_step_and_names_no_password(liar: Liar, cast: Cast):
    enrol(cast.usa)
    browser, before = a_browser(), len(actions())
    half = half_of(signed_in(browser, liar))
    browser.post("/auth/enter", json={"ticket": ticket_of(half, code())}, headers=ORIGIN)
    assert [one for one in actions()[before:] if one.startswith(("account.", "session."))] == [
        "account.accept_provider", "account.pass_first_step", "account.accept_code", "session.begin",
    ]  # fmt: skip


# --- what somebody else may do ----------------------------------------------------------------------------------------


def test_half_a_sign_in_opens_no_route_whatever_cookie_it_stands_in(liar: Liar, cast: Cast):
    enrol(cast.usa)
    half = half_of(signed_in(a_browser(), liar))
    nobody = client(cast, "").get(ASKED)
    for name in (COOKIE, HALF_COOKIE, DEVICE_COOKIE):
        thief = TestClient(a_browser().app, follow_redirects=False)
        thief.cookies.set(name, half)
        assert (thief.get(ASKED).status_code, thief.get(ASKED).content) == (nobody.status_code, nobody.content)
        assert thief.post("/auth/enter", json={"ticket": half}, headers=ORIGIN).status_code == 403
    assert sessions() == 0


def test_half_of_one_takes_no_code_of_another(liar: Liar, cast: Cast):
    """Whoever has a name at the provider and a telephone of their own gets into their own account only."""
    enrol(cast.pattama)
    with db.writing() as session:
        accounts.enrol(
            session, account=session.get_one(Account, cast.usa), secret=(other := accounts.new_secret()),
            compared=accounts.Credential(cast.usa, accounts.NO_HASH), typed=pyotp.TOTP(other).now(),
            now=datetime.now(UTC),
        )  # fmt: skip
    half = half_of(signed_in(a_browser(), liar))  # Usa's
    with pytest.raises(accounts.WrongFactorCode):
        ticket_of(half, code())  # Pattama's
    assert sessions() == 0


@pytest.mark.parametrize("what", ["guessed", "empty", "no token", "a session's", "a device's"])
def test_what_is_no_half_sign_in_is_asked_nothing(liar: Liar, cast: Cast, what: str):
    enrol(cast.usa)
    with db.writing() as session:
        known = accounts.know_device(session, account_id=cast.usa, device="", now=datetime.now(UTC))
    tried = {
        "guessed": "A" * 43, "empty": "", "no token": "\0ก" * 500, "a session's": cookie(cast.usa),
        "a device's": known,
    }[what]  # fmt: skip
    half_of(signed_in(a_browser(), liar))  # one that is good stands beside it
    with pytest.raises(accounts.TicketOver):
        ticket_of(tried, code())


def test_half_a_sign_in_is_over_after_its_time_and_after_its_use(liar: Liar, cast: Cast):
    enrol(cast.usa)
    half = half_of(signed_in(a_browser(), liar))
    with db.writing() as session:
        early = datetime.now(UTC) - timedelta(seconds=accounts.HALF_SECONDS + 1)
        session.exec(sa.update(HalfSignIn).values(created_at=early, expires_at=early + timedelta(seconds=300)))
    with pytest.raises(accounts.TicketOver):
        ticket_of(half, code())
    half = half_of(signed_in(a_browser(), liar))
    ticket_of(half, code())
    with pytest.raises(accounts.TicketOver):
        ticket_of(half, code())


def _disable(session: db.Session, account_id: int, now: datetime) -> None:
    accounts.disable(session, by=None, account_id=account_id, now=now)


def _rename(session: db.Session, account_id: int, now: datetime) -> None:
    accounts.set_provider_name(session, by=None, account_id=account_id, name="", now=now)


def _take_away(session: db.Session, account_id: int, now: datetime) -> None:
    accounts.take_factor_away(session, by=None, account_id=account_id, now=now)


@pytest.mark.parametrize("meanwhile", [_disable, _rename, _take_away])
def test_what_an_administrator_does_meanwhile_ends_the_half(
    liar: Liar, cast: Cast, meanwhile: Callable[[db.Session, int, datetime], None]
):
    enrol(cast.usa)
    half = half_of(signed_in(a_browser(), liar))
    with db.writing() as session:
        meanwhile(session, cast.usa, datetime.now(UTC))
    with pytest.raises(accounts.TicketOver):
        ticket_of(half, code())
    assert sessions() == 0


def test_a_disabled_account_with_a_second_step_is_told_as_nobody_s(liar: Liar, cast: Cast):
    enrol(cast.usa)
    with db.writing() as session:
        _disable(session, cast.usa, datetime.now(UTC))
    answer = signed_in(a_browser(), liar)
    assert refused_as(answer) == "nobody"
    assert HALF_COOKIE not in given(answer)


def test_a_disabled_account_is_told_as_nobody_s_between_the_code_and_the_session(liar: Liar, cast: Cast):
    enrol(cast.usa)
    browser = a_browser()
    ticket = ticket_of(half_of(signed_in(browser, liar)), code())
    with db.writing() as session:
        _disable(session, cast.usa, datetime.now(UTC))
    assert browser.post("/auth/enter", json={"ticket": ticket}, headers=ORIGIN).status_code == 403


def test_half_a_sign_in_beside_a_live_one_changes_nothing_and_goes_when_that_one_ends(liar: Liar, cast: Cast):
    """Somebody else is signed in here: they stay who they are, and are asked for no code when they leave."""
    enrol(cast.usa)
    browser = a_browser()
    live = cookie(cast.pattama)
    browser.cookies.set(COOKIE, live)
    half = half_of(signed_in(browser, liar))
    here = visitor(live)
    assert here is not None
    assert here.account_id == cast.pattama
    mine = client(cast, "pattama").get(ASKED)
    assert browser.get(ASKED).status_code == mine.status_code
    left_here = browser.post("/auth/leave", json={}, headers=ORIGIN)
    assert left_here.status_code == 204
    assert "max-age=0" in given(left_here)[HALF_COOKIE].lower()
    assert visitor(live) is None
    assert visitor(half) is None


def test_a_code_s_sign_in_ends_the_one_of_before_in_this_browser(liar: Liar, cast: Cast):
    enrol(cast.usa)
    browser = a_browser()
    live = cookie(cast.pattama)
    browser.cookies.set(COOKIE, live)
    half = half_of(signed_in(browser, liar))
    entered = browser.post("/auth/enter", json={"ticket": ticket_of(half, code())}, headers=ORIGIN)
    here = visitor(entered.cookies[COOKIE])
    assert here is not None
    assert here.account_id == cast.usa
    assert visitor(live) is None
