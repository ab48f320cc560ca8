"""Which tables there are, and one by its name in the form that is asked for: for the command and for the routes."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from ita_core import access, queries
from ita_core.access import Actor
from ita_core.exports import tables
from ita_core.exports.tables import Table
from ita_core.exports.workbook import as_xlsx
from ita_core.language import N_
from ita_core.queries import Snapshot

# name → (title, what it is for), as people read them
TABLES = {
    "items": (N_("Items"), N_("Every item with its deadline, people, numbers of slots and stage.")),
    "slots": (N_("Slots"), N_("Every slot with its due date and state.")),
    "officers": (N_("Officers"), N_("Every officer with their items, numbers of slots and punctuality.")),
    "timeline": (N_("Timeline"), N_("The calendar's phases and steps with dates and people.")),
    "evidence": (N_("Evidence"), N_("Everything that was handed in, by whom, and what was decided.")),
    "audit": (N_("Audit record"), N_("Who did what, on which, when: the chained record.")),
}
ENCODINGS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", tables.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": ("application/json", lambda table: tables.as_json(table).encode()),
}


def make(session: Session, name: str, snapshot: Snapshot, day: date, who: Actor | None = None) -> Table:
    """The table called `name`, one of TABLES, as of `day`, for what `who` may read; None is the server's own command.

    The snapshot is of that day, and restricted to `who` by the caller. Raises KeyError for another name.
    """
    match name:
        case "items":
            return tables.items(snapshot, snapshot.board(day))
        case "slots":
            return tables.slots(snapshot.board(day))
        case "officers":
            # 0 is nobody: an account that belongs to no officer has no row of its own
            own = None if who is None or access.sees_all(who) else who.officer_id or 0
            return tables.officers(snapshot, snapshot.board(day), own)
        case "timeline":
            return tables.timeline(snapshot.steps)
        case "evidence":
            handed_in = queries.list_evidence(session, who, snapshot.assessment.id)
            return tables.evidence(snapshot, handed_in, day)
        case "audit":
            return tables.audit(queries.list_audit_entries(session), day, snapshot.assessment.ends)
    raise KeyError(name)
