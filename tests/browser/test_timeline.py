"""The timeline and the board by month in a real browser: choices end up in the address, and the address is the view."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ita_core.demo import build
from ita_core.demo.build import Demonstration
from tests.browser.conftest import Desk
from tests.conftest import copied
from tests.server import Server, running

pytestmark = [pytest.mark.browser, pytest.mark.trial]


@pytest.fixture(scope="module")
def server(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("timeline")
    with running(folder, **copied(demonstration, folder / "demo").environment) as started:
        yield started


@pytest.fixture
def commander(browser: Browser, server: Server) -> Iterator[Desk]:
    desk = Desk(browser, server.url)
    desk.sign_in("thianchai", build.PASSWORD, "/timeline")
    expect(codes(desk.page)).to_have_count(62)
    yield desk
    assert desk.complaints == []
    desk.close()


def codes(page: Page):
    """The rows of the timeline."""
    return page.locator(".ita-gantt .r:not(.ax)")


def address(page: Page, query: str) -> None:
    expect(page).to_have_url(re.compile(r"/timeline" + re.escape(query) + "$"))


def sideways(page: Page) -> int:
    """By how many pixels the page itself scrolls sideways."""
    return int(
        page.evaluate("""() => {
            const main = document.querySelector('[data-testid=stMain]');
            return Math.max(main.scrollWidth - main.clientWidth, document.body.scrollWidth - innerWidth);
        }""")
    )


def test_choices_end_up_in_the_address_and_back_and_forward_walk_through_them(commander: Desk):
    page = commander.page
    page.get_by_role("link", name="ข้อ OIT", exact=True).click()
    address(page, "?kind=items")
    expect(codes(page)).to_have_count(24)
    page.get_by_role("combobox", name="เจ้าหน้าที่").select_option(label="ร.ต.อ.หญิง ไพลิน ฉัญจรัสรักษ์")
    address(page, "?kind=items&officer=phailin")
    expect(codes(page)).to_have_count(3)
    page.get_by_role("link", name=re.compile("เกินกำหนด 2")).click()
    address(page, "?kind=items&officer=phailin&state=overdue")
    expect(codes(page)).to_have_count(2)

    page.go_back()
    address(page, "?kind=items&officer=phailin")
    expect(codes(page)).to_have_count(3)
    page.go_back()
    expect(codes(page)).to_have_count(24)
    expect(page.get_by_role("combobox", name="เจ้าหน้าที่")).to_have_value("")
    page.go_back()
    address(page, "")
    expect(codes(page)).to_have_count(62)
    page.go_forward()
    address(page, "?kind=items")
    expect(codes(page)).to_have_count(24)


def test_the_keyboard_does_the_same_and_keeps_its_place(commander: Desk):
    page = commander.page
    page.get_by_role("link", name="มาตรการของหน่วยงาน", exact=True).focus()
    page.keyboard.press("Enter")
    address(page, "?kind=measures")
    expect(codes(page)).to_have_count(20)
    expect(page.get_by_role("link", name="มาตรการของหน่วยงาน", exact=True)).to_be_focused()
    page.get_by_role("combobox", name="เจ้าหน้าที่").focus()
    for officer in ("setthaphat", "thianchai"):  # by rank
        page.keyboard.press("ArrowDown")
        address(page, f"?kind=measures&officer={officer}")
        expect(page.get_by_role("combobox", name="เจ้าหน้าที่")).to_be_focused()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")  # no row goes away
    page.locator(".ita-gantt .n a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/item\?item="))
    expect(page.get_by_text("องค์ประกอบที่ต้องแสดง")).to_be_visible()


def test_a_month_by_the_axis_its_neighbours_and_the_whole_year_again(commander: Desk):
    page = commander.page
    page.locator(".ita-gantt .mo", has_text="มี.ค. 68").click()
    address(page, "?month=2025-03")
    expect(page.locator(".ita-gantt i.n")).to_have_count(39)
    page.get_by_role("link", name="◂ ก.พ. 68").click()
    address(page, "?month=2025-02")
    expect(page.locator(".ita-gantt i.n").first).to_have_text("28")
    page.get_by_role("link", name="ทั้งปี", exact=True).click()
    address(page, "")
    expect(page.locator(".ita-gantt .mo")).to_have_count(12)


def test_a_link_shows_somebody_else_the_same_after_they_sign_in(browser: Browser, server: Server, commander: Desk):
    query = "?kind=items&state=overdue&month=2025-02&day=2025-02-20"
    page = commander.go("/timeline" + query)
    expect(page.locator(".ita-past")).to_be_visible()
    seen = page.locator(".ita-gantt").inner_text()
    assert "ณ 20 ก.พ." in seen

    other = Desk(browser, server.url)
    page = other.sign_in("demo-viewer", build.PASSWORD, "/timeline" + query)
    expect(page.locator(".ita-gantt")).to_be_visible()
    assert page.url.endswith(query)
    assert page.locator(".ita-gantt").inner_text() == seen
    assert other.complaints == []
    other.close()


def test_the_names_and_the_axis_stay_while_the_page_scrolls(commander: Desk):
    page = commander.page
    codes(page).last.scroll_into_view_if_needed()
    axis = page.locator(".ita-gantt .ax").bounding_box()
    assert axis is not None
    assert 0 < axis["y"] < 120
    expect(page.get_by_text("วันนี้ 15 มี.ค.", exact=True)).to_be_in_viewport()


def test_months_open_by_links_and_a_cell_leads_to_its_item(commander: Desk):
    page = commander.go("/months")
    page.get_by_title(re.compile("^ก.พ. 68: ครบกำหนด 47 ช่อง")).click()
    expect(page).to_have_url(re.compile(r"/months\?month=2025-02$"))
    expect(page.get_by_role("heading", name="ก.พ. 68: งานที่ครบกำหนด และขั้นตอน")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="มี.ค. 68: งานที่ครบกำหนด และขั้นตอน")).to_be_visible()
    page.get_by_role("link", name="O14 ม.ค. 68: เกินกำหนด 1/2").click()
    expect(page).to_have_url(re.compile(r"/item\?item=O14$"))


@pytest.mark.parametrize("path", ["/timeline", "/timeline?month=2025-03", "/months", "/months?month=2025-02"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_the_page_itself_does_not_scroll_sideways(browser: Browser, server: Server, path: str, width: int, height: int):
    desk = Desk(browser, server.url, width, height)
    page = desk.sign_in("phailin", build.PASSWORD, path)
    expect(page.locator(".ita-gantt, .ita-strip").first).to_be_visible()
    assert sideways(page) <= 0
    if "timeline" in path and width == 390:  # the board opens at the day, its names stay at the left
        board = page.locator(".ita-gantt")
        expect(page.locator(".ita-gantt em.t")).to_be_in_viewport()
        board.evaluate("one => one.scrollTo(10000, 0)")
        left = page.locator(".ita-gantt .r .h").nth(3).bounding_box()
        assert left is not None
        assert left["x"] >= 0
    assert desk.complaints == []
    desk.close()
