"""Every write and every read of the core, tried by everybody in every state, each rolled back.

A write either does it (the rows, and one entry of the audit in the name of who acted), or finds it done already and
adds nothing, or is refused and leaves everything as it was. Whoever may not even read a thing is refused in the very
words that they would get for one that does not exist: so is everybody of another office.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, product

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import access, accounts, db, queries, workflow
from ita_core.accounts import Visitor
from ita_core.board.campaigns import Terms
from ita_core.board.progress import Board, SlotKey
from ita_core.errors import NotFound, Refused
from ita_core.links.found import Found
from ita_core.models import (
    Account,
    Approval,
    AuditEntry,
    Base,
    Channel,
    ChannelAddress,
    Clarification,
    ClarificationOutcome,
    Decision,
    DirectiveStep,
    Draft,
    Evidence,
    FactorRule,
    Filing,
    Grant,
    LinkCheck,
    LinkOutcome,
    PartyKind,
    Person,
    PersonName,
    Publication,
    Review,
    Role,
    ScoreFile,
    SecondFactor,
    SendBack,
    Survey,
    Upload,
)
from ita_core.plan.apply import revise
from ita_core.plan.content import Content, checked, content_of
from ita_core.plan.plan import Plan
from ita_core.plan.scores import ScoreEntry, beside
from ita_core.plan.stakeholders import load_form
from ita_core.plan.touched import Recount
from ita_core.settings import settings
from tests.trials import rights_rules as rules
from tests.trials.rights_office import (
    BEFORE,
    BEGUN,
    COUNTED,
    ELSEWHERE,
    GONE,
    MANY,
    MARK,
    NOBODY,
    NOWHERE,
    SCORE,
    SCORE_FILE,
    STAGES,
    THEIR_STEP,
    Office,
    Who,
    document,
    picture,
    slots,
)
from tests.trials.rights_rules import DOES, NO_RIGHT, NOTHING
from tests.workflow.stakeholders import KEEP_DAYS

LATER = BEGUN + timedelta(days=3)
Compared = Callable[[Account], accounts.Credential]
COUNTS = "SELECT " + ", ".join(f'(SELECT count(*) FROM "{table.name}")' for table in Base.metadata.sorted_tables)
TABLES = [table.name for table in Base.metadata.sorted_tables]

# What is public in these modules and not tried by everybody, each with the reason.
NOT_TRIED = {
    "workflow.clear_left": "nobody's act: the server's own, at its start",
    "workflow.clear_stakeholders": "nobody's act: the server's own, at its start and by a timer",
    "workflow.due_stakeholders": "a question that clear_stakeholders asks",
    "workflow.check_stakeholders": "a question that import_stakeholders asks again, before a list is read",
    "workflow.check_waiting": "a question that receiving asks of whoever may hand in, before anything is sent",
    "accounts.check_ticket": "a question that `enter` asks again: the ticket is the right",
    "workflow.note_refused": "writes down a refusal; names only who was refused",
    "workflow.note_export": "writes down what a route or the command gives out; names only who took it",
    "workflow.may_check": "a question that note_check asks again, before the website is asked",
    "workflow.may_take_whole": "a question that note_export asks again, before a pack is made",
    "workflow.see_notices": "keeps nothing but what concerns who acts: tests/workflow/test_notices.py",
    "workflow.choose_channels": "keeps nothing but how who acts wants to be told: tests/channels",
    "workflow.claim_reminder": "nobody's act: the timer's, before a message goes out",
    "workflow.note_sending": "nobody's act: the timer's, after it",
    "workflow.note_interrupted": "nobody's act: the timer's",
    "workflow.unnamed": "a question about hashes that two use cases ask",
    "workflow.next_plan": "what start_year would put in force, of the plan of one office",
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
    "accounts.new_mail_code": "a calculation",
    "accounts.begin_mail_proof": "of one's own account: tests/accounts/test_addresses.py",
    "accounts.try_mail_code": "counts a try at one's own account's code",
    "accounts.clean_mail_code": "a calculation",
    "accounts.pending_mail": "asked by one's own page of one's own account",
    "accounts.take_back_mail_code": "takes back a code of who acts, which did not go out",
    "accounts.prove_mail": "the code is the right",
    "accounts.begin_line_proof": "of one's own account: tests/accounts/test_addresses.py",
    "accounts.is_line_code": "a question that prove_line asks again",
    "accounts.prove_line": "the code is the right, LINE's signature before it: tests/channels/test_webhook.py",
    "accounts.end_line": "LINE's signature is the right: tests/channels/test_webhook.py",
    "accounts.end_address": "what proving.end_own_address and end_line do",
    "accounts.list_addresses": "the timer's; one's own on one's own page; on People, which asks for the right",
    "accounts.masked_mail": "a calculation",
    "accounts.proved_mail": "of one's own account, and where a mail goes to it",
    "accounts.accounts_of_mail": "asked where a mail goes to that address itself",
    "accounts.create_first_admin": "the server's own, at its first start",
    "accounts.check_invitation": "the token is the right",
    "accounts.join": "the token is the right",
    "accounts.accept": "the password is the right",
    "accounts.know_device": "of the account that just signed in",
    "accounts.known_device": "asked by the gate of a browser's own cookie; gives a number only",
    "accounts.issue_ticket": "the password, or the provider's word, was just accepted",
    "accounts.check_word": "a question that accept_word asks again",
    "accounts.accept_word": "the provider's word is the right: tests/attacks/test_provider.py",
    "accounts.note_refused_word": "writes down a refusal; names nobody",
    "accounts.shut_out": "what follows a change that its own use case asks the right for",
    "accounts.list_signed_in": "of one's own account, which the gate found",
    "accounts.end_one": "of one's own account; another's does not exist: tests/accounts/test_signed_in.py",
    "accounts.forget_codes": "nobody's act: the server's own, at its start and every few hours",
    "accounts.forget_ended": "nobody's act: the server's own, at its start and every few hours",
    "accounts.note_use": "the gate's own",
    "accounts.has_use_to_write": "a question",
    "accounts.write_use": "nobody's act: the server's own",
    "accounts.enter": "the ticket is the right",
    "accounts.find_visitor": "the cookie is the right",
    "accounts.find_visitor_by_public_id": "the gate wrote the id",
    "accounts.sign_out": "of the visitor's own sign-in, which the gate found",
    "accounts.begin_try": "counts a try",
    "accounts.wait_before_next_try": "a question",
    "accounts.note_failure": "counts a try",
    "accounts.forget_failures": "the password was right",
    "accounts.note_intrusion": "the gate's own",
    "accounts.pass_first_step": "the password was just accepted",
    "accounts.check_half": "a question that begin_second_step asks again: the token is the right",
    "accounts.begin_second_step": "the token of the first step is the right; counts a try",
    "accounts.finish_second_step": "the token and the code are the right",
    "accounts.begin_own_code": "of one's own account, which the gate found; counts a try",
    "accounts.show_factor": "the code is the right: tests/accounts/test_second_factor.py",
    "accounts.new_secret": "a calculation",
    "accounts.address_of_secret": "a calculation",
    "accounts.find_factor": "of one's own account; nothing secret",
    "accounts.has_factor": "a question",
    "accounts.is_demanded": "a question",
    "accounts.demanding_roles": "a question, asked by the administrator's page",
    "accounts.count_reset": "anybody's who forgot the password; counts a try",
    "accounts.accounts_asked": "whom a link is for: the sender's own, nobody is told",
    "accounts.make_reset": "the sender's own: the link goes to the proved address",
    "accounts.enrol": "the password and a code are the right: tests/accounts/test_second_factor.py",
    "accounts.has_admin": "a question",
    "accounts.list_grants": "of one's own account: among the answers and between offices",
    "accounts.find_grant": "of one's own account: between offices",
    "accounts.account_of": "how pages find who acts; tried with every function of accounts",
    # what programs and calendars read with: the token is the right (tests/attacks/test_tokens.py)
    "accounts.find_holder": "the token is the right",
    "accounts.looks_like_token": "a question about a text",
    "accounts.list_tokens": "of one's own account: among the answers and between offices",
    "accounts.end_token": "of one's own tokens, anybody else's are not there: tests/attacks/test_tokens.py",
    "accounts.note_token_use": "of a token that was just found to hold",
    "accounts.count_wrong_token": "counts a try",
    "accounts.wait_before_next_token": "a question",
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
    then: Callable[[Session], bool] = lambda _session: True  # whether it is so afterwards, beside the rows
    closed: bool = False  # the year is: everybody of the office knows that

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
    yield from _on_second_factors(office)
    yield from _on_tokens(office)
    yield from _on_plans(office)
    yield from _on_drafts(office)
    yield from _on_leaving(office)
    yield from _on_years(office)
    yield from _on_scores(office)
    yield from _on_campaigns(office)
    yield from _on_steps(office)
    yield from _on_clarifications(office)
    yield from _on_stakeholders(office)
    yield from _on_offices(office)
    yield from _with_the_neighbours(office)
    yield from _in_a_closed_year(office)


def _theirs(evidence: int) -> Callable[[Session, Who], None]:
    def ready(session: Session, who: Who) -> None:
        session.exec(sa.update(Evidence).where(col(Evidence.id) == evidence).values(account_id=who.account_id))

    return ready


def _on_evidence(office: Office) -> Iterator[Act]:
    def review(session: Session, who: Who, evidence: int, decision: Decision) -> None:
        workflow.review(session, by=who.account_id, evidence_id=evidence, decision=decision, reason="เหตุ", at=LATER)

    def withdraw(session: Session, who: Who, evidence: int) -> None:
        workflow.withdraw(session, by=who.account_id, evidence_id=evidence, at=LATER)

    def undo(session: Session, who: Who, evidence: int) -> None:
        review = session.exec(select(Review.id).where(Review.evidence_id == evidence)).first()
        workflow.undo_review(session, by=who.account_id, review_id=review or NOWHERE, at=LATER)

    def write(session: Session, who: Who, evidence: int) -> None:
        workflow.write_message(session, by=who.account_id, evidence_id=evidence, text="ถาม", at=LATER)

    for state in rules.EVIDENCE_STATES:  # of whatever became of it people may speak
        yield Act("workflow.write_message", state, "write a message", write, office.evidence[state],
                  known_by="read an item", records="message.write", rows={"message": 1})  # fmt: skip
    for (state, outcome), own in product(rules.EVIDENCE_STATES.items(), (False, True)):
        target = office.evidence[state]
        of = {"target": target, "outcome": outcome, "own": own, "known_by": "read an item",
              "ready": _theirs(target) if own else None}  # fmt: skip
        for decision in Decision:
            yield Act("workflow.review", f"{state}, {decision.value}", "review", partial(_swap, review, decision),
                      records=f"evidence.{decision.value}", rows={"review": 1}, **of)  # fmt: skip
        if state in {"accepted", "returned"} and not own:
            for decided in (False, True):  # `own` is here who decided
                yield Act("workflow.undo_review", state, "undo a review", undo, target, own=decided,
                          ready=_decided_by(target) if decided else None, known_by="read an item",
                          records="evidence.undo", rows={"undoing": 1})  # fmt: skip
        yield Act("workflow.withdraw", state, "withdraw", withdraw, records="evidence.withdraw",
                  rows={"withdrawal": 1}, **of)  # fmt: skip
    elsewhere = next(one for one, code in office.item_of.items() if code == ELSEWHERE)
    yield Act("workflow.review", "of another item", "review", partial(_swap, review, Decision.accepted), elsewhere,
              code=ELSEWHERE, known_by="read an item")  # fmt: skip


def _decided_by(evidence: int) -> Callable[[Session, Who], None]:
    def ready(session: Session, who: Who) -> None:
        session.exec(
            sa.update(Review).where(col(Review.evidence_id) == evidence).values(account_id=who.account_id, at=LATER)
        )

    return ready


def _swap(call: Callable[..., object], last: object, session: Session, who: Who, target: int) -> object:
    return call(session, who, target, last)


def _take_off(address: str, session: Session, who: Who, item: int) -> None:
    workflow.take_off(session, by=who.account_id, item_id=item, url=address, at=LATER)


def _on_items(office: Office) -> Iterator[Act]:
    def approve(session: Session, who: Who, item: int, code: str) -> None:
        workflow.approve(session, by=who.account_id, item_id=item, fingerprint=office.fingerprints[code], at=LATER)

    def undo(session: Session, who: Who, item: int) -> None:
        given = session.exec(select(Approval.id).where(Approval.item_id == item).order_by(col(Approval.id).desc()))
        workflow.undo_approval(session, by=who.account_id, approval_id=given.first() or NOWHERE, at=LATER)

    def send_back(session: Session, who: Who, item: int, code: str) -> None:
        workflow.send_back(session, by=who.account_id, item_id=item, fingerprint=office.fingerprints[code],
                           reason="เหตุ", at=LATER)  # fmt: skip

    def stands(session: Session, who: Who, item: int) -> None:
        sent = session.exec(select(SendBack.id).where(SendBack.item_id == item).order_by(col(SendBack.id).desc()))
        workflow.answer_that_it_stands(session, by=who.account_id, send_back_id=sent.first() or NOWHERE, note="เหตุ",
                                       at=LATER)  # fmt: skip

    def publish(session: Session, who: Who, item: int) -> None:
        workflow.publish(session, by=who.account_id, item_id=item, url="https://example.org/x", at=LATER)

    def file(session: Session, who: Who, item: int) -> None:
        workflow.record_filing(
            session, by=who.account_id, item_id=item, answer=True, url="https://example.org/x", at=LATER
        )

    def check(session: Session, who: Who, item: int, code: str) -> None:
        workflow.note_check(session, by=who.account_id, item_id=item, url=office.links.get(code, "https://example.org/"),
                            found=Found(LinkOutcome.reached, status=200), at=LATER)  # fmt: skip

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
        for own in (False, True) if stage in rules.UNDO_APPROVAL else ():  # `own` is here who approved it
            yield Act("workflow.undo_approval", stage, "undo an approval", undo, outcome=rules.UNDO_APPROVAL[stage],
                      own=own, ready=_approved_by(item) if own else None, records="item.undo", rows={"undoing": 1},
                      **of)  # fmt: skip
        yield Act("workflow.send_back", stage, "send back", partial(_swap, send_back, code), records="item.send_back",
                  outcome=rules.SEND_BACK[stage], rows={"sendback": 1}, **of)  # fmt: skip
        for own in (False, True) if rules.SEND_BACK[stage] == DOES else ():
            yield Act("workflow.answer_that_it_stands", stage, "answer a send back", stands, own=own,
                      ready=_sent_back(office, code, own=own), records="item.stands", rows={"sendbackanswer": 1},
                      **of)  # fmt: skip
        yield Act("workflow.publish", stage, "publish and file", publish, outcome=rules.PUBLISH[stage],
                  records="item.publish", rows={"publication": 1}, **of)  # fmt: skip
        yield Act("workflow.take_off", stage, "publish and file", partial(_take_off, office.links.get(code, "https://example.org/")),
                  outcome=rules.FILE[stage], records="item.withdraw", rows={"publication": 1}, **of)  # fmt: skip
        yield Act("workflow.record_filing", stage, "publish and file", file, outcome=rules.FILE[stage],
                  records="item.file", rows={"filing": 1}, **of)  # fmt: skip
        yield Act("workflow.note_check", stage, "publish and file", partial(_swap, check, code),
                  outcome=rules.CHECK[stage], records="link.check", rows={"linkcheck": 1}, **of)  # fmt: skip


def _all_theirs(item: int) -> Callable[[Session, Who], None]:
    def ready(session: Session, who: Who) -> None:
        session.exec(sa.update(Evidence).where(col(Evidence.item_id) == item).values(account_id=who.account_id))

    return ready


def _approved_by(item: int) -> Callable[[Session, Who], None]:
    def ready(session: Session, who: Who) -> None:
        given = {"account_id": who.account_id, "at": LATER}
        session.exec(sa.update(Approval).where(col(Approval.item_id) == item).values(**given))
        for later in (Publication, Filing):
            session.exec(sa.update(later).where(col(later.item_id) == item).values(at=LATER))

    return ready


def _sent_back(office: Office, code: str, *, own: bool) -> Callable[[Session, Who], None]:
    def ready(session: Session, who: Who) -> None:
        workflow.send_back(session, by=office.people["head"], item_id=office.items[code], reason="เหตุ", at=LATER,
                           fingerprint=office.fingerprints[code])  # fmt: skip
        if own:
            _all_theirs(office.items[code])(session, who)

    return ready


def _handing_in(office: Office) -> Iterator[Act]:
    kept, drawn = document(301, "ทดลอง.pdf"), picture(60_301)  # of the kinds that the items take

    def submit(session: Session, who: Who, item: int, given: tuple[str, workflow.Content | None]) -> None:
        code, content = given
        wanted = {"format": "pdf"} if code == MANY and content is None else {}
        content = content or workflow.Received(office.uploads.get(who.account_id, NOWHERE))
        workflow.submit(session, by=who.account_id, item_id=item, slots=slots(session, office, code, **wanted)[:1],
                        content=content, at=LATER)  # fmt: skip

    def others(session: Session, who: Who, item: int, _nothing: None) -> None:
        upload = workflow.Received(office.uploads[office.people["author"]])
        workflow.submit(session, by=who.account_id, item_id=item, slots=slots(session, office, MANY, format="pdf")[:1],
                        content=upload, at=LATER)  # fmt: skip

    def check(session: Session, who: Who, item: int) -> None:
        workflow.check_hand_in(session, by=who.account_id, item_id=item)

    def receive(session: Session, who: Who, item: int) -> None:
        file = kept if item == office.items[MANY] else drawn
        workflow.receive(session, by=who.account_id, item_id=item, file=file, key="second", at=LATER)

    def discard(session: Session, who: Who, upload: int) -> None:
        workflow.discard(session, by=who.account_id, upload_id=upload, at=LATER)

    def tick(session: Session, who: Who, upload: int) -> None:
        one = slots(session, office, MANY, format="pdf")[:1]
        workflow.tick(session, by=who.account_id, upload_id=upload, slots=one, note="x", at=LATER)

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

    of = {"code": MANY, "known_by": "read an item"}
    yield Act("workflow.tick", "waits", "hand in", tick, ready=own, records="upload.tick", **of)
    yield Act("workflow.tick", "handed in", "hand in", tick, ready=handed_in_already, outcome="AlreadyHandedIn", **of)
    yield Act("workflow.tick", "another's", "one's own", tick, office.uploads[office.people["author"]],
              known_by="one's own")  # fmt: skip
    yield Act("workflow.discard", "waits", "one's own", discard, own=True, ready=own, records="upload.discard",
              rows={"upload": -1})  # fmt: skip
    yield Act("workflow.discard", "handed in", "one's own", discard, own=True, ready=handed_in_already,
              outcome="AlreadyHandedIn")  # fmt: skip
    yield Act("workflow.discard", "another's", "one's own", discard, office.uploads[office.people["author"]],
              known_by="one's own")  # fmt: skip


def _on_people(office: Office) -> Iterator[Act]:
    """The parties are the plan's: everybody of the office knows that they exist."""
    chosen = [office.parties["spare"], office.parties["author"]]

    def confirm(session: Session, who: Who, party: int) -> None:
        workflow.confirm_name(session, by=who.account_id, party_id=party, rank="พ.ต.ท.", name="ชื่อใหม่", at=LATER)

    def members(session: Session, who: Who, group: int) -> None:
        workflow.set_members(session, by=who.account_id, group_id=group, at=LATER, officer_ids=chosen)

    def confirmed(session: Session) -> bool:
        party = _now(session, office).parties[office.parties["spare"]]
        names = session.exec(select(PersonName.name).where(PersonName.person_id == party.person_id)).all()
        return (party.rank, party.name, party.confirm, list(names)) == ("พ.ต.ท.", "ชื่อใหม่", False, ["ชื่อใหม่"])

    def are_members(team: str, session: Session) -> bool:
        return set(_now(session, office).parties[office.parties[team]].members) == set(chosen)

    revised = {"records": "plan.apply", "rows": {"revision": 1}}
    yield Act("workflow.confirm_name", "to confirm", "administer", confirm, office.parties["spare"], then=confirmed,
              **revised)  # fmt: skip
    for team in ("team-prepare", "everybody"):
        yield Act("workflow.set_members", team, "administer", members, office.parties[team],
                  then=partial(are_members, team), **revised)  # fmt: skip
    for wrong, call, target in (
        ("of a team", confirm, office.parties["everybody"]), ("of an officer", members, office.parties["spare"]),
        ("who was once", confirm, office.parties["had-duties"]),
    ):  # fmt: skip
        name = "confirm_name" if call is confirm else "set_members"
        yield Act(f"workflow.{name}", wrong, "administer", call, target, outcome="NotFound")


