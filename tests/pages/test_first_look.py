"""What somebody saw who looked for the first time (issue 12): what is cut, and what is called by another name."""

import re
from datetime import date

from ita_core import charts, db, language, queries, words
from ita_core.board.progress import Stage, State
from ita_core.language import _
from ita_core.models import ItemKind
from pages.parts import owing
from tests.pages.conftest import Office, shown
from tests.pages.work import hand_in

DAY = date(2025, 3, 15)


def screens(text: str, subject: str) -> list[str]:
    return re.findall(rf'<section[^>]*data-subject="{subject}".*?</section>', text, re.DOTALL)


def test_whats_due_next_names_every_item_on_its_one_screen(office: Office):
    with db.reading() as session:
        board = queries.take_snapshot(session, queries.get_assessment(session)).board(DAY)
    ahead: dict[date, set[str]] = {}
    for one in board.items:
        for slot in one.slots:
            if slot.slot.due and slot.slot.due >= DAY and slot.state is not State.accepted:
                ahead.setdefault(slot.slot.due, set()).add(one.item.code)
    due = min(ahead)
    assert (due - DAY).days > 14
    [screen] = screens(shown(office.open("commander", "meeting")), "soon")
    assert f"{len(ahead[due])} ข้อ" in screen
    assert set(re.findall(r'href="/item\?item=([^"]+)"', screen)) == ahead[due]
    assert "และอีก" in screen


def test_no_phase_stands_at_the_foot_of_a_screen_without_its_steps(office: Office):
    drawn = screens(shown(office.open("commander", "meeting")), "timeline")
    rows = [re.findall(r'<tr class="(phase|step)', one) for one in drawn]
    assert len(rows) > 1
    assert all(one[-1] == "step" for one in rows)


def test_the_timelines_column_of_names_is_called_by_whose_turn_it_is(office: Office):
    head = re.search(r'role="columnheader">(.*?)</div>', shown(office.open("commander", "timeline")), re.DOTALL)
    assert head
    assert "ผู้ต้องดำเนินการ" in head[1]
    assert "ผู้จัดทำ" not in head[1]


def test_the_names_of_the_charts_lines_stand_whole_in_it():
    language.use("th")
    ends = date(2025, 9, 30)
    lines = ((date(2024, 10, 1), 0.0), (DAY, 0.6)), ((date(2024, 10, 1), 0.0), (ends, 1.0))
    for width in (charts.WIDTH, charts.NARROW):
        svg = charts.picture(*lines, DAY, "th", width)
        name = re.search(r'<text[^>]*transform="translate\([\d.]+,(-?[\d.]+)\)"[^>]*>ตามแผน</text>', svg)
        assert name, svg[:2000]
        assert float(name[1]) > 14  # its letters and their marks are as high


def test_each_choice_of_a_page_is_called_by_what_it_chooses(office: Office):
    for page in ("timeline", "item", "officers"):
        names = re.findall(r'<nav class="ita-links"( aria-label="[^"]+")?>', shown(office.open("commander", page)))
        assert all(names), page
        assert len(set(names)) == len(names), page


def test_my_work_says_how_its_number_is_made_up_of_those_of_the_officers_page(office: Office):
    """The officers' page counts disclosure items and measures apart; who prepares both reads of both here."""
    with db.reading() as session:
        snapshot = queries.take_snapshot(session, queries.get_assessment(session))
    language.use("th")
    by_key = {one.key: one.id for one in snapshot.officers}
    for key, both in (("angsuson", True), ("usa", False)):
        mine = [one for one in snapshot.board(DAY).items if by_key[key] in one.item.preparers]
        oit = sum(one.tally.slots for one in mine if one.item.kind is ItemKind.oit)
        measures = sum(one.tally.slots for one in mine) - oit
        said = f"แยกเป็น ข้อ OIT 0/{oit} · มาตรการของหน่วยงาน 0/{measures}"
        assert (bool(measures), owing.by_kind(mine)) == (both, said if both else "")
    assert "แยกเป็น" in shown(office.open("itap", "my_work"))
    assert "แยกเป็น" not in shown(office.open("usa", "my_work"))


def test_figures_that_count_something_else_say_so(office: Office):
    assert "ข้อหนึ่งอาจนับอยู่ในหลายสถานะ" in shown(office.open("commander", "item"))
    assert "ตัวเลขในเมนูนับ" in shown(office.open("commander", "my_turn"))
    hand_in(office, 1, "รายงาน ก.พ. 68.pdf")
    assert "หลายชิ้นอาจอยู่ในช่องเดียวกัน" in shown(office.open("commander", "overview"))


def test_whats_handed_in_but_partly_accepted_is_not_called_waiting_in_every_slot():
    language.use("th")
    assert _(words.STAGES[Stage.in_review]) == "ส่งครบ รอตรวจ"
