"""PURE: what concerns one person on a day: what they have to do, and what happened to what is theirs.

The one list that the bell, its page and every channel show (issue 15). It follows from the records like everything
else; only what was seen of it is kept, by `Notice.key`. What changes so that somebody has to be told anew (an item
that was due in a week is due tomorrow, a directive that was opened again) has another key.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum

from ita_core.board import commander, directives, turns
from ita_core.board.clarifications import Clarifying, Standing
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.links import Fault, Link
from ita_core.board.progress import Board, ItemFacts, ItemStanding, Records, SlotStanding, latest
from ita_core.board.steps import StepStanding, overdue

SOON = timedelta(days=7)
TOMORROW = timedelta(days=1)


class NoticeKind(Enum):
    """What a notice is about, the most urgent first."""

    returned = "returned"  # what they handed in came back
    sent_back = "sent_back"  # the commander wants them to look at an item again
    clarify_anew = "clarify_anew"  # a clarification that they wrote came back from the commander
    overdue = "overdue"
    due_tomorrow = "due_tomorrow"  # or today
    ordered = "ordered"  # a directive to carry out
    step = "step"  # a step of the calendar that they lead is past its last day
    question = "question"  # somebody asked about evidence, and it is theirs to answer
    clarify = "clarify"  # a clarification waits for their approval
    approve = "approve"  # an item waits for their approval
    reported = "reported"  # a directive of theirs is said to be done
    decide = "decide"  # evidence waits for their review
    lapsed = "lapsed"  # an item was approved, and its evidence has changed since
    broken_link = "broken_link"  # where they published something it can't be seen, or not the same
    due_soon = "due_soon"  # within seven days
    plan = "plan"  # the plan changed for them


@dataclass(frozen=True, slots=True)
class Asked:
    """A piece of evidence about which the other side wrote last: the item's code, and of the message its id, who and
    when."""

    item: str
    message: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that concerns somebody. `mark` tells it from an earlier one of its kind about the same."""

    kind: NoticeKind
    subject: str  # the item's title, the directive's words; "" where the kind says all
    item: str = ""  # its code
    due: date | None = None
    number: int = 1  # of slots, pieces or addresses
    mark: str = ""
    asked: Asked | None = None  # of a question: the last one

    @property
    def key(self) -> str:
        """By which it is known that somebody saw it."""
        return f"{self.kind.value}:{self.item}:{self.mark}"


@dataclass(frozen=True, slots=True)
class Whose:
    """For whom the list is. `reads_all` is not asked: what one may look at does not yet concern one."""

    officer_id: int | None
    account_id: int = 0
    commands: bool = False
    keeps_itap: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """What the list follows from, each as it stood on the day and as far as this person may read it."""

    board: Board
    records: Records  # those that the board was made from
    given: Sequence[DirectiveFacts]
    faults: Sequence[tuple[Fault, Link]]
    revisions: Sequence[tuple[int, str]]  # the plan's revisions that touch them: number and note, the newest first
    steps: Sequence[StepStanding] = ()  # of the calendar
    clarifying: Mapping[int, Clarifying] = field(default_factory=dict)  # by item
    asked: Sequence[Asked] = ()  # what waits for their answer


def notices(who: Whose, what: Happened, day: date) -> list[Notice]:
    """What concerns them on the day, the most urgent first, then by due date, then in the plan's order."""
    found = [
        *_of_officer(who, what, day), *_links(who, what), *_clarified(who, what), *_questions(what),
        *(_of_commander(who, what, day) if who.commands else ()),
    ]  # fmt: skip
    order = list(NoticeKind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.due or date.max))


def _of_officer(who: Whose, what: Happened, day: date) -> Iterator[Notice]:
    officer = who.officer_id
    if officer is None:
        return
    for one in what.board.items:
        if officer in one.item.preparers:
            yield from _owed(one, day)
    yield from _supervised(officer, what)
    for order in directives.still_open(what.given):
        if officer in order.officers and order.state() is DirectiveState.open:
            yield Notice(
                NoticeKind.ordered, order.text, order.item_code, order.due,
                mark=f"{order.id}.{len(order.happenings)}.{_nearness(order.due, day).value}",
            )  # fmt: skip
    for step in overdue(what.steps, officer):
        yield _late_step(step)
    for number, note in what.revisions:
        yield Notice(NoticeKind.plan, note, mark=str(number))


def _owed(one: ItemStanding, day: date) -> Iterator[Notice]:
    """What came back, by the piece; what is missing, by the day that it is due."""
    back: dict[int, list[SlotStanding]] = {}
    missing: dict[date, list[SlotStanding]] = {}
    for slot in one.slots:
        if slot.returned_id is not None:
            back.setdefault(slot.returned_id, []).append(slot)
        elif turns.owes(slot) and slot.slot.due is not None and slot.slot.due - day <= SOON:
            missing.setdefault(slot.slot.due, []).append(slot)
    for piece, slots in back.items():
        dues = [slot.slot.due for slot in slots if slot.slot.due]
        yield _about(one.item, NoticeKind.returned, min(dues, default=None), len(slots), str(piece))
    for due, slots in missing.items():
        yield _about(one.item, _nearness(due, day), due, len(slots), due.isoformat())


