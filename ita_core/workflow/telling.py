"""What a message says: titles, days and where to go, and nothing of what somebody wrote."""

from datetime import datetime
from urllib.parse import urlencode

from ita_core import thai
from ita_core.board import notices
from ita_core.board.notices import NoticeKind
from ita_core.days import day_of
from ita_core.language import _, speaking
from ita_core.models import Channel
from ita_core.queries import Reminder, Subject
from ita_core.settings import settings
from ita_core.words import NOTICES

MOST = 20  # things that one message names
# The words of a directive, a plan's note: somebody's own, which may name people and reasons.
_OF_SOMEBODY = {NoticeKind.ordered, NoticeKind.reported, NoticeKind.plan}


def message(reminder: Reminder, at: datetime) -> tuple[str, str]:
    """The subject and the text of a message, in the person's language."""
    with speaking(reminder.language):
        day = day_of(at)
        number = len(reminder.subjects)
        if reminder.digest:
            subject = _("ITA: {number} things that concern you, {day}").format(number=number, day=thai.date_text(day))
        else:
            subject = _("ITA: came back or ordered, {number} things").format(number=number)
        parts = [_("Dear {name},").format(name=reminder.person), subject + ":"]
        parts += ["\n".join(_line(one)) for one in reminder.subjects[:MOST]]
        if number > MOST:
            parts.append(_("and {number} more").format(number=number - MOST))
        return subject, "\n\n".join([*parts, *_foot(reminder)]) + "\n"


def _line(one: Subject) -> list[str]:
    notice = one.notice
    what = notice.item if notice.kind in _OF_SOMEBODY else f"{notice.item} {notice.subject}".strip()
    said = f"• {_(NOTICES[notice.kind])}" + (f": {' '.join(what.split())}" if what else "")
    if notice.due is not None:
        said += " · " + _("due {day}").format(day=thai.date_text(notice.due))
    return [said, *_link(notices.place(notice), one)]


def _link(place: str, one: Subject) -> list[str]:
    if not settings().public_url:
        return []
    where = urlencode({"office": one.assessment.office_code, "year": one.assessment.fiscal_year})
    return [f"  {settings().public_url}{place}{'&' if '?' in place else '?'}{where}"]


def _foot(reminder: Reminder) -> list[str]:
    said = []
    if settings().public_url:
        said.append(_("All of it: {address}").format(address=f"{settings().public_url}/notices"))
        said.append(_("When and how you are told: {address}").format(address=f"{settings().public_url}/account"))
    if reminder.channel is Channel.mail:
        said.append(_("A machine wrote this mail. Please do not answer it."))
    return ["\n".join(said)] if said else []
