"""Two offices with everybody in them whom the rules tell apart, and records in every state, each with a mark in it.

A mark is a word that stands in one text only (a name, a note, a reason, an address, a title): wherever it is found,
the text it stands for was given out.

The first office has everybody; the second, a neighbour that lies below it, has the same plan and work with a few of
them. Who is of one has nothing in the other, but for an overseer and a leader, whose roles hold below it, too.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

import bcrypt
import pytest
from PIL import Image
from sqlmodel import Session, col, select

from ita_core import db, queries, workflow
from ita_core.accounts import passwords
from ita_core.board.campaigns import Terms
from ita_core.board.progress import SlotKey
from ita_core.evidence.objects import File
from ita_core.evidence.store import open_store
from ita_core.links.found import Found
from ita_core.models import (
    Assignment,
    Clarification,
    Decision,
    Directive,
    DirectiveStep,
    DutyKind,
    Evidence,
    Grant,
    Item,
    LinkOutcome,
    Party,
    Role,
    SendBack,
    Survey,
    Upload,
)
from ita_core.models import Office as OfficeRow
from ita_core.plan.apply import apply_plan, revise
from ita_core.plan.content import Content, checked, content_of
from ita_core.plan.plan import find_plan, load_with_framework
from ita_core.plan.scores import ScoreEntry
from ita_core.plan.stakeholders import Person, load_form
from ita_core.settings import settings
from tests import cast, conftest
from tests.papers import pdf_with
from tests.trials.rights_rules import RULES, Case
from tests.workflow.stakeholders import KEEP_DAYS

SCORE = ScoreEntry(2567, "IIT", 1, "", 90.0, "รายงาน")  # was recorded in every office
SCORE_FILE = [ScoreEntry(2566, code, None, "", 90.0, "เล่ม") for code in ("IIT", "EIT")]  # waits of its head
ESTIMATE = {"instrument": "EIT", "points": 96.0, "note": "เหตุ"}  # by its commander, too
NOWHERE = 2**30  # the id of nothing
CHANGED = datetime(2024, 11, 1, 3, 0, tzinfo=UTC)  # the plan: from here on our own people's duties count
BEFORE = date(2024, 10, 15)  # a day on which it was another one
BEGUN = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)
COUNTED = date(2025, 2, 26)  # when responses to the IIT were counted last
THEIR_STEP = 3  # of the calendar, which is everybody's of the plan
PASSWORD = "a long enough password"
MARK = re.compile(rb"zq7[a-z]+\d+z")
MANY = "O14"  # the item with an evidence in every state: twelve slots, and "nothing to report" is an answer
ELSEWHERE = "O11"  # the item on which those have a duty who have none on the others
GONE = "X1"  # a measure that the plan has no more; of those who had a duty on it nobody has one now
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
    "had duties": (False, False, False),  # before the plan was changed, on every staged item and on GONE
    "no officer": (False, False, False),
}
FORMER = "had duties"
RANK = "ร.ต.อ."
OURS = "trial-"  # what the keys of the trial's people and teams begin with
HELPERS = {  # who does what lies there already: role, keeps ITAP
    "author": (Role.officer, False),
    "judge": (Role.officer, False),
    "head": (Role.commander, False),
    "keeper": (Role.officer, True),
    "chief": (Role.admin, False),
    "spare": (Role.officer, False),
}


@dataclass(frozen=True)
class Kind:
    """One who tries, before there is such a one."""

    role: Role
    duties: str
    keeps_itap: bool
    enabled: bool = True

    @property
    def name(self) -> str:
        more = ("keeps ITAP" * self.keeps_itap, "disabled" * (not self.enabled))
        return ", ".join(filter(None, (self.role.value, self.duties, *more)))


EVERYBODY = [Kind(*one) for one in product(Role, DUTIES, (False, True))]
EVERYBODY += [Kind(role, "both", True, enabled=False) for role in Role]
FEW = [Kind(role, "both", True) for role in Role]  # what each may do at most
FEW += [Kind(Role.officer, "prepares", False), Kind(Role.officer, "no duty", False)]


@dataclass(frozen=True)
class Who:
    """Somebody who tries; `person_id` None: the account belongs to nobody of the office."""

    name: str
    account_id: int
    office: str  # its code
    kind: Kind
    officer_id: int | None = None  # the party that they are
    person_id: int | None = None
    called: str = ""  # by the plan

    @property
    def role(self) -> Role:
        return self.kind.role

    @property
    def enabled(self) -> bool:
        return self.kind.enabled

    @property
    def is_planned(self) -> bool:
        """Whether the plan of now has them: such are in the team to which the directives for all were given."""
        return self.person_id is not None and self.kind.duties != FORMER

    def case(self, code: str = MANY, *, own: bool = False, given: bool = False) -> Case:
        prepares, supervises, _in_team = DUTIES[self.kind.duties]
        on_it = code in STAGES.values()
        has = {
            ELSEWHERE: (self.kind.duties == "no duty", False),
            GONE: (self.kind.duties == FORMER, self.kind.duties == FORMER),
        }.get(code, (on_it and prepares, on_it and supervises))
        return Case(self.role, *has, self.kind.keeps_itap, own, given)


NOBODY = Who("nobody", NOWHERE, "", Kind(Role.officer, "no officer", False, enabled=False))


@dataclass
class Office:
    code: str
    marks: dict[bytes, tuple[str, str, str | int]] = field(repr=False)  # → office's code, what it belongs to; of all
    moments: Iterator[int] = field(repr=False)
    offices: "dict[str, Office]" = field(repr=False)  # all of them, by code
    id: int = 0
    assessment_id: int = 0
    actors: list[Who] = field(default_factory=list)  # the disabled among them, nobody not
    items: dict[str, int] = field(default_factory=dict)  # code → id, of those in the plan
    gone: int = 0  # the item GONE
    links: dict[str, str] = field(default_factory=dict)  # where items are published, by code
    fingerprints: dict[str, str] = field(default_factory=dict)  # by code
    evidence: dict[str, int] = field(default_factory=dict)  # of MANY, by state
    item_of: dict[int, str] = field(default_factory=dict)  # evidence → item's code
    author_of: dict[int, int] = field(default_factory=dict)  # evidence → account
    directives: dict[tuple[str, bool], int] = field(default_factory=dict)  # (state, to everybody) → id
    meetings: dict[str, int] = field(default_factory=dict)
    campaign: Terms | None = None  # of the IIT; of EIT(1) nothing is recorded
    clarification: int = 0  # the version of MANY's that waits for the commander
    stakeholders: int = 0  # the list of them for EIT(2)
    uploads: dict[int, int] = field(default_factory=dict)  # account → an upload of theirs that waits
    people: dict[str, int] = field(default_factory=dict)  # author, judge, head, keeper, chief: accounts
    parties: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    @property
    def neighbour(self) -> "Office":
        return next(one for code, one in self.offices.items() if code != self.code)

    @property
    def strangers(self) -> list[Who]:
        """Those who try what is the neighbour's, act by act: whoever may do most here, and who did in another year."""
        wanted = {one.name for one in FEW} | {Kind(Role.officer, FORMER, False).name}
        return [who for who in self.actors if who.name in wanted]

    def facts(self, session: Session) -> queries.AssessmentFacts:
        return queries.get_assessment_by_id(session, self.assessment_id)

    def mark(self, what: str, which: str | int = "") -> str:
        made = f"zq7{what}{len(self.marks)}z"
        self.marks[made.encode()] = self.code, what, which
        return made

    def at(self) -> datetime:
        return BEGUN + timedelta(seconds=next(self.moments))

    def may(self, who: Who, rule: str, code: str = MANY, *, own: bool = False, given: bool = False) -> bool:
        """Whether somebody may, by the rules, what is of this office."""
        return who.enabled and who.office == self.code and RULES[rule](who.case(code, own=own, given=given))

    def may_see(self, who: Who, mark: bytes) -> bool:
        code, what, which = self.marks[mark]
        of = self.offices[code]
        match what:
            case "plan":  # names of people, and whatever is in the plan but the items
                return who.enabled and who.office == code
            case "item" | "filing" | "message" | "link" | "clarification":
                return of.may(who, "read an item", str(which))
            case "directive":
                return of.may(who, "read a directive", given=who.is_planned and which in of.given_to_all)
            case "meeting":
                return of.may(who, "see meetings")
            case "upload":
                return of.may(who, "one's own", own=who.account_id == which)
            case "account":
                return of.may(who, "administer")
            case "scores":
                return who.enabled and who.account_id == which
            case "draft":
                return of.may(who, "plan")
            case "stakeholder":
                return of.may(who, "keep stakeholders")
        raise KeyError(what)

    @property
    def given_to_all(self) -> set[int]:
        return {directive for (_state, to_all), directive in self.directives.items() if to_all}

    def leaks(self, who: Who, content: bytes) -> set[str]:
        """The marks in what somebody was given that they may not see, of whichever office."""
        return {mark.decode() for mark in MARK.findall(content) if not self.may_see(who, mark)}

    def marks_of(self, *kinds: str, codes: Sequence[str] = ()) -> list[bytes]:
        """The marks of this office of these kinds; where codes are given, of these items."""
        return [
            mark
            for mark, (office, what, which) in self.marks.items()
            if office == self.code and what in kinds and (not codes or which in codes)
        ]


