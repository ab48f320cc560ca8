"""The meeting's screen of the people: who needs help first, who decides how quickly."""

from dataclasses import dataclass

from ita_core.board import progress, workload
from ita_core.language import _
from pages.parts import marks, meeting_split
from pages.parts.marks import Bar
from pages.parts.meeting_look import Look, Subject, subject
from pages.parts.meeting_split import Row, lines

NAME = 16  # em that a name has
LONG = 7  # days of waiting from where it is said loudly


@dataclass(frozen=True, slots=True)
class Preparer:
    name: str
    bar: Bar
    accepted: str
    waiting: int
    returned: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Supervisor:
    name: str
    items: int
    waiting: int
    overdue: int
    oldest: int
    late: bool
    to_decide: str


def people(look: Look) -> Subject:
    """Those who prepare, then those who supervise."""
    parts = meeting_split.tables("preparers", _preparers(look))
    parts += meeting_split.tables("supervisors", _supervisors(look), head_lines=2)
    nothing = _("Nobody has a duty on these items.")
    return subject("people", 5, _("By person: who needs help first"), parts, nothing)


def _preparers(look: Look) -> list[Row]:
    rows = []
    for one in workload.preparing(look.board.oit):
        name, tally = look.data.people[one.officer_id].full, one.tally
        accepted = f"{tally.accepted}/{tally.slots}"
        bar = marks.work_bar("", tally)
        view = Preparer(name, bar, accepted, tally.waiting, tally.returned, tally.overdue_open)
        rows.append(Row(view, lines(name, NAME)))
    return rows


def _supervisors(look: Look) -> list[Row]:
    records = progress.as_of(look.data.records, look.board.before)
    rows = []
    for one in workload.supervising(look.board.oit, records, look.here.day):
        name = look.data.people[one.officer_id].full
        days = "–" if one.days_to_decide is None else f"{one.days_to_decide:g}"
        view = Supervisor(
            name, len(one.items), one.waiting, one.overdue, one.waiting_days, one.waiting_days > LONG, days
        )
        rows.append(Row(view, lines(name, NAME)))
    return rows
