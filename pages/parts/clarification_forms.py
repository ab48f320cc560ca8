"""What one may do with a clarification: write it, put it before the commander, decide on it, record the answer."""

from datetime import date, timedelta

import streamlit as st

from ita_core import access, db, queries, words, workflow
from ita_core.board.clarifications import Dispute, Standing, Version
from ita_core.errors import OwnEvidence
from ita_core.exports.documents.clarification import drafted
from ita_core.language import N_, _
from ita_core.models import ClarificationOutcome
from ita_core.settings import settings
from pages.parts import pressing, thai_date
from pages.parts.frame import Frame

LINES = 420  # pixels of the text's field: the drafted text of an item without months is seen whole


def draw(here: Frame, one: Dispute) -> None:
    """The forms that are the visitor's, in the state that it is in."""
    item = one.ours.standing.item
    if not here.acts(item.id):
        return
    with db.reading() as session:
        people = queries.get_item_people(session, item.id)
    now = one.clarifying.now if one.clarifying else None
    if now and one.standing is Standing.proposed and access.may_direct(here.actor):
        _decide(here, now)
    if now and one.first is None:
        st.info(_("The assessor's points of this item were retracted. What was written stays as it is; it can be "
                  "changed once points are recorded anew."))  # fmt: skip
    elif access.may_clarify(here.actor, people) and one.standing is not Standing.answered:
        if one.first is None:
            st.info(_("Once the assessor's points of this item are recorded, it can be clarified."))
        else:
            _write(here, one, now)
    if now and one.standing in {Standing.approved, Standing.answered} and access.may_publish(here.actor):
        _answer(here, one, now)


# --- written ----------------------------------------------------------------------------------------------------------


