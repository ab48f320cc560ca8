"""The tables as people and programs get them: real databases, the real plan, a little work in it."""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import Session

from ita_core import accounts, db, language, queries, workflow
from ita_core.access import Actor
from ita_core.demo import documents
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import File
from ita_core.exports import tables
from ita_core.exports.tables import Column, Table, Value, as_csv, as_json
from ita_core.exports.workbook import as_xlsx
from ita_core.models import Decision, Role

DAY = date(2025, 3, 15)
SHEET = documents.Sheet("แผน", "O11", ("แผน",), "ตม.จว.ประจวบคีรีขันธ์", "ร.ต.อ.หญิง ปิยาภรณ์ หาญณรงค์", DAY)


def at(day: int, hour: int = 9, month: int = 3) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


class Office:
    """Piyaporn prepares O11, Khanittha supervises it; the first is asked for by key, as the plan names them."""

    def __init__(self, session: Session, sheet: File) -> None:
        self.session, self.sheet = session, sheet
        self.assessment = queries.get_assessment(session)
        self.parties = {person.key: person for person in queries.people_by_id(session, self.assessment.id).values()}

    def account(self, key: str, role: Role = Role.officer) -> int:
        person = self.parties[key]
        made = accounts.create_account(
            self.session,
            by=None,
            name=person.full,
            role=role,
            party_id=person.id,
            now=datetime(2024, 10, 1, tzinfo=UTC),
        )
        assert made.id is not None
        return made.id

    @property
    def snapshot(self) -> queries.Snapshot:
        return queries.take_snapshot(self.session, self.assessment)

    def evidence(self, day: date = DAY) -> Table:
        return tables.evidence(self.snapshot, queries.list_evidence(self.session, None, self.assessment.id), day)

    def items(self, day: date = DAY) -> dict[str, dict[str, object]]:
        snapshot = self.snapshot
        return {row["code"]: row for row in json.loads(as_json(tables.items(snapshot, snapshot.board(day))))}

    def officers(self, day: date = DAY) -> dict[str, dict[str, object]]:
        snapshot = self.snapshot
        return {row["name"]: row for row in tables.officers(snapshot, snapshot.board(day)).rows}

    def hand_in(
        self, by: int, *, name: str = "แผนการใช้จ่าย.pdf", key: str = "budget-plan", moment: datetime, note: str = ""
    ) -> int:
        item = next(item for item in self.snapshot.items if item.code == "O11")
        file = dataclasses.replace(self.sheet, name=name)
        slots = [slot.key for slot in item.slots if slot.requirement.key == key and slot.key.format in {"", "pdf"}]
        return workflow.submit(self.session, by=by, item_id=item.id, slots=slots, content=file, note=note, at=moment)


@pytest.fixture
def office(engine: sa.Engine, store: Folder) -> Iterator[Office]:
    sheet = store.put([documents.pdf(SHEET)], "แผน.pdf")
    with db.writing(engine) as session:
        yield Office(session, sheet)


def as_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


# --- what the tables say ---------------------------------------------------------------------------------------------


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
    rows = tables.slots(office.snapshot.board(DAY)).rows
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
    rows = tables.timeline(queries.list_steps(office.session, office.assessment.id)).rows
    assert [row["step"] for row in rows] == list(range(1, 15))
    assert len({row["phase"] for row in rows}) == 4
    assert (rows[0]["starts"], rows[0]["ends"]) == (date(2024, 10, 1), date(2024, 12, 31))
    assert rows[0]["supervisors"] == ["ผกก.ตม.จว.ประจวบคีรีขันธ์"]


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


def test_a_restricted_snapshot_gives_restricted_tables(office: Office) -> None:
    piyaporn = office.account("piyaporn")
    office.hand_in(piyaporn, moment=at(3))
    usa = Actor(office.account("usa"), Role.officer, office.parties["usa"].id)
    seen = office.snapshot.visible_to(usa)
    everything = queries.list_evidence(office.session, None, office.assessment.id)
    assert [row["code"] for row in tables.items(seen, seen.board(DAY)).rows] == ["O5", "O6", "O10", "O12"]
    assert tables.evidence(seen, everything, DAY).rows == []
    assert all(row["to_review"] == 0 for row in tables.officers(seen, seen.board(DAY)).rows)


# --- CSV, JSON, workbooks --------------------------------------------------------------------------------------------


def table_of(*texts: str) -> Table:
    return Table("notes", "Evidence", (Column("note", "Note"),), [{"note": text} for text in texts])


