"""The way in by a provider: what it says in truth lets in whom it names, and nothing else does."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from httpx import Response
from sqlmodel import select
from starlette.testclient import TestClient

from ita_core import accounts, db
from ita_core.accounts import provider
from ita_core.accounts.provider import asking
from ita_core.models import Account, AuditEntry, Device, ProviderAnswer, SignIn, Ticket
from ita_core.settings import settings
from ita_core.web import provider as door
from ita_core.web.gate import COOKIE, DEVICE_COOKIE
from tests.asking import cookie, server
from tests.attacks.provider import LIES, Lie
from tests.cast import Cast
from tests.conftest import forget
from tests.providers import CLIENT, SECRET, Liar, Real, Served, another_key, curve_key, serving

NAME = "usa.m"  # Usa's at the provider
BACK = "http://testserver/auth/oidc/back"


@pytest.fixture
def configured(at_work: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let the settings name this provider; Usa has a name there."""

    def configure(issuer: str, **more: str) -> None:
        for name, value in {
            "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET,
            "PUBLIC_URL": "http://testserver", **more,
        }.items():  # fmt: skip
            monkeypatch.setenv(f"ITA_{name}", value)
        settings.cache_clear()
        door._provider.cache_clear()

    with db.writing() as session:
        accounts.set_provider_name(session, by=None, account_id=at_work.usa, name=NAME, now=datetime.now(UTC))
    yield configure
    door._provider.cache_clear()
    db.engine().dispose()
    forget()


@pytest.fixture
def liar(configured: Callable[..., None]) -> Iterator[Liar]:
    made = Liar()
    configured(made.url)
    with serving(made):
        yield made


def a_browser() -> TestClient:
    return TestClient(server(), follow_redirects=False)


def left(browser: TestClient, then: str = "/") -> dict[str, str]:
    """What the browser brings to the provider."""
    answer = browser.get(door.START, params={"then": then})
    assert answer.status_code == 303, answer.headers
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    return asked if asked.get("client_id") else {"refused": answer.headers["location"]}


def back(browser: TestClient, **said: str) -> Response:
    return browser.get("/auth/oidc/back", params=said)


def signed_in(browser: TestClient, liar: Liar, **who: Any) -> Response:
    """There and back, as somebody whom the provider knows."""
    asked = left(browser)
    if "refused" in asked:
        return browser.get(door.START)
    code = liar.code(asked, **{"preferred_username": NAME} | who)
    return back(browser, code=code, state=asked["state"])


def refused_as(answer: Response) -> str:
    """What the sign-in page is told, and that nothing was given."""
    assert answer.status_code == 303
    assert COOKIE not in answer.headers.get("set-cookie", "")
    return str(parse_qs(urlsplit(answer.headers["location"]).query)[door.REFUSED][0])


def nobody_came_in() -> None:
    with db.reading() as session:
        for table in (SignIn, Ticket, ProviderAnswer):
            assert not session.exec(select(table)).all()


# --- in truth ---------------------------------------------------------------------------------------------------------


