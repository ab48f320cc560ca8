"""PURE: the assessor's points for an item held against our own records, and where its clarification stands.

What the assessor gave stands beside what we had when the OIT window closed; what may explain the difference is found
in the records, for us and against us. In the clarification window an item is judged on the link first given, so what
was changed after the closing helps nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from ita_core.board.progress import ItemStanding, SlotStanding, State
from ita_core.board.steps import StepFacts
from ita_core.days import day_of, happened
from ita_core.models import ClarificationOutcome, LinkOutcome

FULL = 100.0  # points of an item
WINDOW = "การชี้แจง"  # how the plan's step for clarifying begins: plan data is Thai. The assessor's begin with การตรวจ


# --- where a clarification stands -------------------------------------------------------------------------------------


class Standing(Enum):
    """In their order."""

    draft = "draft"
    proposed = "proposed"  # the commander's turn
    returned = "returned"
    approved = "approved"  # to be entered in ITAP
    answered = "answered"


@dataclass(frozen=True, slots=True)
class Decided:
    """The commander's word on a version."""

    approved: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What the office says of an item, as somebody wrote it (`models.Clarification`)."""

    id: int
    number: int
    text: str
    due: date | None
    proposed: bool
    withdrawn: bool
    account_id: int
    by: str
    at: datetime
    decided: Decided | None = None

    @property
    def standing(self) -> Standing:
        """Where it stands before the assessor has answered."""
        if self.decided is not None:
            return Standing.approved if self.decided.approved else Standing.returned
        return Standing.proposed if self.proposed else Standing.draft


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assessor made of a version; `points` of 100 after it, None where they stayed as they were."""

    version_id: int
    outcome: ClarificationOutcome
    points: float | None
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clarifying:
    """Every version of an item's clarification and every answer, the first one first."""

    versions: tuple[Version, ...]
    answers: tuple[Answer, ...] = ()

    @property
    def now(self) -> Version | None:
        """The version that holds; None where the item is not clarified any more."""
        last = self.versions[-1]
        return None if last.withdrawn else last

    @property
    def answer(self) -> Answer | None:
        """The last answer to the version that holds."""
        return next((one for one in reversed(self.answers) if self.now and one.version_id == self.now.id), None)

    @property
    def standing(self) -> Standing | None:
        """Where it stands; None where the item is not clarified any more."""
        if self.now is None:
            return None
        return Standing.answered if self.answer else self.now.standing


def window(steps: Iterable[StepFacts]) -> tuple[date, date] | None:
    """First and last day on which the office may clarify, by the plan's own step; None where the plan has none."""
    found = [one for one in steps if one.instrument == "OIT" and one.title.startswith(WINDOW)]
    return (min(one.starts for one in found), max(one.ends for one in found)) if found else None


def days_left(due: date, day: date) -> int:
    """Whole days from a day to the deadline: 0 on the last one, less than that once it is over."""
    return (due - day).days


# --- what our records say ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recorded:
    """An item's addresses as they were recorded on the website, or in ITAP with the answer."""

    urls: tuple[str, ...]
    by: str
    at: datetime
    answer: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What all checks of one address found from the day on which the window closed."""

    url: str
    opened: int = 0
    failed: int = 0
    first_opened: datetime | None = None
    last_opened: datetime | None = None
    first_failed: datetime | None = None
    last_failed: datetime | None = None
    outcome: LinkOutcome | None = None  # of the last that failed
    same: int = 0  # how often it was, byte for byte, what was accepted
    first_same: datetime | None = None
    last_same: datetime | None = None

    @property
    def times(self) -> int:
        """How often anybody looked."""
        return self.opened + self.failed


@dataclass(frozen=True, slots=True)
class Piece:
    """Accepted evidence: its file or address, what it shows in words' raw parts, since when it counts."""

    id: int
    name: str
    slots: tuple[SlotStanding, ...]
    accepted_on: date | None


