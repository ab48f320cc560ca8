"""What was found for the words in the address, by kind; the field itself stands in the head of every page."""

from ita_core.language import _
from pages.parts import frame, searching, templates

here = frame.frame()
typed = searching.typed()
frame.heading(here, _("Search"), find=typed, any_day=bool(typed))
templates.show("search", found=searching.found(here, typed))
