"""What waits for the commander: items to approve, directives reported as done or late."""

from ita_core import access
from ita_core.language import _
from pages.parts import empty, frame, templates, to_decide

here = frame.frame()
frame.heading(here, _("Waiting for you"), any_day=True)
if access.may_direct(here.actor):
    groups = to_decide.groups(here, frame.visible(here))
    if not any(group.lines for group in groups):
        empty.draw(empty.my_turn(here))
    templates.show("my_turn", groups=groups)
else:
    empty.draw(empty.my_turn(here))
