"""The tables that leave the system (design, section 4), and their two text formats; workbooks are in `workbook.py`.

A table function takes the snapshot and the board and never reads around them: given a snapshot that was cut to what
somebody may read (`Snapshot.visible_to`), the table holds no more than that. People's documents are Thai whatever
language the screen speaks, so words, labels and headings are; JSON keeps the codes and English keys for programs.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from ita_core import days, language, thai, words
from ita_core.audit import SYSTEM
from ita_core.board import listing, progress, turns
from ita_core.board.campaigns import CampaignFacts
from ita_core.board.directives import DirectiveFacts
from ita_core.board.listing import EVERYTHING, Listing
from ita_core.board.progress import Board, ItemFacts, ItemStanding, SlotKey
from ita_core.board.steps import StepStanding
from ita_core.days import BANGKOK, ERA, happened
from ita_core.language import N_, _
from ita_core.models import AuditEntry, Cadence, DirectiveStep, DutyKind
from ita_core.plan.framework import Framework
from ita_core.plan.scores import TOTAL
from ita_core.queries import (
    AssessmentFacts,
    EvidenceFacts,
    MeetingFacts,
    PartyFacts,
    ScoreFacts,
    SentBackFacts,
    Snapshot,
)

# What makes a spreadsheet run a cell as a formula, at its start; also in the full width that Asian keyboards type.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where another than our comma might split a text: before one of these signs.
_WITHIN = re.compile(r"(?<=[;,\"\r\n])(\s*)(?=[=+@＝＋－＠-])")


class Value(Enum):
    """The kind of value in a column; lists hold texts."""

    text = "text"
    number = "number"
    share = "share"  # 0–1
    date = "date"
    moment = "moment"
    answer = "answer"  # yes or no
    list = "list"
    record = "record"  # a dictionary of details
    file = "file"  # its path from where the table lies: a link in a workbook


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it for programs, `heading` (a msgid) for people; `word` the people's word for a code.

    `codes` are all that there are, where it is one of some; `empty`: a row may have none of it.
    """

    key: str
    heading: str
    value: Value = Value.text
    word: Callable[[str], str] = str
    codes: tuple[str, ...] = ()
    empty: bool = False

    def shown(self, value: Any) -> Any:
        """A row's value as a person reads it: words for codes, lists as one text, moments in Thailand's time."""
        if value is None:
            return None
        match self.value:
            case Value.list:
                return ", ".join(map(self.word, value))
            case Value.answer:
                return _(words.ANSWERS[value])
            case Value.moment:
                return value.astimezone(BANGKOK).replace(tzinfo=None, microsecond=0)
            case Value.record:
                return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
            case Value.text:
                return self.word(value)
            case Value.file:
                return _("Open")
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is the command's and the file's word for it, `title` (a msgid) the people's."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]


@contextmanager
def in_thai() -> Iterator[None]:
    """Thai inside, whatever language the screen or the terminal speaks."""
    with language.speaking("th"):
        yield


def file_name(table: str, assessment: AssessmentFacts, day: date, fmt: str) -> str:
    """ita-2568-items-2568-03-15.xlsx: the fiscal year, the table, the day of the Buddhist era."""
    return f"ita-{assessment.fiscal_year}-{table}-{day.year + ERA}-{day:%m-%d}.{fmt}"


# --- the tables ------------------------------------------------------------------------------------------------------


def _coded(dictionary: Mapping[Any, str], **more: str) -> Any:
    """What a column of codes has: every code (an enumeration's member, or a code itself), and from one to its word."""
    by_code = {getattr(member, "value", member): word for member, word in dictionary.items()} | more
    return {"word": lambda code: _(by_code[code]), "codes": tuple(by_code)}


