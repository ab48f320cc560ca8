"""PURE: published addresses, what the checks of them found, and which of them somebody has to look after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from ita_core.board.progress import Stage
from ita_core.days import day_of
from ita_core.models import LinkOutcome

CHANGED_DAYS = 7  # so long a change is told: who saw it on Monday need not see it for the rest of the year
ENDING_DAYS = 14  # so long before it ends a certificate is told


class Fault(Enum):
    """What is wrong with a published address, the worst first."""

    broken = "broken"  # nobody gets to see what was published
    replaced = "replaced"  # it was, byte for byte, what was accepted; it is something else now
    changed = "changed"  # its words differ from those of the check before
    ending = "ending"  # the website's certificate ends soon


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found (`models.LinkCheck`); by whom it was, "" for the system."""

    id: int
    item_id: int
    url: str
    at: datetime
    by: str
    outcome: LinkOutcome
    why: str = ""
    status: int | None = None
    final_url: str = ""
    media_type: str = ""
    size: int | None = None
    sha256: str = ""
    changed: bool | None = None
    names_year: bool | None = None
    evidence_id: int | None = None
    certificate_ends: datetime | None = None
    kept_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address where an item can be seen, who recorded it when, and what was found there until a moment."""

    item_id: int
    code: str
    url: str
    by: str
    at: datetime
    filed: bool = False  # as it stands in ITAP, where that differs from the address on the website
    last: Check | None = None
    changed_at: datetime | None = None  # the last check that found other words
    evidence_at: datetime | None = None  # the last check that found the accepted file
    in_itap: bool = False  # named by the last filing, be it the address on the website or another


def addresses(recorded: str) -> list[str]:
    """The addresses of a record of a publication or a filing."""
    return recorded.split("\n") if recorded else []


def opens(link: Link) -> bool:
    """Whether an address opened when it was looked at last, or nobody looked yet."""
    return link.last is None or link.last.outcome is LinkOutcome.reached


def not_opening(links: Iterable[Link], urls: Collection[str]) -> list[Link]:
    """Those of an item's links with one of these addresses that did not open when they were looked at last."""
    return [one for one in links if one.url in urls and not opens(one)]


def is_shown(link: Link, stage: Stage) -> bool:
    """Whether the assessor gets this address of an item in this stage: once filed those in ITAP, else the website's.

    What an earlier filing had is of no account until it is filed anew.
    """
    return link.in_itap if stage is Stage.filed else not link.filed


def fault(link: Link, day: date) -> Fault | None:
    """The worst that is wrong with an address on a day; None where nothing is, or nobody looked yet."""
    last = link.last
    if not opens(link):
        return Fault.broken
    if last is None:
        return None
    if link.evidence_at is not None and last.evidence_id is None:
        return Fault.replaced
    if link.changed_at is not None and (day - day_of(link.changed_at)).days < CHANGED_DAYS:
        return Fault.changed
    ends = last.certificate_ends
    if ends is not None and day_of(ends) - day < timedelta(days=ENDING_DAYS):
        return Fault.ending
    return None


def faults(links: Iterable[Link], day: date) -> list[tuple[Fault, Link]]:
    """Every address that somebody has to look after, the worst first, then in the order given."""
    found = [(what, link) for link in links if (what := fault(link, day)) is not None]
    order = list(Fault)
    return sorted(found, key=lambda one: order.index(one[0]))
