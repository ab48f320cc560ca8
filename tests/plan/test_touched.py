"""Whom a change of a plan touches, and what it takes out of the count."""

from datetime import UTC, date, datetime

import pytest

from ita_core.board.progress import HandIn, ItemFacts, RequirementFacts, SlotKey, board
from ita_core.board.progress import Records as Handed
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind
from ita_core.plan import editing
from ita_core.plan.content import Content, checked, content_of
from ita_core.plan.difference import Difference, differences
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.plan.touched import Parts, Touched, demanded, place_of, recount

AT = datetime(2025, 3, 1, 3, 0, tzinfo=UTC)


def changed(rules: Framework, real: Plan, change) -> Parts:
    content: Content = content_of(rules, real)
    change(content)
    return checked(content, "changed")


def duties(plan: Plan, code: str) -> set[str]:
    hands = [hand.who for hand in (*plan.duties[code].supervise, *plan.duties[code].prepare)]
    return {who for key in hands for who in (plan.teams[key].members if key in plan.teams else (key,))}


def test_a_moved_deadline_touches_who_prepares_and_who_supervises(rules: Framework, real: Plan):
    after = changed(rules, real, lambda one: editing.move_deadlines(one, {("O7", ""): date(2025, 3, 31)}))
    (only,) = differences((rules, real), after)
    assert Touched((rules, real), after).officers(only) == duties(real, "O7")


def test_a_duty_touches_who_gets_and_who_loses_it_and_nobody_else(rules: Framework, real: Plan):
    keys = [hand.who for hand in real.duties["O7"].prepare]
    new = next(key for key in real.officers if key not in duties(real, "O7"))
    supervise = [hand.who for hand in real.duties["O7"].supervise]
    after = changed(rules, real, lambda one: editing.set_duties(one, "O7", supervise, [*keys[1:], new]))
    (only,) = differences((rules, real), after)
    assert Touched((rules, real), after).officers(only) == {keys[0], new}


def test_who_acts_for_a_team_is_touched_by_what_touches_it(rules: Framework, real: Plan):
    team, first = next(iter(real.teams)), next(iter(real.officers))

    def members(content: Content) -> None:
        content["plan"]["teams"][team]["members"] = [first]
        editing.set_duties(content, "O7", [team], [hand.who for hand in real.duties["O7"].prepare])

    with_team = changed(rules, real, members)

    def later(content: Content) -> None:
        members(content)
        editing.move_deadlines(content, {("O7", ""): date(2025, 3, 31)})

    after = changed(rules, real, later)
    (only,) = differences(with_team, after)
    assert first in Touched(with_team, after).officers(only)


@pytest.mark.parametrize(("one", "touched"), [
    (Difference("framework", "closes", "a", "b"), 0), (Difference("office", "website", "a", "b"), 0),
    (Difference("person", "usa.title", "a", "b"), 1), (Difference("step", "step 4.ends", "a", "b"), None),
    (Difference("duty", "O7 nobody", "", "ยังไม่มี"), 0), (Difference("item", "O99", "", "ข้อใหม่"), 0),
])  # fmt: skip
def test_what_touches_nobody_says_so(rules: Framework, real: Plan, one: Difference, touched: int | None):
    found = Touched((rules, real), (rules, real)).officers(one)
    if touched is None:
        assert found == {hand.who for hand in (*real.steps[4].supervise, *real.steps[4].prepare)} & real.officers.keys()
    else:
        assert len(found) == touched


def test_an_officer_hears_of_what_is_theirs_now_and_of_what_they_got_or_lost(rules: Framework, real: Plan):
    lost = real.duties["O7"].prepare[0].who
    new = next(key for key in real.officers if key not in duties(real, "O7"))

    def change(content: Content) -> None:
        editing.set_duties(content, "O7", [hand.who for hand in real.duties["O7"].supervise], [new])
        editing.move_deadlines(content, {("O7", ""): date(2025, 3, 31)})

    after = changed(rules, real, change)
    listed, touched = differences((rules, real), after), Touched((rules, real), after)
    heard = {key: [one.what for one in listed if touched.concerns(one, key)] for key in (lost, new)}
    assert heard == {lost: ["duty"], new: ["due", "duty"]}
    duty = next(one for one in listed if one.what == "duty")
    assert (touched.gains(duty, lost), touched.gains(duty, new)) == (False, True)


def test_who_joins_or_leaves_a_team_hears_of_it(rules: Framework, real: Plan):
    team, first = next(iter(real.teams)), next(iter(real.officers))
    assert first not in real.teams[team].members
    after = changed(
        rules, real, lambda one: one["plan"]["teams"][team].update(members=[*real.teams[team].members, first])
    )
    (only,) = differences((rules, real), after)
    touched = Touched((rules, real), after)
    assert (touched.officers(only), touched.concerns(only, first), touched.gains(only, first)) == ({first}, True, True)
    back = Touched(after, (rules, real))
    assert (back.concerns(only, first), back.gains(only, first)) == (True, False)