# What each has of a row, for people and for programs: the one description of it.
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "items": (
        Column("code", N_("Item")),
        Column("title", N_("Title")),
        Column("indicator", N_("Indicator"), Value.number, empty=True),
        Column("kind", N_("Kind"), **_coded(words.KINDS)),
        Column("cadence", N_("Cadence"), **_coded(words.CADENCES)),
        Column("due", N_("Due"), Value.date, empty=True),
        Column("supervisors", N_("Supervised by"), Value.list),
        Column("preparers", N_("Prepared by"), Value.list),
        Column("formats", N_("Formats"), Value.list, words.format_word),
        Column("languages", N_("Languages"), Value.list, words.language_word),
        Column("periods", N_("Months"), Value.list, thai.period_text),
        Column("slots", N_("Slots"), Value.number),
        Column("accepted", words.STATES[progress.State.accepted], Value.number),
        Column("waiting", words.STATES[progress.State.waiting], Value.number),
        Column("returned", words.STATES[progress.State.returned], Value.number),
        Column("missing", words.STATES[progress.State.missing], Value.number),
        Column("overdue", words.OVERDUE, Value.number),
        Column("progress", N_("Progress"), Value.share),
        Column("stage", N_("Stage"), **_coded(words.STAGES)),
    ),
    "slots": (
        Column("item", N_("Item")),
        Column("requirement", N_("Requirement")),
        Column("period", N_("Month"), word=thai.period_text, empty=True),
        Column("format", N_("Format"), word=words.format_word, empty=True),
        Column("language", N_("Language"), word=words.language_word, empty=True),
        Column("ordinal", N_("Number"), Value.number),
        Column("due", N_("Due"), Value.date, empty=True),
        Column("state", N_("State"), **_coded(words.STATES)),
        Column("overdue", words.OVERDUE, Value.answer),
        Column("evidence", N_("Evidence"), Value.number, empty=True),
    ),
    "officers": (
        Column("name", N_("Name")),
        Column("rank", N_("Rank")),
        Column("aliases", N_("Other spellings"), Value.list),
        Column("confirm", N_("Name to confirm"), Value.answer),
        Column("prepares", N_("Prepares"), Value.list),
        Column("supervises", N_("Supervises"), Value.list),
        Column("slots", N_("Slots"), Value.number),
        Column("accepted", words.STATES[progress.State.accepted], Value.number),
        Column("overdue", words.OVERDUE, Value.number),
        Column("on_time", N_("On time"), Value.share, empty=True),
        Column("to_review", N_("To review"), Value.number),
    ),
    "timeline": (
        Column("phase", N_("Phase")),
        Column("step", N_("Step"), Value.number),
        Column("title", N_("Title")),
        Column("starts", N_("Starts"), Value.date),
        Column("ends", N_("Ends"), Value.date),
        Column("supervisors", N_("Supervised by"), Value.list),
        Column("preparers", N_("Prepared by"), Value.list),
        Column("state", N_("State"), **_coded(words.STEP_STATES)),
        Column("done_on", N_("Done on"), Value.date, empty=True),
        Column("because", N_("Why it counts as done"), empty=True),
        Column("days_late", N_("Days late"), Value.number),
    ),
    "responses": (
        Column("survey", N_("Survey"), **_coded(words.SURVEYS)),
        Column("day", N_("By the end of"), Value.date),
        Column("line", N_("Line of work"), empty=True),
        Column("number", N_("Responses"), Value.number),
        Column("total", N_("Responses of all lines"), Value.number),
        Column("minimum", N_("Minimum, as ITAP says"), Value.number, empty=True),
        Column("by", N_("Recorded by")),
        Column("at", N_("Recorded at"), Value.moment),
    ),
    "scores": (
        Column("fiscal_year", N_("Fiscal year"), Value.number),
        Column("instrument", N_("Instrument"), word=lambda code: _("Total") if code == TOTAL else code, empty=True),
        Column("indicator", N_("Indicator"), Value.number, empty=True),
        Column("item", N_("Item"), empty=True),
        Column("points", N_("Points"), Value.number),
        Column("source", N_("Source"), empty=True),
    ),
    "evidence": (
        Column("id", N_("Evidence"), Value.number),
        Column("item", N_("Item")),
        Column("kind", N_("Kind"), **_coded(words.EVIDENCE_KINDS)),
        Column("file_name", N_("File name"), empty=True),
        Column("format", N_("Format"), word=words.format_word, empty=True),
        Column("size", N_("Size (bytes)"), Value.number, empty=True),
        Column("sha256", N_("SHA-256"), empty=True),
        Column("url", N_("Address"), empty=True),
        Column("note", N_("Note"), empty=True),
        Column("by", N_("Handed in by")),
        Column("at", N_("Handed in at"), Value.moment),
        Column("slots", N_("Covers"), Value.list),
        Column("returned", N_("Slots that came back"), Value.list),
        Column("state", N_("State"), **_coded(words.STATES, withdrawn=words.WITHDRAWN)),
        Column("reviewed_by", N_("Reviewed by"), empty=True),
        Column("reviewed_at", N_("Reviewed at"), Value.moment, empty=True),
        Column("reason", N_("Reason"), empty=True),
    ),
    "reviews": (
        Column("item", N_("Item")),
        Column("what", N_("Decision"), **_coded(words.EVENTS)),
        Column("by", N_("Decided by")),
        Column("at", N_("Decided at"), Value.moment),
        Column("reason", N_("Reason"), empty=True),
        Column("returned", N_("Slots that came back"), Value.list),
        Column("holds", N_("Holds"), Value.answer, empty=True),
        Column("undone_at", N_("Undone at"), Value.moment, empty=True),
        Column("evidence", N_("Evidence"), Value.number, empty=True),
        Column("file_name", N_("File name"), empty=True),
        Column("round", N_("Round"), Value.number, empty=True),
        Column("handed_in_by", N_("Handed in by"), empty=True),
        Column("handed_in_at", N_("Handed in at"), Value.moment, empty=True),
        Column("answer", N_("Answer"), empty=True),
        Column("answered_by", N_("Answered by"), empty=True),
        Column("answered_at", N_("Answered at"), Value.moment, empty=True),
    ),
    "directives": (
        Column("id", N_("Directive"), Value.number),
        Column("text", N_("What is to be done")),
        Column("item", N_("Item"), empty=True),
        Column("to", N_("Given to"), Value.list),
        Column("by", N_("Given by")),
        Column("at", N_("Given at"), Value.moment),
        Column("meeting", N_("In the meeting of"), Value.moment, empty=True),
        Column("due", N_("Due"), Value.date),
        Column("state", N_("State"), **_coded(words.DIRECTIVE_STATES)),
        Column("days_late", N_("Days late"), Value.number),
        Column("reported_at", N_("Reported at"), Value.moment, empty=True),
        Column("report", N_("What was done"), empty=True),
        Column("changed_at", N_("Last changed at"), Value.moment, empty=True),
        Column("changed_by", N_("Last changed by"), empty=True),
        Column("note", N_("Note"), empty=True),
    ),
    "meetings": (
        Column("id", N_("Meeting"), Value.number),
        Column("at", N_("Began at"), Value.moment),
        Column("ended_at", N_("Ended at"), Value.moment, empty=True),
        Column("by", N_("Held by")),
        Column("officers", N_("Officers present"), Value.list),
        Column("guests", N_("Guests"), empty=True),
        Column("given", N_("Directives given"), Value.number, empty=True),
        Column("directives", N_("Directives"), Value.list),
    ),
    "audit": (
        Column("number", N_("Entry"), Value.number),
        Column("at", N_("Time"), Value.moment),
        Column("actor", N_("Who"), word=lambda who: _("system") if who == SYSTEM else who),
        Column("action", N_("What"), word=lambda code: _(words.ACTIONS.get(code, code))),
        Column("subject", N_("On what"), word=words.subject_text),
        Column("detail", N_("Details"), Value.record),
        Column("hash", N_("Hash")),
    ),
}


