"""The indicators by instrument: what must improve, last year's score, and the work that serves them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core import thai
from ita_core.board import progress
from ita_core.board.headline import Face
from ita_core.board.progress import Board
from ita_core.board.steps import StepFacts
from ita_core.language import _
from ita_core.queries import IndicatorFacts, InstrumentFacts, Snapshot
from pages.parts import board_table, item_list, marks
from pages.parts.board_table import Row
from pages.parts.frame import Frame
from pages.parts.marks import Bar


@dataclass(frozen=True, slots=True)
class Indicator:
    """`bar` is its progress against the plan, None where it has no item to disclose."""

    number: int
    title: str
    improve: str
    bar: Bar | None
    items: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    starts: str
    ends: str
    now: bool


@dataclass(frozen=True, slots=True)
class Instrument:
    """`about` is its weight and last year's score, which may be `below` the target."""

    code: str
    title: str
    about: str
    below: bool
    indicators: tuple[Indicator, ...]
    measures: tuple[Row, ...]
    steps: tuple[Step, ...]


def instrument(
    one: InstrumentFacts,
    last: float | None,
    here: Frame,
    data: Snapshot,
    board: Board,
    *,
    indicators: Sequence[IndicatorFacts],
    steps: Sequence[StepFacts],
) -> Instrument:
    """An instrument with its indicators, measures and steps; `last` is last year's points, None where unknown."""
    target = here.assessment.target
    measures = [standing for standing in board.items if standing.item.instrument == one.code]
    return Instrument(
        one.code,
        one.title,
        _about(one.weight, last, target),
        last is not None and last < target,
        tuple(_indicator(each, data, board) for each in indicators if each.instrument == one.code),
        tuple(board_table.rows(data, measures, board)),
        tuple(
            Step(
                each.title, thai.date_text(each.starts), thai.date_text(each.ends),
                each.starts <= board.day <= each.ends,
            )
            for each in steps
            if each.instrument == one.code
        ),
    )  # fmt: skip


def _about(weight: float, last: float | None, target: float) -> str:
    parts = [_("weight {weight:.0%}").format(weight=weight)]
    if last is not None:
        parts.append(_("last year {points:.2f}").format(points=last))
        lacks = _("{points:.2f} below the target of {target:g}").format(points=target - last, target=target)
        parts.append(lacks if last < target else _("the target of {target:g} was reached").format(target=target))
    return " · ".join(parts)


def _indicator(one: IndicatorFacts, data: Snapshot, board: Board) -> Indicator:
    items = [standing for standing in board.oit if standing.item.indicator == one.number]
    bar = None
    if items:
        share = progress.accepted_share(items)
        planned = progress.planned_share([standing.item for standing in items], board.day)
        address = item_list.address(indicator=str(one.number))
        bar = marks.bar(_("Accepted"), [(Face.accepted, share)], f"{share:.0%}", planned=planned, address=address)
    return Indicator(one.number, one.title, one.improve, bar, tuple(board_table.rows(data, items, board)))
