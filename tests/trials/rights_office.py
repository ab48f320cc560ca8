"""An office with everybody in it whom the rules tell apart, and with records in every state, each with a mark in it.

A mark is a word that stands in one text only (a name, a note, a reason, an address, a title): wherever it is found,
the text it stands for was given out.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from pathlib import Path

import bcrypt
import pytest
from PIL import Image
from sqlmodel import Session, col, delete, select

from ita_core import db, queries, workflow
from ita_core.accounts import passwords
from ita_core.board.progress import SlotKey
from ita_core.evidence.objects import File
from ita_core.evidence.store import open_store
from ita_core.models import (
    Account,
    Assignment,
    Decision,
    Directive,
    DirectiveStep,
    Duty,
    DutyKind,
    Evidence,
    Item,
    Membership,
    Party,
    PartyKind,
    Requirement,
    Role,
    Upload,
)
from tests import cast, conftest
from tests.papers import pdf_with
from tests.trials.rights_rules import RULES, Case

NOWHERE = 2**30  # the id of nothing
BEGUN = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)
PASSWORD = "a long enough password"
MARK = re.compile(rb"zq7[a-z]+\d+z")
MANY = "O14"  # the item with an evidence in every state: twelve slots, and "nothing to report" is an answer
ELSEWHERE = "O11"  # the item on which those have a duty who have none on the others
STAGES = {
    "not started": "P1",
    "preparing": MANY,
    "in review": "P2",
    "complete": "O7",
    "approved": "P4",
    "lapsed": "P5",
    "published": "P6",
    "filed": "C1",
}
DUTIES = {  # name: (prepares, supervises, through a team)
    "no duty": (False, False, False),
    "prepares": (True, False, False),
    "supervises": (False, True, False),
    "both": (True, True, False),
    "prepares in a team": (True, False, True),
    "supervises in a team": (False, True, True),
    "no officer": (False, False, False),
}


@dataclass(frozen=True)
class Who:
    """Somebody who tries; `party_id` None: the account belongs to no officer."""

    name: str
    account_id: int
    party_id: int | None
    role: Role
    prepares: bool = False
    supervises: bool = False
    keeps_itap: bool = False
    elsewhere: bool = False
    enabled: bool = True

    def case(self, code: str = MANY, *, own: bool = False, given: bool = False) -> Case:
        if code == ELSEWHERE:
            return Case(self.role, self.elsewhere, False, self.keeps_itap, own, given)
        on_it = code in STAGES.values()
        return Case(self.role, on_it and self.prepares, on_it and self.supervises, self.keeps_itap, own, given)

    def may(self, rule: str, code: str = MANY, *, own: bool = False, given: bool = False) -> bool:
        return self.enabled and RULES[rule](self.case(code, own=own, given=given))


NOBODY = Who("nobody", NOWHERE, None, Role.officer, enabled=False)


@dataclass
class Office:
    assessment_id: int = 0
    actors: list[Who] = field(default_factory=list)  # the disabled among them, nobody not
    items: dict[str, int] = field(default_factory=dict)  # code → id
    fingerprints: dict[str, str] = field(default_factory=dict)  # by code
    evidence: dict[str, int] = field(default_factory=dict)  # of MANY, by state
    item_of: dict[int, str] = field(default_factory=dict)  # evidence → item's code
    author_of: dict[int, int] = field(default_factory=dict)  # evidence → account
    directives: dict[tuple[str, bool], int] = field(default_factory=dict)  # (state, to everybody) → id
    meetings: dict[str, int] = field(default_factory=dict)
    uploads: dict[int, int] = field(default_factory=dict)  # account → an upload of theirs that waits
    people: dict[str, int] = field(default_factory=dict)  # author, judge, head, keeper, chief: accounts
    parties: dict[str, int] = field(default_factory=dict)
    marks: dict[bytes, tuple[str, str | int]] = field(default_factory=dict)  # → what it belongs to
    _moment: Iterator[int] = field(default_factory=lambda: count(1))

    def mark(self, what: str, which: str | int) -> str:
        made = f"zq7{what}{len(self.marks)}z"
        self.marks[made.encode()] = what, which
        return made

    def at(self) -> datetime:
        return BEGUN + timedelta(seconds=next(self._moment))

    def may_see(self, who: Who, mark: bytes) -> bool:
        what, which = self.marks[mark]
        match what:
            case "item" | "filing":
                return who.may("read an item", str(which))
            case "directive":
                given = who.party_id is not None and which in self.given_to_all
                return who.may("read a directive", given=given)
            case "meeting":
                return who.may("see meetings")
            case "upload":
                return who.may("one's own", own=who.account_id == which)
            case "account":
                return who.may("administer")
        raise KeyError(what)

    @property
    def given_to_all(self) -> set[int]:
        return {directive for (_state, to_all), directive in self.directives.items() if to_all}

    def leaks(self, who: Who, content: bytes) -> set[str]:
        """The marks in what somebody was given that they may not see."""
        return {mark.decode() for mark in MARK.findall(content) if not self.may_see(who, mark)}


@contextmanager
def server_in(folder: Path, database_url: str) -> Iterator[Office]:
    """This process as a server on 15 March 2568 over a staffed database; `database_url` names an empty one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ITA_DATABASE_URL", database_url)
        patch.setenv("ITA_EVIDENCE_URL", str(folder / "evidence"))
        patch.setenv("ITA_TODAY", "2025-03-15")
        patch.setattr(passwords, "BCRYPT_COST", 4)  # hundreds of passwords are set
        conftest.forget()
        conftest.fill(db.engine())
        yield staffed()
        db.engine().dispose()
    conftest.forget()