def test_whom_the_provider_names_is_signed_in_and_a_page_of_ours_goes_on(liar: Liar, at_work: Cast):
    browser = a_browser()
    asked = left(browser, "/item?item=O6&month=2568-03")
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == BACK
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    way = browser.get(door.START).headers["set-cookie"].lower()
    assert all(part in way for part in ("httponly", "samesite=lax", "path=/auth/oidc", "max-age=600"))

    asked = left(browser, "/item?item=O6&month=2568-03")
    answer = back(browser, code=liar.code(asked, preferred_username=NAME), state=asked["state"])
    assert answer.status_code == 200
    assert 'content="0;url=/item?item=O6&amp;month=2568-03"' in answer.text
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    given = {one.partition("=")[0]: one.lower() for one in answer.headers.get_list("set-cookie")}
    assert all(part in given[COOKIE] for part in ("httponly", "samesite=strict", "path=/"))
    assert DEVICE_COOKIE in given
    assert "max-age=0" in given[door.WAY_COOKIE]
    with db.reading() as session:
        here = accounts.find_visitor(session, token=answer.cookies[COOKIE], now=datetime.now(UTC))
        assert here is not None
        assert here.account_id == at_work.usa
        actions = session.exec(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions[-2:] == ["account.accept_provider", "session.begin"] or "session.begin" in actions[-3:]


@pytest.mark.parametrize(
    ("claim", "said", "name"),
    [
        ("sub", {"sub": "42"}, "42"),
        ("email", {"email": "Usa@Office.go.th", "email_verified": True}, "usa@office.go.th"),
        ("pid", {"pid": "1 2345"}, "1 2345"),
    ],
)
def test_the_claim_of_the_settings_names_the_account(
    configured: Callable[..., None], liar: Liar, at_work: Cast, claim: str, said: dict[str, Any], name: str
):
    configured(liar.url, OIDC_CLAIM=claim)
    with db.writing() as session:
        accounts.set_provider_name(session, by=None, account_id=at_work.usa, name=name, now=datetime.now(UTC))
    assert signed_in(a_browser(), liar, **said).status_code == 200


@pytest.mark.parametrize("proved", [None, False, "false", 1, "yes"])
def test_an_address_that_the_provider_does_not_call_proved_names_nobody(
    configured: Callable[..., None], liar: Liar, at_work: Cast, proved: object
):
    configured(liar.url, OIDC_CLAIM="email")
    with db.writing() as session:
        accounts.set_provider_name(session, by=None, account_id=at_work.usa, name="a@b.go.th", now=datetime.now(UTC))
    answer = signed_in(a_browser(), liar, email="a@b.go.th", email_verified=proved)
    assert refused_as(answer) == "nobody"


@pytest.mark.parametrize(
    ("methods", "by_two"),
    [(["pwd", "mfa"], True), (["pwd", "otp"], False), (["pwd"], False), ([], False), (None, False), ([["mfa"]], False)],
)
def test_a_second_factor_counts_only_where_the_provider_says_that_there_were_more_than_one(
    liar: Liar, methods: object, by_two: bool
):
    at = door._provider()
    assert at is not None
    assert provider.checking.word(at.setup, {"preferred_username": NAME, "amr": methods}) == provider.Word(NAME, by_two)


def test_user_names_count_where_the_settings_say_so_and_only_without_a_name_of_its_own(
    configured: Callable[..., None], liar: Liar, at_work: Cast
):
    with db.writing() as session:
        for one, name in ((at_work.usa, "usa"), (at_work.pattama, "pattama")):
            account = session.get(Account, one)
            assert account is not None
            account.username = name
            session.add(account)
    assert refused_as(signed_in(a_browser(), liar, preferred_username="pattama")) == "nobody"
    configured(liar.url, OIDC_USERNAMES="true")
    assert signed_in(a_browser(), liar, preferred_username="pattama").status_code == 200
    assert refused_as(signed_in(a_browser(), liar, preferred_username="usa")) == "nobody"


def test_a_name_that_only_the_userinfo_knows_is_found_there(liar: Liar):
    liar.more |= {"sub": "1", "preferred_username": NAME}
    assert signed_in(a_browser(), liar, preferred_username=None).status_code == 200


def test_clocks_may_differ_by_less_than_a_minute(liar: Liar):
    liar.claims = lambda said: said.update(iat=int(time.time()) + 50, nbf=int(time.time()) + 50)
    assert signed_in(a_browser(), liar).status_code == 200


def test_keys_that_were_changed_are_asked_for_once_more_and_then_not_for_a_while(
    liar: Liar, monkeypatch: pytest.MonkeyPatch
):
    assert signed_in(a_browser(), liar).status_code == 200
    liar.key = curve_key("new")
    liar.algorithm, liar.keys = "ES256", [liar.key]
    assert refused_as(signed_in(a_browser(), liar)) == "wrong"  # the keys came a moment ago
    assert liar.asked.count("GET /keys") == 1
    monkeypatch.setattr(asking, "AGAIN_SECONDS", 0)
    assert signed_in(a_browser(), liar).status_code == 200
    assert liar.asked.count("GET /keys") == 2
    liar.key = another_key("never-shown")
    liar.algorithm = "RS256"
    assert refused_as(signed_in(a_browser(), liar)) == "wrong"
    assert liar.asked.count("GET /keys") == 3


def test_a_real_provider_lets_in_whom_it_knows_by_its_own_library(
    configured: Callable[..., None], at_work: Cast, tmp_path
):
    people = {"somebody": {"preferred_username": NAME}, "stranger": {"preferred_username": "stranger"}}
    made = Real(BACK, people, str(tmp_path))
    configured(made.url)
    with serving(made):
        for who, expected in (("somebody", 200), ("stranger", 303)):
            browser = a_browser()
            answer = at_the_real_one(made, left(browser), who)
            assert answer["iss"] == made.url
            got = back(browser, **answer)
            assert got.status_code == expected, got.headers
        # It insists on PKCE and takes a code once: the same code with another verifier, and again, lets nobody in.
        browser, thief = a_browser(), a_browser()
        answer = at_the_real_one(made, left(browser), "somebody")
        stolen = answer | {"state": left(thief)["state"]}
        assert refused_as(back(thief, **stolen)) in {"over", "wrong"}


def at_the_real_one(made: Served, asked: dict[str, str], who: str) -> dict[str, str]:
    import httpx

    answer = httpx.post(f"{made.url}/authorization?{urlencode(asked)}", data={"who": who})
    assert answer.status_code == 302, answer.text
    said = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: said[name][0] for name in ("code", "state", "iss")}


