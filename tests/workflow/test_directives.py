"""What the commander orders: given, reported, agreed to, opened again; and whom each refuses."""

import threading
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import audit, db, queries, workflow
from ita_core.board.directives import DirectiveState
from ita_core.errors import (
    AlreadySettled,
    BadText,
    DueBefore,
    NobodyGiven,
    NotFound,
    NotYours,
    ReasonMissing,
    Refused,
    TextMissing,
)
from ita_core.models import Account, Assessment, AuditEntry, DirectiveStep, Meeting, Party
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import load_framework
from ita_core.plan.plan import find_plan, load_plan
from tests.cast import Cast, actor, item_id
from tests.workflow.commanding import (
    CANCELLED,
    COMMANDS,
    DAY,
    DONE,
    DUE,
    HOUR,
    NOW,
    REOPENED,
    REPORTED,
    There,
    actions,
    directive,
    give,
    here,
    meet,
    officer,
    party,
    state_of,
)

# --- what the use cases do -------------------------------------------------------------------------------------------


def seen_by(session: Session, account_id: int) -> list[int]:
    return [found.id for found in queries.list_directives(session, here(session), actor(session, account_id))]


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
            workflow.settle(session, by=cast.commander, directive_id=made, what=what, note="เหตุ", at=NOW + hours * HOUR)
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
            workflow.settle(session, by=cast.commander, directive_id=made, what=what, note="เหตุ", at=NOW)
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


@pytest.mark.parametrize("act", COMMANDS)
def test_nobody_but_the_commander_holds_meetings_and_gives_directives(
    engine: sa.Engine, cast: Cast, there: There, act: str
):
    before = state_of(engine)
    for who in ("usa", "khanittha", "piyaporn", "itap", "admin", "viewer"):
        # Who may not even see the meeting or the directive is told that there is none.
        with pytest.raises((NotYours, NotFound)), db.writing(engine) as session:
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


@pytest.mark.both
def test_what_does_not_exist_is_not_found(engine: sa.Engine, cast: Cast):
    for act in ("attend", "end_meeting", "settle"):
        with pytest.raises(NotFound), db.writing(engine) as session:
            COMMANDS[act](session, cast.commander, There(here(session), 999_999, 999_999, officer(session, cast.usa)))
    for who in (cast.usa, cast.commander):
        with pytest.raises(NotFound), db.writing(engine) as session:
            workflow.report(session, by=who, directive_id=999_999, at=NOW)


@pytest.mark.both
def test_a_directive_is_not_cancelled_without_a_reason_and_the_reason_is_kept(
    engine: sa.Engine, cast: Cast, there: There
):
    before = state_of(engine)
    for note in ("", " \n "):
        with pytest.raises(ReasonMissing), db.writing(engine) as session:
            workflow.settle(session, by=cast.commander, directive_id=there.directive, what=CANCELLED, note=note, at=NOW)
    assert state_of(engine) == before
    with db.writing(engine) as session:
        workflow.settle(
            session, by=cast.commander, directive_id=there.directive, what=CANCELLED, note="ทำไปแล้ว", at=NOW
        )
        [became] = directive(session, there.directive).happenings
        assert (became.what, became.note) == (CANCELLED, "ทำไปแล้ว")


@pytest.mark.parametrize("first", [DONE, CANCELLED])
def test_what_is_settled_is_only_opened_again(engine: sa.Engine, cast: Cast, there: There, first: DirectiveStep):
    with db.writing(engine) as session:
        workflow.settle(session, by=cast.commander, directive_id=there.directive, what=first, note="เหตุ", at=NOW)
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
                workflow.settle(session, by=cast.commander, directive_id=there.directive, what=what, note="เหตุ", at=NOW)
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
    with db.writing(engine) as session:
        assert apply_plan(session, rules, without, at=NOW).changed
    with db.reading(engine) as session:
        [given] = queries.list_directives(session, queries.get_assessment(session).id)
        people = queries.take_snapshot(session, queries.get_assessment(session)).people
        assert [people[one].full for one in given.parties] == ["ด.ต.หญิง อุษา มีนาม"]
        assert len(session.exec(select(Assessment)).all()) == 1
        assert session.exec(select(Meeting)).all() == []
