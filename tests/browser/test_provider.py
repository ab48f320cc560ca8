"""Signing in at a provider, there and back, in a real browser; and ending another device from one's own account."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from ita_core import accounts, db
from ita_core.demo import build
from ita_core.demo.build import Demonstration
from ita_core.models import Account
from ita_core.web.gate import COOKIE
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.conftest import copied
from tests.providers import CLIENT, SECRET, Real, serving
from tests.server import Server, free_port, start, stop, wait

pytestmark = [pytest.mark.browser, pytest.mark.trial]
OURS = "เข้าสู่ระบบด้วย ระบบ สตม."


@pytest.fixture
def office(demonstration: Demonstration, tmp_path: Path) -> Iterator[tuple[Server, Real]]:
    """The product on the demonstration, with a real provider beside it that knows Usa by another name."""
    port = free_port()
    there = {"somebody": {"preferred_username": "usa.m"}, "stranger": {"preferred_username": "stranger"}}
    url = f"http://localhost:{port}"
    provider = Real(f"{url}/auth/oidc/back", there, str(tmp_path))
    made = copied(demonstration, tmp_path / "demo").environment | {
        "ITA_PUBLIC_URL": url, "ITA_OIDC_ISSUER": provider.url, "ITA_OIDC_CLIENT_ID": CLIENT,
        "ITA_OIDC_CLIENT_SECRET": SECRET, "ITA_OIDC_NAME": "ระบบ สตม.",
    }  # fmt: skip
    with serving(provider):
        server = start(tmp_path, port=port, **made)
        try:
            wait(server)
            engine = db.make_engine(server.database_url)
            with db.writing(engine) as session:
                usa = session.exec(select(Account.id).where(Account.username == "usa")).one()
                accounts.set_provider_name(session, by=None, account_id=usa or 0, name="usa.m", now=datetime.now(UTC))
            engine.dispose()
            yield server, provider
        finally:
            stop(server)


def at_the_provider(page: Page, who: str) -> None:
    page.get_by_label("Name at the provider").fill(who)
    page.get_by_role("button", name="Log in").click()


@DESK_AND_PHONE
def test_who_signs_in_at_the_provider_comes_back_to_where_they_were_going(
    browser: Browser, office: tuple[Server, Real], width: int, height: int, pictures: Path
):
    server, _provider = office
    desk = Desk(browser, server.url, width, height)
    page = desk.go("/item?item=O6")
    page.get_by_role("link", name=OURS).click()
    at_the_provider(page, "stranger")  # whom nobody here knows
    expect(page.get_by_test_id("stAlert")).to_contain_text("ยังเข้าใช้ระบบนี้ไม่ได้")
    expect(page.get_by_label("รหัสผ่าน")).to_be_visible()
    page.screenshot(path=pictures / f"provider-refused-{width}.png")
    assert COOKIE not in {one["name"] for one in desk.context.cookies()}

    page.goto(server.url + "/item?item=O6")
    page.get_by_role("link", name=OURS).click()
    at_the_provider(page, "somebody")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    assert page.url == server.url + "/item?item=O6"
    held = {one["name"]: one for one in desk.context.cookies()}
    assert (held[COOKIE]["sameSite"], held[COOKIE]["httpOnly"]) == ("Strict", True)
    assert "ita_oidc" not in held
    page.reload()  # the strict cookie is there from now on
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    page.go_back()  # the answer's own address, and the provider's page, are behind: nothing is taken twice
    page.goto(server.url + "/account?part=devices")
    expect(page.get_by_text("เครื่องนี้", exact=True)).to_be_visible()
    assert not desk.complaints
    desk.close()


def test_the_next_one_at_the_same_machine_is_not_let_in_as_the_one_before(
    browser: Browser, office: tuple[Server, Real]
):
    server, provider = office
    provider.remembers = True
    desk = Desk(browser, server.url)
    page = desk.go("/item?item=O6")
    page.get_by_role("link", name=OURS).click()
    at_the_provider(page, "somebody")
    expect(page.get_by_role("heading", name="ประวัติ")).to_be_visible()
    page.goto(server.url + "/account?part=devices")
    page.get_by_role("button", name="ออกจากระบบทุกเครื่อง").click()
    there = page.get_by_role("button", name="Log out here, too")
    expect(there).to_be_visible()
    assert page.url.startswith(provider.url + "/logout?client_id=ita&post_logout_redirect_uri=")
    assert COOKIE not in {one["name"] for one in desk.context.cookies()}
    there.click()
    expect(page.get_by_label("รหัสผ่าน")).to_be_visible()
    assert page.url == server.url + "/"
    page.get_by_role("link", name=OURS).click()
    expect(page.get_by_label("Name at the provider")).to_be_visible()  # it asks who they are
    assert not desk.complaints
    desk.close()


def test_another_device_that_is_ended_is_out_at_its_next_action_and_this_one_stays(browser: Browser, server: Server):
    here, there = Desk(browser, server.url), Desk(browser, server.url)
    mine = here.sign_in("usa", build.PASSWORD, "/account?part=devices")
    other = there.sign_in("usa", build.PASSWORD, "/item?item=O6")
    expect(other.get_by_role("heading", name="ประวัติ")).to_be_visible()
    expect(mine.get_by_text("เครื่องนี้", exact=True)).to_be_visible()
    mine.reload()
    expect(mine.get_by_text("Chrome, Linux")).to_have_count(2)
    mine.get_by_role("button", name="สั่งออกจากระบบ", exact=True).click()
    expect(mine.get_by_text("Chrome, Linux")).to_have_count(1)
    expect(mine.get_by_text("สั่งให้เครื่องนั้นออกจากระบบแล้ว")).to_be_visible()
    other.get_by_role("link", name="หลักฐาน", exact=True).first.click()
    expect(other.get_by_label("รหัสผ่าน")).to_be_visible()
    mine.reload()
    expect(mine.get_by_text("เครื่องนี้", exact=True)).to_be_visible()
    here.close()
    there.close()


def test_an_administrator_signs_somebody_out_everywhere(browser: Browser, server: Server):
    boss, officer = Desk(browser, server.url), Desk(browser, server.url)
    work = officer.sign_in("usa", build.PASSWORD, "/item?item=O6")
    expect(work.get_by_role("heading", name="ประวัติ")).to_be_visible()
    page = boss.sign_in("demo-admin", build.PASSWORD, "/people")
    row = page.get_by_test_id("stHorizontalBlock").filter(has_text="· usa ·")
    row.get_by_role("button", name="เปลี่ยน").click()
    page.get_by_role("button", name="ออกจากระบบทุกเครื่อง").click()
    expect(page.get_by_text("ออกจากระบบทุกเครื่องแล้ว")).to_be_visible()
    work.get_by_role("link", name="หลักฐาน", exact=True).first.click()
    expect(work.get_by_label("รหัสผ่าน")).to_be_visible()
    boss.close()
    officer.close()