# --- out again --------------------------------------------------------------------------------------------------------

OUT = "https://provider.example/logout"
ORIGIN = {"Origin": "http://testserver"}


def names_a_way_out(liar: Liar, address: object) -> None:
    liar.metadata = lambda said: said.update(end_session_endpoint=address)


def signed_out(browser: TestClient) -> str:
    """Signed out here, as the button does; where the browser is sent then."""
    assert browser.post("/auth/leave", json={}, headers=ORIGIN).status_code == 204
    return led(browser)


def led(browser: TestClient, **asked: str) -> str:
    answer = browser.get(door.LEAVE, params=asked)
    assert answer.status_code == 303
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    return answer.headers["location"]


def test_who_came_in_by_the_provider_and_signs_out_is_led_to_sign_out_there(liar: Liar):
    names_a_way_out(liar, f"{liar.url}/logout?realm=office")
    browser = a_browser()
    answer = signed_in(browser, liar)
    there = next(one.lower() for one in answer.headers.get_list("set-cookie") if one.startswith(door.THERE_COOKIE))
    assert all(part in there for part in ("httponly", "samesite=strict", "path=/auth/oidc"))
    assert "max-age" not in there
    assert led(browser) == "/"  # not while they are signed in here
    parts = urlsplit(signed_out(browser))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{liar.url}/logout"
    # Nothing of a person, and the address that is registered anyway.
    assert parse_qs(parts.query) == {
        "realm": ["office"], "client_id": [CLIENT], "post_logout_redirect_uri": [BACK],
    }  # fmt: skip
    assert led(browser) == "/"  # once
    home = browser.get("/auth/oidc/back")  # where the provider sends them to afterwards
    assert (home.status_code, home.headers["location"]) == (303, "/")
    assert "set-cookie" not in home.headers


def test_who_never_was_at_the_provider_is_not_led_there(liar: Liar, at_work: Cast):
    names_a_way_out(liar, OUT)
    browser = a_browser()
    browser.cookies.set(COOKIE, cookie(at_work.usa))
    asked = len(liar.asked)
    assert signed_out(browser) == "/"
    assert len(liar.asked) == asked