def _now(session: Session, office: Office) -> queries.PlanFacts:
    return queries.get_history(session, office.assessment_id).now


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
                  outcome=outcome, **opened)  # fmt: skip
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
        workflow.settle(session, by=who.account_id, directive_id=directive, what=what, note="เหตุ", at=LATER)

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

    def create(session: Session, who: Who, person: int) -> None:
        accounts.create_account(
            session, by=_account_of(session, who), name="ใหม่", office_id=office.id, role=Role.admin, person_id=person,
            now=LATER,
        )  # fmt: skip

    def role(session: Session, who: Who, account: int) -> None:
        accounts.change_role(session, by=_account_of(session, who), account_id=account, office_id=office.id,
                             role=Role.admin, keeps_itap=True, now=LATER)  # fmt: skip

    def is_admin(session: Session) -> bool:
        grants = session.exec(select(Grant).where(Grant.account_id == spare)).all()
        return [(one.office_id, one.role, one.keeps_itap) for one in grants] == [(office.id, Role.admin, True)]

    def on(function: Callable[..., object]) -> Callable[[Session, Who, int], object]:
        return lambda session, who, account: function(
            session, by=_account_of(session, who), account_id=account, now=LATER
        )

    people = {"rule": "administer", "known_by": "administer"}
    yield Act("accounts.create_account", "no account yet", call=create, target=office.persons["without"],
              records="account.create", rows={"account": 1, "officegrant": 1}, **people)  # fmt: skip
    yield Act("accounts.create_account", "has one", call=create, target=office.persons["spare"], outcome="HasAccount",
              **people)  # fmt: skip
    for name, target, word, rows, outcome in (
        ("invite", spare, "account.invite", {"invitation": 1}, DOES), ("invite", shut, "", {}, "NotFound"),
        ("disable", spare, "account.disable", {}, DOES), ("disable", chief, "account.disable", {}, DOES),
        ("enable", shut, "account.enable", {}, DOES), ("end_all_of", spare, "session.end_all", {}, DOES),
    ):  # fmt: skip
        state = {spare: "in use", shut: "disabled", chief: "an administrator"}[target]
        yield Act(f"accounts.{name}", state, call=on(getattr(accounts, name)), target=target, records=word, rows=rows,
                  outcome=outcome, **people)  # fmt: skip
    at_the_provider = on(partial(accounts.set_provider_name, name="somebody.there"))
    yield Act("accounts.set_provider_name", "in use", call=at_the_provider, target=spare,
              records="account.name_at_provider", **people)  # fmt: skip

    def has_address(session: Session, _who: Who) -> None:
        session.add(ChannelAddress(account_id=spare, channel=Channel.mail, value="a@b.th", salt="s", proved_at=LATER))
        session.flush()

    def end_address(session: Session, who: Who, account: int) -> None:
        accounts.end_address_of(
            session, by=_account_of(session, who), account_id=account, channel=Channel.mail, now=LATER
        )

    yield Act("accounts.end_address_of", "in use", call=end_address, target=spare, ready=has_address,
              records="address.end", **people)  # fmt: skip
    yield Act("accounts.change_role", "in use", call=role, target=spare, records="account.change_role",
              then=is_admin, **people)  # fmt: skip

    def language(session: Session, who: Who, _none: int) -> None:
        accounts.set_language(session, account=_account_of(session, who), language="en", now=LATER)

    def password(session: Session, who: Who, _none: int) -> None:
        account = _account_of(session, who)
        new = accounts.NewPassword("another hash")
        accounts.set_password(session, account=account, compared=_compared(account), new=new, now=LATER)

    def everywhere(session: Session, who: Who, _none: int) -> None:
        accounts.sign_out_everywhere(session, account=_account_of(session, who), now=LATER)

    for name, call, word in (
        ("set_language", language, "account.set_language"), ("set_password", password, "account.change_password"),
        ("sign_out_everywhere", everywhere, "session.end_all"),
    ):  # fmt: skip
        yield Act(f"accounts.{name}", "one's own", "one's own", call, own=True, records=word)