def staffed() -> Office:
    office = Office()
    pictures = iter([picture(number) for number in range(len(STAGES))])  # two stages have none, one has two
    documents = iter([document(number) for number in range(9)])
    waits = document(300, "รอส่ง.pdf")
    with db.writing() as session:
        office.assessment_id = queries.get_assessment(session).id
        _mark_the_plan(session, office)
        _people(session, office)
        session.flush()
        _stages(session, office, pictures)
        _evidence(session, office, documents)
        _directives(session, office)
        _meetings(session, office)
        _uploads(session, office, waits)
        for row in session.exec(select(Evidence)):
            code = next(code for code, of in office.items.items() if of == row.item_id)
            office.item_of[row.id or 0], office.author_of[row.id or 0] = code, row.account_id
    return office


def _mark_the_plan(session: Session, office: Office) -> None:
    for item in session.exec(select(Item).order_by(col(Item.position))):
        office.items[item.code] = item.id or 0
        item.title += " " + office.mark("item", item.code)
        item.demand += " " + office.mark("item", item.code)
        for requirement in session.exec(select(Requirement).where(Requirement.item_id == item.id)):
            requirement.title += " " + office.mark("item", item.code)
    session.exec(delete(Duty).where(col(Duty.item_id).is_not(None)))  # only our own people's count


def _duty(
    session: Session, office: Office, of: int, kind: DutyKind, codes: Sequence[str], *, team: int | None = None
) -> None:
    """A duty on these items; where a team has it already, a place in the team."""
    if team is not None:
        session.add(Membership(group_id=team, officer_id=of))
        return
    for code in codes:
        session.add(Duty(party_id=of, item_id=office.items[code], kind=kind, position=9))


