"""What may be expected: bands that follow from the items, the scores before, and what the framework assumes."""

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita_core.board import forecast, scoring
from ita_core.board.forecast import (
    LEFT,
    WORTH,
    Assumed,
    Assumptions,
    Forecast,
    Ground,
    Known,
    Points,
    Rules,
    State,
    Way,
)
from ita_core.board.progress import ItemFacts, ItemStanding, Stage, Tally
from ita_core.board.scoring import LevelRule
from ita_core.models import Cadence, ItemKind

WEIGHTS = {"IIT": 0.3, "EIT": 0.3, "OIT": 0.4}
LEVELS = [
    LevelRule("ผ่านดีเยี่ยม", 95, 95), LevelRule("ผ่านดี", 85, 85), LevelRule("ผ่าน", 85, 0),
    LevelRule("ต้องปรับปรุง", 70, 0), LevelRule("ต้องปรับปรุงโดยด่วน", 0, 0),
]  # fmt: skip
RULES = Rules(2568, WEIGHTS, LEVELS, {1: "IIT", 6: "EIT", 9: "OIT", 10: "OIT"})
OF_2567 = scoring.result(2567, {"": 95.85, "IIT": 93.45, "EIT": 95.21, "OIT": 98.13}, WEIGHTS, LEVELS)
KNOWN = Known(earlier=(OF_2567,))


def standing(number: int, stage: Stage, indicator: int = 9, missing: int = 0) -> ItemStanding:
    item = ItemFacts(number, f"O{number}", "ข้อ", ItemKind.oit, Cadence.once, (), indicator)
    return ItemStanding(item, (), Tally(slots=missing, missing=missing), stage, "", False, None)


def items_in(*stages: Stage) -> list[ItemStanding]:
    """The first half of indicator 9, the others of 10."""
    return [standing(at + 1, stage, 9 if at < len(stages) / 2 else 10) for at, stage in enumerate(stages)]


def expect(
    items: list[ItemStanding], known: Known = KNOWN, rules: Rules = RULES, *, window_open: bool = True,
    broken: Collection[str] = (), over: Collection[str] = (),
) -> Forecast:  # fmt: skip
    found = forecast.forecast(State(items, window_open, broken, over), known, rules)
    assert found is not None
    return found


def test_with_everything_filed_the_level_still_hangs_on_last_years_iit():
    found = expect(items_in(*[Stage.filed] * 4))
    assert found.instruments["OIT"].points == WORTH[Stage.filed]
    assert found.instruments["IIT"].points == Points(91.45, 93.45, 95.45)
    assert found.total.points == Points(93.4, 95.8, 97.8)
    assert found.total.verdict.level.title == "ผ่านดี"
    assert [tuple(one) for one in found.total.verdict.short] == [("IIT", 93.45, 95)]
    assert found.ways == (Way("IIT", "", None, 1.55),)


def test_the_mean_is_that_of_the_indicators_not_of_the_items():
    three, one = [standing(at, Stage.filed, 9) for at in (1, 2, 3)], standing(4, Stage.not_started, 10)
    likely = (WORTH[Stage.filed].likely + WORTH[Stage.not_started].likely) / 2
    assert expect([*three, one]).instruments["OIT"].points.likely == likely


def test_it_says_what_it_rests_on_and_what_of_it_is_assumed():
    found = expect(items_in(Stage.filed, Stage.complete))
    iit, oit = found.instruments["IIT"], found.instruments["OIT"]
    assert (iit.basis.ground, iit.basis.year, iit.basis.points, iit.basis.band) == (Ground.earlier, 2567, 93.45, 2)
    assert iit.assumed == (Assumed.as_before, Assumed.band)
    assert (oit.basis.ground, oit.basis.stages) == (Ground.items, {Stage.filed: 1, Stage.complete: 1})
    assert oit.assumed == (Assumed.worth, Assumed.plain_mean)
    assert found.total.assumed == (Assumed.worth, Assumed.plain_mean, Assumed.as_before, Assumed.band)


def test_what_was_announced_takes_the_place_of_what_is_assumed():
    announced = Known({"IIT": 96.0, "EIT": 97.0, "OIT": 98.0})
    found = expect(items_in(Stage.not_started), announced)
    assert found.total.points == Points(97.1, 97.1, 97.1)
    assert (found.total.assumed, found.total.verdict.level.title, found.ways) == ((), "ผ่านดีเยี่ยม", ())
    one = expect(items_in(Stage.not_started, Stage.filed), replace(KNOWN, items={"O1": 50.0})).instruments["OIT"]
    assert one.points.low == (50 + WORTH[Stage.filed].low) / 2
    whole = expect(items_in(Stage.not_started, Stage.filed), replace(KNOWN, indicators={9: 90.0})).instruments["OIT"]
    assert whole.points.likely == (90 + WORTH[Stage.filed].likely) / 2


