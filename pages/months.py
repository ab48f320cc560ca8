"""Month by month: the monthly reports at a glance, and any of the year's months opened."""

from ita_core import thai
from ita_core.board import months, timeline
from ita_core.language import _
from pages.parts import frame, marks, month_board, month_strip, templates

here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
frame.heading(here, _("Month by month"), frame.only_own(here, len(board.items)), any_day=True)

listed = months.months(board.items, timeline.months(here.assessment.starts, here.assessment.ends))
chosen = month_board.asked(listed, here.day)
templates.style("months.css")
templates.show(
    "months",
    strip=month_strip.table(months.strip(board.items, here.day), data),
    legend=marks.legend(),
    means=(marks.face_meanings(),),
    year=month_board.year(listed, chosen),
    month=thai.period_text(chosen.name),
    due=month_board.due(months.due_in(board.items, chosen.name), data),
    steps=month_board.steps(months.steps_in(data.steps, chosen.name)),
)
