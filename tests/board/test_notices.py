"""What concerns somebody, from plain facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ita_core.board import notices, progress
from ita_core.board.clarifications import Clarifying, Decided, Version
from ita_core.board.directives import DirectiveFacts, Happening
from ita_core.board.links import Fault, Link
from ita_core.board.notices import Asked, Happened, Notice, NoticeKind, Whose
from ita_core.board.progress import HandIn, ItemEvent, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.board.steps import StepFacts, StepStanding, StepState
from ita_core.models import Cadence, Decision, DirectiveStep, EvidenceKind, ItemKind

ENDS, DUE = date(2025, 9, 30), date(2025, 3, 14)
NOON = datetime(2025, 3, 1, 5, 0, tzinfo=UTC)
PREPARES, SUPERVISES, OTHER = 10, 20, 30
ITEM = ItemFacts(
    1, "O1", "โครงสร้าง", ItemKind.oit, Cadence.once,
    (RequirementFacts(1, "a", "ก", Cadence.once, dues={"": DUE}),), 9, DUE, (PREPARES,), (SUPERVISES,),
)  # fmt: skip
SENT = HandIn(1, 1, EvidenceKind.file, (SlotKey(1),), NOON, PREPARES, "x")
RETURNED = replace(SENT, reviewed_at=NOON, decision=Decision.returned, reviewer_id=SUPERVISES)
ACCEPTED = replace(RETURNED, decision=Decision.accepted)
ORDER = DirectiveFacts(7, "ส่งให้ครบ", DUE, "ผกก.", NOON, (PREPARES,), (PREPARES,))
EMPTY = Records()
LINK = Link(1, "O1", "https://example.org/o1", "อังศุศรณ์", NOON)


def told(who: Whose, day: date, records: Records = EMPTY, **more: object) -> list[Notice]:
    board = progress.board([ITEM], records, day=day, year_ends=ENDS)
    known = {"given": (), "faults": (), "revisions": ()} | more
    return notices.notices(who, Happened(board, records, **known), day)  # type: ignore[arg-type]


def kinds(listed: list[Notice]) -> list[NoticeKind]:
    return [one.kind for one in listed]


@pytest.mark.parametrize(
    ("days", "kind"),
    [(8, None), (7, NoticeKind.due_soon), (2, NoticeKind.due_soon), (1, NoticeKind.due_tomorrow),
     (0, NoticeKind.due_tomorrow), (-1, NoticeKind.overdue)],
)  # fmt: skip
def test_what_is_missing_is_told_a_week_and_a_day_before_and_after_it_was_due(days: int, kind: NoticeKind | None):
    found = told(Whose(PREPARES), DUE - timedelta(days=days))
    assert kinds(found) == ([] if kind is None else [kind])
    assert all((one.item, one.due) == ("O1", DUE) for one in found)
    assert told(Whose(SUPERVISES), DUE - timedelta(days=days)) == []


def test_what_comes_nearer_is_told_anew_and_what_stays_is_not():
    keys = [told(Whose(PREPARES), DUE - timedelta(days=days))[0].key for days in (7, 3, 1, 0, -1, -9)]
    assert keys[0] == keys[1]
    assert keys[2] == keys[3]
    assert keys[4] == keys[5]
    assert len(set(keys)) == 3


def test_what_came_back_is_told_to_who_prepares_before_all_else_and_once():
    found = told(Whose(PREPARES), DUE + timedelta(days=3), Records([RETURNED]), given=(ORDER,))
    assert kinds(found) == [NoticeKind.returned, NoticeKind.ordered]
    again = replace(RETURNED, id=2)
    assert told(Whose(PREPARES), DUE, Records([RETURNED, again]))[0].key != found[0].key


def test_what_waits_is_told_to_who_may_decide_and_a_further_piece_is_new():
    second = replace(SENT, id=2)
    [one] = told(Whose(SUPERVISES), DUE, Records([SENT]))
    [two] = told(Whose(SUPERVISES), DUE, Records([SENT, second]))
    assert (one.kind, one.number, two.number) == (NoticeKind.decide, 1, 2)
    assert one.key != two.key
    assert told(Whose(PREPARES), DUE, Records([SENT])) == []
    assert told(Whose(OTHER), DUE, Records([SENT])) == []


def test_the_commander_is_told_of_what_to_approve_and_of_what_is_reported_and_nobody_else():
    reported = replace(ORDER, happenings=(Happening(DirectiveStep.reported, "อุษา", NOON),))
    found = told(Whose(None, commands=True), DUE, Records([ACCEPTED]), given=(reported,))
    assert kinds(found) == [NoticeKind.approve, NoticeKind.reported]
    assert told(Whose(PREPARES), DUE, Records([ACCEPTED]), given=(reported,)) == []


def test_a_lapsed_approval_is_told_to_who_supervises_and_to_the_commander_once():
    lapsed = Records([ACCEPTED], [ItemEvent(1, NOON, "of other evidence")])
    assert kinds(told(Whose(SUPERVISES), DUE, lapsed)) == [NoticeKind.lapsed]
    assert kinds(told(Whose(None, commands=True), DUE, lapsed)) == [NoticeKind.approve]


def test_an_item_that_was_sent_back_is_its_supervisors_to_look_at():
    sent = Records([ACCEPTED], send_backs=[ItemEvent(1, NOON + timedelta(hours=1))])
    assert kinds(told(Whose(SUPERVISES), DUE, sent)) == [NoticeKind.sent_back]
    later = replace(sent, send_backs=[*sent.send_backs, ItemEvent(1, NOON + timedelta(hours=2))])
    assert told(Whose(SUPERVISES), DUE, sent)[0].key != told(Whose(SUPERVISES), DUE, later)[0].key


def test_a_directive_is_told_to_whom_it_was_given_until_it_is_reported_and_again_when_it_is_opened_again():
    [first] = told(Whose(PREPARES), DUE - timedelta(days=9), given=(ORDER,))
    reported = Happening(DirectiveStep.reported, "อุษา", NOON)
    opened = Happening(DirectiveStep.reopened, "ผกก.", NOON)
    assert told(Whose(PREPARES), DUE - timedelta(days=9), given=(replace(ORDER, happenings=(reported,)),)) == []
    [again] = told(Whose(PREPARES), DUE - timedelta(days=9), given=(replace(ORDER, happenings=(reported, opened)),))
    assert first.key != again.key
    assert told(Whose(OTHER), DUE - timedelta(days=9), given=(ORDER,)) == []


def test_a_broken_address_is_told_to_who_prepares_the_item_and_to_who_keeps_itap():
    listed = ((Fault.broken, LINK), (Fault.broken, replace(LINK, url="https://example.org/2")))
    early = DUE - timedelta(days=30)
    for who in (Whose(PREPARES), Whose(OTHER, keeps_itap=True)):
        [one] = told(who, early, faults=listed)
        assert (one.kind, one.number) == (NoticeKind.broken_link, 2)
    assert told(Whose(OTHER), early, faults=listed) == []
    assert told(Whose(PREPARES), early, faults=listed[:1])[0].key != told(Whose(PREPARES), early, faults=listed)[0].key


def test_a_late_step_is_told_to_who_leads_it_and_one_of_nobody_to_the_commander():
    step = StepFacts("ช่วง", 4, "ประชุม", "งาน", DUE, DUE, DUE, DUE, None, ("อุษา",), (), (PREPARES,))
    late = StepStanding(step, StepState.overdue, days_late=3)
    nobodys = replace(late, step=replace(step, position=5, officers=()))
    day = DUE - timedelta(days=30)
    for who, numbers in ((Whose(PREPARES), ["4"]), (Whose(OTHER), []), (Whose(None, commands=True), ["5"])):
        found = told(who, day, steps=(late, nobodys))
        assert [one.mark.split()[0] for one in found] == numbers
        assert all(notices.place(one) == f"/timeline?step={one.mark.split()[0]}" for one in found)


def test_a_clarification_is_told_to_the_commander_and_once_it_came_back_to_who_wrote_it():
    version = Version(3, 1, "ข้อความ", DUE, True, False, 77, "อังศุศรณ์", NOON)
    back = replace(version, decided=Decided(False, "เพิ่มเติม", "ผกก.", NOON))
    day = DUE - timedelta(days=30)
    writer, head = Whose(None, 77, keeps_itap=True), Whose(None, 1, commands=True)
    assert kinds(told(head, day, clarifying={1: Clarifying((version,))})) == [NoticeKind.clarify]
    assert kinds(told(replace(head, account_id=77), day, clarifying={1: Clarifying((version,))})) == []  # their own
    assert kinds(told(writer, day, clarifying={1: Clarifying((version,))})) == []
    assert kinds(told(writer, day, clarifying={1: Clarifying((back,))})) == [NoticeKind.clarify_anew]
    assert kinds(told(head, day, clarifying={1: Clarifying((back,))})) == []


def asks(item: str, message: int) -> Asked:
    return Asked(item, message, "ขนิษฐา", NOON + timedelta(minutes=message))


def test_what_was_asked_is_told_by_item_after_what_is_late_and_anew_with_each_further_question():
    early = DUE - timedelta(days=30)
    [one] = told(Whose(SUPERVISES), early, asked=(asks("O1", 4),))
    assert (one.kind, one.item, one.number, notices.place(one)) == (NoticeKind.question, "O1", 1, "/item?item=O1")
    assert "ถาม" not in str(one)  # what was written goes into no message
    [two] = told(Whose(SUPERVISES), early, asked=(asks("O1", 4), asks("O1", 9)))
    assert (two.number, two.asked) == (2, asks("O1", 9))
    assert len({one.key, two.key, told(Whose(SUPERVISES), early, asked=(asks("O1", 9),))[0].key}) == 2
    late = told(Whose(PREPARES), DUE + timedelta(days=1), asked=(asks("O1", 4),), revisions=((2, ""),))
    assert kinds(late) == [NoticeKind.overdue, NoticeKind.question, NoticeKind.plan]
    assert told(Whose(SUPERVISES), early, asked=(asks("O99", 4),)) == []  # no item of theirs


def test_changes_of_the_plan_come_last():
    found = told(Whose(PREPARES), DUE + timedelta(days=1), revisions=((3, "เลื่อนกำหนด"), (2, "")))
    assert kinds(found) == [NoticeKind.overdue, NoticeKind.plan, NoticeKind.plan]
    assert len({one.key for one in found}) == 3


def test_a_key_stays_short_and_tells_one_more_address_from_fewer():
    many = tuple((Fault.broken, replace(LINK, url=f"https://example.org/{'x' * 900}/{number}")) for number in range(9))
    keys = {told(Whose(PREPARES), DUE - timedelta(days=30), faults=many[:most])[0].key for most in range(1, 10)}
    assert len(keys) == 9
    assert max(map(len, keys)) < 100


def test_only_what_was_not_seen_is_new():
    listed = told(Whose(PREPARES), DUE, revisions=((3, ""),))
    assert notices.unseen(listed, frozenset({listed[0].key})) == listed[1:]