def _people(session: Session, office: Office) -> None:
    opened = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()

    def party(name: str, kind: PartyKind = PartyKind.officer) -> int:
        made = Party(assessment_id=office.assessment_id, key=f"trial-{name}", kind=kind, name=f"ผู้ทดลอง {name}",
                     position=1000 + len(office.parties), confirm=name == "spare")  # fmt: skip
        session.add(made)
        session.flush()
        office.parties[name] = made.id or 0
        return made.id or 0

    def account(name: str, role: Role, of: int | None, *, keeps: bool = False, disabled: bool = False) -> int:
        made = Account(party_id=of, username=office.mark("account", name), name=f"บัญชี {name}", role=role,
                       keeps_itap=keeps, disabled=disabled, password_hash=opened, created_at=BEGUN)  # fmt: skip
        session.add(made)
        session.flush()
        return made.id or 0

    staged = list(STAGES.values())
    teams = {kind: party(f"team-{kind.value}", PartyKind.team) for kind in DutyKind}
    everybody = party("everybody", PartyKind.team)
    for kind, team in teams.items():
        _duty(session, office, team, kind, staged)
    for name, role, keeps in (
        ("author", Role.officer, False), ("judge", Role.officer, False), ("head", Role.commander, False),
        ("keeper", Role.officer, True), ("chief", Role.admin, False), ("spare", Role.officer, False),
    ):  # fmt: skip
        office.people[name] = account(name, role, party(name), keeps=keeps)
    office.people["shut"] = account("shut", Role.officer, None, disabled=True)
    party("without")
    _duty(session, office, office.parties["author"], DutyKind.prepare, [*staged, ELSEWHERE])
    _duty(session, office, office.parties["judge"], DutyKind.supervise, [*staged, ELSEWHERE])
    combinations = [(*one, True) for one in product(Role, DUTIES, (False, True))]
    combinations += [(role, "both", True, False) for role in Role]  # disabled
    for role, duties, keeps, enabled in combinations:
        prepares, supervises, in_team = DUTIES[duties]
        name = ", ".join(filter(None, (role.value, duties, "keeps ITAP" * keeps, "disabled" * (not enabled))))
        of = None if duties == "no officer" else party(name)
        for wanted, kind in ((prepares, DutyKind.prepare), (supervises, DutyKind.supervise)):
            if wanted and of:
                _duty(session, office, of, kind, staged, team=teams[kind] if in_team else None)
        if duties == "no duty" and of:
            _duty(session, office, of, DutyKind.prepare, [ELSEWHERE])
        if of:
            session.add(Membership(group_id=everybody, officer_id=of))
        made = account(name, role, of, keeps=keeps, disabled=not enabled)
        office.actors.append(Who(name, made, of, role, prepares, supervises, keeps, duties == "no duty", enabled))


def slots(session: Session, code: str, **wanted: object) -> list[SlotKey]:
    return cast.slots(session, code, **wanted)


def picture(number: int) -> File:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256, 7)).save(drawn, "PNG")
    return open_store().put([drawn.getvalue()], "ภาพ.png")


def document(number: int, name: str = "เอกสาร.pdf") -> File:
    return open_store().put([pdf_with(f"0 0 595 {200 + number}")], name)


def _hand_in(session: Session, office: Office, code: str, content: workflow.Content, keys: list[SlotKey]) -> int:
    return workflow.submit(
        session, by=office.people["author"], item_id=office.items[code], slots=keys, content=content,
        note=office.mark("item", code), at=office.at(),
    )  # fmt: skip


def _review(session: Session, office: Office, evidence: int, code: str, decision: Decision = Decision.accepted) -> None:
    reason = office.mark("item", code) if decision is Decision.returned else ""
    workflow.review(session, by=office.people["judge"], evidence_id=evidence, decision=decision, reason=reason,
                    at=office.at())  # fmt: skip


def _fingerprint(session: Session, office: Office, code: str) -> str:
    facts = queries.get_assessment(session)
    return queries.take_snapshot(session, facts, office.items[code]).board(facts.ends).items[0].fingerprint


def _stages(session: Session, office: Office, pictures: Iterator[File]) -> None:
    """One item in each stage."""

    def fill(code: str) -> int:
        content = replace(next(pictures), name=f"{office.mark('item', code)}.png")
        return _hand_in(session, office, code, content, slots(session, code))

    def approve(code: str) -> None:
        workflow.approve(session, by=office.people["head"], item_id=office.items[code], at=office.at(),
                         fingerprint=_fingerprint(session, office, code))  # fmt: skip

    for stage, code in STAGES.items():
        if stage in {"not started", "preparing"}:
            continue
        first = fill(code)
        if stage == "in review":
            continue
        _review(session, office, first, code)
        if stage == "complete":
            continue
        approve(code)
        address = {"by": office.people["keeper"], "item_id": office.items[code], "at": office.at()}
        if stage == "lapsed":
            _review(session, office, fill(code), code)
        if stage in {"published", "filed"}:
            workflow.publish(session, url=f"https://example.org/{office.mark('item', code)}", **address)
        if stage == "filed":
            link = f"https://example.org/{office.mark('item', code)}"
            workflow.record_filing(session, answer=True, url=link, explanation=office.mark("filing", code), **address)
    for code in STAGES.values():
        office.fingerprints[code] = _fingerprint(session, office, code)


