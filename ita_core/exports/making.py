"""Which tables there are, and one by its name in the form that is asked for: for the command and for the routes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from ita_core import access, queries
from ita_core.access import Actor
from ita_core.board import directives, listing, progress
from ita_core.board.directives import DirectiveFacts
from ita_core.board.listing import Listing
from ita_core.board.steps import StepStanding
from ita_core.errors import Refused
from ita_core.exports import office_book, tables
from ita_core.exports.tables import Table
from ita_core.exports.workbook import as_xlsx
from ita_core.language import N_
from ita_core.queries import EvidenceFacts, MeetingFacts, SentBackFacts, Snapshot, Wanted
from ita_core.waiting import Progress, silent

# name → (title, what it is for), as people read them
TABLES = {
    "items": (N_("Items"), N_("Every item with its deadline, people, numbers of slots and stage.")),
    "slots": (N_("Slots"), N_("Every slot with its due date and state.")),
    "officers": (N_("Officers"), N_("Every officer with their items, numbers of slots and punctuality.")),
    "timeline": (
        N_("Timeline"),
        N_("The calendar's steps with dates, people, and which are done, since when and why."),
    ),
    "scores": (N_("Announced scores"), N_("The scores of every year that are known, with where they come from.")),
    "responses": (
        N_("Responses to the surveys"),
        N_("How many had answered IIT and EIT by which day, by line of work; never who."),
    ),
    "evidence": (N_("Evidence"), N_("Everything that was handed in, by whom, and what was decided.")),
    "reviews": (
        N_("Reviews"),
        N_("Every decision with its reason, also undone ones; what was sent back, and answers."),
    ),
    "directives": (N_("Directives"), N_("What was ordered, to whom, by when, and what became of it.")),
    "meetings": (N_("Meetings"), N_("When they were held, who was there, what was ordered in them.")),
    "audit": (N_("Audit record"), N_("Who did what, on which, when: the chained record.")),
}
PERSONAL = TABLES.keys() - {"slots", "scores"}  # those that name people: that one was taken stands in the audit
ENCODINGS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", tables.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": ("application/json", lambda table: tables.as_json(table).encode()),
}
_ITEMS = ("item", "kind", "indicator", "officer", "duty", "state")
_PIECES = ("item", "kind", "indicator", "officer", "state", "month", "on", "find", "sort")
# What each can be chosen by, as the screens' addresses have it.
CHOSEN_BY: Mapping[str, tuple[str, ...]] = {
    "items": _ITEMS,
    "slots": _ITEMS,
    "officers": ("officer",),
    "timeline": ("officer", "state"),
    "evidence": _PIECES,
    "reviews": _PIECES,
    "directives": ("item", "officer", "state"),
    "meetings": ("officer",),
    "scores": (),
    "responses": (),
    "audit": (),
}
FILTERS = tuple(dict.fromkeys(name for names in CHOSEN_BY.values() for name in names))
_STATES: Mapping[str, Collection[str]] = {
    "directives": listing.STATES_OF_DIRECTIVES, "timeline": listing.STATES_OF_STEPS,
}  # fmt: skip


class NotChosenBy(Refused):
    says = N_("The table “{table}” cannot be chosen by {what}: there is no such thing in it.")


def offered(name: str, who: Actor | None) -> bool:
    """Whether the actor (None: the server's own command) may have something of the table; KeyError: there is none."""
    if name not in TABLES:
        raise KeyError(name)
    if name == "audit":
        return who is None or access.may_export_audit(who)
    return name != "meetings" or who is None or access.sees_all(who)


def applying(name: str, query: Mapping[str, str], snapshot: Snapshot, day: date) -> dict[str, str]:
    """What of an address the table can be chosen by: the rest means nothing in it."""
    said = {one: query[one].strip() for one in CHOSEN_BY[name] if query.get(one, "").strip()}
    if name in {"evidence", "reviews"}:
        newest = {"sort": queries.Order.newest.value}
        return {
            one: value
            for one, value in said.items()
            if queries.asked_evidence({one: value}, snapshot) != Wanted() or {one: value} == newest
        }
    return {
        one: value for one, value in said.items() if _listing(name, {one: value}, snapshot, day) != listing.EVERYTHING
    }


def _listing(name: str, query: Mapping[str, str], snapshot: Snapshot, day: date) -> Listing:
    officers = {one.key: one.id for one in snapshot.officers}
    states = _STATES.get(name, listing.STATES_OF_ITEMS)
    return listing.asked(query, items=snapshot.board(day).items, officers=officers, states=states)


def _sent_back(
    session: Session, snapshot: Snapshot, before: datetime | None, who: Actor | None, chosen: Mapping[str, str]
) -> list[SentBackFacts]:
    """What was sent back: of whole items, so nothing of it where pieces are chosen by what only pieces have."""
    sent_back = queries.list_send_backs(session, who, snapshot.assessment.id, before=before, every=True)
    of_items = {"item", "kind", "indicator"}
    fits = queries.asked_evidence(chosen, snapshot)
    return [
        one
        for one in sent_back
        if chosen.keys() <= of_items
        and fits.item_id in {None, one.item_id}
        and (fits.item_ids is None or one.item_id in fits.item_ids)
        and not fits.kind
    ]


def prepare(
    session: Session,
    name: str,
    snapshot: Snapshot,
    day: date,
    who: Actor | None = None,
    query: Mapping[str, str] | None = None,
) -> Callable[[], Table]:
    """What makes the table called `name`, one of TABLES, as of `day`, for what `who` may read; None is the command.

    Everything it needs of the database is read here, and made after the session: a writer waits for no table. The
    snapshot is of that day, and restricted to `who` by the caller; `query` is what of it is wanted, as an address has
    it: of FILTERS, the rest is not looked at. Raises KeyError for another name; this or what it gives raises
    NotChosenBy for what means nothing.
    """
    asked = {one: value.strip() for one, value in (query or {}).items() if one in FILTERS and value.strip()}
    before, of = progress.until(day, snapshot.assessment.ends), snapshot.assessment.id
    match name:
        case "items" | "slots" | "officers":
            return lambda: _of_board(name, snapshot, day, who, asked)
        case "timeline":
            stand = queries.list_steps(session, snapshot.assessment, day)
            return lambda: _steps(stand, snapshot, day, asked)
        case "evidence" | "reviews":
            chosen = _chosen(name, asked, snapshot, day)
            pieces = _pieces(session, snapshot, day, who, chosen)
            if name == "evidence":
                return lambda: tables.evidence(snapshot, pieces, day)
            sent_back = _sent_back(session, snapshot, before, who, chosen)
            return lambda: tables.reviews(snapshot, pieces, sent_back, day)
        case "directives" | "meetings":
            given, held = queries.list_directives(session, of, who), queries.list_meetings(session, of)
            every = who is None or access.reads_directives(who)
            return lambda: _ordered(name, snapshot, day, asked, given, held, every=every)
        case "responses":
            _chosen(name, asked, snapshot, day)
            surveys = queries.list_campaigns(session, of, before)
            return lambda: tables.responses(surveys, day)
        case "scores":
            _chosen(name, asked, snapshot, day)
            scores = queries.list_scores(session, of, before)
            return lambda: tables.scores(scores)
        case "audit":
            _chosen(name, asked, snapshot, day)
            entries = queries.list_audit_entries(session)
            return lambda: tables.audit(entries, day, snapshot.assessment.ends)
    raise KeyError(name)


def _chosen(name: str, asked: Mapping[str, str], snapshot: Snapshot, day: date) -> dict[str, str]:
    """Raises NotChosenBy."""
    chosen = applying(name, asked, snapshot, day)
    if odd := {one: value for one, value in asked.items() if one not in chosen}:
        raise NotChosenBy(table=name, what=", ".join(f"{one}={value[:60]}" for one, value in odd.items()))
    return chosen


def _of_board(name: str, snapshot: Snapshot, day: date, who: Actor | None, asked: Mapping[str, str]) -> Table:
    board = snapshot.board(day)
    wanted = _listing(name, _chosen(name, asked, snapshot, day), snapshot, day)
    match name:
        case "items":
            return tables.items(snapshot, listing.items(board.items, wanted))
        case "slots":
            return tables.slots(listing.items(board.items, wanted), wanted)
    # 0 is nobody: an account that belongs to no officer has no row of its own
    own = None if who is None or access.sees_all(who) else who.officer_id or 0
    if own is not None and wanted.officer not in {None, own}:
        own = 0
    return tables.officers(snapshot, board, wanted.officer if own is None else own)


def _steps(stand: Sequence[StepStanding], snapshot: Snapshot, day: date, asked: Mapping[str, str]) -> Table:
    wanted = _listing("timeline", _chosen("timeline", asked, snapshot, day), snapshot, day)
    return tables.timeline(listing.steps(stand, snapshot.board(day), wanted))


def _ordered(
    name: str, snapshot: Snapshot, day: date, asked: Mapping[str, str],
    given: Sequence[DirectiveFacts], held: Sequence[MeetingFacts], *, every: bool,
) -> Table:  # fmt: skip
    """The directives given, or the meetings in which they were; `every` one is known, or those that one may read."""
    wanted = _listing(name, _chosen(name, asked, snapshot, day), snapshot, day)
    known = directives.as_of(given, progress.until(day, snapshot.assessment.ends))
    if name == "directives":
        return tables.directives(snapshot, listing.directives(known, wanted, day), held, day)
    there = [one for one in held if wanted.officer is None or wanted.officer in one.officers]
    return tables.meetings(snapshot, there, known, day, every=every)


@dataclass(frozen=True, slots=True)
class Book:
    """What the workbook to forward is made of, once the database is let go."""

    snapshot: Snapshot
    evidence: Sequence[EvidenceFacts]
    day: date
    only: int | None
    home: str

    @property
    def rows(self) -> int:
        """How many rows it may have: pieces of evidence, and slots that are overdue."""
        return len(self.evidence) + sum(one.tally.overdue for one in self.snapshot.board(self.day).items)

    def make(self, progress: Progress = silent) -> bytes:
        """The xlsx; `progress` is told of rows done."""
        return office_book.make(
            self.snapshot, self.evidence, self.day, only=self.only, home=self.home, progress=progress
        )


def prepare_workbook(
    session: Session, snapshot: Snapshot, day: date, who: Actor | None = None, *, home: str = ""
) -> Book:
    """The workbook to forward (`office_book`), as of `day`, of what `who` may read; None is the server's own command.

    The snapshot is of that day and restricted to `who`; with `home`, where the app is served, evidence is linked.
    """
    only = None if who is None or access.sees_all(who) else who.officer_id or 0
    return Book(snapshot, queries.list_evidence(session, who, snapshot.assessment.id), day, only, home)


def _pieces(
    session: Session, snapshot: Snapshot, day: date, who: Actor | None, chosen: Mapping[str, str]
) -> list[EvidenceFacts]:
    """Oldest first where nothing else is said."""
    wanted = queries.asked_evidence({"sort": queries.Order.oldest.value} | dict(chosen), snapshot)
    order = [item.id for item in snapshot.items]
    found = queries.find_evidence(session, who, snapshot.assessment, wanted, day=day, order=order, page=None)
    return list(found.pieces)
