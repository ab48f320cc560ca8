"""PURE: what people change in a plan, as changes of its values (`content_of`); `checked` says if it still is one.

A file a subject. What follows from a change is changed with it: a day of an item's own that nothing is due on any more
goes, a step's duties go where the step goes, what is without anybody says so.
"""

from ita_core.plan.editing.calendar import (
    OnlyStep,
    Place,
    StepWords,
    add_phase,
    add_step,
    calendar_of,
    move_step,
    name_phases,
    set_signs,
    set_steps,
    take_out_step,
)
from ita_core.plan.editing.deadlines import (
    Days,
    deadlines_of,
    due_in_month,
    move_all,
    move_deadlines,
    move_groups,
    own_days_that_are,
    reports_of,
    set_measures_close,
    set_monthly_day,
)
from ita_core.plan.editing.duties import duties_at, only_one, set_duties
from ita_core.plan.editing.items import (
    Demand,
    Whose,
    add_measure,
    add_requirement,
    demands_of,
    set_requirement,
    set_words,
    take_framework_back,
    take_out_measure,
    take_out_requirement,
    titles_of,
    words_of,
)
from ita_core.plan.editing.office import (
    StillNamed,
    add_group,
    correct_group,
    places_of,
    set_members,
    set_office,
    take_out_group,
)
from ita_core.plan.editing.people import add_officer, bring_back, correct_officer, hand_over
from ita_core.plan.editing.scoring import set_figures, set_sources

__all__ = [
    "Days", "Demand", "OnlyStep", "Place", "StepWords", "StillNamed", "Whose", "add_group", "add_measure",
    "add_officer", "add_phase", "add_requirement", "add_step", "bring_back", "calendar_of", "correct_group",
    "correct_officer",
    "deadlines_of", "demands_of", "due_in_month", "duties_at", "hand_over", "move_all", "move_deadlines",
    "move_groups", "move_step", "name_phases", "only_one", "own_days_that_are", "places_of", "reports_of", "set_duties",
    "set_figures", "set_measures_close", "set_members", "set_monthly_day", "set_office", "set_requirement",
    "set_signs", "set_sources", "set_steps", "set_words",
    "take_framework_back", "take_out_group", "take_out_measure", "take_out_requirement", "take_out_step", "titles_of",
    "words_of",
]  # fmt: skip