def items(snapshot: Snapshot, standings: Iterable[ItemStanding]) -> Table:
    """These items of the plan, the office's own measures too; `kind` tells them apart."""
    rows = []
    for standing in standings:
        item, tally = standing.item, standing.tally
        rows.append(
            {
                "code": item.code,
                "title": item.title,
                "indicator": item.indicator,
                "kind": item.kind.value,
                "cadence": item.cadence.value,
                "due": item.due if item.cadence is Cadence.once else None,
                "supervisors": _names(snapshot.named(item.id, DutyKind.supervise)),
                "preparers": _names(snapshot.named(item.id, DutyKind.prepare)),
                "formats": _union(item, "formats"),
                "languages": _union(item, "languages"),
                "periods": _union(item, "periods"),
                "slots": tally.slots,
                "accepted": tally.accepted,
                "waiting": tally.waiting,
                "returned": tally.returned,
                "missing": tally.missing,
                "overdue": tally.overdue,
                "progress": round(standing.progress, 4),
                "stage": standing.stage.value,
            }
        )
    return Table("items", N_("Items"), COLUMNS["items"], rows)


def slots(standings: Iterable[ItemStanding], wanted: Listing = EVERYTHING) -> Table:
    """The slots of these items, in the plan's order, with their state and the evidence that the state rests on."""
    rows = [
        {
            "item": standing.item.code,
            "requirement": one.slot.requirement.title,
            "period": one.slot.key.period or None,
            "format": one.slot.key.format or None,
            "language": one.slot.key.language or None,
            "ordinal": one.slot.key.ordinal,
            "due": one.slot.due,
            "state": one.state.value,
            "overdue": one.overdue,
            "evidence": one.evidence_id,
        }
        for standing in standings
        for one in listing.slots(standing, wanted)
    ]
    return Table("slots", N_("Slots"), COLUMNS["slots"], rows)