def test_the_band_grows_with_the_years_since_the_score():
    old = replace(OF_2567, year=2566)
    assert expect(items_in(Stage.filed), Known(earlier=(old,))).instruments["IIT"].points == Points(89.45, 93.45, 97.45)


def test_without_any_score_of_an_instrument_there_is_no_forecast():
    only_iit = scoring.result(2567, {"IIT": 93.45}, WEIGHTS, LEVELS)
    items = items_in(Stage.filed)
    assert forecast.forecast(State(items), Known(earlier=(only_iit,)), RULES) is None
    assert forecast.unknown(State(items), Known(earlier=(only_iit,)), RULES) == ["EIT"]
    older = replace(OF_2567, year=2566)
    assert expect(items, Known(earlier=(only_iit, older))).instruments["EIT"].basis.year == 2566


def test_once_the_window_has_closed_nothing_more_comes_of_what_was_not_filed():
    found = expect(items_in(Stage.published, Stage.filed), window_open=False).instruments["OIT"]
    assert found.points == Points((90 + 95) / 2, (90 + 98) / 2, (90 + 100) / 2)
    assert Assumed.nothing_more in found.assumed
    late = expect(items_in(*[Stage.not_started] * 2), window_open=False)
    assert late.ways == ()  # no item can be filed any more
    assert [tuple(one) for one in late.fixed] == [("", 56.6, 70)]


def test_the_frameworks_own_figures_are_taken():
    own = replace(RULES, assumptions=Assumptions(WORTH | {Stage.filed: Points(98, 99, 100)}, bands={"IIT": 0.5}))
    found = expect(items_in(Stage.filed), rules=own).instruments
    assert found["OIT"].points == Points(98, 99, 100)
    assert found["IIT"].points == Points(92.95, 93.45, 93.95)


def test_an_announced_total_is_the_total_and_nothing_can_be_done_any_more():
    found = expect(items_in(Stage.filed), replace(KNOWN, total=94.2))
    assert found.total.points == Points(94.2, 94.2, 94.2)
    assert (found.total.basis.ground, found.total.basis.points) == (Ground.announced_total, 94.2)
    assert found.total.verdict.level.title == "ผ่านดี"
    assert Assumed.as_before in found.total.assumed  # the level rests on instruments that were not announced
    assert (found.ways, [one.code for one in found.fixed]) == ((), ["", "IIT"])


SURVEYS = replace(RULES, indicators={1: "IIT", 2: "IIT", 6: "EIT", 9: "OIT"})


def test_announced_indicators_of_a_survey_count_and_the_others_come_out_as_before():
    one = expect(items_in(Stage.filed), replace(KNOWN, indicators={1: 99.45}), SURVEYS).instruments["IIT"]
    assert one.points == Points(95.45, 96.45, 97.45)
    assert (one.basis.ground, one.basis.indicators, one.basis.points) == (Ground.indicators, (1,), 93.45)
    assert one.assumed == (Assumed.plain_mean, Assumed.as_before, Assumed.band)
    both = expect(items_in(Stage.filed), Known({"EIT": 96}, {1: 99, 2: 97}), SURVEYS).instruments["IIT"]
    assert (both.points, both.assumed) == (Points(98, 98, 98), (Assumed.plain_mean,))
    assert (both.basis.year, both.basis.indicators) == (0, (1, 2))
    half = Known({"EIT": 96}, {1: 99})
    assert forecast.unknown(State(items_in(Stage.filed)), half, SURVEYS) == ["IIT"]


def test_the_commanders_estimate_takes_the_place_of_how_a_survey_last_came_out():
    found = expect(items_in(Stage.filed), replace(KNOWN, estimates={"IIT": 96.0, "OIT": 50.0}))
    iit = found.instruments["IIT"]
    assert iit.points == Points(94, 96, 98)
    assert (iit.basis.ground, iit.basis.estimated) == (Ground.estimate, True)
    assert iit.assumed == (Assumed.estimate, Assumed.band)
    assert found.instruments["OIT"].points == WORTH[Stage.filed]  # that follows from its items
    announced = replace(KNOWN, instruments={"IIT": 90.0}, estimates={"IIT": 96.0})
    assert expect(items_in(Stage.filed), announced).instruments["IIT"].points == Points(90, 90, 90)
    assert forecast.unknown(State(items_in(Stage.filed)), Known(estimates={"IIT": 96.0}), RULES) == ["EIT"]


