"""Asking and answering about a piece of evidence. Nothing here changes where it stands."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from ita_core import access, audit
from ita_core.errors import NotYourItem, Refused
from ita_core.language import N_
from ita_core.models import Message
from ita_core.typed import LONGEST_NOTE, clean_text
from ita_core.workflow.asking import handed_in, new_id

MOST_OF_EVIDENCE = 200  # messages about one piece: by then people talk better to each other
MOST_AN_HOUR = 60  # of one account


class NothingWritten(Refused):
    says = N_("Write what you want to ask or answer.")


class ThreadFull(Refused):
    says = N_("There are {most} messages about this already, no more can be kept. Speak with each other.")


class TooManyMessages(Refused):
    says = N_("You wrote {most} messages within an hour. Wait a little before you write the next one.")
    passing = True


def write_message(session: Session, *, by: int, evidence_id: int, text: str, at: datetime) -> int:
    """Ask or answer about an evidence; gives the message's id.

    The very text that the same account wrote last about it gives that message's id: a second click adds none.

    Raises NotFound, YearClosed, NotYourItem, NothingWritten, BadText, ThreadFull, TooManyMessages.
    """
    found = handed_in(session, by, evidence_id)
    if not access.may_write_message(found.actor, found.people):
        raise NotYourItem(item=found.item.code)
    said = clean_text(text, LONGEST_NOTE)
    if not said:
        raise NothingWritten
    of = select(Message).where(Message.evidence_id == evidence_id).order_by(col(Message.id).desc())
    last = session.exec(of.limit(1)).first()
    if last and (last.account_id, last.text) == (by, said):
        return new_id(last.id)
    _check_room(session, by, evidence_id, at)
    message = Message(evidence_id=evidence_id, account_id=by, text=said, at=at)
    session.add(message)
    session.flush()
    # It touches no board: nothing that is derived from it needs to be taken anew.
    audit.record(
        session, actor=found.account, action="message.write", subject=f"message {message.id}", at=at,
        item=found.item.code, evidence=evidence_id, text=said,
    )  # fmt: skip
    return new_id(message.id)


def _check_room(session: Session, by: int, evidence_id: int, at: datetime) -> None:
    """Raises ThreadFull, TooManyMessages."""
    count = select(func.count()).select_from(Message)
    if session.exec(count.where(Message.evidence_id == evidence_id)).one() >= MOST_OF_EVIDENCE:
        raise ThreadFull(most=MOST_OF_EVIDENCE)
    lately = count.where(Message.account_id == by, col(Message.at) > at - timedelta(hours=1))
    if session.exec(lately).one() >= MOST_AN_HOUR:
        raise TooManyMessages(most=MOST_AN_HOUR)
