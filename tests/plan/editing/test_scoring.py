"""What a forecast assumes, changed in the plan: what is kept, what refused; better work never forecasts less."""

from copy import deepcopy
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ita_core.board import forecast
from ita_core.board.forecast import LEFT, WORTH, Points, State
from ita_core.board.progress import Stage
from ita_core.errors import NotFound
from ita_core.plan import editing
from ita_core.plan.content import Content, checked
from ita_core.plan.difference import differences
from ita_core.plan.faults import PlanFaults
from ita_core.plan.figures import GROUPS, Figure, figures_of, of_items, path_of, sources_of, stated
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.queries.forecasts import rules_of
from tests.board.test_forecast import KNOWN, items_in


def edited(content: Content, figures: dict[Figure, float]) -> Framework:
    editing.set_figures(content, figures)
    return checked(content, "x")[0]


def refused(content: Content, figures: dict[Figure, float]) -> list[str]:
    editing.set_figures(content, figures)
    with pytest.raises(PlanFaults) as found:
        checked(content, "x")
    return [fault.removeprefix("x: ") for fault in found.value.faults]


def test_the_framework_states_every_figure_that_its_forecast_uses_and_where_it_is_from(rules: Framework):
    figures = figures_of(rules)
    assert figures["stages", "published", "likely"] == 98
    assert (figures["weights", "OIT"], figures["levels", "1", "each_min"], figures["bands", "IIT"]) == (40, 85, 2)
    used = [one for one in figures if one != ("bands", "OIT")]
    assert all(stated(rules, one) for one in used)
    assert of_items(rules) == {"OIT"}  # so no band is used for it
    assert all(sources_of(rules)[group] for group in GROUPS)


def test_the_frameworks_worths_are_those_that_stood_in_the_program(rules: Framework):
    """What a database made before says by our own guesses is what a new one says by its framework."""
    assumptions = rules_of(rules).assumptions
    assert (assumptions.stages, assumptions.left) == (WORTH, LEFT)
    bare = rules_of(rules.model_copy(update={"forecast": None}))
    assert bare.assumptions.band("IIT") == assumptions.band("IIT")


def test_a_figure_is_changed_and_the_forecast_uses_it(content: Content):
    framework = edited(content, {
        ("stages", "filed", "likely"): 99, ("left", "published"): 92, ("bands", "EIT"): 3.5,
        ("weights", "IIT"): 25, ("weights", "EIT"): 35, ("levels", "0", "each_min"): 90,
    })  # fmt: skip
    of = rules_of(framework)
    assert of.assumptions.stages[Stage.filed] == Points(95, 99, 100)
    assert (of.assumptions.left[Stage.published], of.assumptions.band("EIT")) == (92, 3.5)
    assert (of.weights, of.levels[0].each_min) == ({"IIT": 0.25, "EIT": 0.35, "OIT": 0.4}, 90)


def test_what_is_so_already_changes_nothing_and_nothing_is_stated_for_it(content: Content, rules: Framework):
    content["framework"].pop("forecast")
    before = deepcopy(content)
    editing.set_figures(content, figures_of(rules))
    assert content == before
    framework = edited(content, {("stages", "filed", "low"): 96})
    assert framework.forecast is not None
    assert list(framework.forecast.stages) == [Stage.filed]
    assert not stated(framework, ("stages", "published", "low"))


def test_where_figures_come_from_is_said_and_taken_out(content: Content):
    before = deepcopy(content)
    editing.set_sources(content, {"stages": "ประกาศ"})
    kept = sources_of(checked(content, "x")[0])
    assert (kept["stages"], kept["levels"]) == ("ประกาศ", before["framework"]["forecast"]["sources"]["levels"])
    editing.set_sources(content, dict.fromkeys(GROUPS, ""))
    assert "sources" not in checked(content, "x")[0].model_dump(mode="json", by_alias=True)["forecast"]


