"""What stands beside the board: what needs the reader, and bars of indicators and officers."""

import base64
from dataclasses import dataclass

from ita_core import access, charts, db, language, queries, thai
from ita_core.board import directives, headline, listing, progress, steps, turns, workload
from ita_core.board.directives import DirectiveState
from ita_core.board.headline import Face, Figures
from ita_core.board.progress import Board
from ita_core.language import _
from ita_core.queries import Snapshot, Stands
from pages.parts import evidence_search, item_list, link_checks, marks
from pages.parts import steps as step_lines
from pages.parts.frame import Frame
from pages.parts.marks import Badge, Bar, Whose

RISKS = 5
OFFICERS = 5


@dataclass(frozen=True, slots=True)
class Need:
    """A line of what needs the reader: links to items, or the one item with its title, or a text (with an address)."""

    badge: Badge
    said: str = ""
    items: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    address: str = ""
    whose: Whose | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    drawn: tuple[Bar, ...]
    more: str  # that there are more officers, "" where there are none


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG picture in base 64, for a desk and for a phone, with what it says for those who cannot see it."""

    data: str
    narrow: str
    says: str


def title(here: Frame) -> str:
    """What the list of needs is called: for whoever sees all it is not only what they do themselves."""
    return _("What needs attention") if access.sees_all(here.actor) else _("Needs you")


def needs(here: Frame, data: Snapshot, board: Board, now: Figures) -> list[Need]:
    """What to confirm and to approve, the worst risks with whose turn it is and how late they are; what waits.

    Whoever sees not all is told of what is their turn; of the rest, that there is more.
    """
    found = [*_assumed(here, data), *_approvals(here, board, now), *_links(here, data, board)]
    every = progress.risks(board.oit)
    everybodys = access.sees_all(here.actor)
    behind = [one for one in every if everybodys or here.actor.officer_id in turns.late([one])]
    late = _steps(here, data)
    found += late
    shown = RISKS - len(late)  # so that the list is no longer for it
    for one in behind[:shown]:
        overdue = [slot for slot in one.slots if slot.overdue]
        found.append(Need(
            marks.badge(Face.overdue),
            f"{marks.late_text(one.days_late)} · {_('{slots} slots').format(slots=one.tally.overdue)}",
            items=(one.item.code,), title=one.item.title, whose=marks.whose_turn(one, overdue, data.people),
        ))  # fmt: skip
    rest = ""
    if left := behind[shown:]:
        rest = f"{marks.more(len(left))} · " + _("see all {items} items").format(items=len(every))
    elif others := len(every) - len(behind):
        rest = _("{items} more items, where it is the turn of others").format(items=others)
    if rest:
        found.append(Need(marks.badge(Face.overdue), text=rest, address=item_list.address(Face.overdue.value)))
    pieces, days = _waiting(here, data, board, now)
    if pieces:
        text = _("{pieces} pieces, the oldest for {days} days").format(pieces=pieces, days=days)
        # Who sees all is told of all that waits, also of what others decide: so it is not their queue that is listed.
        address = evidence_search.address(Stands.waiting, item=listing.OIT) if everybodys else "/review"
        found.append(Need(marks.badge(Face.waiting), text=text, address=address))
    if access.may_direct(here.actor) and (said := _directives(here, board)):
        found.append(Need(marks.badge(Face.waiting, _("Directives")), text=said, address="/directives"))
    return found


def _steps(here: Frame, data: Snapshot) -> list[Need]:
    """The steps of the calendar past their last day in one line: every one for whoever sees all, else one's own."""
    with db.reading() as session:
        calendar = queries.list_steps(session, here.assessment, here.day)
    late = steps.overdue(calendar, None if access.sees_all(here.actor) else here.actor.officer_id or 0)
    if not late:
        return []
    if len(late) == 1:
        line = step_lines.lines(late, data)[0]
        return [Need(line.badge, text=line.text, address=line.address)]
    badge = marks.badge(Face.overdue, marks.late_text(late[0].days_late))
    text = _("{number} steps of the calendar past their last day").format(number=len(late))
    return [Need(badge, text=text, address="/timeline?kind=steps&state=overdue")]


def _assumed(here: Frame, data: Snapshot) -> list[Need]:
    """The items that were only carried over from an earlier year, for those who can confirm them."""
    assumed = [item for item in data.items if item.assumed]
    if not assumed or not access.may_plan(here.actor):
        return []
    text = _("{items} items carried over from {source}: not held against this year's manual yet")
    said = text.format(items=len(assumed), source=assumed[0].assumed)
    return [Need(marks.badge(Face.waiting, _("To confirm")), text=said, address="/plan")]