def _on_second_factors(office: Office) -> Iterator[Act]:
    """Who takes a lost one away, and demands one of roles; one's own is changed by whoever's password it is."""
    spare = office.people["spare"]

    def take_away(session: Session, who: Who, account: int) -> None:
        accounts.take_factor_away(session, by=_account_of(session, who), account_id=account, now=LATER)

    def has_factor(session: Session, _who: Who) -> None:
        factor = SecondFactor(account_id=spare, secret="x", key_name="x", created_at=BEGUN, last_step=1)
        session.add(factor)
        session.flush()

    def demanded(session: Session, _who: Who) -> None:
        session.add(FactorRule(office_id=office.id, role=Role.viewer, wanted=True, at=BEGUN))
        session.flush()

    def demand(session: Session, who: Who, of: int) -> None:
        by = _account_of(session, who)
        accounts.demand(session, by=by, office_id=of, roles=frozenset(), now=LATER)

    yield Act("accounts.take_factor_away", "has one", call=take_away, target=spare,
              ready=has_factor, records="account.take_factor", rows={"secondfactor": -1},
              rule="administer", known_by="administer")  # fmt: skip
    yield Act("accounts.demand", "no longer", "administer", call=demand, target=office.id, ready=demanded,
              records="office.demand_factor", rows={"factorrule": 1})  # fmt: skip

    def own_factor(session: Session, who: Who) -> None:
        session.add(SecondFactor(account_id=who.account_id, secret="x", key_name="x", created_at=BEGUN, last_step=1))
        session.flush()

    def compared_with(session: Session, who: Who) -> dict[str, object]:
        account = _account_of(session, who)
        shown = accounts.Shown(who.account_id, "x")
        return {"account": account, "compared": _compared(account), "shown": shown, "now": LATER}

    def without(session: Session, who: Who, _none: int) -> None:
        accounts.remove_factor(session, **compared_with(session, who))

    def renew(session: Session, who: Who, _none: int) -> None:
        accounts.renew_recovery(session, **compared_with(session, who))

    yield Act("accounts.remove_factor", "one's own", "one's own", without, own=True, ready=own_factor,
              records="account.remove_factor", rows={"secondfactor": -1})  # fmt: skip
    yield Act("accounts.renew_recovery", "one's own", "one's own", renew, own=True, ready=own_factor,
              records="account.renew_recovery", rows={"recoverycode": 10})  # fmt: skip


def _on_tokens(_office: Office) -> Iterator[Act]:
    def token(session: Session, who: Who, _none: int, compared: Compared) -> None:
        account = _account_of(session, who)
        accounts.make_token(session, account=account, compared=compared(account), name="n", days=90, now=LATER)

    def address(session: Session, who: Who, _none: int, compared: Compared) -> None:
        account = _account_of(session, who)
        accounts.make_calendar_address(session, account=account, compared=compared(account), now=LATER)

    def another(account: Account) -> accounts.Credential:
        return accounts.Credential(account.id, "of before")

    for name, call, word in (("make_token", token, "read"), ("make_calendar_address", address, "calendar")):
        of = {"own": True, "records": f"token.make_{word}", "rows": {"accesstoken": 1}}
        yield Act(f"accounts.{name}", "one's own", "one's own", partial(_swap, call, _compared), **of)
        yield Act(f"accounts.{name}", "one's own, another password by now", "one's own", partial(_swap, call, another),
                  outcome="WrongPassword", **of)  # fmt: skip


def _compared(account: Account) -> accounts.Credential:
    """That the account's own password has just been typed."""
    return accounts.Credential(account.id, account.password_hash or "")


def _account_of(session: Session, who: Who) -> Account:
    visitor = Visitor(who.account_id, who.person_id, who.name, "th", "x", who.role is Role.admin)
    return accounts.account_of(session, visitor)


def _on_plans(office: Office) -> Iterator[Act]:
    """The plan is known to everybody of the office."""
    with db.reading() as session:
        now, other = (_now(session, one) for one in (office, office.neighbour))
    changed = now.plan.model_copy(update={"about": "อย่างอื่น"})

    def put(session: Session, who: Who, assessment: int, given: tuple[queries.PlanFacts, Plan, int]) -> None:
        of, plan, behind = given
        workflow.put_in_force(
            session, of.framework, plan, by=who.account_id, assessment_id=assessment, note="?", at=LATER,
            seen=now.revision.number - behind,
        )  # fmt: skip

    def back(session: Session, who: Who, assessment: int, number: int) -> None:
        workflow.go_back(session, by=who.account_id, assessment_id=assessment, number=number, note="?", at=LATER)

    def confirm(session: Session, who: Who, assessment: int, named: str) -> None:
        workflow.confirm_items(
            session, by=who.account_id, assessment_id=assessment, codes=[MANY], source=named, at=LATER
        )

    def assumed(session: Session, _who: Who) -> None:
        def change(content: Content) -> None:
            content["plan"]["assumed"] = {"source": now.framework.code, "items": [MANY, ELSEWHERE]}

        revise(session, office.assessment_id, change, at=LATER)

    def confirmed(session: Session) -> bool:
        left = _now(session, office).plan.assumed
        return left is not None and left.items == (ELSEWHERE,)

    revised = {"target": office.assessment_id, "records": "plan.apply", "rows": {"revision": 1}}
    for state, given, outcome in (
        ("another", (now, changed, 0), DOES), ("the same", (now, now.plan, 0), "NothingChanges"),
        ("one that was seen beside another", (now, changed, 1), "PlanMoved"),
        ("another office's", (other, other.plan, 0), "NotFound"),
    ):  # fmt: skip
        yield Act("workflow.put_in_force", state, "plan", partial(_swap, put, given), outcome=outcome, **revised)
    for number, outcome in ((1, DOES), (now.revision.number, "NothingChanges"), (NOWHERE, "NotFound")):
        yield Act("workflow.go_back", f"to {number}", "plan", partial(_swap, back, number), outcome=outcome, **revised)
    for state, named, ready, outcome in (
        ("assumed", "คู่มือ", assumed, DOES), ("assumed, without a source", "", assumed, "ReasonMissing"),
        ("not assumed", "คู่มือ", None, "NotFound"),
    ):  # fmt: skip
        yield Act("workflow.confirm_items", state, "plan", partial(_swap, confirm, named), outcome=outcome,
                  ready=ready, then=confirmed, **revised)  # fmt: skip


