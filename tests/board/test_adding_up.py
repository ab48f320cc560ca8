"""A forecast's figures as they are shown: they add up, and every rise is one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ita_core.board import adding_up, forecast
from ita_core.board.adding_up import Figures
from ita_core.board.forecast import Known, Rules, State
from ita_core.board.progress import Stage
from ita_core.board.scoring import LevelRule
from tests.board.test_forecast import KNOWN, LEVELS, RULES, WEIGHTS, everything, expect, items_in, known, stages


def shown(*drawn: Stage, what: Known = KNOWN, rules: Rules = RULES) -> Figures:
    return adding_up.figures(expect(items_in(*drawn), what, rules))


def test_of_guesses_whole_points_are_shown_and_the_rises_add_up():
    found = shown(*[Stage.preparing] * 4)
    assert found.digits == 0
    assert found.likely == {"": 93, "IIT": 93, "EIT": 95, "OIT": 91}
    assert found.shares == {"IIT": 28, "EIT": 29, "OIT": 36}  # of 28.04, 28.56 and 36.4
    assert [(one.instrument, one.before, one.after, one.gain) for one in found.rises] == [
        ("OIT", 91, 96, 5), ("IIT", 93, 95, 2),
    ]  # fmt: skip
    assert found.then == 95


def test_what_a_whole_point_would_hide_has_a_digit_more():
    half = [LevelRule("ดีเยี่ยม", 95.5, 95.5), *LEVELS[1:]]
    found = shown(*[Stage.filed] * 2, rules=Rules(2568, WEIGHTS, half, RULES.indicators))
    assert found.digits == 1
    assert [(one.instrument, one.before, one.after) for one in found.rises] == [
        ("EIT", 95.2, 95.5),
        ("IIT", 93.4, 95.5),
    ]


def test_what_is_left_by_cutting_goes_to_what_lost_the_most():
    assert adding_up.apportioned({"a": 28.04, "b": 28.56, "c": 36.66}, 93.26, 0) == {"a": 28, "b": 28, "c": 37}
    assert adding_up.apportioned({"a": 1.0, "b": 2.0}, 3.0, 0) == {"a": 1, "b": 2}
    assert adding_up.apportioned({"a": 0.4, "b": 0.6}, 1.0, 1) == {"a": 0.4, "b": 0.6}


def test_where_the_whole_is_rounded_down_the_parts_are_too():
    brought = {"IIT": 28.605, "EIT": 28.515, "OIT": 37.988}  # 95.108
    for digits in (0, 1, 2):
        found = adding_up.apportioned(brought, 95.09, digits)
        assert round(sum(found.values()), 2) == adding_up.cut(95.09, digits)
        assert all(abs(found[code] - part) <= 10**-digits for code, part in brought.items())


@given(st.lists(st.floats(0, 40), min_size=1, max_size=4), st.floats(-0.02, 0.02), st.sampled_from([0, 1, 2]))
def test_parts_add_up_whatever_they_are(parts: list[float], off: float, digits: int):
    brought = {str(number): part for number, part in enumerate(parts)}
    whole = max(sum(parts) + off, 0.0)
    assert round(sum(adding_up.apportioned(brought, whole, digits).values()), 2) == adding_up.cut(whole, digits)


def test_nothing_is_made_up_where_the_total_was_announced():
    found = shown(Stage.filed, what=Known(total=94.2, earlier=KNOWN.earlier))
    assert (found.likely[""], found.shares, found.rises) == (94, {}, ())


# --- what always holds -----------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(stages, everything | known, st.booleans())
def test_the_parts_add_up_to_the_total_as_they_are_shown(drawn: list[Stage], what: Known, window_open: bool):
    whole = forecast.forecast(State(items_in(*drawn), window_open), what, RULES)
    assert whole is not None
    found = adding_up.figures(whole)
    if found.shares:
        assert round(sum(found.shares.values()), 2) == found.likely[""]
        for code, share in found.shares.items():
            assert abs(share - whole.instruments[code].points.likely * WEIGHTS[code]) <= 1
    assert all(value <= whole.instruments[code].points.likely + 1e-9 for code, value in found.likely.items() if code)


@settings(max_examples=300)
@given(stages, everything | known)
def test_every_rise_as_shown_leads_where_the_level_begins(drawn: list[Stage], what: Known):
    whole = expect(items_in(*drawn), what)
    found, better = adding_up.figures(whole), whole.total.verdict.next
    assert [way for rise in found.rises for way in rise.ways] == sorted(
        whole.ways, key=lambda way: [rise.instrument for rise in found.rises].index(way.instrument)
    )
    if better is None or not found.rises:
        return
    reached = found.likely | {rise.instrument: rise.after for rise in found.rises}
    assert all(value >= better.each_min for code, value in reached.items() if code)
    assert found.then >= better.total_min
    for rise in found.rises:
        assert rise.before == found.likely[rise.instrument]
        assert round(rise.before + rise.gain, 2) == rise.after
        assert rise.gain > 0 or found.digits == adding_up.MOST_DIGITS
