"""What the office may expect to score, from the plan, the items' state and the announced scores of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from ita_core.board import forecast, links
from ita_core.board.forecast import LEFT, WORTH, Assumptions, Forecast, Known, Points, Rules, State
from ita_core.board.links import Fault, Link
from ita_core.board.progress import Board
from ita_core.board.scoring import LevelRule
from ita_core.plan.figures import Figure, figures_of, of_items, sources_of, stated
from ita_core.plan.framework import Framework
from ita_core.queries.links import list_held_links
from ita_core.queries.plans import RevisionFacts, get_history
from ita_core.queries.remembered import remembered
from ita_core.queries.scores import list_estimates, list_scores, results_by_year
from ita_core.queries.snapshots import Snapshot


def get_forecast(
    session: Session, data: Snapshot, board: Board, estimates: Mapping[str, float] | None = None
) -> Forecast | None:  # fmt: skip
    """The forecast as of a board of this snapshot, both of all items; None where too little is known to make one.

    The plan, the items, the checks of links and the scores are those of its day: so it has a history without being
    kept. Once the window has closed the items count as they stood when it did: nothing filed later was assessed.
    `estimates` of instruments take the place of recorded ones.
    """
    state, known, rules = _inputs(session, data, board)
    return forecast.forecast(state, replace(known, estimates={**known.estimates, **(estimates or {})}), rules)


def list_unknown(session: Session, data: Snapshot, board: Board) -> list[str]:
    """The instruments for want of which there is no forecast of a board's day."""
    return forecast.unknown(*_inputs(session, data, board))


def list_forecasts(session: Session, data: Snapshot, days: Iterable[date]) -> dict[date, Forecast | None]:
    """Day → what was expected on it, of a snapshot of all items; None where too little was known."""
    return {day: get_forecast(session, data, data.board(day)) for day in days}


@dataclass(frozen=True, slots=True)
class AssumedFacts:
    """The figures that a forecast assumes (`plan.figures`), and where they come from.

    `stated` are those that the framework says itself, the others are our own guess; `changed` are those that a revision
    changed, with the last one that did; `banded` the instruments that a band is used for. `carried` is the framework of
    the earlier year that this one was carried over from, "" where it is its own.
    """

    figures: Mapping[Figure, float]
    levels: tuple[str, ...]
    sources: Mapping[str, str]
    stated: frozenset[Figure]
    changed: Mapping[Figure, RevisionFacts]
    banded: tuple[str, ...]
    carried: str


def get_assumptions(session: Session, assessment_id: int, before: datetime | None = None) -> AssumedFacts:
    """What the plan in force just before a moment (None: now) assumes."""
    history = get_history(session, assessment_id)
    now = history.before(before)
    changed: dict[Figure, RevisionFacts] = {}
    known: dict[Figure, float] = {}
    for one in history.plans[: history.plans.index(now) + 1]:
        figures = figures_of(one.framework)
        changed |= {name: one.revision for name, value in figures.items() if known.get(name, value) != value}
        known = figures
    framework, by_items = now.framework, of_items(now.framework)
    return AssumedFacts(
        known, tuple(one.title for one in framework.levels), sources_of(framework),
        frozenset(name for name in known if stated(framework, name)), changed,
        tuple(code for code in framework.instruments if code not in by_items),
        now.plan.assumed.source if now.plan.assumed else "",
    )  # fmt: skip


def _inputs(session: Session, data: Snapshot, board: Board) -> tuple[State, Known, Rules]:
    framework = get_history(session, data.assessment.id).before(board.before).framework
    is_open = board.day <= framework.closes
    counts = board if is_open else data.board(framework.closes)
    # The addresses of what counts, each with its last check of the board's day: a page may break after the window
    # closes, and one that was taken off since stands as it was seen last.
    stages = {one.item.id: one.stage for one in counts.oit}
    held = _every_link(session, data.assessment.id, counts.before, board.before)
    shown = (link for link in held if link.item_id in stages and links.is_shown(link, stages[link.item_id]))
    broken = frozenset(link.code for link in shown if _is_broken(link, board.day))
    over = frozenset(code for code in framework.instruments if _is_over(code, framework, board.day))
    state = State(counts.oit, is_open, broken, over)
    return state, _known(session, data, board), rules_of(framework)


@remembered
def _every_link(
    session: Session, assessment_id: int, before: datetime | None, seen: datetime | None
) -> list[Link]:  # fmt: skip
    return list_held_links(session, assessment_id, before=before, seen=seen)


def _is_broken(link: Link, day: date) -> bool:
    return links.fault(link, day) is Fault.broken


def _is_over(instrument: str, framework: Framework, day: date) -> bool:
    """Whether the calendar has steps of an instrument and all have ended: nobody answers any more."""
    ends = [step.ends for step in framework.steps.values() if step.instrument == instrument]
    return bool(ends) and max(ends) < day


def _known(session: Session, data: Snapshot, board: Board) -> Known:
    year = data.assessment.fiscal_year
    listed = [one.entry for one in list_scores(session, data.assessment.id, board.before)]
    now = [one for one in listed if one.fiscal_year == year]
    whole = {one.instrument: one.points for one in now if one.indicator is None and not one.item}
    earlier = results_by_year(session, data.assessment.id, board.before).values()
    return Known(
        {code: points for code, points in whole.items() if code},
        {one.indicator: one.points for one in now if one.indicator is not None and not one.item},
        {one.item: one.points for one in now if one.item},
        whole.get(""),
        [one for one in earlier if one.year < year],
        {code: one.entry.points for code, one in list_estimates(session, data.assessment.id, board.before).items()},
    )


def rules_of(framework: Framework) -> Rules:
    """How a framework scores, with what its forecasts assume."""
    stated = framework.forecast
    stages = {stage: Points(one.low, one.likely, one.high) for stage, one in stated.stages.items()} if stated else {}
    left, bands = (dict(stated.left), dict(stated.bands)) if stated else ({}, {})
    return Rules(
        framework.fiscal_year,
        {code: one.weight for code, one in framework.instruments.items()},
        [LevelRule(one.title, one.total_min, one.each_min) for one in framework.levels],
        {number: one.instrument for number, one in framework.indicators.items()},
        Assumptions(WORTH | stages, LEFT | left, bands),
    )
