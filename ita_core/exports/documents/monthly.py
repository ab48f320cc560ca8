"""The monthly progress report to the commander, on the form of a memo (บันทึกข้อความ)."""

from collections import Counter
from datetime import date, timedelta

from ita_core.board import progress
from ita_core.board.progress import ItemStanding, State
from ita_core.days import period_end, period_of
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
    memo,
    people,
    signature,
)
from ita_core.exports.documents.plan_words import (
    KINDS,
    MEASURES,
    OIT,
    against_plan,
    commander_of,
    lacking,
    open_work,
    own_measures,
    percent,
    preparers,
    stands,
    whose,
)
from ita_core.exports.documents.words import long_day, month, short_day, span
from ita_core.models import ItemKind
from ita_core.queries import Snapshot

SUBJECT = "รายงานความก้าวหน้าการเตรียมความพร้อมรับการประเมินคุณธรรมและความโปร่งใส (ITA) ประจำเดือน"


def monthly(snapshot: Snapshot, day: date) -> Document:
    """Of the month that `day` lies in, as it stood at the end of that day; with what is due to the next one's end."""
    made = _Monthly(snapshot, day)
    subject = f"{SUBJECT}{month(period_of(day))}"
    return Document(subject, snapshot.plan.plan.office.name, tuple(made.blocks(subject)))


class _Monthly:
    def __init__(self, snapshot: Snapshot, day: date) -> None:
        self.snapshot, self.day = snapshot, day
        self.first = day.replace(day=1)
        self.last = period_end(period_of(day))
        self.board, self.figures = snapshot.board(day), snapshot.figures(day)
        earlier = self.first - timedelta(days=1)
        self.before = snapshot.board(earlier) if earlier >= snapshot.assessment.starts else None
        self.more = self._accepted_since()

    def _accepted_since(self) -> Counter[str]:
        """Item code → slots accepted in the month (those accepted before that came back are not counted twice)."""
        if self.before is None:
            return Counter({one.item.code: one.tally.accepted for one in self.board.items})
        changes = progress.differences(self.before, self.board)
        return Counter(one.code for one in changes if one.after is State.accepted and one.before is not State.accepted)

    def blocks(self, subject: str) -> list[Block]:
        plan = self.snapshot.plan.plan
        oit = [one for one in self.board.items if one.item.kind is ItemKind.oit]
        own = [one for one in self.board.items if one.item.kind in KINDS]
        after = self.last + timedelta(days=1)
        parts: list[tuple[str, list[Block]]] = [
            ("ภาพรวม", [body(line) for line in self._whole()]),
            (f"ความก้าวหน้ารายข้อ {OIT}", [self._each(oit)]),
            (f"ความก้าวหน้าของ{MEASURES}", [self._each(own)] if own else []),
            ("รายการที่เกินกำหนดและผู้ต้องดำเนินการ", self._late()),
            (f"งานที่จะครบกำหนดภายในสิ้นเดือน{month(period_of(self.day))}", self._due(self.day, self.last)),
            (f"งานที่จะครบกำหนดในเดือน{month(period_of(after))}", self._due(after, period_end(period_of(after)))),
        ]
        told = [part for part in parts if part[1]]
        return [
            *memo(plan.office.name, "", long_day(self.day), subject, commander_of(self.snapshot)),
            *(block for number, (title, blocks) in enumerate(told, 1)
              for block in (heading(f"{number}. {title}", 2), *blocks)),
            body("จึงเรียนมาเพื่อโปรดทราบ", keep=True),
            *signature("", "", "ผู้รายงาน"),
        ]  # fmt: skip

    def _whole(self) -> list[str]:
        now = self.figures
        before = self.snapshot.figures(self.before.day).accepted if self.before else 0.0
        of_oit = sum(self.more[one.item.code] for one in self.board.oit)
        lines = [
            f"ณ วันที่ {long_day(self.day)} {against_plan(now)} เมื่อต้นเดือนร้อยละ {percent(before)} "
            f"ในเดือนนี้รับเพิ่ม {of_oit} ช่อง {open_work(now)}"
        ]
        if own := own_measures(self.board):
            lines.append(f"{own} ในเดือนนี้รับเพิ่ม {sum(self.more.values()) - of_oit} ช่อง")
        return lines

    def _each(self, items: list[ItemStanding]) -> Table:
        rows: list[Row] = []
        for one in items:
            who = people(preparers(self.snapshot, one.item))
            tally = f"{one.tally.accepted}/{one.tally.slots}"
            more = f"+{self.more[one.item.code]}" if self.more[one.item.code] else "-"
            rows.append(
                (cell(one.item.code), cell(one.item.title), who, cell(tally, align=Align.center),
                 cell(more, align=Align.center), cell(*stands(one)))
            )  # fmt: skip
        columns = head("ข้อ", "เรื่อง", "ผู้จัดทำข้อมูล", "รับแล้ว/\nทั้งหมด", "เดือนนี้", "สถานะ")
        return Table((1.1, 3.6, 5.2, 1.8, 1.4, 2.9), columns, tuple(rows))

    def _late(self) -> list[Block]:
        rows: list[Row] = []
        for one in progress.risks(self.board.items):
            late = [slot for slot in one.slots if slot.overdue]
            who = people(whose(self.snapshot, one, late))
            days = cell(f"{one.days_late} วัน", align=Align.center)
            rows.append((cell(one.item.code), cell(*(f"- {line}" for line in lacking(late))), days, who))
        if not rows:
            return [body("ไม่มีรายการที่เกินกำหนด")]
        columns = head("ข้อ", "รายการ", "เกินกำหนด\nมาแล้ว", "ผู้ต้องดำเนินการ")
        return [Table((1.1, 7.4, 2.2, 5.3), columns, tuple(rows))]

    def _due(self, begins: date, ends: date) -> list[Block]:
        """What is not accepted yet of what is due from one day to another, both included, and whose turn it is."""
        found: list[tuple[date, Row]] = []
        for one in self.board.items:
            due: dict[date, list[progress.SlotStanding]] = {}
            for slot in one.slots:
                if slot.slot.due and begins <= slot.slot.due <= ends and slot.state is not State.accepted:
                    due.setdefault(slot.slot.due, []).append(slot)
            for when, slots in due.items():
                who = people(whose(self.snapshot, one, slots))
                what = cell(*(f"- {line}" for line in lacking(slots)))
                found.append((when, (cell(one.item.code), what, cell(short_day(when), align=Align.center), who)))
        if not found:
            return [body(f"ไม่มีงานที่ครบกำหนดในช่วงวันที่ {span(begins, ends)}")]
        rows = [row for _when, row in sorted(found, key=lambda one: one[0])]
        return [Table((1.1, 7.4, 2.2, 5.3), head("ข้อ", "รายการ", "ครบกำหนด", "ผู้ต้องดำเนินการ"), tuple(rows))]
