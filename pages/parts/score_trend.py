"""How the scores have gone from year to year: a picture beside the table that has the same figures."""

import base64
from collections.abc import Mapping, Sequence

from ita_core import charts, db, queries
from ita_core.board.scoring import Result
from ita_core.language import _
from ita_core.queries import InstrumentFacts
from pages.parts import templates
from pages.parts.frame import Frame


def draw(here: Frame, results: Mapping[int, Result], instruments: Sequence[InstrumentFacts]) -> None:
    """A line for the total and each instrument; nothing where no year has points."""
    lines = trend(results, instruments)
    if not lines:
        return
    with db.reading() as session:
        levels = queries.list_levels(session, here.assessment.id)
    # Of levels with the same border the one that every instrument must reach, too: what keeps an office from it.
    borders = tuple((title, whole) for title, whole, each in levels if each)
    wide, narrow = (
        base64.b64encode(charts.trend_picture(lines, borders, width).encode()).decode()
        for width in (charts.TREND_WIDTH, charts.TREND_NARROW)
    )
    told = ", ".join(f"{name} {points[-1][1]:.2f} ({points[-1][0]})" for name, points in lines)
    says = _("Scores by fiscal year; the last known: {told}. The table has every year.").format(told=told)
    templates.show("score_trend", data=wide, narrow=narrow, says=says)


def trend(results: Mapping[int, Result], instruments: Sequence[InstrumentFacts]) -> charts.Scores:
    """The total and the instruments that have points in any year, each with them, the first year first."""
    years = sorted(results)
    totals = tuple((year, whole) for year in years if (whole := results[year].total) is not None)
    each = [
        (one.code, tuple((year, results[year].points[one.code]) for year in years if one.code in results[year].points))
        for one in instruments
    ]
    return tuple((name, points) for name, points in [(_("Total"), totals), *each] if points)