def _on_drafts(office: Office) -> Iterator[Act]:
    """What is being changed: one draft, that of the head of the office."""

    def change(content: Content) -> None:
        content["plan"]["about"] = "อย่างอื่น"

    def edit(session: Session, who: Who, assessment: int, take_over: bool) -> None:
        workflow.edit(session, change, by=who.account_id, assessment_id=assessment, take_over=take_over, at=LATER)

    def discard(session: Session, who: Who, assessment: int) -> None:
        workflow.discard_draft(session, by=who.account_id, assessment_id=assessment, at=LATER)

    def put(session: Session, who: Who, assessment: int, seen: int) -> None:
        workflow.put_draft_in_force(session, by=who.account_id, assessment_id=assessment, seen=seen, note="?", at=LATER)

    def none(session: Session, _who: Who) -> None:
        session.exec(sa.delete(Draft).where(col(Draft.assessment_id) == office.assessment_id))

    def own(session: Session, who: Who) -> None:
        mine = sa.update(Draft).where(col(Draft.assessment_id) == office.assessment_id)
        session.exec(mine.values(account_id=who.account_id))

    with db.reading() as session:
        seen = _now(session, office).revision.number
    of = {"target": office.assessment_id}
    for state, ready, take_over, outcome, rows in (
        ("none", none, False, DOES, {"draft": 1}), ("one's own", own, False, DOES, {}),
        ("another's", None, False, "DraftOfAnother", {}), ("another's, taken over", None, True, DOES, {}),
    ):  # fmt: skip
        yield Act("workflow.edit", state, "plan", partial(_swap, edit, take_over), outcome=outcome, ready=ready,
                  records="plan.edit", rows=rows, **of)  # fmt: skip
    for state, ready, outcome in (("another's", None, DOES), ("none", none, "NotFound")):
        yield Act("workflow.discard_draft", state, "plan", discard, outcome=outcome, ready=ready,
                  records="plan.discard", rows={"draft": -1}, **of)  # fmt: skip
    for state, ready, before, outcome in (
        ("one's own", own, 0, DOES), ("none", none, 0, "NotFound"), ("seen beside another", own, 1, "PlanMoved"),
    ):  # fmt: skip
        yield Act("workflow.put_draft_in_force", state, "plan", partial(_swap, put, seen - before), outcome=outcome,
                  ready=ready, records="plan.apply", rows={"draft": -1, "revision": 1}, **of)  # fmt: skip


def _on_leaving(office: Office) -> Iterator[Act]:
    """Who leaves hands over: duties, open directives, the account."""

    def leave(session: Session, who: Who, party: int, given: tuple[int | None, date]) -> None:
        to, day = given
        workflow.leave(session, by=who.account_id, party_id=party, to_id=to, day=day, note="?", at=LATER)

    def left(name: str, session: Session) -> bool:
        person, key = session.get_one(Person, office.persons[name]), office.parties[name]
        accounts_of = session.exec(select(Account).where(Account.person_id == person.id)).all()
        there = _now(session, office).parties
        return key not in there and person.until == today and all(one.disabled for one in accounts_of)

    today, parties = LATER.date(), office.parties
    open_ones = sum(state in {"open", "reported"} for state, _to_all in office.directives)
    acts, shut = {"auditentry": 2, "revision": 1}, {"auditentry": 3, "revision": 1}  # the plan, the person; the account
    handed = shut | {"auditentry": 3 + open_ones, "assignment": open_ones}
    for name, to, records, rows in (
        ("without", None, "person.leave", acts), ("spare", "head", "account.disable", shut),
        ("author", "judge", "account.disable", handed),
    ):  # fmt: skip
        yield Act("workflow.leave", f"{name}, to {to}", "administer", records=records, rows=rows,
                  call=partial(_swap, leave, (parties.get(to or ""), today)), target=parties[name],
                  then=partial(left, name))  # fmt: skip
    for state, target, to, day, outcome in (
        ("in the future", parties["spare"], None, today + timedelta(days=1), "NotInTheFuture"),
        ("a team", parties["everybody"], None, today, "NotFound"),
        ("to a team", parties["spare"], parties["everybody"], today, "NotFound"),
        ("to another office's", parties["spare"], office.neighbour.parties["author"], today, "NotFound"),
    ):  # fmt: skip
        yield Act("workflow.leave", state, "administer", partial(_swap, leave, (to, day)), target, outcome=outcome)


def _on_years(office: Office) -> Iterator[Act]:
    """So is whether its year is closed."""

    def start(session: Session, who: Who, assessment: int, year: int) -> None:
        workflow.start_year(session, by=who.account_id, source_id=assessment, year=year, at=LATER)

    def begun(session: Session, _who: Who) -> None:
        workflow.start_year(session, by=None, source_id=office.assessment_id, year=2569, at=LATER)

    def close(session: Session, who: Who, assessment: int) -> None:
        workflow.close_year(session, by=who.account_id, assessment_id=assessment, at=LATER)

    def reopen(session: Session, who: Who, assessment: int, item: int | None) -> None:
        workflow.reopen(session, by=who.account_id, assessment_id=assessment, item_id=item, reason="เหตุ", at=LATER)

    with db.reading() as session:
        now = _now(session, office)
    made = {"assessment": 1, "revision": 1, "item": len(now.items), "party": len(now.parties),
            "requirement": sum(len(item.requirements) for item in now.items)}  # fmt: skip
    of_year = {"target": office.assessment_id, "records": "plan.apply", "rows": made}
    for year, ready, outcome in ((2569, None, DOES), (2569, begun, "YearBegun"), (2568, None, "NotLater")):
        yield Act("workflow.start_year", f"{year}{', begun' if ready else ''}", "plan", partial(_swap, start, year),
                  outcome=outcome, ready=ready, **of_year)  # fmt: skip

    def baseline(session: Session, who: Who, assessment: int, number: int) -> None:
        workflow.name_baseline(session, by=who.account_id, assessment_id=assessment, number=number, at=LATER)

    for number, outcome in ((2, DOES), (1, NOTHING), (99, "NotFound")):
        yield Act("workflow.name_baseline", f"revision {number}", "close a year", partial(_swap, baseline, number),
                  office.assessment_id, outcome=outcome, records="plan.baseline")  # fmt: skip
    event = {"target": office.assessment_id, "rows": {"yearevent": 1}}
    shut = {"ready": partial(_close, office), "closed": True}
    yield Act("workflow.close_year", "open", "close a year", close, records="year.closed", **event)
    yield Act("workflow.close_year", "closed", "close a year", close, outcome=NOTHING, **shut, **event)
    for state, item, outcome in (
        ("all", None, DOES), ("an item", office.items[MANY], DOES), ("an item of nowhere", NOWHERE, "NotFound"),
        ("another office's item", office.neighbour.items[MANY], "NotFound"),
    ):  # fmt: skip
        yield Act("workflow.reopen", state, "close a year", partial(_swap, reopen, item), outcome=outcome,
                  records="year.reopened", **shut, **event)  # fmt: skip
    yield Act("workflow.reopen", "open", "close a year", partial(_swap, reopen, None), outcome=NOTHING, **event)


def _on_scores(office: Office) -> Iterator[Act]:
    """Results are announced to everybody; they are entered by whoever may plan, also when the year is closed."""

    def announce(session: Session, who: Who, assessment: int, entry: ScoreEntry) -> None:
        workflow.announce_scores(session, by=who.account_id, assessment_id=assessment, entries=[entry], at=LATER)

    new, known = ScoreEntry(2568, "OIT", None, "", 98.0, "ประกาศ"), ScoreEntry(2567, "IIT", None, "", 93.45, "แผน")
    wrong = ScoreEntry(2568, "OIT", None, "", 101.0)
    of = {"target": office.assessment_id, "records": "score.announce", "rows": {"announcedscore": 1}}
    for state, entry, outcome in (
        ("new", new, DOES),
        ("as it stands", known, NOTHING),
        ("over 100", wrong, "PlanFaults"),
    ):
        yield Act("workflow.announce_scores", state, "plan", partial(_swap, announce, entry), outcome=outcome, **of)
    yield Act("workflow.announce_scores", "closed year", "plan", partial(_swap, announce, new), closed=True,
              ready=partial(_close, office), **of)  # fmt: skip

    def estimate(session: Session, who: Who, assessment: int, instrument: str) -> None:
        workflow.estimate_score(session, by=who.account_id, assessment_id=assessment, instrument=instrument,
                                points=96.0, note="เหตุ", at=LATER)  # fmt: skip

    expects = {"target": office.assessment_id, "records": "score.estimate", "rows": {"announcedscore": 1}}
    for instrument, outcome in (("IIT", DOES), ("EIT", NOTHING), ("OIT", "NoEstimate")):  # EIT's stands already
        act = partial(_swap, estimate, instrument)
        yield Act("workflow.estimate_score", f"of {instrument}", "direct", act, outcome=outcome, **expects)

    def retract(session: Session, who: Who, assessment: int, entry: ScoreEntry) -> None:
        workflow.retract_score(session, by=who.account_id, assessment_id=assessment, entry=entry, why="เหตุ", at=LATER)

    gone = {"target": office.assessment_id, "records": "score.retract", "rows": {"announcedscore": 1}}
    for state, entry, outcome in (("recorded", SCORE, DOES), ("of the plan", known, "ScoreChanged")):
        yield Act("workflow.retract_score", state, "plan", partial(_swap, retract, entry), outcome=outcome, **gone)
    yield Act("workflow.retract_score", "closed year", "plan", partial(_swap, retract, SCORE), closed=True,
              ready=partial(_close, office), **gone)  # fmt: skip
    yield from _on_reports(office)


def _on_reports(office: Office) -> Iterator[Act]:
    """What one press recorded, also from a file that waited; a file is its sender's."""
    report = SCORE_FILE

    def retract(session: Session, who: Who, assessment: int, entries: list[ScoreEntry]) -> None:
        workflow.retract_report(session, by=who.account_id, assessment_id=assessment, entries=entries, why="เหตุ",
                                at=LATER)  # fmt: skip

    def announced(session: Session, _who: Who) -> None:
        workflow.announce_scores(session, by=None, assessment_id=office.assessment_id, entries=report, at=LATER)

    gone = {"target": office.assessment_id, "records": "score.retract", "rows": {"announcedscore": 2}}
    for state, entries, outcome in (("whole", report, DOES), ("a part", report[:1], "ReportChanged")):
        yield Act("workflow.retract_report", state, "plan", partial(_swap, retract, entries), outcome=outcome,
                  ready=announced, **gone)  # fmt: skip

    def keep(session: Session, who: Who, assessment: int) -> None:
        workflow.keep_score_file(session, by=who.account_id, assessment_id=assessment, file_name="ก.csv",
                                 sha256="0" * 64, entries=report, at=LATER)  # fmt: skip

    def record(session: Session, who: Who, assessment: int) -> None:
        workflow.record_score_file(session, by=who.account_id, assessment_id=assessment, shown=shown, at=LATER)

    def discard(session: Session, who: Who, assessment: int) -> None:
        workflow.discard_score_file(session, by=who.account_id, assessment_id=assessment, at=LATER)

    def none(session: Session, _who: Who) -> None:
        session.exec(sa.delete(ScoreFile).where(col(ScoreFile.assessment_id) == office.assessment_id))

    def own(session: Session, who: Who) -> None:
        theirs = sa.update(ScoreFile).where(col(ScoreFile.assessment_id) == office.assessment_id)
        session.exec(theirs.values(account_id=who.account_id, file_name=shown.file_name))

    shown = queries.ScoreFileFacts("ก.csv", "0" * 64, beside(SCORE_FILE, ()))
    of = {"target": office.assessment_id}
    for state, ready, rows in (("the first", none, {"scorefile": 1}), ("another", own, {})):
        yield Act("workflow.keep_score_file", state, "plan", keep, ready=ready, records="score.read", rows=rows, **of)
    for state, whose, outcome in (("one's own", own, DOES), ("none", none, "NotFound")):
        yield Act("workflow.record_score_file", state, "plan", record, outcome=outcome, ready=whose,
                  records="score.announce", rows={"announcedscore": 2, "scorefile": -1}, **of)  # fmt: skip
        yield Act("workflow.discard_score_file", state, "plan", discard, outcome=outcome, ready=whose,
                  records="score.discard", rows={"scorefile": -1}, **of)  # fmt: skip