@contextmanager
def server_in(folder: Path, database_url: str) -> Iterator[Office]:
    """This process as a server on 15 March 2568 over two staffed offices; `database_url` names an empty database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ITA_DATABASE_URL", database_url)
        patch.setenv("ITA_EVIDENCE_URL", str(folder / "evidence"))
        patch.setenv("ITA_TODAY", "2025-03-15")
        patch.setattr(passwords, "BCRYPT_COST", 4)  # hundreds of passwords are set
        conftest.forget()
        db.upgrade(db.engine())
        yield staffed()
        db.engine().dispose()
    conftest.forget()


def staffed() -> Office:
    """The first office; the neighbour's code stands before its own, and its rows after."""
    marks: dict[bytes, tuple[str, str, str | int]] = {}
    moments, offices = count(1), {}
    pictures, documents, waits = _files()
    with db.writing() as session:
        for code, kinds in (("prachuap", EVERYBODY), ("phetchaburi", FEW)):
            office = offices[code] = Office(code, marks, moments, offices)
            _plan(session, office, kinds)
            _people(session, office, kinds)
            session.flush()
            _stages(session, office, iter(pictures))
            _evidence(session, office, iter(documents))
            _directives(session, office)
            _meetings(session, office)
            _campaign(session, office)
            _clarification(session, office)
            _uploads(session, office, waits)
            _draft(session, office)
            _score_file(session, office)
            workflow.announce_scores(
                session, by=None, assessment_id=office.assessment_id, entries=[SCORE], at=office.at()
            )  # fmt: skip
            workflow.estimate_score(
                session, by=office.people["head"], assessment_id=office.assessment_id, at=office.at(), **ESTIMATE
            )  # fmt: skip
            of_here = select(Evidence, Item.code).join(Item).where(Item.assessment_id == office.assessment_id)
            for row, item in session.exec(of_here):
                office.item_of[row.id or 0], office.author_of[row.id or 0] = item, row.account_id
        _bring_together(session, *offices.values())
    return offices["prachuap"]