@dataclass(frozen=True, slots=True)
class Ours:
    """What was recorded of an item: how it stood when the window closed (`closed` is that day, the last one), then on.

    Publications and filings are all there are, the first one first; `approved` is the approval that held then, or the
    first one after.
    """

    standing: ItemStanding
    closed: date
    approved: tuple[str, datetime] | None = None  # by whom, when
    publications: tuple[Recorded, ...] = ()
    filings: tuple[Recorded, ...] = ()
    looked: tuple[Looked, ...] = ()
    pieces: tuple[Piece, ...] = ()
    still_open: bool = False  # the window is: `closed` is the day looked at, and nothing is over yet

    @property
    def published(self) -> tuple[date, tuple[str, ...]] | None:
        """The addresses that stood on the website when the window closed, and since when there were any without a
        break; None where there were none then, also because they had been taken off."""
        since: date | None = None
        urls: tuple[str, ...] = ()
        for one in self.publications:
            if day_of(one.at) <= self.closed:
                urls = one.urls
                since = (since or day_of(one.at)) if urls else None
        return (since, urls) if since else None

    @property
    def first_filed(self) -> Recorded | None:
        """The filing with the link first given."""
        return self.filings[0] if self.filings else None

    @property
    def filed_at_close(self) -> Recorded | None:
        """The filing that stood in ITAP when the window closed."""
        return next((one for one in reversed(self.filings) if day_of(one.at) <= self.closed), None)

    @property
    def judged(self) -> tuple[str, ...]:
        """The addresses that the assessor was given: those of the closing, or the first ones where none was in time."""
        one = self.filed_at_close or self.first_filed
        return one.urls if one else ()


class What(Enum):
    """What the records say: up to `late` against us, what the assessor sees first of all first; from then on for us."""

    not_filed = "not_filed"
    filed_after = "filed_after"  # the closing
    answered_no = "answered_no"
    not_published = "not_published"
    published_after = "published_after"
    broken = "broken"  # an address did not open
    judged_moved = "judged_moved"  # the address in ITAP was changed after the closing
    missing = "missing"  # slots that were not accepted at the closing
    not_yet = "not_yet"  # slots that are not accepted, where nothing has closed
    not_approved = "not_approved"
    approved_after = "approved_after"
    late = "late"  # slots that were handed in after they were due
    complete = "complete"
    approved = "approved"
    published = "published"
    filed = "filed"
    opened = "opened"
    same = "same"  # what is there is byte for byte what was accepted


AGAINST = tuple(What)[: tuple(What).index(What.complete)]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the records say, with the days that it is of; `name` is an address, or who did it."""

    what: What
    day: date | None = None
    until: date | None = None
    name: str = ""
    slots: tuple[SlotStanding, ...] = ()  # of one requirement
    times: tuple[int, int] = (0, 0)  # so many of so many checks
    outcome: LinkOutcome | None = None

    @property
    def against(self) -> bool:
        """Whether it may be why points were lost."""
        return self.what in AGAINST


def findings(ours: Ours) -> list[Finding]:
    """What the records say of an item at the closing and of its addresses since: against us first, then for us."""
    found = [*_slots(ours), *_way(ours), *_addresses(ours)]
    return sorted(found, key=lambda one: list(What).index(one.what))


def _slots(ours: Ours) -> list[Finding]:
    slots = ours.standing.slots
    missing = [one for one in slots if one.state is not State.accepted]
    late = [one for one in slots if one.handed_in_on and one.slot.due and one.handed_in_on > one.slot.due]
    what = What.not_yet if ours.still_open else What.missing
    found = [Finding(what, slots=group) for group in _by_requirement(missing)]
    for group in _by_requirement(late):
        days = [one.handed_in_on for one in group if one.handed_in_on]
        found.append(Finding(What.late, max(days), slots=group))
    if slots and not missing:
        accepted = [one.accepted_on for one in slots if one.accepted_on]
        found.append(Finding(What.complete, max(accepted, default=None)))
    return found


def _by_requirement(slots: Sequence[SlotStanding]) -> list[tuple[SlotStanding, ...]]:
    groups: dict[int, list[SlotStanding]] = {}
    for one in slots:
        groups.setdefault(one.slot.requirement.id, []).append(one)
    return [tuple(group) for group in groups.values()]


def _way(ours: Ours) -> list[Finding]:
    """Approved, published, filed: each in time, after the closing, or not at all."""
    found = []
    shown = [one for one in ours.publications if one.urls]
    stood = next((one for one in reversed(ours.publications) if day_of(one.at) <= ours.closed), None)
    first = ours.first_filed
    for moment, by, in_time, after, never in (
        (ours.approved and ours.approved[1], ours.approved[0] if ours.approved else "",
         What.approved, What.approved_after, What.not_approved),
        (shown[0].at if shown else None, shown[0].by if shown else "",
         What.published, What.published_after, What.not_published),
        (first.at if first else None, first.by if first else "", What.filed, What.filed_after, What.not_filed),
    ):  # fmt: skip
        if moment is None:
            found.append(Finding(never))
        else:
            day = day_of(moment)
            found.append(Finding(in_time if day <= ours.closed else after, day, name=by))
    if stood and not stood.urls:  # it was taken off the website before the closing
        found = [one for one in found if one.what is not What.published] + [Finding(What.not_published)]
    given = ours.filed_at_close
    if given and not given.answer:
        found.append(Finding(What.answered_no, day_of(given.at), name=given.by))
    later = [one for one in ours.filings if given and one.at > given.at]
    moved = next((one for one in later if set(one.urls) != set(ours.judged)), None)
    if moved:
        found.append(Finding(What.judged_moved, day_of(moved.at), name=moved.by))
    return found


def _addresses(ours: Ours) -> list[Finding]:
    """What was found at the addresses that the assessor was given."""
    found = []
    for one in ours.looked:
        if one.url not in ours.judged or not one.times:
            continue
        if one.first_failed and one.last_failed:
            found.append(Finding(What.broken, day_of(one.first_failed), day_of(one.last_failed), one.url,
                                 times=(one.failed, one.times), outcome=one.outcome))  # fmt: skip
        if one.first_opened and one.last_opened:
            found.append(Finding(What.opened, day_of(one.first_opened), day_of(one.last_opened), one.url,
                                 times=(one.opened, one.times)))  # fmt: skip
        if one.first_same and one.last_same:
            found.append(Finding(What.same, day_of(one.first_same), day_of(one.last_same), one.url,
                                 times=(one.same, one.times)))  # fmt: skip
    return found


# --- both together ----------------------------------------------------------------------------------------------------


class Advice(Enum):
    """What the assessor's points and our records together say; what can be won back first."""

    clarify = "clarify"  # points were lost, and nothing in the records explains it
    weigh = "weigh"  # it was there in time, but something speaks against us
    explained = "explained"  # the records say why
    full = "full"
    unscored = "unscored"