def officers(snapshot: Snapshot, board: Board, only: int | None = None) -> Table:
    """Every officer of the plan by rank, with their items (through a post or team as well) and how those stand.

    `only` one of them, by id: of a snapshot that is restricted to their items, the other rows would be wrong.
    """
    to_review = turns.to_decide(snapshot.items, progress.as_of(snapshot.records, board.before).hand_ins)
    rows = []
    for officer in snapshot.officers:
        if only is not None and officer.id != only:
            continue
        tally = progress.officer_tally(board.items, officer.id)
        rows.append(
            {
                "name": officer.name,
                "rank": officer.rank,
                "aliases": list(officer.aliases),
                "confirm": officer.confirm,
                "prepares": [item.code for item in snapshot.items if officer.id in item.preparers],
                "supervises": [item.code for item in snapshot.items if officer.id in item.supervisors],
                "slots": tally.slots,
                "accepted": tally.accepted,
                "overdue": tally.overdue,
                "on_time": None if tally.on_time is None else round(tally.on_time, 4),
                "to_review": len(to_review.get(officer.id, ())),
            }
        )
    return Table("officers", N_("Officers"), COLUMNS["officers"], rows)


def timeline(steps: Sequence[StepStanding]) -> Table:
    """The calendar's steps in their order, each with its phase, and how it stands: done since when and why."""
    with in_thai():
        because = {one.step.position: words.done_text(one) for one in steps}
    rows: list[dict[str, Any]] = [
        {
            "phase": one.step.phase,
            "step": one.step.position,
            "title": one.step.title,
            "starts": one.step.starts,
            "ends": one.step.ends,
            "supervisors": list(one.step.supervisors),
            "preparers": list(one.step.preparers),
            "state": one.state.value,
            "done_on": one.since,
            "because": because[one.step.position] or None,
            "days_late": one.days_late,
        }
        for one in steps
    ]
    return Table("timeline", N_("Timeline"), COLUMNS["timeline"], rows)


