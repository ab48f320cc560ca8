"""What is decided on a whole item: the commander approves it, undoes that at once, or sends it back; its supervisors
answer that it stands."""

import streamlit as st

from ita_core import access, thai, workflow
from ita_core.board.progress import ItemStanding, Stage
from ita_core.board.undoing import MINUTES, approval_stays
from ita_core.errors import OwnEvidence
from ita_core.language import N_, _
from ita_core.queries import Event, ItemDetail
from ita_core.settings import settings
from pages.parts import marks, pressing
from pages.parts.frame import Frame


def said(standing: ItemStanding, detail: ItemDetail) -> None:
    """What everybody who reads the item is to know: it was sent back and why, what was answered, an approval lapsed."""
    if standing.approval_lapsed and (given := detail.approved):
        _tell(_("{who} approved this on {when}; the evidence has changed since, so the approval has lapsed."), given)
    if standing.reopened and detail.sent_back:
        _tell(_("{who} sent this back to its supervisors on {when}: {why}"), detail.sent_back)
    elif standing.stage is Stage.complete and detail.stands and _answers(detail):
        _tell(_("{who} looked at it again on {when}: {why}"), detail.stands)


def _tell(text: str, event: Event) -> None:
    st.warning(marks.plain(text.format(who=event.by, when=thai.moment_text(event.at), why=event.text)))


def _answers(detail: ItemDetail) -> bool:
    """Whether the last answer is to the last sending back."""
    return bool(detail.stands and detail.sent_back and detail.stands.id == detail.sent_back.id)


def decide(here: Frame, standing: ItemStanding, detail: ItemDetail, senders: set[int]) -> None:
    """What the visitor can decide now; `senders` are the accounts that handed in what is accepted."""
    if standing.stage is Stage.complete and access.may_approve(here.actor, ()):
        if access.may_approve(here.actor, senders):
            _approve(here, standing)
        else:
            st.caption(str(OwnEvidence()))
    if standing.complete and not standing.sent_back and access.may_send_back(here.actor):
        _send_back(here, standing)
    if standing.sent_back and detail.sent_back:
        _answer(here, standing, detail.sent_back, senders)
    if standing.stage is Stage.approved and detail.approved:
        _undo(here, detail, detail.approved)


def _approve(here: Frame, standing: ItemStanding) -> None:
    with st.popover(
        _("Approve {item}").format(item=standing.item.code),
        type="secondary" if standing.sent_back else "primary",
        icon=":material/verified:",
        width="stretch",
    ):
        st.write(_("Approve the evidence as it stands now? If it changes later, the approval lapses."))
        if st.button(_("Yes, approve it"), key="approve"):
            with pressing.writing(_("{item} is approved.").format(item=standing.item.code)) as session:
                workflow.approve(
                    session, by=here.actor.account_id, item_id=standing.item.id, fingerprint=standing.fingerprint,
                    at=settings().now(),
                )  # fmt: skip


def _send_back(here: Frame, standing: ItemStanding) -> None:
    key = f"send-back-{standing.item.id}"
    with st.popover(_("Send back to its supervisors"), icon=":material/undo:", width="stretch", key=f"{key}-box"):
        if standing.stage in {Stage.published, Stage.filed}:
            st.write(_("It stays on the website, but is to be approved, published and filed anew then."))
        elif standing.stage is Stage.approved:
            st.write(_("It is to be approved anew then."))
        st.text_area(_("Why? What are they to look at?"), key=f"{key}-reason", persist_state="session")
        st.button(_("Send it back with this reason"), key=key, on_click=_sent_back, args=(here, standing, key))
        pressing.refusal_at(key)


def _sent_back(here: Frame, standing: ItemStanding, key: str) -> None:
    sent = pressing.write_first(
        lambda session: workflow.send_back(
            session, by=here.actor.account_id, item_id=standing.item.id, fingerprint=standing.fingerprint,
            reason=st.session_state.get(f"{key}-reason", ""), at=settings().now(),
        ),
        N_("Sent back to its supervisors."),
        place=key,
    )  # fmt: skip
    if sent:
        st.session_state[f"{key}-reason"] = ""


def _answer(here: Frame, standing: ItemStanding, sent: Event, senders: set[int]) -> None:
    """Or they return a piece, in the list of evidence."""
    if not access.may_answer_send_back(here.actor, standing.item.supervisors, ()):
        return
    if not access.may_answer_send_back(here.actor, standing.item.supervisors, senders):
        st.caption(str(OwnEvidence()))
        return
    key = f"stands-{sent.id}"
    st.write(_("Return below what has to be mended, or say why it stands as it is."))
    with st.popover(_("It stands as it is"), icon=":material/check:", width="stretch", key=f"{key}-box"):
        st.text_area(_("Why?"), key=f"{key}-note", persist_state="session")
        st.button(_("Answer the commander"), key=key, on_click=_answered, args=(here, sent.id, key))
        pressing.refusal_at(key)


def _answered(here: Frame, send_back_id: int, key: str) -> None:
    pressing.write_first(
        lambda session: workflow.answer_that_it_stands(
            session, by=here.actor.account_id, send_back_id=send_back_id,
            note=st.session_state.get(f"{key}-note", ""), at=settings().now(),
        ),
        N_("Answered. It waits for the commander again."),
        place=key,
    )  # fmt: skip


def _undo(here: Frame, detail: ItemDetail, given: Event) -> None:
    """The commander's own approval, while it can be undone."""
    if not access.may_undo_approval(here.actor, given.account_id):
        return
    if approval_stays(given.at, detail.snapshot.records, settings().now()) is not None:
        return
    st.caption(_("Approved just now: within {minutes} minutes you can undo it.").format(minutes=MINUTES))
    key = f"undo-approval-{given.id}"
    st.button(_("Undo the approval"), icon=":material/undo:", key=key, on_click=_undone, args=(here, given.id, key))
    pressing.refusal_at(key)


def _undone(here: Frame, approval_id: int, key: str) -> None:
    pressing.write_first(
        lambda session: workflow.undo_approval(
            session, by=here.actor.account_id, approval_id=approval_id, at=settings().now()
        ),
        N_("Undone."),
        place=key,
    )