def _approvals(here: Frame, board: Board, now: Figures) -> list[Need]:
    """What the commander can approve, and what has to be approved once more."""
    found = []
    lapsed = [one.item.code for one in board.oit if one.approval_lapsed]
    if access.may_approve(here.actor, ()) and now.to_approve:
        said = [_("complete since {day}").format(day=thai.date_text(now.to_approve_since, year=False))]
        if again := [code for code in lapsed if code in now.to_approve]:
            said.insert(0, _("approved before it changed: {items}").format(items=", ".join(again)))
            lapsed = [code for code in lapsed if code not in again]
        badge = marks.badge(Face.waiting, _("To approve"))
        found.append(Need(badge, " · ".join(said), items=tuple(now.to_approve)))
    if lapsed:
        badge = marks.badge(Face.returned, _("Approval lapsed"))
        found.append(Need(badge, _("the evidence has changed"), items=tuple(lapsed)))
    return found


def _links(here: Frame, data: Snapshot, board: Board) -> list[Need]:
    """Published addresses that do not open or have changed, with who recorded them: for whoever sees all."""
    if not access.sees_all(here.actor):
        return []
    listed = link_checks.groups(link_checks.list_all(here, data, board), board)
    return [Need(one.badge, ", ".join(one.owners), items=one.codes) for one in listed]


def _waiting(here: Frame, data: Snapshot, board: Board, now: Figures) -> tuple[int, int]:
    """How many pieces wait for review, and the oldest for how many days: for whoever sees not all, for themselves."""
    if access.sees_all(here.actor):
        return now.waiting, now.waiting_days
    listed = workload.supervising(board.oit, progress.as_of(data.records, board.before), board.day)
    own = next((one for one in listed if one.officer_id == here.actor.officer_id), None)
    return (own.waiting, own.waiting_days) if own else (0, 0)


def _directives(here: Frame, board: Board) -> str:
    """How many wait for the commander's word and how many are late; "" where none is."""
    with db.reading() as session:
        known = directives.as_of(queries.list_directives(session, here.assessment.id), board.before)
    left = directives.still_open(known)
    reported = sum(one.state() is DirectiveState.reported for one in left)
    late = sum(one.days_late(here.day) > 0 for one in left)
    if not reported + late:
        return ""
    return _("reported as done {reported} · overdue {late}").format(reported=reported, late=late)


def chart(here: Frame, board: Board) -> Picture:
    """Accepted against planned, a line each."""
    items = [one.item for one in board.oit]
    until_today = headline.days(here.assessment.starts, board.day)
    accepted = progress.accepted_over_time(board.oit, until_today, here.assessment.ends)
    planned = [
        (day, progress.planned_share(items, day))
        for day in headline.days(here.assessment.starts, here.assessment.closes)
    ]
    data, narrow = (
        base64.b64encode(
            charts.picture(tuple(accepted), tuple(planned), board.day, language.current(), width).encode()
        ).decode()
        for width in (charts.WIDTH, charts.NARROW)
    )
    says = _("Accepted {accepted:.0%}, planned {planned:.0%} on {day}").format(
        accepted=accepted[-1][1], planned=progress.planned_share(items, board.day), day=thai.date_text(board.day)
    )
    return Picture(data, narrow, says)


def bars(here: Frame, data: Snapshot, board: Board) -> Bars | None:
    """The disclosure indicators and the officers who need help first.

    None for whoever sees some items only: of them the indicators and other officers would look wrong.
    """
    if not access.sees_all(here.actor):
        return None
    with db.reading() as session:
        titles = {one.number: one.title for one in queries.list_indicators(session, here.assessment.id)}
    drawn = []
    for number, share in progress.indicator_shares(board.oit).items():
        planned = progress.planned_share([one.item for one in board.oit if one.item.indicator == number], board.day)
        drawn.append(
            marks.bar(
                f"{number} {titles[number]}",
                [(Face.accepted, share)],
                f"{share:.0%}",
                planned=planned,
                address=item_list.address(indicator=str(number)),
            )
        )
    officers = workload.preparing(board.oit)
    for officer in officers[:OFFICERS]:
        person, tally = data.people[officer.officer_id], officer.tally
        text, address = f"{tally.accepted}/{tally.slots}", f"/officers?officer={person.key}"
        drawn.append(marks.work_bar(person.short, tally, text, address=address))
    left = officers[OFFICERS:]
    return Bars(tuple(drawn), marks.more(len(left)) if left else "")
