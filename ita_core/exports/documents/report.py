"""O24, the report on the measure: what was done against each measure of the office, with pictures of it as evidence."""

from collections.abc import Mapping, Sequence
from datetime import date

from ita_core.board.progress import Board, ItemStanding
from ita_core.days import day_of
from ita_core.evidence.picturing import Small
from ita_core.exports.documents import people
from ita_core.exports.documents.model import (
    BODY,
    WIDTH,
    Align,
    Block,
    Document,
    Picture,
    Row,
    Table,
    body,
    cell,
    head,
    heading,
    memo,
    plain,
    signature,
)
from ita_core.exports.documents.plan_words import ACCEPTED, KINDS, OIT, commander_of, percent, stands
from ita_core.exports.documents.words import long_day
from ita_core.models import EvidenceKind
from ita_core.queries import EvidenceFacts, Snapshot

TITLE = "รายงานผลการดำเนินการตามมาตรการยกระดับคุณธรรมและความโปร่งใสภายในหน่วยงาน"
TALLEST = 7.5  # cm: two pictures to a page
MOST_PICTURES, MOST_OF_ONE = 60, 6  # in all, of a measure


def pictured(board: Board, evidence: Sequence[EvidenceFacts]) -> list[EvidenceFacts]:
    """The accepted pictures that the report shows, in the order of its measures; no more than it can hold."""
    found: list[EvidenceFacts] = []
    for standing in board.items:
        if standing.item.kind in KINDS:
            found += [one for one in _accepted(standing, evidence) if one.format == "image"][:MOST_OF_ONE]
    return found[:MOST_PICTURES]


def report(
    snapshot: Snapshot, board: Board, evidence: Sequence[EvidenceFacts], pictures: Mapping[int, Small | None], day: date
) -> Document:
    """As of `day`; `pictures` are those of `pictured` by their evidence's ids, None or empty where one is broken."""
    made = _Report(snapshot, board, evidence, pictures, day)
    ending = f"ประจำปีงบประมาณ พ.ศ. {snapshot.plan.plan.fiscal_year}"
    return Document(f"{TITLE} {ending}", snapshot.plan.plan.office.name, tuple(made.blocks(f"{TITLE} {ending}")))


def _accepted(standing: ItemStanding, evidence: Sequence[EvidenceFacts]) -> list[EvidenceFacts]:
    return [one for one in evidence if one.id in standing.accepted_ids]


class _Report:
    def __init__(
        self, snapshot: Snapshot, board: Board, evidence: Sequence[EvidenceFacts],
        pictures: Mapping[int, Small | None], day: date,
    ) -> None:  # fmt: skip
        self.snapshot, self.board, self.evidence, self.pictures, self.day = snapshot, board, evidence, pictures, day
        self.shown = 0

    def blocks(self, title: str) -> list[Block]:
        plan = self.snapshot.plan.plan
        own = [one for one in self.board.items if one.item.kind in KINDS]
        done = sum(one.complete for one in own)
        blocks: list[Block] = [
            *memo(plan.office.name, "", long_day(self.day), title, commander_of(self.snapshot)),
            body(
                f"ตามที่ {plan.office.name} ได้กำหนดมาตรการยกระดับคุณธรรมและความโปร่งใสภายในหน่วยงาน "
                f"ประจำปีงบประมาณ พ.ศ. {plan.fiscal_year} นั้น"
            ),
            body(
                f"ณ วันที่ {long_day(self.day)} ได้ดำเนินการตามมาตรการของหน่วยงานครบถ้วนแล้ว {done} จาก {len(own)} มาตรการ "
                f"และ{OIT} {ACCEPTED}ร้อยละ {percent(self.snapshot.figures(self.day).accepted)} (ค่าเฉลี่ยรายข้อ) "
                "ปรากฏผลการดำเนินการ ดังนี้"
            ),
        ]
        parts = [(title, [one for one in own if one.item.kind is kind]) for kind, title in KINDS.items()]
        number = 0
        for title_of, items in parts:
            if items:
                number += 1
                blocks.append(heading(f"{number}. {title_of}", 1, size=BODY + 1, space=12.0))
                for one in items:
                    blocks += self._measure(one)
        blocks += [
            heading(f"{number + 1}. การจัดทำข้อมูลสาธารณะ (OIT)", 1, size=BODY + 1, space=12.0),
            self._oit(),
            body("จึงเรียนมาเพื่อโปรดทราบ", keep=True),
            *signature("", "", "ผู้รายงาน"),
        ]
        return blocks

    def _measure(self, standing: ItemStanding) -> list[Block]:
        item = standing.item
        parts = people.parts_of_item(self.snapshot, item.id)
        who = [f"- {word}: {', '.join(names)}" for word, names in parts.items()] or [f"- ({item.nobody})"]
        found: list[Block] = [
            heading(f"{item.code}  {item.title}", 2),
            *(plain(line.strip(), first=1.25) for line in item.demand.split("\n") if line.strip()),
            plain("ผู้รับผิดชอบ", first=1.25, space=3.0, keep=True),
            *(plain(line, indent=1.25) for line in who),
        ]
        accepted = _accepted(standing, self.evidence)
        if not accepted:
            text = f"ผลการดำเนินการ: ยังไม่มีหลักฐานที่ผ่านการตรวจรับ ณ วันที่ {long_day(self.day)}"
            return [*found, plain(text, first=1.25, space=3.0)]
        found.append(plain("ผลการดำเนินการ", first=1.25, space=3.0, keep=True))
        found += [plain(f"- {_told(one)}", indent=1.25) for one in accepted]
        for one in accepted:
            if one.format == "image":
                found += self._picture(one, item.title)
        return found

    def _picture(self, one: EvidenceFacts, title: str) -> list[Block]:
        if one.id not in self.pictures:
            return [plain(f"ภาพ “{one.file_name}” ไม่ได้แสดงไว้ในรายงานนี้ เนื่องจากมีภาพจำนวนมาก", indent=1.25)]
        small = self.pictures[one.id]
        if small is None or not small.content:
            return [plain(f"ภาพ “{one.file_name}” เปิดไม่ได้ จึงไม่ได้แสดงไว้ในรายงานนี้", indent=1.25)]
        self.shown += 1
        scale = min(WIDTH * 0.8 / small.width, TALLEST / small.height)
        caption = f"ภาพที่ {self.shown}  {one.note or title} ({long_day(day_of(one.at))})"
        return [Picture(small.content, caption, small.width * scale, small.height * scale)]

    def _oit(self) -> Table:
        rows: list[Row] = [
            (cell(one.item.code), cell(one.item.title),
             cell(f"{one.tally.accepted}/{one.tally.slots}", align=Align.center), cell(*stands(one)))
            for one in self.board.oit
        ]  # fmt: skip
        return Table((1.4, 8.2, 2.6, 3.8), head("ข้อ", "เรื่อง", "รับแล้ว/ทั้งหมด", "ผลการดำเนินการ"), tuple(rows))


def _told(one: EvidenceFacts) -> str:
    """What one piece is, in a line: its note, its name or address, and when it was handed in."""
    nothing = "ไม่มีข้อมูลที่ต้องรายงาน"
    what = {EvidenceKind.file: one.file_name, EvidenceKind.link: one.url, EvidenceKind.nil: nothing}[one.kind]
    said = " ".join(one.note.split())
    return f"{said + ' ' if said else ''}({what}) วันที่ {long_day(day_of(one.at))}"
