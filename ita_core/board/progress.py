"""Where everything stands on a day, derived from slots and the records that fill them. PURE: no database, no clock.

Design, section 2: nobody types a status in; any day can be asked about. The day and the rows come in as arguments,
plain values go out. Moments are aware datetimes, days are calendar days in Thailand.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from itertools import product
from typing import NamedTuple

from ita_core.days import day_of, end_of, happened
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind


class State(Enum):
    accepted = "accepted"
    waiting = "waiting"
    returned = "returned"
    missing = "missing"


class Stage(Enum):
    """In their order; `returned` and `overdue` are flags beside the stage."""

    not_started = "not_started"
    preparing = "preparing"
    in_review = "in_review"
    complete = "complete"
    approved = "approved"
    published = "published"
    filed = "filed"


# --- what comes in ---------------------------------------------------------------------------------------------------


class SlotKey(NamedTuple):
    """Names one slot for good; empty period, format or language where the requirement demands none."""

    requirement_id: int
    period: str = ""
    format: str = ""
    language: str = ""
    ordinal: int = 1


@dataclass(frozen=True, slots=True)
class RequirementFacts:
    """A requirement of an item, and when each of its slots is due."""

    id: int
    key: str
    title: str
    cadence: Cadence
    periods: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    minimum: int = 1
    nil_allowed: bool = False
    dues: Mapping[str, date] | None = None  # period, or "" without periods
    note: str = ""
    first_dues: Mapping[str, date] | None = None  # as first planned, where a date was moved since
    own: bool = False  # the office's own, or changed by it


@dataclass(frozen=True)
class ItemFacts:
    """An item of the framework, or a measure of the office, as the plan has it."""

    id: int
    code: str
    title: str
    kind: ItemKind
    cadence: Cadence
    requirements: tuple[RequirementFacts, ...]
    indicator: int | None = None
    due: date | None = None
    preparers: tuple[int, ...] = ()  # ids of the officers who prepare, themselves or for a post or team
    supervisors: tuple[int, ...] = ()
    instrument: str | None = None  # the one that a measure serves
    demand: str = ""  # what must be shown, in the document's words
    nobody: str = ""  # why nobody of the office is named, where nobody is
    own: bool = False  # the office departs from the framework
    assumed: str = ""  # the framework that it was carried over from, until it was held against this year's manual
    lineage: str = ""  # what it is through the years, whatever its code; "" is the code
    came_of: tuple[str, ...] = ()  # the lineages of earlier years that it is a part of, or was made of

    @cached_property
    def slots(self) -> tuple["Slot", ...]:
        """Every slot of the item, in the order of its requirements."""
        return tuple(slot for requirement in self.requirements for slot in slots_of(requirement))


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell that a requirement expects filled, and when it is due; None: no day is set."""

    key: SlotKey
    requirement: RequirementFacts
    due: date | None

    @property
    def first_due(self) -> date | None:
        """The due date as first planned; the same as `due` unless the plan was changed."""
        return (self.requirement.first_dues or {}).get(self.key.period, self.due)


@dataclass(frozen=True, slots=True)
class HandIn:
    """One evidence with what became of it: never edited, so each event stands with its moment."""

    id: int
    item_id: int
    kind: EvidenceKind
    slots: tuple[SlotKey, ...]
    at: datetime
    officer_id: int | None
    content: str  # hash of the file, the address, or the statement
    withdrawn_at: datetime | None = None
    reviewed_at: datetime | None = None
    decision: Decision | None = None
    reviewer_id: int | None = None  # the officer who decided

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision: none was made, and it was not taken back."""
        return self.decision is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """An approval (with the fingerprint it was given for), a publication or a filing."""

    item_id: int
    at: datetime
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """What was recorded on the items: nothing of it is ever changed."""

    hand_ins: Sequence[HandIn] = ()
    approvals: Sequence[ItemEvent] = ()
    publications: Sequence[ItemEvent] = ()
    filings: Sequence[ItemEvent] = ()


# --- what comes out --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlotStanding:
    """How one slot stands on a day."""

    slot: Slot
    state: State
    overdue: bool  # not accepted, and due before the day
    late: bool  # accepted, but after it was due
    days_late: int  # whole days between due and the day asked about (overdue) or the acceptance (late); 0 otherwise
    evidence_id: int | None  # what the state rests on
    replacing_id: int | None = None  # a newer hand-in that waits beside an accepted one
    returned_id: int | None = None  # what came back last and was not handed in anew, beside an accepted one too
    handed_in_on: date | None = None  # the first time
    accepted_on: date | None = None  # the first time
    sender_id: int | None = None  # the officer who handed in what waits, where it waits


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of slots; accepted + waiting + returned + missing = slots."""

    slots: int = 0
    accepted: int = 0
    waiting: int = 0
    returned: int = 0
    missing: int = 0
    overdue: int = 0
    late: int = 0
    overdue_open: int = 0  # overdue, and nothing waits to be decided: what the officer owes

    @property
    def progress(self) -> float:
        """Accepted slots over slots, 0–1; 0 where there is no slot."""
        return self.accepted / self.slots if self.slots else 0.0

    @property
    def on_time(self) -> float | None:
        """Share (0–1) of accepted slots that were accepted by their due date; None before any was accepted."""
        return 1 - self.late / self.accepted if self.accepted else None