def responses(surveys: Iterable[CampaignFacts], day: date) -> Table:
    """How many had answered each survey by each day up to this one, a row for each line of work: never who, nor what.

    "" is whoever belongs to no line of work, or everybody where none are told apart. `number` counts since the opening.
    """
    rows: list[dict[str, Any]] = [
        {
            "survey": one.survey.value,
            "day": count.day,
            "line": line or None,
            "number": number,
            "total": count.total,
            "minimum": one.terms.minimum if one.terms else None,
            "by": count.by,
            "at": count.at,
        }
        for one in surveys
        for count in one.counts
        if count.day <= day
        for line, number in count.of.items()
        if line or number or len(count.of) == 1
    ]
    return Table("responses", N_("Responses to the surveys"), COLUMNS["responses"], rows)


def scores(listed: Iterable[ScoreFacts]) -> Table:
    """Announced scores, the newest year first, as `ita scores import` reads them; "total" is the whole of a year."""
    rows: list[dict[str, Any]] = []
    for one in listed:
        entry = one.entry
        whole = not (entry.instrument or entry.indicator or entry.item)
        rows.append(
            {
                "fiscal_year": entry.fiscal_year,
                "instrument": TOTAL if whole else entry.instrument or None,
                "indicator": entry.indicator,
                "item": entry.item or None,
                "points": entry.points,
                "source": entry.source or None,
            }
        )
    return Table("scores", N_("Announced scores"), COLUMNS["scores"], rows)


def score_form(framework: Framework, fiscal_year: int, office: str) -> Table:
    """The empty form of a year's scores: a row for the total, each instrument, indicator and item.

    `ita scores import` and the page of the indicators read it; a row without points says nothing.
    """
    columns = (
        Column("fiscal_year", N_("Fiscal year"), Value.number),
        Column("instrument", N_("Instrument"), word=lambda code: _("Total") if code == TOTAL else code),
        Column("indicator", N_("Indicator"), Value.number),
        Column("item", N_("Item")),
        Column("form", N_("What this row of the form is for")),
        Column("points", N_("Points"), Value.number),
        Column("source", N_("Source")),
        Column("office", N_("Office")),
    )
    of_all = {"fiscal_year": fiscal_year, "points": None, "source": None, "office": office}
    rows: list[dict[str, Any]] = []

    def add(instrument: str, indicator: int | None, item: str | None, form: str) -> None:
        told = {"instrument": instrument, "indicator": indicator, "item": item, "form": form}
        rows.append({key: (of_all | told)[key] for key in (column.key for column in columns)})

    with in_thai():
        add(TOTAL, None, None, _("Total"))
    for code, instrument in framework.instruments.items():
        add(code, None, None, instrument.title)
        for number, indicator in framework.indicators.items():
            if indicator.instrument == code:
                add(code, number, None, indicator.title)
                for name, item in framework.items.items():
                    if item.indicator == number:
                        add(code, number, name, item.title)
    return Table("scores", N_("Announced scores"), columns, rows)


def evidence(snapshot: Snapshot, handed_in: Iterable[EvidenceFacts], day: date) -> Table:
    """What was handed in by the end of `day` for the snapshot's items, in the order given, as it stood then."""
    limit, labels = progress.until(day, snapshot.assessment.ends), _labels(snapshot)
    rows = []
    for one in _known(snapshot, handed_in, limit):
        is_file = bool(one.sha256)
        rows.append(
            {
                "id": one.id,
                "item": one.item_code,
                "kind": one.kind.value,
                "file_name": one.file_name or None,
                "format": one.format or None,
                "size": one.size if is_file else None,
                "sha256": one.sha256 or None,
                "url": one.url or None,
                "note": one.note or None,
                "by": one.by,
                "at": one.at,
                **{
                    name: [labels[key] for key in keys if key in labels]
                    for name, keys in (("slots", one.slots), ("returned", one.returned))
                },
                "state": standing_of(one),
                "reviewed_by": one.reviewed_by if one.decision else None,
                "reviewed_at": one.reviewed_at,
                "reason": one.reason or None,
            }
        )
    return Table("evidence", N_("Evidence"), COLUMNS["evidence"], rows)


