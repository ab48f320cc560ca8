"""The records of work held against the audit: each row has its entry with the same facts, each entry its row; and every
row of every covered table against its seal.

`Rows` is read within a session and complete by itself, so the comparison holds up nobody.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session, select

from ita_core import audit, dump, seals
from ita_core.models import (
    AnnouncedScore,
    Approval,
    Assessment,
    Assignment,
    AuditEntry,
    AuditHead,
    Base,
    Campaign,
    Clarification,
    ClarificationDecision,
    ClarificationResult,
    Directive,
    DirectiveEvent,
    Evidence,
    EvidenceSlot,
    Filing,
    Item,
    LinkCheck,
    Message,
    Party,
    Publication,
    ResponseCount,
    ReturnedSlot,
    Review,
    SendBack,
    SendBackAnswer,
    StakeholderDeletion,
    StakeholderList,
    StakeholderPeople,
    StepTick,
    StoredFile,
    Undoing,
    Upload,
    Withdrawal,
)
from ita_core.plan.scores import ScoreEntry

LONGEST = 300  # of a value that is told: a plan's content has 100,000 letters

Row = TypeVar("Row", bound=Base)
_Record = (
    Evidence
    | Withdrawal
    | Review
    | Message
    | Approval
    | Undoing
    | SendBack
    | SendBackAnswer
    | Publication
    | Filing
    | LinkCheck
    | Campaign
    | ResponseCount
    | StepTick
    | Clarification
    | ClarificationDecision
    | ClarificationResult
    | StakeholderList
    | StakeholderDeletion
    | Upload
    | AnnouncedScore
    | Directive
    | DirectiveEvent
)


@dataclass(frozen=True, slots=True)
class Told:
    """One record as its row tells it, or the audit entry of this number; 0 is the row."""

    facts: Mapping[str, object]
    entry: int = 0


class Rows:
    """The rows that are compared, all as of one moment; a record stands under a name that row and entry share."""

    def __init__(self, session: Session) -> None:
        """Reads them. What cannot be read is named in `unreadable`: (table and key, why)."""
        self._session = session
        self.unreadable: list[tuple[str, str]] = []
        self.entries = self._every(AuditEntry)
        head = [one for one in self._every(AuditHead) if one.id == 1]
        self.head = (head[0].number, head[0].hash) if head else (0, audit.GENESIS)
        self.sizes = {row.sha256: row.size for row in self._every(StoredFile)}
        self._codes = {row.id: row.code for row in self._every(Item)}
        # Scores hang on office and year, their entries on an assessment: that of the entry's subject → those.
        self.years = {f"assessment {row.id}": (row.office_id, row.fiscal_year) for row in self._every(Assessment)}
        evidence, uploads = self._every(Evidence), self._every(Upload)
        self.uses = self._uses(evidence, uploads)
        self.told: dict[str, list[Told]] = defaultdict(list)
        self._names: dict[tuple[str, str], str] = {}
        self._tell_evidence(evidence, uploads)
        self._tell_decisions()
        self._tell_checks()
        self._tell_campaigns()
        self._tell_scores()
        self._tell_ticks()
        self._tell_clarifications()
        self.stakeholders = self._tell_stakeholders()
        self._tell_directives()
        self.sealed = seals.compare(session, seals.replayed((one.number, one.seals) for one in self.entries))
        known = {what for what, _why in self.unreadable}
        self.unreadable += [(what, why) for what, why in self.sealed.unreadable if what not in known]
        self.sealed_since = next(((one.number, one.at) for one in self.entries if one.seals), None)
        session.expunge_all()  # the session's end would empty the entries

    def _every(self, model: type[Row]) -> list[Row]:
        """Every row of a table in the order of its key."""
        table = Base.metadata.tables[str(model.__tablename__)]
        key = next(iter(table.primary_key.columns))
        try:
            return list(self._session.exec(select(model).order_by(key)))
        except (ValueError, LookupError, TypeError):
            return list(self._one_by_one(model, key))
        except DatabaseError as error:
            if isinstance(error, OperationalError) and "decode" not in str(error.orig):
                raise  # locked, gone: nothing that is wrong with the rows
            self.unreadable.append((table.name, str(error.orig)))
            return []

    def _one_by_one(self, model: type[Row], key: sa.Column[object]) -> Iterator[Row]:
        """A row holds a value that no such column can have: which one?"""
        for one in self._session.connection().execute(sa.select(key).order_by(key)).scalars().all():
            try:
                yield self._session.get_one(model, one)
            except (ValueError, LookupError, TypeError) as error:
                self.unreadable.append((f"{key.table.name} {one}", str(error)))

    def _uses(self, evidence: Sequence[Evidence], uploads: Sequence[Upload]) -> dict[str, list[str]]:
        """What names each object: its hash → “รายงาน.pdf” of evidence 12 (O6), …"""
        found: dict[str, list[str]] = defaultdict(list)
        for one in evidence:
            if one.sha256:
                found[one.sha256].append(f"“{one.file_name}” of evidence {one.id} ({self._code(one.item_id)})")
        for upload in uploads:
            if upload.evidence_id is None:
                code = self._code(upload.item_id)
                found[upload.sha256].append(f"“{upload.file_name}” of upload {upload.id} ({code})")
        return found

    def _code(self, item_id: int | None) -> str:
        return "" if item_id is None else self._codes.get(item_id, f"item {item_id}")

    def name_of(self, table: str, key: str) -> str:
        """The record that this row is, or is a part of; empty for what is no record of work."""
        return self._names.get((table, key), "")

    def _named(self, table: str, key: int | None) -> str:
        return self.name_of(table, str(key)) or f"{table} {key}"

    def _belongs(self, row: _Record | EvidenceSlot | ReturnedSlot | Assignment, name: str) -> None:
        self._names[str(row.__tablename__), str(row.id)] = name

    def _tell(self, name: str, row: _Record, **facts: object) -> None:
        self._belongs(row, name)
        self.told[name].append(Told({"by": row.account_id, "at": row.at, **facts}))

    def _tell_evidence(self, evidence: Sequence[Evidence], uploads: Sequence[Upload]) -> None:
        slots: dict[int, list[list[object]]] = defaultdict(list)
        for slot in self._every(EvidenceSlot):
            slots[slot.evidence_id].append(_key_of(slot))
            self._belongs(slot, f"evidence {slot.evidence_id}")
        for one in evidence:
            self._tell(
                f"evidence {one.id}", one, item=self._code(one.item_id), kind=one.kind.value, sha256=one.sha256,
                file_name=one.file_name, url=one.url, note=one.note, slots=_in_order(slots.pop(one.id or 0, [])),
            )  # fmt: skip
        for evidence_id, left in slots.items():
            self.told[f"evidence {evidence_id}"].append(Told({"slots": _in_order(left)}))
        for upload in uploads:
            self._tell(
                f"upload {upload.id}", upload, item=self._code(upload.item_id), sha256=upload.sha256,
                file_name=upload.file_name,
            )  # fmt: skip

    def _tell_decisions(self) -> None:
        for taken in self._every(Withdrawal):
            self._tell(f"withdrawal of evidence {taken.evidence_id}", taken)
        returned = self._every(ReturnedSlot)
        back: dict[int, list[list[object]]] = defaultdict(list)
        for slot in returned:
            back[slot.review_id].append(_key_of(slot))
        rounds: dict[int | None, int] = {}
        for one in self._every(Review):
            rounds[one.id] = one.round
            self._tell(
                f"review of evidence {one.evidence_id}", one, decision=one.decision.value, reason=one.reason,
                round=one.round, returned=_in_order(back[one.id or 0]),
            )  # fmt: skip
        for slot in returned:
            self._belongs(slot, self._named("review", slot.review_id))
        for message in self._every(Message):
            self._tell(f"message {message.id}", message, evidence=message.evidence_id, text=message.text)
        for approval in self._every(Approval):
            self._tell(f"approval of {self._code(approval.item_id)}", approval, fingerprint=approval.fingerprint)
        for undone in self._every(Undoing):
            what = ("review", undone.review_id) if undone.review_id else ("approval", undone.approval_id)
            self._tell(f"undoing of {self._named(*what)}", undone, round=rounds.get(undone.review_id))
        for sent in self._every(SendBack):
            name = f"sending back of {self._code(sent.item_id)}"
            self._tell(name, sent, fingerprint=sent.fingerprint, reason=sent.reason)
        for answer in self._every(SendBackAnswer):
            self._tell(f"answer to {self._named('sendback', answer.send_back_id)}", answer, note=answer.note)
        for shown in self._every(Publication):
            self._tell(f"publication of {self._code(shown.item_id)}", shown, url=shown.url)
        for filed in self._every(Filing):
            name = f"filing of {self._code(filed.item_id)}"
            self._tell(name, filed, answer=filed.answer, url=filed.url, explanation=filed.explanation)

    def _tell_checks(self) -> None:
        for check in self._every(LinkCheck):
            self._tell(
                f"check {check.id}", check, item=self._code(check.item_id), url=check.url,
                outcome=check.outcome.value, sha256=check.sha256,
            )  # fmt: skip

    def _tell_campaigns(self) -> None:
        for campaign in self._every(Campaign):
            self._tell(
                f"campaign {campaign.id}", campaign, assessment=campaign.assessment_id, survey=campaign.survey.value,
                population=campaign.population, minimum=campaign.minimum, opens=campaign.opens.isoformat(),
                closes=campaign.closes.isoformat(), url=campaign.url, lines=campaign.lines,
            )  # fmt: skip
        for count in self._every(ResponseCount):
            self._tell(
                f"count {count.id}", count, assessment=count.assessment_id, survey=count.survey.value,
                day=count.day.isoformat(), counts=count.counts,
            )  # fmt: skip

    def _tell_scores(self) -> None:
        for row in self._every(AnnouncedScore):
            entry = ScoreEntry(row.fiscal_year, row.instrument, row.indicator, row.item, row.points)
            name = _score_name(row.office_id, row.fiscal_year, entry.what, estimated=row.estimated)
            points = None if row.estimated and row.retracted else row.points  # nothing is expected any more
            self._tell(name, row, points=points, source=row.source, retracted=row.retracted)

    def _tell_ticks(self) -> None:
        for tick in self._every(StepTick):
            self._tell(
                f"tick {tick.id}", tick, assessment=tick.assessment_id, step=tick.step, title=tick.title,
                done=tick.done, day=tick.day.isoformat(), note=tick.note,
            )  # fmt: skip

    def _tell_clarifications(self) -> None:
        codes: dict[int | None, str] = {}
        for one in self._every(Clarification):
            codes[one.id] = self._code(one.item_id)
            self._tell(
                f"clarification {one.id}", one, item=codes[one.id], number=one.number, text=one.text,
                due=one.due.isoformat() if one.due else None, proposed=one.proposed, withdrawn=one.withdrawn,
            )  # fmt: skip
        for word in self._every(ClarificationDecision):
            self._tell(
                f"word on clarification {word.clarification_id}", word, item=codes.get(word.clarification_id, ""),
                decision=word.decision.value, reason=word.reason,
            )  # fmt: skip
        for answer in self._every(ClarificationResult):
            self._tell(
                f"answer {answer.id}", answer, item=codes.get(answer.clarification_id, ""),
                clarification=answer.clarification_id, outcome=answer.outcome.value, score=answer.score_id,
                note=answer.note,
            )  # fmt: skip

    def _tell_stakeholders(self) -> list[tuple[str, str]]:
        """What is wrong with the people on lists, which no seal covers: (the list, how)."""
        hashes, gone = {}, set()
        for one in self._every(StakeholderList):
            hashes[one.id] = one.sha256
            self._tell(
                f"stakeholders {one.id}", one, assessment=one.assessment_id, rows=one.rows, kinds=one.kinds,
                sha256=one.sha256,
            )  # fmt: skip
        for deletion in self._every(StakeholderDeletion):
            gone.add(deletion.list_id)
            self._tell(f"deletion of stakeholders {deletion.list_id}", deletion, why=deletion.why.value)
        found = []
        for people in self._every(StakeholderPeople):
            name = f"people of stakeholders {people.list_id}"
            if people.list_id in gone:
                found.append((name, "are there, although their deletion is recorded"))
            elif hashlib.sha256(str(people.content).encode()).hexdigest() != hashes.get(people.list_id):
                found.append((name, "are not those that were imported"))
        return found

    def _tell_directives(self) -> None:
        keys = {party.id: party.key for party in self._every(Party)}
        given: dict[int, list[str]] = defaultdict(list)
        # Whom it was given to at first: what became of it later is told by entries of its own.
        handed_over = {
            (entry.subject, entry.detail.get("after"))
            for entry in self.entries
            if entry.action == "directive.hand_over" and isinstance(entry.detail, dict)
        }
        for one in self._every(Assignment):
            key = keys.get(one.party_id, f"party {one.party_id}")
            if (f"directive {one.directive_id}", key) not in handed_over:
                given[one.directive_id].append(key)
            self._belongs(one, f"directive {one.directive_id}")
        for directive in self._every(Directive):
            self._tell(
                f"directive {directive.id}", directive, text=directive.text, due=directive.due.isoformat(),
                parties=_in_order(given[directive.id or 0]), item=self._code(directive.item_id),
                meeting=directive.meeting_id,
            )  # fmt: skip
        for event in self._every(DirectiveEvent):
            self._tell(f"step of directive {event.directive_id}", event, what=event.what.value, note=event.note)


_REVIEW = ("decision", "reason", "returned", "round")
_EVIDENCE = ("item", "kind", "sha256", "file_name", "url", "note", "slots")
# What the audit calls an act → the record's name with its subject, and the facts that the entry tells.
_ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "evidence.submit": ("{subject}", _EVIDENCE),
    "evidence.withdraw": ("withdrawal of {subject}", ()),
    "evidence.accepted": ("review of {subject}", _REVIEW),
    "evidence.returned": ("review of {subject}", _REVIEW),
    "evidence.undo": ("undoing of review of {subject}", ("round",)),
    "message.write": ("{subject}", ("evidence", "text")),
    "item.approve": ("approval of {item}", ("fingerprint",)),
    "item.undo": ("undoing of approval of {item}", ("round",)),
    "item.send_back": ("sending back of {item}", ("fingerprint", "reason")),
    "item.stands": ("answer to sending back of {item}", ("note",)),
    "item.publish": ("publication of {item}", ("url",)),
    "item.withdraw": ("publication of {item}", ("url",)),
    "item.file": ("filing of {item}", ("answer", "url", "explanation")),
    "link.check": ("{subject}", ("item", "url", "outcome", "sha256")),
    "campaign.set": ("{subject}", ("assessment", "survey", "population", "minimum", "opens", "closes", "url", "lines")),
    "campaign.count": ("{subject}", ("assessment", "survey", "day", "counts")),
    "step.tick": ("{subject}", ("assessment", "step", "title", "done", "day", "note")),
    "step.untick": ("{subject}", ("assessment", "step", "title", "done", "day", "note")),
    "clarification.write": ("{subject}", ("item", "number", "text", "due", "proposed", "withdrawn")),
    "clarification.decide": ("word on {subject}", ("item", "decision", "reason")),
    "clarification.answer": ("{subject}", ("item", "clarification", "outcome", "score", "note")),
    "stakeholders.import": ("{subject}", ("assessment", "rows", "kinds", "sha256")),
    "stakeholders.delete": ("deletion of {subject}", ("why",)),
    "upload.receive": ("{subject}", ("item", "sha256", "file_name")),
    "directive.give": ("{subject}", ("text", "due", "parties", "item", "meeting")),
    "directive.reported": ("step of {subject}", ("what", "note")),
    "directive.done": ("step of {subject}", ("what", "note")),
    "directive.cancelled": ("step of {subject}", ("what", "note")),
    "directive.reopened": ("step of {subject}", ("what", "note")),
}


_SCORES = {"score.announce", "score.retract", "score.estimate"}  # acts of several records each


def _score_name(office_id: int | None, year: object, what: object, *, estimated: bool) -> str:
    """The score of 2568 IIT of office 1; of the total, and of an estimate, likewise."""
    kind = "estimate" if estimated else "score"
    return f"{kind} of {year} {what or 'total'} of office {office_id}"


def _scores_told_by(entry: AuditEntry, office_id: int | None, fiscal_year: int | None) -> Iterator[tuple[str, Told]]:
    """Each score that an entry tells of; `fiscal_year` is the one of its assessment, of which estimates are."""
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    who: dict[str, object] = {"by": entry.account_id, "at": entry.at}
    if entry.action == "score.estimate":
        name = _score_name(office_id, fiscal_year, detail.get("instrument"), estimated=True)
        points = detail.get("points")
        facts = {"points": points, "source": detail.get("note"), "retracted": points is None}
        yield name, Told(who | facts, entry.number)
        return
    retracted = entry.action == "score.retract"
    listed = detail.get("scores")
    for score in listed if isinstance(listed, list) else ():  # somebody may have changed it
        told = score if isinstance(score, dict) else {}
        name = _score_name(office_id, told.get("year"), told.get("what"), estimated=False)
        source = detail.get("why") if retracted else told.get("source")
        yield name, Told(who | {"points": told.get("points"), "source": source, "retracted": retracted}, entry.number)


def told_by(entry: AuditEntry, years: Mapping[str, tuple[int, int]]) -> list[tuple[str, Told]]:
    """The records that an entry tells of, each with its name; none for what makes no record that is compared.

    `years`: an assessment as entries call it → its office and fiscal year.
    """
    if entry.action in _SCORES:
        return list(_scores_told_by(entry, *years.get(entry.subject, (None, None))))
    if entry.action not in _ACTS:
        return []
    name, fields = _ACTS[entry.action]
    detail = entry.detail if isinstance(entry.detail, dict) else {}  # as it should be; somebody may have changed it
    step = entry.action.partition(".")[2]
    # Decisions were once not made slot by slot, nor anew: their entries tell of neither.
    before = {"returned": [], "round": 1} if entry.action.startswith("evidence.") else {}
    facts = {"decision": step, "what": step, **before, **detail}
    told = {field: facts.get(field) for field in fields}
    for listed in ("slots", "parties", "returned"):
        values = told.get(listed)
        if isinstance(values, list):
            told[listed] = _in_order(values)
    name = name.format(subject=entry.subject, item=entry.subject.removeprefix("item "))
    return [(name, Told({"by": entry.account_id, "at": entry.at, **told}, entry.number))]


def differences(rows: Rows) -> list[tuple[str, str]]:
    """What differs: (the record's name, how), in the order of names; an empty list where row and audit agree."""
    audited: dict[str, list[Told]] = defaultdict(list)
    for entry in rows.entries:
        for name, one in told_by(entry, rows.years):
            # An upload may be taken away again, and its number given anew: the last one is the row's, if there is one.
            if entry.action == "upload.receive":
                audited[name] = [one] if name in rows.told else []
            else:
                audited[name].append(one)
    found = []
    for name in sorted(rows.told.keys() | audited.keys(), key=_by_number):
        found += [(name, says) for says in _compared(rows.told.get(name, []), audited.get(name, []))]
    return found


def broken(rows: Rows) -> list[tuple[str, str]]:
    """The rows that are not as sealed: (table and key, how). Records that `differences` names are not named again."""
    named = {name for name, _says in differences(rows)}
    entries = {entry.number: entry for entry in rows.entries}
    found = []
    for one in rows.sealed.broken:
        entry = entries.get(one.seal.entry) if one.seal else None
        if rows.name_of(one.table, one.key) in named or (
            one.row is None and named & _told_gone(one.table, entry, rows)
        ):
            continue
        by = f"entry {entry.number}: {entry.action} {entry.subject}, {_shown(entry.at)}" if entry else ""
        if one.row is None:
            says = f"the row is gone; the audit ({by}) has it"
        elif one.seal is None:
            says = f"the row was put in: the audit has no entry of it; it says {_plain(one.row)}"
        elif one.seal.sha256 is None:
            says = f"the row was put back: the audit ({by}) took it away; it says {_plain(one.row)}"
        else:
            says = f"the row is not the one that the audit sealed ({by}); it says {_plain(one.row)}"
            if told := _told_of(one.table, one.row, rows.entries):
                says += f"; the audit says {told}"
        found.append((f"{one.table} {one.key}", says))
    return found


# A record's row that is gone is named by what the entry that sealed it told of.
_MADE = {
    "evidence": "evidence.submit",
    "evidenceslot": "evidence.submit",
    "upload": "upload.receive",
    "message": "message.write",
    "linkcheck": "link.check",
    "campaign": "campaign.set",
    "responsecount": "campaign.count",
    "clarification": "clarification.write",
    "clarificationresult": "clarification.answer",
    "stakeholderlist": "stakeholders.import",
    "stakeholderdeletion": "stakeholders.delete",
} | dict.fromkeys(("directive", "assignment"), "directive.give")
_RECORDS = {
    "withdrawal", "review", "returnedslot", "approval", "undoing", "sendback", "sendbackanswer", "publication",
    "filing", "clarificationdecision", "directiveevent", "announcedscore", "steptick",
}  # fmt: skip


def _told_gone(table: str, entry: AuditEntry | None, rows: Rows) -> set[str]:
    if entry is None or not (table in _RECORDS or _MADE.get(table) == entry.action):
        return set()
    return {name for name, _told in told_by(entry, rows.years)}


def _plain(row: Mapping[str, object]) -> str:
    """A row's values, without those that are secret or may be."""
    values = {name: dump.told(value) for name, value in row.items() if not name.endswith("_hash") and name != "id"}
    told = {name: _shown(value) for name, value in values.items() if name != "public_id"}
    return ", ".join(f"{name} {said[:LONGEST]}{'…' * (len(said) > LONGEST)}" for name, said in told.items())


def _told_of(table: str, row: Mapping[str, object], entries: Iterable[AuditEntry]) -> str:
    """What the audit tells last of an account's rights."""
    account = {"account": row.get("id"), "officegrant": row.get("account_id")}.get(table)
    if account is None:
        return ""
    facts: dict[str, object] = {}
    for entry in entries:
        if entry.subject == f"account {account}" and isinstance(entry.detail, dict):
            told = entry.detail
            names = {"role": told.get("after", told.get("role")), "keeps_itap": told.get("keeps_itap")}
            if table == "officegrant" and entry.action in {"account.create", "account.change_role"}:
                facts |= {name: value for name, value in names.items() if value is not None}
            elif table == "account" and entry.action in {"account.disable", "account.enable"}:
                facts["disabled"] = entry.action == "account.disable"
    return ", ".join(f"{name} {_shown(value)}" for name, value in facts.items())


def _compared(rows: Sequence[Told], entries: Sequence[Told]) -> Iterator[str]:
    """What is equal is set aside; of the rest, the first row is held against the first entry, and so on."""
    left = list(rows)
    alone = []
    for entry in entries:
        equal = next((row for row in left if row.facts == entry.facts), None)
        if equal is None:
            alone.append(entry)
        else:
            left.remove(equal)
    for row, entry in zip(left, alone, strict=False):
        names = [name for name in {**entry.facts, **row.facts} if row.facts.get(name) != entry.facts.get(name)]
        row_says = ", ".join(f"{name} {_shown(row.facts.get(name))}" for name in names)
        audit_says = ", ".join(f"{name} {_shown(entry.facts.get(name))}" for name in names)
        yield f"the row says {row_says}; the audit (entry {entry.entry}) says {audit_says}"
    for row in left[len(alone) :]:
        yield f"there is a row, but the audit has no entry of it (at {_shown(row.facts.get('at'))})"
    for entry in alone[len(left) :]:
        yield f"the audit has it (entry {entry.entry}), but the row is gone"


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else json.dumps(value, ensure_ascii=False, default=str)


def _key_of(slot: EvidenceSlot | ReturnedSlot) -> list[object]:
    return [slot.requirement_id, slot.period, slot.format, slot.language, slot.ordinal]


def _in_order(values: Iterable[object]) -> list[object]:
    return sorted(values, key=lambda value: json.dumps(value, ensure_ascii=False, default=str))


def _by_number(name: str) -> list[tuple[int, str]]:
    """Names in the order of the numbers in them: evidence 9 before evidence 12."""
    return [(int(part), "") if part.isdecimal() and len(part) < 12 else (-1, part) for part in re.split(r"(\d+)", name)]
