"""Every write and every read of the core, tried by everybody in every state, each rolled back.

A write either does it (the rows, and one entry of the audit in the name of who acted), or finds it done already and
adds nothing, or is refused and leaves everything as it was. Whoever may not even read a thing is refused in the very
words that they would get for one that does not exist.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import product

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import access, accounts, db, queries, workflow
from ita_core.accounts import Visitor
from ita_core.errors import Refused
from ita_core.models import (
    Account,
    AuditEntry,
    Base,
    Decision,
    DirectiveStep,
    Evidence,
    Role,
    Upload,
)
from ita_core.settings import settings
from tests.trials import rights_rules as rules
from tests.trials.rights_office import (
    BEGUN,
    ELSEWHERE,
    MANY,
    NOBODY,
    NOWHERE,
    STAGES,
    Office,
    Who,
    document,
    slots,
)
from tests.trials.rights_rules import DOES, NO_RIGHT, NOTHING

LATER = BEGUN + timedelta(days=3)
COUNTS = "SELECT " + ", ".join(f'(SELECT count(*) FROM "{table.name}")' for table in Base.metadata.sorted_tables)
TABLES = [table.name for table in Base.metadata.sorted_tables]

# What is public in these modules and not tried by everybody, each with the reason.
NOT_TRIED = {
    "workflow.clear_left": "nobody's act: the server's own, at its start",
    "workflow.check_waiting": "a question that receiving asks of whoever may hand in, before anything is sent",
    "accounts.check_ticket": "a question that `enter` asks again: the ticket is the right",
    "workflow.note_refused": "writes down a refusal; names only who was refused",
    "workflow.unnamed": "a question about hashes that two use cases ask",
    "receiving.keep": "workflow.receive with the object's way into the store: through the routes",
    "receiving.discard": "workflow.discard, then the object: through the pages",
    "receiving.clear_left": "the server's own, at its start",
    "receiving.remove_unnamed": "nobody's act: takes away objects that no row names",
    # names and passwords: nobody has a right to be asked for
    "accounts.password_rule": "a text",
    "accounts.password_fault": "a question about a text",
    "accounts.words_of_office": "what everybody knows",
    "accounts.new_password": "a calculation",
    "accounts.hash_password": "a calculation",
    "accounts.password_matches": "a calculation",
    "accounts.clean_username": "a calculation",
    # at the door, where nobody is anybody yet: the token or the password is the right (tests/accounts)
    "accounts.create_first_admin": "the server's own, at its first start",
    "accounts.check_invitation": "the token is the right",
    "accounts.join": "the token is the right",
    "accounts.accept": "the password is the right",
    "accounts.know_device": "of the account that just signed in",
    "accounts.known_device": "asked by the gate of a browser's own cookie; gives a number only",
    "accounts.issue_ticket": "the password was just accepted",
    "accounts.enter": "the ticket is the right",
    "accounts.find_visitor": "the cookie is the right",
    "accounts.find_visitor_by_public_id": "the gate wrote the id",
    "accounts.sign_out": "of the visitor's own sign-in, which the gate found",
    "accounts.begin_try": "counts a try",
    "accounts.wait_before_next_try": "a question",
    "accounts.note_failure": "counts a try",
    "accounts.forget_failures": "the password was right",
    "accounts.note_intrusion": "the gate's own",
    "accounts.has_admin": "a question",
    "accounts.account_of": "how pages find who acts; tried with every function of accounts",
}


@dataclass(frozen=True)
class Act:
    """One use case on one thing in one state. `call` gets the session, who acts, and the thing's id."""

    use_case: str
    state: str
    rule: str
    call: Callable[[Session, Who, int], object]
    target: int = NOWHERE
    outcome: str = DOES
    code: str = MANY
    own: bool = False
    given: bool = False
    known_by: str = ""  # the rule by which somebody may know that the thing exists; "" for what everybody knows
    ready: Callable[[Session, Who], int | None] | None = None  # puts it into this state for who acts; may give its id
    records: str = ""  # the audit's word for it
    rows: Mapping[str, int] = field(default_factory=dict)

    def name(self) -> str:
        own = ", own" if self.own else ""
        return f"{self.use_case} ({self.state}{own}{', given' if self.given else ''})"