def _labels(snapshot: Snapshot) -> dict[SlotKey, str]:
    with in_thai():
        return {slot.key: words.slot_label(slot) for item in snapshot.items for slot in item.slots}


def _known(snapshot: Snapshot, handed_in: Iterable[EvidenceFacts], limit: datetime | None) -> Iterator[EvidenceFacts]:
    """What of it was there just before the limit, for the snapshot's items, as it stood then."""
    readable = {item.id for item in snapshot.items}
    return (one.as_of(limit) for one in handed_in if one.item_id in readable and happened(one.at, limit))


def standing_of(one: EvidenceFacts) -> str:
    """How a piece stands: a State's value, or "withdrawn"."""
    if one.withdrawn_at:
        return "withdrawn"
    return one.decision.value if one.decision else "waiting"


def reviews(
    snapshot: Snapshot, handed_in: Iterable[EvidenceFacts], sent_back: Iterable[SentBackFacts], day: date
) -> Table:
    """Every decision on these pieces by the end of `day`, those undone too, and the items sent back, by their moments.

    `sent_back` is as it stood then. `holds`: it is the decision that counted at the end of the day.
    """
    limit, labels = progress.until(day, snapshot.assessment.ends), _labels(snapshot)
    nothing: dict[str, Any] = {column.key: None for column in COLUMNS["reviews"]}
    rows = []
    for one in _known(snapshot, handed_in, limit):
        for number, decided in enumerate(one.rounds, start=1):
            now = decided.round
            rows.append(nothing | {
                "item": one.item_code,
                "what": "partly_returned" if now.returned else now.decision.value,
                "by": decided.by,
                "at": now.at,
                "reason": decided.reason or None,
                "returned": [labels[key] for key in now.returned if key in labels],
                "holds": decided is one.held and one.withdrawn_at is None,
                "undone_at": now.undone_at,
                "evidence": one.id,
                "file_name": one.file_name or one.url or None,
                "round": number,
                "handed_in_by": one.by,
                "handed_in_at": one.at,
            })  # fmt: skip
    codes = {item.id: item.code for item in snapshot.items}
    rows += [
        nothing | {
            "item": codes[back.item_id],
            "what": "sent_back",
            "by": back.by,
            "at": back.at,
            "reason": back.reason or None,
            "returned": [],
            "answer": back.answer or None,
            "answered_by": back.answered_by or None,
            "answered_at": back.answered_at,
        }
        for back in sent_back if back.item_id in codes
    ]  # fmt: skip
    return Table("reviews", N_("Reviews"), COLUMNS["reviews"], sorted(rows, key=lambda row: row["at"]))


def directives(
    snapshot: Snapshot, ordered: Iterable[DirectiveFacts], meetings: Iterable[MeetingFacts], day: date
) -> Table:
    """These directives as they stand on `day` (`board.directives.as_of`): to whom, by when, what became of them."""
    held = {one.id: one.at for one in meetings}
    rows = []
    for one in ordered:
        last = one.happenings[-1] if one.happenings else None
        report = next((each for each in reversed(one.happenings) if each.what is DirectiveStep.reported), None)
        rows.append({
            "id": one.id,
            "text": one.text,
            "item": one.item_code or None,
            "to": [snapshot.people[party].full for party in one.parties],
            "by": one.by,
            "at": one.at,
            "meeting": held.get(one.meeting_id or 0),
            "due": one.due,
            "state": one.state().value,
            "days_late": one.days_late(day),
            "reported_at": report.at if report else None,
            "report": (report.note or None) if report else None,
            "changed_at": last.at if last else None,
            "changed_by": last.by if last else None,
            "note": (last.note or None) if last else None,
        })  # fmt: skip
    return Table("directives", N_("Directives"), COLUMNS["directives"], rows)