def test_whoever_signs_out_next_in_that_browser_is_led_there(liar: Liar, at_work: Cast):
    """Usa came in by the provider and let her sign-in lapse; the next one came in by a password."""
    names_a_way_out(liar, OUT)
    browser = a_browser()
    signed_in(browser, liar)
    browser.cookies.delete(COOKIE)
    browser.cookies.set(COOKIE, cookie(at_work.pattama))
    assert signed_out(browser).startswith(OUT)


def test_a_provider_without_a_way_out_leaves_it_at_signing_out_here(liar: Liar):
    browser = a_browser()
    signed_in(browser, liar)
    assert signed_out(browser) == "/"


@pytest.mark.parametrize(
    "address",
    [
        "http://provider.example/logout", "javascript:alert(1)", "//provider.example/logout", "/logout", "data:,x",
        "https://user@provider.example/logout", "https://provider.example/logout#x", "https://provider.example/\r\nX:",
        "https://" + "x" * 3000, ["https://provider.example/logout"], 7, {"a": 1}, "https://[", " ",
    ],
)  # fmt: skip
def test_a_way_out_that_may_not_be_opened_leads_nowhere_and_keeps_nobody_out(liar: Liar, address: object):
    names_a_way_out(liar, address)
    browser = a_browser()
    assert signed_in(browser, liar).status_code == 200
    assert signed_out(browser) == "/"


def test_nothing_that_is_asked_for_leads_anybody_elsewhere(liar: Liar):
    names_a_way_out(liar, OUT)
    browser = a_browser()
    signed_in(browser, liar)
    browser.post("/auth/leave", json={}, headers=ORIGIN)
    evil = "https://evil.example/"
    where = led(browser, then=evil, post_logout_redirect_uri=evil, client_id="x", id_token_hint="y", state="z")
    assert where.startswith(OUT + "?")
    assert parse_qs(urlsplit(where).query) == {"client_id": [CLIENT], "post_logout_redirect_uri": [BACK]}


def test_a_provider_that_is_away_is_told_and_nobody_stays_signed_in_here(
    configured: Callable[..., None], liar: Liar, at_work: Cast
):
    names_a_way_out(liar, OUT)
    browser = a_browser()
    token = signed_in(browser, liar).cookies[COOKIE]
    door._provider.cache_clear()  # an hour later
    liar.instead["/.well-known/openid-configuration"] = (503, {}, b"")
    assert signed_out(browser) == f"/?{door.REFUSED}=there"
    assert str(provider.BY_KIND["there"]())
    with db.reading() as session:
        assert accounts.find_visitor(session, token=token, now=datetime.now(UTC)) is None
    liar.instead.clear()
    door._provider.cache_clear()
    assert led(browser).startswith(OUT)  # whoever signs out next


def test_the_way_out_is_paced_like_the_way_in(liar: Liar, monkeypatch: pytest.MonkeyPatch):
    names_a_way_out(liar, OUT)
    monkeypatch.setattr(door, "PACE", (2, 0.001))
    with a_browser() as browser:  # one event loop for all of it
        assert signed_in(browser, liar).status_code == 200
        assert signed_out(browser) == f"/?{door.REFUSED}=there"


# --- what a provider may say ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_a_lie_of_the_provider_lets_nobody_in_and_is_told_in_one_sentence(
    liar: Liar, lie: Lie, caplog: pytest.LogCaptureFixture
):
    lie.tell(liar)
    with caplog.at_level(logging.WARNING):
        answer = signed_in(a_browser(), liar)
    assert refused_as(answer) == lie.kind
    nobody_came_in()
    assert str(provider.BY_KIND[lie.kind]())  # a sentence
    assert NAME not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_a_provider_that_hangs_is_given_up_in_time_and_then_not_waited_for(
    liar: Liar, path: str, monkeypatch: pytest.MonkeyPatch
):
    at = door._provider()
    assert at is not None
    at._seconds = 0.5
    liar.slowly[path] = 0.2  # a byte at a time
    begun = time.monotonic()
    assert refused_as(signed_in(a_browser(), liar)) == "away"
    assert time.monotonic() - begun < 5
    asked, begun = len(liar.asked), time.monotonic()
    assert refused_as(signed_in(a_browser(), liar)) == "away"
    assert time.monotonic() - begun < 0.5
    assert len(liar.asked) == asked
    monkeypatch.setattr(asking, "QUIET_SECONDS", 0)
    liar.slowly.clear()
    assert signed_in(a_browser(), liar).status_code == 200


