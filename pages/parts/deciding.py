"""What the commander decides on a whole item: it is approved."""

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
