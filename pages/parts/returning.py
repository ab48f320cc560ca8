"""Returning a piece of evidence: why, and which of its slots come back; what is not chosen is accepted."""

from collections.abc import Callable

import streamlit as st

from ita_core import workflow
from ita_core.board.progress import ItemFacts, SlotKey
from ita_core.errors import NoSlot
from ita_core.language import N_, _
from ita_core.models import Decision
from ita_core.queries import EvidenceFacts
from ita_core.settings import settings
from ita_core.words import slot_place
from pages.parts import marks, pressing
from pages.parts.frame import Frame


def ask(here: Frame, one: EvidenceFacts, item: ItemFacts | None, *, then: Callable[[], None] = lambda: None) -> None:
    """The form; `then` is called once the piece was returned."""
    st.text_area(_("Why? What has to be mended?"), key=f"reason-{one.id}", persist_state="session")
    counting = [key for key in one.slots if key not in one.returned]
    if item and len(counting) > 1:
        # The place first: on a phone the end of a long requirement is cut.
        known = {slot.key: " · ".join(filter(None, (slot_place(slot), slot.requirement.title))) for slot in item.slots}
        labels = [marks.plain(known.get(key, _("(no longer demanded)"))) for key in counting]
        places = range(len(counting))
        st.pills(
            _("What comes back"), places, selection_mode="multi", default=places, format_func=labels.__getitem__,
            key=f"back-{one.id}", help=_("What you do not choose is accepted."),
        )  # fmt: skip
    st.button(_("Return with this reason"), key=f"return-{one.id}", on_click=_return, args=(here, one, counting, then))
    pressing.refusal_at(_place(one))


def _place(one: EvidenceFacts) -> str:
    return f"return-{one.id}"


def _return(here: Frame, one: EvidenceFacts, counting: list[SlotKey], then: Callable[[], None]) -> None:
    """Before the page is drawn again: what was decided meanwhile is no longer there then."""
    chosen = st.session_state.get(f"back-{one.id}")
    back = counting if chosen is None else [counting[place] for place in chosen]
    if not back:
        pressing.say_refusal(NoSlot(N_("Choose what comes back.")), _place(one))
        return
    whole = len(back) == len(counting)
    returned = pressing.write_first(
        lambda session: workflow.review(
            session, by=here.actor.account_id, evidence_id=one.id, at=settings().now(),
            decision=Decision.returned if whole else Decision.accepted,
            returned=() if whole else (*one.returned, *back),
            reason=st.session_state.get(f"reason-{one.id}", ""),
        ),
        N_("Returned.") if whole else N_("Returned in part, the rest is accepted."),
        place=_place(one),
    )  # fmt: skip
    if returned:
        then()
