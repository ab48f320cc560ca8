"""What the office says to the assessor of its disputed items: drafted from the records, and as a document."""

from collections.abc import Sequence
from datetime import date

from ita_core.board.clarifications import Dispute, Ours, Piece, Standing
from ita_core.board.progress import SlotStanding, State
from ita_core.days import day_of
from ita_core.exports.documents.model import (
    Align,
    Block,
    Document,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    body,
    cell,
    head,
    heading,
    plain,
    signature,
)
from ita_core.exports.documents.words import long_day, short_day
from ita_core.exports.tables import in_thai
from ita_core.language import _
from ita_core.queries import Snapshot
from ita_core.thai import period_text
from ita_core.words import OUTCOMES, format_words, slot_place

TITLE = "คำชี้แจงเพิ่มเติมแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)"
DRAFT = "ร่าง"
NOT_APPROVED = "ผู้บังคับบัญชายังไม่ได้อนุมัติ ยังนำไปลงในระบบ ITAP ไม่ได้"
_MARK = "- "  # how a line of a list begins in the text


def drafted(dispute: Dispute, office: str) -> str:
    """The text to begin with, in official Thai whatever the screen speaks: each line a paragraph or one of a list.

    It says only what the records say, and of each the day: what was not done in time is left out, and how often an
    address did not open is told with how often it did.
    """
    with in_thai():
        ours, item = dispute.ours, dispute.ours.standing.item
        points = "" if dispute.first is None else f" ได้ {dispute.first:g} คะแนน จากคะแนนเต็ม 100 คะแนน"
        said = [
            f"ตามที่หน่วยประเมินได้แจ้งผลการตรวจแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT) ข้อ {item.code} {item.title}{points} นั้น "
            f"{office} ขอเรียนชี้แจงเพิ่มเติม ดังนี้"
        ]
        for number, (lead, lines) in enumerate([part for part in _parts(ours) if part[0]], 1):
            said += [f"{number}. {lead}", *(f"{_MARK}{line}" for line in lines)]
        judged = " โดยพิจารณาจากลิงก์ที่ให้ไว้ในระบบ ITAP ครั้งแรก" if ours.judged else ""
        return "\n".join([*said, f"จึงเรียนมาเพื่อโปรดพิจารณาทบทวนผลการให้คะแนนข้อ {item.code}{judged}"])


def _parts(ours: Ours) -> list[tuple[str, list[str]]]:
    """What is said, each with the lines below it; "" where the records do not say it.

    While the window is open nothing is over: then it says how it stands on the day, and of no closing.
    """
    closed = f"ณ วันที่ {long_day(ours.closed)}" if ours.still_open else f"ก่อนปิดรับข้อมูลวันที่ {long_day(ours.closed)}"
    shown = _accepted(ours)
    tally = ours.standing.tally
    whole = "ครบถ้วนทุกองค์ประกอบ" if tally.complete else f" {tally.accepted} จาก {tally.slots} รายการ"
    approved = ""
    if ours.approved and day_of(ours.approved[1]) <= ours.closed:
        by, at = ours.approved
        approved = f"ผู้บริหาร ({by}) ได้ตรวจสอบและอนุมัติข้อมูลเมื่อวันที่ {long_day(day_of(at))}"
    since, urls = ours.published or (None, ())
    published = f"เผยแพร่ข้อมูลบนเว็บไซต์ของหน่วยงานตั้งแต่วันที่ {long_day(since)}" if since else ""
    return [
        (f"หน่วยงานได้จัดทำข้อมูล{whole} และผู้ควบคุมได้ตรวจรับแล้ว{closed}" if shown else "", shown),
        (approved, []),
        (published, list(urls)),
        *_filed(ours, "" if ours.still_open else f"{closed} "),
        _looked(ours),
    ]