def _files() -> tuple[list[File], list[File], File]:
    """The same contents in both offices: what one has handed in the other must not find."""
    pictures = [picture(number) for number in range(len(STAGES))]  # two stages have none, one has two
    return pictures, [document(number) for number in range(10)], document(300, "รอส่ง.pdf")


def _bring_together(session: Session, first: Office, neighbour: Office) -> None:
    """The neighbour lies below the first office, where two have a role that holds in both."""
    session.get_one(OfficeRow, neighbour.id).parent_id = first.id
    for name, role in (("overseer", Role.viewer), ("leader", Role.commander)):
        first.people[name] = _account(session, first, name, role)
        session.exec(select(Grant).where(Grant.account_id == first.people[name])).one().below = True


def _campaign(session: Session, office: Office) -> None:
    """What everybody of the office sees: a survey with lines of work, and one number."""
    lines = (office.mark("plan"), office.mark("plan"))
    url = f"https://itap.example/{office.mark('plan')}"
    office.campaign = Terms(date(2025, 1, 1), date(2025, 6, 30), 60, 40, url, lines)
    of = {"by": office.people["head"], "assessment_id": office.assessment_id, "survey": Survey.iit}
    workflow.set_campaign(session, terms=office.campaign, at=office.at(), **of)
    workflow.count_responses(session, day=COUNTED, counts={lines[0]: 3}, at=office.at(), **of)
    asked = Terms(date(2025, 1, 1), date(2025, 6, 30))
    workflow.set_campaign(session, terms=asked, at=office.at(), **of | {"survey": Survey.eit_external})
    office.stakeholders = workflow.import_stakeholders(
        session, stakeholders_of(office), load_form(), by=office.people["head"], assessment_id=office.assessment_id,
        keep_days=KEEP_DAYS, at=office.at(),
    )  # fmt: skip