def _on_campaigns(office: Office) -> Iterator[Act]:
    """What is known of a survey, and how many have answered, is seen by everybody of the office."""

    def record(session: Session, who: Who, assessment: int, what: tuple[Survey, Terms]) -> None:
        survey, terms = what
        workflow.set_campaign(
            session, by=who.account_id, assessment_id=assessment, survey=survey, terms=terms, at=LATER
        )

    def count(session: Session, who: Who, assessment: int, what: tuple[Survey, int]) -> None:
        survey, number = what
        counts = {known.lines[0]: number}
        workflow.count_responses(session, by=who.account_id, assessment_id=assessment, survey=survey, day=COUNTED,
                                 counts=counts, at=LATER)  # fmt: skip

    known = office.campaign
    assert known is not None
    of = {"target": office.assessment_id, "records": "campaign.set", "rows": {"campaign": 1}}
    for state, survey, terms, outcome in (
        ("the first", Survey.eit_public, known, DOES),
        ("another", Survey.iit, replace(known, minimum=41), DOES),
        ("as it stands", Survey.iit, known, NOTHING),
        ("closes before it opens", Survey.iit, replace(known, closes=date(2024, 12, 31)), "ClosesBefore"),
    ):
        yield Act("workflow.set_campaign", state, "keep campaigns", partial(_swap, record, (survey, terms)),
                  outcome=outcome, **of)  # fmt: skip
    of |= {"records": "campaign.count", "rows": {"responsecount": 1}}
    for state, survey, number, outcome in (
        ("another number", Survey.iit, 4, DOES),
        ("as it stands", Survey.iit, 3, NOTHING),
        ("more than all", Survey.iit, 61, "MoreThanAll"),
        ("nothing known", Survey.eit_public, 4, "NoCampaign"),
    ):
        yield Act("workflow.count_responses", state, "keep campaigns", partial(_swap, count, (survey, number)),
                  outcome=outcome, **of)  # fmt: skip


def _on_steps(office: Office) -> Iterator[Act]:
    """How the calendar stands is seen by everybody of the office, too."""
    with db.reading() as session:
        listed = queries.list_steps(session, office.facts(session), DAY)
    titles = {one.step.position: one.step.title for one in listed}

    def of(step: int) -> dict[str, object]:
        return {"step": step, "title": titles[step], "at": LATER}

    def tick(session: Session, who: Who, assessment: int, step: int) -> None:
        workflow.tick_step(session, by=who.account_id, assessment_id=assessment, day=LATER.date(), **of(step))

    def untick(session: Session, who: Who, assessment: int, step: int) -> None:
        workflow.untick_step(session, by=who.account_id, assessment_id=assessment, **of(step))

    def ticked(session: Session, _who: Who) -> None:
        of_office = {"by": office.people["head"], "assessment_id": office.assessment_id}
        workflow.tick_step(session, day=LATER.date(), **of_office, **of(THEIR_STEP))

    for name, call, outcomes in (
        ("tick", tick, {"open": DOES, "done": "StepDone"}), ("untick", untick, {"open": "NotTicked", "done": DOES})
    ):  # fmt: skip
        act = {"rows": {"steptick": 1}, "records": f"step.{name}", "target": office.assessment_id}
        for state, outcome in outcomes.items():
            yield Act(f"workflow.{name}_step", state, "tick a step", partial(_swap, call, THEIR_STEP), given=True,
                      ready=ticked if state == "done" else None, outcome=outcome, **act)  # fmt: skip
    yield Act("workflow.tick_step", "others'", "tick a step", partial(_swap, tick, THEIR_STEP - 1),
              rows={"steptick": 1}, records="step.tick", target=office.assessment_id)  # fmt: skip


def _on_clarifications(office: Office) -> Iterator[Act]:
    """The assessor's points are everybody's of the office; what is said of an item, of who may read the item."""

    def record(session: Session, who: Who, assessment: int, points: Mapping[str, float]) -> None:
        workflow.record_verdict(session, by=who.account_id, assessment_id=assessment, points=points, source="ITAP",
                                at=LATER)  # fmt: skip

    verdict = {"target": office.assessment_id, "records": "score.announce", "rows": {"announcedscore": 1}}
    for state, points, outcome in (("other", {MANY: 60.0}, DOES), ("as it stands", {MANY: 50.0}, NOTHING),
                                   ("none", {}, "NoScore"), ("over 100", {MANY: 101.0}, "PlanFaults")):  # fmt: skip
        yield Act("workflow.record_verdict", state, "record a verdict", partial(_swap, record, points),
                  outcome=outcome, **verdict)  # fmt: skip
    yield Act("workflow.record_verdict", "closed year", "record a verdict", partial(_swap, record, {MANY: 60.0}),
              closed=True, ready=partial(_close, office), **verdict)  # fmt: skip

    def write(session: Session, who: Who, item: int, what: tuple[str, int]) -> None:
        text, seen = what
        workflow.clarify(session, by=who.account_id, item_id=item, text=text, propose=True, seen=seen, at=LATER)

    def give_up(session: Session, who: Who, item: int) -> None:
        workflow.give_up_clarification(session, by=who.account_id, item_id=item, why="เหตุ", seen=1, at=LATER)

    def decide(session: Session, who: Who, version: int, approve: bool) -> None:
        workflow.decide_clarification(session, by=who.account_id, clarification_id=version, approve=approve,
                                      reason="เหตุ", at=LATER)  # fmt: skip

    def answer(session: Session, who: Who, version: int) -> None:
        workflow.record_result(session, by=who.account_id, clarification_id=version, points=50.0,
                               outcome=ClarificationOutcome.refused, at=LATER)  # fmt: skip

    def approved(session: Session, _who: Who) -> None:
        decide(session, replace(NOBODY, account_id=office.people["head"]), office.clarification, approve=True)

    def theirs(session: Session, who: Who) -> None:
        of = col(Clarification.id) == office.clarification
        session.exec(sa.update(Clarification).where(of).values(account_id=who.account_id))

    of = {"target": office.items[MANY], "code": MANY, "known_by": "read an item", "records": "clarification.write",
          "rows": {"clarification": 1}}  # fmt: skip
    for state, what, outcome in (("anew", ("ใหม่", 1), DOES), ("changed meanwhile", ("ใหม่", 0), "ClarificationChanged")):
        yield Act("workflow.clarify", state, "clarify", partial(_swap, write, what), outcome=outcome, **of)
    yield Act("workflow.clarify", "without points", "clarify", partial(_swap, write, ("ใหม่", 0)),
              outcome="NotDisputed", **(of | {"target": office.items["O7"], "code": "O7"}))  # fmt: skip
    yield Act("workflow.give_up_clarification", "proposed", "clarify", give_up, **of)
    of |= {"target": office.clarification, "records": "clarification.decide", "rows": {"clarificationdecision": 1}}
    for approve, own in product((True, False), (False, True)):
        yield Act("workflow.decide_clarification", "approve" if approve else "send back", "decide on a clarification",
                  partial(_swap, partial(decide), approve), own=own, ready=theirs if own else None, **of)  # fmt: skip
    of |= {"records": "clarification.answer", "rows": {"clarificationresult": 1}}
    yield Act("workflow.record_result", "approved", "publish and file", answer, ready=approved, **of)
    yield Act("workflow.record_result", "proposed", "publish and file", answer, outcome="NotApprovedYet", **of)


def _on_stakeholders(office: Office) -> Iterator[Act]:
    """That there is a list is known to everybody of the office; who is on it to whoever keeps it, once it is noted."""

    def keep(session: Session, who: Who, assessment: int) -> None:
        people = [{"name": "ก", "organisation": "", "kind": "อื่น ๆ", "phone": "020000002", "email": ""}]
        workflow.import_stakeholders(session, people, load_form(), by=who.account_id, assessment_id=assessment,
                                     keep_days=KEEP_DAYS, at=LATER)  # fmt: skip

    def read(session: Session, who: Who, assessment: int, of: tuple[Callable[..., object], datetime]) -> None:
        how, at = of
        how(session, by=who.account_id, assessment_id=assessment, keep_days=KEEP_DAYS, at=at)

    def delete(session: Session, who: Who, assessment: int, list_id: int) -> None:
        workflow.delete_stakeholders(session, by=who.account_id, assessment_id=assessment, list_id=list_id, at=LATER)

    def gone(session: Session, _who: Who) -> None:
        workflow.delete_stakeholders(session, by=office.people["head"], assessment_id=office.assessment_id,
                                     list_id=office.stakeholders, at=LATER)  # fmt: skip

    rule, of, after = "keep stakeholders", {"target": office.assessment_id}, datetime(2025, 7, 31, tzinfo=UTC)
    yield Act("workflow.import_stakeholders", "in the other's place", rule, keep, records="stakeholders.import",
              rows={"auditentry": 2, "stakeholderlist": 1, "stakeholderdeletion": 1}, **of)  # fmt: skip
    for how, records in (
        (workflow.open_stakeholders, "stakeholders.open"), (workflow.export_stakeholders, "stakeholders.export")
    ):  # fmt: skip
        name = f"workflow.{how.__name__}"
        yield Act(name, "there", rule, partial(_swap, read, (how, LATER)), records=records, **of)
        yield Act(name, "its day is over", rule, partial(_swap, read, (how, after)), outcome="ListOver", **of)
        yield Act(name, "deleted", rule, partial(_swap, read, (how, LATER)), outcome="ListGone", ready=gone, **of)
    rows = {"stakeholderpeople": -1, "stakeholderdeletion": 1}
    for state, list_id, outcome, ready in (
        ("there", office.stakeholders, DOES, None), ("deleted", office.stakeholders, NOTHING, gone),
        ("another list", office.neighbour.stakeholders, "ListChanged", None),
    ):  # fmt: skip
        yield Act("workflow.delete_stakeholders", state, rule, partial(_swap, delete, list_id), outcome=outcome,
                  records="stakeholders.delete", rows=rows, ready=ready, **of)  # fmt: skip