def _filed(ours: Ours, closed: str) -> list[tuple[str, list[str]]]:
    first, stood = ours.first_filed, ours.filed_at_close
    if first is None or stood is None:
        return []
    lead = f"ได้รายงานในระบบ ITAP เมื่อวันที่ {long_day(day_of(first.at))} {closed}ด้วยลิงก์ที่ให้ไว้ครั้งแรก ดังนี้"
    found = [(lead, list(first.urls))]
    if set(stood.urls) != set(first.urls):
        before = "" if ours.still_open else "ก่อนปิดรับข้อมูล "
        changed = f"ได้แก้ไขลิงก์ในระบบ ITAP เมื่อวันที่ {long_day(day_of(stood.at))} {before}เป็น"
        found.append((changed, list(stood.urls)))
    return found


def _looked(ours: Ours) -> tuple[str, list[str]]:
    lines: list[str] = []
    for one in () if ours.still_open else ours.looked:
        if one.url not in ours.judged or not (one.first_opened and one.last_opened):
            continue
        days = _days(day_of(one.first_opened), day_of(one.last_opened))
        line = f"{one.url} เปิดได้ {one.opened} ครั้ง จากที่ตรวจ {one.times} ครั้ง ({days})"
        if one.first_same and one.last_same:
            same = _days(day_of(one.first_same), day_of(one.last_same))
            line += f" และไฟล์ที่เผยแพร่ตรงกับไฟล์ที่ตรวจรับทุกไบต์ ({same})"
        lines.append(line)
    return ("ระบบของหน่วยงานได้ตรวจสอบลิงก์ดังกล่าวหลังปิดรับข้อมูล ปรากฏผลดังนี้" if lines else "", lines)


def _days(first: date, last: date) -> str:
    return f"วันที่ {long_day(first)}" if first == last else f"วันที่ {long_day(first)} ถึง {long_day(last)}"


def _accepted(ours: Ours) -> list[str]:
    """What was accepted of each requirement: its months and formats, and when; each file stands in the annex."""
    of: dict[int, list[SlotStanding]] = {}
    for one in ours.standing.slots:
        if one.state is State.accepted:
            of.setdefault(one.slot.requirement.id, []).append(one)
    return [_of_requirement(slots) for slots in of.values()]


def _of_requirement(slots: Sequence[SlotStanding]) -> str:
    months = dict.fromkeys(period_text(one.slot.key.period) for one in slots if one.slot.key.period)
    formats = format_words(one.slot.key.format for one in slots if one.slot.key.format)
    days = [one.accepted_on for one in slots if one.accepted_on]
    said = [slots[0].slot.requirement.title]
    said += [f"เดือน {', '.join(months)}"] if months else []
    said += [f"({formats})"] if formats else []
    said += [f"ตรวจรับ{_days(min(days), max(days))}"] if days else []
    return " ".join(said)


def _shows(one: Piece) -> str:
    """What a piece shows: each requirement with its months and formats."""
    of: dict[str, list[str]] = {}
    for slot in one.slots:
        of.setdefault(slot.slot.requirement.title, []).append(slot_place(slot.slot))
    return "; ".join(" ".join([title, ", ".join(filter(None, places))]).strip() for title, places in of.items())


def clarifications(snapshot: Snapshot, disputes: Sequence[Dispute], which: str = "") -> Document:
    """Those of the items that have a clarification, each from a page of its own; `which` is the code of the only one.

    What the commander has not approved as it stands says so above and in its title.
    """
    office, year = snapshot.plan.plan.office.name, snapshot.assessment.fiscal_year
    blocks: list[Block] = []
    for number, one in enumerate(disputes):
        blocks += [PageBreak()] if number else []
        blocks += _one(one, office, year)
    return Document(f"{TITLE} ประจำปีงบประมาณ พ.ศ. {year}", office, tuple(blocks), which)


