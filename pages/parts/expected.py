"""What the office may expect to score: one statement, the ways to the next level, what is assumed, and what it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ita_core import access, db, queries, thai, words
from ita_core.board import adding_up
from ita_core.board.adding_up import Figures, Rise
from ita_core.board.forecast import Assumed, Forecast, Ground, Part, Way
from ita_core.board.progress import Board, Stage, State
from ita_core.board.turns import Then
from ita_core.days import day_of, fiscal_months
from ita_core.language import N_, _
from ita_core.plan.figures import ENDS, LIMITS, Figure, in_group
from ita_core.queries import AssumedFacts, ScoreFacts, Snapshot
from pages.parts import marks, templates
from pages.parts.frame import Frame

# What of the assumptions has no figures of its own below.
UNFIGURED = (Assumed.plain_mean, Assumed.as_before, Assumed.nothing_more)
GROUPS = {
    "stages": N_("What an item comes to from the stage that it is in"),
    "weights": N_("Weights of the instruments"),
    "bands": N_("How far a survey may come out otherwise than it last did"),
    "levels": N_("From which points a level is reached"),
}
SIDES = (("stages",), ("weights", "bands"), ("levels",))  # which of them stand below each other


@dataclass(frozen=True, slots=True)
class Says:
    """The whole in one statement."""

    points: str
    level: str
    band: str
    why: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A row of the table; of the total too. `share` is what it brings to the total, "" where that was announced."""

    code: str
    weight: str
    likely: str
    band: str
    share: str
    rests: str


