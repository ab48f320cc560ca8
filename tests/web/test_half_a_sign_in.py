"""Half a sign-in that a route left in a cookie, at the real server: what the sign-in page makes of it."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa

from ita_core import accounts, db
from ita_core.accounts.tokens import hash_token
from ita_core.models import HalfSignIn, RecoveryCode, SecondFactor
from ita_core.web.gate import COOKIE, HALF_COOKIE
from tests.server import Screen, Visitor, sign_in, thai
from tests.signing_in import DEEP, PASSWORD, Office, fill, try_to_sign_in

RECOVERY = "ABCDEFGHIJKLMNOP"  # of this test's own making; what an app shows is tried elsewhere


def with_second_step(office: Office, name: str) -> int:
    account, now = office.account(name), datetime.now(UTC)
    with db.writing(office.engine) as session:
        session.add(SecondFactor(account_id=account, secret="x", key_name="none", created_at=now, last_step=0))
        # A code's hash is one row's: each account's own code ends in what is its own.
        session.add(RecoveryCode(account_id=account, code_hash=hash_token(recovery(account)), created_at=now))
    return account


def recovery(account: int) -> str:
    return RECOVERY[:-4] + "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{account:04}")


def half(office: Office, account: int) -> str:
    """As after the provider's word."""
    with db.writing(office.engine) as session:
        passed = accounts.pass_first_step(
            session, account_id=account, now=datetime.now(UTC), how="account.accept_provider"
        )
    assert not passed.whole
    return passed.token


def asks_for_code(screen: Screen) -> bool:
    return thai("Code") in screen.widgets and thai("Password") not in screen.widgets


def type_code(visitor: Visitor, screen: Screen, typed: str) -> Screen:
    fill(visitor, screen, Code=typed)
    return visitor.open(visitor.address[0], press=screen.widgets[thai("Confirm")])


def test_the_code_is_asked_for_at_once_and_gives_the_ticket(office: Office, name: str) -> None:
    account = with_second_step(office, name)
    token = half(office, account)
    with Visitor(office.server, cookie=f"{HALF_COOKIE}={token}") as visitor:
        screen = visitor.open(DEEP)
        assert asks_for_code(screen)
        assert name not in screen.text  # whose it is, is not said before the code
        wrong = type_code(visitor, screen, "A" * 16)
        assert thai(accounts.WrongFactorCode.says) in wrong.text
        assert not wrong.ticket
        right = type_code(visitor, wrong, recovery(account))
        assert right.ticket
        assert token not in right.component_data
    answer = sign_in(office.server, right.ticket)
    assert answer.status_code == 204
    with Visitor(office.server, cookie=f"{COOKIE}={answer.cookies[COOKIE]}") as visitor:
        assert not visitor.open(DEEP).is_sign_in
    # A browser that kept it (another's, a copy) is asked, and the right code opens nothing any more.
    with Visitor(office.server, cookie=f"{HALF_COOKIE}={token}") as visitor:
        again = type_code(visitor, visitor.open(DEEP), recovery(account))
        assert thai(accounts.TicketOver.says) in again.text
        assert not again.ticket
        assert visitor.again().is_sign_in


@pytest.mark.parametrize("what", ["guessed", "no token", "expired", "disabled"])
def test_one_that_is_no_good_ends_in_a_sentence_and_the_password(office: Office, name: str, what: str) -> None:
    account = with_second_step(office, name)
    token, now = half(office, account), datetime.now(UTC)
    with db.writing(office.engine) as session:
        if what == "disabled":
            accounts.disable(session, by=None, account_id=account, now=now)
        if what == "expired":
            early = now - timedelta(seconds=accounts.HALF_SECONDS + 1)
            session.exec(
                sa.update(HalfSignIn).where(HalfSignIn.account_id == account)  # type: ignore[arg-type]
                .values(created_at=early, expires_at=early + timedelta(seconds=accounts.HALF_SECONDS))
            )  # fmt: skip
    token = {"guessed": "A" * 43, "no token": "x" * 3000}.get(what, token)
    before = office.server.output
    with Visitor(office.server, cookie=f"{HALF_COOKIE}={token}") as visitor:
        screen = type_code(visitor, visitor.open("/"), recovery(account))
        assert thai(accounts.TicketOver.says) in screen.text
        assert not screen.ticket
        assert not screen.failed
        assert thai("Password") in screen.widgets  # at once, beside the sentence
        assert visitor.again().is_sign_in
    assert office.server.output == before


def test_beside_a_live_sign_in_it_changes_nothing(office: Office, name: str) -> None:
    other = with_second_step(office, name + "-other")
    here = office.cookie(office.account(name))
    with Visitor(office.server, cookie=here) as visitor:
        alone = visitor.open(DEEP)
    with Visitor(office.server, cookie=f"{here}; {HALF_COOKIE}={half(office, other)}") as visitor:
        beside = visitor.open(DEEP)
    assert not alone.is_sign_in
    assert not asks_for_code(beside)
    assert beside.widgets.keys() == alone.widgets.keys()


def test_back_to_the_password_takes_the_cookie_and_no_other(office: Office, name: str) -> None:
    account = with_second_step(office, name)
    with Visitor(office.server, cookie=f"{HALF_COOKIE}={half(office, account)}") as visitor:
        screen = visitor.open(DEEP)
        gone = visitor.open(DEEP, press=screen.widgets[thai("Back to sign-in")])
        sent = json.loads(gone.component_data)
        assert (sent["path"], sent["body"], sent["then"]) == ("/auth/back", {}, "")
        assert visitor.again().is_sign_in  # also where the post was lost
    live = office.cookie(office.account(name + "-live"))
    back, origin = office.server.url + "/auth/back", office.server.url
    answer = httpx.post(back, headers={"Cookie": live, "Origin": origin}, timeout=30)
    assert [one.partition("=")[0] for one in answer.headers.get_list("set-cookie")] == [HALF_COOKIE]
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    with Visitor(office.server, cookie=live) as visitor:  # somebody signed in here meanwhile: they stay
        assert not visitor.open(DEEP).is_sign_in
    assert httpx.post(back, headers={"Origin": "http://evil.example"}, timeout=30).status_code == 403


def test_one_that_is_over_does_not_come_back_after_another_that_was_given_up(office: Office, name: str) -> None:
    """The provider's half, then the password's in the same window: what is left is the password."""
    account = with_second_step(office, name)
    with Visitor(office.server, cookie=f"{HALF_COOKIE}={'A' * 43}") as visitor:
        type_code(visitor, visitor.open("/"), recovery(account))
        assert visitor.again().is_sign_in
        visitor.values.clear()
        screen = try_to_sign_in(visitor, name, PASSWORD)
        visitor.values.clear()
        screen = visitor.again()
        assert asks_for_code(screen)
        visitor.open("/", press=screen.widgets[thai("Back to sign-in")])
        assert visitor.again().is_sign_in