@dataclass
class Result:
    tried: Counter[str] = field(default_factory=Counter)
    allowed: int = 0
    nothing: int = 0
    refused: int = 0
    leaks: list[str] = field(default_factory=list)
    wrongly_refused: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.tried += other.tried
        self.allowed += other.allowed
        self.nothing += other.nothing
        self.refused += other.refused
        self.leaks += other.leaks
        self.wrongly_refused += other.wrongly_refused


# --- the acts --------------------------------------------------------------------------------------------------------


def acts(office: Office) -> Iterator[Act]:
    """Every use case in every state."""
    yield from _on_evidence(office)
    yield from _on_items(office)
    yield from _handing_in(office)
    yield from _on_people(office)
    yield from _in_meetings(office)
    yield from _on_directives(office)
    yield from _on_accounts(office)


def _theirs(evidence: int) -> Callable[[Session, Who], None]:
    def ready(session: Session, who: Who) -> None:
        session.exec(sa.update(Evidence).where(col(Evidence.id) == evidence).values(account_id=who.account_id))

    return ready


def _on_evidence(office: Office) -> Iterator[Act]:
    def review(session: Session, who: Who, evidence: int, decision: Decision) -> None:
        workflow.review(session, by=who.account_id, evidence_id=evidence, decision=decision, reason="เหตุ", at=LATER)

    def withdraw(session: Session, who: Who, evidence: int) -> None:
        workflow.withdraw(session, by=who.account_id, evidence_id=evidence, at=LATER)

    for (state, outcome), own in product(rules.EVIDENCE_STATES.items(), (False, True)):
        target = office.evidence[state]
        of = {"target": target, "outcome": outcome, "own": own, "known_by": "read an item",
              "ready": _theirs(target) if own else None}  # fmt: skip
        for decision in Decision:
            yield Act("workflow.review", f"{state}, {decision.value}", "review", partial(_swap, review, decision),
                      records=f"evidence.{decision.value}", rows={"review": 1}, **of)  # fmt: skip
        yield Act("workflow.withdraw", state, "withdraw", withdraw, records="evidence.withdraw",
                  rows={"withdrawal": 1}, **of)  # fmt: skip
    elsewhere = next(one for one, code in office.item_of.items() if code == ELSEWHERE)
    yield Act("workflow.review", "of another item", "review", partial(_swap, review, Decision.accepted), elsewhere,
              code=ELSEWHERE, known_by="read an item")  # fmt: skip


def _swap(call: Callable[..., object], last: object, session: Session, who: Who, target: int) -> object:
    return call(session, who, target, last)


def _on_items(office: Office) -> Iterator[Act]:
    def approve(session: Session, who: Who, item: int, code: str) -> None:
        workflow.approve(session, by=who.account_id, item_id=item, fingerprint=office.fingerprints[code], at=LATER)

    def publish(session: Session, who: Who, item: int) -> None:
        workflow.publish(session, by=who.account_id, item_id=item, url="https://example.org/x", at=LATER)

    def file(session: Session, who: Who, item: int) -> None:
        workflow.record_filing(
            session, by=who.account_id, item_id=item, answer=True, url="https://example.org/x", at=LATER
        )

    for stage, code in STAGES.items():
        item = office.items[code]
        of = {"target": item, "code": code, "known_by": "read an item"}
        has_evidence = stage != "not started"
        for own in (False, True) if has_evidence else (False,):
            # what is handed in is the actor's own only where it is accepted: then they may not approve it
            counts = own and stage != "in review"
            yield Act("workflow.approve", stage, "approve", partial(_swap, approve, code), outcome=rules.APPROVE[stage],
                      own=counts, ready=_all_theirs(item) if own else None, records="item.approve",
                      rows={"approval": 1}, **of)  # fmt: skip
        yield Act("workflow.publish", stage, "publish and file", publish, outcome=rules.PUBLISH[stage],
                  records="item.publish", rows={"publication": 1}, **of)  # fmt: skip
        yield Act("workflow.record_filing", stage, "publish and file", file, outcome=rules.FILE[stage],
                  records="item.file", rows={"filing": 1}, **of)  # fmt: skip