@dataclass(frozen=True, slots=True)
class Act:
    """What has to be done of an item, by whom, and by when."""

    code: str
    title: str
    does: str
    whose: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What one instrument has to bring: its items, or (none) what the survey's result has to rise by."""

    rise: str
    does: str
    acts: tuple[Act, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure that is assumed; `changed` says by which revision of the plan, "" where none did."""

    text: str
    changed: str


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one kind, and where they come from."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Month:
    """What was expected on a day; the band of 100 from `left`, so `width` wide, the likely points at `at`."""

    day: str
    likely: str
    band: str
    level: str
    left: float
    width: float
    at: float


def draw(here: Frame, data: Snapshot, board: Board, found: Forecast) -> None:
    """Where all was announced, only that: how it came out stands with the years."""
    if not found.total.assumed:
        says = _("Fiscal year {year} has its score, so nothing is forecast: it stands with the years below.")
        st.info(says.format(year=here.assessment.fiscal_year))
        return
    with db.reading() as session:
        assumed = queries.get_assumptions(session, here.assessment.id, board.before)
        estimates = queries.list_estimates(session, here.assessment.id, board.before)
        before = queries.list_forecasts(session, data, _firsts(here, board.day))
    figures = adding_up.figures(found)
    better = found.total.verdict.next
    templates.show(
        "expected",
        says=_says(found, figures),
        instruments=_instruments(found, figures, estimates),
        total=_total(found, figures),
        head=words.ways_head(found),
        steps=[_step(rise, figures, here, data, board) for rise in figures.rises],
        then=_("Once all of this is done: {points} points, {level}").format(
            points=f"{figures.then:.{figures.digits}f}", level=better.title) if better else "",
        tables=_tables(assumed, found),
        others=[words.assumed_word(one) for one in found.total.assumed if one in UNFIGURED],
        carried=assumed.carried,
        edit="/plan?figures=1" if access.may_plan(here.actor) and here.acts() else "",
        months=_months(before | {board.day: found}),
    )  # fmt: skip


def _says(found: Forecast, figures: Figures) -> Says:
    total = found.total
    band = _("by the assumptions below between {low} and {high} points").format(
        **dict(zip(("low", "high"), words.band_text(total.points).split("–"), strict=True))
    ) if total.points.low < total.points.high else ""  # fmt: skip
    if total.lowest != total.highest:
        says = _("{band}: from {lowest} to {highest}")
        band = says.format(band=band, lowest=total.lowest.title, highest=total.highest.title)
    verdict = total.verdict
    why = _("That is the best level.")
    if verdict.next:
        short = " · ".join(words.shortfall_text(one, digits=figures.digits) for one in found.fixed or verdict.short)
        says = _("{level} cannot be reached any more: {why}") if found.fixed else _("Not yet {level}: {why}")
        why = says.format(level=verdict.next.title, why=short)
    return Says(f"{figures.likely['']:.{figures.digits}f}", verdict.level.title, band, why)


def _instruments(found: Forecast, figures: Figures, estimates: Mapping[str, ScoreFacts]) -> list[Instrument]:
    return [
        _instrument(code, part, figures, f"{found.weights[code] * 100:.4g}%", estimates.get(code))
        for code, part in found.instruments.items()
    ]


def _instrument(code: str, part: Part, figures: Figures, weight: str, estimate: ScoreFacts | None) -> Instrument:
    rests = words.because_text(part)
    if estimate and part.basis.estimated:
        says = _("estimated by {who} on {day}: {note}")
        day = thai.date_text(day_of(estimate.at))
        rests = f"{rests} · {says.format(who=estimate.by, day=day, note=estimate.entry.source)}"
    known = part.basis.ground is Ground.announced
    return Instrument(
        code, weight, f"{part.points.likely:.2f}" if known else f"{figures.likely[code]:.{figures.digits}f}",
        "" if known else words.band_text(part.points),
        f"{figures.shares[code]:.{figures.digits}f}" if code in figures.shares else "", rests,
    )  # fmt: skip


def _total(found: Forecast, figures: Figures) -> Instrument:
    likely = f"{figures.likely['']:.{figures.digits}f}"
    return Instrument(_("Total"), "100%", likely, words.band_text(found.total.points),
                      likely if figures.shares else "", "")  # fmt: skip


# --- the ways --------------------------------------------------------------------------------------------------------


def _step(rise: Rise, figures: Figures, here: Frame, data: Snapshot, board: Board) -> Step:
    acts = tuple(_act(way, data, board) for way in rise.ways if way.item)
    if acts:
        closes = thai.date_text(here.assessment.closes)
        says = _("{items} items, filed in ITAP by {day} at the latest")
        if board.day > here.assessment.closes:
            says = _("{items} items whose link has to open again")
        return Step(words.rise_text(rise, figures.digits), says.format(items=len(acts), day=closes), acts, "")
    ends = [step.ends for step in data.steps if step.instrument == rise.instrument and step.ends >= board.day]
    says = _("the result of the {instrument} survey has to be {points} points higher")
    does = says.format(instrument=rise.instrument, points=f"{rise.gain:.{figures.digits}f}")
    if ends:
        does = f"{does} · " + _("answers are collected until {day}").format(day=thai.date_text(max(ends)))
    return Step(words.rise_text(rise, figures.digits), does, (), "/campaigns")


def _act(way: Way, data: Snapshot, board: Board) -> Act:
    standing = board.by_code[way.item]
    open_ = [slot for slot in standing.slots if slot.state is not State.accepted]
    dues = [slot.slot.due for slot in open_ if slot.slot.due]
    filing = way.left > int(way.mend)
    does = words.to_do_text(standing, mend=way.mend, filing=filing)
    # Who publishes keeps its address, too.
    whose = marks.whose_turn(standing, standing.slots, data.people).text if filing else _(marks.THEN[Then.publish])
    return Act(
        way.item, standing.item.title, does, whose,
        _("by {day}").format(day=thai.date_text(max(dues))) if dues else "", bool(standing.tally.overdue),
    )  # fmt: skip


# --- what is assumed -------------------------------------------------------------------------------------------------


def _tables(of: AssumedFacts, found: Forecast) -> list[list[Table]]:
    """Those that stand below each other, beside the others."""
    counts: dict[Stage, int] = {}
    for part in found.instruments.values():
        for stage, count in part.basis.stages.items():
            counts[stage] = counts.get(stage, 0) + count

    def cell(*figure: str, unit: str = "") -> Cell:
        if figure not in of.figures:
            return Cell("–", "")
        one = of.changed.get(figure)
        changed = "" if one is None else _("revision {number}, {day}").format(
            number=one.number, day=thai.date_text(day_of(one.at)))  # fmt: skip
        return Cell(f"{of.figures[figure]:g}{unit}", changed)

    stages = tuple(
        (
            _(words.STAGES[stage]),
            (*(cell("stages", stage.value, end) for end in ENDS), cell("left", stage.value),
             Cell(str(counts.get(stage, "–")), "")),
        )
        for stage in reversed(Stage)
    )  # fmt: skip
    levels = tuple(
        (title, tuple(cell("levels", str(place), limit) for limit in LIMITS)) for place, title in enumerate(of.levels)
    )
    weights = tuple((figure[1], (cell(*figure, unit="%"),)) for figure in in_group(of.figures, "weights"))
    bands = tuple((code, (cell("bands", code),)) for code in of.banded)
    heads = {
        "stages": (_("Stage"), _("Lowest"), _("Likely"), _("Highest"), _("Left, not filed in time"), _("Items now")),
        "bands": (_("Survey"), _("Points either way, each year")),
        "weights": (_("Instrument"), _("Weight")),
        "levels": (_("Level"), _("Total at least"), _("Every instrument at least")),
    }
    rows = {"stages": stages, "bands": bands, "weights": weights, "levels": levels}
    return [
        [Table(_(GROUPS[group]), heads[group], rows[group], _source(group, of)) for group in side] for side in SIDES
    ]


def _source(group: str, of: AssumedFacts) -> str:
    """Where the figures come from, and which revision changed them last."""
    groups = [group, "left"] if group == "stages" else [group]
    figures: list[Figure] = [figure for one in groups for figure in in_group(of.figures, one)]
    said = dict.fromkeys(of.sources[one] for one in groups if of.sources[one])
    if not said and not of.stated.intersection(figures):
        said = dict.fromkeys([_("a guess of this program: the framework says nothing of it")])
    parts = list(said) or [_("not said")]
    changes = [of.changed[one] for one in figures if one in of.changed]
    if changes:
        last = max(changes, key=lambda one: one.number)
        says = _("changed by revision {number} of the plan on {day}")
        told = says.format(number=last.number, day=thai.date_text(day_of(last.at)))
        parts.append(" ".join(part for part in (told, last.by, f"({last.note})" if last.note else "") if part))
    return " · ".join(parts)


# --- what it was -----------------------------------------------------------------------------------------------------


def _firsts(here: Frame, day: date) -> list[date]:
    """The first day of each month of the fiscal year that lies before the day looked at."""
    months = (date.fromisoformat(f"{month}-01") for month in fiscal_months(here.assessment.fiscal_year))
    return [first for first in months if first < day]


def _months(found: Mapping[date, Forecast | None]) -> list[Month]:
    """The newest first; days of which too little was known are left out."""
    known = {day: one.total for day, one in sorted(found.items(), reverse=True) if one}
    floor = min((part.points.low for part in known.values()), default=0) // 10 * 10
    scale = 100 / (100 - floor) if floor < 100 else 1

    def place(points: float) -> float:
        return round((points - floor) * scale, 1)

    return [
        Month(
            thai.date_text(day), words.points_text(part.points.likely, 0), words.band_text(part.points),
            part.verdict.level.title, place(part.points.low), place(part.points.high) - place(part.points.low),
            place(part.points.likely),
        )
        for day, part in known.items()
    ]  # fmt: skip
