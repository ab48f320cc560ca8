"""What the tables say: real databases, the real plan, a little work in it."""

import re
from datetime import date
from pathlib import Path

import pytest

from ita_core import queries, words, workflow
from ita_core.access import Actor
from ita_core.board.campaigns import CampaignFacts, Count, Terms
from ita_core.exports import tables
from ita_core.models import Decision, Role, Survey
from tests.exports.office import DAY, Office, at


def test_o6_is_forty_eight_slots_of_six_months(office: Office) -> None:
    assert office.items()["O6"] == {
        "code": "O6",
        "title": "ผลการปฏิบัติงานของแต่ละสายงาน",
        "indicator": 9,
        "kind": "oit",
        "cadence": "monthly",
        "due": None,
        "supervisors": ["พ.ต.ท.ประโมทย์ พูลประเสริฐ", "พ.ต.ท.ณัฐวรรธ แก้วทิพย์เนตร", "พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"],
        "preparers": [
            "ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ",
            "ร.ต.ท.หญิง สุภวรรณ ศรีสุวรรณ",
            "ร.ต.ท.หญิง อภินทร์พร แสงแก้ว",
            "ด.ต.หญิง อุษา มีนาม",
            "ด.ต.หญิง ปัทมา เทพทวี",
        ],
        "formats": ["pdf", "word"],
        "languages": [],
        "periods": ["2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03"],
        "slots": 48,
        "accepted": 0,
        "waiting": 0,
        "returned": 0,
        "missing": 48,
        "overdue": 40,
        "progress": 0.0,
        "stage": "not_started",
    }


@pytest.mark.both
def test_items_hold_the_whole_plan_in_its_order(office: Office) -> None:
    rows = office.items()
    assert list(rows)[:24] == [f"O{number}" for number in range(1, 25)]
    assert rows["O9"]["due"] == "2025-01-31"
    assert rows["O9"]["preparers"] == ["ด.ต.หญิง อัยย์ธัญญา กฤตย์อัศวโกคิน"]
    assert rows["O5"]["due"] is None
    assert rows["O8"]["languages"] == ["th", "foreign"]
    assert rows["O11"]["formats"] == ["pdf", "excel"]
    assert rows["O17"]["indicator"] == 10
    assert (rows["1.1"]["kind"], rows["1.1"]["indicator"]) == ("service", None)
    assert rows["1.1"]["preparers"] == ["เจ้าหน้าที่งานบริการคนต่างด้าว", "งานส่งกำลังบำรุง"]
    assert rows["S2"]["supervisors"] == ["ผกก.ตม.จว.ประจวบคีรีขันธ์"]


@pytest.mark.both
def test_slots_name_what_they_want_and_nothing_else(office: Office) -> None:
    rows = tables.slots(office.snapshot.board(DAY).items).rows
    first = next(row for row in rows if row["item"] == "O6")
    assert first == {
        "item": "O6",
        "requirement": "งานสืบสวนปราบปราม",
        "period": "2024-10",
        "format": "pdf",
        "language": None,
        "ordinal": 1,
        "due": date(2024, 11, 1),
        "state": "missing",
        "overdue": True,
        "evidence": None,
    }
    assert [row["ordinal"] for row in rows if row["item"] == "O18"] == [1, 2, 3, 4, 5]


@pytest.mark.both
def test_officers_are_the_seventeen_of_the_plan_by_rank(office: Office) -> None:
    rows = office.officers()
    assert len(rows) == 17
    assert list(rows)[:3] == ["เศรษฐภัทร ณ สงขลา", "เทียนชัย ชมภู", "ประโมทย์ พูลประเสริฐ"]
    thanet = rows["ธเนศ จันทการ"]
    assert (thanet["rank"], thanet["aliases"], thanet["confirm"]) == ("ร.ต.อ.", ["ธเนศ จุนทการ"], True)
    assert (thanet["prepares"], thanet["supervises"]) == (["O3", "O8"], [])
    assert rows["เทียนชัย ชมภู"]["supervises"] == ["S2"]  # as a member of the commander's post
    assert thanet["on_time"] is None


def test_waiting_evidence_counts_for_who_may_review_it_and_for_nobody_else(office: Office) -> None:
    piyaporn = office.account("piyaporn")
    office.hand_in(piyaporn, moment=at(3))
    rows = office.officers()
    assert rows["ขนิษฐา แก้วโสภา"]["to_review"] == 1
    assert [row["to_review"] for name, row in rows.items() if name != "ขนิษฐา แก้วโสภา"] == [0] * 16


def test_timeline_has_fourteen_steps_in_four_phases(office: Office) -> None:
    rows = tables.timeline(queries.list_steps(office.session, office.snapshot.assessment, DAY)).rows
    assert [row["step"] for row in rows] == list(range(1, 15))
    assert len({row["phase"] for row in rows}) == 4
    assert (rows[0]["starts"], rows[0]["ends"]) == (date(2024, 10, 1), date(2024, 12, 31))
    assert rows[0]["supervisors"] == ["ผกก.ตม.จว.ประจวบคีรีขันธ์"]
    assert (rows[0]["state"], rows[0]["done_on"], rows[0]["because"]) == ("overdue", None, None)
    assert rows[0]["days_late"] > 0


