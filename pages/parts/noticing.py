"""What concerns the visitor, as lines; and that they have seen them."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from ita_core import db, queries, thai, words, workflow
from ita_core.board import notices
from ita_core.board.headline import Face
from ita_core.board.notices import Notice, NoticeKind
from ita_core.language import _
from ita_core.settings import settings
from pages.parts import marks
from pages.parts.frame import Frame
from pages.parts.marks import Badge

_NEW = "notices-new"  # in the session: the keys of what was new at this visit of the page
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
    """A line for each notice of today, the most urgent first; from now on the visitor has seen them.

    What is new stays marked as long as they stay on the page, which is drawn anew by itself; when they come back to it,
    it is new no more.
    """
    listed, seen = _asked(here)
    keys = frozenset(one.key for one in notices.unseen(listed, seen))
    new = st.session_state[_NEW] = keys | st.session_state.get(_NEW, frozenset())
    _keep(here, keys)
    return [_line(one, here, one.key in new) for one in listed]


def left() -> None:
    """The visitor is on another page: what was new on this one is not any more."""
    st.session_state.pop(_NEW, None)


def _keep(here: Frame, keys: frozenset[str]) -> None:
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
    if one.asked is not None:
        said.append(f"{one.asked.by} {thai.moment_text(one.asked.at)}")
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
