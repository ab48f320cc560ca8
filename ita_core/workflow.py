"""Writes: each public function is one use case, one audit entry, and one transaction of the caller's `db.writing()`.

Who acts is named by account id (`by`) and looked up here, so that a role that was just taken away no longer acts.
`at` is the moment of the record (aware, UTC). What is work or a decision is never edited or deleted: every act is a row
of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from ita_core import access, audit, queries
from ita_core.access import Actor
from ita_core.board.directives import OPEN, DirectiveFacts, DirectiveState
from ita_core.board.progress import ItemFacts, ItemStanding, RequirementFacts, SlotKey, Stage, State, board
from ita_core.errors import (
    AlreadyHandedIn,
    AlreadyReviewed,
    AlreadySettled,
    AlreadyWithdrawn,
    DueBefore,
    MeetingOver,
    NilNotAllowed,
    NobodyGiven,
    NoSlot,
    NotApproved,
    NotComplete,
    NotFound,
    NotYourItem,
    NotYours,
    OwnEvidence,
    ReasonMissing,
    Refused,
    TextMissing,
    TooManyWaiting,
    UnknownSlot,
    WrongFormat,
)
from ita_core.evidence.facts import Facts
from ita_core.evidence.store import File
from ita_core.language import N_, _
from ita_core.models import (
    Account,
    Approval,
    Assessment,
    Assignment,
    Attendance,
    AuditEntry,
    Decision,
    Directive,
    DirectiveEvent,
    DirectiveStep,
    Evidence,
    EvidenceKind,
    EvidenceSlot,
    Filing,
    Item,
    Meeting,
    Membership,
    Party,
    PartyKind,
    Publication,
    Review,
    StoredFile,
    Upload,
    Withdrawal,
)
from ita_core.thai import date_text, day_of, rank_and_name
from ita_core.typed import LONGEST_NAME, LONGEST_NOTE, clean_address, clean_file_name, clean_person_name, clean_text

# The names that people know the formats by; translated where shown.
FORMATS = {
    "pdf": N_("PDF"),
    "word": N_("Word"),
    "excel": N_("Excel"),
    "slides": N_("PowerPoint"),
    "image": N_("Picture"),
    "video": N_("Video"),
}
LEFT_DAYS = 7  # so long a file that was sent waits to be handed in
MOST_WAITING = 60  # files of one account: whoever means to fill the disk has to hand them in, by name
DECISIONS = {Decision.accepted: N_("accepted"), Decision.returned: N_("returned")}


class EvidenceChanged(Refused):
    says = N_("{item} has changed since you looked at it. Look at it again before you approve.")


@dataclass(frozen=True, slots=True)
class Link:
    url: str


@dataclass(frozen=True, slots=True)
class Nil:
    """A statement that there is nothing to report."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was received before: the upload's id."""

    upload_id: int


Content = File | Received | Link | Nil


