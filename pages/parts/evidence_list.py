"""An item's evidence on its page, each with the way to take it back."""

import streamlit as st

from ita_core import access, workflow
from ita_core.board.progress import ItemStanding
from ita_core.language import _
from ita_core.models import Decision, EvidenceKind
from ita_core.queries import EvidenceFacts, ItemDetail
from ita_core.settings import settings
from pages.parts import evidence_card, looking, marks, pressing, talking, templates
from pages.parts.frame import Frame


def listing(here: Frame, detail: ItemDetail, standing: ItemStanding) -> None:
    """An item's evidence, newest first, each with the way to take it back while nobody has decided."""
    if not detail.evidence:
        st.caption(_("Nothing has been handed in yet."))
    in_use = {slot.evidence_id for slot in standing.slots}
    written = talking.read(here, detail.evidence)
    for one in detail.evidence:
        with st.container(border=True):
            covers = evidence_card.covered(one, detail.snapshot)
            templates.show("evidence", one=evidence_card.card(one, covers=covers))
            if one.decision is Decision.accepted and one.id not in in_use:
                st.caption(_("Replaced by a newer evidence."))
            _look(here, one)
            talking.thread(here, one, detail.people, written.get(one.id, []))
            takes_back = one.undecided and access.may_withdraw(here.actor, detail.people, one.account_id)
            if takes_back and here.acts(detail.item.id):
                _withdraw(here, one)
    if left := detail.evidence_count - len(detail.evidence):
        templates.show("link", address="?all=1", text=marks.more(left))


def _look(here: Frame, one: EvidenceFacts) -> None:
    """The document itself, drawn once somebody wants to see it: a page has many."""
    if one.kind is not EvidenceKind.file:
        return
    key = f"look-{one.id}"
    with st.expander(_("Look at the document"), key=key, on_change="rerun"):
        if st.session_state.get(key):
            looking.document(here, one)


def _withdraw(here: Frame, one: EvidenceFacts) -> None:
    with st.popover(_("Withdraw"), icon=":material/undo:"):
        st.write(_("Take this back? It stays in the history, and its slots are open again."))
        if st.button(_("Yes, withdraw it"), key=f"withdraw-{one.id}"):
            with pressing.writing(_("Withdrawn.")) as session:
                workflow.withdraw(session, by=here.actor.account_id, evidence_id=one.id, at=settings().now())