def _all_theirs(item: int) -> Callable[[Session, Who], None]:
    def ready(session: Session, who: Who) -> None:
        session.exec(sa.update(Evidence).where(col(Evidence.item_id) == item).values(account_id=who.account_id))

    return ready


def _handing_in(office: Office) -> Iterator[Act]:
    kept = document(301, "ทดลอง.pdf")

    def submit(session: Session, who: Who, item: int, given: tuple[str, workflow.Content | None]) -> None:
        code, content = given
        wanted = {"format": "pdf"} if code == MANY and content is None else {}
        content = content or workflow.Received(office.uploads.get(who.account_id, NOWHERE))
        workflow.submit(session, by=who.account_id, item_id=item, slots=slots(session, code, **wanted)[:1],
                        content=content, at=LATER)  # fmt: skip

    def others(session: Session, who: Who, item: int, _nothing: None) -> None:
        upload = workflow.Received(office.uploads[office.people["author"]])
        workflow.submit(session, by=who.account_id, item_id=item, slots=slots(session, MANY, format="pdf")[:1],
                        content=upload, at=LATER)  # fmt: skip

    def check(session: Session, who: Who, item: int) -> None:
        workflow.check_hand_in(session, by=who.account_id, item_id=item)

    def receive(session: Session, who: Who, item: int) -> None:
        workflow.receive(session, by=who.account_id, item_id=item, file=kept, key="second", at=LATER)

    def discard(session: Session, who: Who, upload: int) -> None:
        workflow.discard(session, by=who.account_id, upload_id=upload, at=LATER)

    for stage, code in (*STAGES.items(), ("of another item", ELSEWHERE)):
        of = {"target": office.items[code], "code": code, "known_by": "read an item"}
        link, nil = workflow.Link("https://example.org/x"), workflow.Nil()
        handed_in = {"records": "evidence.submit", "rows": {"evidence": 1, "evidenceslot": 1}, **of}
        yield Act("workflow.submit", f"{stage}, link", "hand in", partial(_swap, submit, (code, link)), **handed_in)
        yield Act("workflow.check_hand_in", stage, "hand in", check, outcome=NOTHING, **of)
        yield Act("workflow.receive", stage, "hand in", receive, records="upload.receive",
                  rows={"upload": 1, "storedfile": 1}, **of)  # fmt: skip
        if code == MANY:
            yield Act("workflow.submit", "nil", "hand in", partial(_swap, submit, (code, nil)), **handed_in)
            yield Act("workflow.submit", "received", "hand in", partial(_swap, submit, (code, None)), **handed_in)
            yield Act("workflow.submit", "what another sent", "hand in", partial(_swap, others, None),
                      outcome="NotFound", **of)  # fmt: skip

    def own(session: Session, who: Who) -> int:
        return office.uploads.get(who.account_id, NOWHERE)

    def handed_in_already(session: Session, who: Who) -> int:
        upload = office.uploads.get(who.account_id, NOWHERE)
        used = office.evidence["waiting"]
        session.exec(sa.update(Upload).where(col(Upload.id) == upload).values(evidence_id=used))
        return upload

    yield Act("workflow.discard", "waits", "one's own", discard, own=True, ready=own, records="upload.discard",
              rows={"upload": -1})  # fmt: skip
    yield Act("workflow.discard", "handed in", "one's own", discard, own=True, ready=handed_in_already,
              outcome="AlreadyHandedIn")  # fmt: skip
    yield Act("workflow.discard", "another's", "one's own", discard, office.uploads[office.people["author"]],
              known_by="one's own")  # fmt: skip


