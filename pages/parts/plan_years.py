"""The year: what of it is only carried over, the next one, and its end."""

from datetime import timedelta

import streamlit as st

from ita_core import access, db, workflow
from ita_core.days import fiscal_year
from ita_core.language import _
from ita_core.queries import PlanHistory, YearFacts
from ita_core.settings import settings
from pages.parts import pressing, templates, year_choice
from pages.parts.frame import Frame

NEAR = timedelta(days=92)  # so long before its first day a year can be begun here


def draw(here: Frame, history: PlanHistory, year: YearFacts) -> None:
    """First what has to be done."""
    if year.assumed and here.acts():
        _confirm(here, history, year)
    _start(here)
    if access.may_close(here.actor) and settings().day() > here.assessment.closes:
        _close(here, history, year)
    if access.may_administer(here.actor):
        _office(here)
    st.header(_("All years"), anchor=False)
    templates.show("years", years=year_choice.years(here.assessments, here.assessment))


def _confirm(here: Frame, history: PlanHistory, year: YearFacts) -> None:
    """Items that were carried over: held against this year's manual, with the source named."""
    source = next(item.assumed for item in history.now.items if item.assumed)
    titles = {item.code: f"{item.code} {item.title}" for item in history.now.items if item.code in year.assumed}
    st.header(_("{items} items are not held against this year's manual yet").format(items=len(titles)), anchor=False)
    st.text(_(
        "They were carried over from {source}. Compare each with this year's manual and the announcements; confirm "
        "those that are still so, and change the others in the plan."
    ).format(source=source))  # fmt: skip
    with st.form("confirm-items"):
        chosen = st.multiselect(
            _("Items"), list(titles), format_func=titles.__getitem__, placeholder=_("Choose"), key="confirm-codes"
        )
        named = st.text_input(_("By which manual or announcement"), key="confirm-source")
        one, every = st.columns(2)
        some = one.form_submit_button(_("Confirm these"), width="stretch")
        all_of_them = every.form_submit_button(_("Confirm all"), width="stretch")
    if some or all_of_them:
        with pressing.writing(_("Confirmed.")) as session:
            workflow.confirm_items(
                session, by=here.actor.account_id, assessment_id=here.assessment.id, source=named,
                codes=list(titles) if all_of_them else chosen, at=settings().now(),
            )  # fmt: skip


def next_year(here: Frame) -> int | None:
    """The fiscal year to begin from the office's newest: that of today, or the next where it is near; None for none."""
    newest = max(one.fiscal_year for one in here.assessments if one.office_id == here.assessment.office_id)
    wanted = fiscal_year(settings().day() + NEAR)
    return wanted if here.assessment.fiscal_year == newest < wanted else None


def start_button(here: Frame, year: int, *, key: str) -> None:
    """Begins the year and opens it."""
    text = _("Begin fiscal year {year}").format(year=year)
    if st.button(text, type="primary", icon=":material/event_repeat:", key=key):
        with pressing.refusals_here():
            with db.writing() as session:
                workflow.start_year(
                    session, by=here.actor.account_id, source_id=here.assessment.id, year=year, at=settings().now()
                )
            pressing.say_done(_("Fiscal year {year} has begun.").format(year=year))
            st.query_params.from_dict({"office": here.assessment.office_code, "year": str(year)})
            st.rerun()


def _start(here: Frame) -> None:
    year = next_year(here)
    if year is None:
        return
    st.header(_("The next year"), anchor=False)
    st.text(_(
        "Days and months, people who are still here, duties, steps and measures are carried over; every item is marked "
        "until somebody has held it against that year's manual. Nothing of this year changes."
    ))  # fmt: skip
    start_button(here, year, key="start-year")


def _close(here: Frame, history: PlanHistory, year: YearFacts) -> None:
    """Closing asks first; what is closed can be opened again, as a whole or an item, with a reason."""
    st.header(_("The end of the year"), anchor=False)
    by, of = here.actor.account_id, here.assessment.id
    if year.open:
        with st.popover(_("Close fiscal year {year}").format(year=here.assessment.fiscal_year), icon=":material/lock:"):
            st.text(_("Nothing of it can be changed any more. Single items can be opened again with a reason."))
            if st.button(_("Yes, close it"), key="close-year"):
                with pressing.writing(_("Closed.")) as session:
                    workflow.close_year(session, by=by, assessment_id=of, at=settings().now())
        return
    titles = {0: _("the whole year"), **{item.id: f"{item.code} {item.title}" for item in history.now.items}}
    with st.form("reopen-year"):
        what = st.selectbox(_("Open again"), list(titles), format_func=titles.__getitem__)
        why = st.text_input(_("Why?"))
        if st.form_submit_button(_("Open again"), key="reopen"):
            with pressing.writing(_("Open again.")) as session:
                workflow.reopen(session, by=by, assessment_id=of, item_id=what or None, reason=why, at=settings().now())


def _office(here: Frame) -> None:
    """An office without a plan begins with this one's, its people left blank."""
    with st.expander(_("Begin another office"), icon=":material/add_home_work:"), st.form("start-office", border=False):
        st.caption(_(
            "An office below this one gets its own plan for fiscal year {year}, with nobody named in it: people are "
            "added there in the plan, or in its workbook. Nothing of this office changes."
        ).format(year=here.assessment.fiscal_year))  # fmt: skip
        name = st.text_input(_("Full name of the office"), key="office-name")
        short = st.text_input(_("Short name"), key="office-short")
        code = st.text_input(_("Code in addresses: small letters a–z, digits and hyphens"), key="office-code")
        ways = {False: _("This plan, with its people left blank"), True: _("Only what the framework demands")}
        bare = st.radio(_("It begins with"), list(ways), format_func=ways.__getitem__, key="office-bare")
        if st.form_submit_button(_("Begin the office"), type="primary"):
            with pressing.refusals_here():
                with db.writing() as session:
                    workflow.start_office(
                        session, by=here.actor.account_id, source_id=here.assessment.id, code=code, name=name,
                        short=short, bare=bool(bare), at=settings().now(),
                    )  # fmt: skip
                pressing.say_done(_("{office} has begun.").format(office=short))
                st.query_params.from_dict({"office": code.strip(), "year": str(here.assessment.fiscal_year)})
                st.rerun()
