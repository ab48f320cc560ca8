"""Month by month: the monthly reports at a glance, and any of the year's months opened."""

from markupsafe import Markup

from ita_core import db, queries, thai
from ita_core.board import months, timeline
from ita_core.language import _
from pages.parts import frame, marks, month_board

here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
with db.reading() as session:
    steps = queries.list_steps(session, here.assessment.id)
frame.heading(here, _("Month by month"), frame.place(here, len(board.items)), any_day=True)
marks.style("months.css")

listed = months.months(board.items, timeline.months(here.assessment.starts, here.assessment.ends))
chosen = month_board.asked(listed, here.day)
parts = []
strip = months.strip(board.items, here.day)
if strip.rows:
    parts.append(Markup("<h2>{}</h2>{}").format(_("Reports of every month"), month_board.strip(strip, data)))
parts.append(Markup("<h2>{}</h2>{}").format(_("What is due in each month"), month_board.year(listed, chosen)))
month = Markup('<h2 id="month">{}</h2>{}{}')
parts.append(month.format(
    _("{month}: what is due, and the steps").format(month=thai.period_text(chosen.name)),
    month_board.due(months.due_in(board.items, chosen.name), data),
    month_board.steps(months.steps_in(steps, chosen.name)),
))  # fmt: skip
marks.show(marks.joined(parts))