def _on_people(office: Office) -> Iterator[Act]:
    def confirm(session: Session, who: Who, party: int) -> None:
        workflow.confirm_name(session, by=who.account_id, party_id=party, rank="พ.ต.ท.", name="ชื่อใหม่", at=LATER)

    def members(session: Session, who: Who, group: int) -> None:
        workflow.set_members(session, by=who.account_id, group_id=group, at=LATER,
                             officer_ids=[office.parties["spare"], office.parties["author"]])  # fmt: skip

    yield Act("workflow.confirm_name", "to confirm", "administer", confirm, office.parties["spare"],
              records="party.confirm", known_by="administer")  # fmt: skip
    for team in ("team-prepare", "everybody"):
        with db.reading() as session:
            group = queries.people_by_id(session, office.assessment_id)[office.parties[team]]
        yield Act("workflow.set_members", team, "administer", members, office.parties[team], known_by="administer",
                  records="party.members", rows={"membership": 2 - len(group.members)})  # fmt: skip
    for wrong, call, target in (
        ("of a team", confirm, office.parties["everybody"]), ("of an officer", members, office.parties["spare"]),
    ):  # fmt: skip
        name = "confirm_name" if call is confirm else "set_members"
        yield Act(f"workflow.{name}", wrong, "administer", call, target, outcome="NotFound", known_by="administer")


def _in_meetings(office: Office) -> Iterator[Act]:
    there = [office.parties["spare"]]

    def open_(session: Session, who: Who, assessment: int, at: object) -> None:
        workflow.open_meeting(session, by=who.account_id, assessment_id=assessment, officer_ids=there, at=at)

    def attend(session: Session, who: Who, meeting: int) -> None:
        workflow.attend(session, by=who.account_id, meeting_id=meeting, officer_ids=[*there, office.parties["head"]],
                        guests="แขก", at=LATER)  # fmt: skip

    def end(session: Session, who: Who, meeting: int) -> None:
        workflow.end_meeting(session, by=who.account_id, meeting_id=meeting, at=settings().now())

    opened = {"records": "meeting.open", "rows": {"meeting": 1, "attendance": 1}}
    for state, at, outcome in (("none that day", LATER, DOES), ("going on", settings().now(), NOTHING)):
        yield Act("workflow.open_meeting", state, "direct", partial(_swap, open_, at), office.assessment_id,
                  outcome=outcome, known_by="see meetings", **opened)  # fmt: skip
    for state, outcome in rules.MEETING.items():
        of = {"target": office.meetings[state], "outcome": outcome, "known_by": "see meetings"}
        yield Act("workflow.attend", state, "direct", attend, records="meeting.attend", rows={"attendance": 1}, **of)
        yield Act("workflow.end_meeting", state, "direct", end, records="meeting.end", **of)


