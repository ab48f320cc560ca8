"""Review: the queue, oldest first; the document beside the decision; after a decision the next one opens."""

from functools import partial

import streamlit as st

from ita_core import access, db, queries, thai, workflow
from ita_core.board.progress import ItemFacts
from ita_core.days import day_of
from ita_core.language import N_, _
from ita_core.models import Decision
from ita_core.queries import EvidenceFacts, Stands
from ita_core.settings import settings
from pages.parts import (
    empty,
    evidence_card,
    evidence_doubts,
    evidence_search,
    frame,
    looking,
    marks,
    pressing,
    returning,
    review_keys,
    sent_back,
    talking,
    templates,
    undoing,
)
from pages.parts.frame import Frame


def accept(here: Frame, one: EvidenceFacts, following: int | None) -> None:
    """Record the decision before the page is drawn again: what was decided meanwhile is no longer in its queue."""
    accepted = pressing.write_first(
        lambda session: workflow.review(
            session, by=here.actor.account_id, evidence_id=one.id, decision=Decision.accepted, at=settings().now()
        ),
        N_("Accepted."),
        place=f"accept-{one.id}",
    )
    if accepted:
        go_on(following)


def go_on(following: int | None) -> None:
    """The piece that takes its place in the queue opens."""
    st.session_state["queue"] = following


def buttons(here: Frame, one: EvidenceFacts, item: ItemFacts | None, following: int | None) -> None:
    take, give_back = st.columns(2)
    take.button(
        _("Accept"),
        type="primary",
        icon=":material/check:",
        width="stretch",
        key=f"accept-{one.id}",
        on_click=accept,
        args=(here, one, following),
    )
    pressing.refusal_at(f"accept-{one.id}")
    # The key holds the piece: a refusal leaves it open with the sentence, and the next piece's is closed.
    with give_back.popover(_("Return"), icon=":material/undo:", width="stretch", key=f"give-back-{one.id}"):
        returning.ask(here, one, item, then=partial(go_on, following))


here = frame.frame()
frame.heading(here, _("Review"))
review_keys.follow()
with db.reading() as session:
    queue = queries.list_review_queue(session, here.actor, here.assessment.id)
    data = queries.current_snapshot(session, here.assessment)
only = {int(one) for one in st.query_params.get("only", "").split(",") if one.isdecimal() and len(one) < 11}
if only:
    chosen_ones = [one for one in queue if one.id in only]
    says = _("Only those that you chose of the list of evidence: {pieces} of {all} that wait.")
    st.caption(says.format(pieces=len(chosen_ones), all=len(queue)))
    templates.show("link", address="?only=", text=_("Show all that wait"))
    queue = chosen_ones
asked = talking.waiting(here)
sent_back.listed(here, data)
if not queue:
    undoing.lately(here, data)
    empty.draw(empty.review(here))
    if access.sees_all(here.actor):
        templates.show("link", address=evidence_search.address(Stands.waiting), text=_("See what waits for others"))
    st.stop()
labels = {
    one.id: marks.plain(
        f"{one.item_code} · {evidence_card.name(one)} · {one.by} · {thai.date_text(day_of(one.at))}"
        + (" · " + _("a question waits") if one.id in asked else "")
    )
    for one in queue
}
left, right = st.columns([2, 3], gap="large")
with left:
    st.caption(_("{pieces} wait for your decision, the oldest first.").format(pieces=len(queue)))
    chosen = st.radio(
        _("Evidence"), list(labels), format_func=labels.__getitem__, label_visibility="collapsed", key="queue"
    )
    undoing.lately(here, data)
    place = next((number for number, piece in enumerate(queue) if piece.id == chosen), 0)
    one = queue[place]
    others = queue[place + 1 :] or queue[:place][-1:]
with right:
    item = next((item for item in data.items if item.id == one.item_id), None)
    buttons(here, one, item, others[0].id if others else None)
    templates.show("item_link", code=one.item_code, text=f"{one.item_code} {item.title if item else ''}")
    templates.show("evidence", one=evidence_card.card(one))
    if one.sha256:
        with db.reading() as session:
            same = queries.find_same_content(session, here.actor, here.assessment.id, [one.sha256])
        twins = [twin for twin in same.get(one.sha256, []) if twin.id != one.id]
        templates.show("doubts", doubts=evidence_doubts.twins(twins))
        if item:
            doubts = evidence_doubts.doubts(here, one.noticed, one.slots, item, day_of(one.at))
            templates.show("doubts", doubts=doubts)
    demanded, said = looking.demanded(one, item), talking.read(here, [one]).get(one.id, [])
    with demanded:
        talking.thread(here, one, data.history.people_of[one.item_id], said)
    looking.beside(here, one)
