"""How people want to be told, and what was sent to them: the records of it; sending itself is `reminding.py`."""

import uuid
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from ita_core import accounts, audit
from ita_core.board.reminding import Choice, digest_can_come
from ita_core.channels import faults
from ita_core.days import day_of
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import (
    Account,
    Channel,
    ChannelChoice,
    Sending,
    SendingOutcome,
    SendingResult,
    SentSubject,
)
from ita_core.queries import Reminder
from ita_core.workflow.asking import get_account, new_id

# A message is on its way for a minute at most: one without a result after this was interrupted.
ON_ITS_WAY = timedelta(minutes=10)


class NoSuchHour(Refused):
    says = N_("An hour is a whole number from 0 to 23.")


class NeverDue(Refused):
    says = N_(
        "From this hour on all is quiet, so the digest would never come. Choose an earlier hour, or a shorter quiet."
    )


def choose_channels(session: Session, *, by: int, choice: Choice, at: datetime) -> None:
    """Keep by what and when somebody wants to be told themselves; the same again changes nothing.

    Raises NotFound, NoSuchHour, NeverDue.
    """
    account = get_account(session, by)
    if not all(0 <= hour <= 23 for hour in (choice.hour, choice.quiet_from, choice.quiet_until)):
        raise NoSuchHour
    if choice.digest and not digest_can_come(choice):
        raise NeverDue
    made = ChannelChoice(
        account_id=by, channels=sorted(one.value for one in choice.channels), digest=choice.digest,
        hour=choice.hour, at_once=choice.at_once, quiet_from=choice.quiet_from, quiet_until=choice.quiet_until,
        at=at,
    )  # fmt: skip
    last = select(ChannelChoice).where(ChannelChoice.account_id == by).order_by(col(ChannelChoice.id).desc())
    known = session.exec(last.limit(1)).first()
    if known is not None and _wants(known) == _wants(made):
        return
    session.add(made)
    session.flush()
    audit.record(session, actor=account, action="channel.choose", subject=f"account {by}", at=at)


def _wants(kept: ChannelChoice) -> dict[str, object]:
    return kept.model_dump(exclude={"id", "at"})


def claim_reminder(session: Session, *, reminder: Reminder, at: datetime) -> Sending | None:
    """Keep that this message goes out now, before it does; None where another process was first, or it may not.

    Nobody's act but the timer's. What it tells was asked a moment ago with the account's rights of then; that it may
    still sign in, and still has the address, is asked again here.
    """
    audit.one_at_a_time(session)
    account = session.get(Account, reminder.account_id)
    address = reminder.address
    live = [one.id for one in accounts.list_addresses(session, reminder.account_id)]
    if account is None or account.disabled or address is None or address.id not in live:
        return None
    same = [SentSubject.account_id == reminder.account_id, SentSubject.channel == address.channel]
    taken = select(SentSubject.id).where(
        *same, SentSubject.attempt == reminder.attempt, col(SentSubject.key).in_(reminder.keys)
    )
    if session.exec(taken.limit(1)).first() is not None:
        return None
    made = Sending(
        account_id=reminder.account_id, channel=address.channel, address_id=address.id, day=day_of(at),
        digest=reminder.digest, retry_key=reminder.earlier or str(uuid.uuid4()), attempt=reminder.attempt, at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(
        SentSubject(
            sending_id=new_id(made.id), account_id=made.account_id, channel=made.channel, key=key, attempt=made.attempt
        )
        for key in reminder.keys
    )
    session.flush()
    audit.record(
        session, actor=None, action="reminder.send", subject=f"account {made.account_id}", at=at,
        channel=made.channel.value, subjects=len(reminder.subjects),
    )  # fmt: skip
    return made


def note_sending(session: Session, *, sending_id: int, fault: faults.NotSent | None, at: datetime) -> SendingOutcome:
    """Keep what came of a message that went out, None for no fault. Nobody's act.

    Where it was noted already, as interrupted by another process while this one hung, that stays and comes back.
    """
    audit.one_at_a_time(session)
    sending = session.get_one(Sending, sending_id)
    noted = session.exec(select(SendingResult).where(SendingResult.sending_id == sending_id)).first()
    if noted is not None:
        return noted.outcome
    if fault is None:
        outcome = SendingOutcome.sent
    elif fault.unsure:
        outcome = SendingOutcome.unsure
    else:
        # What is wrong with a channel is mended, a wrong password too: what it was to tell is not told by that.
        outcome = SendingOutcome.refused if fault.of_address else SendingOutcome.again
    told = "" if fault is None else faults.noted(fault)
    session.add(SendingResult(sending_id=sending_id, outcome=outcome, fault=told, at=at))
    session.flush()
    audit.record(
        session, actor=None, action="reminder.result", subject=f"account {sending.account_id}", at=at,
        channel=sending.channel.value, outcome=outcome.value,
    )  # fmt: skip
    return outcome


def note_interrupted(session: Session, *, at: datetime) -> int:
    """Keep of the messages whose process ended in between that it did; of how many.

    A mail may have arrived and is not sent again; LINE knows a message by its retry key, so there it is. Nobody's act.
    """
    audit.one_at_a_time(session)
    none = (
        select(Sending)
        .outerjoin(SendingResult, col(SendingResult.sending_id) == Sending.id)
        .where(col(SendingResult.id).is_(None), col(Sending.at) <= at - ON_ITS_WAY)
    )
    found = session.exec(none).all()
    for one in found:
        fault = faults.Interrupted()
        fault.unsure = one.channel is not Channel.line
        note_sending(session, sending_id=new_id(one.id), fault=fault, at=at)
    return len(found)
