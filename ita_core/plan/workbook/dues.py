"""The sheet of deadlines: what of it the groups of the plan do not say by themselves."""

from typing import Any

from ita_core.language import N_
from ita_core.plan.faults import Faults
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan, due_days
from ita_core.plan.workbook.cells import as_day, as_months, in_digits
from ita_core.plan.workbook.opening import Line
from ita_core.plan.workbook.order import in_order


def own_days(found: list[Line], framework: Framework, bare: Plan, before: Plan, faults: Faults) -> dict[str, Any]:
    """The days that the plan without days of its own (`bare`) would not have, and those that stood there before.

    A row as it was before, for a month that is no longer reported, says nothing.
    """
    by_groups, shown = due_days(framework, bare), due_days(framework, before)
    had = before.deadlines.own
    seen: dict[tuple[str, str], int] = {}
    own: dict[str, dict[str, str]] = {}
    for line in found:
        code = in_digits(line.text("item"))
        due = line.read("due", as_day)
        if not code:
            faults.add_at(line.cell("item"), N_("is empty: write the code of the item or measure"))
            continue
        faults.cells.setdefault(("deadlines", "own", code), line.cell("item"))
        for period in line.read("period", as_months) or [""]:
            if (code, period) in seen:
                says = N_("says a day for what row {row} says one for already")
                faults.add_at(line.cell("due"), says, row=seen[code, period])
                continue
            seen[code, period] = line.number
            faults.cells["deadlines", "own", code, period] = line.cell("due")
            left_over = (code, period) not in by_groups and shown.get((code, period)) == due
            as_before = had.get(code, {}).get(period) == due
            if due and not left_over and (as_before or by_groups.get((code, period)) != due):
                own.setdefault(code, {})[period] = due.isoformat()
    return in_order({code: in_order(days, had.get(code, {})) for code, days in own.items()}, had)