def test_a_provider_that_is_not_there_is_a_sentence(configured: Callable[..., None]):
    configured("http://localhost:1")
    assert refused_as(a_browser().get(door.START)) == "away"


def test_a_disabled_account_is_told_as_one_that_nobody_has(liar: Liar, at_work: Cast):
    with db.writing() as session:
        accounts.disable(session, by=None, account_id=at_work.usa, now=datetime.now(UTC))
    one, other = signed_in(a_browser(), liar), signed_in(a_browser(), liar, preferred_username="nobody-at-all")
    assert refused_as(one) == refused_as(other) == "nobody"
    nobody_came_in()
    with db.reading() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "session.fail")).all()
        assert [entry.subject for entry in noted] == ["provider", "provider"]
        assert NAME not in str([entry.detail for entry in noted])


# --- what somebody else may do ----------------------------------------------------------------------------------------


def test_an_answer_counts_once_whatever_the_provider_takes(liar: Liar):
    liar.once = False
    browser = a_browser()
    asked = left(browser)
    kept = browser.cookies.get(door.WAY_COOKIE)
    answer = {"code": liar.code(asked, preferred_username=NAME), "state": asked["state"]}
    assert back(browser, **answer).status_code == 200
    assert refused_as(back(browser, **answer)) == "over"  # its cookie is gone
    browser.cookies.set(door.WAY_COOKIE, str(kept), domain="testserver.local", path="/auth/oidc")
    assert refused_as(back(browser, **answer)) == "over"  # kept, and the provider gives a token again
    with db.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1


def test_another_s_answer_signs_nobody_in(liar: Liar):
    """Login CSRF: the answer of whoever means harm, opened in another's browser."""
    mine, yours = a_browser(), a_browser()
    asked = left(mine)
    answer = {"code": liar.code(asked, preferred_username=NAME), "state": asked["state"]}
    assert refused_as(back(a_browser(), **answer)) == "over"  # one that never left
    left(yours)
    assert refused_as(back(yours, **answer)) == "over"  # one that left, too
    nobody_came_in()
    assert "POST /token" not in liar.asked  # and the provider is not even asked


def test_a_stolen_code_is_nothing_without_its_browser(liar: Liar):
    """Code injection: a code from an address that was seen, with a state of one's own."""
    victim, thief = a_browser(), a_browser()
    code = liar.code(left(victim), preferred_username=NAME)
    assert refused_as(back(thief, code=code, state=left(thief)["state"])) == "over"  # PKCE's verifier is another
    nobody_came_in()


def test_an_answer_of_another_provider_is_not_mixed_up_with_ours(liar: Liar):
    browser = a_browser()
    asked = left(browser)
    code = liar.code(asked, preferred_username=NAME)
    answer = back(browser, code=code, state=asked["state"], iss="https://provider.example")
    assert refused_as(answer) == "wrong"
    assert "POST /token" not in liar.asked  # so it never learns the code
    asked = left(browser)
    code = liar.code(asked, preferred_username=NAME)
    assert back(browser, code=code, state=asked["state"], iss=liar.url).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "code=x", "state=x", "code=x&state=", "code=x&code=y&state={state}", "code=x&state={state}&state={state}",
        "code=x&error=access_denied&state={state}", "code={long}&state={state}", "code=x&state={long}",
        "state=%00&code=x", "state=%ED%A0%80&code=x", "code=x&state=ก",
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_sentence(liar: Liar, query: str):
    browser = a_browser()
    state = left(browser)["state"]
    answer = browser.get("/auth/oidc/back?" + query.replace("{state}", state).replace("{long}", "x" * 5000))
    assert refused_as(answer) == "over"
    assert "POST /token" not in liar.asked


