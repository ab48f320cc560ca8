"""Duties in the plan: who supervises and who prepares."""

import pandas as pd
import streamlit as st

from ita_core.language import _
from ita_core.plan import editing
from ita_core.plan.places import duty_places
from ita_core.plan.plan import PARTS
from pages.parts.plan_desk import Desk, chosen, fresh


def draw(desk: Desk) -> None:
    """Who supervises and who prepares an item, a measure or a step."""
    names = desk.party_names
    titles = editing.titles_of(desk.content)
    places = {code: f"{code} {title}" for code, title in titles.items()}
    numbered = _("Step {number}: {title}")
    places |= {
        f"step {number}": numbered.format(number=number, title=step["title"])
        for phase in editing.calendar_of(desk.content)
        for number, step in phase["steps"].items()
    }
    both = {code: editing.duties_at(desk.content, code) for code in places}
    lacking = [code for code, duties in both.items() if not (duties["supervise"] and duties["prepare"])]
    if lacking:
        st.warning(_("Without anybody: {places}").format(places=duty_places(lacking)))
    alone = [code for code in titles if editing.only_one(desk.content, code)]
    if alone:
        said = _("One and the same person prepares and supervises, so nobody can review: {places}")
        st.warning(said.format(places=duty_places(alone)))
    with st.expander(_("Who does what")):
        rows = [
            (title, *(", ".join(names[hand["who"]] for hand in both[code][kind]) for kind in PARTS))
            for code, title in places.items()
        ]
        heads = [_("Of what"), _("Supervised by"), _("Prepared by")]
        st.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True, width="stretch")
    where = chosen(_("Of what"), places, "duties-of")
    duties = both[where]
    with st.form(f"duties-{where}"):
        supervise, prepare = (
            st.multiselect(
                label, list(names), default=[hand["who"] for hand in duties[kind]], format_func=names.__getitem__,
                placeholder=_("Nobody yet"), key=fresh(f"{kind}-{where}", str(duties)), select_all=False,
            )
            for kind, label in zip(PARTS, (_("Supervised by"), _("Prepared by")), strict=True)
        )  # fmt: skip
        if st.form_submit_button(_("Keep these people"), type="primary"):
            desk.edit(lambda draft: editing.set_duties(draft, where, supervise, prepare))