def _on_directives(office: Office) -> Iterator[Act]:
    def direct(session: Session, who: Who, item: int, meeting: int | None) -> None:
        workflow.direct(
            session, by=who.account_id, assessment_id=office.assessment_id, text="สั่ง", item_id=item,
            party_ids=[office.parties["spare"]], due=LATER.date(), meeting_id=meeting, at=LATER,
        )  # fmt: skip

    def report(session: Session, who: Who, directive: int) -> None:
        workflow.report(session, by=who.account_id, directive_id=directive, note="ทำแล้ว", at=LATER)

    def settle(session: Session, who: Who, directive: int, what: DirectiveStep) -> None:
        workflow.settle(session, by=who.account_id, directive_id=directive, what=what, at=LATER)

    given = {"records": "directive.give", "rows": {"directive": 1, "assignment": 1}, "known_by": "read an item"}
    for state, meeting in (("outside a meeting", None), *office.meetings.items()):
        yield Act("workflow.direct", state, "direct", partial(_swap, direct, meeting), office.items[MANY],
                  outcome=rules.MEETING.get(state, DOES), **given)  # fmt: skip
    for (state, to_all), directive in office.directives.items():
        of = {"target": directive, "given": to_all, "known_by": "read a directive"}
        yield Act("workflow.report", state, "report", report, outcome=rules.REPORT[state],
                  records="directive.reported", rows={"directiveevent": 1}, **of)  # fmt: skip
        for what in DirectiveStep:
            # that it is carried out is the officer's own to say
            outcome = "NotYours" if what is DirectiveStep.reported else rules.SETTLE[what.value][state]
            yield Act("workflow.settle", f"{state}, {what.value}", "direct", partial(_swap, settle, what),
                      outcome=outcome, records=f"directive.{what.value}", rows={"directiveevent": 1}, **of)  # fmt: skip


def _on_accounts(office: Office) -> Iterator[Act]:
    spare, shut, chief = (office.people[name] for name in ("spare", "shut", "chief"))

    def acting(session: Session, who: Who) -> Account:
        visitor = Visitor(who.account_id, who.party_id, who.name, who.role, who.keeps_itap, "th", "x")
        return accounts.account_of(session, visitor)

    def create(session: Session, who: Who, party: int) -> None:
        accounts.create_account(
            session, by=acting(session, who), name="ใหม่", role=Role.admin, party_id=party, now=LATER
        )

    def role(session: Session, who: Who, account: int) -> None:
        accounts.change_role(session, by=acting(session, who), account_id=account, role=Role.admin, keeps_itap=True,
                             now=LATER)  # fmt: skip

    def on(function: Callable[..., object]) -> Callable[[Session, Who, int], object]:
        return lambda session, who, account: function(session, by=acting(session, who), account_id=account, now=LATER)

    people = {"rule": "administer", "known_by": "administer"}
    yield Act("accounts.create_account", "no account yet", call=create, target=office.parties["without"],
              records="account.create", rows={"account": 1}, **people)  # fmt: skip
    yield Act("accounts.create_account", "has one", call=create, target=office.parties["spare"], outcome="HasAccount",
              **people)  # fmt: skip
    for name, target, word, rows, outcome in (
        ("invite", spare, "account.invite", {"invitation": 1}, DOES), ("invite", shut, "", {}, "NotFound"),
        ("disable", spare, "account.disable", {}, DOES), ("disable", chief, "account.disable", {}, DOES),
        ("enable", shut, "account.enable", {}, DOES),
    ):  # fmt: skip
        state = {spare: "in use", shut: "disabled", chief: "an administrator"}[target]
        yield Act(f"accounts.{name}", state, call=on(getattr(accounts, name)), target=target, records=word, rows=rows,
                  outcome=outcome, **people)  # fmt: skip
    yield Act("accounts.change_role", "in use", call=role, target=spare, records="account.change_role", **people)

    def language(session: Session, who: Who, _none: int) -> None:
        accounts.set_language(session, account=acting(session, who), language="en", now=LATER)

    def password(session: Session, who: Who, _none: int) -> None:
        account = acting(session, who)
        compared, new = (
            accounts.Credential(account.id, account.password_hash or ""),
            accounts.NewPassword("another hash"),
        )
        accounts.set_password(session, account=account, compared=compared, new=new, now=LATER)

    def everywhere(session: Session, who: Who, _none: int) -> None:
        accounts.sign_out_everywhere(session, account=acting(session, who), now=LATER)

    for name, call, word in (
        ("set_language", language, "account.set_language"), ("set_password", password, "account.change_password"),
        ("sign_out_everywhere", everywhere, "session.end_all"),
    ):  # fmt: skip
        yield Act(f"accounts.{name}", "one's own", "one's own", call, own=True, records=word)


