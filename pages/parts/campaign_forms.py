"""What is recorded of a survey: how many have answered by a day, and what is known of the survey itself."""

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ita_core import workflow
from ita_core.board.campaigns import NO_LINE, CampaignFacts, Terms
from ita_core.board.steps import StepFacts, survey_step
from ita_core.language import _
from ita_core.settings import settings
from pages.parts import marks, pressing, thai_date
from pages.parts.frame import Frame

IN_A_ROW = 4
USUAL_DAYS = 30  # offered as the length of a survey of which nothing is recorded; any other is typed


def draw(here: Frame, one: CampaignFacts, steps: Sequence[StepFacts]) -> None:
    """The form of a day's number, once it is known when the survey runs; and of the survey itself.

    Where nothing is recorded of it, its days are those of the plan's calendar.
    """
    if one.terms is not None:
        with st.expander(_("Record responses"), icon=":material/assignment_add:"):
            _count(here, one, one.terms)
    with st.expander(
        _("What is known of the survey"),
        icon=":material/edit_calendar:",
        key=f"known-{_key(here, one)}",
    ):
        _terms(here, one, survey_step(steps, one.survey))


def _key(here: Frame, one: CampaignFacts) -> str:
    """The keys hold what the fields begin with: once that is corrected, they begin anew with what is right."""
    newest = max((count.at for count in one.counts), default=None)
    moments = [moment for moment in (one.at, newest) if moment is not None]
    return f"{one.survey.value}-{here.assessment.id}-{max(moments).timestamp() if moments else 0:.0f}"


def _count(here: Frame, one: CampaignFacts, terms: Terms) -> None:
    key, last = _key(here, one), one.counts[-1] if one.counts else None
    with st.form(f"count-{one.survey.value}", border=False):
        st.caption(_("As many as have answered since the opening, not only on that day. A day's later number replaces "
                     "its earlier one."))  # fmt: skip
        names = {line: marks.plain(line) for line in terms.lines}
        names[NO_LINE] = _("in no line of work") if terms.lines else _("Responses")
        places = _places(1 + len(names))
        with places[0]:
            latest = max(min(here.today, terms.closes), terms.opens)
            day = thai_date.field(_("By the end of"), latest, key=f"count-day-{key}", first=terms.opens,
                                  last=terms.closes)  # fmt: skip
        counts = {}
        for place, (line, name) in enumerate(names.items(), start=1):
            known = last.of.get(line, 0) if last else 0
            counts[line] = places[place].number_input(name, value=known, step=1, key=f"count-{place}-{key}")
        if st.form_submit_button(_("Record these numbers"), type="primary") and day is not None:
            typed = (day, tuple(counts.items()))
            warned = st.session_state.pop(f"warned-{key}", None)  # of what was typed when it was pressed the last time
            with pressing.writing(_("Recorded.")) as session:
                try:
                    workflow.count_responses(
                        session, by=here.actor.account_id, assessment_id=here.assessment.id, survey=one.survey,
                        day=day, counts=counts, knowing=warned == typed, at=settings().now(),
                    )  # fmt: skip
                except workflow.Falls:
                    st.session_state[f"warned-{key}"] = typed
                    raise


def _places(number: int) -> list[DeltaGenerator]:
    """So many, row by row: below one another on a phone, they stand in the same order."""
    return [place for _row in range(0, number, IN_A_ROW) for place in st.columns(IN_A_ROW)]


def _terms(here: Frame, one: CampaignFacts, step: StepFacts | None) -> None:
    key, year = _key(here, one), here.assessment
    planned = Terms(here.today, min(here.today + timedelta(days=USUAL_DAYS), year.ends))
    if step is not None:
        planned = Terms(step.starts, step.ends)
    known = one.terms or planned
    if one.terms is None and step is not None:
        said = _("The days are those of the calendar, step {number}: {title}.")
        st.caption(marks.plain(said.format(number=step.position, title=step.title)))
    with st.form(f"campaign-{one.survey.value}", border=False):
        columns = st.columns(IN_A_ROW)
        population = columns[0].number_input(_("How many there are"), value=known.population, step=1,
                                             key=f"population-{key}")  # fmt: skip
        minimum = columns[1].number_input(
            _("Minimum, as ITAP says"), value=known.minimum, step=1, key=f"minimum-{key}",
            help=_("ITAP works it out from what was entered there; leave it empty until it is known."),
        )  # fmt: skip
        bounds = {"first": year.starts, "last": year.ends}
        with columns[2]:
            opens = thai_date.field(_("First day"), known.opens, key=f"opens-{key}", **bounds)
        with columns[3]:
            closes = thai_date.field(_("Last day"), known.closes, key=f"closes-{key}", **bounds)
        url = st.text_input(_("The survey's address"), known.url, placeholder="https://", key=f"url-{key}")
        lines = st.text_area(
            _("Lines of work to be covered, one a line; none where they are not told apart"), "\n".join(known.lines),
            height=120, key=f"lines-{key}",
        )  # fmt: skip
        if st.form_submit_button(_("Record the survey"), type="primary") and opens is not None and closes is not None:
            with pressing.writing(_("Recorded.")) as session:
                workflow.set_campaign(
                    session, by=here.actor.account_id, assessment_id=year.id, survey=one.survey,
                    terms=Terms(opens, closes, population, minimum, url, tuple(lines.split("\n"))), at=settings().now(),
                )  # fmt: skip
