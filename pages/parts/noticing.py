"""What concerns the visitor, as lines; and that they have seen them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ita_core import db, queries, thai, words, workflow
from ita_core.board import notices
from ita_core.board.headline import Face
from ita_core.board.notices import Notice, NoticeKind
from ita_core.language import _
from ita_core.settings import settings
from pages.parts import marks
from pages.parts.frame import Frame
from pages.parts.marks import Badge

STILL_NEW = timedelta(minutes=10)  # so long what was just seen stays marked: a page is drawn anew by itself
_FACES = {
    NoticeKind.returned: Face.returned,
    NoticeKind.sent_back: Face.returned,
    NoticeKind.overdue: Face.overdue,
    NoticeKind.broken_link: Face.overdue,
    NoticeKind.clarify_anew: Face.returned,
    NoticeKind.step: Face.overdue,
    NoticeKind.question: Face.waiting,
    NoticeKind.clarify: Face.waiting,
    NoticeKind.approve: Face.waiting,
    NoticeKind.reported: Face.waiting,
    NoticeKind.decide: Face.waiting,
}


@dataclass(frozen=True, slots=True)
class Line:
    badge: Badge
    text: str
    address: str
    said: str
    new: bool


def lines(here: Frame) -> list[Line]:
    """A line for each notice of today, the most urgent first."""
    listed, seen = _asked(here)
    known = [key for key, at in seen.items() if settings().now() - at > STILL_NEW]
    new = {one.key for one in notices.unseen(listed, known)}
    return [_line(one, here, one.key in new) for one in listed]


def keep(here: Frame) -> None:
    """The visitor has what is listed before them: it is not counted as new any more."""
    listed, seen = _asked(here)
    keys = frozenset(one.key for one in notices.unseen(listed, seen))
    if keys:
        with db.writing() as session:
            workflow.see_notices(
                session, by=here.actor.account_id, assessment_id=here.assessment.id, keys=keys, at=settings().now()
            )


def _asked(here: Frame) -> tuple[list[Notice], dict[str, datetime]]:
    with db.reading() as session:
        listed = queries.list_notices(session, here.actor, here.assessment, here.today)
        return listed, queries.list_seen_notices(session, here.actor.account_id, here.assessment.id)


def _line(one: Notice, here: Frame, new: bool) -> Line:
    said = []
    if one.number > 1:
        said.append(_units(one))
    if one.due is not None:
        late = max((here.today - one.due).days, 0)
        when = _("due {day}, {days} days late") if late else _("due {day}")
        said.append(when.format(day=thai.date_text(one.due), days=late))
    badge = marks.badge(_FACES.get(one.kind, Face.missing), _(words.NOTICES[one.kind]))
    return Line(badge, words.notice_text(one), notices.place(one), " · ".join(said), new)


def _units(one: Notice) -> str:
    """How many of what."""
    match one.kind:
        case NoticeKind.decide | NoticeKind.question:
            return _("{pieces} pieces").format(pieces=one.number)
        case NoticeKind.broken_link:
            return _("{number} addresses").format(number=one.number)
    return _("{slots} slots").format(slots=one.number)