@dataclass(frozen=True)
class ItemStanding:
    """How an item stands on a day: its slots, their numbers, and the stage that follows from them."""

    item: ItemFacts
    slots: tuple[SlotStanding, ...]
    tally: Tally
    stage: Stage
    fingerprint: str  # of the accepted evidence; what an approval is bound to
    approval_lapsed: bool  # approved once, but the evidence has changed since
    complete_since: datetime | None

    @property
    def progress(self) -> float:
        """Accepted slots over slots, 0–1."""
        return self.tally.progress

    @property
    def accepted_ids(self) -> set[int]:
        """The ids of the evidence that fills its accepted slots."""
        return {slot.evidence_id for slot in self.slots if slot.state is State.accepted and slot.evidence_id}

    @property
    def days_late(self) -> int:
        """Days of the longest overdue slot; 0 where none is."""
        return max((slot.days_late for slot in self.slots if slot.overdue), default=0)


@dataclass(frozen=True)
class Board:
    """All items on one day."""

    day: date
    items: tuple[ItemStanding, ...]
    before: datetime | None = None  # records count before this moment; None: all do

    @cached_property
    def by_code(self) -> dict[str, ItemStanding]:
        """The items by their codes."""
        return {standing.item.code: standing for standing in self.items}

    @cached_property
    def oit(self) -> tuple[ItemStanding, ...]:
        """The disclosure items O1–O24: what the headline figures speak of."""
        return tuple(standing for standing in self.items if standing.item.kind is ItemKind.oit)


# --- how it is derived -----------------------------------------------------------------------------------------------


def slots_of(requirement: RequirementFacts) -> tuple[Slot, ...]:
    """The slots a requirement expects filled: period × format × language × number."""
    dues = requirement.dues or {}
    return tuple(
        Slot(SlotKey(requirement.id, period, fmt, lang, number), requirement, dues.get(period))
        for period, fmt, lang, number in product(
            requirement.periods or ("",),
            requirement.formats or ("",),
            requirement.languages or ("",),
            range(1, requirement.minimum + 1),
        )
    )


def shown_day(asked: date, year_starts: date, year_ends: date) -> date:
    """The day of the fiscal year that is shown for any day: its first before it begins, its last once it is over.

    Design, section 2: today is the day shown at first; what is asked for is moved into the year the same way.
    """
    return min(max(asked, year_starts), year_ends)


def until(day: date, year_ends: date) -> datetime | None:
    """The moment before which records count for a day; None: all count.

    The year's last day stands for the closed year with whatever was still recorded afterwards: work that is handed in
    after the year must show on the board, and there is no later day to show it on.
    """
    return None if day >= year_ends else end_of(day)


def as_of(records: Records, moment: datetime | None) -> Records:
    """The records as they stood just before `moment`; all of them for None."""
    if moment is None:
        return records

    def then(hand_in: HandIn) -> HandIn:
        withdrawn = hand_in.withdrawn_at if happened(hand_in.withdrawn_at, moment) else None
        reviewed = happened(hand_in.reviewed_at, moment)
        if withdrawn is hand_in.withdrawn_at and reviewed == (hand_in.reviewed_at is not None):
            return hand_in
        return HandIn(
            hand_in.id, hand_in.item_id, hand_in.kind, hand_in.slots, hand_in.at, hand_in.officer_id, hand_in.content,
            withdrawn, hand_in.reviewed_at if reviewed else None, hand_in.decision if reviewed else None,
            hand_in.reviewer_id if reviewed else None,
        )  # fmt: skip

    def before(events: Iterable[ItemEvent]) -> list[ItemEvent]:
        return [event for event in events if happened(event.at, moment)]

    return Records(
        [then(hand_in) for hand_in in records.hand_ins if happened(hand_in.at, moment)],
        before(records.approvals),
        before(records.publications),
        before(records.filings),
    )