# --- trying ----------------------------------------------------------------------------------------------------------


def tried(office: Office, *, share: float = 1.0, seed: int = 1) -> Result:
    """Every act by everybody, or a seeded share of them."""
    chance, result = random.Random(seed), Result()
    engine = db.engine().execution_options(ita_writes=True)
    with engine.connect() as connection:
        for act in acts(office):
            for who in [*office.actors, NOBODY]:
                if share < 1 and chance.random() >= share:
                    continue
                fault = _try(connection, office, act, who, result)
                result.tried["workflow"] += 1
                if fault:
                    kind = result.wrongly_refused if fault.startswith("refused") else result.leaks
                    kind.append(f"{act.name()} by {who.name}: {fault}")
    return result


def _try(connection: sa.Connection, office: Office, act: Act, who: Who, result: Result) -> str:
    """What went otherwise than the rules say; "" if nothing."""
    given = act.given and who.party_id is not None
    right = who.may(act.rule, act.code, own=act.own, given=given)
    knows = not act.known_by or who.may(act.known_by, act.code, own=act.own, given=given)
    transaction = connection.begin()
    try:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            target = act.ready(session, who) if act.ready and who is not NOBODY else None
            target = act.target if target is None else target
            session.commit()
        before = _state(connection)
        refused = _call(connection, act, who, target)
        after = _state(connection)
        if right and act.outcome == DOES:
            if refused is not None:
                return f"refused: {type(refused).__name__}: {refused}"
            result.allowed += 1
            return _not_done(connection, act, who, before, after)
        if after != before:
            return f"changed {[name for name in before if before[name] != after[name]]} without a right"
        if right and act.outcome == NOTHING:
            result.nothing += 1
            return "" if refused is None else f"refused: {type(refused).__name__}: {refused}"
        if refused is None:
            return "was not refused"
        result.refused += 1
        name = type(refused).__name__
        if right:
            return "" if name == act.outcome else f"told {name} instead of {act.outcome}"
        if name not in NO_RIGHT:
            return f"told of the state: {name}: {refused}"
        if not knows:
            nothing = _call(connection, act, who, NOWHERE)
            if repr((type(nothing), str(nothing))) != repr((type(refused), str(refused))):
                return f"told {name} of what exists, {type(nothing).__name__} of what does not"
        return ""
    finally:
        transaction.rollback()


def _call(connection: sa.Connection, act: Act, who: Who, target: int) -> Refused | None:
    """As `db.writing` does: kept as a whole, or not at all."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        try:
            act.call(session, who, target)
            session.commit()
        except Refused as refused:
            session.rollback()
            return refused
    return None


def _state(connection: sa.Connection) -> dict[str, object]:
    """How many rows there are of each kind, and the audit's end: every write moves it."""
    numbers = connection.exec_driver_sql(COUNTS).one()
    end = connection.exec_driver_sql("SELECT number, hash FROM audithead").one()
    return {**dict(zip(TABLES, numbers, strict=True)), "the audit's end": tuple(end)}


def _not_done(
    connection: sa.Connection, act: Act, who: Who, before: Mapping[str, object], after: Mapping[str, object]
) -> str:
    """What is missing of the rows and the entry."""
    wanted = {"auditentry": 1, **act.rows}
    made = {name: after[name] - before[name] for name in TABLES if after[name] != before[name]}
    if made != {name: number for name, number in wanted.items() if number}:
        return f"made {made} instead of {wanted}"
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.number).desc())).first()
        if entry is None or (entry.account_id, entry.action) != (who.account_id, act.records):
            return f"the audit says {entry and (entry.account_id, entry.action)} instead of {act.records}"
    return ""


# --- reading ---------------------------------------------------------------------------------------------------------

Read = Callable[[Session, Office, access.Actor], object]