def meetings(
    snapshot: Snapshot,
    held: Iterable[MeetingFacts],
    ordered: Iterable[DirectiveFacts],
    day: date,
    *,
    every: bool = True,
) -> Table:
    """These meetings, begun by the end of `day`, first one first: who was there, and what was ordered in them.

    Where `ordered` is not `every` directive but those that somebody may read, how many were given is left open.
    """
    limit = progress.until(day, snapshot.assessment.ends)
    given: dict[int | None, list[str]] = {}
    for one in ordered:
        given.setdefault(one.meeting_id, []).append(f"{one.item_code}: {one.text}" if one.item_code else one.text)
    rows: list[dict[str, Any]] = [
        {
            "id": one.id,
            "at": one.at,
            "ended_at": one.ended_at if happened(one.ended_at, limit) else None,
            "by": one.by,
            "officers": [snapshot.people[officer].full for officer in one.officers],
            "guests": one.guests or None,
            "given": len(given.get(one.id, ())) if every else None,
            "directives": given.get(one.id, []),
        }
        for one in held
        if happened(one.at, limit)
    ]
    return Table("meetings", N_("Meetings"), COLUMNS["meetings"], sorted(rows, key=lambda row: row["at"]))


def audit(entries: Iterable[AuditEntry], day: date, year_ends: date) -> Table:
    """The record of everything up to the end of `day`, first entry first."""
    limit = progress.until(day, year_ends)
    rows: list[dict[str, Any]] = [
        {
            "number": entry.number,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "detail": entry.detail,
            "hash": entry.hash,
        }
        for entry in entries
        if happened(entry.at, limit)
    ]
    return Table("audit", N_("Audit record"), COLUMNS["audit"], rows)


def _names(parties: Iterable[PartyFacts]) -> list[str]:
    return list(dict.fromkeys(party.full for party in parties))


def _union(item: ItemFacts, what: str) -> list[str]:
    """What the item's requirements ask for, each once, in their order."""
    return list(dict.fromkeys(one for requirement in item.requirements for one in getattr(requirement, what)))


# --- as text ---------------------------------------------------------------------------------------------------------


def as_json(table: Table) -> str:
    """A list of objects: English keys, codes, ISO dates, moments with Thailand's offset."""
    return json.dumps(table.rows, ensure_ascii=False, indent=2, default=_iso) + "\n"


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(BANGKOK).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def buddhist_era() -> bool:
    """Whether a file for people has years of the Buddhist era: for who reads Thai (issue 12, point 18).

    Asked of who takes the file, so before `in_thai`; JSON is for programs and has ISO dates for everybody.
    """
    return language.current() == "th"


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte-order mark, without which Excel takes Thai for Western letters; headings and words are Thai."""
    target, thai_years = io.StringIO(newline=""), buddhist_era()
    with in_thai():
        writer = csv.writer(target, quoting=csv.QUOTE_ALL)
        writer.writerow([_(column.heading) for column in table.columns])
        for row in table.rows:
            writer.writerow([_cell(column.shown(row[column.key]), thai_years) for column in table.columns])
    return target.getvalue().encode("utf-8-sig")


def _cell(value: Any, thai_years: bool) -> str:
    """A value as a cell of a CSV: days of its reader's era, no text that a spreadsheet would run as a formula.

    Nor a part of one, where somebody's spreadsheet splits at semicolons or tabs: LibreOffice 7.4 does so within quoted
    texts, too, if they hold a quote or a line's end. Looked at with 3,000 texts; quoting alone left 307 formulas.
    """
    if value is None:
        return ""
    if isinstance(value, date) and thai_years:
        return days.in_thai(value, "%-d %b %Y") + (f" {value:%H:%M:%S}" if isinstance(value, datetime) else "")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if not isinstance(value, str):
        return str(value)
    if value.lstrip(" \u00a0\ufeff").startswith(_FORMULA_SIGNS):
        value = "'" + value
    return _WITHIN.sub(r"\1'", value.replace("\t", " "))