def test_what_was_not_used_is_neither_a_reason_nor_assumed():
    items = items_in(Stage.filed, Stage.approved, Stage.preparing, Stage.preparing)
    known = replace(KNOWN, indicators={9: 90.0}, items={"O1": 20.0, "O3": 80.0})
    oit = expect(items, known).instruments["OIT"]
    assert (oit.basis.indicators, oit.basis.items, oit.basis.stages) == ((9,), ("O3",), {Stage.preparing: 1})
    assert oit.assumed == (Assumed.worth, Assumed.plain_mean)
    every = expect(items, replace(KNOWN, items={f"O{at}": 90.0 for at in range(1, 5)})).instruments["OIT"]
    assert (every.points.low, every.points.high, every.assumed) == (90, 90, (Assumed.plain_mean,))
    assert every.basis.stages == {}
    filed = expect(items_in(Stage.filed), window_open=False).instruments["OIT"]
    assert Assumed.nothing_more not in filed.assumed


def test_a_page_that_does_not_open_is_worth_no_more_than_an_approval():
    items = items_in(Stage.published, Stage.filed, Stage.preparing)
    for open_ in (True, False):
        known_broken = expect(items, window_open=open_, broken={"O1", "O2", "O3"}).instruments["OIT"]
        unseen = items_in(Stage.approved, Stage.approved, Stage.preparing)
        assert known_broken.points == expect(unseen, window_open=open_).instruments["OIT"].points
        assert known_broken.basis.broken == ("O1", "O2")  # what was not published has no link yet
        assert known_broken.basis.stages == {Stage.approved: 2, Stage.preparing: 1}


def test_mending_an_address_is_a_way_also_after_the_window():
    good = Known(earlier=(scoring.result(2567, {"IIT": 96, "EIT": 96, "OIT": 96}, WEIGHTS, LEVELS),))
    items = items_in(Stage.filed, Stage.filed)
    [way] = expect(items, good, window_open=False, broken={"O2"}).ways
    assert (way.item, way.mend, way.left) == ("O2", True, 1)


def test_the_level_is_a_range_where_the_band_covers_several():
    total = expect(items_in(*[Stage.preparing] * 4)).total
    assert (total.lowest.title, total.highest.title) == ("ต้องปรับปรุง", "ผ่านดีเยี่ยม")
    sure = expect(items_in(Stage.filed), Known({"IIT": 96.0, "EIT": 97.0, "OIT": 98.0})).total
    assert sure.lowest == sure.highest == LEVELS[0]


GOOD = Known(earlier=(scoring.result(2567, {"IIT": 96, "EIT": 96, "OIT": 96}, WEIGHTS, LEVELS),))


def only_oit(needs: float) -> Rules:
    """Rules by which the best level hangs on OIT alone."""
    levels = [LevelRule("ดีมาก", 0, needs), *LEVELS[1:]]
    return replace(RULES, weights={"IIT": 0, "EIT": 0, "OIT": 1}, levels=levels)


def test_the_cheapest_way_up_is_what_leaves_the_least_to_do():
    items = [standing(1, Stage.not_started, 9, missing=9), standing(2, Stage.approved, 9)]
    items += [standing(3, Stage.filed, 10), standing(4, Stage.preparing, 10, missing=2)]
    ways = expect(items, GOOD, only_oit(94.7)).ways
    assert [(way.item, way.stage, way.left) for way in ways] == [
        ("O2", Stage.approved, 2), ("O4", Stage.preparing, 5),
    ]  # fmt: skip
    # One item with one slot to fill does it, where the approved ones would bring too little each.
    many = [*(standing(at, Stage.approved) for at in range(1, 9)), standing(9, Stage.not_started, missing=1)]
    [only] = expect(many, GOOD, only_oit(96)).ways
    assert (only.item, only.left) == ("O9", 4)
    # Of two that bring the same, the one with less to do.
    two = [standing(1, Stage.not_started, missing=9), standing(2, Stage.not_started, missing=2)]
    [only] = expect(two, GOOD, only_oit(90)).ways
    assert only.item == "O2"


