from ita_core.language import _
from pages import _frame

here = _frame.frame()
_frame.heading(here, _("Directives"), any_day=True)