def board(
    items: Sequence[ItemFacts], records: Records, *, day: date, year_ends: date, moment: datetime | None = None
) -> Board:
    """How every item stands at the end of `day`, or, with a `moment` of that day, just before it."""
    before = moment or until(day, year_ends)
    known = as_of(records, before)
    by_item: dict[int, list[HandIn]] = {}
    for hand_in in known.hand_ins:
        if hand_in.withdrawn_at is None:
            by_item.setdefault(hand_in.item_id, []).append(hand_in)
    approvals, publications, filings = map(_latest, (known.approvals, known.publications, known.filings))

    def standing(item: ItemFacts) -> ItemStanding:
        mine = by_item.get(item.id, [])
        return _item_standing(item, mine, day, approvals.get(item.id), publications.get(item.id), filings.get(item.id))

    return Board(day, tuple(map(standing, items)), before)


def _latest(events: Iterable[ItemEvent]) -> dict[int, ItemEvent]:
    return {event.item_id: event for event in sorted(events, key=lambda event: event.at)}


def _item_standing(
    item: ItemFacts,
    hand_ins: Sequence[HandIn],
    day: date,
    approval: ItemEvent | None,
    publication: ItemEvent | None,
    filing: ItemEvent | None,
) -> ItemStanding:
    covering: dict[SlotKey, list[HandIn]] = {}
    for hand_in in sorted(hand_ins, key=lambda hand_in: (hand_in.at, hand_in.id)):
        for key in hand_in.slots:
            covering.setdefault(key, []).append(hand_in)
    slots = tuple(_slot_standing(slot, covering.get(slot.key, []), day) for slot in item.slots)
    tally = tally_of(slots)
    content = {hand_in.id: hand_in.content for hand_in in hand_ins}
    mark = _fingerprint(slots, content)
    complete = tally.slots > 0 and tally.accepted == tally.slots
    approved = complete and approval is not None and approval.fingerprint == mark
    # Each step is for what the step before it was for: a new approval wants a new publication, that a new filing.
    published = approved and publication is not None and approval is not None and publication.at >= approval.at
    if published:
        filed = filing is not None and publication is not None and filing.at >= publication.at
        stage = Stage.filed if filed else Stage.published
    elif approved:
        stage = Stage.approved
    elif complete:
        stage = Stage.complete
    elif not hand_ins:
        stage = Stage.not_started
    elif tally.accepted + tally.waiting == tally.slots:
        stage = Stage.in_review
    else:
        stage = Stage.preparing
    reviews = [hand_in.reviewed_at for hand_in in hand_ins if hand_in.decision is Decision.accepted]
    return ItemStanding(
        item=item,
        slots=slots,
        tally=tally,
        stage=stage,
        fingerprint=mark,
        approval_lapsed=approval is not None and not approved,
        complete_since=max((at for at in reviews if at), default=None) if complete else None,
    )


def _slot_standing(slot: Slot, hand_ins: Sequence[HandIn], day: date) -> SlotStanding:
    """`hand_ins` cover the slot, none withdrawn, oldest first.

    What was accepted stays accepted until a newer evidence is accepted in its place; so neither handing in nor
    reviewing ever lowers progress. Otherwise one that waits counts before one that was returned: there is something
    to decide.
    """
    accepted = [hand_in for hand_in in hand_ins if hand_in.decision is Decision.accepted]
    waiting = [hand_in for hand_in in hand_ins if hand_in.decision is None]
    came_back = hand_ins[-1].id if hand_ins and hand_ins[-1].decision is Decision.returned and not waiting else None
    handed_in_on = day_of(hand_ins[0].at) if hand_ins else None
    if accepted:
        accepted_on = day_of(min(hand_in.reviewed_at for hand_in in accepted if hand_in.reviewed_at))
        days = (accepted_on - slot.due).days if slot.due else 0
        return SlotStanding(
            slot,
            State.accepted,
            overdue=False,
            late=days > 0,
            days_late=max(days, 0),
            evidence_id=accepted[-1].id,
            replacing_id=waiting[-1].id if waiting else None,
            returned_id=came_back,
            handed_in_on=handed_in_on,
            accepted_on=accepted_on,
        )
    days = (day - slot.due).days if slot.due else 0
    state = State.waiting if waiting else State.returned if hand_ins else State.missing
    basis = (waiting or hand_ins)[-1].id if hand_ins else None
    return SlotStanding(
        slot,
        state,
        overdue=days > 0,
        late=False,
        days_late=max(days, 0),
        evidence_id=basis,
        returned_id=came_back if state is State.returned else None,
        handed_in_on=handed_in_on,
        sender_id=waiting[-1].officer_id if waiting else None,
    )


