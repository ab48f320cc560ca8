"""Who is to be told what outside of the dashboard, what was told, and which channel fails."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from ita_core.accounts import AddressFacts, list_addresses
from ita_core.accounts.tokens import CLOCK_TOLERANCE
from ita_core.board import progress, reminding
from ita_core.board.notices import Notice
from ita_core.board.reminding import Allowed, Choice
from ita_core.channels import faults
from ita_core.days import BANGKOK, day_of
from ita_core.errors import NotFound
from ita_core.models import (
    Account,
    Channel,
    ChannelChoice,
    Person,
    Sending,
    SendingOutcome,
    SendingResult,
    SentSubject,
)
from ita_core.queries.actors import get_actor
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.notices import list_notices
from ita_core.queries.visiting import get_visible, list_visible
from ita_core.queries.wide import wide_select
from ita_core.queries.years import is_open

_NOT_TAKEN = (SendingOutcome.refused, SendingOutcome.again)
_NOT_OF_CHANNEL = (faults.AddressRefused.__name__, faults.Interrupted.__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to tell, and in which office and year it is."""

    assessment: AssessmentFacts
    notice: Notice


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message that is to go out: to whom, by what, and what it tells.

    `keys` name what it tells, and `attempt` which try of theirs it is; of a retry `earlier` is the message that could
    not be sent. Without a channel it can't go out: nothing is proved, or wanted, by which they could be told.
    """

    account_id: int
    person: str
    language: str
    channel: Channel | None
    address: AddressFacts | None
    digest: bool
    subjects: tuple[Subject, ...]
    keys: tuple[str, ...]
    attempt: int = 1
    earlier: str = ""  # its retry key


@dataclass(frozen=True, slots=True)
class Told:
    """The last that came of telling an account by a channel."""

    channel: Channel
    at: datetime
    outcome: SendingOutcome
    fault: str


@dataclass(frozen=True, slots=True)
class ChannelTrouble:
    """A channel by which nothing gets out: since when, how many messages since the last that did, and why the last
    did not (`faults.sentence`)."""

    channel: Channel
    since: datetime
    failures: int
    fault: str


# --- whom -------------------------------------------------------------------------------------------------------------


def list_told(session: Session) -> list[int]:
    """The accounts that may sign in."""
    enabled = select(Account).where(col(Account.disabled).is_(False)).order_by(col(Account.id))
    return [one.id or 0 for one in session.exec(enabled)]


def get_choice(session: Session, account_id: int) -> Choice:
    """By what and when the account wants to be told; where it never said, as `Choice` is by itself."""
    last = select(ChannelChoice).where(ChannelChoice.account_id == account_id).order_by(col(ChannelChoice.id).desc())
    found = session.exec(last.limit(1)).first()
    if found is None:
        return Choice()
    known = {one.value for one in Channel}
    channels = frozenset(Channel(one) for one in found.channels if one in known)
    return Choice(channels, found.digest, found.hour, found.at_once, found.quiet_from, found.quiet_until)


def list_subjects(session: Session, account_id: int, day: date) -> list[Subject]:
    """What concerns an account on the day in the current year of each office in which it has a role.

    Only what it may read; nothing of a year that is closed, for an account that is disabled, or a person who left.
    """
    account = session.get(Account, account_id)
    if account is None or account.disabled or _has_left(session, account, day):
        return []
    offices = dict.fromkeys(one.office_code for one in list_visible(session, account_id))
    found = []
    for office in offices:
        try:
            year = get_visible(session, account_id, office=office, day=day)
            who = get_actor(session, account_id, year.id)
        except NotFound:
            continue
        if is_open(session, year.id) and year.starts <= day:
            shown = progress.shown_day(day, year.starts, year.ends)
            found += [Subject(year, one) for one in list_notices(session, who, year, shown)]
    return found


def _has_left(session: Session, account: Account, day: date) -> bool:
    person = session.get(Person, account.person_id) if account.person_id is not None else None
    return person is not None and person.until is not None and person.until < day


# --- what -------------------------------------------------------------------------------------------------------------


def list_reminders(
    session: Session, account_id: int, now: datetime, by: Collection[Channel] = tuple(Channel), *,
    whatever_hour: bool = False,
) -> list[Reminder]:  # fmt: skip
    """What is to be told to an account now and was not yet, a message for each channel of `by`; none at a quiet hour.

    With `whatever_hour` all that is to be told on this day; for who has no channel too, without one.
    """
    account = session.get(Account, account_id)
    if account is None:
        return []
    # What concerns them is by far the dearest: asked for last, and only for who may be told anything at all.
    choice = get_choice(session, account_id)
    addresses = {one.channel: one for one in list_addresses(session, account_id) if one.channel in by}
    hour = None if whatever_hour else now.astimezone(BANGKOK).hour
    ways = {one: _allowed(session, account_id, one, choice, hour, now) for one in reminding.usable(choice, addresses)}
    nowhere = not ways and whatever_hour and reminding.allowed(choice, None, digest_told=False, waits=False).digest
    if not nowhere and not any(one.anything for one in ways.values()):
        return []
    subjects = list_subjects(session, account_id, day_of(now))
    if not subjects:
        return []
    if nowhere:
        return [_reminder(account, None, subjects, digest=True, keys=())]
    return [
        one
        for channel, allowed in ways.items()
        if allowed.anything
        for one in _of_channel(session, account, addresses[channel], allowed, subjects, now)
    ]


def _allowed(
    session: Session, account_id: int, channel: Channel, choice: Choice, hour: int | None, now: datetime
) -> Allowed:
    lately = _lately(session, account_id, channel, now)
    key = reminding.digest_key(day_of(now))
    told = key in lately and not lately[key].ahead
    return reminding.allowed(choice, hour, digest_told=told, waits=bool(_waiting(lately, now)))


def _of_channel(
    session: Session, account: Account, address: AddressFacts, allowed: Allowed, subjects: list[Subject], now: datetime
) -> list[Reminder]:
    key = reminding.digest_key(day_of(now))
    once = {reminding.once_key(one.assessment.id, one.notice): one for one in subjects if _is_at_once(one)}
    past = _past(session, account.id or 0, address.channel, (key, *once), now)
    untold = {key: one for key, one in once.items() if key not in past or _is_lost(past[key], now)}
    # What is lost is begun anew on the next day, or at another address; the digest tells it too.
    fresh = {key: one for key, one in untold.items() if key not in past or _may_begin(past[key], address, now)}
    begun = fresh if allowed.once and not allowed.digest else {}
    # What is told by itself now is not told by a digest's second try, too.
    others = [one for one in subjects if one not in begun.values()]
    retries = _retries(past, account, address, others, now) if allowed.again else []
    if allowed.digest:
        keys = (key, *untold)
        return [*retries, _reminder(account, address, subjects, digest=True, keys=keys, attempt=_next(past, keys))]
    if begun:
        told = list(begun.values())
        new = _reminder(account, address, told, digest=False, keys=tuple(begun), attempt=_next(past, begun))
        return [*retries, new]
    return retries


def _is_at_once(one: Subject) -> bool:
    return one.notice.kind in reminding.AT_ONCE


def _reminder(
    account: Account, address: AddressFacts | None, subjects: list[Subject], *, digest: bool, keys: tuple[str, ...],
    attempt: int = 1, earlier: str = "",
) -> Reminder:  # fmt: skip
    return Reminder(
        account.id or 0, account.name, account.language, address.channel if address else None, address, digest,
        tuple(subjects), keys, attempt, earlier,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sent:
    """The last message that told something, and what came of it; None: nothing yet."""

    retry_key: str
    address_id: int
    attempt: int
    digest: bool
    day: date
    at: datetime
    outcome: SendingOutcome | None
    ahead: bool = False  # the clock was: what it told then counts for nothing but its attempt


def _past(
    session: Session, account_id: int, channel: Channel, keys: Collection[str], now: datetime
) -> dict[str, _Sent]:
    """What of these was told, or tried to be, by its key: of years of messages no more is read."""
    return _sent(session, account_id, channel, now, col(SentSubject.key).in_(keys))


def _lately(session: Session, account_id: int, channel: Channel, now: datetime) -> dict[str, _Sent]:
    """What was told on this day, and what may still be tried again, by its key."""
    return _sent(
        session, account_id, channel, now, col(Sending.account_id) == account_id,
        sa.or_(col(Sending.day) == day_of(now), col(Sending.at) >= now - reminding.LATEST),
    )  # fmt: skip


def _sent(
    session: Session, account_id: int, channel: Channel, now: datetime, *which: sa.ColumnElement[bool]
) -> dict[str, _Sent]:
    asked = (
        wide_select(
            SentSubject.key, Sending.retry_key, Sending.address_id, Sending.attempt, Sending.digest, Sending.day,
            Sending.at, SendingResult.outcome,
        )
        .join(Sending, col(Sending.id) == SentSubject.sending_id)
        .outerjoin(SendingResult, col(SendingResult.sending_id) == Sending.id)
        .where(SentSubject.account_id == account_id, SentSubject.channel == channel, *which)
        .order_by(col(Sending.id))
    )  # fmt: skip
    found: dict[str, _Sent] = {}
    for key, *rest in session.execute(asked):
        one = _Sent(*rest)
        if one.at > now + CLOCK_TOLERANCE:
            # What was told before by a clock that was right stays told; only the attempt is taken.
            one = replace(found.get(key, replace(one, ahead=True)), attempt=one.attempt)
        found[key] = one
    return found


def _next(past: Mapping[str, _Sent], keys: Iterable[str]) -> int:
    """The attempt at a message that tells these."""
    return 1 + max((past[key].attempt for key in keys if key in past), default=0)


def _is_over(sent: _Sent, now: datetime) -> bool:
    """Whether a message that could not be sent is tried no more as it was."""
    of_before = sent.digest and sent.day != day_of(now)
    return reminding.is_last(sent.attempt) or now - sent.at > reminding.LATEST or of_before


def _is_lost(sent: _Sent, now: datetime) -> bool:
    """Whether what a message was to tell was not told, and no other try of it will."""
    if sent.ahead:
        return True
    return sent.outcome is SendingOutcome.refused or (sent.outcome is SendingOutcome.again and _is_over(sent, now))


def _may_begin(sent: _Sent, address: AddressFacts, now: datetime) -> bool:
    return sent.ahead or sent.day != day_of(now) or sent.address_id != address.id


def _waiting(past: Mapping[str, _Sent], now: datetime) -> dict[str, list[str]]:
    """What could not be sent and whose pause is over: the keys of each message, by its retry key."""
    groups: dict[str, list[str]] = {}
    for key, sent in past.items():
        rested = now - sent.at >= reminding.pause_before(sent.attempt)
        if sent.outcome is SendingOutcome.again and rested and not _is_over(sent, now):
            groups.setdefault(sent.retry_key, []).append(key)
    return groups


def _retries(
    past: Mapping[str, _Sent], account: Account, address: AddressFacts, subjects: list[Subject], now: datetime
) -> list[Reminder]:
    """What could not be sent, once more as it was, where it is still so and its pause is over."""
    found = []
    for retry_key, keys in _waiting(past, now).items():
        # Of what it told, some may have ended at an earlier try and be there again.
        sent = max((past[key] for key in keys), key=lambda one: one.attempt)
        still = [one for one in subjects if sent.digest or reminding.once_key(one.assessment.id, one.notice) in keys]
        if still:
            found.append(
                _reminder(
                    account, address, still, digest=sent.digest, keys=tuple(keys), attempt=sent.attempt + 1,
                    earlier=retry_key if sent.address_id == address.id else "",  # to another LINE it is another
                )
            )  # fmt: skip
    return found


# --- what came of it --------------------------------------------------------------------------------------------------


def list_last_told(session: Session, account_id: int) -> dict[Channel, Told]:
    """The last that came of telling an account, by channel; of the addresses that it uses."""
    live = [one.id for one in list_addresses(session, account_id)]
    asked = (
        wide_select(Sending.channel, SendingResult.at, SendingResult.outcome, SendingResult.fault)
        .join(SendingResult, col(SendingResult.sending_id) == Sending.id)
        .where(col(Sending.account_id) == account_id, col(Sending.address_id).in_(live))
        .order_by(col(SendingResult.id))
    )
    return {channel: Told(channel, at, outcome, fault) for channel, at, outcome, fault in session.execute(asked)}


def list_unreachable(session: Session, troubles: Iterable[ChannelTrouble] | None = None) -> dict[int, list[Told]]:
    """The accounts whose address the server refused when it was last written to, with what it said.

    `troubles`: what `list_troubles` gave just now; None: it is asked.
    """
    newest = sa.select(func.max(Sending.id)).join(SendingResult).group_by(col(Sending.account_id), col(Sending.channel))
    asked = (
        wide_select(Sending.account_id, Sending.address_id, Sending.channel, SendingResult.at, SendingResult.fault)
        .join(SendingResult, col(SendingResult.sending_id) == Sending.id)
        .where(col(Sending.id).in_(newest), col(SendingResult.outcome).in_(_NOT_TAKEN))
    )
    # Where a refusal may be either's fault, it is the address's as long as the channel has none.
    failing = {one.channel for one in (list_troubles(session) if troubles is None else troubles)}
    live = {one.id for one in list_addresses(session)}
    found: dict[int, list[Told]] = {}
    for account_id, address_id, channel, at, fault in session.execute(asked):
        unclear = faults.is_unclear(fault) and channel not in failing
        if address_id in live and (faults.is_of_address(fault) or unclear):
            found.setdefault(account_id, []).append(Told(channel, at, SendingOutcome.refused, fault))
    return found


def list_troubles(session: Session) -> list[ChannelTrouble]:
    """The channels by which the last message did not get out for a reason that is the channel's own: also one that may
    be the address's, where so many different ones met it (`faults.in_a_row`)."""
    found = []
    for channel in Channel:
        of_channel = (
            wide_select(SendingResult.id, SendingResult.at, SendingResult.fault, Sending.address_id)
            .join(Sending, col(Sending.id) == SendingResult.sending_id)
            .where(col(Sending.channel) == channel)
        )
        sent = of_channel.where(col(SendingResult.outcome) == SendingOutcome.sent)
        last = session.execute(sent.order_by(col(SendingResult.id).desc()).limit(1)).first()
        failed = of_channel.where(
            col(SendingResult.outcome) != SendingOutcome.sent,
            *(sa.not_(col(SendingResult.fault).startswith(one)) for one in _NOT_OF_CHANNEL),
        ).order_by(col(SendingResult.id))
        if last is not None:
            failed = failed.where(col(SendingResult.id) > last.id)
        rows = session.execute(failed).all()
        if rows and len({one.address_id for one in rows}) >= min(faults.in_a_row(one.fault) for one in rows):
            found.append(ChannelTrouble(channel, rows[0].at, len(rows), rows[-1].fault))
    return found