def test_who_declines_at_the_provider_is_told_so(liar: Liar):
    browser = a_browser()
    assert refused_as(back(browser, error="access_denied", state=left(browser)["state"])) == "declined"


@pytest.mark.parametrize("change", ["empty", "cut", "another", "turned", "long", "no text"])
def test_a_cookie_that_is_not_ours_takes_no_answer(liar: Liar, change: str):
    browser = a_browser()
    asked = left(browser)
    kept = str(browser.cookies.get(door.WAY_COOKIE))
    content, _dot, signature = kept.partition(".")
    made = {
        "empty": "",
        "cut": kept[:-1],
        "another": f"{content}.{signature[::-1]}",
        "turned": f"{content[:-2]}AA.{signature}",
        "long": kept + "x" * 5000,
        "no text": "a.%FF",
    }[change]
    browser.cookies.clear()
    answer = browser.get(
        "/auth/oidc/back",
        params={"code": liar.code(asked, preferred_username=NAME), "state": asked["state"]},
        headers={"Cookie": f"{door.WAY_COOKIE}={made}"},
    )
    assert refused_as(answer) == "over"


def test_ten_minutes_are_enough_and_no_clock_makes_more_of_them(liar: Liar):
    at = door._provider()
    assert at is not None
    now = datetime.now(UTC).timestamp()
    for off, holds in ((-590, True), (-601, False), (-86400, False), (3600, False)):
        attempt = provider.begin(at.setup, now=datetime.fromtimestamp(now + off, UTC))
        try:
            provider.resume(at.setup, cookie=attempt.cookie, state=attempt.state, now=datetime.fromtimestamp(now, UTC))
        except provider.AttemptOver:
            assert not holds, off
        else:
            assert holds, off


def test_settings_for_another_provider_end_what_was_begun_at_the_first(configured: Callable[..., None], liar: Liar):
    browser = a_browser()
    asked = left(browser)
    code = liar.code(asked, preferred_username=NAME)
    other = Liar()
    with serving(other):
        configured(other.url)
        assert refused_as(back(browser, code=code, state=asked["state"])) == "over"
        assert not other.asked


