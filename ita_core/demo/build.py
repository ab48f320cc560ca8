"""Builds the demonstration: a database and an evidence store of its own, filled by playing the story.

Everything goes through the functions that the product itself uses, in the order of time, so what is shown is what those
functions make: the rights are checked, the evidence is inspected, the audit chain holds.
"""

import hashlib
import random
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from ita_core import accounts, db, queries, workflow
from ita_core.board.progress import ItemFacts, SlotKey
from ita_core.days import BANGKOK
from ita_core.demo import documents, story
from ita_core.demo.documents import Sheet
from ita_core.demo.story import Look, Meeting, Order, Paper, Step, Tick
from ita_core.errors import Refused
from ita_core.evidence.folder import Folder
from ita_core.language import N_
from ita_core.links.found import Found
from ita_core.models import Decision, DirectiveStep, LinkOutcome, PartyKind, Role, Survey
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import FRAMEWORKS, load_framework
from ita_core.plan.plan import find_plan, load_plan
from ita_core.plan.stakeholders import load_form
from ita_core.queries import PartyFacts, Snapshot
from ita_core.settings import DATA

FOLDER = DATA / "demo"
FRAMEWORK, PLAN = "immigration-2568", "prachuap-2568"
PASSWORD = "demo-kite-lamp-river"  # noqa: S105  printed for whoever tries the demonstration; it opens nothing else
MARK = "this-is-a-demonstration"  # stands in a folder that may be deleted and built again
ADMIN, VIEWER, COMMANDER, ACTING, KEEPER = "demo-admin", "demo-viewer", "thianchai", "setthaphat", "angsuson"


class NotADemonstration(Refused):
    says = N_("{folder} holds something that is not a demonstration. Name another folder with --folder.")


class CannotBuild(Refused):
    says = N_("The demonstration cannot be built in {folder}: {why}.")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Where it lies, the day it stands at, and who can sign in (all with PASSWORD)."""

    database_url: str
    evidence_url: str
    day: date
    accounts: tuple[queries.AccountFacts, ...]

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which the app shows it, as of its day."""
        return {
            "ITA_DATABASE_URL": self.database_url,
            "ITA_EVIDENCE_URL": self.evidence_url,
            "ITA_TODAY": self.day.isoformat(),
        }


def build(folder: Path = FOLDER) -> Demonstration:
    """Delete the demonstration in `folder`, if there is one, and build it anew.

    Raises NotADemonstration where the folder holds anything else, CannotBuild where it cannot be written.
    """
    folder = folder.resolve()
    try:
        _clear(folder)
    except OSError as error:
        raise CannotBuild(folder=str(folder), why=error.strerror) from None
    url = f"sqlite:///{folder / 'ita.db'}"
    engine = db.make_engine(url)
    try:
        db.upgrade(engine)
        store = Folder(folder / "evidence")
        store.prepare()
        _Player(engine, store).play()
        with db.reading(engine) as session:
            people = tuple(queries.list_accounts(session, queries.get_assessment(session).office_id))
    finally:
        engine.dispose()
    return Demonstration(url, str(folder / "evidence"), story.DAY, people)


def _clear(folder: Path) -> None:
    if folder.is_dir():
        if not (folder / MARK).is_file() and any(folder.iterdir()):
            raise NotADemonstration(folder=str(folder))
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


@dataclass(frozen=True, slots=True)
class _Act:
    at: datetime
    do: Callable[[Session, datetime], None]


