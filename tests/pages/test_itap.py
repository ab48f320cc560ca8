"""Who keeps ITAP: the work list, and corrections by later records."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from ita_core import db, workflow
from ita_core.links import finding
from ita_core.links.found import Found
from ita_core.models import Filing, LinkCheck, LinkOutcome, Publication
from ita_core.settings import settings
from tests.links.hostile import Website, plainly, serving
from tests.pages.conftest import Office, shown
from tests.pages.work import NOW
from tests.workflow.work import complete


def approve(office: Office) -> int:
    with db.writing() as session:
        of, mark = complete(session, office.cast)
        workflow.approve(session, by=office.cast.commander, item_id=of, fingerprint=mark, at=NOW)
        return of


def field(tester, form: str):
    """Where an address is typed in this form."""
    [found] = [one for one in tester.text_area if str(one.key).startswith(f"address-{form}-")]
    return found


def press(tester, form: str, *, address: str = "", explanation: str = ""):
    if address:
        field(tester, form).set_value(address)
    if explanation:
        tester.text_area(key=f"explanation-{form}").set_value(explanation)
    tester.button(key=f"publish-{form}").click().run()
    assert not tester.exception
    return tester


def test_the_work_list_leads_from_the_approved_item_to_the_filed_one(office: Office):
    assert "ไม่มีข้อใดรอเผยแพร่หรือรอลงระบบ" in shown(office.open("itap", "itap"))
    of = approve(office)
    text = shown(office.open("itap", "itap"))
    assert "รอเผยแพร่บนเว็บไซต์ (1)" in text
    assert "/item?item=O10" in text
    assert "14 มี.ค. 68" in text
    with db.writing() as session:
        workflow.publish(session, by=office.cast.itap, item_id=of, url="https://example.org/o10", at=NOW)
    assert "รอลงระบบ ITAP (1)" in shown(office.open("itap", "itap"))
    assert "O10" not in shown(office.open("commander", "itap"))


def test_a_wrong_address_is_corrected_by_a_later_record_and_the_history_shows_both(office: Office):
    approve(office)
    tester = office.open("itap", "item", item="O10")
    press(tester, "record-approved-O10", address="https://example.org/wrong")
    press(tester, "record-published-O10", explanation="ครบถ้วนตามคู่มือ")
    text = shown(tester)
    assert "ครบถ้วนตามคู่มือ" in shown(office.open("viewer", "item", item="O10"))
    assert "O10 บนเว็บไซต์และในระบบ ITAP" in text
    assert field(tester, "correct-filed-O10").value == "https://example.org/wrong"
    press(tester, "correct-filed-O10", address="https://example.org/filed")
    press(tester, "correct-published-O10", address="not an address")
    [said] = tester.error
    assert "http" in said.value
    press(tester, "correct-published-O10", address="https://example.org/right")
    text = shown(tester)
    for part in ("https://example.org/wrong", "https://example.org/filed", "https://example.org/right"):
        assert part in text
    assert "ลงระบบ ITAP ข้อ O10" in text  # to be filed anew, with the right address
    assert field(tester, "record-published-O10").value == "https://example.org/right"
    with db.reading() as session:
        assert (len(session.exec(select(Publication)).all()), len(session.exec(select(Filing)).all())) == (2, 2)


def test_a_corrected_address_is_the_one_that_is_filed_and_told_as_a_correction(office: Office):
    approve(office)
    tester = office.open("itap", "item", item="O10")
    press(tester, "record-approved-O10", address="https://example.org/o2x")
    press(tester, "correct-published-O10", address="https://example.org/o2")
    text = shown(tester)
    assert "แก้ไขที่อยู่ที่เผยแพร่" in text
    assert field(tester, "record-published-O10").value == "https://example.org/o2"
    press(tester, "record-published-O10")
    with db.reading() as session:
        assert [one.url for one in session.exec(select(Filing))] == ["https://example.org/o2"]
    assert "แก้ไขการลงระบบ ITAP" not in shown(tester)
    press(tester, "correct-filed-O10", explanation="ครบถ้วน")
    assert "แก้ไขการลงระบบ ITAP" in shown(tester)


def test_the_same_once_more_records_nothing_and_keeps_it_filed(office: Office):
    of = approve(office)
    act = {"by": office.cast.itap, "item_id": of, "url": "https://example.org/o10", "at": NOW}
    for _twice in range(2):
        with db.writing() as session:
            workflow.publish(session, **act)
            workflow.record_filing(session, answer=True, **act)
            workflow.publish(session, **act)
    assert "O10 บนเว็บไซต์และในระบบ ITAP" in shown(office.open("viewer", "item", item="O10"))
    with db.reading() as session:
        assert (len(session.exec(select(Publication)).all()), len(session.exec(select(Filing)).all())) == (1, 1)


def test_nobody_else_is_offered_a_correction(office: Office):
    of = approve(office)
    with db.writing() as session:
        workflow.publish(session, by=office.cast.itap, item_id=of, url="https://example.org/o10", at=NOW)
    for who in ("viewer", "commander", "usa"):
        tester = office.open(who, "item", item="O10")
        assert "https://example.org/o10" in shown(tester)
        assert not [one for one in tester.button if str(one.key).startswith("publish-")]


# --- links that are checked, and the sheet ----------------------------------------------------------------------------


URL = "https://example.org/o10"


def publish(office: Office, url: str = URL) -> int:
    of = approve(office)
    with db.writing() as session:
        workflow.publish(session, by=office.cast.itap, item_id=of, url=url, at=NOW)
    return of


def found(of: int, what: Found) -> None:
    with db.writing() as session:
        workflow.note_check(session, by=None, item_id=of, url=URL, found=what, at=NOW)


def fields(tester) -> dict[str, str]:
    """What each field of the sheet holds, by its label."""
    drawn = shown(tester)
    labels = dict(re.findall(r'<label for="([^"]+)">([^<]+)</label>', drawn))
    texts = dict(re.findall(r'<textarea id="([^"]+)"[^>]*>([^<]*)</textarea>', drawn))
    assert drawn.count('class="ita-copy"') == len(texts)
    return {labels[one]: text for one, text in texts.items()}


def test_the_sheet_holds_field_by_field_what_is_entered_and_is_then_recorded_as_filed(office: Office):
    of = publish(office)
    found(of, Found(LinkOutcome.reached, status=200, names_year=True))
    tester = office.open("itap", "itap", item="O10")
    said = fields(tester)
    assert (said["คำตอบ"], said["ลิงก์"]) == ("ใช่", URL)
    assert "ปีงบประมาณ พ.ศ. 2568" in said["คำอธิบาย"]
    text = shown(tester)
    for part in ("เปิดลิงก์ได้", "ระบุปีงบประมาณ", "ตรวจเมื่อ 14 มี.ค. 68", "ผู้อนุมัติ", "เทียนชัย ชมภู"):
        assert part in text
    explanation = tester.text_area(key="explanation-record-published-O10")
    assert explanation.value == said["คำอธิบาย"]
    explanation.set_value("เผยแพร่ครบถ้วน")
    tester.button(key="publish-record-published-O10").click().run()
    assert not tester.exception
    assert fields(tester)["คำอธิบาย"] == "เผยแพร่ครบถ้วน"
    assert "ผู้ลงระบบ" in shown(tester)
    with db.reading() as session:
        [filed] = session.exec(select(Filing))
        assert (filed.url, filed.explanation, filed.answer) == (URL, "เผยแพร่ครบถ้วน", True)


def test_the_sheet_says_what_lacks_before_an_item_can_be_entered(office: Office):
    tester = office.open("itap", "itap", item="O10")
    assert "ผู้บังคับบัญชายังไม่ได้อนุมัติ" in shown(tester)
    assert fields(tester)["คำตอบ"] == "ไม่ใช่"
    approve(office)
    tester = office.open("itap", "itap", item="O10")
    assert "เผยแพร่บนเว็บไซต์แล้วหรือไม่" in shown(tester)
    assert not [one for one in tester.button if str(one.key).startswith("publish-record-published")]


def test_the_address_is_recorded_on_the_sheet_and_one_goes_on_with_the_filing(office: Office):
    approve(office)
    tester = office.open("itap", "itap", item="O10")
    press(tester, "record-approved-O10", address="not an address")
    assert "http" in tester.error[0].value
    press(tester, "record-approved-O10", address="https://example.org/o10")
    assert not tester.error
    assert field(tester, "record-published-O10").value == "https://example.org/o10"
    with db.reading() as session:
        assert [one.url for one in session.exec(select(Publication))] == ["https://example.org/o10"]
    assert not [one for one in office.open("commander", "itap", item="O10").button if "O10" in str(one.key)]


def test_a_sheet_is_the_keepers_and_of_what_there_is(office: Office):
    publish(office)
    for who in ("commander", "usa", "viewer"):
        text = shown(office.open(who, "itap", item="O10"))
        assert URL not in text
    assert "ไม่มีข้อ “O99” ที่นี่" in shown(office.open("itap", "itap", item="O99"))


def test_what_somebody_wrote_into_an_explanation_is_text_on_the_sheet(office: Office):
    of = publish(office)
    bad = "</textarea><script>alert(1)</script>"
    with db.writing() as session:
        workflow.record_filing(
            session, by=office.cast.itap, item_id=of, answer=True, url=URL, explanation=bad, at=NOW
        )  # fmt: skip
    assert "<script>" not in shown(office.open("itap", "itap", item="O10"))


def test_each_address_has_its_check_its_line_on_the_sheet_and_its_way_off(office: Office):
    of = publish(office, f"{URL}\n{URL}.pdf")
    with db.writing() as session:
        workflow.note_check(session, by=None, item_id=of, url=f"{URL}.pdf", found=BROKEN, at=NOW)
    said = fields(office.open("itap", "itap", item="O10"))
    assert (said["ลิงก์ 1"], said["ลิงก์ 2"]) == (URL, f"{URL}.pdf")
    tester = office.open("itap", "item", item="O10")
    text = shown(tester)
    for part in (f"ลิงก์ 1: {URL}", f"ลิงก์ 2: {URL}.pdf", "ยังไม่ได้ตรวจลิงก์", "เว็บไซต์แจ้งข้อผิดพลาด (404)"):
        assert part in text
    assert field(tester, "record-published-O10").value == f"{URL}\n{URL}.pdf"
    assert {"check-published-O10", "check-published-O10-2"} <= {one.key for one in tester.button}
    tester.button(key=f"take-off-O10-{URL}.pdf").click().run()
    assert not tester.exception
    assert field(tester, "record-published-O10").value == URL
    assert fields(office.open("itap", "itap", item="O10"))["ลิงก์"] == URL
    tester.button(key=f"take-off-O10-{URL}").click().run()
    assert not tester.exception
    text = shown(tester)
    assert "เผยแพร่ O10 บนเว็บไซต์" in text
    assert "นำออกจากเว็บไซต์" in text


@pytest.mark.parametrize("page", ["item", "itap"])
def test_who_files_a_broken_link_is_warned_before_and_says_so_knowingly(office: Office, page: str):
    of = publish(office)
    assert "โปรดตรวจก่อนลงระบบ" in " ".join(one.value for one in office.open("itap", page, item="O10").info)
    found(of, BROKEN)
    tester = office.open("itap", page, item="O10")
    [warned] = tester.warning
    assert "ผู้ประเมินจะไม่เห็นข้อมูล" in warned.value
    assert "เว็บไซต์แจ้งข้อผิดพลาด" in warned.value
    press(tester, "record-published-O10")
    [said] = tester.error
    assert "เปิดลิงก์" in said.value
    with db.reading() as session:
        assert session.exec(select(Filing)).all() == []
    tester.checkbox(key="knowing-record-published-O10").check()
    press(tester, "record-published-O10")
    with db.reading() as session:
        assert len(session.exec(select(Filing)).all()) == 1


@pytest.mark.parametrize("page", ["item", "itap"])
def test_who_files_is_warned_of_the_links_that_are_typed_alone(office: Office, page: str):
    of = publish(office)
    act = {"by": office.cast.itap, "item_id": of}
    with db.writing() as session:
        workflow.record_filing(session, answer=True, url=URL, at=NOW, **act)
        workflow.publish(session, url=f"{URL}/new", at=NOW + timedelta(minutes=1), **act)
    found(of, BROKEN)
    tester = office.open("itap", page, item="O10")
    assert not [one for one in tester.checkbox if str(one.key).startswith("knowing-")]
    assert not tester.warning
    assert [one for one in tester.info if "new" in one.value]
    press(tester, "record-published-O10", address=URL)
    assert "ผู้ประเมินจะไม่เห็นข้อมูล" in tester.warning[0].value
    tester.checkbox(key="knowing-record-published-O10").check()
    press(tester, "record-published-O10")
    with db.reading() as session:
        assert [one.url for one in session.exec(select(Filing))] == [URL, URL]


def test_the_sheet_holds_the_links_of_the_website_and_once_filed_those_in_itap(office: Office):
    of = publish(office)
    act = {"by": office.cast.itap, "item_id": of}

    def on_the_sheet() -> dict[str, str]:
        tester = office.open("itap", "itap", item="O10")
        checks = sum(str(one.key).startswith("check-") for one in tester.button)
        links = {label: text for label, text in fields(tester).items() if label.startswith("ลิงก์")}
        assert checks == len(links)
        return links

    with db.writing() as session:
        workflow.record_filing(session, answer=True, url=f"{URL}\n{URL}/th", at=NOW, **act)
    assert on_the_sheet() == {"ลิงก์ 1": URL, "ลิงก์ 2": f"{URL}/th"}
    with db.writing() as session:
        workflow.publish(session, url=f"{URL}/new\n{URL}/2", at=NOW + timedelta(minutes=1), **act)
    assert on_the_sheet() == {"ลิงก์ 1": f"{URL}/new", "ลิงก์ 2": f"{URL}/2"}
    with db.writing() as session:
        workflow.record_filing(session, answer=True, url=f"{URL}/new", at=NOW + timedelta(minutes=2), **act)
    assert on_the_sheet() == {"ลิงก์": f"{URL}/new"}


def test_a_page_that_was_drawn_before_another_record_drops_no_link(office: Office):
    of = publish(office)
    stale = office.open("itap", "item", item="O10")
    with db.writing() as session:
        workflow.publish(
            session, by=office.cast.itap, item_id=of, url=f"{URL}\n{URL}/2", at=NOW + timedelta(minutes=1)
        )  # fmt: skip
    press(stale, "correct-published-O10", address=f"{URL}\n{URL}/3")
    [said] = stale.error
    assert "เปลี่ยนไป" in said.value
    assert field(stale, "correct-published-O10").value == f"{URL}\n{URL}/2"
    press(stale, "record-published-O10")
    with db.reading() as session:
        assert [one.url for one in session.exec(select(Filing))] == [f"{URL}\n{URL}/2"]


def test_after_the_last_link_was_taken_off_the_form_begins_empty(office: Office):
    of = publish(office)
    with db.writing() as session:
        workflow.take_off(session, by=office.cast.itap, item_id=of, url=URL, at=NOW)
    tester = office.open("itap", "item", item="O10")
    assert field(tester, "record-approved-O10").value == ""
    press(tester, "record-approved-O10", address=f"{URL}/2")
    assert not tester.error
    assert field(tester, "record-published-O10").value == f"{URL}/2"


def test_an_address_inside_is_refused_at_its_field(office: Office):
    approve(office)
    tester = office.open("itap", "item", item="O10")
    press(tester, "record-approved-O10", address="http://192.168.1.5/o10")
    [said] = tester.error
    assert "ภายในสำนักงาน" in said.value
    assert field(tester, "record-approved-O10").value == "http://192.168.1.5/o10"
    with db.reading() as session:
        assert session.exec(select(Publication)).all() == []


BROKEN = Found(LinkOutcome.refused, "Not Found", 404)


def test_a_broken_link_stands_on_the_overview_with_who_recorded_it(office: Office):
    of = publish(office)
    found(of, BROKEN)
    for who in ("commander", "viewer", "itap", "admin"):
        text = shown(office.open(who, "overview"))
        assert "เปิดลิงก์ไม่ได้" in text
        assert "อังศุศรณ์ เชาวเลิศ" in text
    assert "เปิดลิงก์ไม่ได้" not in shown(office.open("usa", "overview"))
    assert "เปิดลิงก์ไม่ได้" not in shown(office.open("commander", "overview", day="2025-03-10"))
    assert "เปิดลิงก์ไม่ได้" in shown(office.open("itap", "itap"))
    assert "เว็บไซต์แจ้งข้อผิดพลาด (404)" in shown(office.open("usa", "item", item="O10"))
    found(of, Found(LinkOutcome.reached, status=200))
    assert "เปิดลิงก์ไม่ได้" not in shown(office.open("commander", "overview"))


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    monkeypatch.setattr(finding, "PAUSE_SECONDS", 0)
    monkeypatch.setenv("ITA_LINKS_INSIDE", "127.0.0.0/8")
    with serving() as made:
        yield made


def test_who_keeps_itap_has_a_link_checked_now_and_is_told_what_was_found(office: Office, site: Website):
    settings.cache_clear()
    site.paths["/o10"] = plainly("ปีงบประมาณ ๒๕๖๘".encode())
    publish(office, site.url("/o10"))
    tester = office.open("itap", "item", item="O10")
    assert "ยังไม่ได้ตรวจลิงก์" in shown(tester)
    tester.button(key="check-published-O10").click().run()
    assert not tester.exception
    text = shown(tester)
    assert "เปิดลิงก์ได้" in text
    assert "ระบุปีงบประมาณ" in text
    for who in ("viewer", "commander", "usa"):
        assert not [one for one in office.open(who, "item", item="O10").button if str(one.key).startswith("check-")]


def test_a_check_that_is_refused_says_so_and_keeps_the_page(office: Office, site: Website):
    settings.cache_clear()
    of = publish(office, site.url("/o10"))
    with db.writing() as session:
        for _number in range(60):
            workflow.note_check(
                session, by=office.cast.itap, item_id=of, url=site.url("/o10"), found=BROKEN, at=settings().now()
            )  # fmt: skip
    tester = office.open("itap", "item", item="O10")
    tester.button(key="check-published-O10").click().run()
    [said] = tester.error
    assert "60 ครั้ง" in said.value
    assert site.asked == []
    with db.reading() as session:
        assert len(session.exec(select(LinkCheck)).all()) == 60