@dataclass(frozen=True, slots=True)
class Dispute:
    """An item of the year: the assessor's points, what our records say of it, and the clarification, if there is one.

    `points` are of 100 as they stand, `first` those before the assessor answered a clarification; `due` is the last
    day on which it can be handed in, None where nobody knows it.
    """

    ours: Ours
    points: float | None
    first: float | None
    source: str
    findings: tuple[Finding, ...]
    clarifying: Clarifying | None = None
    due: date | None = None

    @property
    def code(self) -> str:
        """The item's code."""
        return self.ours.standing.item.code

    @property
    def lost(self) -> float:
        """Points lost by the first verdict; 0 where none is known."""
        return 0.0 if self.first is None else FULL - self.first

    @property
    def standing(self) -> Standing | None:
        """Where its clarification stands; None where there is none."""
        return self.clarifying.standing if self.clarifying else None

    @property
    def advice(self) -> Advice:
        """What to make of it."""
        if self.first is None:
            return Advice.unscored
        if not self.lost:
            return Advice.full
        whats = {one.what for one in self.findings}
        if not whats & set(AGAINST):
            return Advice.clarify
        return Advice.weigh if {What.published, What.filed} <= whats else Advice.explained


def lost_points(disputes: Iterable[Dispute]) -> list[Dispute]:
    """Those that lost points, or are clarified all the same: what can be won back first, then what lost most."""
    found = [one for one in disputes if one.lost or one.standing is not None]
    return sorted(found, key=lambda one: (list(Advice).index(one.advice), -one.lost))


def to_carry_on(disputes: Iterable[Dispute]) -> list[Dispute]:
    """Those that wait for who writes and enters them: lost points without a word, drafts, sent back, to be entered."""
    waits = {Standing.draft, Standing.returned, Standing.approved}
    return [one for one in lost_points(disputes) if one.standing in waits or one.clarifying is None]


def as_of(clarifying: Clarifying, before: datetime | None) -> Clarifying | None:
    """The same as it stood just before a moment; None where nothing had been written."""
    versions = tuple(
        replace(one, decided=one.decided if one.decided and happened(one.decided.at, before) else None)
        for one in clarifying.versions
        if happened(one.at, before)
    )
    answers = tuple(one for one in clarifying.answers if happened(one.at, before))
    return Clarifying(versions, answers) if versions else None