def _write(here: Frame, one: Dispute, now: Version | None) -> None:
    """The text as it stands, before the first version the drafted one. Its keys hold what it begins with."""
    item = one.ours.standing.item
    seen = one.clarifying.versions[-1].number if one.clarifying else 0
    key = f"clarify-{here.assessment.id}-{item.id}-{here.day}-{seen}"
    begins = drafted(one, here.assessment.office)
    waits = one.standing in {Standing.proposed, Standing.approved}
    title = _("Write it anew: it is then to be approved anew") if waits else _("Write the clarification")
    with st.expander(title, icon=":material/edit:", expanded=not waits, key=f"{key}-box"):
        if now is None:
            st.caption(_("Drafted from the records: read it, change what has to be changed, and take it as yours."))
        if kept := st.session_state.pop(f"clarify-kept-{item.id}", ""):
            st.text_area(_("What you had typed: it was not recorded"), kept, height=LINES // 2, disabled=True)
        st.text_area(_("Clarification"), now.text if now else begins, height=LINES, key=f"{key}-text")
        due = _due_field(here, one, key)
        draft, propose, stop = st.columns([1, 1.4, 1])
        args = (here, one, seen, key)
        if due is not None:
            draft.button(_("Keep as a draft"), key=f"{key}-draft", on_click=_written, args=(*args, due, False),
                         width="stretch")  # fmt: skip
            propose.button(_("Put before the commander"), key=f"{key}-propose", on_click=_written,
                           args=(*args, due, True), type="primary", width="stretch")  # fmt: skip
        if now is not None:
            with stop.popover(_("Do not clarify it"), width="stretch", key=f"{key}-stop-box"):
                st.text_area(_("Why?"), key=f"{key}-why")
                st.button(_("Give it up"), key=f"{key}-stop", on_click=_given_up, args=args)
        pressing.refusal_at(f"clarify-{item.id}")
        if now is not None and now.text != begins:
            with st.expander(_("What the records say today, drafted anew"), key=f"{key}-anew"):
                st.code(begins, language=None, wrap_lines=True)


def _due_field(here: Frame, one: Dispute, key: str) -> date | None:
    year = here.assessment
    first = year.closes + timedelta(days=1)
    begins = one.due or min(max(here.today, first), year.ends)
    return thai_date.field(_("Last day to clarify"), begins, key=f"{key}-due", first=first, last=year.ends)


def _written(here: Frame, one: Dispute, seen: int, key: str, due: date, propose: bool) -> None:
    item = one.ours.standing.item
    text = st.session_state.get(f"{key}-text", "")
    done = N_("Put before the commander.") if propose else N_("Kept as a draft.")
    written = pressing.write_first(
        lambda session: workflow.clarify(
            session, by=here.actor.account_id, item_id=item.id, text=text, due=due, propose=propose, seen=seen,
            at=settings().now(),
        ),
        done,
        place=f"clarify-{item.id}",
    )  # fmt: skip
    if not written:
        with db.reading() as session:
            known = queries.list_clarifications(session, here.actor, here.assessment.id).get(item.id)
        if known and known.versions[-1].number != seen:  # the field is another one now: what was typed is shown beside
            st.session_state[f"clarify-kept-{item.id}"] = text


def _given_up(here: Frame, one: Dispute, seen: int, key: str) -> None:
    item = one.ours.standing.item
    pressing.write_first(
        lambda session: workflow.give_up_clarification(
            session, by=here.actor.account_id, item_id=item.id, why=st.session_state.get(f"{key}-why", ""), seen=seen,
            at=settings().now(),
        ),
        N_("Recorded: it is not clarified."),
        place=f"clarify-{item.id}",
    )  # fmt: skip


# --- decided ----------------------------------------------------------------------------------------------------------


def _decide(here: Frame, now: Version) -> None:
    if not access.may_decide_clarification(here.actor, now.account_id):
        st.caption(str(OwnEvidence(N_("Nobody decides on what they wrote themselves."))))
        return
    key = f"decide-{now.id}"
    approve, back = st.columns(2)
    with approve.popover(_("Approve this clarification"), type="primary", icon=":material/verified:", width="stretch",
                         key=f"{key}-box"):  # fmt: skip
        st.write(_("Approve the text as it stands now? If it is changed later, it is to be approved anew."))
        st.button(_("Yes, approve it"), key=f"{key}-approve", on_click=_decided, args=(here, now.id, key, True))
    with back.popover(_("Send it back"), icon=":material/undo:", width="stretch", key=f"{key}-back-box"):
        st.text_area(_("Why? What is to be changed?"), key=f"{key}-reason", persist_state="session")
        st.button(_("Send it back with this reason"), key=f"{key}-back", on_click=_decided,
                  args=(here, now.id, key, False))  # fmt: skip
    pressing.refusal_at(key)


def _decided(here: Frame, clarification_id: int, key: str, approve: bool) -> None:
    pressing.write_first(
        lambda session: workflow.decide_clarification(
            session, by=here.actor.account_id, clarification_id=clarification_id, approve=approve,
            reason="" if approve else st.session_state.get(f"{key}-reason", ""), at=settings().now(),
        ),
        N_("Approved.") if approve else N_("Sent back to whoever wrote it."),
        place=key,
    )  # fmt: skip


# --- answered ---------------------------------------------------------------------------------------------------------


def _answer(here: Frame, one: Dispute, now: Version) -> None:
    before = one.clarifying.answer if one.clarifying else None
    key = f"answer-{now.id}-{len(one.clarifying.answers) if one.clarifying else 0}"
    title = _("Correct the answer") if before else _("Record the assessor's answer")
    with (
        st.expander(title, icon=":material/assignment_add:", expanded=before is None, key=f"{key}-box"),
        st.form(f"{key}-form", border=False),  # a new one after each answer: what was typed beside another is not it
    ):
        if before is None:
            st.caption(_("Enter the approved text in ITAP. When the assessor has answered, record it here."))
        outcomes = list(ClarificationOutcome)
        chosen = st.radio(
            _("Answer"), outcomes, index=outcomes.index(before.outcome) if before else None,
            format_func=lambda one: _(words.OUTCOMES[one]), horizontal=True, key=f"{key}-outcome",
        )  # fmt: skip
        points = st.number_input(
            _("Points after it; empty: as before"), value=before.points if before else None, step=0.01, format="%.2f",
            key=f"{key}-points",
        )  # fmt: skip
        note = st.text_area(_("The assessor's words"), before.note if before else "", key=f"{key}-note")
        if st.form_submit_button(_("Record this answer"), type="primary"):
            if chosen is None:
                st.error(_("Choose what the assessor answered."))
                return
            with pressing.refusals_here():
                with db.writing() as session:
                    new = workflow.record_result(
                        session, by=here.actor.account_id, clarification_id=now.id, outcome=chosen, points=points,
                        note=note, at=settings().now(),
                    )  # fmt: skip
                pressing.say_done(_("Recorded.") if new else _("This answer stands already: nothing was recorded."))
                st.rerun()