def submit(
    session: Session,
    *,
    by: int,
    item_id: int,
    slots: Sequence[SlotKey],
    content: Content,
    note: str = "",
    at: datetime,
    request_key: str | None = None,
) -> int:
    """Hand in one evidence for one or more slots of an item; gives the evidence's id.

    The same `request_key` or received file again gives the id of the record that it made before: a hand-in repeated
    after a lost connection makes no second record.

    Raises NotYourItem, NotFound, NoSlot, UnknownSlot, WrongFormat, NilNotAllowed, BadAddress, BadText.
    """
    account, actor = _acting(session, by)
    upload = None
    if isinstance(content, Received):
        upload = _upload(session, by, content.upload_id)
        if upload.item_id != item_id:
            raise NotFound
        if upload.evidence_id is not None:  # the same hand-in once more
            return upload.evidence_id
        content = _file_of(session, upload)
    if request_key and (done := session.exec(select(Evidence).where(Evidence.request_key == request_key)).first()):
        if done.account_id != by or done.id is None:
            raise NotFound
        return done.id
    item, facts = _item(session, item_id)
    if not access.may_hand_in(actor, queries.people_of(facts)):
        raise _not_yours(actor, item.code, queries.people_of(facts))
    chosen = list(dict.fromkeys(slots))
    _check_slots(facts, chosen, content)
    evidence = Evidence(
        item_id=item_id,
        kind=EvidenceKind.file,
        note=clean_text(note, LONGEST_NOTE),
        account_id=by,
        at=at,
        request_key=request_key,
    )
    match content:
        case File():
            evidence.sha256, evidence.file_name = content.sha256, clean_file_name(content.name)
            _know(session, content)
        case Link():
            evidence.kind, evidence.url = EvidenceKind.link, clean_address(content.url)
        case Nil():
            evidence.kind = EvidenceKind.nil
    session.add(evidence)
    session.flush()
    made = _id(evidence.id)
    if upload is not None:
        upload.evidence_id = made
        session.add(upload)
    session.add_all(EvidenceSlot(evidence_id=made, **key._asdict()) for key in chosen)
    audit.record(
        session,
        actor=account,
        action="evidence.submit",
        subject=f"evidence {made}",
        at=at,
        item=item.code,
        kind=evidence.kind.value,
        sha256=evidence.sha256,
        file_name=evidence.file_name,
        url=evidence.url,
        note=evidence.note,
        slots=[list(key) for key in chosen],
    )
    return made


def check_hand_in(session: Session, *, by: int, item_id: int) -> None:
    """Nothing, where this account may hand in for the item: asked before a large file is sent.

    Raises NotFound, NotYourItem.
    """
    _for_hand_in(session, queries.actor(session, by), item_id)


def check_waiting(session: Session, *, by: int) -> None:
    """Nothing, where another file of this account may wait to be handed in: asked before it is sent, and after.

    Raises TooManyWaiting.
    """
    waiting = select(func.count()).select_from(Upload).where(Upload.account_id == by, col(Upload.evidence_id).is_(None))
    if session.exec(waiting).one() >= MOST_WAITING:
        raise TooManyWaiting(most=MOST_WAITING)


