"""The plan as a file: to take away, to fill, and to bring back as the draft."""

import streamlit as st

from ita_core.language import _
from ita_core.plan import exchange
from pages.parts import drop_zone, templates
from pages.parts.frame import Frame

KINDS = {exchange.WORKBOOK: "Excel", exchange.YAML: "YAML"}


def draw(here: Frame, *, drafted: bool) -> None:
    """Both ways, behind a word of their own: most changes are made in the page itself.

    Whoever has a draft takes that away (`drafted`), so that nothing of it is lost when the file comes back.
    """
    with st.expander(_("By a file: take the plan away, fill it in, bring it back"), icon=":material/table_view:"):
        what = _("Your draft as a file:") if drafted else _("The plan in force as a file:")
        templates.show("plan_files", what=what, kinds=KINDS, name=here.assessment.name)
        if not here.acts():
            return
        st.caption(_(
            "What the file says becomes the draft, and what differs is shown before anything is in force. Every fault "
            "is named with its place; then nothing of the file is taken."
        ))  # fmt: skip
        drop_zone.plan_zone(here.assessment.name)