def _supervised(officer: int, what: Happened) -> Iterator[Notice]:
    sent = latest(what.records.send_backs)
    pieces: dict[int, list[int]] = {}
    of_day = [one.item for one in what.board.items]
    for piece in turns.to_decide(of_day, what.records.hand_ins).get(officer, ()):
        pieces.setdefault(piece.item_id, []).append(piece.id)
    for one in what.board.items:
        if officer not in one.item.supervisors:
            continue
        if one.sent_back:
            yield _about(one.item, NoticeKind.sent_back, one.item.due, 1, _moment(sent.get(one.item.id)))
        if waiting := pieces.get(one.item.id):
            yield _about(one.item, NoticeKind.decide, one.item.due, len(waiting), str(max(waiting)))
        if one.approval_lapsed:
            yield _about(one.item, NoticeKind.lapsed, one.item.due, 1, one.fingerprint)


def _links(who: Whose, what: Happened) -> Iterator[Notice]:
    """Of whoever publishes all, and of those who prepare the item."""
    items = {one.item.id: one.item for one in what.board.items}
    of_item: dict[int, list[tuple[Fault, Link]]] = {}
    for fault, link in what.faults:
        item = items.get(link.item_id)
        if item is not None and (who.keeps_itap or who.officer_id in item.preparers):
            of_item.setdefault(item.id, []).append((fault, link))
    for number, listed in of_item.items():
        which = "\n".join(sorted(f"{fault.value} {link.url}" for fault, link in listed))
        mark = hashlib.sha256(which.encode()).hexdigest()  # addresses are long, and are nobody's business in a log
        yield _about(items[number], NoticeKind.broken_link, None, len(listed), mark)


def _clarified(who: Whose, what: Happened) -> Iterator[Notice]:
    """What the commander sent back, of whoever wrote it."""
    for one in what.board.items:
        known = what.clarifying.get(one.item.id)
        now = known.now if known else None
        if now and now.account_id == who.account_id and now.standing is Standing.returned:
            yield _about(one.item, NoticeKind.clarify_anew, now.due, 1, str(now.id))


def _questions(what: Happened) -> Iterator[Notice]:
    """What waits for their answer, by item; told anew with each further question."""
    items = {one.item.code: one.item for one in what.board.items}
    of_item: dict[str, list[Asked]] = {}
    for one in what.asked:
        of_item.setdefault(one.item, []).append(one)
    for code, listed in of_item.items():
        if code in items:
            last = max(listed, key=lambda one: one.message)
            about = _about(items[code], NoticeKind.question, None, len(listed), str(last.message))
            yield replace(about, asked=last)


def _late_step(one: StepStanding) -> Notice:
    return Notice(
        NoticeKind.step, one.step.title, due=one.step.ends, mark=f"{one.step.position} {one.step.ends.isoformat()}"
    )


def _of_commander(who: Whose, what: Happened, day: date) -> Iterator[Notice]:
    found = commander.waiting(
        what.board, what.given, day, steps=what.steps, officer=who.officer_id, account=who.account_id,
        clarifying=what.clarifying,
    )  # fmt: skip
    for step in found.steps:
        if who.officer_id is None or who.officer_id not in step.step.officers:  # those are told of an officer already
            yield _late_step(step)
    for one in found.clarify:
        now = what.clarifying[one.item.id].now
        yield _about(one.item, NoticeKind.clarify, now.due if now else None, 1, str(now.id if now else ""))
    for one in found.approve:
        yield _about(one.item, NoticeKind.approve, one.item.due, 1, one.fingerprint)
    for order in found.reported:
        mark = f"{order.id}.{len(order.happenings)}"
        yield Notice(NoticeKind.reported, order.text, order.item_code, order.due, mark=mark)
    approving = {one.item.id for one in found.approve}
    for one in what.board.items:
        if one.approval_lapsed and one.item.id not in approving:
            yield _about(one.item, NoticeKind.lapsed, one.item.due, 1, one.fingerprint)


def _nearness(due: date, day: date) -> NoticeKind:
    """Overdue, due tomorrow or today, or later; a directive too is told anew when it comes near."""
    if due < day:
        return NoticeKind.overdue
    return NoticeKind.due_tomorrow if due - day <= TOMORROW else NoticeKind.due_soon


def _about(item: ItemFacts, kind: NoticeKind, due: date | None, number: int, mark: str) -> Notice:
    return Notice(kind, item.title, item.code, due, number, mark)


def _moment(event: object) -> str:
    at = getattr(event, "at", None)
    return at.isoformat() if at else ""


def place(notice: Notice) -> str:
    """The address, within the product, where something can be done about it."""
    match notice.kind:
        case NoticeKind.decide:
            return "/review"
        case NoticeKind.ordered:
            return "/directives"
        case NoticeKind.reported:
            return "/directives?state=reported"
        case NoticeKind.plan:
            return "/my_work"
        case NoticeKind.step:
            return f"/timeline?step={notice.mark.split()[0]}"
        case NoticeKind.clarify | NoticeKind.clarify_anew:
            return f"/clarifications?item={notice.item}"
    return f"/item?item={notice.item}"


def unseen(listed: Iterable[Notice], seen: Collection[str]) -> list[Notice]:
    """Those that the person has not seen yet."""
    return [one for one in listed if one.key not in seen]
