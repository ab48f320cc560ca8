"""What several documents say of an item: when it is due in the plan's own words, how it stands, what it lacks."""

from collections.abc import Iterable, Sequence

from ita_core import words
from ita_core.board import progress, turns, workload
from ita_core.board.headline import Figures
from ita_core.board.progress import Board, ItemFacts, ItemStanding, SlotStanding
from ita_core.exports.documents.words import long_day
from ita_core.language import _
from ita_core.models import DutyKind, ItemKind
from ita_core.plan.plan import Plan
from ita_core.queries import PartyFacts, Snapshot

OIT, MEASURES, ACCEPTED = "ข้อมูลสาธารณะ (OIT)", "มาตรการของหน่วยงาน", "รับแล้ว"
KINDS = {  # the office's measures, in the order in which its own measure has them
    ItemKind.preparation: "การชี้แจงและให้ข้อมูลเกี่ยวกับการประเมิน",
    ItemKind.service: "การพัฒนาระดับการให้บริการ (One Stop Service)",
    ItemKind.communication: "การสื่อสาร บทบาทภารกิจและผลการปฏิบัติงานให้กับผู้มารับบริการได้รับทราบ",
    ItemKind.website: "การจัดทำเว็บไซต์/ปรับปรุงข้อมูลให้เป็นปัจจุบัน",
    ItemKind.supervision: "การกำกับติดตาม การเผยแพร่ข้อมูลสาธารณะ",
}


def by_when(plan: Plan, item: ItemFacts) -> str:
    """The plan's own words for when; its day where it has none, "" where it has neither."""
    deadlines = plan.deadlines
    groups = [(one.says, one.items) for one in deadlines.once]
    groups += [(one.says, one.items) for one in (deadlines.monthly, deadlines.continuous)]
    says = next((says for says, items in groups if item.code in items and says), "")
    if says and item.code not in deadlines.own:
        return says
    if item.kind is not ItemKind.oit and item.code not in deadlines.own:
        return f"ดำเนินการต่อเนื่อง ภายในวันที่ {long_day(plan.measures_close)}"
    return f"ดำเนินการเสร็จสิ้น ภายในวันที่ {long_day(item.due)}" if item.due else ""


def stands(standing: ItemStanding) -> list[str]:
    """How an item stands, a line each: its stage, and what is overdue of it."""
    late = standing.tally.overdue
    return [words.stage_word(standing), *([f"{_(words.OVERDUE)} {late} ช่อง"] if late else [])]


def against_plan(now: Figures) -> str:
    """What is accepted of the disclosure items beside what was planned, as the overview counts both."""
    points = round((now.accepted - now.planned) * 100, 1)
    said = _("as planned")
    if points:
        said = _("{points} points behind plan") if points < 0 else _("{points} points ahead of plan")
    return (
        f"{OIT} {ACCEPTED}ร้อยละ {percent(now.accepted)} (ค่าเฉลี่ยรายข้อ) เทียบกับแผนร้อยละ {percent(now.planned)} "
        f"({said.format(points=abs(points))})"
    )


def open_work(now: Figures) -> str:
    """What is overdue of the disclosure items, and what waits for whom: the overview's figures in its words."""
    waits = [
        f"{_('Waiting for review')} {now.waiting} ชิ้น",
        f"{_('Waiting for the commander')} {len(now.to_approve)} ข้อ",
    ]
    return " ".join([_overdue(now.overdue_slots, now.overdue_items, now.overdue_officers), *waits])


def own_measures(board: Board) -> str:
    """How the office's own measures stand, which the overview's figures leave out; "" where it has none."""
    own = [one for one in board.items if one.item.kind in KINDS]
    tally, late = workload.totals(own), progress.overdue_parts(own)
    if not own:
        return ""
    done = sum(one.complete for one in own)
    return (
        f"{MEASURES} {ACCEPTED} {tally.accepted} จาก {tally.slots} ช่อง ครบถ้วน {done} จาก {len(own)} มาตรการ "
        f"{_overdue(*late, len(turns.late(own)))}"
    )


def _overdue(slots: int, items: int, officers: int) -> str:
    if not slots:
        return "ไม่มีรายการเกินกำหนด"
    said = _("{slots} slots overdue in {items} items of {officers} officers")
    return said.format(slots=slots, items=items, officers=officers)


def lacking(slots: Iterable[SlotStanding]) -> list[str]:
    """The slots in words, those of one requirement together: งานสืบสวนปราบปราม (ก.พ. 68 · PDF, ก.พ. 68 · Word)."""
    grouped: dict[str, list[str]] = {}
    for one in slots:
        grouped.setdefault(one.slot.requirement.title, []).append(words.slot_place(one.slot))
    return [f"{title} ({', '.join(places)})" if any(places) else title for title, places in grouped.items()]


def commander_of(snapshot: Snapshot) -> str:
    """To whom papers go: the post `commander` of the plan, else the head of the office."""
    posts: list[PartyFacts] = [one for one in snapshot.parties if one.key == "commander"]
    return posts[0].name if posts else "หัวหน้าหน่วยงาน"


def preparers(snapshot: Snapshot, item: ItemFacts) -> list[str]:
    """Who prepares an item, as the plan names them: officers, posts and teams; else why nobody is named."""
    return [one.full for one in snapshot.named(item.id, DutyKind.prepare)] or [item.nobody]


def whose(snapshot: Snapshot, standing: ItemStanding, slots: Sequence[SlotStanding]) -> list[str]:
    """Whose turn it is with these slots: the officers; where nobody acts for a team, the team."""
    turn = turns.turn(standing.item, slots)
    return names(snapshot, dict.fromkeys([*turn.hand_in, *turn.decide])) or preparers(snapshot, standing.item)


def names(snapshot: Snapshot, officers: Iterable[int]) -> list[str]:
    """The officers by their ids, with rank."""
    return [snapshot.people[one].full for one in officers if one in snapshot.people]


def percent(share: float) -> str:
    """61.5 for 0.615."""
    return f"{share * 100:.1f}"
