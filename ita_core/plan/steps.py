"""PURE: which steps of two calendars are the same: they are numbered by their place in the year, which moves."""

from collections.abc import Mapping

from ita_core.plan.framework import Framework, Step, steps_in
from ita_core.plan.plan import Plan


def steps_of(framework: Framework, plan: Plan) -> dict[int, Step]:
    """The plan's steps by their numbers."""
    return steps_in(plan.calendar(framework))


def same_steps(before: Mapping[int, Step], after: Mapping[int, Step]) -> dict[int, int]:
    """The number that each step of the later calendar had, where it had one.

    A step is the one that is called the same; of those that are left on either side, the one of the same number.
    """
    return same_titles(
        {number: step.title for number, step in before.items()}, {number: step.title for number, step in after.items()}
    )


def same_titles(before: Mapping[int, str], after: Mapping[int, str]) -> dict[int, int]:
    """The same (`same_steps`) of steps of which only the titles are known, by their numbers."""
    found: dict[int, int] = {}
    free = dict(before)
    for number, title in after.items():
        alike = [old for old, other in free.items() if other == title]
        if alike:
            found[number] = number if number in alike else alike[0]
            del free[found[number]]
    found |= {number: number for number in after if number not in found and number in free}
    return found


def step_places(before: Mapping[int, Step], after: Mapping[int, Step]) -> tuple[dict[int, str], dict[int, str]]:
    """What each step of both is called where they are compared: "step 4", by its later number; "step 4-" is gone."""
    same = {old: number for number, old in same_steps(before, after).items()}
    gone = {old: f"step {old}-" if old in after else f"step {old}" for old in before if old not in same}
    return {old: gone.get(old) or f"step {same[old]}" for old in before}, {number: f"step {number}" for number in after}


def lasting_steps(before: Mapping[int, Step], after: Mapping[int, Step]) -> dict[int, int]:
    """The number that a step of the earlier calendar has in the later one, where it is surely still the same.

    More careful than `same_steps`, since what somebody said of a step is held to be said of that: a step under another
    title is the same only where it has the number and the work that it had.
    """
    found: dict[int, int] = {}
    for number, old in same_steps(before, after).items():
        one, other = before[old], after[number]
        if one.title == other.title or (old == number and one.work == other.work):
            found[old] = number
    return found
