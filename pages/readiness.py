"""Readiness: what would lose points, item by item, before it is filed in ITAP."""

from ita_core.language import _
from pages.parts import empty, frame, marks, readiness, templates

here = frame.frame()
data = frame.visible(here)
found = readiness.entries(here, data, data.board(here.day))
frame.heading(here, _("Readiness for ITAP"), frame.only_own(here, len(found)), any_day=True)
nobodys = empty.no_duty(here, _("You have no duty on a disclosure item yet."))
templates.show(
    "readiness",
    empty=nobodys,
    to_mend=[one for one in found if one.lines],
    ready=[one for one in found if not one.lines],
)
if found:
    templates.show("legend", badges=(), means=(readiness.meanings(), marks.stage_meanings()))