def _on_offices(office: Office) -> Iterator[Act]:
    """So is which offices there are to whoever may begin one."""

    def begin(session: Session, who: Who, assessment: int, code: str) -> None:
        workflow.start_office(
            session, by=who.account_id, source_id=assessment, code=code, name="อีกหน่วยงาน", short="อีก", at=LATER
        )

    def below(session: Session, who: Who) -> None:
        given = select(Grant).where(Grant.account_id == who.account_id, Grant.office_id == office.id)
        for grant in session.exec(given):
            grant.below = True

    with db.reading() as session:
        now, code = _now(session, office), office.facts(session).office_code
    parties = [one for one in now.parties.values() if one.kind is not PartyKind.officer]
    made = {"office": 1, "assessment": 1, "revision": 1, "item": len(now.items), "party": len(parties),
            "requirement": sum(len(item.requirements) for item in now.items)}  # fmt: skip
    target = office.assessment_id
    yield Act("workflow.start_office", "below", "administer", partial(_swap, begin, "one-more"), target, ready=below,
              records="plan.apply", rows=made)  # fmt: skip
    for state, wanted, ready, outcome in (
        ("known", code, below, "OfficeKnown"), ("role here only", "one-more", None, "OnlyInOneOffice"),
    ):  # fmt: skip
        yield Act("workflow.start_office", state, "administer", partial(_swap, begin, wanted), target, ready=ready,
                  outcome=outcome)  # fmt: skip


def _close(office: Office, session: Session, _who: Who) -> None:
    workflow.close_year(session, by=None, assessment_id=office.assessment_id, at=LATER)


# What a closed year does not keep anybody from.
IN_A_CLOSED_YEAR = {
    "workflow.start_office",
    "workflow.close_year",
    "workflow.reopen",
    "workflow.start_year",
    "workflow.discard",
    "workflow.record_verdict",
    "workflow.open_stakeholders",  # it is there for some days more
    "workflow.export_stakeholders",
    "workflow.delete_stakeholders",
}


def _in_a_closed_year(office: Office) -> Iterator[Act]:
    """Whatever is done to a plan or its records is refused there, but on an item that was opened again."""

    def ready(session: Session, who: Who, before: Callable[[Session, Who], int | None] | None) -> int | None:
        target = before(session, who) if before else None
        _close(office, session, who)
        return target

    def reopened(session: Session, who: Who, before: Callable[[Session, Who], int | None] | None) -> int | None:
        target = ready(session, who, before)
        workflow.reopen(session, by=None, assessment_id=office.assessment_id, item_id=office.items[MANY],
                        reason="เหตุ", at=LATER)  # fmt: skip
        return target

    every = (_on_evidence, _on_items, _handing_in, _on_people, _in_meetings, _on_directives, _on_plans, _on_drafts,
             _on_leaving, _on_campaigns, _on_steps, _on_clarifications, _on_stakeholders)  # fmt: skip
    for act in chain.from_iterable(acts_of(office) for acts_of in every):
        if act.outcome not in {DOES, NOTHING} or act.use_case in IN_A_CLOSED_YEAR:
            continue
        closed = replace(act, state=f"{act.state}, closed year", closed=True)
        yield replace(closed, outcome=rules.CLOSED, ready=partial(ready, before=act.ready))
        if act.code == MANY and act.rule in {"hand in", "withdraw", "review", "write a message"}:
            yield replace(closed, state=f"{act.state}, opened again", ready=partial(reopened, before=act.ready))


def _with_the_neighbours(office: Office) -> Iterator[Act]:
    """In one's own office with what is of the other: to whoever may, as if it did not exist."""
    other = office.neighbour
    theirs = {"known_by": "another office's", "outcome": "NotFound"}

    def direct(session: Session, who: Who, target: int, what: str) -> None:
        given: dict[str, object] = {"party_ids": [office.parties["spare"]]}
        given |= {what: [target] if what == "party_ids" else target}
        workflow.direct(session, by=who.account_id, assessment_id=office.assessment_id, text="สั่ง", due=LATER.date(),
                        at=LATER, **given)  # fmt: skip

    for what, target in (
        ("item_id", other.items[MANY]), ("party_ids", other.parties["spare"]), ("meeting_id", other.meetings["over"])
    ):  # fmt: skip
        state = f"with another office's {what}"
        yield Act("workflow.direct", state, "direct", partial(_swap, direct, what), target, **theirs)

    def open_(session: Session, who: Who, officer: int) -> None:
        workflow.open_meeting(session, by=who.account_id, assessment_id=office.assessment_id, officer_ids=[officer],
                              at=LATER)  # fmt: skip

    def attend(session: Session, who: Who, officer: int) -> None:
        workflow.attend(session, by=who.account_id, meeting_id=office.meetings["going on"], officer_ids=[officer],
                        at=LATER)  # fmt: skip

    def members(session: Session, who: Who, officer: int) -> None:
        workflow.set_members(session, by=who.account_id, group_id=office.parties["everybody"], officer_ids=[officer],
                             at=LATER)  # fmt: skip

    for name, rule, call in (
        ("open_meeting", "direct", open_), ("attend", "direct", attend), ("set_members", "administer", members)
    ):  # fmt: skip
        yield Act(f"workflow.{name}", "another office's officer", rule, call, other.parties["spare"], **theirs)

    def received(session: Session, who: Who, upload: int) -> None:
        workflow.submit(session, by=who.account_id, item_id=office.items[MANY], content=workflow.Received(upload),
                        slots=slots(session, office, MANY, format="pdf")[:1], at=LATER)  # fmt: skip

    def covering(session: Session, who: Who, requirement: int) -> None:
        workflow.submit(session, by=who.account_id, item_id=office.items[MANY], content=workflow.Nil(), at=LATER,
                        slots=[slot._replace(requirement_id=requirement) for slot in wanted])  # fmt: skip

    with db.reading() as session:
        wanted: list[SlotKey] = slots(session, other, MANY)[:1]
    upload = other.uploads[other.people["author"]]
    yield Act("workflow.submit", "what another office sent", "hand in", received, upload, **theirs)
    yield Act("workflow.submit", "another office's slot", "hand in", covering, wanted[0].requirement_id,
              **theirs | {"outcome": "UnknownSlot"})  # fmt: skip

    def create(session: Session, who: Who, person: int) -> None:
        accounts.create_account(session, by=_account_of(session, who), name="ใหม่", office_id=office.id,
                                role=Role.officer, person_id=person, now=LATER)  # fmt: skip

    def role(session: Session, who: Who, account: int) -> None:
        accounts.change_role(session, by=_account_of(session, who), account_id=account, office_id=office.id,
                             role=Role.viewer, now=LATER)  # fmt: skip

    for person in ("without", "spare"):
        yield Act("accounts.create_account", f"another office's: {person}", "administer", create, other.persons[person],
                  **theirs | {"outcome": "NotAnOfficer"})  # fmt: skip
    yield Act("accounts.change_role", "another office's account", "administer", role, other.people["spare"], **theirs)


# --- trying ----------------------------------------------------------------------------------------------------------


def tried(office: Office, *, share: float = 1.0, seed: int = 1) -> Result:
    """Every act by everybody, or a seeded share of them: in both offices, by people of it and of the neighbour."""
    chance, result = random.Random(seed), Result()
    engine = db.engine().execution_options(ita_writes=True)
    with engine.connect() as connection:
        for of, act in chain.from_iterable(product([one], acts(one)) for one in (office, office.neighbour)):
            for who in [*(of.strangers if act.closed else of.actors), NOBODY, *_strangers(of, act)]:
                if share < 1 and chance.random() >= share:
                    continue
                fault = _try(connection, of, act, who, result)
                result.tried["workflow"] += 1
                if fault:
                    kind = result.wrongly_refused if fault.startswith("refused") else result.leaks
                    kind.append(f"{act.name()} in {of.code} by {who.name} of {who.office or 'nowhere'}: {fault}")
    return result


def _strangers(office: Office, act: Act) -> list[Who]:
    """Whose own it is wherever they are is no stranger to it."""
    return [] if act.rule == "one's own" and act.own else office.neighbour.strangers


def _try(connection: sa.Connection, office: Office, act: Act, who: Who, result: Result) -> str:
    """What went otherwise than the rules say; "" if nothing."""
    given = act.given and who.is_planned
    right = office.may(who, act.rule, act.code, own=act.own, given=given)
    knows = not act.known_by or office.may(who, act.known_by, act.code, own=act.own, given=given)
    knows = knows and who.office in {office.code, ""}  # nobody is refused before anything is looked up
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
        return _told(connection, office, act, who, refused, right=right, knows=knows)
    finally:
        transaction.rollback()


def _told(
    connection: sa.Connection, office: Office, act: Act, who: Who, refused: Refused, *, right: bool, knows: bool
) -> str:
    """What somebody was told that they should not be."""
    name = type(refused).__name__
    if right and name != act.outcome:
        return f"told {name} instead of {act.outcome}"
    closed = act.closed and name == rules.CLOSED and who.office == office.code
    if not right and name not in NO_RIGHT and not closed:
        return f"told of the state: {name}: {refused}"
    if not knows:
        nothing = _call(connection, act, who, NOWHERE)
        if repr((type(nothing), str(nothing))) != repr((type(refused), str(refused))):
            return f"told {name} of what exists, {type(nothing).__name__} of what does not"
    return ""


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
        if not act.then(session):
            return "is not so afterwards"
    return ""


# --- reading ---------------------------------------------------------------------------------------------------------

Read = Callable[[Session, Office, access.Actor], object]
OfOffice = Callable[[Session, Office], object]

