"""Everybody can use it: axe-core looks at every page; where the keyboard is; keys for those who decide all day."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core import accounts, db
from ita_core.demo.build import PASSWORD
from ita_core.models import Office, Role
from pages import ADDRESSES
from tests.browser.conftest import Desk
from tests.server import Server

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}
ALSO = {
    "heading-order",
    "landmark-unique",
}  # of a lesser weight to axe; to whoever listens to a page it is the table of contents
# A known fault that no setting, style or script of ours can mend: (rule, selector of the element), with the reason.
KNOWN: dict[tuple[str, str], str] = {}
# Who sees what: nobody sees all.
WALK = {
    "demo-admin": [*(one for one in ADDRESSES if one not in {"review", "my_work", "meeting"}), "item?item=O6"],
    "thianchai": ["overview", "item?item=O1", "meeting"],
    "khanittha": ["review", "my_work"],
    "phailin": ["my_work", "item?item=O14"],
}
_RUN = """known => axe.run({ exclude: known }, {
  resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: true } },
})"""
_STILL = """scheme => document.querySelector('.stApp[data-test-script-state="notRunning"]')
  && getComputedStyle(document.documentElement).getPropertyValue("--acc-text")
  && getComputedStyle(document.querySelector(".stApp")).colorScheme === scheme
  && document.getAnimations().every(one => one.playState !== "running"
    || one.effect.getTiming().iterations === Infinity)
  && document.activeElement.dataset.testid !== "stPopoverBody\""""


def faults(page: Page, where: str) -> Iterator[str]:
    """What axe finds that shuts people out, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    for found in page.evaluate(_RUN, [])["violations"]:
        if found["impact"] not in SERIOUS and found["id"] not in ALSO:
            continue
        for node in found["nodes"]:
            known = [rule for rule, selector in KNOWN if rule == found["id"] and page.locator(selector).count()]
            if not known:
                yield f"{where}: {found['id']} at {node['target']} {node['html'][:160]} {node['failureSummary'][:160]}"


def looked_at(page: Page, where: str, looks: list[tuple[str, int]]) -> Iterator[str]:
    for scheme, width in looks:
        page.set_viewport_size({"width": width, "height": 1080 if width > 900 else 844})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(_STILL, arg=scheme)
        yield from faults(page, f"{where} {scheme} {width}")


def invitation(server: Server) -> str:
    """The address that a new officer's link opens."""
    engine = db.make_engine(server.database_url)
    with db.writing(engine) as session:
        office = session.get(Office, 1)
        assert office
        assert office.id
        now = datetime.now(UTC)
        account = accounts.create_account(
            session, by=None, name="ด.ต.ทดลอง ใช้งาน", office_id=office.id, role=Role.officer, now=now
        )
        token = accounts.invite(session, by=None, account_id=account.id or 0, now=now)
    engine.dispose()
    return f"/?invite={token}"


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param([("light", 1920), ("dark", 390)], id="light-desk-dark-phone"),
        pytest.param([("dark", 1920), ("light", 390)], id="dark-desk-light-phone", marks=pytest.mark.trial),
    ],
)
def test_axe_finds_nothing_serious_on_any_page(browser: Browser, server: Server, looks: list[tuple[str, int]]):
    found: list[str] = []
    desk = Desk(browser, server.url)
    page = desk.go(invitation(server))
    expect(page.get_by_label("ยืนยันรหัสผ่าน")).to_be_visible()
    found += looked_at(page, "join", looks)
    for who, addresses in WALK.items():
        desk.context.clear_cookies()
        page = desk.go("/")
        expect(page.get_by_label("รหัสผ่าน", exact=True)).to_be_visible()
        if who == "demo-admin":
            found += looked_at(page, "sign-in", looks)
        desk.sign_in(who, PASSWORD)
        expect(page.get_by_test_id("stPopover").first).to_be_visible()
        for address in addresses:
            page = desk.go(f"/{address}")
            expect(page.locator(".stMain h1, .ita-sentence, .ita-screen:visible").first).to_be_visible()
            found += looked_at(page, f"{who} {address}", looks)
    assert not found, "\n".join(found)
    assert desk.complaints == []
    desk.close()


def test_by_the_keyboard_one_sees_where_one_is_decides_and_goes_on(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("khanittha", PASSWORD, "/review")
    queue = page.get_by_role("radio")
    # While a page is drawn anew the piece before may still stand there: what is meant is the one that is no leftover.
    decision = page.locator('[class*="st-key-accept-"]:not([data-stale="true"])').first
    accept = decision.get_by_role("button", name="รับ", exact=True)
    give_back, reason = page.get_by_role("button", name="ตีกลับ", exact=True), page.get_by_role("textbox")
    expect(accept).to_be_visible()
    expect(queue.nth(2)).to_be_attached()
    waiting = queue.count()
    shown = re.findall(r"st-key-accept-\d+", decision.get_attribute("class") or "")[0]

    # The menu shows where one is.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("data-testid", "stTopNavLink")
    expect(focused).to_have_css("outline-style", "solid")

    # A box takes the focus in, and gives it back.
    give_back.focus()
    page.keyboard.press("Enter")
    expect(reason).to_be_focused()
    page.keyboard.press("j")  # typed, not obeyed
    expect(reason).to_have_value("j")
    page.keyboard.press("Escape")
    expect(give_back).to_be_focused()

    # "?" shows the keys; with another key they mean something else.
    page.keyboard.press("?")
    expect(page.get_by_text("ตีกลับพร้อมเหตุผล", exact=True)).to_be_visible()
    page.keyboard.press("Control+j")
    expect(queue.nth(0)).to_be_checked()

    # Next, and the one before.
    page.keyboard.press("j")
    expect(queue.nth(1)).to_be_checked()
    expect(decision).not_to_have_class(re.compile(rf"{shown}\b"))
    page.keyboard.press("k")
    expect(queue.nth(0)).to_be_checked()
    expect(queue.nth(0)).to_be_focused()

    # Accepted: the focus is on the next one's decision, and what is read aloud names it.
    expect(decision).to_have_class(re.compile(rf"{shown}\b"))
    page.wait_for_function(_STILL, arg="light")
    page.wait_for_timeout(400)  # nothing is decided in the moment in which a piece comes
    page.keyboard.press("a")
    expect(queue).to_have_count(waiting - 1)
    expect(accept).to_be_focused()
    expect(decision).not_to_have_class(re.compile(rf"{shown}\b"))
    expect(page.locator(".ita-keys-aloud")).to_have_text(re.compile("·"))

    # Returned: the cursor is in the reason.
    page.wait_for_timeout(1100)  # as long as a second press counts as the first one's
    page.keyboard.press("r")
    expect(reason).to_be_focused()
    assert desk.complaints == []
    desk.close()


def test_streamlit_s_own_words_are_thai_in_thai_and_the_plan_s_are_marked_in_english(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = desk.sign_in("demo-admin", PASSWORD, "/people")
    expect(page.get_by_role("combobox").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "th")
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("ข้ามไปยังเนื้อหา")
    page.get_by_role("combobox").first.click()
    page.keyboard.type("zzz")
    expect(page.get_by_text("ไม่พบรายการ").first).to_be_visible()
    page.keyboard.press("Escape")
    page = desk.go("/item?item=O6")
    page.get_by_test_id("stPopoverButton").last.click()
    page.get_by_role("radio", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text("งานสืบสวนปราบปราม").first).to_have_attribute("lang", "th")
    expect(page.locator("h2", has_text="Evidence")).not_to_have_attribute("lang", "th")
    assert desk.complaints == []
    desk.close()