def stakeholders_of(office: Office) -> list[Person]:
    """Somebody whom only they see who keep the list, and only once they open it."""
    name = office.mark("stakeholder")
    return [{"name": name, "organisation": "", "kind": "อื่น ๆ", "phone": "020000001", "email": ""}]


def _clarification(session: Session, office: Office) -> None:
    """What the assessor gave for one item, and what the office says to it, put before the commander."""
    by = {"by": office.people["keeper"], "at": office.at()}
    workflow.record_verdict(session, assessment_id=office.assessment_id, points={MANY: 50.0}, source="ITAP", **by)
    text = office.mark("clarification", MANY)
    workflow.clarify(session, item_id=office.items[MANY], text=text, propose=True, seen=0, **by)
    office.clarification = session.exec(select(Clarification.id).order_by(col(Clarification.id).desc())).first() or 0


# --- the plan ---------------------------------------------------------------------------------------------------------


def _plan(session: Session, office: Office, kinds: Sequence[Kind]) -> None:
    """The real plan with marks in it and with those who will have had duties; then one change for all the others."""
    formers = [kind.name for kind in kinds if kind.duties == FORMER]
    content = _marked(office)
    _add_formers(content["plan"], office, [*formers, FORMER])
    framework, plan = checked(content, office.code)
    office.assessment_id = apply_plan(session, framework, plan, at=conftest.STARTED).assessment.id or 0
    office.id = office.facts(session).office_id
    _note_rows(session, office)
    office.gone = office.items.pop(GONE)
    _hand_in_what_goes(session, office)
    revise(session, office.assessment_id, lambda values: _change(values["plan"], office, kinds), at=CHANGED)
    _note_rows(session, office)
    del office.items[GONE]


def _marked(office: Office) -> Content:
    """Framework and plan with a mark in every text."""
    content = deepcopy(_real())
    framework, plan = content["framework"], content["plan"]
    plan["plan"] = f"{office.code}-2568"
    plan["office"] |= {"code": office.code, "name": f"ที่ทำการ {office.mark('plan')}", "short": office.mark("plan")}
    plan["measures"][GONE] = deepcopy(plan["measures"]["P1"])
    for part in (*framework["instruments"].values(), *framework["levels"], *framework["indicators"].values(),
                 *framework["phases"], *plan["posts"].values(), *plan["teams"].values(), *plan["officers"].values(),
                 *(step for phase in framework["phases"] for step in phase["steps"].values())):  # fmt: skip
        for name in part.keys() & {"title", "name", "work", "improve"}:
            if part[name]:
                part[name] += " " + office.mark("plan")
    for code, item in (framework["items"] | plan["measures"]).items():
        for part in (item, *item["requirements"].values()):
            for name in part.keys() & {"title", "demand", "note"}:
                part[name] = f"{part[name]} {office.mark('item', code)}"
    return content


def _real() -> Content:
    return content_of(*load_with_framework(find_plan("prachuap-2568")))


def _slug(name: str) -> str:
    return re.sub("[^a-z]+", "-", name.lower())


def _key(name: str) -> str:
    return OURS + _slug(name)


def _officer(plan: dict[str, Any], office: Office, name: str) -> str:
    """The key of a new officer of the plan."""
    called = f"ผู้ทดลอง {name} {office.mark('plan')}"
    plan["officers"][_key(name)] = {"rank": RANK, "name": called, "confirm": name == "spare"}
    return _key(name)


def _add_formers(plan: dict[str, Any], office: Office, names: Sequence[str]) -> None:
    hands = [{"who": _officer(plan, office, name)} for name in names]
    for code in (*STAGES.values(), GONE):
        duties = plan["measures"][code] if code in plan["measures"] else plan["duties"][code]
        for kind in DutyKind:
            duties[kind.value] = [*duties[kind.value], *hands]
        duties["nobody"] = ""


