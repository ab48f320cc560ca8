"""What is kept between reads, and that it is never older than what was written."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import accounts, audit, db, queries, workflow
from ita_core.access import Actor
from ita_core.models import Account, Decision, Party, Role
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import load_framework
from ita_core.plan.plan import find_plan, load_plan
from tests.cast import Cast, actor, office, people
from tests.queries.writes import NOW, give_a_directive, hand_in, kept, officer, read_anew, submit_evidence

pytestmark = pytest.mark.both


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


def invite(session: Session, _cast: Cast) -> None:
    person = session.exec(select(Party.person_id).where(Party.key == "phailin")).one()
    made = accounts.create_account(
        session, office_id=office(session), by=None, name="ไพลิน", role=Role.officer, person_id=person, now=NOW
    )
    accounts.invite(session, by=None, account_id=made.id or 0, now=NOW)


Write = Callable[[Session, Cast], None]
ELSEWHERE: list[Write] = [sign_in, fail_to_sign_in, speak_english, hold_a_meeting, give_a_directive, invite]


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


def review_evidence(session: Session, cast: Cast) -> None:
    [waiting] = queries.list_review_queue(session, actor(session, cast.khanittha), queries.get_assessment(session).id)
    workflow.review(session, by=cast.khanittha, evidence_id=waiting.id, decision=Decision.accepted, at=NOW)


def withdraw_evidence(session: Session, cast: Cast) -> None:
    [waiting] = queries.list_evidence(session, None, queries.get_assessment(session).id)
    workflow.withdraw(session, by=cast.usa, evidence_id=waiting.id, at=NOW)


def apply_another_plan(session: Session, _cast: Cast) -> None:
    rules = load_framework(Path("data/frameworks/immigration-2568.yaml"))
    real = load_plan(find_plan("prachuap-2568"), rules)
    assert apply_plan(session, rules, real.model_copy(update={"measures_close": date(2025, 4, 15)}), at=NOW).changed


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


def test_the_same_duties_give_the_same_part_of_the_snapshot(engine: sa.Engine, cast: Cast):
    hand_in(engine, cast)
    data = kept(engine)
    with db.reading(engine) as session:
        usa, pattama = (actor(session, who) for who in (cast.usa, cast.pattama))
    assert data.visible_to(usa) is data.visible_to(usa)
    assert data.visible_to(usa) is data.visible_to(Actor(999, Role.officer, usa.officer_id))
    assert data.visible_to(usa) is not data.visible_to(pattama)
    assert data.visible_to(usa).board(date(2025, 3, 1)) is data.visible_to(usa).board(date(2025, 3, 1))
    assert data.visible_to(Actor(1, Role.viewer)) is data