# Every read that asks who reads; a new one must be added here.
READS: dict[str, Read] = {
    "get_item_detail": lambda s, o, who: [
        _or_nothing(partial(queries.get_item_detail, s, who, queries.get_assessment(s), code)) for code in TOLD_APART
    ],
    "get_evidence": lambda s, o, who: [_or_nothing(partial(queries.get_evidence, s, who, one)) for one in o.item_of],
    "list_uploads": lambda s, o, who: [queries.list_uploads(s, who, o.items[code]) for code in TOLD_APART],
    "find_same_content": lambda s, o, who: queries.find_same_content(
        s, who, [one for one in s.exec(select(Evidence.sha256)) if one]
    ),
    "is_others": lambda s, o, who: [queries.is_others(s, who, o.assessment_id, code=code) for code in o.items],
    "list_evidence": lambda s, o, who: queries.list_evidence(s, who, o.assessment_id),
    "has_duties": lambda s, o, who: queries.has_duties(s, who, o.assessment_id),
    "list_review_queue": lambda s, o, who: queries.list_review_queue(s, who, o.assessment_id),
    "list_directives": lambda s, o, who: queries.list_directives(s, o.assessment_id, who),
    "Snapshot.visible_to": lambda s, o, who: _items_and_records(
        queries.take_snapshot(s, queries.get_assessment(s)).visible_to(who)
    ),
}


TOLD_APART = {*STAGES.values(), ELSEWHERE}  # of the other items nobody here has a duty on any


# The other reads do not ask who reads, since what they give is everybody's, or is asked for by the pages that may.
NOT_ASKED = {
    "acting_for": "a calculation",
    "people_of": "a calculation",
    "get_actor": "how everybody who acts is found",
    "get_assessment": "the plan: everybody's",
    "people_by_id": "the plan: everybody's",
    "list_indicators": "the plan: everybody's",
    "list_instruments": "the plan: everybody's",
    "list_levels": "the plan: everybody's",
    "scores_by_year": "announced: everybody's",
    "list_steps": "the plan: everybody's",
    "take_snapshot": "all of it; Snapshot.visible_to gives the part that may be shown",
    "current_snapshot": "all of it; Snapshot.visible_to gives the part that may be shown",
    "data_version": "names a state of the data, says nothing of it",
    "get_item_id": "what a code's number is",
    "get_item_people": "asked to decide about a right",
    "list_senders": "asked to decide about a right",
    "find_upload": "of one's own account",
    "count_waiting_uploads": "of one's own account",
    "list_returns": "of the evidence that a page was given before: through the pages",
    "list_meetings": "through the pages and access",
    "list_accounts": "the administrator's page asks access before: through the pages",
    "list_audit_entries": "the route and the page ask access before: through the routes",
}


def _or_nothing(read: Callable[[], object]) -> object:
    try:
        return read()
    except Refused as refused:
        return refused


def _items_and_records(part: queries.Snapshot) -> object:
    return part.items, part.records


def read(office: Office) -> Result:
    """What each read gives to everybody: no mark of what is not theirs, every mark of an item or directive that is."""
    result = Result()
    owed = {
        "get_item_detail": [mark for mark, of in office.marks.items() if of[0] == "item" and of[1] in TOLD_APART],
        "list_directives": [mark for mark, of in office.marks.items() if of[0] == "directive"],
    }
    with db.reading() as session:
        for who, (name, ask) in product([one for one in office.actors if one.enabled], READS.items()):
            given = repr(ask(session, office, queries.get_actor(session, who.account_id))).encode()
            result.tried["workflow"] += 1
            result.allowed += 1
            result.leaks += [f"queries.{name} gives {what} to {who.name}" for what in office.leaks(who, given)]
            missing = [mark for mark in owed.get(name, ()) if office.may_see(who, mark) and mark not in given]
            result.wrongly_refused += [f"queries.{name} keeps {mark!r} from {who.name}" for mark in missing]
    return result