class _Player:
    """Turns the story into acts with their moments and plays them in the order of time."""

    def __init__(self, engine: sa.Engine, store: Folder) -> None:
        self.engine, self.store = engine, store
        self.clock = random.Random(2568)  # noqa: S311  times of day, no secret
        self.acts: list[_Act] = []
        self.account_ids: dict[str, int] = {}
        self.snapshot: Snapshot
        self.items: dict[str, ItemFacts]
        self.parties: dict[str, PartyFacts]

    def play(self) -> None:
        begin = _moment(date(2024, 10, 1), 8, 30)
        with db.writing(self.engine) as session:
            rules = load_framework(FRAMEWORKS / f"{FRAMEWORK}.yaml")
            apply_plan(session, rules, load_plan(find_plan(PLAN), rules), at=begin)
        self._read_plan()
        self._open_accounts()
        for step in story.STEPS:
            self._plan_step(step)
        for look in story.LOOKS:
            self._plan_look(look)
        self._plan_campaign()
        for tick in story.TICKS:
            self._add(_moment(tick.on, 15, 5), partial(self._tick, tick))
        for meeting in story.MEETINGS:
            self._plan_meeting(meeting)
        # Hashing passwords leaves the interpreter free: the documents are made meanwhile, which halves the wait.
        with ThreadPoolExecutor(max_workers=1) as maker:
            for paper in sorted(story.papers(), key=lambda paper: paper.on):
                self._plan_paper(paper, maker)
            for act in sorted(self.acts, key=lambda act: act.at):
                with db.writing(self.engine) as session:
                    act.do(session, act.at)

    def _read_plan(self) -> None:
        with db.reading(self.engine) as session:
            self.snapshot = queries.take_snapshot(session, queries.get_assessment(session))
        self.items = {item.code: item for item in self.snapshot.items}
        self.parties = {party.key: party for party in self.snapshot.people.values()}

    def _add(self, at: datetime, do: Callable[[Session, datetime], None]) -> None:
        self.acts.append(_Act(at, do))

    def _between(self, day: date, first: tuple[int, int], last: tuple[int, int]) -> datetime:
        minute = self.clock.randint(first[0] * 60 + first[1], last[0] * 60 + last[1])
        return _moment(day, *divmod(minute, 60), self.clock.randint(0, 59))

    # --- people -------------------------------------------------------------------------------------------------------

    def _open_accounts(self) -> None:
        first = date(2024, 10, 1)
        self.password = accounts.new_password(PASSWORD)  # for all: to judge and hash it takes a second
        self._plan_account(ADMIN, "ผู้ดูแลระบบ (สาธิต)", Role.admin, None, first, 0)
        officers = [party for party in self.parties.values() if party.kind is PartyKind.officer]
        for number, officer in enumerate(officers, start=1):
            late = officer.key == COMMANDER
            role = Role.commander if officer.key in {COMMANDER, ACTING} else Role.officer
            day = story.HANDOVER if late else first
            self._plan_account(officer.key, officer.full, role, officer.person_id, day, 0 if late else number)
        self._plan_account(VIEWER, "ผู้สังเกตการณ์ (สาธิต)", Role.viewer, None, first, len(officers) + 1)
        for minute, (group, members) in enumerate(story.MEMBERS.items()):
            chosen = [self.parties[key].id for key in members]
            self._add(_moment(date(2024, 10, 7), 9, minute), self._membership(self.parties[group].id, chosen))
        self._add(_moment(story.HANDOVER, 9, 30), self._hand_over)
        self._add(_moment(date(2025, 1, 8), 9, 5), self._confirm_a_name)

    def _plan_account(self, key: str, name: str, role: Role, person_id: int | None, day: date, number: int) -> None:
        token = ""

        def create(session: Session, at: datetime) -> None:
            nonlocal token
            account = accounts.create_account(
                session, by=None, name=name, office_id=self.snapshot.assessment.office_id, role=role,
                person_id=person_id, keeps_itap=key == KEEPER, now=at,
            )  # fmt: skip
            assert account.id is not None
            self.account_ids[key] = account.id
            token = accounts.invite(session, by=None, account_id=account.id, now=at)

        def join(session: Session, at: datetime) -> None:
            accounts.join(session, token=token, username=key, password=self.password, now=at)

        self._add(_moment(day, 9, number), create)
        self._add(_moment(day, 13, number), join)

    def _membership(self, group_id: int, officer_ids: list[int]) -> Callable[[Session, datetime], None]:
        def do(session: Session, at: datetime) -> None:
            workflow.set_members(session, by=self.account_ids[ADMIN], group_id=group_id, officer_ids=officer_ids, at=at)

        return do

    def _hand_over(self, session: Session, at: datetime) -> None:
        accounts.change_role(
            session, by=None, account_id=self.account_ids[ACTING], office_id=self.snapshot.assessment.office_id,
            role=Role.viewer, now=at,
        )  # fmt: skip

    def _confirm_a_name(self, session: Session, at: datetime) -> None:
        thanet = self.parties["thanet"]
        by = self.account_ids[ADMIN]
        workflow.confirm_name(session, by=by, party_id=thanet.id, rank=thanet.rank, name=thanet.name, at=at)

    # --- work ---------------------------------------------------------------------------------------------------------

    def _plan_paper(self, paper: Paper, maker: Executor) -> None:
        """Hand in before noon; withdraw or review in the afternoon, that day or later."""
        made = 0
        content = maker.submit(self._content, paper)

        def submit(session: Session, at: datetime) -> None:
            nonlocal made
            made = workflow.submit(
                session,
                by=self.account_ids[paper.by],
                item_id=self.items[paper.item].id,
                slots=self._slots(paper),
                content=content.result(),
                note="" if paper.form in documents.FORMATS else paper.name,
                at=at,
            )

        def withdraw(session: Session, at: datetime) -> None:
            workflow.withdraw(session, by=self.account_ids[paper.by], evidence_id=made, at=at)

        def review(session: Session, at: datetime) -> None:
            workflow.review(
                session,
                by=self.account_ids[paper.reviewer],
                evidence_id=made,
                decision=Decision.returned if paper.returned else Decision.accepted,
                reason=paper.returned,
                at=at,
            )

        self._add(self._between(paper.on, (8, 35), (11, 55)), submit)
        if paper.withdrawn:
            self._add(self._between(paper.withdrawn, (13, 0), (14, 0)), withdraw)
        for by, day, text in paper.said:
            self._add(_moment(day, 16, 10), partial(self._say, lambda: made, by, text))
        if paper.decided:
            self._add(self._between(paper.decided, (13, 5), (15, 0)), review)

    def _say(self, of: Callable[[], int], by: str, text: str, session: Session, at: datetime) -> None:
        workflow.write_message(session, by=self.account_ids[by], evidence_id=of(), text=text, at=at)

    def _slots(self, paper: Paper) -> list[SlotKey]:
        fmt = "image" if paper.form in {"photo", "graphic"} else paper.form
        chosen = [
            slot.key
            for slot in self.items[paper.item].slots
            if slot.requirement.key in (paper.keys or {slot.requirement.key})
            and slot.key.period in {"", paper.period}
            and (paper.form in {"link", "nil"} or slot.key.format in {"", fmt})
            and slot.key.language in {"", *paper.languages}
            and slot.key.ordinal in paper.ordinals
        ]
        assert chosen, f"the plan has no slot for {paper}"
        return chosen

    def _content(self, paper: Paper) -> workflow.Content:
        if paper.form == "nil":
            return workflow.Nil()
        if paper.form == "link":
            return workflow.Link(f"{story.SITE}/{paper.path}")
        item = self.items[paper.item]
        covered = {key.requirement_id for key in self._slots(paper)}
        sheet = Sheet(
            heading=paper.name,
            item=f"{item.code} {item.title}",
            sections=tuple(one.title for one in item.requirements if one.id in covered),
            office=self.snapshot.assessment.office,
            by=self.parties[paper.by].full,
            day=paper.on,
            figures=bool(paper.period),
        )
        suffix, make = documents.FORMATS[paper.form]
        return self.store.put([make(sheet)], f"{paper.name.replace('/', '-')}{suffix}")

    def _plan_step(self, step: Step) -> None:
        item = self.items[step.item]
        address = f"{story.SITE}/{step.item.lower()}"

        def approve(session: Session, at: datetime) -> None:
            standing = queries.take_snapshot(session, self.snapshot.assessment, item.id).board(step.on).items[0]
            by = self.account_ids[COMMANDER]
            workflow.approve(session, by=by, item_id=item.id, fingerprint=standing.fingerprint, at=at)

        def publish(session: Session, at: datetime) -> None:
            workflow.publish(session, by=self.account_ids[KEEPER], item_id=item.id, url=address, at=at)

        def file(session: Session, at: datetime) -> None:
            workflow.record_filing(
                session, by=self.account_ids[KEEPER], item_id=item.id, answer=True, url=address,
                explanation=f"เผยแพร่ {item.title} บนเว็บไซต์ของหน่วยงานแล้ว", at=at,
            )  # fmt: skip

        # The commander signs before the working day ends, after the reviews of that day; then it goes online.
        do = {"approve": approve, "publish": publish, "file": file}[step.what]
        self._add(self._between(step.on, (15, 10), (16, 20)), do)

    def _plan_look(self, look: Look) -> None:
        item = self.items[look.item]

        def note(session: Session, at: datetime) -> None:
            words = hashlib.sha256(f"{look.item} {look.words}".encode()).hexdigest()
            found = Found(
                LinkOutcome.reached, status=200, media_type="text/html", size=48_213 + look.words, sha256=words,
                words_sha256=words, names_year=True, certificate_ends=_moment(story.CERTIFICATE, 7, 0),
            ) if look.words else Found(LinkOutcome.refused, "Not Found", 404)  # fmt: skip
            address = f"{story.SITE}/{look.item.lower()}"
            workflow.note_check(session, by=None, item_id=item.id, url=address, found=found, at=at)

        self._add(_moment(look.on, 6, 12, item.id % 60), note)

    def _plan_campaign(self) -> None:
        of: dict[str, Any] = {"assessment_id": self.snapshot.assessment.id, "survey": Survey.iit}

        def begin(session: Session, at: datetime) -> None:
            workflow.set_campaign(session, by=self.account_ids[KEEPER], terms=story.CAMPAIGN, at=at, **of)

        def count(day: date, numbers: Sequence[int], session: Session, at: datetime) -> None:
            counts = dict(zip(story.CAMPAIGN.lines, numbers, strict=True))
            workflow.count_responses(session, by=self.account_ids[KEEPER], day=day, counts=counts, at=at, **of)

        def begin_outside(session: Session, at: datetime) -> None:
            eit2 = of | {"survey": Survey.eit_external}
            workflow.set_campaign(session, by=self.account_ids[KEEPER], terms=story.EXTERNAL, at=at, **eit2)

        def list_stakeholders(session: Session, at: datetime) -> None:
            workflow.import_stakeholders(
                session, [dict(one) for one in story.STAKEHOLDERS], load_form(), by=self.account_ids[KEEPER],
                assessment_id=self.snapshot.assessment.id, keep_days=0, at=at,
            )  # fmt: skip

        self._add(_moment(date(2025, 1, 6), 10, 20), begin)
        self._add(_moment(date(2025, 1, 6), 10, 40), begin_outside)
        self._add(_moment(date(2025, 2, 10), 14, 5), list_stakeholders)
        for day, numbers in story.RESPONSES.items():
            self._add(_moment(day, 16, 25), partial(count, day, numbers))

    def _tick(self, tick: Tick, session: Session, at: datetime) -> None:
        titles = {step.position: step.title for step in self.snapshot.steps}
        workflow.tick_step(
            session, by=self.account_ids[tick.by], assessment_id=self.snapshot.assessment.id, step=tick.step,
            title=titles[tick.step], day=tick.day, note=tick.note, at=at,
        )  # fmt: skip

    # --- meetings -----------------------------------------------------------------------------------------------------

    def _plan_meeting(self, meeting: Meeting) -> None:
        held = 0
        orders = [order for order in story.ORDERS if order.on == meeting.on]

        def begin(session: Session, at: datetime) -> None:
            nonlocal held
            held = workflow.open_meeting(
                session, by=self.account_ids[meeting.by], assessment_id=self.snapshot.assessment.id,
                officer_ids=[self.parties[key].id for key in meeting.there], guests=meeting.guests, at=at,
            )  # fmt: skip

        def end(session: Session, at: datetime) -> None:
            workflow.end_meeting(session, by=self.account_ids[meeting.by], meeting_id=held, at=at)

        self._add(_moment(meeting.on, *meeting.begins), begin)
        for number, order in enumerate(orders):
            self._plan_order(order, meeting, _moment(meeting.on, meeting.begins[0] + 1, number), lambda: held)
        self._add(_moment(meeting.on, *meeting.ends), end)

    def _plan_order(self, order: Order, meeting: Meeting, at: datetime, held: Callable[[], int]) -> None:
        given = 0

        def give(session: Session, at: datetime) -> None:
            nonlocal given
            given = workflow.direct(
                session, by=self.account_ids[meeting.by], assessment_id=self.snapshot.assessment.id, text=order.text,
                party_ids=[self.parties[key].id for key in order.to], due=order.due,
                item_id=self.items[order.item].id if order.item else None, meeting_id=held(), at=at,
            )  # fmt: skip

        def report(session: Session, at: datetime) -> None:
            by = self.account_ids[story.MEMBERS.get(order.to[0], order.to)[0]]
            workflow.report(session, by=by, directive_id=given, note=order.word, at=at)

        def settle(session: Session, at: datetime) -> None:
            workflow.settle(session, by=self.account_ids[COMMANDER], directive_id=given, what=DirectiveStep.done, at=at)

        self._add(at, give)
        if order.reported:
            self._add(self._between(order.reported, (10, 0), (16, 0)), report)
        if order.done:
            self._add(self._between(order.done, (13, 35), (14, 20)), settle)


def _moment(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), BANGKOK)
