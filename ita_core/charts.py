"""Altair specifications, and what they look like; knows no Streamlit.

A picture is kept by its arguments (`lru_cache`): drawing one costs more than everything else on a page, and the same
data make the same chart for everyone. The arguments are aggregates of the office, never one user's. vl-convert draws
them without a browser; it is the Vega project's own.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from ita_core import thai
from ita_core.days import ERA, SHORT_MONTHS
from ita_core.language import _

ACCEPTED = "#009E73"
PLANNED = "#5F6B78"
TODAY = "#D55E00"
WIDTH, HEIGHT = 480, 116  # of the lines' field; the picture is scaled to where it stands
PADDING = {"left": 5, "right": 5, "top": 5, "bottom": 10}  # Thai letters reach lower than vl-convert reckons
NARROW = 290  # on a phone, where the wide one would be scaled until nobody can read it
FONT = (  # as in .streamlit/config.toml
    '"Noto Sans Thai Looped", "Noto Sans Thai", "Noto Sans", "Leelawadee UI", '
    "Thonburi, Laksaman, Loma, Tahoma, sans-serif"
)
_MONTHS = ",".join(f"'{month}'" for month in SHORT_MONTHS)
# Vega has no Buddhist-era calendar: the label is put together from the month and the year + 543.
_BUDDHIST = f"[{_MONTHS}][month(datum.value)]+' '+substring(toString(year(datum.value)+{ERA}),2,4)"

Line = tuple[tuple[date, float], ...]
Scores = tuple[tuple[str, tuple[tuple[int, float], ...]], ...]  # a line's name, with its points of 100 by fiscal year
Borders = tuple[tuple[str, float], ...]  # a level's title, with the points from which it is reached

# Told apart by colour (as the states are: safe for colour-blind eyes), by sign, and by the name at the line's end.
_SHAPES = (("#5F6B78", "circle"), ("#0072B2", "square"), ("#D55E00", "triangle-up"), ("#009E73", "diamond"))
TREND_WIDTH, TREND_NARROW, TREND_HEIGHT = 400, 215, 250
MOST_YEARS, MOST_YEARS_NARROW = 7, 4  # the last ones: the table has them all
_APART = 17  # pixels that labels of one year stand apart, at least


# Pictures are drawn for paper; on a dark screen only their text and grid must turn.
_DARK = (
    "<style>@media (prefers-color-scheme: dark) "
    "{ text { fill: #C3CDD7 } .role-axis-grid line, .role-axis line { stroke: #3A4653 } }</style>"
)
# A line may pass behind a value: letters keep a rim of the paper's colour.
_HALO = (
    "<style>.mark-text.role-mark text "
    "{ paint-order: stroke; stroke: #FFFFFF; stroke-width: 7px; stroke-linejoin: round } "
    "@media (prefers-color-scheme: dark) { .mark-text.role-mark text { stroke: #12181F } }</style>"
)


@lru_cache(maxsize=128)
def picture(accepted: Line, planned: Line, day: date, language: str, width: int = WIDTH) -> str:
    """The chart of `accepted_against_planned` as an SVG picture, text as text; the same arguments give it at once.

    Drawn here because a browser takes half a second to load and start what draws charts there.
    """
    svg: str = vl_convert.vegalite_to_svg(accepted_against_planned(accepted, planned, day, language, width))
    return svg.replace(">", f">{_DARK}", 1)


def accepted_against_planned(
    accepted: Line, planned: Line, day: date, language: str, width: int = WIDTH
) -> dict[str, Any]:
    """Two lines over the fiscal year, in percent, with the day marked; `accepted` ends on the day."""
    rows = [
        {"day": at.isoformat(), "share": share, "line": name, "when": thai.date_text(at), "text": f"{share:.0%}"}
        for name, line in ((_("Accepted"), accepted), (_("Planned"), planned))
        for at, share in line
    ]
    axis = alt.Axis(
        labelExpr=_BUDDHIST if language == "th" else alt.Undefined,
        format="%b %y" if language == "en" else alt.Undefined,
        tickCount={"interval": "month", "step": 1},
        title=None,
        grid=False,
        labelOverlap="greedy",
        labelSeparation=8,  # Thai letters are wider here than vl-convert reckons
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("day:T", axis=axis),
        y=alt.Y(
            "share:Q",
            axis=alt.Axis(format="%", title=None, values=[0, 0.25, 0.5, 0.75, 1]),
            scale=alt.Scale(domain=[0, 1.3], nice=False),  # room for the name above the line's end
        ),
        color=alt.Color(
            "line:N",
            legend=None,
            scale=alt.Scale(domain=[_("Accepted"), _("Planned")], range=[ACCEPTED, PLANNED]),
        ),
        tooltip=[
            alt.Tooltip("line:N", title=_("Line")),
            alt.Tooltip("when:N", title=_("Day")),
            alt.Tooltip("text:N", title=_("Share")),
        ],
    )
    is_planned = alt.datum.line == _("Planned")
    plan_line = base.transform_filter(is_planned).mark_line(strokeDash=[5, 4], interpolate="step-after")
    is_accepted = alt.datum.line == _("Accepted")
    real_line = base.transform_filter(is_accepted).mark_line(strokeWidth=3, interpolate="step-after")
    ends = [rows[len(accepted) - 1], rows[-1]] if accepted and planned else []
    names = (
        alt.Chart(alt.InlineData(values=ends))
        .mark_text(align="right", dx=-6, dy=-9, fontSize=13, fontWeight="bold")
        .encode(
            x="day:T",
            y="share:Q",
            text="line:N",
            color=alt.Color("line:N", legend=None),
            tooltip=alt.value(None),
        )
    )
    rule = (
        alt.Chart(alt.InlineData(values=[{"day": day.isoformat()}]))
        .mark_rule(color=TODAY, strokeWidth=1.5)
        .encode(x="day:T", tooltip=alt.value(None))
    )
    chart = alt.layer(plan_line, real_line, rule, names).properties(
        width=width, height=HEIGHT, background="transparent", padding=PADDING
    )
    chart = chart.configure(font=FONT).configure_axis(labelFontSize=12, labelColor=PLANNED, tickColor="#C4CCD4")
    specification: dict[str, Any] = chart.configure_view(stroke=None).to_dict()
    return specification


@lru_cache(maxsize=128)
def trend_picture(lines: Scores, borders: Borders, width: int = TREND_WIDTH) -> str:
    """The chart of `scores_by_year` as an SVG picture, text as text; the same arguments give it at once."""
    svg: str = vl_convert.vegalite_to_svg(scores_by_year(lines, borders, width))
    return svg.replace(">", f">{_HALO}{_DARK}", 1)


def scores_by_year(lines: Scores, borders: Borders, width: int = TREND_WIDTH) -> dict[str, Any]:
    """A line each over the fiscal years (Buddhist era, the last ones), every point with its value, the borders of the
    levels as thin lines; a year that is not known breaks a line. `lines` has at least one point.
    """
    most = MOST_YEARS if width >= TREND_WIDTH else MOST_YEARS_NARROW
    last = max(year for _name, points in lines for year, _value in points)
    shown = [(name, [one for one in points if one[0] > last - most]) for name, points in lines]
    values = [value for _name, points in shown for _year, value in points]
    years = range(min(year for _name, points in shown for year, _value in points), last + 1)
    low = max(0.0, min([*values, *(border for _title, border in borders)]) - 3)
    high = max([*values, 100.0]) + 1.5
    heights = _apart(shown, low, high)
    rows = [
        {
            "year": str(year), "line": name, "points": value, "at": heights[name, year],
            "run": sum(one not in {known for known, _value in points} for one in range(years[0], year)),
            "text": f"{value:.2f}", "name": f"{name} {value:.2f}" if year == points[-1][0] else f"{value:.2f}",
        }
        for name, points in shown
        for year, value in points
    ]  # fmt: skip
    names = [name for name, _points in shown]
    colour = alt.Color(
        "line:N", legend=None, scale=alt.Scale(domain=names, range=[_SHAPES[at % 4][0] for at in range(len(names))])
    )
    shape = alt.Shape(
        "line:N", legend=None, scale=alt.Scale(domain=names, range=[_SHAPES[at % 4][1] for at in range(len(names))])
    )
    x = alt.X(
        "year:O",
        axis=alt.Axis(title=None, labelAngle=0, grid=False),
        scale=alt.Scale(domain=[str(year) for year in years], padding=0.35),
    )
    said = {border: json.dumps(title, ensure_ascii=False) for title, border in borders}
    titles = " : ".join(f"datum.value == {border:g} ? [{title}, '{border:g}']" for border, title in said.items())
    axis = alt.Axis(
        title=None, values=[border for _title, border in borders], grid=True, gridDash=[4, 3], gridColor="#8895A3",
        domain=False, ticks=False, labelExpr=f"{titles} : ''" if borders else "''", labelLineHeight=16,
    )  # fmt: skip
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=alt.Y("points:Q", axis=axis, scale=scale))
    whole = alt.condition(alt.datum.line == names[0], alt.value(3.5), alt.value(1.8))
    drawn = base.mark_line().encode(color=colour, detail="run:N", strokeWidth=whole)
    signs = base.mark_point(filled=True, size=70, opacity=1).encode(color=colour, shape=shape)
    told = base.mark_text(align="left", dx=9, fontSize=13, color="#2E3A46").encode(
        y=alt.Y("at:Q", axis=axis, scale=scale), text="name:N"
    )
    chart = alt.layer(drawn, signs, told).properties(
        width=width, height=TREND_HEIGHT, background="transparent", padding=PADDING | {"top": 8, "right": 8}
    )
    chart = chart.configure(font=FONT).configure_axis(labelFontSize=13, labelColor=PLANNED, domainColor="#C4CCD4")
    specification: dict[str, Any] = chart.configure_view(stroke=None).to_dict()
    return specification


def _apart(
    shown: Sequence[tuple[str, Sequence[tuple[int, float]]]], low: float, high: float
) -> dict[tuple[str, int], float]:
    """How high the label of each point stands: beside it, but clear of those of the same year, the highest first."""
    gap = _APART * (high - low) / TREND_HEIGHT
    found: dict[tuple[str, int], float] = {}
    for year in {year for _name, points in shown for year, _value in points}:
        of_year = sorted(
            ((value, name) for name, points in shown for known, value in points if known == year), reverse=True
        )
        groups: list[tuple[float, list[str]]] = []  # the middle of labels that stand together, each a gap apart
        for value, name in of_year:
            middle, together = value, [name]
            while groups and groups[-1][0] - middle < gap * (len(groups[-1][1]) + len(together)) / 2:
                before, above = groups.pop()
                whole = len(above) + len(together)
                middle = (before * len(above) + middle * len(together)) / whole
                together = above + together
            groups.append((middle, together))
        for middle, together in groups:
            for place, name in enumerate(together):
                found[name, year] = middle + gap * ((len(together) - 1) / 2 - place)
    return found
