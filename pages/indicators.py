"""Indicators: the ten, what must improve in each, last year's score, and the work that serves them."""

import streamlit as st
from markupsafe import Markup

from ita_core import access, db, queries, thai, words
from ita_core.board import progress
from ita_core.board.headline import Face
from ita_core.board.progress import Board, ItemStanding
from ita_core.board.timeline import StepFacts
from ita_core.language import _
from ita_core.queries import IndicatorFacts
from pages.parts import frame, marks


def head(code: str, title: str, weight: float, last: float | None, target: float) -> Markup:
    """An instrument with its weight and last year's score against the target."""
    parts = [_("weight {weight:.0%}").format(weight=weight)]
    if last is not None:
        parts.append(_("last year {points:.2f}").format(points=last))
        lacks = _("{points:.2f} below the target of {target:g}").format(points=target - last, target=target)
        parts.append(lacks if last < target else _("the target of {target:g} was reached").format(target=target))
    below = last is not None and last < target
    return Markup('<h2 class="ita-instrument{}"><span>{} <small>{}</small></span><small>{}</small></h2>').format(
        " below" if below else "", code, title, " · ".join(parts)
    )


def indicator(one: IndicatorFacts, board: Board) -> Markup:
    """What must improve, and for a disclosure indicator its progress against the plan."""
    items = [standing for standing in board.oit if standing.item.indicator == one.number]
    bar = Markup("")
    if items:
        share = progress.accepted_share(items)
        planned = progress.planned_share([standing.item for standing in items], board.day)
        bar = marks.bar(_("Accepted"), [(Face.accepted, share)], f"{share:.0%}", planned=planned)
    return Markup(
        '<section class="ita-indicator"><h3>{}. {}</h3>{}'
        '<details><summary title="{improve}"><b>{}</b> {improve}</summary></details>{}</section>'
    ).format(one.number, one.title, bar, _("What must improve"), work(items), improve=one.improve)


def work(items: list[ItemStanding]) -> Markup:
    """Items or measures, each with its stage and its slots."""
    row = Markup(
        '<tr class="{}"><td class="code">{}</td><td class="title" title="{title}">{}</td><td>{}</td>'
        '<td class="number">{}/{}</td><td class="soft">{}</td></tr>'
    )
    rows = [
        row.format(
            "behind" if one.tally.overdue else "",
            marks.item_link(one.item.code),
            marks.item_link(one.item.code, one.item.title),
            marks.badge(Face.overdue) if one.tally.overdue else "",
            one.tally.accepted,
            one.tally.slots,
            _(words.STAGES[one.stage]),
            title=one.item.title,
        )
        for one in items
    ]
    table = Markup('<div class="ita-scroll"><table class="ita-board"><tbody>{}</tbody></table></div>')
    return table.format(marks.joined(rows)) if rows else Markup("")


def calendar(steps: list[StepFacts], board: Board) -> Markup:
    """The steps that serve an instrument, with their dates."""
    line = Markup('<li><span>{}</span><span class="soft">{} – {}{}</span></li>')
    lines = [
        line.format(one.title, thai.date_text(one.starts), thai.date_text(one.ends),
                    " · " + _("now") if one.starts <= board.day <= one.ends else "")
        for one in steps
    ]  # fmt: skip
    return Markup('<ul class="ita-list">{}</ul>').format(marks.joined(lines))


here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
with db.reading() as session:
    instruments = queries.list_instruments(session, here.assessment.id)
    indicators = queries.list_indicators(session, here.assessment.id)
    last_year = queries.scores_by_year(session, here.assessment.id).get(here.assessment.fiscal_year - 1, {})
    steps = queries.list_steps(session, here.assessment.id)
frame.heading(here, _("Indicators"), any_day=True)
if not access.sees_all(here.actor):
    st.caption(_("Only the items of your duties are shown and counted."))
drawn = []
for instrument in instruments:
    own = [one for one in indicators if one.instrument == instrument.code]
    measures = [one for one in board.items if one.item.instrument == instrument.code]
    serving = [one for one in steps if one.instrument == instrument.code]
    drawn.append(
        head(
            instrument.code, instrument.title, instrument.weight, last_year.get(instrument.code), here.assessment.target
        )
    )
    drawn.append(
        Markup('<div class="ita-indicators">{}</div>').format(marks.joined(indicator(one, board) for one in own))
    )
    drawn.append(
        Markup('<div class="ita-serving"><div><h3>{}</h3>{}</div><div><h3>{}</h3>{}</div></div>').format(
            _("Measures that serve {code}").format(code=instrument.code), work(measures),
            _("Steps that serve {code}").format(code=instrument.code), calendar(serving, board),
        )
    )  # fmt: skip
marks.show(marks.joined(drawn))
