"""Which documents there are, and one by its name in the form that is asked for: for the command and for the routes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from ita_core import access, queries, thai
from ita_core.access import Actor
from ita_core.board import progress
from ita_core.days import happened
from ita_core.errors import NoRoom, NotFound, Refused
from ita_core.evidence import picturing
from ita_core.evidence.objects import Damaged, full_is
from ita_core.evidence.picturing import Small
from ita_core.evidence.store import open_store
from ita_core.exports.documents.assignments import assignments
from ita_core.exports.documents.clarification import clarifications
from ita_core.exports.documents.measure import measure
from ita_core.exports.documents.meeting import meeting
from ita_core.exports.documents.model import Document
from ita_core.exports.documents.monthly import monthly
from ita_core.exports.documents.report import pictured, report
from ita_core.exports.tables import file_name, in_thai
from ita_core.language import N_
from ita_core.queries import AssessmentFacts, MeetingFacts, Snapshot
from ita_core.settings import settings
from ita_core.waiting import Progress


class NotBegun(Refused):
    says = N_("The fiscal year {year} has not begun, so there is nothing to report on yet.")


class NoMeeting(Refused):
    says = N_("No meeting was held and ended by {day}, so there is no report of one.")


class NothingClarified(Refused):
    says = N_("By {day} nothing was written to clarify any item of yours.")


class UnknownMeeting(NotFound):
    says = N_("There is no meeting number {number}: {known} were held and ended by {day}.")


def _everybody(_actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the documents: its title and what it is for, as people read them, and who may take it along."""

    title: str
    about: str
    may_take: Callable[[Actor], bool] = access.sees_all
    of_work: bool = True  # it reports on what was done, so there is none before the year has begun


DOCUMENTS = {
    "measure": Kind(
        N_("The measure (O23)"), N_("The office's measure of the year, by the plan in force on the day."), of_work=False
    ),
    "report": Kind(N_("Report on the measure (O24)"), N_("What was done against each measure, with pictures.")),
    "monthly": Kind(N_("Monthly progress report"), N_("A memo: progress, what is overdue, what is next.")),
    "meeting": Kind(
        N_("Report of a meeting"), N_("Who was there, what was shown, directives with who and by when."),
        access.reads_directives,
    ),
    "assignments": Kind(
        N_("Assignments"), N_("What each officer has to do by when, a page for each."), _everybody, of_work=False
    ),
    "clarifications": Kind(
        N_("Clarifications to the assessor"),
        N_("Each disputed item: the text, the evidence, the links. What is not approved is marked as a draft."),
        _everybody,
    ),
}  # fmt: skip
FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
Make = Callable[[Progress], Document]  # what takes time, once the database is let go


def has_begun(year: AssessmentFacts) -> bool:
    """Whether there can be a report on what was done in it."""
    return settings().day() >= year.starts


def ended(held: Sequence[MeetingFacts], before: datetime | None) -> list[MeetingFacts]:
    """Those of a year's meetings, the newest first, that had ended before a moment (None: now), the first one first.

    Their places are the numbers by which reports call them.
    """
    return [one for one in reversed(held) if happened(one.ended_at, before)]


def prepare(
    session: Session, name: str, snapshot: Snapshot, day: date, who: Actor | None = None, number: int = 0, *,
    item: str = "",
) -> Make:  # fmt: skip
    """What makes the document called `name`, one of DOCUMENTS, as of `day`, for what `who` may read.

    Everything it needs of the database is read here. `who` None is the server's own command. The snapshot is of that
    day, and restricted to `who` by the caller. `number` chooses a meeting; 0 is the last one. `item` is the code
    of the only one that is clarified; "" for all.

    Raises NotFound for another name and for whom it is not; NotBegun, NoMeeting, UnknownMeeting, NothingClarified.
    """
    kind = DOCUMENTS.get(name)
    if kind is None or (who is not None and not kind.may_take(who)):
        raise NotFound
    if kind.of_work and not has_begun(snapshot.assessment):
        raise NotBegun(year=snapshot.assessment.fiscal_year)
    if name == "report":
        return _report(session, snapshot, day, who)
    if name == "clarifications":
        return _clarifications(session, snapshot, day, who, item)
    held = _held(session, snapshot, day, number) if name == "meeting" else []
    given = queries.list_directives(session, snapshot.assessment.id) if held else []
    # 0 is nobody: an account that belongs to no officer has no list of its own
    own = None if who is None or access.sees_all(who) else who.officer_id or 0
    with in_thai():
        match name:
            case "measure":
                made = measure(snapshot)
            case "monthly":
                made = monthly(snapshot, day)
            case "meeting":
                number = number or len(held)
                made = meeting(snapshot.on(held[number - 1].day), held, number, given, day)
            case _:
                made = assignments(snapshot, snapshot.board(day), own)
    return lambda _progress: made


