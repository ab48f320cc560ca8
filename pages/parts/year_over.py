"""What the overview leads with where the newest year is over: the next one, not last year's red marks."""

import streamlit as st

from ita_core import access
from ita_core.language import _
from ita_core.settings import settings
from pages.parts import plan_years, templates
from pages.parts.frame import Frame


def leads(here: Frame) -> bool:
    """Whether it does: for those who begin years, unless the address asks for this one."""
    over = here.assessment.ends < settings().day()
    asked = "year" in st.query_params or "day" in st.query_params
    return over and not asked and access.may_plan(here.actor) and plan_years.next_year(here) is not None


def greet(here: Frame) -> None:
    """Three ways on, each one press."""
    year, over = plan_years.next_year(here), here.assessment.fiscal_year
    assert year is not None
    st.header(_("Fiscal year {year} is over. How shall it go on?").format(year=over), anchor=False)
    begin, look, demo = st.columns(3, gap="large")
    with begin, st.container(border=True):
        title = _("Begin fiscal year {year}").format(year=year)
        st.header(title, anchor=False)
        st.text(_(
            "From the plan of {before}: the same days and months, people and duties. Every item is marked until "
            "somebody has held it against this year's manual. All of it can be changed afterwards."
        ).format(before=over))  # fmt: skip
        plan_years.start_button(here, year, key="greet-start")
    with look, st.container(border=True):
        title = _("Look at fiscal year {year}").format(year=over)
        st.header(title, anchor=False)
        st.text(_("As it ended, with everything that was handed in."))
        address = f"/overview?office={here.assessment.office_code}&year={over}"
        templates.show("link", address=address, text=_("Open fiscal year {year}").format(year=over))
    with demo, st.container(border=True):
        st.header(_("Try the demonstration"), anchor=False)
        st.text(_("Invented work in a database of its own; nothing of it comes here. At the server:"))
        st.code("ita demo", language=None)
