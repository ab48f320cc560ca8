"""PURE: by when: of one item, of a group, of a month, of everything."""

from collections.abc import Mapping
from datetime import date, timedelta

from ita_core.days import period_of
from ita_core.errors import NotFound
from ita_core.plan.content import Content, checked
from ita_core.plan.plan import due_days

Days = Mapping[tuple[str, str], date]  # (item, month or "") → the day by which


def deadlines_of(content: Content) -> dict[tuple[str, str], date]:
    """Every deadline that can be moved by itself: of each item and month, "" for what has no month."""
    return due_days(*checked(content, content["plan"]["plan"]))


def reports_of(days: Days, period: str) -> dict[tuple[str, str], date]:
    """Of these deadlines those of the reports on one month (YYYY-MM)."""
    return {place: due for place, due in days.items() if place[1] == period}


def due_in_month(days: Days, month: str) -> dict[tuple[str, str], date]:
    """Of these deadlines those that lie in one calendar month (YYYY-MM), whatever they are of."""
    return {place: due for place, due in days.items() if period_of(due) == month}


def move_deadlines(content: Content, days: Days) -> None:
    """Let these be due on these days; what the plan's groups say already is no day of an item's own."""
    own: dict[str, dict[str, str]] = content["plan"]["deadlines"].setdefault("own", {})
    for code, period in days:
        own.get(code, {}).pop(period, None)
    for code in [code for code, left in own.items() if not left]:
        del own[code]
    usual = deadlines_of(content)
    for (code, period), day in days.items():
        if (code, period) not in usual:
            raise NotFound
        if usual[code, period] != day:
            own.setdefault(code, {})[period] = day.isoformat()


def move_all(content: Content, by: int, *, first: date) -> None:
    """Let everything that is due on or after a day be due so many days later, or earlier."""
    days = {place: due + timedelta(days=by) for place, due in deadlines_of(content).items() if due >= first}
    move_deadlines(content, days)


def move_groups(content: Content, days: Mapping[int, date]) -> None:
    """The day of groups of what is shown once, by their place in the plan (0, 1 …).

    An item that has a day of its own keeps it. What the document said of the day goes with it. Raises NotFound.
    """
    groups = content["plan"]["deadlines"]["once"]
    for place, day in days.items():
        if not 0 <= place < len(groups):
            raise NotFound
        if groups[place]["due"] != day.isoformat():
            groups[place] |= {"due": day.isoformat(), "says": ""}
    own_days_that_are(content)


def set_monthly_day(content: Content, day: int) -> None:
    """By which day (1–28) of the month after it a month is reported; a report with a day of its own keeps it."""
    monthly = content["plan"]["deadlines"]["monthly"]
    if monthly["day"] != day:
        monthly |= {"day": day, "says": ""}
    own_days_that_are(content)


def set_measures_close(content: Content, day: date) -> None:
    """By when the office's own measures are to be done; one with a day of its own keeps it."""
    content["plan"]["measures_close"] = day.isoformat()
    own_days_that_are(content)


def own_days_that_are(content: Content) -> None:
    """Of the days of an item's own keep those that still are: of what is demanded, and unlike what the groups say."""
    deadlines = content["plan"]["deadlines"]
    own, deadlines["own"] = deadlines.get("own", {}), {}
    usual = deadlines_of(content)
    move_deadlines(content, {
        (code, period): date.fromisoformat(day)
        for code, days in own.items()
        for period, day in days.items()
        if (code, period) in usual
    })  # fmt: skip
