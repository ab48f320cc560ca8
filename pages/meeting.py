from ita_core.language import _
from pages import _frame

here = _frame.frame()
_frame.heading(here, _("Meeting mode"), any_day=True)