@pytest.mark.both
def test_evidence_is_shown_as_it_stood_on_the_day(office: Office) -> None:
    piyaporn, khanittha = office.account("piyaporn"), office.account("khanittha")
    made = office.hand_in(piyaporn, moment=at(3))
    workflow.review(
        office.session, by=khanittha, evidence_id=made, decision=Decision.returned, reason="ไม่ระบุวันที่", at=at(6)
    )
    gone = office.hand_in(piyaporn, moment=at(10), key="reported")
    workflow.withdraw(office.session, by=piyaporn, evidence_id=gone, at=at(12))

    assert office.evidence(date(2025, 3, 2)).rows == []
    (waiting,) = office.evidence(date(2025, 3, 5)).rows
    assert (waiting["state"], waiting["reviewed_by"], waiting["reason"]) == ("waiting", None, None)
    returned, withdrawn = office.evidence(DAY).rows
    assert returned["state"] == "returned"
    assert returned["reason"] == "ไม่ระบุวันที่"
    assert returned["reviewed_by"] == "พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"
    assert returned["slots"] == ["แผนการใช้จ่ายงบประมาณ ประจำปีงบประมาณ พ.ศ.2568 · PDF"]
    assert withdrawn["state"] == "withdrawn"
    assert office.items(date(2025, 3, 5))["O11"]["waiting"] == 1
    assert office.items()["O11"]["returned"] == 1


@pytest.mark.both
def test_the_audit_ends_with_the_day(office: Office) -> None:
    office.hand_in(office.account("piyaporn"), moment=at(3))
    entries = queries.list_audit_entries(office.session)
    before = tables.audit(entries, date(2025, 3, 2), office.assessment.ends).rows
    after = tables.audit(entries, date(2025, 3, 3), office.assessment.ends).rows
    assert [row["number"] for row in after] == list(range(1, len(after) + 1))
    assert (len(after) - len(before), after[-1]["action"]) == (1, "evidence.submit")


def test_the_audit_says_on_what_in_thai_and_keeps_how_it_is_recorded(office: Office) -> None:
    office.hand_in(office.account("piyaporn"), moment=at(3))
    table = tables.audit(queries.list_audit_entries(office.session), DAY, office.assessment.ends)
    (column,) = (one for one in table.columns if one.key == "subject")
    with tables.in_thai():
        shown = {column.shown(row["subject"]) for row in table.rows}
    assert {"บัญชี 1", "หลักฐาน 1", "การประเมิน prachuap 2568"} <= shown
    assert "evidence 1" in {row["subject"] for row in table.rows}


def test_every_kind_of_subject_that_is_recorded_has_its_word() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "ita_core").rglob("*.py"))
    kinds = set(re.findall(r"""subject ?= ?f?"([a-z]+)""", code))
    assert kinds <= set(words.SUBJECTS)
    assert len(kinds) > 8


def test_every_act_that_is_recorded_has_its_words() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "ita_core").rglob("*.py"))
    acts = set(re.findall(r"""action=f?"([a-z]+\.[a-z_]+)\"""", code)) | {f"evidence.{one.value}" for one in Decision}
    assert acts <= set(words.ACTIONS)
    assert len(acts) > 20


def test_a_restricted_snapshot_gives_restricted_tables(office: Office) -> None:
    piyaporn = office.account("piyaporn")
    office.hand_in(piyaporn, moment=at(3))
    usa = Actor(office.account("usa"), Role.officer, office.parties["usa"].id)
    seen = office.snapshot.visible_to(usa)
    everything = queries.list_evidence(office.session, None, office.assessment.id)
    assert [row["code"] for row in tables.items(seen, seen.board(DAY).items).rows] == ["O5", "O6", "O10", "O12"]
    assert tables.evidence(seen, everything, DAY).rows == []
    assert all(row["to_review"] == 0 for row in tables.officers(seen, seen.board(DAY)).rows)


def test_responses_are_a_row_for_each_day_and_line_of_work_and_none_of_a_later_day():
    terms = Terms(date(2025, 1, 1), date(2025, 6, 30), 62, 40, "", ("สืบสวน", "บริการ"))
    counts = [Count(date(2025, 2, day), {"สืบสวน": day, "บริการ": 0, "": 0}, "อังศุศรณ์", at(day)) for day in (1, 2, 3)]
    surveys = [CampaignFacts(Survey.iit, terms, counts=tuple(counts)), CampaignFacts(Survey.eit_public)]
    rows = tables.responses(surveys, date(2025, 2, 2)).rows
    assert [(row["day"].day, row["line"], row["number"], row["total"], row["minimum"]) for row in rows] == [
        (1, "สืบสวน", 1, 1, 40), (1, "บริการ", 0, 1, 40), (2, "สืบสวน", 2, 2, 40), (2, "บริการ", 0, 2, 40),
    ]  # fmt: skip
    assert {row["by"] for row in rows} == {"อังศุศรณ์"}
