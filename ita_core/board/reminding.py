"""PURE: by what and when somebody is told what concerns them: a digest once a day, and at once what came back or was
ordered; at night nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from ita_core.board.notices import Notice, NoticeKind
from ita_core.models import Channel

AT_ONCE = frozenset({NoticeKind.returned, NoticeKind.sent_back, NoticeKind.clarify_anew, NoticeKind.ordered})
# After so many minutes what could not be sent is tried again, the last of them again and again up to MOST_ATTEMPTS; not
# after LATEST: LINE knows a message by its retry key for 24 hours from the first try on. What was to be told at once is
# begun anew on the next day, with as many tries.
PAUSES, MOST_ATTEMPTS, LATEST = (4, 15, 60), 10, timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants; hours are whole ones of the day in Thailand."""

    channels: frozenset[Channel] = frozenset(Channel)
    digest: bool = True
    hour: int = 8
    at_once: bool = True
    quiet_from: int = 20
    quiet_until: int = 6


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be told now: the day's digest; at once what came back; once more what could not be sent."""

    digest: bool
    once: bool
    again: bool

    @property
    def anything(self) -> bool:
        """Whether it is worth asking what concerns them."""
        return self.digest or self.once or self.again


def is_quiet(choice: Choice, hour: int) -> bool:
    """Whether nothing is to come in this hour; the two the same: never."""
    if choice.quiet_from <= choice.quiet_until:
        return choice.quiet_from <= hour < choice.quiet_until
    return hour >= choice.quiet_from or hour < choice.quiet_until


def digest_is_due(choice: Choice, hour: int) -> bool:
    """Whether the day's digest is to come by now; one that was missed comes later on the same day."""
    return choice.digest and hour >= choice.hour and not is_quiet(choice, hour)


def digest_can_come(choice: Choice) -> bool:
    """Whether there is an hour of the day at which the digest is due: from 21 on, quiet from 20 to 6, there is none."""
    return any(digest_is_due(choice, hour) for hour in range(24))


def allowed(choice: Choice, hour: int | None, *, digest_told: bool, waits: bool) -> Allowed:
    """What may be told now by one channel, before anybody asks what there is; `hour` None: at whatever hour of the day.

    `digest_told`: the day's digest went out by it, or was tried; `waits`: a message is to be tried again now.
    """
    if hour is not None and is_quiet(choice, hour):
        return Allowed(digest=False, once=False, again=False)
    due = choice.digest if hour is None else digest_is_due(choice, hour)
    return Allowed(digest=due and not digest_told, once=choice.at_once, again=waits)


def digest_key(day: date) -> str:
    """By which it is known that a day's digest was sent."""
    return f"digest {day.isoformat()}"


def once_key(assessment_id: int, notice: Notice) -> str:
    """By which it is known that something was told at once: a directive that only came nearer is not told anew."""
    mark = notice.mark.rpartition(".")[0] if notice.kind is NoticeKind.ordered else notice.mark
    return f"once {assessment_id} {notice.kind.value}:{notice.item}:{mark}"


def pause_before(attempt: int) -> timedelta:
    """How long after the last attempt the next one may follow; `attempt` is how many there were."""
    return timedelta(minutes=PAUSES[min((attempt - 1) % MOST_ATTEMPTS, len(PAUSES) - 1)])


def is_last(attempt: int) -> bool:
    """Whether no other try follows on the same day; what is told on several days counts its attempts through."""
    return attempt % MOST_ATTEMPTS == 0


def usable(choice: Choice, addresses: Collection[Channel]) -> list[Channel]:
    """The channels by which they want to be told and can be."""
    return [channel for channel in Channel if channel in choice.channels and channel in addresses]