@pytest.mark.parametrize(
    "then",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "item",
        "/a\nSet-Cookie: x=y", "http://[", "/" + "x" * 5000, "///evil.example", "/\t/evil.example",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere_afterwards(liar: Liar, then: str):
    browser = a_browser()
    asked = left(browser, then)
    answer = back(browser, code=liar.code(asked, preferred_username=NAME), state=asked["state"])
    assert 'content="0;url=/"' in answer.text


def test_what_comes_afterwards_is_text(liar: Liar):
    browser = a_browser()
    asked = left(browser, '/item?item="><script>alert(1)</script>')
    answer = back(browser, code=liar.code(asked, preferred_username=NAME), state=asked["state"])
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_the_sign_in_of_before_ends_and_none_of_its_words_is_taken_over(liar: Liar, at_work: Cast):
    """Fixation: whatever cookie was put into the browser before, the one after is new, and the old one is dead."""
    browser = a_browser()
    old = cookie(at_work.usa)
    browser.cookies.set(COOKIE, old)
    asked = left(browser)
    browser.cookies.delete(COOKIE)  # as a browser does: the answer comes from another site's page
    answer = back(browser, code=liar.code(asked, preferred_username=NAME), state=asked["state"])
    new = answer.cookies[COOKIE]
    assert new != old
    with db.reading() as session:
        assert accounts.find_visitor(session, token=old, now=datetime.now(UTC)) is None
        assert accounts.find_visitor(session, token=new, now=datetime.now(UTC))


def test_a_browser_comes_back_as_the_one_that_left_though_it_sends_no_strict_cookie(liar: Liar, at_work: Cast):
    """Else each way in would be a new browser, and the owner's others be forgotten after so many."""
    browser = a_browser()
    known = signed_in(browser, liar).cookies[DEVICE_COOKIE]
    for _day in range(3):
        asked = left(browser)
        browser.cookies.delete(DEVICE_COOKIE)  # from another site's page browsers keep the strict one back
        code = liar.code(asked, preferred_username=NAME)
        assert back(browser, code=code, state=asked["state"]).cookies[DEVICE_COOKIE] == known
    with db.reading() as session:
        assert session.exec(select(Device.account_id)).all() == [at_work.usa]


def test_what_no_browser_was_given_is_not_carried_along(liar: Liar):
    browser = a_browser()
    browser.cookies.set(DEVICE_COOKIE, "x" * 3000)
    answer = signed_in(browser, liar)  # with it the way's own cookie would be longer than browsers keep
    assert answer.status_code == 200
    assert len(answer.cookies[DEVICE_COOKIE]) < 100


def test_a_name_at_the_provider_that_is_changed_ends_what_came_in_by_it(liar: Liar, at_work: Cast):
    token = signed_in(a_browser(), liar).cookies[COOKIE]
    with db.writing() as session:
        accounts.set_provider_name(session, by=None, account_id=at_work.usa, name="", now=datetime.now(UTC))
    with db.reading() as session:
        assert accounts.find_visitor(session, token=token, now=datetime.now(UTC)) is None
    assert refused_as(signed_in(a_browser(), liar)) == "nobody"


def test_an_administrator_s_own_change_keeps_the_sign_in_that_made_it(at_work: Cast):
    here, there, now = cookie(at_work.admin), cookie(at_work.admin), datetime.now(UTC)
    with db.writing() as session:
        visitor = accounts.find_visitor(session, token=here, now=now)
        assert visitor is not None
        by = accounts.account_of(session, visitor)
        accounts.set_provider_name(
            session, by=by, account_id=at_work.admin, name="chief", now=now, keep=visitor.sign_in_id
        )
    with db.reading() as session:
        assert accounts.find_visitor(session, token=here, now=now)
        assert accounts.find_visitor(session, token=there, now=now) is None


def test_one_address_comes_and_goes_so_often_and_the_provider_is_not_asked_more(
    liar: Liar, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(door, "PACE", (5, 0.001))
    with a_browser() as browser:  # one event loop for all of them
        found = [browser.get(door.START).headers["location"] for _number in range(8)]
    assert ["oidc=pace" in one for one in found] == [False] * 5 + [True] * 3


def test_another_site_s_page_uses_up_nothing_of_what_a_network_may_ask(liar: Liar, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "PACE", (1, 0.001))
    with a_browser() as browser:
        for kind in ("image", "iframe", "empty"):
            fetched = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": kind}
            assert browser.get(door.START, headers=fetched).status_code == 403
        of_a_portal = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
        assert liar.url in browser.get(door.START, headers=of_a_portal).headers["location"]


def test_so_many_ask_the_provider_at_once_and_no_more(liar: Liar, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 0)
    asking._places = type(asking._places)("of-this-test")
    assert refused_as(a_browser().get(door.START)) == "away"
    assert not liar.asked


def test_without_a_provider_in_the_settings_there_is_no_such_door(at_work: Cast):
    door._provider.cache_clear()
    paths = (door.START, "/auth/oidc/back?code=x&state=y", door.LEAVE)
    assert [a_browser().get(path).status_code for path in paths] == [404, 404, 404]


def test_the_provider_is_not_asked_under_the_write_lock(liar: Liar):
    at = door._provider()
    assert at is not None
    with db.writing(), pytest.raises(db.SlowUnderLock):
        import asyncio
        from concurrent.futures import ThreadPoolExecutor
        from contextvars import copy_context

        with ThreadPoolExecutor(1) as thread:
            thread.submit(copy_context().run, lambda: asyncio.run(at._known())).result()
    with db.writing() as session:
        session.exec(sa.delete(ProviderAnswer))
