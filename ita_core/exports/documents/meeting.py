"""The report of a meeting (รายงานการประชุม): who was there, what was shown, what was ordered of whom by when.

What it says of the work is what the meeting showed (the board at its end); what became of its directives, the day's.
"""

from collections.abc import Sequence
from datetime import date

from ita_core import words
from ita_core.board import directives as orders
from ita_core.board import headline, progress
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.days import BANGKOK
from ita_core.exports.documents.model import (
    Align,
    Block,
    Document,
    Row,
    Table,
    body,
    cell,
    head,
    heading,
    people,
    plain,
    signature,
)
from ita_core.exports.documents.plan_words import (
    OIT,
    against_plan,
    lacking,
    open_work,
    own_measures,
    stands,
    whose,
)
from ita_core.exports.documents.words import long_day, numbered, short_day
from ita_core.language import _
from ita_core.queries import MeetingFacts, Snapshot

TITLE = "รายงานการประชุมขับเคลื่อนและกำกับติดตามการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"
NONE = "ไม่มี"


def meeting(
    snapshot: Snapshot, held: Sequence[MeetingFacts], number: int, given: Sequence[DirectiveFacts], day: date
) -> Document:
    """Of the meeting with this number: `held` are the year's meetings, the first one first; `given` the directives.

    `snapshot` is of the day of that meeting; the state of its directives is that at the end of `day`.
    """
    plan = snapshot.plan.plan
    made = _Meeting(snapshot, held, number, given, day)
    ending = f"ครั้งที่ {number} ประจำปีงบประมาณ พ.ศ. {plan.fiscal_year}"
    return Document(f"รายงานการประชุม ITA {ending}", plan.office.name, tuple(made.blocks(ending)), str(number))


