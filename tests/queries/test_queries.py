"""Reads: what is kept between them, and that nobody gets what is not theirs."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import access, accounts, audit, db, queries, workflow
from ita_core.access import Actor, ItemPeople
from ita_core.errors import NotFound
from ita_core.evidence.objects import File
from ita_core.models import (
    Account,
    Approval,
    Decision,
    DirectiveStep,
    Duty,
    DutyKind,
    Filing,
    Party,
    PartyKind,
    Phase,
    Publication,
    Role,
    Step,
)
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import load_framework
from ita_core.plan.plan import find_plan, load_plan
from tests.cast import Cast, item_id, people, slots

pytestmark = pytest.mark.both

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)


def kept(engine: sa.Engine) -> queries.Snapshot:
    with db.reading(engine) as session:
        return queries.current_snapshot(session, queries.get_assessment(session))


def hand_in(engine: sa.Engine, cast: Cast) -> int:
    with db.writing(engine) as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), at=NOW,
            slots=slots(session, "O6", period="2025-01", format="pdf"),
            content=File("a" * 64, 1, "application/pdf", "pdf", "a.pdf"),
        )  # fmt: skip


def test_the_snapshot_is_kept_until_something_is_written(engine: sa.Engine, cast: Cast):
    before = kept(engine)
    assert kept(engine) is before
    assert before.board(date(2025, 3, 1)) is before.board(date(2025, 3, 1))
    hand_in(engine, cast)
    after = kept(engine)
    assert after is not before
    assert (len(before.records.hand_ins), len(after.records.hand_ins)) == (0, 1)


def sign_in(session: Session, cast: Cast) -> None:
    ticket = accounts.issue_ticket(session, account_id=cast.usa, now=NOW)
    accounts.enter(session, ticket=ticket, address="10.0.0.7", now=NOW, hours=8)


def fail_to_sign_in(session: Session, _cast: Cast) -> None:
    accounts.note_failure(session, username="usa", address="10.0.0.7", now=NOW)


def speak_english(session: Session, cast: Cast) -> None:
    accounts.set_language(session, account=session.get_one(Account, cast.usa), language="en", now=NOW)


def hold_a_meeting(session: Session, cast: Cast) -> None:
    of = queries.get_assessment(session).id
    meeting = workflow.open_meeting(session, by=cast.commander, assessment_id=of, at=NOW)
    workflow.attend(session, by=cast.commander, meeting_id=meeting, officer_ids=[officer(session, cast.usa)], at=NOW)
    workflow.end_meeting(session, by=cast.commander, meeting_id=meeting, at=NOW)


def give_a_directive(session: Session, cast: Cast) -> None:
    made = workflow.direct(
        session, by=cast.commander, assessment_id=queries.get_assessment(session).id, text="ส่งให้ครบ", at=NOW,
        party_ids=[officer(session, cast.usa)], due=date(2025, 3, 7), item_id=item_id(session, "O6"),
    )  # fmt: skip
    workflow.report(session, by=cast.usa, directive_id=made, at=NOW)
    workflow.settle(session, by=cast.commander, directive_id=made, what=DirectiveStep.done, at=NOW)


def invite(session: Session, _cast: Cast) -> None:
    party = session.exec(select(Party.id).where(Party.key == "phailin")).one()
    made = accounts.create_account(session, by=None, name="ไพลิน", role=Role.officer, party_id=party, now=NOW)
    accounts.invite(session, by=None, account_id=made.id or 0, now=NOW)


def officer(session: Session, account_id: int) -> int:
    return session.get_one(Account, account_id).party_id or 0


Write = Callable[[Session, Cast], None]
ELSEWHERE: list[Write] = [sign_in, fail_to_sign_in, speak_english, hold_a_meeting, give_a_directive, invite]


def read_anew(engine: sa.Engine) -> queries.Snapshot:
    with db.reading(engine) as session:
        return queries.take_snapshot(session, queries.get_assessment(session))


@pytest.mark.parametrize("write", ELSEWHERE)
def test_the_snapshot_is_kept_through_writes_that_touch_nothing_of_it(engine: sa.Engine, cast: Cast, write: Write):
    hand_in(engine, cast)
    before = kept(engine)
    with db.reading(engine) as session:
        head = audit.head(session)
    with db.writing(engine) as session:
        write(session, cast)
    with db.reading(engine) as session:
        assert audit.head(session) != head  # something was written
    assert kept(engine) is before
    assert read_anew(engine) == before


def submit_evidence(session: Session, cast: Cast) -> None:
    keys = slots(session, "O6", period="2025-02", format="pdf")
    content = File("b" * 64, 1, "application/pdf", "pdf", "b.pdf")
    workflow.submit(session, by=cast.usa, item_id=item_id(session, "O6"), slots=keys, content=content, at=NOW)


def review_evidence(session: Session, cast: Cast) -> None:
    [waiting] = queries.list_review_queue(
        session, queries.get_actor(session, cast.khanittha), queries.get_assessment(session).id
    )
    workflow.review(session, by=cast.khanittha, evidence_id=waiting.id, decision=Decision.accepted, at=NOW)


def withdraw_evidence(session: Session, cast: Cast) -> None:
    [waiting] = queries.list_evidence(session, None, queries.get_assessment(session).id)
    workflow.withdraw(session, by=cast.usa, evidence_id=waiting.id, at=NOW)


def apply_another_plan(session: Session, _cast: Cast) -> None:
    rules = load_framework(Path("data/frameworks/immigration-2568.yaml"))
    real = load_plan(find_plan("prachuap-2568"), rules)
    assert apply_plan(session, rules, real.model_copy(update={"measures_close": date(2025, 4, 15)}), at=NOW)[1]


def settle_a_name(session: Session, cast: Cast) -> None:
    party = officer(session, cast.khanittha)
    workflow.confirm_name(session, by=cast.admin, party_id=party, rank="พ.ต.ท.หญิง", name="ชนิษฐา แก้วโสภา", at=NOW)


def change_a_team(session: Session, cast: Cast) -> None:
    team = session.exec(select(Party.id).where(Party.key == "supply")).one()
    members = [officer(session, cast.piyaporn)]
    workflow.set_members(session, by=cast.admin, group_id=team or 0, officer_ids=members, at=NOW)


HERE: list[Write] = [
    submit_evidence, review_evidence, withdraw_evidence, apply_another_plan, settle_a_name, change_a_team,
]  # fmt: skip


@pytest.mark.parametrize("write", HERE)
def test_the_snapshot_is_made_anew_after_a_write_that_changes_it(engine: sa.Engine, cast: Cast, write: Write):
    hand_in(engine, cast)
    before = kept(engine)
    with db.writing(engine) as session:
        write(session, cast)
    after = kept(engine)
    assert after is not before
    assert after != before
    assert after == read_anew(engine)
    assert kept(engine) is after


@pytest.mark.parametrize("order", [1, -1])
def test_one_change_among_many_writes_elsewhere_is_not_missed(engine: sa.Engine, cast: Cast, order: int):
    before = kept(engine)
    for write in [hold_a_meeting, submit_evidence, sign_in][::order]:
        with db.writing(engine) as session:
            write(session, cast)
    with db.writing(engine) as session:
        give_a_directive(session, cast)
    assert kept(engine) != before
    assert kept(engine) == read_anew(engine)


def test_a_write_that_was_rolled_back_is_not_kept(engine: sa.Engine, cast: Cast):
    before = kept(engine)
    with pytest.raises(ZeroDivisionError), db.writing(engine) as session:
        submit_evidence(session, cast)
        assert len(queries.current_snapshot(session, queries.get_assessment(session)).records.hand_ins) == 1
        raise ZeroDivisionError
    with db.writing(engine) as session:
        sign_in(session, cast)
    assert kept(engine) == before == read_anew(engine)


def test_a_database_that_was_put_back_from_a_backup_is_read_anew(filled_sqlite: Path, tmp_path: Path):
    """The entry after the backup has the number of one that is gone."""
    path = tmp_path / "ita.db"
    shutil.copy(filled_sqlite, path)
    engine = db.make_engine(f"sqlite:///{path}")
    with db.writing(engine) as session:
        cast = people(session, NOW)
    engine.dispose()
    shutil.copy(path, tmp_path / "backup.db")
    hand_in(engine, cast)
    assert len(kept(engine).records.hand_ins) == 1
    engine.dispose()
    shutil.copy(tmp_path / "backup.db", path)
    for _ in range(2):  # as many entries as are gone, and one more
        with db.writing(engine) as session:
            sign_in(session, cast)
    assert kept(engine).records.hand_ins == []
    engine.dispose()


def test_what_is_kept_equals_what_is_read_anew(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    with db.reading(engine) as session:
        facts = queries.get_assessment(session)
        assert queries.current_snapshot(session, facts) == queries.take_snapshot(session, facts)


def test_two_databases_do_not_share_what_is_kept(engine: sa.Engine, bare: sa.Engine, cast: Cast):
    from tests.conftest import fill

    fill(bare)
    hand_in(engine, cast)
    assert len(kept(engine).records.hand_ins) == 1
    assert len(kept(bare).records.hand_ins) == 0


@pytest.mark.parametrize(
    ("who", "role", "seen"),
    [("commander", Role.commander, 44), ("viewer", Role.viewer, 44), ("admin", Role.admin, 44),
     ("itap", Role.officer, 44), ("piyaporn", Role.officer, 1), ("usa", Role.officer, 4)],
)  # fmt: skip
def test_everybody_sees_the_items_that_are_theirs(engine: sa.Engine, cast: Cast, who: str, role: Role, seen: int):
    with db.reading(engine) as session:
        actor = queries.get_actor(session, getattr(cast, who))
        assert actor.role is role
    assert len(kept(engine).visible_to(actor).items) == seen


def test_records_of_other_items_are_not_in_what_an_officer_sees(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    with db.reading(engine) as session:
        piyaporn = queries.get_actor(session, cast.piyaporn)
        facts = queries.get_assessment(session)
        assert queries.list_evidence(session, piyaporn, facts.id) == []
        assert len(queries.list_evidence(session, None, facts.id)) == 1
        with pytest.raises(NotFound):
            queries.get_item_detail(session, piyaporn, facts, "O6")
    assert kept(engine).visible_to(piyaporn).records.hand_ins == []


def test_an_assessment_can_be_named(engine: sa.Engine):
    with db.reading(engine) as session:
        assert (
            queries.get_assessment(session, "prachuap-2568")
            == queries.get_assessment(session)
            == queries.get_assessment(session, "2568")
        )
        with pytest.raises(NotFound):
            queries.get_assessment(session, "2569")


def test_the_calendar_has_the_documents_people(engine: sa.Engine):
    with db.reading(engine) as session:
        steps = queries.list_steps(session, queries.get_assessment(session).id)
    assert len(steps) == 14
    assert steps[4].preparers == ("ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ",)
    assert (steps[7].supervisors, steps[7].preparers) == ((), ())


def test_who_supervises_has_a_queue_and_who_does_not_has_none(engine: sa.Engine, cast: Cast):
    made = hand_in(engine, cast)
    with db.reading(engine) as session:
        of = queries.get_assessment(session).id
        assert [
            one.id for one in queries.list_review_queue(session, queries.get_actor(session, cast.khanittha), of)
        ] == [made]
        assert queries.list_review_queue(session, queries.get_actor(session, cast.commander), of) == []
        assert queries.has_duties(session, queries.get_actor(session, cast.khanittha), of) == (False, True)
        assert queries.has_duties(session, Actor(1, Role.viewer), of) == (False, False)


def test_an_items_people_are_named_in_the_documents_order(engine: sa.Engine):
    data = kept(engine)
    o9 = next(item for item in data.items if item.code == "O9")
    assert [person.full for person in data.named(o9.id, DutyKind.supervise)] == ["พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"]


def test_the_same_duties_give_the_same_part_of_the_snapshot(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    data = kept(engine)
    with db.reading(engine) as session:
        usa, pattama = (queries.get_actor(session, who) for who in (cast.usa, cast.pattama))
    assert data.visible_to(usa) is data.visible_to(usa)
    assert data.visible_to(usa) is data.visible_to(Actor(999, Role.officer, usa.officer_id))
    assert data.visible_to(usa) is not data.visible_to(pattama)
    assert data.visible_to(usa).board(date(2025, 3, 1)) is data.visible_to(usa).board(date(2025, 3, 1))
    assert data.visible_to(Actor(1, Role.viewer)) is data


def test_nobody_sees_more_of_the_snapshot_than_they_may_read(engine: sa.Engine, cast: Cast):
    """Every officer of the plan, with a record of every kind on every item."""
    with db.writing(engine) as session:
        submit_evidence(session, cast)
        for item in queries.take_snapshot(session, queries.get_assessment(session)).items:
            session.add(Approval(item_id=item.id, account_id=cast.commander, fingerprint="x", at=NOW))
            session.add(Publication(item_id=item.id, account_id=cast.itap, url="https://x.example", at=NOW))
            session.add(Filing(item_id=item.id, account_id=cast.itap, answer=True, url="https://x.example", at=NOW))
    data = read_anew(engine)
    officers = [person.id for person in data.people.values() if person.kind is PartyKind.officer]
    assert len(officers) == 17
    for who in (Actor(1, Role.officer, officer_id) for officer_id in officers):
        part = data.visible_to(who)
        may = [item for item in data.items if access.may_read(who, ItemPeople(item.preparers, item.supervisors))]
        assert list(part.items) == may
        mine = {item.id for item in may}
        records = part.records
        for events in (records.approvals, records.publications, records.filings):
            assert {event.item_id for event in events} == mine
        assert {hand_in.item_id for hand_in in records.hand_ins} <= mine
        board = part.board(date(2025, 3, 1))
        assert [standing.item.code for standing in board.items] == [item.code for item in may]
    assert data.visible_to(Actor(1, Role.officer)).items == ()  # an officer's account without an officer


# --- how much is asked of the database -------------------------------------------------------------------------------


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, but for the beginning of transactions."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


def more_meetings(session: Session, cast: Cast, count: int) -> None:
    of = queries.get_assessment(session).id
    there = [officer(session, who) for who in (cast.usa, cast.pattama, cast.pramote)]
    for number in range(count):
        at = NOW + timedelta(days=number)
        made = workflow.open_meeting(session, by=cast.commander, assessment_id=of, officer_ids=there, at=at)
        workflow.end_meeting(session, by=cast.commander, meeting_id=made, at=at)


def more_directives(session: Session, cast: Cast, count: int) -> None:
    for _ in range(count):
        give_a_directive(session, cast)


def more_steps(session: Session, cast: Cast, count: int) -> None:
    phase, usa = session.exec(select(Phase.id)).first(), officer(session, cast.usa)
    last = session.exec(select(Step.position).order_by(col(Step.position).desc())).first() or 0
    day = date(2025, 1, 1)
    for number in range(last + 1, last + count + 1):
        step = Step(
            phase_id=phase or 0, position=number, title="x", work="y", starts=day, ends=day, first_starts=day,
            first_ends=day,
        )  # fmt: skip
        session.add(step)
        session.flush()
        session.add(Duty(party_id=usa, step_id=step.id, kind=DutyKind.prepare, position=1))


@pytest.mark.parametrize(
    ("read", "add"),
    [
        (queries.list_meetings, more_meetings),
        (queries.list_directives, more_directives),
        (queries.list_steps, more_steps),
    ],
)
def test_more_rows_ask_no_more_of_the_database(
    engine: sa.Engine, cast: Cast, read: Callable[[Session, int], list[object]], add: Callable[..., None]
):
    with db.writing(engine) as session:
        add(session, cast, 1)
    rows, asked = [], []
    for _ in range(2):
        with db.reading(engine) as session:
            of = queries.get_assessment(session).id
            with statements(engine) as during:
                rows.append(len(read(session, of)))
            asked.append(during)
        with db.writing(engine) as session:
            add(session, cast, 12)
    assert rows[1] == rows[0] + 12
    assert len(asked[0]) == len(asked[1]) <= 5