def _change(plan: dict[str, Any], office: Office, kinds: Sequence[Kind]) -> None:
    """All that the trial's people do, and nobody else; one item's texts depart from the framework."""
    for key in [key for key in plan["officers"] if key.startswith(OURS)]:  # who had duties
        del plan["officers"][key]
    del plan["measures"][GONE]
    direct: dict[DutyKind, list[str]] = {kind: [] for kind in DutyKind}
    in_team: dict[DutyKind, list[str]] = {kind: [] for kind in DutyKind}
    elsewhere: dict[DutyKind, list[str]] = {kind: [] for kind in DutyKind}
    everybody = []
    keys = {name: _officer(plan, office, name) for name in (*HELPERS, "without")}
    for kind, name in ((DutyKind.prepare, "author"), (DutyKind.supervise, "judge")):
        direct[kind].append(keys[name])
        elsewhere[kind].append(keys[name])
    for one in kinds:
        if one.duties in {"no officer", FORMER}:
            continue
        key, (prepares, supervises, through_team) = _officer(plan, office, one.name), DUTIES[one.duties]
        everybody.append(key)
        for kind, has in ((DutyKind.prepare, prepares), (DutyKind.supervise, supervises)):
            if has:
                (in_team if through_team else direct)[kind].append(key)
        if one.duties == "no duty":
            elsewhere[DutyKind.prepare].append(key)
    teams = {f"team-{kind.value}": members for kind, members in in_team.items()} | {"everybody": everybody}
    for name, members in teams.items():
        called = f"คณะทดลอง {name} {office.mark('plan')}"
        plan["teams"][_key(name)] = {"name": called, "members": members}
    for kind in DutyKind:
        direct[kind].append(_key(f"team-{kind.value}"))
    wanted = dict.fromkeys(STAGES.values(), direct) | {ELSEWHERE: elsewhere}
    for code, duties in (plan["duties"] | plan["measures"]).items():
        for kind in DutyKind:
            duties[kind.value] = [{"who": key} for key in wanted.get(code, {}).get(kind, ())]
        duties["nobody"] = "" if code in wanted else "ไม่มีผู้ใด"
    plan["items"][ELSEWHERE] = _departure(office)
    plan["steps"][str(THEIR_STEP)]["prepare"] = [{"who": _key("everybody")}]


def _departure(office: Office) -> dict[str, Any]:
    """What an office says in place of the framework."""
    item = _real()["framework"]["items"][ELSEWHERE]
    for part in (item, *item["requirements"].values()):
        part["title"] += " " + office.mark("item", ELSEWHERE)
    return {
        "title": item["title"],
        "demand": office.mark("item", ELSEWHERE),
        "requirements": item["requirements"],
    }


def _note_rows(session: Session, office: Office) -> None:
    """The ids of what the plan made."""
    for item in session.exec(select(Item).where(Item.assessment_id == office.assessment_id)):
        office.items[item.code] = item.id or 0
    for party in session.exec(select(Party).where(Party.assessment_id == office.assessment_id)):
        name = party.key.removeprefix(OURS)
        office.parties[name] = party.id or 0
        if party.person_id:
            office.persons[name] = party.person_id


def _hand_in_what_goes(session: Session, office: Office) -> None:
    """One evidence for the item that the plan will have no more."""
    office.people[FORMER] = _account(session, office, FORMER, Role.officer)
    link = workflow.Link(f"https://example.org/{office.mark('item', GONE)}")
    keys = slots(session, office, GONE, item=office.gone)
    workflow.submit(
        session, by=office.people[FORMER], item_id=office.gone, slots=keys, content=link,
        note=office.mark("item", GONE), at=conftest.STARTED + timedelta(days=9),
    )  # fmt: skip


# --- the people -------------------------------------------------------------------------------------------------------

_OPENED = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()


def _account(
    session: Session, office: Office, name: str, role: Role, *, keeps: bool = False, disabled: bool = False
) -> int:
    """An account with a role here; of the person of this name, if there is one."""
    return cast.account(
        session, BEGUN, office.mark("account", name), f"บัญชี {name} {office.mark('plan')}", role, office.id,
        person_id=office.persons.get(_slug(name)), keeps_itap=keeps, disabled=disabled, password_hash=_OPENED,
    )  # fmt: skip


def _people(session: Session, office: Office, kinds: Sequence[Kind]) -> None:
    for name, (role, keeps) in HELPERS.items():
        office.people[name] = _account(session, office, name, role, keeps=keeps)
    office.people["shut"] = _account(session, office, "shut", Role.officer, disabled=True)
    plans = queries.get_history(session, office.assessment_id).known
    for kind in kinds:
        made = _account(session, office, kind.name, kind.role, keeps=kind.keeps_itap, disabled=not kind.enabled)
        key = _slug(kind.name)
        office.actors.append(
            Who(
                kind.name, made, office.code, kind, office.parties.get(key), office.persons.get(key),
                plans[office.parties[key]].name if key in office.parties else "",
            )
        )  # fmt: skip


