"""The assessor's points item by item beside what our records say, as view data."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core import access, db, queries, thai, words
from ita_core.board import clarifications
from ita_core.board.clarifications import Advice, Dispute, Standing
from ita_core.board.headline import Face
from ita_core.language import _
from pages.parts import documents_list, empty, marks, templates
from pages.parts.frame import Frame
from pages.parts.marks import Badge, Meanings

FACES = {
    Standing.draft: Face.missing,
    Standing.proposed: Face.waiting,
    Standing.returned: Face.returned,
    Standing.approved: Face.accepted,
    Standing.answered: Face.accepted,
}
ADVISED = {
    Advice.unscored: Face.missing,
    Advice.full: Face.accepted,
    Advice.clarify: Face.waiting,
    Advice.weigh: Face.returned,
    Advice.explained: Face.overdue,
}
MOST_SAID = 2  # of what speaks against an item, in the list


@dataclass(frozen=True, slots=True)
class Line:
    """An item; `said` is what speaks against it, `stands` its clarification, None where there is none."""

    code: str
    title: str
    points: str
    after: str
    stage: str
    advice: Badge
    said: tuple[str, ...]
    more: int
    stands: Badge | None
    left: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits for who writes and enters clarifications."""

    code: str
    title: str
    badge: Badge
    left: str


def badge(one: Dispute) -> Badge | None:
    """Where its clarification stands, with the assessor's answer."""
    if one.standing is None:
        return None
    answer = one.clarifying.answer if one.clarifying else None
    text = _(words.OUTCOMES[answer.outcome] if answer else words.CLARIFICATIONS[one.standing])
    return marks.badge(FACES[one.standing], text)


def left(one: Dispute, here: Frame) -> str:
    """The deadline counted down; "" once it was answered, and where nobody knows it."""
    if one.due is None or one.standing is Standing.answered:
        return ""
    return f"{thai.date_text(one.due)} · {words.left_text(one.due, here.day)}"


def draw(here: Frame, disputes: Sequence[Dispute]) -> None:
    """What is known of the verdict in a sentence, then the items, what lost most first."""
    scored = [one for one in disputes if one.first is not None]
    listed = [one for one in disputes if one.first is not None or one.standing is not None]  # also: retracted since
    if not listed:
        empty.draw(empty.verdict(here))
        return
    templates.show(
        "verdict", says=_says(scored), term=_term(disputes, here), of=here.assessment, day=here.day,
        formats=documents_list.FORMATS, written=any(one.standing for one in disputes),
        lines=[_line(one, here) for one in clarifications.lost_points(listed)],
        full=[one.code for one in scored if not one.lost and one.standing is None],
        unscored=[one.code for one in disputes if one.first is None],
    )  # fmt: skip
    templates.show("legend", badges=(), means=_meanings())


def _meanings() -> tuple[Meanings, ...]:
    """Of what our records say beside the points, and of where a clarification stands."""
    return (
        marks.meanings(_("What our records say"), words.ADVICE, words.ADVICE_MEANINGS, ADVISED),
        marks.meanings(
            _("Where a clarification stands"), words.CLARIFICATIONS, words.CLARIFICATION_MEANINGS, FACES
        ),
    )  # fmt: skip


def to_carry_on(here: Frame, *, own: bool = False) -> list[Waiting]:
    """What waits for whoever writes clarifications and enters them, once there is a verdict; `own`: of the items only
    that the visitor may clarify.
    """
    with db.reading() as session:
        if not queries.list_item_points(session, here.assessment.id, here.before):
            return []
        disputes = queries.list_disputes(session, here.actor, here.assessment, day=here.day)
        found = [
            one
            for one in clarifications.to_carry_on(disputes)
            if not own or access.may_clarify(here.actor, queries.get_item_people(session, one.ours.standing.item.id))
        ]
    return [_waiting(one, here) for one in found]


def of_item(here: Frame, code: str) -> Waiting | None:
    """The clarification of an item that is open, or wanted since points were lost; None where there is neither."""
    with db.reading() as session:
        if code not in queries.list_item_points(session, here.assessment.id, here.before):
            return None
        disputes = queries.list_disputes(session, here.actor, here.assessment, day=here.day, code=code)
    found = [one for one in clarifications.lost_points(disputes) if one.code == code]
    return _waiting(found[0], here) if found else None


def _waiting(one: Dispute, here: Frame) -> Waiting:
    return Waiting(one.code, one.ours.standing.item.title, badge(one) or _advice(one), left(one, here))


def _advice(one: Dispute) -> Badge:
    return marks.badge(ADVISED[one.advice], _(words.ADVICE[one.advice]))


def _says(scored: Sequence[Dispute]) -> str:
    if not scored:
        return _("The points were retracted: what was begun to be clarified stays.")
    lost = [one for one in scored if one.lost]
    return _("The assessor gave points for {scored} items; {lost} of them lost points.").format(
        scored=len(scored), lost=len(lost)
    )


def _term(disputes: Sequence[Dispute], here: Frame) -> str:
    """Until when one may clarify, where that is one day for all that is still open."""
    days = {one.due for one in disputes if one.due and one.standing is not Standing.answered}
    if len(days) != 1:
        return ""
    due = days.pop()
    return _("Clarify by {day}: {left}.").format(day=thai.date_text(due), left=words.left_text(due, here.day))


def _line(one: Dispute, here: Frame) -> Line:
    against = [words.finding_text(each) for each in one.findings if each.against]
    after = "" if one.points is None or one.points == one.first else f"{one.points:g}"
    first = _("not recorded") if one.first is None else f"{one.first:g}"
    said = against if one.lost else []
    item = one.ours.standing.item
    return Line(
        one.code, item.title, first, after, marks.stage(one.ours.standing), _advice(one), tuple(said[:MOST_SAID]),
        len(said[MOST_SAID:]), badge(one), left(one, here),
    )  # fmt: skip
