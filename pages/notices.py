"""What concerns the visitor: one list, whatever it comes from; what is new since they looked last is marked."""

from dataclasses import replace

from ita_core.language import _
from pages.parts import empty, frame, noticing, templates

here = frame.frame()
lines = noticing.lines(here)
frame.heading(replace(here, unseen=0), _("What concerns you"))  # it is before them now
templates.show("notices", notices=lines, empty=empty.notices())
