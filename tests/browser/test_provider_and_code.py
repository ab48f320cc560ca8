"""Signing in at the provider where the account has a second step of ours, in a real browser: back, code, and in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from ita_core import accounts, db
from ita_core.models import Account
from ita_core.web.gate import COOKIE, HALF_COOKIE
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.browser.test_provider import OURS, at_the_provider, office
from tests.conftest import forget
from tests.providers import Real
from tests.server import Server

__all__ = ["office"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.trial]


def enrolled(server: Server) -> pyotp.TOTP:
    """Usa set up a second step some minutes ago; what her telephone shows."""
    app, before = pyotp.TOTP(accounts.new_secret()), datetime.now(UTC) - timedelta(minutes=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ITA_DATABASE_URL", server.database_url)  # the key lies beside it
        forget()
        with db.writing() as session:
            usa = session.exec(select(Account).where(Account.username == "usa")).one()
            accounts.enrol(
                session, account=usa, compared=accounts.Credential(usa.id, usa.password_hash or ""),
                secret=app.secret, typed=app.at(before), now=before,
            )  # fmt: skip
        db.engine().dispose()
    forget()
    return app


def held(desk: Desk) -> dict[str, Any]:
    return {str(one["name"]): one for one in desk.context.cookies()}


def at_the_code(desk: Desk, address: str) -> Page:
    """By the button and the provider, to where the code is asked for."""
    page = desk.go(address)
    page.get_by_role("link", name=OURS).click()
    at_the_provider(page, "somebody")
    expect(page.get_by_label("รหัส", exact=True)).to_be_visible()
    return page


def type_code(page: Page, typed: str) -> None:
    page.get_by_label("รหัส", exact=True).fill(typed)
    page.get_by_role("button", name="ยืนยัน", exact=True).click()


@DESK_AND_PHONE
def test_after_the_provider_the_code_is_asked_for_and_opens_what_was_wanted(
    browser: Browser, office: tuple[Server, Real], width: int, height: int, pictures: Path,
):  # fmt: skip
    server, _provider = office
    app = enrolled(server)
    desk = Desk(browser, server.url, width, height)
    page = at_the_code(desk, "/item?item=O6")
    page.screenshot(path=pictures / f"provider-code-{width}.png")
    expect(page.get_by_role("link", name=OURS)).to_have_count(0)  # they come from there
    assert page.url == server.url + "/item?item=O6"
    half = held(desk)[HALF_COOKIE]
    assert (half["sameSite"], half["httpOnly"]) == ("Strict", True)
    assert 0 < half["expires"] - datetime.now(UTC).timestamp() <= 300
    assert COOKIE not in held(desk)
    expect(page.locator(".ita-trail")).to_have_count(0)
    page.reload()  # in the middle: it goes on where it was
    type_code(page, "000000")
    expect(page.get_by_text("รหัสไม่ถูกต้อง")).to_be_visible()
    page.screenshot(path=pictures / f"provider-code-wrong-{width}.png")
    assert COOKIE not in held(desk)
    type_code(page, app.now())
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    assert page.url == server.url + "/item?item=O6"
    assert COOKIE in held(desk)
    assert HALF_COOKIE not in held(desk)
    page.reload()
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    assert half["value"] not in server.output
    assert not desk.complaints
    desk.close()


@DESK_AND_PHONE
def test_who_goes_back_to_the_password_stays_there_and_may_come_by_either_way(
    browser: Browser, office: tuple[Server, Real], width: int, height: int, pictures: Path,
):  # fmt: skip
    server, _provider = office
    app = enrolled(server)
    desk = Desk(browser, server.url, width, height)
    page = at_the_code(desk, "/item?item=O6")
    page.get_by_role("button", name="กลับไปหน้าเข้าสู่ระบบ").click()
    expect(page.get_by_label("รหัสผ่าน")).to_be_visible()
    expect(page.get_by_role("link", name=OURS)).to_be_visible()
    page.wait_for_timeout(1000)
    assert HALF_COOKIE not in held(desk)
    page.reload()
    expect(page.get_by_label("รหัสผ่าน")).to_be_visible()
    expect(page.get_by_label("รหัส", exact=True)).to_have_count(0)
    page.screenshot(path=pictures / f"provider-code-back-{width}.png")

    page = at_the_code(desk, "/item?item=O6")  # once more, by the provider
    type_code(page, app.now())
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    assert page.url == server.url + "/item?item=O6"
    assert not desk.complaints
    desk.close()