@pytest.mark.parametrize(("what", "where", "place"), [
    ("due", "O6 2025-01", ("O6", "2025-01")), ("due", "O7", ("O7", "")), ("duty", "1.1 prepare", ("1.1", "prepare")),
    ("requirement", "O7 › manual", ("O7", "manual")), ("requirement", "O7 › manual.formats", ("O7", "manual.formats")),
    ("step", "step 4", ("step 4", "")), ("step", "step 4.ends", ("step 4", "ends")),
    ("step", "step 4 phase", ("step 4", "phase")), ("step", "step 4 supervise", ("step 4", "supervise")),
    ("group", "team.members", ("team", "members")), ("person", "usa", ("usa", "")),
    ("item", "O7 demand", ("O7", "demand")),
])  # fmt: skip
def test_the_place_of_a_difference(what: str, where: str, place: tuple[str, str]):
    assert place_of(Difference(what, where, "a", "b")) == place


# --- evidence --------------------------------------------------------------------------------------------------------


def piece(number: int, *slots: SlotKey, decision: Decision | None = None, withdrawn: bool = False) -> HandIn:
    return HandIn(
        number, 1, EvidenceKind.file, slots, AT, 1, f"{number}", withdrawn_at=AT if withdrawn else None,
        reviewed_at=AT if decision else None, decision=decision,
    )  # fmt: skip


PDF, WORD, GONE = (SlotKey(1, "", fmt) for fmt in ("pdf", "word", "excel"))
PLACES = {1: ("O7", "manual"), 2: ("O7", "once")}
ITEM = ItemFacts(1, "O7", "คู่มือ", ItemKind.oit, Cadence.once, (
    RequirementFacts(1, "manual", "คู่มือ", Cadence.once, formats=("pdf", "word")),
))  # fmt: skip


def named(*keys: SlotKey) -> set:
    return {(PLACES[key.requirement_id], key._replace(requirement_id=0)) for key in keys}


@pytest.mark.parametrize(("hand_ins", "lost"), [
    ([piece(1, PDF, decision=Decision.accepted), piece(2, WORD)], {2}),  # what waits, too
    ([piece(1, PDF, WORD, decision=Decision.accepted)], {1}),  # of several slots, one goes
    ([piece(1, WORD, decision=Decision.accepted), piece(2, WORD)], {1, 2}),  # what would replace it, too
    ([piece(1, WORD, decision=Decision.returned), piece(2, WORD, withdrawn=True)], set()),  # they count for nothing
    ([piece(1, PDF)], set()),
])  # fmt: skip
def test_what_stands_in_a_slot_that_goes_no_longer_counts(hand_ins: list[HandIn], lost: set[int]):
    records = Handed(hand_ins, [], [], [])
    standings = board((ITEM,), records, day=date(2025, 3, 15), year_ends=date(2025, 9, 30)).items
    found = recount(named(PDF, WORD), named(PDF), standings, hand_ins, PLACES)
    assert found.lost == ({("O7", "manual"): frozenset(lost)} if lost else {})
    assert found.back == {}


def test_a_piece_that_still_fills_another_slot_is_lost_there_and_counts_here():
    hand_ins = [piece(1, PDF, WORD, decision=Decision.accepted), piece(2, WORD)]
    standings = board((ITEM,), Handed(hand_ins), day=date(2025, 3, 15), year_ends=date(2025, 9, 30)).items
    found = recount(named(PDF, WORD), named(PDF), standings, hand_ins, PLACES)
    assert (found.lost[("O7", "manual")], found.all_lost) == (frozenset({1, 2}), {2})


def test_what_was_handed_in_for_a_slot_that_comes_back_counts_again():
    hand_ins = [
        piece(1, GONE, decision=Decision.accepted), piece(2, GONE, decision=Decision.returned),
        piece(3, GONE, withdrawn=True), piece(4, SlotKey(2)), piece(5, SlotKey(99)),
    ]  # fmt: skip
    found = recount(named(PDF), named(PDF, GONE), [], hand_ins, PLACES)
    assert (found.lost, found.back) == ({}, {("O7", "manual"): frozenset({1})})


def test_a_plan_demands_the_slots_of_its_requirements(rules: Framework, real: Plan):
    assert len(demanded(rules, real)) == 208 + sum(
        one.minimum * max(len(one.periods), 1) * max(len(one.formats), 1) * max(len(one.languages), 1)
        for measure in real.measures.values() for one in measure.requirements.values()
    )  # fmt: skip
