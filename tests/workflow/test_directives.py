"""What the commander ordered: its states, the use cases of meetings and directives, and whom each refuses."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import audit, db, queries, workflow
from ita_core.board import directives
from ita_core.board.directives import DirectiveFacts, DirectiveState, Happening
from ita_core.errors import (
    AlreadySettled,
    BadText,
    DueBefore,
    MeetingOver,
    NobodyGiven,
    NotFound,
    NotYours,
    Refused,
    TextMissing,
)
from ita_core.models import Account, Assessment, AuditEntry, Directive, DirectiveStep, Meeting, Party
from ita_core.plan.apply import WorkHangsOn, apply_plan
from ita_core.plan.framework import load_framework
from ita_core.plan.plan import find_plan, load_plan
from tests.cast import Cast, item_id

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)  # ten in the morning in Thailand
HOUR = timedelta(hours=1)
DAY = date(2025, 2, 27)
DUE = date(2025, 3, 7)


# --- states ----------------------------------------------------------------------------------------------------------


def given_on(day: date, due: date = DUE, *happenings: tuple[DirectiveStep, date], number: int = 1) -> DirectiveFacts:
    """A directive of nine in the morning, with what became of it at noon of each day."""

    def at(when: date, hour: int) -> datetime:
        return datetime(when.year, when.month, when.day, hour - 7, tzinfo=UTC)

    became = tuple(Happening(what, "ผกก.", at(when, 12)) for what, when in happenings)
    return DirectiveFacts(number, "ส่งรายงาน", due, "ผกก.", at(day, 9), (1,), (1,), became)


REPORTED, DONE, CANCELLED, REOPENED = (
    DirectiveStep.reported, DirectiveStep.done, DirectiveStep.cancelled, DirectiveStep.reopened,
)  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], DirectiveState.open),
        ([REPORTED], DirectiveState.reported),
        ([REPORTED, DONE], DirectiveState.done),
        ([DONE], DirectiveState.done),
        ([CANCELLED], DirectiveState.cancelled),
        ([DONE, REOPENED], DirectiveState.open),
        ([REPORTED, REOPENED], DirectiveState.open),
        ([CANCELLED, REOPENED, REPORTED], DirectiveState.reported),
    ],
)
def test_the_last_thing_that_happened_to_a_directive_is_its_state(steps: list[DirectiveStep], state: DirectiveState):
    assert given_on(DAY, DUE, *[(step, DAY) for step in steps]).state() is state


def test_a_directive_is_late_from_the_day_after_it_was_due():
    one = given_on(DAY)
    assert [one.days_late(DUE + timedelta(days=days)) for days in (-1, 0, 1, 9)] == [0, 0, 1, 9]


@pytest.mark.parametrize(("step", "late"), [(REPORTED, 0), (DONE, 0), (CANCELLED, 0), (REOPENED, 3)])
def test_what_is_said_to_be_done_or_settled_is_late_no_more(step: DirectiveStep, late: int):
    assert given_on(DAY, DUE, (step, DAY)).days_late(DUE + timedelta(days=3)) == late


def test_a_directive_stands_as_it_stood_just_before_a_moment():
    one = given_on(DAY, DUE, (REPORTED, DUE), (DONE, DUE + timedelta(days=1)))

    def then(moment: datetime) -> list[DirectiveState]:
        return [known.state() for known in directives.as_of([one], moment)]

    assert then(one.at) == []
    assert then(one.at + HOUR) == [DirectiveState.open]
    assert then(one.happenings[0].at) == [DirectiveState.open]
    assert then(one.happenings[1].at) == [DirectiveState.reported]
    assert then(one.happenings[1].at + HOUR) == [DirectiveState.done]


def test_without_a_moment_everything_is_known():
    one = given_on(DAY, DUE, (DONE, DUE))
    assert directives.as_of([one], None) == [one]


def test_the_open_ones_come_by_the_day_they_are_due():
    later, done, sooner, reported = (
        given_on(DAY, DUE, number=1),
        given_on(DAY, DAY, (DONE, DAY), number=2),
        given_on(DAY, DAY, number=3),
        given_on(DAY, DAY, (REPORTED, DAY), number=4),
    )
    assert [one.id for one in directives.still_open([later, done, reported, sooner])] == [3, 4, 1]


# --- what the use cases do -------------------------------------------------------------------------------------------


def officer(session: Session, account_id: int) -> int:
    """The party of somebody of the cast."""
    found = session.get_one(Account, account_id).party_id
    assert found is not None
    return found


def party(session: Session, name: str) -> int:
    found = session.exec(select(Party.id).where(Party.name == name)).one()
    assert found is not None
    return found


def here(session: Session) -> int:
    return queries.get_assessment(session).id


def meet(session: Session, cast: Cast, *there: int, at: datetime = NOW, **more: object) -> int:
    officers = [officer(session, one) for one in there]
    return workflow.open_meeting(
        session, by=cast.commander, assessment_id=here(session), officer_ids=officers, at=at, **more
    )


def give(session: Session, cast: Cast, *parties: int, **more: object) -> int:
    """A directive of the commander, to Usa where nobody else is named."""
    facts: dict[str, object] = {
        "by": cast.commander, "assessment_id": here(session), "text": "ส่งรายงานเดือน ก.พ. ให้ครบ", "due": DUE, "at": NOW,
        "party_ids": parties or [officer(session, cast.usa)],
    }  # fmt: skip
    return workflow.direct(session, **(facts | more))


def directive(session: Session, directive_id: int) -> DirectiveFacts:
    return next(found for found in queries.list_directives(session, here(session)) if found.id == directive_id)


def seen_by(session: Session, account_id: int) -> list[int]:
    return [
        found.id for found in queries.list_directives(session, here(session), queries.get_actor(session, account_id))
    ]


def actions(session: Session) -> list[tuple[str, str, str]]:
    """Who did what to which, of meetings and directives."""
    entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
    return [
        (entry.actor, entry.action, entry.subject)
        for entry in entries
        if entry.action.startswith(("meeting.", "directive."))
    ]


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


@pytest.mark.both
def test_a_directive_keeps_to_whom_on_what_by_when_and_in_which_meeting(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        chief = party(session, "ผกก.ตม.จว.ประจวบคีรีขันธ์")
        meeting, usa = meet(session, cast), officer(session, cast.usa)
        made = give(
            session, cast, usa, chief, usa, item_id=item_id(session, "O6"), meeting_id=meeting, text=" ส่งให้ครบ "
        )
    with db.reading(engine) as session:
        kept = directive(session, made)
        assert (kept.text, kept.due, kept.by, kept.at) == ("ส่งให้ครบ", DUE, "เทียนชัย ชมภู", NOW)
        assert (kept.meeting_id, kept.item_code, set(kept.parties)) == (meeting, "O6", {usa, chief})
        both = {officer(session, cast.commander), party(session, "เศรษฐภัทร ณ สงขลา")}  # who act for the post
        assert set(kept.officers) == {usa, *both}
        assert kept.state() is DirectiveState.open


def test_a_directive_may_be_due_the_same_day_and_given_outside_a_meeting(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        kept = directive(session, give(session, cast, due=DAY))
        assert (kept.due, kept.meeting_id, kept.item_code) == (DAY, None, "")


@pytest.mark.both
def test_a_directive_is_reported_agreed_to_and_opened_again(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        made = give(session, cast)
        workflow.report(session, by=cast.usa, directive_id=made, note=" ส่งแล้ว ", at=NOW + HOUR)
        assert directive(session, made).state() is DirectiveState.reported
        for hours, what in ((2, DONE), (3, REOPENED), (4, CANCELLED), (5, REOPENED)):
            workflow.settle(session, by=cast.commander, directive_id=made, what=what, at=NOW + hours * HOUR)
    with db.reading(engine) as session:
        found = directive(session, made).happenings
        assert [became.what for became in found] == [REPORTED, DONE, REOPENED, CANCELLED, REOPENED]
        assert (found[0].by, found[0].note, found[0].at) == ("อุษา มีนาม", "ส่งแล้ว", NOW + HOUR)
        assert found[1].by == "เทียนชัย ชมภู"
        assert directive(session, made).state() is DirectiveState.open


@pytest.mark.both
def test_every_act_stands_once_in_the_audit_and_the_chain_holds(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        meeting = meet(session, cast)
        workflow.attend(
            session, by=cast.commander, meeting_id=meeting, officer_ids=[officer(session, cast.usa)], at=NOW
        )
        made = give(session, cast, meeting_id=meeting)
        workflow.report(session, by=cast.usa, directive_id=made, note="ส่งแล้ว", at=NOW)
        for what in (DONE, REOPENED, CANCELLED):
            workflow.settle(session, by=cast.commander, directive_id=made, what=what, at=NOW)
        workflow.end_meeting(session, by=cast.commander, meeting_id=meeting, at=NOW)
    commander, it, that = "เทียนชัย ชมภู", f"directive {made}", f"meeting {meeting}"
    with db.reading(engine) as session:
        assert actions(session) == [
            (commander, "meeting.open", that),
            (commander, "meeting.attend", that),
            (commander, "directive.give", it),
            ("อุษา มีนาม", "directive.reported", it),
            (commander, "directive.done", it),
            (commander, "directive.reopened", it),
            (commander, "directive.cancelled", it),
            (commander, "meeting.end", that),
        ]
        assert audit.faults(session) == []
        given = session.exec(select(AuditEntry).where(AuditEntry.action == "directive.give")).one()
        assert given.detail == {
            "text": "ส่งรายงานเดือน ก.พ. ให้ครบ", "due": "2025-03-07", "parties": ["usa"], "item": "", "meeting": meeting,
        }  # fmt: skip


# --- who sees them ---------------------------------------------------------------------------------------------------


def test_an_officer_sees_only_the_directives_given_to_them(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        usas, both = (
            give(session, cast),
            give(session, cast, *(officer(session, who) for who in (cast.usa, cast.pattama))),
        )
        assert seen_by(session, cast.usa) == [usas, both]
        assert seen_by(session, cast.pattama) == [both]
        assert seen_by(session, cast.khanittha) == seen_by(session, cast.piyaporn) == []
        for who in (cast.commander, cast.admin, cast.viewer):
            assert seen_by(session, who) == [usas, both]
        assert [found.id for found in queries.list_directives(session, here(session))] == [usas, both]


@pytest.mark.both
def test_a_member_of_a_team_or_post_sees_what_was_given_to_it_and_no_longer_when_they_leave(
    engine: sa.Engine, cast: Cast
):
    with db.writing(engine) as session:
        team, inspector = party(session, "งานส่งกำลังบำรุง"), party(session, "สว.ตม.จว.ประจวบคีรีขันธ์")
        teams, posts = give(session, cast, team), give(session, cast, inspector)
        assert seen_by(session, cast.piyaporn) == []
        piyaporn = officer(session, cast.piyaporn)
        for group in (team, inspector):
            workflow.set_members(session, by=cast.admin, group_id=group, officer_ids=[piyaporn], at=NOW)
        assert seen_by(session, cast.piyaporn) == [teams, posts]
        workflow.report(session, by=cast.piyaporn, directive_id=teams, at=NOW)
        assert directive(session, teams).state() is DirectiveState.reported
        workflow.set_members(session, by=cast.admin, group_id=team, officer_ids=[], at=NOW)
        assert seen_by(session, cast.piyaporn) == [posts]
        with pytest.raises(NotFound):
            workflow.report(session, by=cast.piyaporn, directive_id=teams, at=NOW)


# --- who is refused --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class There:
    """What stands before a refused act: a meeting that goes on, and an open directive to Usa."""

    assessment: int
    meeting: int
    directive: int
    usa: int


@pytest.fixture
def there(engine: sa.Engine, cast: Cast) -> There:
    with db.writing(engine) as session:
        meeting = meet(session, cast)
        return There(here(session), meeting, give(session, cast, meeting_id=meeting), officer(session, cast.usa))


Act = Callable[[Session, int, There], object]
COMMANDS: dict[str, Act] = {
    "open_meeting": lambda session, by, there: workflow.open_meeting(
        session, by=by, assessment_id=there.assessment, at=NOW
    ),
    "attend": lambda session, by, there: workflow.attend(
        session, by=by, meeting_id=there.meeting, officer_ids=[there.usa], at=NOW
    ),
    "end_meeting": lambda session, by, there: workflow.end_meeting(session, by=by, meeting_id=there.meeting, at=NOW),
    "direct": lambda session, by, there: workflow.direct(
        session, by=by, assessment_id=there.assessment, text="ส่ง", party_ids=[there.usa], due=DUE, at=NOW
    ),
    "settle": lambda session, by, there: workflow.settle(
        session, by=by, directive_id=there.directive, what=DONE, at=NOW
    ),
}


def state_of(engine: sa.Engine) -> tuple[object, ...]:
    """Everything of meetings and directives, and the end of the record."""
    with db.reading(engine) as session:
        of = here(session)
        return queries.list_meetings(session, of), queries.list_directives(session, of), audit.head(session)


@pytest.mark.parametrize("act", COMMANDS)
def test_nobody_but_the_commander_holds_meetings_and_gives_directives(
    engine: sa.Engine, cast: Cast, there: There, act: str
):
    before = state_of(engine)
    for who in ("usa", "khanittha", "piyaporn", "itap", "admin", "viewer"):
        with pytest.raises(NotYours), db.writing(engine) as session:
            COMMANDS[act](session, getattr(cast, who), there)
    assert state_of(engine) == before


@pytest.mark.parametrize("act", COMMANDS)
def test_a_commander_whose_account_was_disabled_commands_nothing(engine: sa.Engine, cast: Cast, there: There, act: str):
    with db.writing(engine) as session:
        session.get_one(Account, cast.commander).disabled = True
    before = state_of(engine)
    with pytest.raises(NotFound), db.writing(engine) as session:
        COMMANDS[act](session, cast.commander, there)
    assert state_of(engine) == before


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("pattama", NotFound), ("piyaporn", NotFound), ("khanittha", NotFound), ("commander", NotYours),
     ("admin", NotYours), ("viewer", NotYours)],
)  # fmt: skip
def test_who_was_not_given_a_directive_does_not_report_it_nor_learn_of_it(
    engine: sa.Engine, cast: Cast, there: There, who: str, refusal: type[Refused]
):
    before = state_of(engine)
    with pytest.raises(Refused) as told, db.writing(engine) as session:
        workflow.report(session, by=getattr(cast, who), directive_id=there.directive, at=NOW)
    assert told.type is refusal
    assert state_of(engine) == before


def test_an_officer_whose_account_was_disabled_reports_nothing(engine: sa.Engine, cast: Cast, there: There):
    with db.writing(engine) as session:
        session.get_one(Account, cast.usa).disabled = True
    before = state_of(engine)
    with pytest.raises(NotFound), db.writing(engine) as session:
        workflow.report(session, by=cast.usa, directive_id=there.directive, at=NOW)
    assert state_of(engine) == before


def test_the_commander_agrees_but_does_not_report_in_an_officers_name(engine: sa.Engine, cast: Cast, there: There):
    before = state_of(engine)
    with pytest.raises(NotYours), db.writing(engine) as session:
        workflow.settle(session, by=cast.commander, directive_id=there.directive, what=REPORTED, at=NOW)
    assert state_of(engine) == before


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"text": " \n "}, TextMissing),
        ({"text": "ส่ง\0"}, BadText),
        ({"text": "ก" * 4001}, BadText),
        ({"party_ids": []}, NobodyGiven),
        ({"party_ids": [999_999]}, NotFound),
        ({"due": date(2025, 2, 26)}, DueBefore),
        ({"item_id": 999_999}, NotFound),
        ({"meeting_id": 999_999}, NotFound),
        ({"assessment_id": 999_999}, NotFound),
    ],
)  # fmt: skip
def test_a_directive_that_cannot_be_given_is_refused_and_leaves_nothing(
    engine: sa.Engine, cast: Cast, wrong: dict[str, object], refusal: type[Refused]
):
    before = state_of(engine)
    with pytest.raises(refusal), db.writing(engine) as session:
        give(session, cast, **wrong)
    assert state_of(engine) == before


@pytest.mark.both
def test_one_unknown_party_among_known_ones_refuses_the_directive(engine: sa.Engine, cast: Cast):
    before = state_of(engine)
    with pytest.raises(NotFound), db.writing(engine) as session:
        give(session, cast, officer(session, cast.usa), 999_999)
    assert state_of(engine) == before


def test_the_day_by_which_it_is_to_be_done_is_a_day_in_thailand(engine: sa.Engine, cast: Cast):
    """At seven in the evening in UTC the next day has begun here."""
    with db.writing(engine) as session, pytest.raises(DueBefore, match=r"27 Feb 2025, but that day is over"):
        give(session, cast, due=DAY, at=NOW + 16 * HOUR)


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


@pytest.mark.both
def test_what_does_not_exist_is_not_found(engine: sa.Engine, cast: Cast):
    for act in ("attend", "end_meeting", "settle"):
        with pytest.raises(NotFound), db.writing(engine) as session:
            COMMANDS[act](session, cast.commander, There(here(session), 999_999, 999_999, officer(session, cast.usa)))
    for who in (cast.usa, cast.commander):
        with pytest.raises(NotFound), db.writing(engine) as session:
            workflow.report(session, by=who, directive_id=999_999, at=NOW)


def test_a_meeting_of_an_assessment_that_does_not_exist_is_not_found(engine: sa.Engine, cast: Cast):
    with pytest.raises(NotFound), db.writing(engine) as session:
        workflow.open_meeting(session, by=cast.commander, assessment_id=999_999, at=NOW)


@pytest.mark.parametrize("first", [DONE, CANCELLED])
def test_what_is_settled_is_only_opened_again(engine: sa.Engine, cast: Cast, there: There, first: DirectiveStep):
    with db.writing(engine) as session:
        workflow.settle(session, by=cast.commander, directive_id=there.directive, what=first, at=NOW)
    before = state_of(engine)
    for what in (DONE, CANCELLED):
        with pytest.raises(AlreadySettled), db.writing(engine) as session:
            workflow.settle(session, by=cast.commander, directive_id=there.directive, what=what, at=NOW)
    with pytest.raises(AlreadySettled), db.writing(engine) as session:
        workflow.report(session, by=cast.usa, directive_id=there.directive, at=NOW)
    assert state_of(engine) == before
    with db.writing(engine) as session:
        workflow.settle(session, by=cast.commander, directive_id=there.directive, what=REOPENED, at=NOW)
        workflow.report(session, by=cast.usa, directive_id=there.directive, at=NOW)
        assert directive(session, there.directive).state() is DirectiveState.reported


@pytest.mark.both
def test_of_two_decisions_at_once_one_wins_and_the_other_is_told(engine: sa.Engine, cast: Cast, there: There):
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def decide(what: DirectiveStep) -> None:
        ready.wait()
        try:
            with db.writing(engine) as session:
                workflow.settle(session, by=cast.commander, directive_id=there.directive, what=what, at=NOW)
            outcomes.append("won")
        except AlreadySettled:
            outcomes.append("told")

    both = [threading.Thread(target=decide, args=(what,)) for what in (DONE, CANCELLED)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["told", "won"]
    with db.reading(engine) as session:
        assert len(directive(session, there.directive).happenings) == 1
        assert audit.faults(session) == []


@pytest.mark.both
def test_a_note_that_cannot_be_kept_is_refused(engine: sa.Engine, cast: Cast, there: There):
    before = state_of(engine)
    with pytest.raises(BadText), db.writing(engine) as session:
        workflow.report(session, by=cast.usa, directive_id=there.directive, note="เสร็จ\0", at=NOW)
    with pytest.raises(BadText), db.writing(engine) as session:
        workflow.settle(session, by=cast.commander, directive_id=there.directive, what=DONE, note="\ud800", at=NOW)
    assert state_of(engine) == before


# --- two years of one office -----------------------------------------------------------------------------------------


@pytest.fixture
def last_year(engine: sa.Engine) -> int:
    """The assessment of the year before, with the same people and items in rows of their own."""
    rules = load_framework(Path("data/frameworks/immigration-2568.yaml"))
    chosen = load_plan(find_plan("prachuap-2568"), rules).model_copy(update={"fiscal_year": 2567})
    with db.writing(engine) as session:
        made = apply_plan(session, rules, chosen, at=NOW)[0].id
        assert made is not None
        return made


def test_meetings_and_directives_stay_in_their_year(engine: sa.Engine, cast: Cast, last_year: int):
    with db.writing(engine) as session:
        meeting, made = meet(session, cast), give(session, cast)
        assert (queries.list_meetings(session, last_year), queries.list_directives(session, last_year)) == ([], [])
        again = workflow.open_meeting(session, by=cast.commander, assessment_id=last_year, at=NOW)
        assert [found.id for found in queries.list_meetings(session, last_year)] == [again]
        assert [found.id for found in queries.list_meetings(session, here(session))] == [meeting]
        assert [found.id for found in queries.list_directives(session, here(session))] == [made]


@pytest.mark.parametrize("what", ["party", "item", "meeting"])
def test_nothing_of_another_year_gets_into_a_directive(engine: sa.Engine, cast: Cast, last_year: int, what: str):
    with db.writing(engine) as session:
        of_last_year = {
            "party": {"party_ids": [session.exec(select(Party.id).where(Party.assessment_id == last_year)).first()]},
            "item": {"item_id": queries.get_item_id(session, last_year, "O6")},
            "meeting": {
                "meeting_id": workflow.open_meeting(session, by=cast.commander, assessment_id=last_year, at=NOW)
            },
        }
    with pytest.raises(NotFound), db.writing(engine) as session:
        give(session, cast, **of_last_year[what])


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


@pytest.mark.both
def test_a_plan_does_not_lose_whom_a_directive_or_a_meeting_names(engine: sa.Engine, cast: Cast):
    """Usa leaves the plan's files while a directive is hers: her row, and with it the directive's, stays."""
    with db.writing(engine) as session:
        give(session, cast)
    rules = load_framework(Path("data/frameworks/immigration-2568.yaml"))
    real = load_plan(find_plan("prachuap-2568"), rules)
    without = real.model_copy(update={
        "officers": {key: value for key, value in real.officers.items() if key != "usa"},
        "duties": {
            code: duties.model_copy(update={"prepare": tuple(hand for hand in duties.prepare if hand.who != "usa")})
            for code, duties in real.duties.items()
        },
    })  # fmt: skip
    with pytest.raises(WorkHangsOn, match="usa"), db.writing(engine) as session:
        apply_plan(session, rules, without, at=NOW)
    with db.reading(engine) as session:
        assert len(session.exec(select(Directive)).all()) == 1
        assert len(session.exec(select(Assessment)).all()) == 1
        assert session.exec(select(Meeting)).all() == []
