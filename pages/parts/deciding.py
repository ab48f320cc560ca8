"""What is decided on a whole item: the commander approves, who keeps ITAP publishes and files."""

import streamlit as st

from ita_core import access, thai, workflow
from ita_core.board.progress import ItemStanding, Stage
from ita_core.errors import OwnEvidence
from ita_core.language import _
from ita_core.queries import ItemDetail
from ita_core.settings import settings
from pages.parts import marks, pressing
from pages.parts.frame import Frame


def approve(here: Frame, standing: ItemStanding, detail: ItemDetail, senders: set[int]) -> None:
    """The commander's button, for an item that is complete as it stands; `senders` are the accounts that handed in."""
    if standing.approval_lapsed and (given := detail.approved):
        st.warning(
            marks.plain(
                _("{who} approved this on {when}; the evidence has changed since, so the approval has lapsed.").format(
                    who=given.by, when=thai.moment_text(given.at)
                )
            )
        )
    if standing.stage is not Stage.complete or not access.may_approve(here.actor, ()):
        return
    if not access.may_approve(here.actor, senders):
        st.caption(str(OwnEvidence()))
        return
    with st.popover(
        _("Approve {item}").format(item=standing.item.code), type="primary", icon=":material/verified:", width="stretch"
    ):
        st.write(_("Approve the evidence as it stands now? If it changes later, the approval lapses."))
        if st.button(_("Yes, approve it"), key="approve"):
            with pressing.writing(_("{item} is approved.").format(item=standing.item.code)) as session:
                workflow.approve(
                    session, by=here.actor.account_id, item_id=standing.item.id, fingerprint=standing.fingerprint,
                    at=settings().now(),
                )  # fmt: skip


def publish(here: Frame, standing: ItemStanding, detail: ItemDetail) -> None:
    """Where it is published and how it was filed, for the officer who keeps ITAP: a form of its own for each."""
    stages = {
        Stage.approved: (_("Published at"), _("Record that it is published")),
        Stage.published: (_("Filed in ITAP with the link"), _("Record that it is filed")),
    }
    if standing.stage not in stages or not access.may_publish(here.actor):
        return
    label, record = stages[standing.stage]
    with st.form(f"record-{standing.stage.value}-{standing.item.code}"):  # what was pressed for one does not do another
        published = detail.published.text if detail.published else ""
        url = st.text_input(
            label,
            value=published if standing.stage is Stage.published else "",
            placeholder="https://",
            key=f"address-{standing.stage.value}-{standing.item.code}",
        )
        explanation = st.text_input(_("Explanation")) if standing.stage is Stage.published else ""
        if st.form_submit_button(record, key=f"publish-{standing.stage.value}"):
            act = {"by": here.actor.account_id, "item_id": standing.item.id, "url": url, "at": settings().now()}
            with pressing.writing(_("Recorded.")) as session:
                if standing.stage is Stage.approved:
                    workflow.publish(session, **act)
                else:
                    workflow.record_filing(session, answer=True, explanation=explanation, **act)
