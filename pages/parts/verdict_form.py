"""The form in which the assessor's points are typed in, for who keeps ITAP and who may plan."""

import hashlib
from collections.abc import Sequence

import streamlit as st

from ita_core import access, db, workflow
from ita_core.board.clarifications import Dispute
from ita_core.language import _
from ita_core.settings import settings
from pages.parts import marks, pressing
from pages.parts.frame import Frame

IN_A_ROW = 6


def draw(here: Frame, disputes: Sequence[Dispute]) -> None:
    """Begins with what stands; only what differs from that is recorded."""
    if not access.may_record_verdict(here.actor) or here.past or here.day <= here.assessment.closes:
        return
    scored = any(one.points is not None for one in disputes)
    # What was typed beside other points is not taken for a change of these: with new points it is a new form.
    stands = {one.code: one.points for one in disputes}
    key = f"verdict-{here.assessment.id}-{hashlib.sha256(repr(stands).encode()).hexdigest()[:12]}"
    with (
        st.expander(_("Record the assessor's points"), icon=":material/assignment_add:", expanded=not scored),
        st.form(key, border=False),
    ):
        st.caption(_(
            "Points of 100 for each item, as ITAP shows them; leave empty what you do not know. Nothing is "
            "overwritten: a correction is recorded beside what it corrects. A whole report is brought as a file on the "
            "page of the indicators."
        ))  # fmt: skip
        source = st.text_input(_("Source: the announcement or report"), max_chars=300, key="verdict-source")
        entered = {}
        for start in range(0, len(disputes), IN_A_ROW):
            for column, one in zip(st.columns(IN_A_ROW), disputes[start : start + IN_A_ROW], strict=False):
                entered[one.code] = column.number_input(
                    marks.plain(one.code), value=one.points, step=0.01, format="%.2f",
                    help=marks.plain(one.ours.standing.item.title),
                    key=f"{key}-{one.code}",
                )  # fmt: skip
        if st.form_submit_button(_("Record these points"), type="primary"):
            points = {code: value for code, value in entered.items() if value is not None and value != stands[code]}
            with pressing.refusals_here():
                with db.writing() as session:
                    new = workflow.record_verdict(
                        session, by=here.actor.account_id, assessment_id=here.assessment.id, points=points,
                        source=source, at=settings().now(),
                    )  # fmt: skip
                pressing.say_done(_("Recorded.") if new else _("These scores stand already: nothing was recorded."))
                st.rerun()