def test_what_was_announced_or_is_over_is_never_a_way():
    low = expect(items_in(*[Stage.filed] * 2), replace(KNOWN, instruments={"IIT": 90.0}))
    assert (low.ways, [tuple(one) for one in low.fixed]) == ((), [("IIT", 90, 95)])
    over = expect(items_in(*[Stage.filed] * 2), over={"IIT"})
    assert (over.ways, [one.code for one in over.fixed]) == ((), ["IIT"])
    # The total lacks points: EIT, lower and of the same weight, was announced, so IIT has to bring them.
    levels = [LevelRule("ดีเยี่ยม", 96.5, 0), *LEVELS[1:]]
    known = Known({"EIT": 94.0}, earlier=(scoring.result(2567, {"IIT": 96}, WEIGHTS, LEVELS),))
    assert expect(items_in(Stage.filed), known, replace(RULES, levels=levels)).ways == (Way("IIT", "", None, 1.0),)


def test_an_instrument_of_more_weight_covers_what_the_total_lacks_with_fewer_points():
    rules = replace(
        RULES, weights={"IIT": 0.2, "EIT": 0.4, "OIT": 0.4}, levels=[LevelRule("ดีเยี่ยม", 96, 0), *LEVELS[1:]]
    )
    known = Known(earlier=(scoring.result(2567, {"IIT": 90, "EIT": 94}, rules.weights, LEVELS),))
    assert expect(items_in(Stage.filed), known, rules).ways == (Way("EIT", "", None, 3.0),)


def test_an_announced_indicator_bounds_what_its_survey_can_come_to():
    found = expect(items_in(Stage.filed), replace(KNOWN, indicators={1: 80.0}), SURVEYS)
    assert [tuple(one) for one in found.fixed] == [("IIT", 86.73, 95)]  # 100 in the other one gives 90


# --- what always holds -----------------------------------------------------------------------------------------------

stages = st.lists(st.sampled_from(Stage), min_size=1, max_size=24)
points = st.floats(0, 100).map(lambda value: round(value, 2))
known = st.builds(
    lambda each, items: Known(items=items, earlier=(scoring.result(2567, each, WEIGHTS, LEVELS),)),
    st.fixed_dictionaries(dict.fromkeys(WEIGHTS, points)),
    st.dictionaries(st.sampled_from([f"O{at}" for at in range(1, 25)]), points, max_size=5),
)
worths = st.lists(st.tuples(points, points, points), min_size=len(Stage), max_size=len(Stage)).map(
    lambda drawn: dict(zip(Stage, (Points(*sorted(one)) for one in _rising(drawn)), strict=True))
)


def _rising(drawn: list[tuple[float, float, float]]) -> list[tuple[float, ...]]:
    """Made so that no stage is worth less than the one before: what the framework's check demands."""
    ends = [sorted(one[end] for one in map(sorted, drawn)) for end in range(3)]
    return list(zip(*ends, strict=True))


def half(worth: dict[Stage, Points]) -> dict[Stage, float]:
    """What is left once the window has closed."""
    return {stage: one.low / 2 for stage, one in worth.items()}


codes = st.sampled_from([f"O{at}" for at in range(1, 25)])
fractions = st.floats(0, 1)


def raised(value: float, by: float) -> float:
    return round(value + (100 - value) * by, 2)


everything = st.builds(
    lambda each, instruments, indicators, items, total, estimates: Known(
        instruments, indicators, items, total, (scoring.result(2567, each, WEIGHTS, LEVELS),), estimates
    ),
    st.fixed_dictionaries(dict.fromkeys(WEIGHTS, points)),
    st.dictionaries(st.sampled_from(list(WEIGHTS)), points, max_size=2),
    st.dictionaries(st.sampled_from(list(RULES.indicators)), points, max_size=3),
    st.dictionaries(st.sampled_from([f"O{at}" for at in range(1, 25)]), points, max_size=5),
    st.none() | points,
    st.dictionaries(st.sampled_from(["IIT", "EIT"]), points),
)


def better(known: Known, by: float) -> Known:
    """Every score of it raised."""
    earlier = [
        scoring.result(one.year, {code: raised(value, by) for code, value in one.points.items()}, WEIGHTS, LEVELS)
        for one in known.earlier
    ]
    return Known(
        {code: raised(value, by) for code, value in known.instruments.items()},
        {number: raised(value, by) for number, value in known.indicators.items()},
        {code: raised(value, by) for code, value in known.items.items()},
        None if known.total is None else raised(known.total, by),
        earlier,
        {code: raised(value, by) for code, value in known.estimates.items()},
    )


