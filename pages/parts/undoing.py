"""What was decided just now, and the way to take it back."""

from datetime import timedelta

import streamlit as st

from ita_core import db, queries, thai, words, workflow
from ita_core.board import undoing
from ita_core.language import N_, _
from ita_core.queries import Decided, EvidenceFacts, Snapshot
from ita_core.settings import settings
from pages.parts import evidence_card, marks, pressing
from pages.parts.frame import Frame

MOST = 10  # decisions that are offered, the newest


def lately(here: Frame, data: Snapshot) -> None:
    """The visitor's own decisions that can still be undone, the newest first."""
    now = settings().now()
    if not here.acts():
        return
    with db.reading() as session:
        since = now - timedelta(minutes=undoing.MINUTES)
        decided = queries.list_decided_lately(session, here.actor, here.assessment.id, since=since)
    codes = {one.code for one in data.items}
    listed = [
        (one, one.held)
        for one in decided
        if one.held
        and one.item_code in codes
        and undoing.review_stays(one.slots, one.held.round.at, data.of_item(one.item_code).records, now) is None
    ]
    if not listed:
        return
    st.caption(_("Decided just now: within {minutes} minutes you can undo it.").format(minutes=undoing.MINUTES))
    for one, held in listed[:MOST]:
        key = f"undo-{held.id}"
        st.button(
            marks.plain(_says(one, held)), icon=":material/undo:", key=key, type="tertiary", on_click=_undo,
            args=(here, one.id, held.id),
        )  # fmt: skip
        pressing.refusal_at(key)
    if len(listed) > MOST:
        st.caption(marks.more(len(listed) - MOST))


def _says(one: EvidenceFacts, held: Decided) -> str:
    what = N_("Accepted in part") if held.round.returned else words.DECISIONS[held.round.decision]
    return _("Undo “{decision}”: {item} {piece}, {when}").format(
        decision=_(what), item=one.item_code, piece=evidence_card.name(one), when=thai.moment_text(held.round.at)
    )


def _undo(here: Frame, evidence_id: int, review_id: int) -> None:
    """The piece opens again."""
    undone = pressing.write_first(
        lambda session: workflow.undo_review(
            session, by=here.actor.account_id, review_id=review_id, at=settings().now()
        ),
        N_("Undone."),
        place=f"undo-{review_id}",
    )
    if undone:
        st.session_state["queue"] = evidence_id