def _clarifications(session: Session, snapshot: Snapshot, day: date, who: Actor | None, item: str) -> Make:
    """Those that were written by then; raises NothingClarified."""
    listed = queries.list_disputes(session, who, snapshot.assessment, day=day, code=item)
    found = [one for one in listed if one.standing is not None]
    if not found:
        raise NothingClarified(day=thai.long_date_text(day))
    with in_thai():
        made = clarifications(snapshot, found, item)
    return lambda _progress: made


def _held(session: Session, snapshot: Snapshot, day: date, number: int) -> list[MeetingFacts]:
    """The meetings, among them the one that is asked for; raises NoMeeting, UnknownMeeting."""
    held = ended(queries.list_meetings(session, snapshot.assessment.id), progress.until(day, snapshot.assessment.ends))
    if not held:
        raise NoMeeting(day=thai.long_date_text(day))
    if number > len(held):
        raise UnknownMeeting(number=number, known=len(held), day=thai.long_date_text(day))
    return held


def _report(session: Session, snapshot: Snapshot, day: date, who: Actor | None) -> Make:
    limit = progress.until(day, snapshot.assessment.ends)
    board = snapshot.board(day)
    evidence = [one.as_of(limit) for one in queries.list_evidence(session, who, snapshot.assessment.id)]

    def make(shown: Progress) -> Document:
        wanted = pictured(board, evidence)
        pictures: dict[int, Small | None] = {}
        for number, one in enumerate(wanted, 1):
            pictures[one.id] = _small(one.sha256, None if who is None else who.account_id)
            shown(number, len(wanted))
        with in_thai():
            return report(snapshot, board, evidence, pictures, day)

    return make


def _small(sha256: str, by: int | None) -> Small | None:
    """The picture, None where its file is missing or not what it was: the report says so in its place.

    Raises what tells nothing of the picture: StoreUnusable, StoreAway, DiskFull, NoRoom.
    """
    try:
        with full_is(NoRoom()):
            return picturing.small(sha256, open_store().verified, by=by)
    except (NotFound, Damaged):
        return None


def file_of(name: str, made: Document, of: AssessmentFacts, day: date, fmt: str) -> str:
    """What the file of this document is called: ita-2568-meeting-2-2568-03-15.docx."""
    return file_name(f"{name}-{made.which}" if made.which else name, of, day, fmt)


def template(path: Path) -> Any:
    """An office's own Word file to write into, for `encode`.

    Raises BadTemplate.
    """
    from ita_core.exports.documents.docx import read_template

    return read_template(path)


def encode(document: Document, fmt: str, form: Any = None) -> bytes:
    """The document as a file of this format, one of FORMATS; `form` (of `template`) is for DOCX only.

    Raises what the writers raise, and KeyError for another format.
    """
    writers: dict[str, Callable[[], bytes]] = {"docx": lambda: _docx(document, form), "pdf": lambda: _pdf(document)}
    return writers[fmt]()


def _docx(document: Document, form: Any) -> bytes:
    from ita_core.exports.documents.docx import as_docx  # what only one of them needs is loaded for it

    return as_docx(document, form)


def _pdf(document: Document) -> bytes:
    from ita_core.exports.documents.pdf import as_pdf

    return as_pdf(document)
