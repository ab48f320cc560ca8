"""Meetings: opened once a day, who was there, and when they end."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, queries, workflow
from ita_core.errors import BadText, MeetingOver, NotFound
from ita_core.models import Party
from tests.cast import Cast
from tests.workflow.commanding import (
    COMMANDS,
    DAY,
    HOUR,
    NOW,
    Act,
    There,
    actions,
    give,
    here,
    meet,
    officer,
    party,
    state_of,
)


@pytest.mark.both
def test_a_meeting_keeps_who_was_there_and_when_it_ended(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = meet(session, cast, cast.usa, cast.khanittha, guests=" ผู้แทนจังหวัด ")
        [open_now] = queries.list_meetings(session, here(session))
        assert (open_now.id, open_now.at, open_now.ended_at, open_now.shown_at) == (made, NOW, None, NOW)
        workflow.end_meeting(session, by=cast.commander, meeting_id=made, at=NOW + HOUR)
    with db.reading(engine) as session:
        [over] = queries.list_meetings(session, here(session))
        assert set(over.officers) == {officer(session, cast.usa), officer(session, cast.khanittha)}
        assert (over.guests, over.by, over.day) == ("ผู้แทนจังหวัด", "เทียนชัย ชมภู", DAY)
        assert over.ended_at == over.shown_at == NOW + HOUR


@pytest.mark.both
def test_who_is_at_a_meeting_can_be_said_again_while_it_goes_on(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = meet(session, cast, cast.usa, guests="ผู้แทนจังหวัด")
        again = [officer(session, cast.usa), officer(session, cast.pramote), officer(session, cast.pramote)]
        workflow.attend(session, by=cast.commander, meeting_id=made, officer_ids=again, at=NOW)
        [now] = queries.list_meetings(session, here(session))
        assert (set(now.officers), len(now.officers), now.guests) == (set(again), 2, "")


def test_a_meeting_opened_twice_on_one_day_is_one_meeting(engine: sa.Engine, cast: Cast):
    """Two browsers in the room, and the first hours of a Thai day, which are still yesterday in UTC."""
    with db.writing(engine) as session:
        made = {meet(session, cast, cast.usa, at=NOW + shift) for shift in (timedelta(), HOUR, -9 * HOUR, 13 * HOUR)}
        assert len(made) == 1
        assert len(queries.list_meetings(session, here(session))[0].officers) == 1
        assert [action for _who, action, _what in actions(session)] == ["meeting.open"]


@pytest.mark.both
def test_a_meeting_opened_twice_at_the_same_moment_is_one_meeting(engine: sa.Engine, cast: Cast):
    made: list[int] = []
    ready = threading.Barrier(4)

    def begin() -> None:
        ready.wait()
        with db.writing(engine) as session:
            made.append(meet(session, cast))

    openers = [threading.Thread(target=begin) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    assert (len(made), len(set(made))) == (4, 1)


def test_another_day_or_a_meeting_that_has_ended_makes_another_meeting(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        first = meet(session, cast)
        midnight = meet(session, cast, at=NOW + 14 * HOUR)
        workflow.end_meeting(session, by=cast.commander, meeting_id=first, at=NOW + HOUR)
        afternoon = meet(session, cast, at=NOW + 4 * HOUR)
        assert [found.id for found in queries.list_meetings(session, here(session))] == [midnight, afternoon, first]


def test_an_ended_meeting_takes_nothing_more(engine: sa.Engine, cast: Cast, there: There):
    with db.writing(engine) as session:
        workflow.end_meeting(session, by=cast.commander, meeting_id=there.meeting, at=NOW)
    before = state_of(engine)
    late: list[Act] = [
        COMMANDS["attend"],
        COMMANDS["end_meeting"],
        lambda session, _by, there: give(session, cast, meeting_id=there.meeting),
    ]
    for act in late:
        with pytest.raises(MeetingOver), db.writing(engine) as session:
            act(session, cast.commander, there)
    assert state_of(engine) == before


def test_only_officers_attend_and_a_guest_has_a_readable_name(engine: sa.Engine, cast: Cast, there: There):
    before = state_of(engine)
    with db.reading(engine) as session:
        team = party(session, "งานส่งกำลังบำรุง")
    for wrong, refusal in (([team], NotFound), ([there.usa, 999_999], NotFound)):
        with pytest.raises(refusal), db.writing(engine) as session:
            workflow.attend(session, by=cast.commander, meeting_id=there.meeting, officer_ids=wrong, at=NOW)
        with pytest.raises(refusal), db.writing(engine) as session:
            workflow.open_meeting(
                session, by=cast.commander, assessment_id=there.assessment, officer_ids=wrong, at=NOW + 24 * HOUR
            )
    with pytest.raises(BadText), db.writing(engine) as session:
        meet(session, cast, guests="ผู้แทน\u202e", at=NOW + 24 * HOUR)
    with pytest.raises(BadText), db.writing(engine) as session:
        workflow.attend(session, by=cast.commander, meeting_id=there.meeting, officer_ids=[], guests="\a", at=NOW)
    assert state_of(engine) == before


def test_a_meeting_of_an_assessment_that_does_not_exist_is_not_found(engine: sa.Engine, cast: Cast):
    with pytest.raises(NotFound), db.writing(engine) as session:
        workflow.open_meeting(session, by=cast.commander, assessment_id=999_999, at=NOW)


def test_meetings_and_directives_stay_in_their_year(engine: sa.Engine, cast: Cast, last_year: int):
    with db.writing(engine) as session:
        meeting, made = meet(session, cast), give(session, cast)
        assert (queries.list_meetings(session, last_year), queries.list_directives(session, last_year)) == ([], [])
        again = workflow.open_meeting(session, by=cast.commander, assessment_id=last_year, at=NOW)
        assert [found.id for found in queries.list_meetings(session, last_year)] == [again]
        assert [found.id for found in queries.list_meetings(session, here(session))] == [meeting]
        assert [found.id for found in queries.list_directives(session, here(session))] == [made]


def test_nobody_of_another_year_attends_a_meeting(engine: sa.Engine, cast: Cast, last_year: int):
    with db.writing(engine) as session:
        stranger = session.exec(select(Party.id).where(Party.assessment_id == last_year, Party.key == "usa")).one()
        assert stranger is not None
        made = meet(session, cast)
    with pytest.raises(NotFound), db.writing(engine) as session:
        workflow.attend(session, by=cast.commander, meeting_id=made, officer_ids=[stranger], at=NOW)
    with pytest.raises(NotFound), db.writing(engine) as session:
        workflow.open_meeting(
            session, by=cast.commander, assessment_id=here(session), officer_ids=[stranger], at=NOW + 24 * HOUR
        )