# Every read that asks who reads; a new one must be added here.
READS: dict[str, Read] = {
    "get_actor": lambda s, o, who: queries.get_actor(s, who.account_id, o.assessment_id),
    "get_actor_on": lambda s, o, who: [queries.get_actor_on(s, who.account_id, item) for item in o.items.values()],
    "get_item_detail": lambda s, o, who: [
        _or_nothing(partial(_detail, s, o, who, code, day))
        for code, day in product((*sorted(TOLD_APART), GONE), (None, BEFORE))
    ],
    "get_evidence": lambda s, o, who: [
        _or_nothing(partial(queries.get_evidence, s, who.account_id, one)) for one in o.item_of
    ],
    # with a year before, to everybody: tests/queries/test_lineage.py
    "get_examples": lambda s, o, who: [
        _or_nothing(partial(queries.get_examples, s, who, o.facts(s), code)) for code in o.items
    ],
    "compare_years": lambda s, o, who: queries.compare_years(s, who, o.facts(s), DAY),
    "get_visible": lambda s, o, who: queries.get_visible(s, who.account_id, office=o.code, year="2568", day=DAY),
    "list_visible": lambda s, o, who: queries.list_visible(s, who.account_id),
    "list_calendar": lambda s, o, who: [
        queries.list_calendar(s, who.account_id, DAY, of_office=of_office) for of_office in (False, True)
    ],
    "list_events": lambda s, o, who: [
        queries.list_events(s, who, o.facts(s), DAY, officer) for officer in (None, who.officer_id or 0)
    ],
    "whose": lambda _s, _o, who: queries.whose(who, of_office=False),
    "list_notices": lambda s, o, who: queries.list_notices(s, who, o.facts(s), DAY),
    "list_seen_notices": lambda s, o, who: queries.list_seen_notices(s, who.account_id, o.assessment_id),
    "list_subjects": lambda s, o, who: queries.list_subjects(s, who.account_id, DAY),
    "list_reminders": lambda s, o, who: queries.list_reminders(s, who.account_id, LATER, whatever_hour=True),
    "get_choice": lambda s, o, who: queries.get_choice(s, who.account_id),
    "list_last_told": lambda s, o, who: queries.list_last_told(s, who.account_id),
    "list_uploads": lambda s, o, who: [queries.list_uploads(s, who, o.items[code]) for code in TOLD_APART],
    "count_waiting_uploads": lambda s, o, who: queries.count_waiting_uploads(s, who.account_id, o.assessment_id),
    "find_upload": lambda s, o, who: queries.find_upload(s, who.account_id, "first"),
    "find_same_content": lambda s, o, who: queries.find_same_content(s, who, o.assessment_id, _hashes(s)),
    "is_others": lambda s, o, who: [queries.is_others(s, who.account_id, item_id=one) for one in o.items.values()],
    "list_evidence": lambda s, o, who: queries.list_evidence(s, who, o.assessment_id),
    "find_evidence": lambda s, o, who: [
        queries.find_evidence(s, who, o.facts(s), wanted, day=day)
        for wanted in (queries.Wanted(), *(queries.Wanted(item_id=one) for one in (*o.items.values(), o.gone)))
        for day in (DAY, BEFORE)
    ],
    "search": lambda s, o, who: [
        queries.search(s, who, o.facts(s), typed, day=day, most=dict.fromkeys(queries.Group, 999))
        for typed in ("zq7", "O", "ผู้ทดลอง", "การ", *TOLD_APART, GONE)
        for day in (DAY, BEFORE)
    ],
    "list_pieces": lambda s, o, who: [
        _or_nothing(partial(queries.list_pieces, s, who.account_id, ids))
        for ids in (*([one] for one in o.item_of), list(o.item_of))
    ],
    "list_links": lambda s, o, who: queries.list_links(s, who, o.assessment_id),
    "list_checks": lambda s, o, who: [
        _or_nothing(partial(queries.list_checks, s, who, one, most=9)) for one in (*o.items.values(), o.gone)
    ],
    "list_clarifications": lambda s, o, who: queries.list_clarifications(s, who, o.assessment_id),
    "list_disputes": lambda s, o, who: queries.list_disputes(s, who, o.facts(s), day=date(2025, 9, 30)),
    "list_messages": lambda s, o, who: queries.list_messages(s, who, o.assessment_id, list(o.item_of)),
    "list_questions": lambda s, o, who: queries.list_questions(s, who, o.assessment_id, now=LATER),
    "list_replaced": lambda s, o, who: [
        queries.list_replaced(s, who, one) for one in queries.list_evidence(s, None, o.assessment_id)
    ],
    "has_duties": lambda s, o, who: queries.has_duties(s, who),
    "find_score_file": lambda s, o, who: queries.find_score_file(s, who, o.assessment_id),
    "list_send_backs": lambda s, o, who: queries.list_send_backs(s, who, o.assessment_id),
    "list_decided_lately": lambda s, o, who: queries.list_decided_lately(
        s, who, o.assessment_id, since=datetime(2020, 1, 1, tzinfo=UTC)
    ),
    "list_review_queue": lambda s, o, who: queries.list_review_queue(s, who, o.assessment_id),
    "list_directives": lambda s, o, who: queries.list_directives(s, o.assessment_id, who),
    "list_changes": lambda s, o, who: queries.list_changes(s, who, since=None, before=None),
    "list_recounted": lambda s, o, who: queries.list_recounted(s, who, _nothing_counts(s, o)),
    "Snapshot.visible_to": lambda s, o, who: [
        _shown(queries.current_snapshot(s, o.facts(s)).visible_to(who).on(day)) for day in (DAY, BEFORE)
    ],
}


TOLD_APART = {*STAGES.values(), ELSEWHERE}  # of the other items nobody here has a duty on any
DAY = date(2025, 3, 15)


# Reads of one office's plan and records, whoever asks; each with what it must not give: anything of another office's.
OF_ONE: dict[str, OfOffice] = {
    # the plan: everybody's of the office
    "get_assessment": lambda s, o: queries.get_assessment(s, f"{o.code}-2568"),
    "get_assessment_by_id": lambda s, o: queries.get_assessment_by_id(s, o.assessment_id),
    "usual_year": lambda s, o: queries.usual_year([o.facts(s)], DAY),
    "get_history": lambda s, o: queries.get_history(s, o.assessment_id),
    "list_revisions": lambda s, o: queries.list_revisions(s, o.assessment_id),
    "list_indicators": lambda s, o: queries.list_indicators(s, o.assessment_id),
    "list_instruments": lambda s, o: queries.list_instruments(s, o.assessment_id),
    "list_levels": lambda s, o: queries.list_levels(s, o.assessment_id),
    "get_forecast": lambda s, o: queries.get_forecast(s, *_whole(s, o)),
    "list_forecasts": lambda s, o: queries.list_forecasts(s, _whole(s, o)[0], [DAY]),
    "get_assumptions": lambda s, o: queries.get_assumptions(s, o.assessment_id),
    "list_unknown": lambda s, o: queries.list_unknown(s, *_whole(s, o)),
    "list_campaigns": lambda s, o: queries.list_campaigns(s, o.assessment_id),
    "find_stakeholders": lambda s, o: queries.find_stakeholders(s, o.assessment_id),
    "list_steps": lambda s, o: queries.list_steps(s, o.facts(s), DAY),
    "list_scores": lambda s, o: queries.list_scores(s, o.assessment_id),
    "list_item_points": lambda s, o: queries.list_item_points(s, o.assessment_id),
    "list_estimates": lambda s, o: queries.list_estimates(s, o.assessment_id),
    "results_by_year": lambda s, o: queries.results_by_year(s, o.assessment_id),
    "what_scores_are_held_against": lambda s, o: queries.what_scores_are_held_against(s, o.assessment_id),
    "get_year": lambda s, o: queries.get_year(s, o.facts(s)),
    "find_draft": lambda s, o: queries.find_draft(s, o.assessment_id),
    "get_recount": lambda s, o: _nothing_counts(s, o),
    "list_year_events": lambda s, o: queries.list_year_events(s, o.assessment_id),
    "is_open": lambda s, o: queries.is_open(s, o.assessment_id),
    "get_item_id": lambda s, o: [queries.get_item_id(s, o.assessment_id, code) for code in o.items],
    "get_check": lambda s, o: [_or_nothing(partial(queries.get_check, s, o.assessment_id, one)) for one in _checks(s)],
    # all of it; Snapshot.visible_to gives the part that may be shown
    "take_snapshot": lambda s, o: queries.take_snapshot(s, o.facts(s)),
    "current_snapshot": lambda s, o: queries.current_snapshot(s, o.facts(s)),
    # asked to decide about a right
    "get_item_people": lambda s, o: [queries.get_item_people(s, item) for item in (*o.items.values(), o.gone)],
    # through the pages and access
    "list_meetings": lambda s, o: queries.list_meetings(s, o.assessment_id),
    # the administrator's page asks access before: through the pages
    "list_accounts": lambda s, o: queries.list_accounts(s, o.id),
    "list_persons": lambda s, o: queries.list_persons(s, o.id),
    # all of it, where the server itself or a use case asks
    "list_evidence": lambda s, o: queries.list_evidence(s, None, o.assessment_id),
    "list_directives": lambda s, o: queries.list_directives(s, o.assessment_id),
    # of the evidence that a page was given before: through the pages
    "list_accepted": lambda s, o: list(queries.list_accepted(s, list(o.item_of)).values()),
    "list_returns": lambda s, o: queries.list_returns(s, list(o.item_of)),
}


def _whole(session: Session, office: Office) -> tuple[queries.Snapshot, Board]:
    """Of all items: of whoever does not see all, the pages do not ask."""
    data = queries.current_snapshot(session, office.facts(session))
    return data, data.board(DAY)


# The other reads do not ask who reads, nor of which office.
NOT_ASKED = {
    "asked_evidence": "what an address means for a snapshot that was restricted before",
    "acting_for": "a calculation",
    "reports": "a calculation",
    "list_assessments": "every office's, for the server itself; list_visible gives the part that an account may see",
    "list_years": "every office's, for the command line",
    "year_before": "one of list_assessments, of the office of one that was found before",
    "data_version": "names a state of the data, says nothing of it",
    "last_check_number": "a number that says whether there was another check, nothing of it",
    "list_told": "numbers of accounts, for the timer",
    "list_troubles": "which channel fails and why, nothing of anybody; the administrator's page asks access before",
    "list_unreachable": "whose address is refused; the administrator's page asks access before, of its own office",
    "list_senders": "asked to decide about a right",
    "get_decided": "asked to decide about a right",
    "key_of": "a calculation",
    "list_audit_entries": "the route and the page ask access before: through the routes",
}


def _nothing_counts(session: Session, office: Office) -> Recount:
    """Every piece of evidence that stands somewhere, as lost: in a plan that demands other formats of all."""
    now = _now(session, office)
    content = content_of(now.framework, now.plan)
    for item in content["framework"]["items"].values():
        for requirement in item["requirements"].values():
            requirement["formats"] = ["image"]
    return queries.get_recount(session, office.facts(session), checked(content, "other"))