# --- what they have done ----------------------------------------------------------------------------------------------


def slots(session: Session, office: Office, code: str, *, item: int = 0, **wanted: object) -> list[SlotKey]:
    """Slots of an item of an office by period, format, language or ordinal."""
    part = queries.take_snapshot(session, office.facts(session), item or office.items[code])
    return [
        slot.key
        for slot in part.items[0].slots
        if all(getattr(slot.key, name) == value for name, value in wanted.items())
    ]


def picture(number: int) -> File:
    return open_store().put([drawing(number)], "ภาพ.png")


def drawing(number: int) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256 % 256, number // 65_536)).save(drawn, "PNG")
    return drawn.getvalue()


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
    facts = office.facts(session)
    return queries.take_snapshot(session, facts, office.items[code]).board(facts.ends).items[0].fingerprint


def _stages(session: Session, office: Office, pictures: Iterator[File]) -> None:
    """One item in each stage."""

    def fill(code: str) -> int:
        content = replace(next(pictures), name=f"{office.mark('item', code)}.png")
        return _hand_in(session, office, code, content, slots(session, office, code))

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
        if stage == "complete":  # sent back once, and looked at again
            act = {"item_id": office.items[code], "fingerprint": _fingerprint(session, office, code)}
            why = office.mark("item", code)
            workflow.send_back(session, by=office.people["head"], reason=why, at=office.at(), **act)
            sent = session.exec(select(SendBack.id).where(SendBack.item_id == office.items[code])).one()
            workflow.answer_that_it_stands(session, by=office.people["judge"], send_back_id=sent or 0,
                                           note=office.mark("item", code), at=office.at())  # fmt: skip
            continue
        approve(code)
        address = {"by": office.people["keeper"], "item_id": office.items[code], "at": office.at()}
        if stage == "lapsed":
            _review(session, office, fill(code), code)
        if stage in {"published", "filed"}:
            office.links[code] = f"https://example.org/{office.mark('item', code)}"
            workflow.publish(session, url=office.links[code], **address)
            found = Found(LinkOutcome.reached, status=200, final_url=f"https://example.org/{office.mark('link', code)}")
            workflow.note_check(session, url=office.links[code], found=found, **address)
        if stage == "filed":
            link = f"https://example.org/{office.mark('item', code)}"
            workflow.record_filing(session, answer=True, url=link, explanation=office.mark("filing", code), **address)
    for code in STAGES.values():
        office.fingerprints[code] = _fingerprint(session, office, code)


def _evidence(session: Session, office: Office, documents: Iterator[File]) -> None:
    """One evidence of MANY in each state, one of ELSEWHERE."""
    periods = sorted({key.period for key in slots(session, office, MANY)})

    def one(period: str) -> int:
        content = replace(next(documents), name=f"{office.mark('item', MANY)} รายงาน.pdf")
        return _hand_in(session, office, MANY, content, slots(session, office, MANY, period=period, format="pdf"))

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
        slots(session, office, MANY, period=periods[0], format="word"),
    )  # fmt: skip
    made["nil"] = _hand_in(
        session, office, MANY, workflow.Nil(), slots(session, office, MANY, period=periods[1], format="word")
    )
    elsewhere = replace(next(documents), name=f"{office.mark('item', ELSEWHERE)} ที่อื่น.pdf")
    there = _hand_in(session, office, ELSEWHERE, elsewhere, slots(session, office, ELSEWHERE, format="pdf"))
    for code, evidence in ((MANY, made["waiting"]), (ELSEWHERE, there)):
        workflow.write_message(session, by=office.people["head"], evidence_id=evidence,
                               text=office.mark("message", code), at=office.at())  # fmt: skip


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


def _draft(session: Session, office: Office) -> None:
    """Somebody is changing the plan."""

    def change(content: Content) -> None:
        content["plan"]["about"] += office.mark("draft")

    workflow.edit(session, change, by=office.people["head"], assessment_id=office.assessment_id, at=office.at())


def _score_file(session: Session, office: Office) -> None:
    """A file of scores that the head sent, and has not recorded."""
    head = office.people["head"]
    workflow.keep_score_file(
        session, by=head, assessment_id=office.assessment_id, file_name=f"{office.mark('scores', head)}.csv",
        sha256="0" * 64, entries=SCORE_FILE, at=office.at(),
    )  # fmt: skip