def _one(dispute: Dispute, office: str, year: int) -> list[Block]:
    ours, item = dispute.ours, dispute.ours.standing.item
    assert dispute.clarifying is not None
    now = dispute.clarifying.now
    assert now is not None
    final = dispute.standing in {Standing.approved, Standing.answered}
    blocks: list[Block] = []
    if not final:
        blocks.append(Paragraph((Run(f"{DRAFT} ({NOT_APPROVED})", bold=True),), align=Align.center))
    blocks += [
        Paragraph((Run(TITLE, bold=True),), align=Align.center, size=18.0, level=1),
        plain(f"ประจำปีงบประมาณ พ.ศ. {year}", align=Align.center),
        plain(office, align=Align.center),
        heading(f"ข้อ {item.code} {item.title}", 2),
        *_facts(dispute),
        heading("คำชี้แจง", 3),
        *(_line(line) for line in now.text.split("\n") if line.strip()),
    ]  # fmt: skip
    word = now.decided
    if final and word:
        blocks.append(body(f"อนุมัติโดย {word.by} เมื่อวันที่ {long_day(day_of(word.at))}", keep=True))
    return [*blocks, *signature("", word.by if final and word else "", "ผู้อนุมัติ"), *_evidence(ours), *_checks(ours)]


def _line(line: str) -> Paragraph:
    """A line of the text: of a list drawn in whole, else a paragraph."""
    if line.startswith(_MARK):
        return plain(line, indent=1.2)
    return body(line)


def _facts(dispute: Dispute) -> list[Block]:
    ours = dispute.ours
    first = ours.first_filed
    known = [
        ("คะแนนที่หน่วยประเมินให้", "-" if dispute.first is None else f"{dispute.first:g}"),
        ("กำหนดชี้แจงภายใน", long_day(dispute.due) if dispute.due else "-"),
        ("ลงระบบ ITAP ครั้งแรก", long_day(day_of(first.at)) if first else "-"),
        ("ลิงก์ที่ให้ไว้ครั้งแรก", "\n".join(first.urls) if first else "-"),
    ]
    answer = dispute.clarifying.answer if dispute.clarifying else None
    if answer:
        known.append(("ผลการพิจารณา", f"{_(OUTCOMES[answer.outcome])} ({short_day(day_of(answer.at))})"))
        known.append(("คะแนนหลังชี้แจง", "คงเดิม" if answer.points is None else f"{answer.points:g}"))
    rows: list[Row] = [(cell(name, bold=True), cell(*said.split("\n"))) for name, said in known]
    return [Table((5.9, 10.1), head("รายการ", "รายละเอียด"), tuple(rows))]


def _evidence(ours: Ours) -> list[Block]:
    if not ours.pieces:
        return []
    rows = [
        (cell(str(number), align=Align.center), cell(one.name or "แจ้งว่าไม่มีเรื่องต้องรายงาน"), cell(_shows(one)),
         cell(short_day(one.accepted_on) if one.accepted_on else "-", align=Align.center))
        for number, one in enumerate(ours.pieces, 1)
    ]  # fmt: skip
    columns = head("ที่", "หลักฐาน", "แสดงข้อมูล", "ตรวจรับ")
    return [
        heading(f"หลักฐานที่ตรวจรับแล้ว ณ วันที่ {long_day(ours.closed)}", 3),
        Table((1.0, 5.6, 7.2, 2.2), columns, tuple(rows)),
    ]


def _checks(ours: Ours) -> list[Block]:
    looked = [one for one in ours.looked if one.url in ours.judged and one.times]
    if not looked:
        return []
    rows: list[Row] = []
    for one in looked:
        first = min(day_of(at) for at in (one.first_opened, one.first_failed) if at)
        last = max(day_of(at) for at in (one.last_opened, one.last_failed) if at)
        when = [short_day(first)] if first == last else [short_day(first), f"ถึง {short_day(last)}"]
        told = ([f"{one.opened}/{one.times}"], when, [f"{one.same} ครั้ง" if one.same else "-"])
        rows.append((cell(one.url), *(cell(*lines, align=Align.center) for lines in told)))
    columns = head("ลิงก์ที่หน่วยประเมินใช้พิจารณา", "เปิดได้/\nตรวจ (ครั้ง)", "ระหว่างวันที่", "ตรงกับไฟล์\nที่ตรวจรับ")
    return [heading("ผลการตรวจสอบลิงก์หลังปิดรับข้อมูล", 3), Table((8.2, 2.4, 3.0, 2.4), columns, tuple(rows))]
