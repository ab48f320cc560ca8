"""People told what concerns them: each message is kept before it goes out and after, and goes out under no lock.

A mail comes at most once: what may have arrived is never sent again, and stands in the next day's digest if it still
holds. LINE knows a message by its retry key, so there it comes exactly once, also where a program ended in between.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime

from ita_core import db, queries
from ita_core.channels import faults, line, mail
from ita_core.errors import Refused
from ita_core.models import Channel, Sending, SendingOutcome
from ita_core.queries import Reminder
from ita_core.workflow import channels, telling

MOST = 500  # messages of one run by one channel
SECONDS = 240.0  # in which a run begins messages: the timer comes every five minutes
# Different addresses in a row to which nothing went out by what is, or may be, the channel's own fault: the others wait
# for the next run.
BROKEN_AFTER = 3


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one message; `fault` as `faults.noted` has it, "" where it was sent."""

    reminder: Reminder
    outcome: SendingOutcome
    fault: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did: its messages, how many waited for the next one, how many were found interrupted."""

    done: tuple[Done, ...]
    left: int
    interrupted: int


def plan(now: datetime) -> list[Reminder]:
    """What is to be told on this day and was not yet, whatever the hour: what the runs of the day send."""
    with db.reading() as session:
        everybody = queries.list_told(session)
        return [
            one
            for account in everybody
            for one in queries.list_reminders(session, account, now, set_up(), whatever_hour=True)
        ]  # fmt: skip


def set_up() -> list[Channel]:
    """The channels that messages can go out by, as far as the settings say: for another none is claimed, so that it is
    told once the channel is there."""
    return [one for one, channel in ((Channel.mail, mail), (Channel.line, line)) if channel.is_set_up()]


def remind(clock: Callable[[], datetime], say: Callable[[Done], None] = lambda _done: None) -> Ran:
    """Send what is to be sent now; `say` is called after each message, by one thread at a time.

    The channels go side by side, so that none waits for another. Raises what the database does.
    """
    with db.writing() as session:
        interrupted = channels.note_interrupted(session, at=clock())
    telling_lock = threading.Lock()

    def told(done: Done) -> None:
        with telling_lock:
            say(done)

    # Each in the language of whoever called: what `say` says is theirs to read.
    with ThreadPoolExecutor(max_workers=len(Channel)) as beside:
        runs = [beside.submit(copy_context().run, _by_channel, channel, clock, told) for channel in Channel]
    results = [one.result() for one in runs]
    return Ran(tuple(one for done, _left in results for one in done), sum(left for _done, left in results), interrupted)


def _by_channel(channel: Channel, clock: Callable[[], datetime], say: Callable[[Done], None]) -> tuple[list[Done], int]:
    done: list[Done] = []
    left, broken, ends = 0, set[int](), time.monotonic() + SECONDS  # the addresses that failed in a row
    for reminder in _due(channel, clock):
        if len(broken) >= BROKEN_AFTER or len(done) >= MOST or time.monotonic() > ends:
            left += 1
            continue
        one = _sent(reminder, clock)
        if one is None:
            continue
        done.append(one)
        say(one)
        if one.outcome is SendingOutcome.sent or faults.is_of_address(one.fault):
            broken.clear()
        elif reminder.address is not None and not faults.is_passing_of_address(one.fault):
            broken.add(reminder.address.id)
    return done, left


def _due(channel: Channel, clock: Callable[[], datetime]) -> Iterator[Reminder]:
    """Account by account, each asked when it is its turn: what it may read, and wants, a moment before."""
    if channel not in set_up():
        return
    with db.reading() as session:
        everybody = queries.list_told(session)
    for account in everybody:
        with db.reading() as session:
            listed = queries.list_reminders(session, account, clock(), [channel])
        yield from listed


def _sent(reminder: Reminder, clock: Callable[[], datetime]) -> Done | None:
    """None where another process was first."""
    at = clock()
    subject, text = telling.message(reminder, at)
    with db.writing() as session:
        sending = channels.claim_reminder(session, reminder=reminder, at=at)
    if sending is None or reminder.address is None:
        return None
    fault = _handed_over(sending, reminder.address.value, subject, text)
    with db.writing() as session:
        outcome = channels.note_sending(session, sending_id=sending.id or 0, fault=fault, at=clock())
    return Done(reminder, outcome, faults.noted(fault) if fault else "")


def _handed_over(sending: Sending, address: str, subject: str, text: str) -> faults.NotSent | None:
    try:
        if sending.channel is Channel.mail:
            mail.send_mail(address, subject, text, message_id=mail.known_as(sending.retry_key))
        else:
            line.push(address, text, retry_key=sending.retry_key)
    except faults.NotSent as fault:
        return fault
    except Refused:  # an address that is none
        return faults.AddressRefused()
    return None
