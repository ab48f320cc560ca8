"""What waits for the officer who keeps ITAP, as view data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ita_core import thai
from ita_core.board.itap import Waiting
from ita_core.board.progress import Stage
from ita_core.days import day_of
from ita_core.language import _


@dataclass(frozen=True, slots=True)
class Line:
    """An item; `since` says from when on, `waits` how many days that is, "" where nothing waits."""

    code: str
    title: str
    since: str
    waits: str


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    since: str  # what the day beside each item is
    lines: tuple[Line, ...]


def lists(found: Mapping[Stage, Sequence[Waiting]], day: date) -> list[Part]:
    """To publish, to file, and what is done; those of them that have any."""
    parts = {
        Stage.approved: (_("To be published on the website"), _("Approved")),
        Stage.published: (_("To be filed in ITAP"), _("Published")),
        Stage.filed: (_("Filed in ITAP"), _("Filed")),
    }
    return [
        Part(title, since, tuple(_line(one, day, waits=stage is not Stage.filed) for one in found[stage]))
        for stage, (title, since) in parts.items()
        if found[stage]
    ]


def _line(one: Waiting, day: date, *, waits: bool) -> Line:
    since = day_of(one.since)
    days = (day - since).days
    said = _("today") if days < 1 else _("for {days} days").format(days=days)
    return Line(one.standing.item.code, one.standing.item.title, thai.date_text(since), said if waits else "")
