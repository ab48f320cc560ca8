"""What each officer has to do by when: a list for each of them, begun on a page of its own."""

from ita_core.board.progress import Board
from ita_core.exports.documents.model import (
    Align,
    Block,
    Document,
    PageBreak,
    Row,
    Table,
    body,
    cell,
    head,
    heading,
    people,
    plain,
)
from ita_core.exports.documents.plan_words import by_when, preparers, stands
from ita_core.exports.documents.words import long_day, span_lines
from ita_core.queries import PartyFacts, Snapshot

TITLE = "บัญชีมอบหมายงานรายบุคคล"


def assignments(snapshot: Snapshot, board: Board, only: int | None = None) -> Document:
    """Of every officer with a duty, by rank; `only` one of them, by id, whoever has no duty too."""
    plan = snapshot.plan.plan
    ending = f"ประจำปีงบประมาณ พ.ศ. {plan.fiscal_year}"
    blocks: list[Block] = []
    for officer in snapshot.officers:
        if only is not None and officer.id != only:
            continue
        parts = _parts(snapshot, board, officer)
        if parts or only is not None:
            title = heading(TITLE, align=Align.center, size=20.0)
            under = heading(f"การประเมินคุณธรรมและความโปร่งใส (ITA) {ending}", 2, align=Align.center)
            what = [f"{officer.full}", *([officer.title] if officer.title else [])]
            blocks += [*([PageBreak()] if blocks else []), title, under, plain("  ".join(what), space=12.0, keep=True)]
            blocks.append(plain(f"{plan.office.name}  ข้อมูล ณ วันที่ {long_day(board.day)}", keep=True))
            blocks += parts or [body("ไม่มีงานที่ได้รับมอบหมายตามแผนในวันดังกล่าว")]
    if not blocks:
        blocks = [heading(TITLE, align=Align.center), body("ไม่มีผู้ได้รับมอบหมายตามแผนในวันดังกล่าว")]
    return Document(f"{TITLE} {ending}", plan.office.name, tuple(blocks))


def _parts(snapshot: Snapshot, board: Board, officer: PartyFacts) -> list[Block]:
    plan = snapshot.plan.plan
    makes: list[Row] = []
    checks: list[Row] = []
    for one in board.items:
        item = one.item
        if officer.id in item.preparers:
            wanted = [f"- {requirement.title}" for requirement in item.requirements]
            done = cell(f"{one.tally.accepted}/{one.tally.slots}", *stands(one), align=Align.center)
            makes.append((cell(item.code), cell(item.title, *wanted), cell(by_when(plan, item)), done))
        if officer.id in item.supervisors:
            done = cell(f"{one.tally.accepted}/{one.tally.slots}", *stands(one), align=Align.center)
            checks.append(
                (cell(item.code), cell(item.title), people(preparers(snapshot, item)), cell(by_when(plan, item)), done)
            )
    steps: list[Row] = [
        (cell(step.phase), cell(step.title), cell(*span_lines(step.starts, step.ends)))
        for step in snapshot.steps
        if officer.id in step.officers
    ]
    found: list[Block] = []
    results = "รับแล้ว/ทั้งหมด\nและสถานะ"
    for title, table in (
        ("จัดทำข้อมูล", Table((1.1, 7.9, 4.0, 3.0), head("ข้อ", "สิ่งที่ต้องจัดทำ", "กำหนด", results), tuple(makes))),
        (
            "ควบคุมและติดตามข้อมูล",
            Table((1.1, 3.9, 5.3, 2.8, 2.9), head("ข้อ", "เรื่อง", "ผู้จัดทำข้อมูล", "กำหนด", results), tuple(checks)),
        ),
        ("ขั้นตอนตามกรอบระยะเวลา", Table((5.0, 7.4, 3.6), head("ช่วง", "ขั้นตอน", "ช่วงระยะเวลา"), tuple(steps))),
    ):
        if table.rows:
            found += [heading(f"{len(found) // 2 + 1}. {title}", 2, space=12.0), table]
    return found