class _Meeting:
    def __init__(
        self, snapshot: Snapshot, held: Sequence[MeetingFacts], number: int, given: Sequence[DirectiveFacts], day: date
    ) -> None:
        self.snapshot, self.one, self.number, self.day = snapshot, held[number - 1], number, day
        self.last = held[number - 2] if number > 1 else None
        self.board = snapshot.board(self.one.day, self.one.shown_at)
        self.figures = snapshot.figures(self.one.day, self.one.shown_at)
        self.then = orders.as_of(given, self.one.shown_at)
        self.now = orders.as_of(given, progress.until(day, snapshot.assessment.ends))

    def blocks(self, ending: str) -> list[Block]:
        began = self.one.at.astimezone(BANGKOK)
        office = self.snapshot.plan.plan.office.name
        title = (TITLE, ending, f"เมื่อวันที่ {long_day(self.one.day)} เวลา {began:%H.%M} น.", f"ณ {office}")
        return [
            *(heading(line, 1 if not place else 2, align=Align.center, space=0.0) for place, line in enumerate(title)),
            *self._people(),
            body(f"เริ่มประชุมเวลา {began:%H.%M} น."),
            heading("ระเบียบวาระที่ 1  เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ", 2),
            body(f"{self.one.by} ประธานการประชุม เปิดการประชุมและชี้แจงความก้าวหน้าการเตรียมความพร้อมรับการประเมิน ดังนี้"),
            *(body(line) for line in self._whole()),
            heading("ระเบียบวาระที่ 2  เรื่องรับรองรายงานการประชุมครั้งที่แล้ว", 2),
            body(self._before()),
            heading("ระเบียบวาระที่ 3  เรื่องสืบเนื่องจากการประชุมครั้งที่แล้ว", 2),
            *self._carried(),
            heading("ระเบียบวาระที่ 4  เรื่องเพื่อทราบและติดตาม", 2),
            *self._work(),
            heading("ระเบียบวาระที่ 5  ข้อสั่งการและเรื่องอื่น ๆ", 2),
            *self._ordered(),
            body(f"เลิกประชุมเวลา {self.one.shown_at.astimezone(BANGKOK):%H.%M} น.", keep=True),
            *signature("", "", "ผู้จดรายงานการประชุม"),
            *signature("", "", "ผู้ตรวจรายงานการประชุม"),
        ]  # fmt: skip

    def _people(self) -> list[Block]:
        there = [one for one in self.snapshot.officers if one.id in self.one.officers]
        away = [one for one in self.snapshot.officers if one.id not in self.one.officers]
        guests = [line.strip(" ,") for line in self.one.guests.replace(",", "\n").split("\n") if line.strip(" ,")]
        found: list[Block] = []
        for title, listed in (
            ("ผู้มาประชุม", [f"{one.full}  {one.title}".strip() for one in there]),
            ("ผู้เข้าร่วมประชุม", guests),
            ("ผู้ไม่มาประชุม", [one.full for one in away] if there else []),
        ):
            if listed:
                found.append(heading(title, 2))
                found += [plain(line, indent=1.25) for line in numbered(listed)]
        return found or [heading("ผู้มาประชุม", 2), plain("ไม่ได้บันทึกรายชื่อไว้ในระบบ", indent=1.25)]

    def _whole(self) -> list[str]:
        own = own_measures(self.board)
        return [f"{against_plan(self.figures)} {open_work(self.figures)}", *([own] if own else [])]

    def _before(self) -> str:
        if self.last is None:
            return "การประชุมครั้งนี้เป็นการประชุมครั้งแรกของปีงบประมาณ จึงไม่มีรายงานการประชุมที่ต้องรับรอง"
        return f"รายงานการประชุม ครั้งที่ {self.number - 1} เมื่อวันที่ {long_day(self.last.day)} เสนอที่ประชุมพิจารณารับรอง"

    def _carried(self) -> list[Block]:
        """What earlier meetings ordered and was not done when this one began."""
        begun = orders.as_of(self.then, self.one.at)
        return self._orders([one for one in orders.still_open(begun) if one.meeting_id != self.one.id], self.one.day)

    def _ordered(self) -> list[Block]:
        """What this one ordered, as it stands on the day asked about."""
        return self._orders([one for one in self.now if one.meeting_id == self.one.id], self.day)

    def _orders(self, given: Sequence[DirectiveFacts], day: date) -> list[Block]:
        if not given:
            return [body(NONE)]
        rows: list[Row] = []
        for number, one in enumerate(given, 1):
            who = people([self.snapshot.people[party].full for party in one.parties])
            late = one.days_late(day)
            state = [_(words.DIRECTIVE_STATES[one.state()]), *([f"เกินกำหนด {late} วัน"] if late else [])]
            if one.state() is not DirectiveState.open and one.happenings[-1].note:
                state.append(one.happenings[-1].note)
            text = f"[{one.item_code}] {one.text}" if one.item_code else one.text
            rows.append(
                (cell(str(number), align=Align.center), cell(*text.split("\n")), who,
                 cell(short_day(one.due), align=Align.center), cell(*state))
            )  # fmt: skip
        columns = head("ที่", "ข้อสั่งการ", "ผู้รับผิดชอบ", "กำหนด\nแล้วเสร็จ", f"สถานะ ณ วันที่\n{short_day(day)}")
        return [Table((0.9, 4.9, 5.2, 2.0, 3.0), columns, tuple(rows))]

    def _work(self) -> list[Block]:
        found: list[Block] = []
        if self.last is not None:
            since = headline.since(self.snapshot.board(self.last.day, self.last.shown_at), self.board)
            said = [
                f"รับเพิ่ม {sum(since.accepted.values())} ช่อง",
                f"{_('came back')} {sum(since.returned.values())} ช่อง",
                f"{_('went overdue')} {sum(since.overdue.values())} ช่อง",
                f"{_('approved')} {len(since.approved)} ข้อ",
            ]
            found.append(body(f"นับจากการประชุมครั้งที่แล้ว {OIT} {' '.join(said)}"))
        rows: list[Row] = []
        for one in progress.risks(self.board.items):
            late = [slot for slot in one.slots if slot.overdue]
            who = people(whose(self.snapshot, one, late))
            rows.append(
                (cell(one.item.code), cell(one.item.title, *(f"- {line}" for line in lacking(late))), who,
                 cell(f"{one.days_late} วัน", *stands(one), align=Align.center))
            )  # fmt: skip
        if not rows:
            return [*found, body("ไม่มีรายการที่เกินกำหนด")]
        columns = head("ข้อ", "รายการที่เกินกำหนด", "ผู้ต้องดำเนินการ", "เกินกำหนด")
        return [*found, Table((1.1, 6.7, 5.2, 3.0), columns, tuple(rows))]
