"""Handing in where the slot is: sent from the slot, kept over a reload, told together, found on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ita_core.demo import build
from tests.browser.conftest import Desk
from tests.browser.test_minutes import document, scrolls_sideways
from tests.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.trial]


def test_a_file_sent_from_its_slot_is_ticked_for_it_and_kept_until_it_is_handed_in(
    browser: Browser, server: Server, pictures: Path
):
    desk = Desk(browser, server.url)
    page = desk.sign_in("usa", build.PASSWORD, "/item?item=O6")
    expect(page.get_by_role("heading", level=1)).to_have_text("O6 ผลการปฏิบัติงานของแต่ละสายงาน")
    expect(page).to_have_title(re.compile("^O6 ผลการปฏิบัติงานของแต่ละสายงาน"))
    slot = page.locator("[data-slot]", has_text="ช้า").first
    assert "ก.พ. 68 · PDF" in (slot.get_attribute("data-label") or "")
    with page.expect_file_chooser() as choosing:
        slot.get_by_role("button").click()
    choosing.value.set_files([document("สแกน0001.pdf", "รายงาน ก.พ. 68")])  # a name that says nothing
    card = page.locator(".ita-received")
    expect(card).to_be_focused()  # what needs doing next
    expect(page.locator(".ita-guess")).to_contain_text("เลือกไว้: งานตรวจบุคคลและพาหนะ · ก.พ. 68 · PDF")
    note = page.get_by_label("ข้อความถึงผู้ควบคุม")
    note.fill("ฉบับสแกน")
    note.blur()
    expect(page.locator(".ita-drop")).to_contain_text("PDF, Word ·")  # only what the slots take
    # The same file once more, and one of which nothing is known: told together, with what was received.
    page.locator("input[type=file]").set_input_files([document("สแกน0001-2.pdf", "รายงาน ก.พ. 68")])
    expect(page.locator(".ita-received")).to_have_count(2)
    page.reload()
    expect(page.locator(".ita-received")).to_have_count(2)
    expect(page.get_by_label("ข้อความถึงผู้ควบคุม").first).to_have_value("ฉบับสแกน")
    expect(page.locator(".ita-guess").first).to_contain_text("เลือกไว้: งานตรวจบุคคลและพาหนะ · ก.พ. 68 · PDF")
    page.screenshot(path=pictures / "handing-in-two.png", full_page=True)
    page.get_by_role("button", name="ส่งหลักฐาน").click()
    told = page.locator(".ita-told")
    expect(told).to_contain_text("ได้รับแล้ว 1")
    expect(told).to_contain_text("สแกน0001-2.pdf")
    expect(told).to_contain_text("โปรดเลือกอย่างน้อยหนึ่งช่อง")
    expect(told).to_be_in_viewport()
    expect(page.locator(".ita-received")).to_be_focused()
    page.screenshot(path=pictures / "handing-in-told.png")
    assert desk.complaints == []
    desk.close()
    assert "Traceback" not in server.output


def test_a_slot_refuses_what_it_does_not_take_and_a_file_dropped_beside_it_opens_nothing(
    browser: Browser, server: Server
):
    desk = Desk(browser, server.url)
    page = desk.sign_in("usa", build.PASSWORD, "/item?item=O6")
    slot = page.locator("[data-slot]", has_text="Word").first
    expect(slot).to_be_visible()
    drop = """([element, name]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array([0x25, 0x50, 0x44, 0x46])], name));
        const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
        element.dispatchEvent(drop);
        return drop.defaultPrevented;
    }"""
    assert page.evaluate(drop, [page.locator("h1").element_handle(), "beside.pdf"])
    expect(page.locator(".ita-drop li")).to_have_count(0)
    assert page.evaluate(drop, [slot.element_handle(), "half.pdf"])
    expect(page.locator(".ita-drop li.fault")).to_contain_text("half.pdf →")
    desk.close()


def test_on_a_phone_the_slot_that_needs_work_is_seen_first_and_every_choice_can_be_read(
    browser: Browser, server: Server, pictures: Path
):
    desk = Desk(browser, server.url, 390, 844)
    page = desk.sign_in("usa", build.PASSWORD, "/item?item=O6")
    expect(page.locator(".ita-slots")).to_be_visible()
    tops = page.evaluate(
        """() => [...document.querySelectorAll(".ita-slots td.mark:not(.empty)")]
            .map((one) => [one.getBoundingClientRect(), one.classList.contains("first")])
            .sort(([one], [other]) => one.top - other.top || one.left - other.left)
            .map(([_place, first]) => first)"""
    )
    assert tops[0], tops
    assert not scrolls_sideways(desk)
    page.get_by_role("radio", name="ลิงก์").or_(page.get_by_role("button", name="ลิงก์")).first.click()
    expect(page.get_by_label("ที่อยู่เว็บไซต์")).to_be_visible()
    choices = page.evaluate(
        """() => [...document.querySelectorAll(".stButtonGroup button")]
            .map((one) => one.getBoundingClientRect().right <= innerWidth)"""
    )
    assert choices
    assert all(choices)
    page.screenshot(path=pictures / "handing-in-phone.png", full_page=True)
    desk.close()
