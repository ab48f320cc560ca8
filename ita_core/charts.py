"""Altair specifications, and what they look like; knows no Streamlit.

A picture is kept by its arguments (`lru_cache`): drawing one costs more than everything else on a page, and the same
data make the same chart for everyone. The arguments are aggregates of the office, never one user's. vl-convert draws
them without a browser; it is the Vega project's own.
"""

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


# Pictures are drawn for paper; on a dark screen only their text and grid must turn.
_DARK = (
    "<style>@media (prefers-color-scheme: dark) "
    "{ text { fill: #C3CDD7 } .role-axis-grid line, .role-axis line { stroke: #3A4653 } }</style>"
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
