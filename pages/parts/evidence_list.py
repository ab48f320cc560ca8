"""An item's evidence on its page, each with the way to take it back."""

import streamlit as st

from ita_core import access, workflow
from ita_core.board.progress import ItemStanding, Stage
from ita_core.language import _
from ita_core.models import Decision, EvidenceKind
from ita_core.queries import EvidenceFacts, ItemDetail
from ita_core.settings import settings
from pages.parts import evidence_card, looking, marks, pressing, returning, talking, templates
from pages.parts.frame import Frame

NEWEST = 24  # pieces of evidence and entries of the history that are drawn unless all are asked for
MOST_AT_ONCE = 12  # documents drawn one after the other


def listing(here: Frame, detail: ItemDetail, standing: ItemStanding) -> None:
    """An item's evidence, newest first, each with the way to take it back while nobody has decided."""
    if not detail.evidence:
        st.caption(_("Nothing has been handed in yet."))
    in_use = {slot.evidence_id for slot in standing.slots}
    written = talking.read(here, detail.evidence)
    _before_approving(here, detail, standing)
    # What was taken back stands below what counts; each newest first, as they come.
    for one in sorted(detail.evidence, key=lambda one: one.withdrawn_at is not None):
        with st.container(border=True, key=f"at-evidence-{one.id}"):  # the search leads there
            templates.show("evidence", one=evidence_card.card(one, detail.snapshot))
            if one.decision is Decision.accepted and one.id not in in_use:
                st.caption(_("Replaced by a newer evidence."))
            _look(here, one)
            talking.thread(here, one, detail.people, written.get(one.id, []))
            if standing.reopened and one.id in in_use and here.acts(detail.item.id):
                _return(here, one, detail)
            takes_back = one.undecided and access.may_withdraw(here.actor, detail.people, one.account_id)
            if takes_back and here.acts(detail.item.id):
                _withdraw(here, one)
    if left := detail.evidence_count - len(detail.evidence):
        templates.show("link", address="?all=1", text=marks.more(left))


def _before_approving(here: Frame, detail: ItemDetail, standing: ItemStanding) -> None:
    """All that is accepted, one after the other, for who is to approve it: drawn once they want to see it."""
    accepted = set(standing.accepted_ids)
    pieces = [one for one in detail.evidence if one.id in accepted and one.kind is EvidenceKind.file]
    if standing.stage is not Stage.complete or not pieces or not access.may_approve(here.actor, ()):
        return
    key = f"look-all-{detail.item.code}"
    label = _("Look at all that is accepted: {pieces}").format(pieces=len(pieces))
    with st.expander(label, key=key, on_change="rerun"):
        for one in pieces[:MOST_AT_ONCE] if st.session_state.get(key) else ():
            st.markdown(f"**{marks.plain(evidence_card.name(one))}**")
            looking.document(here, one)
        if len(pieces) > MOST_AT_ONCE:
            st.caption(marks.more(len(pieces) - MOST_AT_ONCE))


def _look(here: Frame, one: EvidenceFacts) -> None:
    """The document itself, drawn once somebody wants to see it: a page has many."""
    if one.kind is not EvidenceKind.file:
        return
    key = f"look-{one.id}"
    with st.expander(_("Look at the document"), key=key, on_change="rerun", type="compact"):
        if st.session_state.get(key):
            looking.document(here, one)


def _return(here: Frame, one: EvidenceFacts, detail: ItemDetail) -> None:
    """What the commander sent back, its supervisors return piece by piece."""
    if access.may_review(here.actor, detail.people, one.account_id):
        with st.popover(_("Return"), icon=":material/undo:", key=f"give-back-{one.id}"):
            returning.ask(here, one, detail.item)


def _withdraw(here: Frame, one: EvidenceFacts) -> None:
    with st.popover(_("Withdraw"), icon=":material/undo:"):
        st.write(_("Take this back? It stays in the history, and its slots are open again."))
        if st.button(_("Yes, withdraw it"), key=f"withdraw-{one.id}"):
            with pressing.writing(_("Withdrawn.")) as session:
                workflow.withdraw(session, by=here.actor.account_id, evidence_id=one.id, at=settings().now())
