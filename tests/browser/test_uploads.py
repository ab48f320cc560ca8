"""Files dropped in a real browser: shown on their way, stopped, tried again without a double, kept over a reload."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlmodel import select

from ita_core import db
from ita_core.demo import build
from ita_core.models import Upload
from tests.benchmarks.uploads import film
from tests.browser.conftest import DESK_AND_PHONE, Desk
from tests.browser.halfway import halfway
from tests.browser.test_minutes import document, scrolls_sideways
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]


def uploads(server: Server) -> list[str]:
    engine = db.make_engine(server.database_url)
    with db.reading(engine) as session:
        found = list(session.exec(select(Upload.file_name).order_by(Upload.id)))
    engine.dispose()
    return found


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A film of 20 MB; by its name of a kind that the item takes, so it sets out, and it never comes whole."""
    path = tmp_path / "คลิปกิจกรรม ก.พ. 68.pdf"
    path.write_bytes(b"".join(film(20 * 1024**2, 1)))
    return path


def at_o6(desk: Desk) -> Page:
    page = desk.sign_in("usa", build.PASSWORD, "/item?item=O6")
    expect(page.locator(".ita-drop")).to_be_visible()
    return page


@DESK_AND_PHONE
def test_several_at_once_are_shown_on_their_way_and_one_is_stopped(
    browser: Browser, server: Server, clip: Path, pictures: Path, width: int, height: int
):
    with halfway(server.url) as url:
        desk = Desk(browser, url, width, height)
        page = at_o6(desk)
        pdf = document("รายงาน ก.พ. 68.pdf", "รายงาน ก.พ. 68")
        page.locator("input[type=file]").set_input_files(clip)
        expect(page.locator(".ita-drop progress")).to_have_count(1)
        expect(page.locator(".ita-drop li")).to_contain_text(re.compile(r"MB / 20\.0 MB · [1-9]\d?%"))
        page.locator("input[type=file]").set_input_files([pdf])  # the page is drawn anew when this one has come
        expect(page.get_by_role("button", name="ส่งหลักฐาน")).to_be_visible()
        expect(page.locator(".ita-drop li")).to_have_count(1)
        page.screenshot(path=pictures / f"uploading-{width}.png")
        assert not scrolls_sideways(desk)
        page.get_by_role("button", name=f"หยุด: {clip.name}").click()
        expect(page.locator(".ita-drop li")).to_have_count(0)
        page.reload()  # what came and was not handed in is still there
        expect(page.get_by_text("รายงาน ก.พ. 68.pdf").first).to_be_visible()
        assert uploads(server) == ["รายงาน ก.พ. 68.pdf"]
        assert desk.complaints == []
        desk.close()
    assert "Traceback" not in server.output


def test_a_lost_connection_is_tried_again_without_a_double(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = at_o6(desk)

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()  # it arrives, but nobody here learns of it
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route("**/uploads/**", lose_the_answer)
    page.locator("input[type=file]").set_input_files([document("รายงาน ก.พ. 68.pdf", "รายงาน ก.พ. 68")])
    expect(page.locator(".ita-drop .fault")).to_contain_text("การเชื่อมต่อขาด ไฟล์ยังอยู่ที่นี่ กดลองใหม่ได้")
    page.unroute("**/uploads/**")
    page.get_by_role("button", name="ลองใหม่").click()
    expect(page.locator(".ita-drop li")).to_have_count(0)
    page.get_by_role("button", name="ส่งหลักฐาน").click()
    expect(page.get_by_role("link", name="รายงาน ก.พ. 68.pdf")).to_be_visible()
    assert uploads(server) == ["รายงาน ก.พ. 68.pdf"]
    desk.close()


def test_who_was_signed_out_keeps_the_file_and_tries_again(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = at_o6(desk)
    kept = desk.context.cookies()
    desk.context.clear_cookies()
    page.locator("input[type=file]").set_input_files([document("รายงาน ก.พ. 68.pdf", "รายงาน ก.พ. 68")])
    expect(page.locator(".ita-drop .fault")).to_contain_text("การเข้าสู่ระบบสิ้นสุดแล้ว")
    desk.context.add_cookies(kept)  # signed in again in another tab
    page.get_by_role("button", name="ลองใหม่").click()
    expect(page.get_by_role("button", name="ส่งหลักฐาน")).to_be_visible()
    assert uploads(server) == ["รายงาน ก.พ. 68.pdf"]
    desk.close()


def test_what_is_refused_says_why_beside_its_name(browser: Browser, server: Server):
    desk = Desk(browser, server.url)
    page = at_o6(desk)
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "โปรแกรม.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 3000},
            {"name": "ว่าง.pdf", "mimeType": "application/pdf", "buffer": b""},
        ]
    )
    expect(page.locator(".ita-drop li", has_text="โปรแกรม.pdf")).to_contain_text("ไม่ใช่ไฟล์ PDF จริง")
    expect(page.locator(".ita-drop li", has_text="ว่าง.pdf")).to_contain_text("ไฟล์นี้ว่างเปล่า")
    for name in ("โปรแกรม.pdf", "ว่าง.pdf"):
        page.get_by_role("button", name=f"นำออก: {name}").click()
    expect(page.locator(".ita-drop li")).to_have_count(0)
    assert uploads(server) == []
    desk.close()