def test_csv_is_for_spreadsheets_in_thai(office: Office) -> None:
    content = as_csv(tables.items(office.snapshot, office.snapshot.board(DAY)))
    assert language.current() == "en"  # whatever the screen speaks, before and after
    assert content.startswith(b"\xef\xbb\xbf")
    headings, *rows = as_rows(content)
    assert headings[0] == "ข้อ"
    o6 = dict(zip(headings, next(row for row in rows if row[0] == "O6"), strict=True))
    assert o6["รับแล้ว"] == "0"
    assert "ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ, ร.ต.ท.หญิง สุภวรรณ ศรีสุวรรณ" in o6["ผู้จัดทำ"]
    assert "ต.ค. 67, พ.ย. 67" in ",".join(o6.values())
    o9 = dict(zip(headings, next(row for row in rows if row[0] == "O9"), strict=True))
    assert o9["กำหนด"] == "2025-01-31"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+66812345678", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "  =1", "＝1+1", "\n=1"],
)
def test_no_cell_is_a_formula(text: str) -> None:
    (cell,) = as_rows(as_csv(table_of(text)))[1]
    assert cell.startswith("'")
    assert cell.replace("'", "") == text.replace("\t", " ")
    cell = load_workbook(io.BytesIO(as_xlsx(table_of(text)))).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("\r", "").strip() == text.replace("\r", "").strip()


@given(
    st.lists(st.sampled_from(["=1+1", "+1", "-1", "@A", ";", ",", '"', "\t", "\n", " ", "ก"]), max_size=9).map("".join)
)
@example("x;=1+1")
@example('";\t=1+1')
def test_no_part_of_a_cell_is_a_formula_wherever_a_spreadsheet_splits(text: str) -> None:
    """As if quotes held nothing together: LibreOffice splits within them where a text has quotes of its own."""
    content = as_csv(table_of(text, "ข")).decode("utf-8-sig")
    pieces = re.split(r'[;,\t"\r\n]', content)
    assert not [piece for piece in pieces if piece.lstrip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["ไม่มีการจัดซื้อจัดจ้าง", "O6 = ผลการปฏิบัติงาน", "1-2", 'a,b"c'])
def test_other_text_stays_as_it_was_written(text: str) -> None:
    assert as_rows(as_csv(table_of(text)))[1] == [text]


def test_json_is_for_programs() -> None:
    columns = (Column("day", "Due", Value.date), Column("at", "Handed in at", Value.moment), Column("name", "Name"))
    row = {"day": DAY, "at": datetime(2025, 3, 15, 2, 30, tzinfo=UTC), "name": "น้ำ"}
    text = as_json(Table("x", "Evidence", columns, [row]))
    assert json.loads(text) == [{"day": "2025-03-15", "at": "2025-03-15T09:30:00+07:00", "name": "น้ำ"}]
    assert "น้ำ" in text


def test_a_workbook_has_real_dates_numbers_and_texts(office: Office) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(tables.items(office.snapshot, office.snapshot.board(DAY))))).worksheets[0]
    assert (sheet["A1"].value, sheet["A1"].font.b, sheet.freeze_panes) == ("ข้อ", True, "A2")
    assert sheet.auto_filter.ref == sheet.dimensions
    o9 = next(row for row in sheet.iter_rows() if row[0].value == "O9")
    assert o9[5].value == datetime(2025, 1, 31)
    assert o9[5].number_format == "yyyy-mm-dd"
    assert (o9[11].value, o9[17].value, o9[17].number_format) == (4, 0, "0.0%")
    assert o9[0].font.name == "TH Sarabun New"
    measure = next(row for row in sheet.iter_rows() if row[0].value == "1.1")
    assert measure[0].data_type == "s"  # 1.1 is a code, no number


def test_a_workbook_takes_any_text() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(table_of("ก\x0bข", "ก" * 40_000)))).worksheets[0]
    assert sheet["A2"].value == "ก\N{REPLACEMENT CHARACTER}ข"
    assert len(sheet["A3"].value) == 32_767


def test_moments_are_in_thailand() -> None:
    table = Table(
        "x", "Evidence", (Column("at", "Time", Value.moment),), [{"at": datetime(2025, 3, 15, 20, tzinfo=UTC)}]
    )
    assert as_rows(as_csv(table))[1] == ["2025-03-16 03:00:00"]


def test_file_names_are_of_the_buddhist_era(office: Office) -> None:
    assert tables.file_name("items", office.assessment, DAY, "xlsx") == "ita-2568-items-2568-03-15.xlsx"
