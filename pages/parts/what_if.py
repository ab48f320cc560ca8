"""What if the surveys came out otherwise: tried on the page, kept nowhere; the commander records it as an estimate."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ita_core import access, db, queries, thai, words, workflow
from ita_core.board.forecast import Forecast, Ground
from ita_core.board.progress import Board
from ita_core.days import day_of
from ita_core.errors import NoEstimate
from ita_core.language import _
from ita_core.queries import InstrumentFacts, ScoreFacts, Snapshot
from ita_core.settings import settings
from pages.parts import marks, pressing, templates
from pages.parts.frame import Frame

COUNTED = {Ground.earlier, Ground.estimate, Ground.indicators}  # what an instrument rests on that may be tried

Field = float | None  # points; None where nothing is known


def draw(
    here: Frame, data: Snapshot, board: Board, expected: Forecast | None, instruments: Sequence[InstrumentFacts]
) -> None:
    """Points to try for each survey whose result is not announced, and what the whole would come to then.

    Without a forecast those that it lacks, and what is estimated already.
    """
    with db.reading() as session:
        recorded = queries.list_estimates(session, here.assessment.id, here.before)
        unknown = [] if expected else queries.list_unknown(session, data, board)
    begins = _tried(expected) if expected else {
        one.code: recorded[one.code].entry.points if one.code in recorded else None
        for one in instruments if one.code in recorded or one.code in unknown
    }  # fmt: skip
    if not begins:
        return
    may = access.may_direct(here.actor) and here.acts()
    with st.expander(_("What if: try other scores of the surveys"), icon=":material/compare_arrows:"):
        st.caption(_("What is tried here changes nothing for others until you record it as your estimate.") if may
                   else _("What is tried here is kept nowhere and changes nothing for others."))  # fmt: skip
        tried: dict[str, Field] = {}
        for column, (code, points) in zip(st.columns(max(len(begins), 3)), begins.items(), strict=False):
            label = _("If {instrument} were").format(instrument=code)
            # The key holds what the field begins with: once that is another, so is the field.
            key = f"what-if-{code}-{here.assessment.id}-{here.day}-{points}"
            tried[code] = column.number_input(label, value=points, step=0.5, format="%.2f", key=key)
            column.caption(_whose(recorded.get(code), known=points is not None))
        changed = {code: points for code, points in tried.items() if points is not None and points != begins[code]}
        with pressing.refusals_here():
            if any(not 0 <= points <= 100 for points in changed.values()):
                raise NoEstimate(instruments=", ".join(begins))
            _then(data, board, expected, changed)
        if may:
            _form(here, changed)
            for code in begins:
                if code in recorded:
                    _taking_back(here, code)


def _tried(expected: Forecast) -> dict[str, Field]:
    """What is counted with of each survey that is not announced."""
    return {
        code: part.basis.points for code, part in expected.instruments.items()
        if part.basis.ground in COUNTED and part.basis.year and expected.total.basis.ground is Ground.weighted
    }  # fmt: skip


def _whose(one: ScoreFacts | None, *, known: bool) -> str:
    """What is counted with now: somebody's estimate, or how it last came out."""
    if one is None:
        return _("now as it last came out") if known else _("no earlier score is known")
    says = _("estimated by {who} on {day}: {note}")
    return marks.plain(says.format(who=one.by, day=thai.date_text(day_of(one.at)), note=one.entry.source))


def _then(data: Snapshot, board: Board, expected: Forecast | None, changed: Mapping[str, float]) -> None:
    found = expected
    if changed:
        with db.reading() as session:
            found = queries.get_forecast(session, data, board, changed) or expected
    if found is None:
        st.caption(_("There is a forecast once something is known or estimated of each survey."))
        return
    heads = words.band_text(found.total.points), words.likely_text(found.total.points)
    templates.show("what_if", tried=bool(changed), heads=heads, level=words.level_text(found.total))


def _form(here: Frame, changed: Mapping[str, float]) -> None:
    """Whatever was changed in its field is recorded."""
    with st.form("estimate", border=False):
        note = st.text_input(_("What the estimate rests on"), max_chars=300, key="estimate-note")
        if st.form_submit_button(_("Record as my estimate"), icon=":material/check:"):
            with pressing.writing(_("Recorded.") if changed else _("Nothing was changed.")) as session:
                for code, points in changed.items():
                    _estimate(session, here, code, points, note)


def _taking_back(here: Frame, code: str) -> None:
    """A field cannot be emptied of what it begins with, so taking an estimate back is a press of its own."""
    with st.form(f"take-back-{code}", border=False):
        why = st.text_input(
            _("Why is the estimate of {instrument} taken back?").format(instrument=code),
            max_chars=300, key=f"take-back-{code}-why",
        )  # fmt: skip
        press = _("Take back the estimate of {instrument}").format(instrument=code)
        if st.form_submit_button(press, icon=":material/undo:"):
            with pressing.writing(_("Retracted.")) as session:
                _estimate(session, here, code, None, why)


def _estimate(session: db.Session, here: Frame, code: str, points: Field, note: str) -> None:
    workflow.estimate_score(
        session, by=here.actor.account_id, assessment_id=here.assessment.id, instrument=code, points=points, note=note,
        at=settings().now(),
    )  # fmt: skip