@settings(max_examples=300)
@given(
    stages, st.data(), everything, worths, st.booleans(), st.sets(st.sampled_from([f"O{at}" for at in range(1, 25)]))
)
def test_a_better_state_never_forecasts_lower(
    drawn: list[Stage], data: st.DataObject, what: Known, worth: dict[Stage, Points], window_open: bool,
    broken: set[str],
):  # fmt: skip
    rules = replace(RULES, assumptions=Assumptions(worth, half(worth)))
    higher = [data.draw(st.sampled_from(list(Stage)[list(Stage).index(one) :])) for one in drawn]
    mended = broken - data.draw(st.sets(st.sampled_from(sorted(broken)))) if broken else broken
    by = data.draw(fractions)
    before = expect(items_in(*drawn), what, rules, window_open=window_open, broken=broken)
    for items, known, links in (
        (higher, what, broken), (drawn, what, mended), (drawn, better(what, by), broken),
        (higher, better(what, by), mended),
    ):  # fmt: skip
        after = expect(items_in(*items), known, rules, window_open=window_open, broken=links)
        parts = [(before.total, after.total)] + [(before.instruments[c], after.instruments[c]) for c in WEIGHTS]
        for old, new in parts:
            assert all(then <= now for then, now in zip(old.points, new.points, strict=True))
        for level in (lambda one: one.lowest, lambda one: one.verdict.level, lambda one: one.highest):
            assert LEVELS.index(level(after.total)) <= LEVELS.index(level(before.total))


@given(stages, known, worths, st.booleans())
def test_low_likely_high_stand_in_order_and_the_level_is_that_of_scoring(
    drawn: list[Stage], what: Known, worth: dict[Stage, Points], window_open: bool
):
    found = expect(
        items_in(*drawn),
        what,
        replace(RULES, assumptions=Assumptions(worth, half(worth))),
        window_open=window_open,
    )
    for part in (found.total, *found.instruments.values()):
        assert 0 <= part.points.low <= part.points.likely <= part.points.high <= 100
    likely = {code: part.points.likely for code, part in found.instruments.items()}
    assert found.total.points.likely == scoring.total(likely, WEIGHTS)
    assert found.total.verdict.level == scoring.level(scoring.total(likely, WEIGHTS), likely, LEVELS)


@given(stages, everything, st.booleans(), st.sets(st.sampled_from(list(WEIGHTS))))
def test_the_ways_lead_to_the_next_level_and_none_can_be_left_out(
    drawn: list[Stage], what: Known, window_open: bool, over: set[str]
):
    found = expect(items_in(*drawn), what, window_open=window_open, over=over)
    rule = found.total.verdict.next
    if rule is None or found.fixed:
        assert found.ways == ()
        return

    def reaches(ways: Collection[Way]) -> bool:
        points = {code: part.points.likely for code, part in found.instruments.items()}
        for way in ways:
            points[way.instrument] += way.points
        reached = scoring.level(scoring.total(points, WEIGHTS), points, LEVELS)
        return LEVELS.index(reached) <= LEVELS.index(rule)

    assert reaches(found.ways)
    assert all(way.points > 0 and way.instrument not in what.instruments for way in found.ways)
    assert all(way.item or way.instrument == "OIT" or way.instrument not in over for way in found.ways)
    assert not any(way.item in what.items for way in found.ways)
    for at in range(len(found.ways)):
        assert not reaches([*found.ways[:at], *found.ways[at + 1 :]])


@given(st.lists(st.tuples(st.integers(1, 9), st.floats(0.01, 3)), max_size=7), st.floats(0.1, 6))
def test_no_other_items_that_suffice_leave_less_to_do(drawn: list[tuple[int, float]], needs: float):
    ways = [Way("OIT", f"O{at}", Stage.approved, gain, left) for at, (left, gain) in enumerate(drawn)]
    taken = forecast._cheapest(ways, needs)
    enough = [
        sum(way.left for way in some)
        for size in range(len(ways) + 1)
        for some in combinations(ways, size)
        if sum(way.points for way in some) >= needs - 0.005
    ]
    assert sum(way.left for way in taken) == min(enough, default=sum(way.left for way in ways))


def test_nothing_is_left_of_an_item_that_it_was_not_worth_before_the_window_closed():
    assert [*LEFT, Stage.filed] == list(Stage)
    assert list(LEFT.values()) == sorted(LEFT.values())
    assert all(left <= WORTH[stage].low for stage, left in LEFT.items())


@pytest.mark.parametrize("end", range(3))
def test_the_assumed_worth_rises_with_the_stage(end: int):
    ends = [one[end] for one in WORTH.values()]
    assert list(WORTH) == list(Stage)
    assert ends == sorted(ends)
