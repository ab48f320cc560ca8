"""What concerns the visitor: one list, whatever it comes from; what is new since they looked last is marked."""

from ita_core.language import _
from pages.parts import empty, frame, noticing, templates

here = frame.frame()
frame.heading(here, _("What concerns you"))
templates.show("notices", notices=noticing.lines(here), empty=empty.notices())
noticing.keep(here)
