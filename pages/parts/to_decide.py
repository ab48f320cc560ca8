"""What waits for the commander, as lists: each line leads to where it is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ita_core import db, queries, thai, words
from ita_core.access import Actor
from ita_core.board import clarifications, commander, directives, progress, workload
from ita_core.board.clarifications import Clarifying
from ita_core.board.commander import Waiting
from ita_core.board.directives import DirectiveFacts
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding
from ita_core.board.turns import Then
from ita_core.days import day_of
from ita_core.db import Session
from ita_core.language import _
from ita_core.queries import AssessmentFacts, SentBackFacts, Snapshot
from ita_core.settings import settings
from pages.parts import directive_card, item_list, marks, steps
from pages.parts.frame import Frame
from pages.parts.steps import Line


@dataclass(frozen=True, slots=True)
class Group:
    """`nothing` is said where there is no line; `every` is where the whole is listed."""

    title: str
    lines: tuple[Line, ...]
    nothing: str
    every: str


def number(session: Session, assessment: AssessmentFacts, actor: Actor) -> int:
    """How many decisions wait for this commander today."""
    day = progress.shown_day(settings().day(), assessment.starts, assessment.ends)
    data = queries.current_snapshot(session, assessment).on(day).visible_to(actor)
    given = queries.list_directives(session, assessment.id, actor)
    return commander.waiting(
        data.board(day), given, day, steps=queries.list_steps(session, assessment, day), officer=actor.officer_id,
        account=actor.account_id,
        clarifying=queries.list_clarifications(session, actor, assessment.id),
    ).number  # fmt: skip


def groups(here: Frame, data: Snapshot) -> list[Group]:
    """To approve, reported as done, late; where the commander supervises, the evidence that waits; clarifications."""
    board = data.board(here.day)
    with db.reading() as session:
        given = directives.as_of(queries.list_directives(session, here.assessment.id, here.actor), here.before)
        listed = queries.list_send_backs(session, here.actor, here.assessment.id, before=here.before)
        calendar = queries.list_steps(session, here.assessment, here.day)
        written = queries.list_clarifications(session, here.actor, here.assessment.id, here.before)
    sent = {one.item_id: one for one in listed}
    found = commander.waiting(
        board, given, here.day, steps=calendar, officer=here.actor.officer_id, account=here.actor.account_id,
        clarifying=written,
    )  # fmt: skip
    decides = [
        Group(_("To approve"), tuple(_item(one, sent.get(one.item.id)) for one in found.approve),
              _("No item waits for approval."), item_list.address("approve")),
        Group(_("Directives reported as done"), _orders(here, found.reported, data), _("None was reported as done."),
              "/directives?state=reported"),
        Group(_("Directives past their day"), _orders(here, found.late, data), _("None is past its day."),
              "/directives?state=overdue"),
    ]  # fmt: skip
    return [*_clarify(here, data, found.clarify, written), *decides, *_steps(found, data), *_pieces(here, data),
            *_sent_back(found.sent_back, sent)]  # fmt: skip


def _steps(found: Waiting, data: Snapshot) -> list[Group]:
    """The steps of the calendar past their last day: the commander's own, and others'."""
    both = {
        _("Your steps of the calendar past their last day"): found.steps,
        _("Others' steps of the calendar past their last day"): found.late_steps,
    }
    every = "/timeline?kind=steps&state=overdue"
    return [Group(title, steps.lines(listed, data), "", every) for title, listed in both.items() if listed]


def _clarify(
    here: Frame, data: Snapshot, items: Sequence[ItemStanding], written: Mapping[int, Clarifying]
) -> list[Group]:
    """Clarifications to approve, each with its deadline; nothing is said of them while there are none."""
    if not items:
        return []
    term = clarifications.window(data.steps)
    lines = []
    for one in items:
        now = written[one.item.id].now
        due = (now and now.due) or (term[1] if term else None)
        by = f"{now.by} · {thai.moment_text(now.at)}" if now else ""
        left = f"{thai.date_text(due)} · {words.left_text(due, here.day)}" if due else ""
        lines.append(
            Line(marks.badge(Face.waiting, _("To approve")), f"{one.item.code} {one.item.title}",
                 f"/clarifications?item={one.item.code}", " · ".join(filter(None, (by, left))))
        )  # fmt: skip
    return [Group(_("Clarifications to approve"), tuple(lines), "", "/clarifications")]


def _sent_back(items: Sequence[ItemStanding], sent: Mapping[int, SentBackFacts]) -> list[Group]:
    """What waits for its supervisors because the commander sent it back."""
    if not items:
        return []
    lines = (
        Line(
            marks.badge(Face.returned, marks.stage(one)), f"{one.item.code} {one.item.title}",
            f"/item?item={one.item.code}", f"{thai.moment_text(sent[one.item.id].at)} · {sent[one.item.id].reason}",
        )
        for one in items
    )  # fmt: skip
    return [Group(_("Sent back to their supervisors"), tuple(lines), "", item_list.address(Then.look_again.value))]


def _item(one: ItemStanding, sent: SentBackFacts | None) -> Line:
    said = (
        [_("complete since {day}").format(day=thai.date_text(day_of(one.complete_since)))] if one.complete_since else []
    )
    if one.approval_lapsed:
        said.append(_("approved before, but the evidence has changed since"))
    if sent and sent.answer:
        said.append(_("sent back, and answered: {why}").format(why=sent.answer))
    text = f"{one.item.code} {one.item.title}"
    return Line(marks.badge(Face.waiting, _("To approve")), text, f"/item?item={one.item.code}", " · ".join(said))


def _orders(here: Frame, listed: Sequence[DirectiveFacts], data: Snapshot) -> tuple[Line, ...]:
    return tuple(
        Line(
            directive_card.badge(one, here.day), one.text, f"/directives?state={one.state().value}",
            f"{directive_card.to_whom(one, data, short=True)} · " + _("due {day}").format(day=thai.date_text(one.due)),
        )
        for one in listed
    )  # fmt: skip


def _pieces(here: Frame, data: Snapshot) -> list[Group]:
    """The evidence that waits for this commander's own review, where they supervise items."""
    board = data.board(here.day)
    listed = workload.supervising(board.items, progress.as_of(data.records, board.before), here.day)
    own = next((one for one in listed if one.officer_id == here.actor.officer_id), None)
    if own is None or not own.waiting:
        return []
    text = _("{pieces} pieces, the oldest for {days} days").format(pieces=own.waiting, days=own.waiting_days)
    return [Group(_("Evidence to review"), (Line(marks.badge(Face.waiting), text, "/review", ""),), "", "/review")]