def tally_of(slots: Iterable[SlotStanding]) -> Tally:
    """The numbers of slots in each state."""
    counts = dict.fromkeys(State, 0)
    overdue = late = owed = 0
    for slot in slots:
        counts[slot.state] += 1
        overdue += slot.overdue
        late += slot.late
        owed += slot.overdue and slot.state is not State.waiting
    return Tally(
        slots=sum(counts.values()),
        accepted=counts[State.accepted],
        waiting=counts[State.waiting],
        returned=counts[State.returned],
        missing=counts[State.missing],
        overdue=overdue,
        late=late,
        overdue_open=owed,
    )


def _fingerprint(slots: Iterable[SlotStanding], content: Mapping[int, str]) -> str:
    """SHA-256 over each accepted slot's key and the content that fills it; "" where nothing is accepted."""
    lines = sorted(
        f"{tuple(slot.slot.key)} {slot.evidence_id} {content[slot.evidence_id]}"
        for slot in slots
        if slot.state is State.accepted and slot.evidence_id is not None
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


# --- sums and comparisons --------------------------------------------------------------------------------------------


def mean(values: Iterable[float]) -> float:
    """The plain mean; 0 for nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def accepted_share(items: Sequence[ItemStanding]) -> float:
    """The mean of the items' progress, 0–1: every item weighs the same, as it does for the assessor."""
    return mean(standing.progress for standing in items)


def planned_share(items: Iterable[ItemFacts], day: date) -> float:
    """What should be accepted by the end of `day`, 0–1: the mean over items of the share of slots due by then."""
    return mean(
        sum(1 for slot in item.slots if slot.due and slot.due <= day) / len(item.slots) for item in items if item.slots
    )


def indicator_shares(items: Iterable[ItemStanding]) -> dict[int, float]:
    """Indicator number → mean of its items' progress, 0–1."""
    grouped: dict[int, list[ItemStanding]] = {}
    for standing in items:
        if standing.item.indicator is not None:
            grouped.setdefault(standing.item.indicator, []).append(standing)
    return {number: accepted_share(group) for number, group in sorted(grouped.items())}


def officer_tally(items: Iterable[ItemStanding], officer_id: int) -> Tally:
    """An officer's numbers over the slots of the items they prepare; a shared item counts whole for each of them."""
    return tally_of(slot for standing in items if officer_id in standing.item.preparers for slot in standing.slots)


def overdue_parts(items: Iterable[ItemStanding]) -> tuple[int, int, int]:
    """(overdue slots, items that have one, officers who prepare such an item)."""
    behind = [standing for standing in items if standing.tally.overdue]
    people = {officer for standing in behind for officer in standing.item.preparers}
    return sum(standing.tally.overdue for standing in behind), len(behind), len(people)


def risks(items: Iterable[ItemStanding]) -> list[ItemStanding]:
    """The items with overdue slots, the longest overdue first."""
    behind = [standing for standing in items if standing.tally.overdue]
    return sorted(behind, key=lambda standing: (-standing.days_late, -standing.tally.overdue))


@dataclass(frozen=True, slots=True)
class Change:
    """One slot whose state differs between two days."""

    code: str
    key: SlotKey
    before: State
    after: State
    went_overdue: bool


def differences(earlier: Board, later: Board) -> list[Change]:
    """Every slot that changed state or went overdue between two boards of the same plan."""
    before = {slot.slot.key: slot for standing in earlier.items for slot in standing.slots}
    changes = []
    for standing in later.items:
        for slot in standing.slots:
            old = before.get(slot.slot.key)
            if old and (old.state is not slot.state or slot.overdue > old.overdue):
                changes.append(
                    Change(standing.item.code, slot.slot.key, old.state, slot.state, slot.overdue and not old.overdue)
                )
    return changes


def accepted_over_time(
    items: Sequence[ItemStanding], days: Sequence[date], year_ends: date
) -> list[tuple[date, float]]:
    """(day, accepted share 0–1) for each of the days up to the board's own: from the first acceptance of each slot."""
    accepted = [[slot.accepted_on for slot in one.slots if slot.accepted_on] for one in items if one.slots]
    sizes = [len(one.slots) for one in items if one.slots]
    return [
        (day, mean(sum(on <= day or day >= year_ends for on in days_of) / size
                   for days_of, size in zip(accepted, sizes, strict=True)))
        for day in days
    ]  # fmt: skip
