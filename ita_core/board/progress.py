"""Where everything stands on a day, derived from slots and the records that fill them. PURE: no database, no clock.

Design, section 2: nobody types a status in; any day can be asked about. The day and the rows come in as arguments,
plain values go out. Moments are aware datetimes, days are calendar days in Thailand.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
class Round:
    """One decision on an evidence; it holds from `at` until it is undone or a later one is made."""

    at: datetime
    decision: Decision
    reviewer_id: int | None = None  # the officer who decided
    returned: tuple[SlotKey, ...] = ()  # slots that came back although the evidence was accepted
    undone_at: datetime | None = None

    @property
    def came_back(self) -> bool:
        """Whether it gives the evidence back, for all of its slots or for some."""
        return self.decision is Decision.returned or bool(self.returned)

    def decision_on(self, key: SlotKey) -> Decision:
        """What it says of one of the evidence's slots."""
        return Decision.returned if key in self.returned else self.decision

    def as_of(self, before: datetime | None) -> "Round":
        """The same as it stood just before a moment: it may not have been undone yet."""
        return self if happened(self.undone_at, before) else replace(self, undone_at=None)


def standing_round(rounds: Sequence[Round]) -> Round | None:
    """The decision that holds; `rounds` are in their order."""
    return next((one for one in reversed(rounds) if one.undone_at is None), None)


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
    returned: tuple[SlotKey, ...] = ()  # slots that came back although the evidence was accepted
    rounds: tuple[Round, ...] = ()  # every decision, where one was undone or made anew

    @property
    def came_back(self) -> bool:
        """Whether it was given back, for all of its slots or for some."""
        return self.decision is Decision.returned or bool(self.returned)

    def decision_on(self, key: SlotKey) -> Decision | None:
        """What was decided of one of its slots."""
        return Decision.returned if key in self.returned else self.decision

    def accepted_runs(self, key: SlotKey) -> list[tuple[datetime, datetime | None]]:
        """From when until when one of its slots was accepted, None: it still is. What was undone never was."""
        if not self.rounds:
            return [(self.reviewed_at, None)] if self.reviewed_at and self.decision_on(key) is Decision.accepted else []
        found: list[tuple[datetime, datetime | None]] = []
        since = None
        for one in self.rounds:
            if one.undone_at is not None:
                continue
            accepts = one.decision_on(key) is Decision.accepted
            if accepts and since is None:
                since = one.at
            elif since is not None and not accepts:
                found.append((since, one.at))
                since = None
        return found if since is None else [*found, (since, None)]

    def came_back_at(self, key: SlotKey) -> datetime | None:
        """When one of its slots, once accepted, came back by a later decision; None where it did not."""
        return next((until for _since, until in reversed(self.accepted_runs(key))), None)

    @property
    def decided_at(self) -> datetime | None:
        """The first decision that was not undone."""
        return next((one.at for one in self.rounds if one.undone_at is None), self.reviewed_at)

    def as_of(self, moment: datetime) -> "HandIn":
        """The same as it stood just before a moment."""
        one = self
        if one.withdrawn_at is not None and not happened(one.withdrawn_at, moment):
            one = replace(one, withdrawn_at=None)
        if not one.rounds and (one.reviewed_at is None or happened(one.reviewed_at, moment)):
            return one
        return one.decided(tuple(each.as_of(moment) for each in one.rounds if happened(each.at, moment)))

    def decided(self, rounds: tuple[Round, ...]) -> "HandIn":
        """The same with these decisions."""
        now = standing_round(rounds)
        if now is None:
            return replace(self, reviewed_at=None, decision=None, reviewer_id=None, returned=(), rounds=rounds)
        return replace(
            self, reviewed_at=now.at, decision=now.decision, reviewer_id=now.reviewer_id, returned=now.returned,
            rounds=rounds,
        )  # fmt: skip

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision: none was made, and it was not taken back."""
        return self.decision is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """An approval (with the fingerprint it was given for), a sending back, a publication or a filing."""

    item_id: int
    at: datetime
    fingerprint: str = ""
    # When the approval was undone, the sending back answered, what was published taken off the website.
    ended_at: datetime | None = None

    def as_of(self, moment: datetime) -> "ItemEvent":
        """The same as it stood just before a moment: it may not have ended yet."""
        ended = self.ended_at is not None and not happened(self.ended_at, moment)
        return replace(self, ended_at=None) if ended else self


@dataclass(frozen=True, slots=True)
class Records:
    """What was recorded on the items: nothing of it is ever changed."""

    hand_ins: Sequence[HandIn] = ()
    approvals: Sequence[ItemEvent] = ()
    publications: Sequence[ItemEvent] = ()
    filings: Sequence[ItemEvent] = ()
    send_backs: Sequence[ItemEvent] = ()


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
    accepted_on: date | None = None  # since when, where it is accepted
    accepted_days: tuple[tuple[date, date | None], ...] = ()  # from when until before when it was, None: it still is
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
    def complete(self) -> bool:
        """Whether every slot is accepted, and there is one."""
        return self.slots > 0 and self.accepted == self.slots

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
    reopened: bool = False  # the commander sent it back, and has neither been answered nor approved it since
    sent_back: bool = False  # and nothing has come back since: its supervisors have to look again

    @property
    def progress(self) -> float:
        """Accepted slots over slots, 0–1."""
        return self.tally.progress

    @property
    def complete(self) -> bool:
        """Whether every slot is accepted, whatever came of it then."""
        return self.tally.complete

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

    def before(events: Iterable[ItemEvent]) -> list[ItemEvent]:
        return [event.as_of(moment) for event in events if happened(event.at, moment)]

    return Records(
        [hand_in.as_of(moment) for hand_in in records.hand_ins if happened(hand_in.at, moment)],
        before(records.approvals),
        before(records.publications),
        before(records.filings),
        before(records.send_backs),
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
    events = (not_undone(known.approvals), known.publications, known.filings, known.send_backs)
    newest = [latest(one) for one in events]

    def standing(item: ItemFacts) -> ItemStanding:
        acts = _Acts(*(one.get(item.id) for one in newest))
        return _item_standing(item, by_item.get(item.id, []), day, acts)

    return Board(day, tuple(map(standing, items)), before)


def not_undone(approvals: Iterable[ItemEvent]) -> list[ItemEvent]:
    """The approvals that nobody took back at once."""
    return [one for one in approvals if one.ended_at is None]


def latest(events: Iterable[ItemEvent]) -> dict[int, ItemEvent]:
    """Item id → the last of its events."""
    return {event.item_id: event for event in sorted(events, key=lambda event: event.at)}


class _Acts(NamedTuple):
    """The last of each that was done with an item."""

    approval: ItemEvent | None
    publication: ItemEvent | None
    filing: ItemEvent | None
    send_back: ItemEvent | None


def _item_standing(item: ItemFacts, hand_ins: Sequence[HandIn], day: date, acts: _Acts) -> ItemStanding:
    approval, publication, filing, send_back = acts
    covering: dict[SlotKey, list[HandIn]] = {}
    for hand_in in sorted(hand_ins, key=lambda hand_in: (hand_in.at, hand_in.id)):
        for key in hand_in.slots:
            covering.setdefault(key, []).append(hand_in)
    slots = tuple(_slot_standing(slot, covering.get(slot.key, []), day) for slot in item.slots)
    tally = tally_of(slots)
    content = {hand_in.id: hand_in.content for hand_in in hand_ins}
    mark = _fingerprint(slots, content)
    complete = tally.complete
    if approval is not None and send_back is not None and approval.at <= send_back.at:
        approval = None  # the commander took it back with a reason: approving begins anew
    approved = complete and approval is not None and approval.fingerprint == mark
    # Each step is for what the step before it was for: a new approval wants a new publication, that a new filing.
    if publication is not None and publication.ended_at is not None:
        publication = None  # it was taken off the website
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
    reopened = send_back is not None and send_back.ended_at is None and approval is None
    reviews = [hand_in.reviewed_at for hand_in in hand_ins if hand_in.decision is Decision.accepted]
    return ItemStanding(
        item=item,
        slots=slots,
        tally=tally,
        stage=stage,
        fingerprint=mark,
        approval_lapsed=approval is not None and not approved,
        complete_since=max((at for at in reviews if at), default=None) if complete else None,
        reopened=reopened,
        sent_back=reopened and complete and send_back is not None and not _came_back(hand_ins, send_back.at),
    )


def _came_back(hand_ins: Iterable[HandIn], since: datetime) -> bool:
    """Whether something that was accepted came back after a moment."""
    moments = (hand_in.came_back_at(key) for hand_in in hand_ins for key in hand_in.slots)
    return any(at is not None and at > since for at in moments)


def _slot_standing(slot: Slot, hand_ins: Sequence[HandIn], day: date) -> SlotStanding:
    """`hand_ins` cover the slot, none withdrawn, oldest first.

    What was accepted stays accepted until a newer evidence is accepted in its place; so neither handing in nor the
    first decision on a piece ever lowers progress: only what the commander sent back does, where a supervisor returns
    what was accepted. Otherwise one that waits counts before one that was returned: there is something to decide.
    """
    key = slot.key
    runs = _accepted_runs(key, hand_ins)
    accepted = [(since, hand_in) for since, until, hand_in in runs if until is None]
    waiting = [hand_in for hand_in in hand_ins if hand_in.decision is None]
    last = hand_ins[-1] if hand_ins and not waiting else None
    came_back = last.id if last and last.decision_on(key) is Decision.returned else None
    handed_in_on = day_of(hand_ins[0].at) if hand_ins else None
    if accepted:
        accepted_on = day_of(min(since for since, _hand_in in accepted))
        days = (accepted_on - slot.due).days if slot.due else 0
        return SlotStanding(
            slot,
            State.accepted,
            overdue=False,
            late=days > 0,
            days_late=max(days, 0),
            evidence_id=accepted[-1][1].id,
            replacing_id=waiting[-1].id if waiting else None,
            returned_id=came_back,
            handed_in_on=handed_in_on,
            accepted_on=accepted_on,
            accepted_days=_days(runs),
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
        accepted_days=_days(runs),
    )


_Run = tuple[datetime, datetime | None, HandIn]


def _accepted_runs(key: SlotKey, hand_ins: Sequence[HandIn]) -> list[_Run]:
    """From when until when each piece counted for a slot, None: it still does; in the order of handing in.

    What a piece had replaced does not count again when that piece, once accepted, came back.
    """
    came_back = [(place, at) for place, one in enumerate(hand_ins) if (at := one.came_back_at(key))]
    found = []
    for place, one in enumerate(hand_ins):
        for since, until in one.accepted_runs(key):
            ends = [at for other, at in came_back if other > place and at > since] + ([until] if until else [])
            found.append((since, min(ends, default=None), one))
    return found


def _days(runs: Iterable[_Run]) -> tuple[tuple[date, date | None], ...]:
    return tuple((day_of(since), day_of(until) if until else None) for since, until, _hand_in in runs)


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


def overdue_parts(items: Iterable[ItemStanding]) -> tuple[int, int]:
    """(overdue slots, items that have one); whose turn it is with them: `turns.late`."""
    behind = [standing for standing in items if standing.tally.overdue]
    return sum(standing.tally.overdue for standing in behind), len(behind)


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
    """(day, accepted share 0–1) for each of the days up to the board's own, by the end of which a slot was accepted."""
    slots = [[slot.accepted_days for slot in one.slots] for one in items if one.slots]

    def share(day: date) -> float:
        after = day >= year_ends  # what is accepted after the year's end counts on its last day
        return mean(
            sum(any((since <= day or after) and (until is None or (day < until and not after)) for since, until in runs)
                for runs in of_item) / len(of_item)
            for of_item in slots
        )  # fmt: skip

    return [(day, share(day)) for day in days]