@pytest.mark.parametrize(
    ("figures", "faults"),
    [
        ({("stages", "published", "likely"): 96},
         ["framework.forecast.stages.published: “Likely”, 96, is less than the 97 of the stage before it, “Approved”: "
          "raise it, or lower that one"]),
        ({("stages", "filed", "high"): 100.5},
         ["framework.forecast.stages.filed.high: must be less than or equal to 100, but is 100.5"]),
        ({("bands", "IIT"): -1}, ["forecast.bands.IIT: must be greater than or equal to 0, but is -1"]),
        ({("left", "preparing"): 75},
         ["forecast.stages.preparing: “Lowest”, 70, is less than “What is left after the window”, 75: change one of "
          "the two",
          "forecast.stages.in_review: “What is left after the window”, 40, is less than the 75 of the stage before it, "
          "“In preparation”: raise it, or lower that one"]),
        ({("weights", "IIT"): 20}, ["instruments: the weights add up to 90%, not to 100%: raise them by 10 in all"]),
        ({("weights", "IIT"): 35}, ["instruments: the weights add up to 105%, not to 100%: lower them by 5 in all"]),
        ({("levels", "1", "total_min"): 96},
         ["levels: ผ่านดี begins at a total of 96, above ผ่านดีเยี่ยม, which begins at 95: the best level comes first, the "
          "others by falling totals"]),
        ({("levels", "1", "each_min"): 0},
         ["levels[2]: nobody could have this level: the better one, ผ่านดี, demands no more"]),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_in_a_sentence(
    content: Content, figures: dict[Figure, float], faults: list[str]
):
    assert refused(content, figures) == [fault.removeprefix("framework.") for fault in faults]


def test_a_figure_that_there_is_not_is_not_changed(content: Content):
    for figure in (("bands", "XIT"), ("left", "filed"), ("levels", "9", "each_min"), ("stages", "filed", "best")):
        with pytest.raises(NotFound):
            editing.set_figures(content, {figure: 1})
    with pytest.raises(NotFound):
        editing.set_sources(content, {"colour": "แดง"})


def test_it_is_told_what_the_figure_was_even_where_nothing_was_stated(rules: Framework, real: Plan, content: Content):
    before = rules.model_copy(update={"forecast": None})
    content["framework"].pop("forecast")
    told = {one.where: (one.before, one.after) for one in differences(
        (before, real), (edited(content, {("stages", "filed", "likely"): 99, ("left", "approved"): 81}), real)
    )}  # fmt: skip
    assert told == {"forecast.stages.filed.likely": ("98", "99"), "forecast.left.approved": ("80", "81")}


# --- what always holds -----------------------------------------------------------------------------------------------

by = st.integers(-12, 12) | st.integers(-2, 2)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_put_in_force_a_better_state_never_forecasts_lower(
    content: Content, rules: Framework, data: st.DataObject
):
    """Any change of figures is either refused, or keeps the order: of an item among others, in the window and after."""
    now = figures_of(rules)
    names = data.draw(st.lists(st.sampled_from([one for one in now if one[0] in ("stages", "left")]), max_size=3))
    changed = deepcopy(content)
    editing.set_figures(changed, {one: min(100, max(0, now[one] + data.draw(by))) for one in names})
    try:
        framework, _plan = checked(changed, "x")
    except PlanFaults:
        return
    for window_open in (True, False):
        found = [
            forecast.forecast(State(items_in(stage, Stage.approved), window_open), KNOWN, rules_of(framework))
            for stage in Stage
        ]
        points = [one.total.points for one in found if one]
        assert len(points) == len(Stage)
        for worse, better in pairwise(points):
            assert all(then <= now for then, now in zip(worse, better, strict=True))


def test_every_figure_has_its_place_in_the_framework(rules: Framework):
    values = rules.model_dump(mode="json", by_alias=True)
    for figure in figures_of(rules):
        if figure != ("bands", "OIT"):
            place = values
            for part in path_of(figure):
                place = place[part]
            assert isinstance(place, float)