def _or_nothing(read: Callable[[], object]) -> object:
    try:
        return read()
    except Refused as refused:
        return refused


def _hashes(session: Session) -> list[str]:
    """Of all evidence, in whichever office."""
    return [one for one in session.exec(select(Evidence.sha256)) if one]


def _checks(session: Session) -> list[int]:
    """Of all published addresses, in whichever office."""
    return [one for one in session.exec(select(LinkCheck.id)) if one]


def _detail(session: Session, office: Office, who: access.Actor, code: str, day: date | None) -> object:
    found = queries.get_item_detail(session, who, office.facts(session), code, day=day)
    return (
        found.item, found.people, found.indicator, found.evidence, found.history, found.approved, found.published,
        found.filed, found.sent_back, found.stands, _shown(found.snapshot),
    )  # fmt: skip


def _shown(part: queries.Snapshot) -> object:
    """What pages and tables take of it; it holds the whole plan as well, of every day."""
    return part.items, part.records, part.people, part.steps, part.board(part.day), part.figures(part.day)


def read(office: Office) -> Result:
    """What each read gives to everybody: no mark of what is not theirs, every mark of an item or directive that is."""
    result = Result()
    with db.reading() as session:
        for of in (office, office.neighbour):
            owed = {
                "get_item_detail": of.marks_of("item", codes=sorted(TOLD_APART)),
                "list_directives": of.marks_of("directive"),
                "list_messages": of.marks_of("message"),
                "list_clarifications": of.marks_of("clarification"),
                "list_disputes": of.marks_of("clarification"),
                "list_links": of.marks_of("link"),
                "list_checks": of.marks_of("link"),
            }
            for who in (one for one in of.actors if one.enabled):
                actor = queries.get_actor(session, who.account_id, of.assessment_id)
                for name, ask in READS.items():
                    given = repr(ask(session, of, actor)).encode()
                    result.tried["workflow"] += 1
                    result.allowed += 1
                    result.leaks += [f"queries.{name} gives {what} to {who.name}" for what in of.leaks(who, given)]
                    missing = [mark for mark in owed.get(name, ()) if of.may_see(who, mark) and mark not in given]
                    result.wrongly_refused += [f"queries.{name} keeps {mark!r} from {who.name}" for mark in missing]
                for name, said, wanted in _answers(session, of, who, actor):
                    result.tried["workflow"] += 1
                    result.allowed += 1
                    if said != wanted:
                        result.leaks.append(f"queries.{name} says {said} to {who.name}, not {wanted}")
            for name, ask_of in OF_ONE.items():
                given = set(MARK.findall(repr(ask_of(session, of)).encode()))
                result.tried["workflow"] += 1
                result.leaks += [f"queries.{name} of {of.code} gives {one!r}" for one in given & set(_others(of))]
    return result


def _others(office: Office) -> list[bytes]:
    """All marks of the other office."""
    return [mark for mark, (code, _what, _which) in office.marks.items() if code != office.code]


def _answers(
    session: Session, office: Office, who: Who, actor: access.Actor
) -> Iterator[tuple[str, object, object]]:  # fmt: skip
    """What is no text: the name of the read, its answer, and what the rules say."""
    account, assessment = who.account_id, office.assessment_id
    kind = who.kind
    wanted = access.Actor(account, kind.role, who.officer_id, kind.keeps_itap, assessment, everywhere=False)
    yield "get_actor", actor, wanted
    on_items = {queries.get_actor_on(session, account, item) for item in (*office.items.values(), office.gone)}
    yield "get_actor_on", on_items, {wanted}
    duties = [who.case(code) for code in TOLD_APART]
    has = any(one.prepares for one in duties), any(one.supervises for one in duties)
    yield "has_duties", queries.has_duties(session, actor), has
    yield "list_visible", [one.id for one in queries.list_visible(session, account)], [assessment]
    for asked in ({}, {"office": office.code}, {"year": "2568"}, {"office": office.code, "year": "2568"}):
        yield "get_visible", queries.get_visible(session, account, day=DAY, **asked).id, assessment
    granted = [accounts.GrantFacts(office.id, kind.role, kind.keeps_itap, office.id)]
    yield "list_grants", accounts.list_grants(session, account), granted
    yield "find_grant", accounts.find_grant(session, account, office.id), granted[0]
    yield "count_waiting_uploads", queries.count_waiting_uploads(session, account, assessment), {MANY: 1}
    yield "find_upload", queries.find_upload(session, account, "first"), office.uploads[account]

    items = office.items | {GONE: office.gone}
    readable = {code for code in items if office.may(who, "read an item", code)}
    others = {code for code, item in items.items() if queries.is_others(session, account, item_id=item)}
    yield "is_others", others, items.keys() - readable
    yield "is_others", queries.is_others(session, account, item_id=NOWHERE), False
    evidence = {one for one in office.item_of if queries.is_others(session, account, evidence_id=one)}
    hidden = {one for one, code in office.item_of.items() if code not in readable}
    yield "is_others", evidence, hidden
    yield "is_others", queries.is_others(session, account, evidence_id=NOWHERE), False
    found = (_or_nothing(partial(queries.get_evidence, session, account, one)) for one in office.item_of)
    given = {one.id for one in found if isinstance(one, queries.EvidenceFacts)}
    yield "get_evidence", given, office.item_of.keys() - hidden
    listed = {one.id for one in queries.list_evidence(session, actor, assessment)}
    yield "list_evidence", listed, office.item_of.keys() - hidden
    part = queries.current_snapshot(session, office.facts(session)).visible_to(actor)
    yield "Snapshot.visible_to", {item.code for item in part.items}, readable - {GONE}
    yield "Snapshot.visible_to", {item.code for item in part.on(BEFORE).items}, readable


# --- between offices --------------------------------------------------------------------------------------------------


def between(office: Office) -> Result:
    """What everybody of each office gets of the other's: nothing, and told as of what does not exist.

    The overseer, whose role holds in both, gets both.
    """
    result = Result()
    with db.reading() as session:
        for of in (office, office.neighbour):
            for who in of.neighbour.actors:
                for name, ask, beside in _asked_of(session, of, who):
                    given, nothing = _or_nothing(ask), _or_nothing(beside)
                    result.tried["workflow"] += 1
                    if not isinstance(given, NotFound) or repr((given, str(given))) != repr((nothing, str(nothing))):
                        result.leaks.append(f"{name} of {of.code} gives {given!r} to {who.name}")
                    result.refused += isinstance(given, NotFound)
                for name, said, wanted in _nothing_of(session, of, who):
                    result.tried["workflow"] += 1
                    if said != wanted:
                        result.leaks.append(f"{name} of {of.code} says {said} to {who.name}, not {wanted}")
        _oversee(session, office, result)
    return result


def _asked_of(
    session: Session, of: Office, who: Who
) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:  # fmt: skip
    """Reads of what is the other office's, each beside the same of what is nowhere."""

    def both(read: Callable[..., object], there: int) -> tuple[str, Callable[[], object], Callable[[], object]]:
        ask = partial(read, session, who.account_id)
        return f"queries.{read.__name__}", partial(ask, there), partial(ask, NOWHERE)

    yield both(queries.get_actor, of.assessment_id)
    for item in (*of.items.values(), of.gone):
        yield both(queries.get_actor_on, item)
    for evidence in of.item_of:
        yield both(queries.get_evidence, evidence)
    for more in ({}, {"year": "2568"}):
        ask = partial(queries.get_visible, session, who.account_id, day=DAY, **more)
        yield "queries.get_visible", partial(ask, office=of.code), partial(ask, office="nowhere")


def _nothing_of(session: Session, of: Office, who: Who) -> Iterator[tuple[str, object, object]]:
    """What is no refusal: the name of the read, its answer, and what it has to be."""
    account, own = who.account_id, of.neighbour
    yield "list_visible", [one.office_code for one in queries.list_visible(session, account)], [own.code]
    yield "list_grants", [one.office_id for one in accounts.list_grants(session, account)], [own.id]
    yield "find_grant", accounts.find_grant(session, account, of.id), None
    yield "count_waiting_uploads", queries.count_waiting_uploads(session, account, of.assessment_id), {}
    yield "find_upload", queries.find_upload(session, account, "first"), own.uploads[account]
    if not who.enabled:
        return
    actor = queries.get_actor(session, account, own.assessment_id)
    yield "list_uploads", [queries.list_uploads(session, actor, item) for item in of.items.values()], [[]] * 44
    yield "list_review_queue", queries.list_review_queue(session, actor, of.assessment_id), []
    found = queries.find_same_content(session, actor, own.assessment_id, _hashes(session))
    ids = {one.id for listed in found.values() for one in listed}
    yield "find_same_content", ids - own.item_of.keys(), set()


def _oversee(session: Session, office: Office, result: Result) -> None:
    """Whose role holds below its office, too, gets all of both."""
    account = office.people["overseer"]
    visible = queries.list_visible(session, account)
    if {one.id for one in visible} != {office.assessment_id, office.neighbour.assessment_id}:
        result.wrongly_refused.append(f"list_visible gives {visible} to the overseer")
    for of in (office, office.neighbour):
        actor = queries.get_actor(session, account, of.assessment_id)
        queries.get_visible(session, account, office=of.code, day=DAY)
        given = repr([READS["get_item_detail"](session, of, actor), READS["list_directives"](session, of, actor)])
        owed = [*of.marks_of("directive"), *of.marks_of("item", codes=sorted(TOLD_APART))]
        result.tried["workflow"] += len(owed)
        result.allowed += len(owed)
        missing = [mark.decode() for mark in owed if mark not in given.encode()]
        result.wrongly_refused += [f"{mark} of {of.code} is kept from the overseer" for mark in missing]


# The reads that are given an actor and an assessment apart.
WITH_AN_ACTOR = ("get_item_detail", "list_evidence", "find_same_content", "list_directives", "Snapshot.visible_to",
                 "list_review_queue", "list_uploads", "get_examples", "compare_years")  # fmt: skip


def mismatched(office: Office) -> list[str]:
    """What reads give of an office to an actor of the other: no caller of ours asks so; nothing is to come of it."""
    found = []
    with db.reading() as session:
        for of, name in product((office, office.neighbour), WITH_AN_ACTOR):
            for who in of.neighbour.strangers:
                actor = queries.get_actor(session, who.account_id, of.neighbour.assessment_id)
                given = repr(_or_nothing(partial(READS[name], session, of, actor))).encode()
                if leaks := of.leaks(who, given):
                    found.append(f"queries.{name} of {of.code} gives {len(leaks)} marks to an actor: {who.name}")
    return found