def _evidence(session: Session, office: Office, documents: Iterator[File]) -> None:
    """One evidence of MANY in each state, one of ELSEWHERE."""
    periods = sorted({key.period for key in slots(session, MANY)})

    def one(period: str) -> int:
        content = replace(next(documents), name=f"{office.mark('item', MANY)} รายงาน.pdf")
        return _hand_in(session, office, MANY, content, slots(session, MANY, period=period, format="pdf"))

    def accepted(period: str) -> int:
        made = one(period)
        _review(session, office, made, MANY)
        return made

    made = office.evidence
    made["waiting"], made["accepted"] = one(periods[0]), accepted(periods[1])
    accepted(periods[2])
    made["beside an accepted one"] = one(periods[2])
    made["returned"] = one(periods[3])
    _review(session, office, made["returned"], MANY, Decision.returned)
    made["replaced"] = accepted(periods[4])
    accepted(periods[4])
    made["withdrawn"] = one(periods[5])
    workflow.withdraw(session, by=office.people["author"], evidence_id=made["withdrawn"], at=office.at())
    made["link"] = _hand_in(
        session, office, MANY, workflow.Link(f"https://example.org/{office.mark('item', MANY)}"),
        slots(session, MANY, period=periods[0], format="word"),
    )  # fmt: skip
    made["nil"] = _hand_in(
        session, office, MANY, workflow.Nil(), slots(session, MANY, period=periods[1], format="word")
    )
    elsewhere = replace(next(documents), name=f"{office.mark('item', ELSEWHERE)} ที่อื่น.pdf")
    _hand_in(session, office, ELSEWHERE, elsewhere, slots(session, ELSEWHERE, format="pdf"))


def _directives(session: Session, office: Office) -> None:
    for to_all, state in product((True, False), ("open", "reported", "done", "cancelled")):
        party = office.parties["everybody" if to_all else "author"]
        made = workflow.direct(
            session, by=office.people["head"], assessment_id=office.assessment_id, party_ids=[party], text="?",
            due=(BEGUN + timedelta(days=9)).date(), item_id=office.items[ELSEWHERE], at=office.at(),
        )  # fmt: skip
        row = session.get_one(Directive, made)
        row.text = office.mark("directive", made)
        if not to_all:  # reported below by who it was given to
            session.flush()
        office.directives[state, to_all] = made
        if to_all:  # the author says that it is carried out, too
            session.add(Assignment(directive_id=made, party_id=office.parties["author"]))
            session.flush()
        if state == "reported":
            workflow.report(session, by=office.people["author"], directive_id=made,
                            note=office.mark("directive", made), at=office.at())  # fmt: skip
        elif state != "open":
            workflow.settle(session, by=office.people["head"], directive_id=made, what=DirectiveStep(state),
                            note=office.mark("directive", made), at=office.at())  # fmt: skip


def _meetings(session: Session, office: Office) -> None:
    from ita_core.settings import settings

    for state, at in (("over", BEGUN - timedelta(days=2)), ("going on", settings().now())):
        office.meetings[state] = workflow.open_meeting(
            session, by=office.people["head"], assessment_id=office.assessment_id, at=at,
            officer_ids=[office.parties["author"]], guests=office.mark("meeting", state),
        )  # fmt: skip
        if state == "over":
            workflow.end_meeting(session, by=office.people["head"], meeting_id=office.meetings[state],
                                 at=at + timedelta(hours=1))  # fmt: skip


def _uploads(session: Session, office: Office, kept: File) -> None:
    """A file that waits of everybody's, of those too whose duty was taken away since."""
    senders = [office.people["author"], *(who.account_id for who in office.actors)]
    first = workflow.receive(session, by=senders[0], item_id=office.items[MANY], file=kept, key="first", at=office.at())
    session.get_one(Upload, first).file_name = office.mark("upload", senders[0]) + ".pdf"
    office.uploads[senders[0]] = first
    for sender in senders[1:]:
        made = Upload(key="first", account_id=sender, item_id=office.items[MANY], sha256=kept.sha256,
                      file_name=office.mark("upload", sender) + ".pdf", at=office.at())  # fmt: skip
        session.add(made)
        session.flush()
        office.uploads[sender] = made.id or 0
