"""What concerns the visitor: one list, whatever it comes from; what is new since they looked last is marked."""

from ita_core.language import _
from pages.parts import frame, noticing, templates

here = frame.frame()
frame.heading(here, _("What concerns you"))
templates.show("notices", notices=noticing.lines(here))
noticing.keep(here)