def receive(session: Session, *, by: int, item_id: int, file: File, key: str, at: datetime) -> int:
    """Note a file that was received for an item, before its sender says what it covers; gives the upload's id.

    The same `key` of the same account again gives the id of what it made before. Call it once the file is in the
    store: a row is never without its object.
    Raises NotFound, NotYourItem, TooManyWaiting, BadText.
    """
    account, actor = _acting(session, by)
    item = _for_hand_in(session, actor, item_id)
    if (done := queries.upload_by_key(session, by, key)) is not None:
        return done
    check_waiting(session, by=by)
    _know(session, file)
    upload = Upload(
        key=clean_text(key, LONGEST_NAME), account_id=by, item_id=item_id, sha256=file.sha256,
        file_name=clean_file_name(file.name), at=at,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    audit.record(
        session, actor=account, action="upload.receive", subject=f"upload {upload.id}", at=at, item=item.code,
        sha256=file.sha256, file_name=upload.file_name,
    )  # fmt: skip
    return _id(upload.id)


def discard(session: Session, *, by: int, upload_id: int, at: datetime) -> list[str]:
    """Take away a file that one sent and has not handed in; gives the hashes that no row names any more.

    Their objects are removed once this is committed (`receiving.discard`). Raises NotFound, AlreadyHandedIn.
    """
    account, _actor = _acting(session, by)
    upload = _upload(session, by, upload_id)
    if upload.evidence_id is not None:
        raise AlreadyHandedIn
    session.delete(upload)
    session.flush()
    audit.record(session, actor=account, action="upload.discard", subject=f"upload {upload_id}", at=at)
    return _forget_unused(session, [upload.sha256])


def clear_left(session: Session, *, at: datetime) -> list[str]:
    """Clear the uploads of more than LEFT_DAYS ago; gives the hashes that no row names any more (see `discard`)."""
    old = session.exec(select(Upload).where(Upload.at < at - timedelta(days=LEFT_DAYS))).all()
    left = [upload for upload in old if upload.evidence_id is None]
    for upload in old:
        session.delete(upload)
    session.flush()
    if left:
        names = [upload.file_name for upload in left]
        audit.record(session, actor=None, action="upload.clear", subject="uploads", at=at, file_names=names)
    return _forget_unused(session, [upload.sha256 for upload in left])


def note_refused(session: Session, *, by: int, subject: str, address: str, at: datetime) -> None:
    """Put into the audit that somebody asked for what is not theirs to see ("evidence 12", "item O6").

    Once a day for each account and subject: whoever asks a thousand times must not fill the record.
    """
    account, _actor = _acting(session, by)
    last = select(AuditEntry.at).where(
        AuditEntry.account_id == by, AuditEntry.action == "access.refuse", AuditEntry.subject == subject
    )
    before = session.exec(last.order_by(col(AuditEntry.number).desc())).first()
    if before is None or abs(at - before) >= timedelta(days=1):
        audit.record(session, actor=account, action="access.refuse", subject=subject, at=at, address=address)


def withdraw(session: Session, *, by: int, evidence_id: int, at: datetime) -> None:
    """Take back one's own evidence while nobody has decided on it.

    Raises NotFound, NotYours, AlreadyReviewed, AlreadyWithdrawn.
    """
    account, actor = _acting(session, by)
    evidence, item, people = _handed_in(session, actor, evidence_id)
    if not access.may_withdraw(actor, people, evidence.account_id):
        raise NotYours
    _still_undecided(session, evidence_id)
    session.add(Withdrawal(evidence_id=evidence_id, account_id=by, at=at))
    audit.record(
        session, actor=account, action="evidence.withdraw", subject=f"evidence {evidence_id}", at=at, item=item.code
    )


def review(session: Session, *, by: int, evidence_id: int, decision: Decision, reason: str = "", at: datetime) -> None:
    """Accept an evidence, or return it with a reason. Of two decisions at once one wins, the other is told of it.

    Raises NotFound, NotYours, OwnEvidence, AlreadyReviewed, AlreadyWithdrawn, ReasonMissing, BadText.
    """
    account, actor = _acting(session, by)
    evidence, item, people = _handed_in(session, actor, evidence_id)
    if evidence.account_id == by:
        raise OwnEvidence
    if not access.may_review(actor, people, evidence.account_id):
        raise NotYourItem(item=item.code)
    why = clean_text(reason, LONGEST_NOTE)
    if decision is Decision.returned and not why:
        raise ReasonMissing
    done = session.exec(select(Review).where(Review.evidence_id == evidence_id)).first()
    if done and (done.account_id, done.decision) == (by, decision):
        return  # a second click on the same button
    _still_undecided(session, evidence_id)
    session.add(Review(evidence_id=evidence_id, account_id=by, decision=decision, reason=why, at=at))
    audit.record(
        session,
        actor=account,
        action=f"evidence.{decision.value}",
        subject=f"evidence {evidence_id}",
        at=at,
        item=item.code,
        reason=why,
    )


def approve(session: Session, *, by: int, item_id: int, fingerprint: str, at: datetime) -> None:
    """Approve a complete item; `fingerprint` is that of the evidence the commander looked at.

    Raises NotYours, NotFound, OwnEvidence, NotComplete, EvidenceChanged.
    """
    account, actor = _acting(session, by)
    if not access.may_approve(actor, ()):  # first of all: who may not even read the item must not learn that it exists
        raise NotYours
    item, facts = _item(session, item_id)
    standing, owners = _standing(session, facts, at)
    if not access.may_approve(actor, owners):
        raise OwnEvidence
    if standing.tally.accepted < standing.tally.slots or not standing.slots:
        raise NotComplete(item=item.code)
    if standing.fingerprint != fingerprint:
        raise EvidenceChanged(item=item.code)
    if standing.stage is not Stage.complete:
        return  # approved as it stands; nothing to add
    session.add(Approval(item_id=item_id, account_id=by, fingerprint=fingerprint, at=at))
    audit.record(
        session, actor=account, action="item.approve", subject=f"item {item.code}", at=at, fingerprint=fingerprint
    )


def publish(session: Session, *, by: int, item_id: int, url: str, at: datetime) -> None:
    """Record the address on the office's website where an approved item can be seen.

    Raises NotYours, NotFound, NotApproved, BadAddress.
    """
    account, actor = _acting(session, by)
    if not access.may_publish(actor):
        raise NotYours
    item, facts = _item(session, item_id)
    if _standing(session, facts, at)[0].stage not in {Stage.approved, Stage.published, Stage.filed}:
        raise NotApproved(item=item.code)
    address = clean_address(url)
    session.add(Publication(item_id=item_id, account_id=by, url=address, at=at))
    audit.record(session, actor=account, action="item.publish", subject=f"item {item.code}", at=at, url=address)


def file(
    session: Session, *, by: int, item_id: int, answer: bool, url: str, explanation: str = "", at: datetime
) -> None:
    """Record the answer, link and explanation of a published item as entered in ITAP.

    Raises NotYours, NotFound, NotApproved, BadAddress, BadText.
    """
    account, actor = _acting(session, by)
    if not access.may_publish(actor):
        raise NotYours
    item, facts = _item(session, item_id)
    if _standing(session, facts, at)[0].stage not in {Stage.published, Stage.filed}:
        raise NotApproved(N_("{item} has not been published yet."), item=item.code)
    address, text = clean_address(url), clean_text(explanation, LONGEST_NOTE)
    session.add(Filing(item_id=item_id, account_id=by, answer=answer, url=address, explanation=text, at=at))
    audit.record(
        session,
        actor=account,
        action="item.file",
        subject=f"item {item.code}",
        at=at,
        answer=answer,
        url=address,
        explanation=text,
    )


def confirm_name(session: Session, *, by: int, party_id: int, rank: str, name: str, at: datetime) -> None:
    """Settle the spelling of an officer's name that the document writes in several ways.

    The spelling not chosen stays among the aliases. Raises NotYours, NotFound, BadText.
    """
    account, actor = _acting(session, by)
    if not access.may_administer(actor):
        raise NotYours
    party = session.get(Party, party_id)
    if party is None or party.kind is not PartyKind.officer:
        raise NotFound
    chosen, chosen_rank = clean_person_name(name), clean_text(rank, LONGEST_NAME)
    before = party.name
    if chosen != before:
        party.aliases = [*(alias for alias in party.aliases if alias != chosen), before]
    party.name, party.rank, party.confirmed_at = chosen, chosen_rank, at
    session.add(party)
    own = session.exec(select(Account).where(Account.party_id == party_id)).first()
    if own is not None:
        own.name = rank_and_name(chosen_rank, chosen)
        session.add(own)
    audit.record(
        session, actor=account, action="party.confirm", subject=f"party {party.key}", at=at, before=before, name=chosen
    )


def set_members(session: Session, *, by: int, group_id: int, officer_ids: Sequence[int], at: datetime) -> None:
    """Say which officers act for a post or a team; they get its duties, the others lose them.

    Raises NotYours, NotFound.
    """
    account, actor = _acting(session, by)
    if not access.may_administer(actor):
        raise NotYours
    group = session.get(Party, group_id)
    if group is None or group.kind is PartyKind.officer:
        raise NotFound
    officers = session.exec(select(Party).where(col(Party.id).in_(officer_ids), Party.kind == PartyKind.officer)).all()
    if {officer.id for officer in officers} != set(officer_ids):
        raise NotFound
    for old in session.exec(select(Membership).where(Membership.group_id == group_id)):
        session.delete(old)
    session.flush()
    session.add_all(Membership(group_id=group_id, officer_id=chosen) for chosen in officer_ids)
    audit.record(
        session,
        actor=account,
        action="party.members",
        subject=f"party {group.key}",
        at=at,
        members=sorted(officer.key for officer in officers),
    )


# --- meetings and directives -----------------------------------------------------------------------------------------


def open_meeting(
    session: Session, *, by: int, assessment_id: int, officer_ids: Sequence[int] = (), guests: str = "", at: datetime
) -> int:
    """Begin a meeting in front of the board; gives its id. One that goes on already that day is that meeting.

    Raises NotYours, NotFound, BadText.
    """
    account, actor = _acting(session, by)
    if not access.may_direct(actor):
        raise NotYours
    if session.get(Assessment, assessment_id) is None:
        raise NotFound
    found = session.exec(select(Meeting).where(Meeting.assessment_id == assessment_id, col(Meeting.ended_at).is_(None)))
    for one in found:
        if day_of(one.at) == day_of(at):
            return _id(one.id)
    meeting = Meeting(assessment_id=assessment_id, account_id=by, guests=clean_text(guests, LONGEST_NOTE), at=at)
    session.add(meeting)
    session.flush()
    made = _id(meeting.id)
    officers = _set_attendance(session, meeting, officer_ids)
    audit.record(
        session, actor=account, action="meeting.open", subject=f"meeting {made}", at=at, officers=officers,
        guests=meeting.guests,
    )  # fmt: skip
    return made


def attend(
    session: Session, *, by: int, meeting_id: int, officer_ids: Sequence[int], guests: str = "", at: datetime
) -> None:
    """Say who is at a meeting that goes on.

    Raises NotYours, NotFound, MeetingOver, BadText.
    """
    account, meeting = _meeting(session, by, meeting_id)
    meeting.guests = clean_text(guests, LONGEST_NOTE)
    session.add(meeting)
    officers = _set_attendance(session, meeting, officer_ids)
    audit.record(
        session, actor=account, action="meeting.attend", subject=f"meeting {meeting_id}", at=at, officers=officers,
        guests=meeting.guests,
    )  # fmt: skip


def end_meeting(session: Session, *, by: int, meeting_id: int, at: datetime) -> None:
    """End a meeting: what the board showed at this moment is what the next one is compared with.

    Raises NotYours, NotFound, MeetingOver.
    """
    account, meeting = _meeting(session, by, meeting_id)
    meeting.ended_at = at
    session.add(meeting)
    audit.record(session, actor=account, action="meeting.end", subject=f"meeting {meeting_id}", at=at)


def direct(
    session: Session,
    *,
    by: int,
    assessment_id: int,
    text: str,
    party_ids: Sequence[int],
    due: date,
    item_id: int | None = None,
    meeting_id: int | None = None,
    at: datetime,
) -> int:
    """Give a directive to officers, posts or teams, to be done by a day; gives its id.

    Raises NotYours, NotFound, TextMissing, BadText, NobodyGiven, DueBefore, MeetingOver.
    """
    account, actor = _acting(session, by)
    if not access.may_direct(actor):
        raise NotYours
    words = clean_text(text, LONGEST_NOTE)
    if not words:
        raise TextMissing
    if not party_ids:
        raise NobodyGiven
    if due < day_of(at):
        raise DueBefore(due=date_text(due))
    if meeting_id is not None:
        meeting = session.get(Meeting, meeting_id)
        if meeting is None or meeting.assessment_id != assessment_id:
            raise NotFound
        if meeting.ended_at is not None:
            raise MeetingOver
    parties = session.exec(
        select(Party).where(col(Party.id).in_(party_ids), Party.assessment_id == assessment_id).order_by(Party.key)
    ).all()
    item = session.get(Item, item_id) if item_id is not None else None
    if len(parties) != len(set(party_ids)) or (item_id is not None and item is None):
        raise NotFound
    if item is not None and item.assessment_id != assessment_id:
        raise NotFound
    directive = Directive(
        assessment_id=assessment_id, meeting_id=meeting_id, item_id=item_id, account_id=by, text=words, due=due, at=at
    )
    session.add(directive)
    session.flush()
    made = _id(directive.id)
    session.add_all(Assignment(directive_id=made, party_id=_id(party.id)) for party in parties)
    audit.record(
        session, actor=account, action="directive.give", subject=f"directive {made}", at=at, text=words,
        due=due.isoformat(), parties=[party.key for party in parties], item=item.code if item else "",
        meeting=meeting_id,
    )  # fmt: skip
    return made


def report(session: Session, *, by: int, directive_id: int, note: str = "", at: datetime) -> None:
    """Say that a directive given to oneself is carried out; the commander agrees with `settle`.

    Raises NotFound, NotYours, AlreadySettled, BadText.
    """
    account, actor = _acting(session, by)
    directive = _directive(session, directive_id)
    if not access.may_report(actor, directive.officers):
        raise NotYours if access.reads_directives(actor) else NotFound
    if directive.state() not in OPEN:
        raise AlreadySettled
    _became(session, account, directive_id, DirectiveStep.reported, note, at)


def settle(session: Session, *, by: int, directive_id: int, what: DirectiveStep, note: str = "", at: datetime) -> None:
    """Say that a directive is done or no longer wanted, or open it again.

    Raises NotYours, NotFound, AlreadySettled, BadText.
    """
    account, actor = _acting(session, by)
    if not access.may_direct(actor) or what is DirectiveStep.reported:
        raise NotYours
    state = _directive(session, directive_id).state()
    if state not in OPEN and what is not DirectiveStep.reopened:
        raise AlreadySettled
    if state is DirectiveState.open and what is DirectiveStep.reopened:
        return  # a second click on the same button
    _became(session, account, directive_id, what, note, at)


def _became(
    session: Session, account: Account, directive_id: int, what: DirectiveStep, note: str, at: datetime
) -> None:
    said = clean_text(note, LONGEST_NOTE)
    session.add(DirectiveEvent(directive_id=directive_id, account_id=_id(account.id), what=what, note=said, at=at))
    audit.record(
        session, actor=account, action=f"directive.{what.value}", subject=f"directive {directive_id}", at=at, note=said
    )


def _directive(session: Session, directive_id: int) -> DirectiveFacts:
    row = session.get(Directive, directive_id)
    if row is None:
        raise NotFound
    return next(one for one in queries.directives(session, row.assessment_id) if one.id == directive_id)


def _meeting(session: Session, by: int, meeting_id: int) -> tuple[Account, Meeting]:
    account, actor = _acting(session, by)
    if not access.may_direct(actor):
        raise NotYours
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound
    if meeting.ended_at is not None:
        raise MeetingOver
    return account, meeting


def _set_attendance(session: Session, meeting: Meeting, officer_ids: Sequence[int]) -> list[str]:
    here = col(Party.id).in_(officer_ids), Party.assessment_id == meeting.assessment_id
    officers = session.exec(select(Party).where(*here, Party.kind == PartyKind.officer)).all()
    if {officer.id for officer in officers} != set(officer_ids):
        raise NotFound
    for old in session.exec(select(Attendance).where(Attendance.meeting_id == meeting.id)):
        session.delete(old)
    session.flush()
    session.add_all(Attendance(meeting_id=_id(meeting.id), officer_id=chosen) for chosen in set(officer_ids))
    return sorted(officer.key for officer in officers)


# --- files -----------------------------------------------------------------------------------------------------------


def _know(session: Session, file: File) -> None:
    """The row of a stored object, with what was noticed in it the last time it was examined."""
    row = session.get(StoredFile, file.sha256)
    if row is None:
        row = StoredFile(sha256=file.sha256, size=file.size, media_type=file.media_type, format=file.format)
    if file.facts != Facts():
        row.facts = file.facts.to_json()
    session.add(row)
    session.flush()


def _upload(session: Session, by: int, upload_id: int) -> Upload:
    upload = session.get(Upload, upload_id)
    if upload is None or upload.account_id != by:
        raise NotFound
    return upload


def _file_of(session: Session, upload: Upload) -> File:
    row = session.get_one(StoredFile, upload.sha256)
    return File(row.sha256, row.size, row.media_type, row.format, upload.file_name, Facts.from_json(row.facts))


def _forget_unused(session: Session, hashes: Sequence[str]) -> list[str]:
    """Take out the rows of those objects that neither an evidence nor an upload names; gives their hashes."""
    for sha256 in set(hashes):
        used = any(session.exec(select(table.id).where(table.sha256 == sha256)).first() for table in (Evidence, Upload))
        row = session.get(StoredFile, sha256)
        if row is not None and not used:
            session.delete(row)
    session.flush()
    return unnamed(session, hashes)


def unnamed(session: Session, hashes: Sequence[str]) -> list[str]:
    """Those of the hashes that no row names: their objects may go."""
    known = set(session.exec(select(StoredFile.sha256).where(col(StoredFile.sha256).in_(hashes))))
    return sorted(set(hashes) - known)


# --- what every use case asks ----------------------------------------------------------------------------------------


def _id(value: int | None) -> int:
    assert value is not None, "a flushed row has its id"
    return value


def _acting(session: Session, by: int) -> tuple[Account, Actor]:
    actor = queries.actor(session, by)
    return session.get_one(Account, by), actor


def _item(session: Session, item_id: int) -> tuple[Item, ItemFacts]:
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    part = queries.snapshot(session, _assessment(session, item), item_id)
    return item, part.items[0]


def _assessment(session: Session, item: Item) -> queries.AssessmentFacts:
    row = session.get_one(Assessment, item.assessment_id)
    return queries.assessment(session, f"{row.office_code}-{row.fiscal_year}")


def _not_yours(actor: Actor, code: str, people: access.ItemPeople) -> Refused:
    """Who may not even read the item is told that there is none."""
    return NotYourItem(item=code) if access.may_read(actor, people) else NotFound()


def _for_hand_in(session: Session, actor: Actor, item_id: int) -> Item:
    item, people = session.get(Item, item_id), queries.item_people(session, item_id)
    if item is None or not access.may_hand_in(actor, people):
        raise NotFound if item is None else _not_yours(actor, item.code, people)
    return item


def _handed_in(session: Session, actor: Actor, evidence_id: int) -> tuple[Evidence, Item, access.ItemPeople]:
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound
    people = queries.item_people(session, evidence.item_id)
    if not access.may_read(actor, people):
        raise NotFound
    return evidence, session.get_one(Item, evidence.item_id), people


def _still_undecided(session: Session, evidence_id: int) -> None:
    statement = select(Review, Account.name).join(Account, col(Account.id) == Review.account_id)
    decided = session.exec(statement.where(Review.evidence_id == evidence_id)).first()
    if decided:
        review_, who = decided
        raise AlreadyReviewed(who=who, decision=_(DECISIONS[review_.decision]))
    if session.exec(select(Withdrawal).where(Withdrawal.evidence_id == evidence_id)).first():
        raise AlreadyWithdrawn


def _standing(session: Session, facts: ItemFacts, at: datetime) -> tuple[ItemStanding, set[int]]:
    """How the item stands now, and the accounts that handed in what is accepted."""
    item = session.get_one(Item, facts.id)
    part = queries.snapshot(session, _assessment(session, item), facts.id)
    standing = board(part.items, part.records, day=part.assessment.ends, year_ends=part.assessment.ends).items[0]
    used = {slot.evidence_id for slot in standing.slots if slot.state is State.accepted}
    owners = session.exec(select(Evidence.account_id).where(col(Evidence.id).in_(used))).all()
    return standing, set(owners)


def _check_slots(facts: ItemFacts, chosen: Sequence[SlotKey], content: Content) -> None:
    if not chosen:
        raise NoSlot
    known: dict[SlotKey, RequirementFacts] = {slot.key: slot.requirement for slot in facts.slots}
    for key in chosen:
        requirement = known.get(key)
        if requirement is None:
            raise UnknownSlot(item=facts.code)
        if isinstance(content, Nil) and not requirement.nil_allowed:
            raise NilNotAllowed(requirement=requirement.title)
        if isinstance(content, File) and key.format and content.format != key.format:
            raise WrongFormat(
                file=content.name,
                found=_(FORMATS[content.format]),
                slot=requirement.title,
                wanted=_(FORMATS[key.format]),
            )
