"""One item: what must be shown beside what is there, handing in, approving, and what happened so far."""

import streamlit as st

from ita_core import access, db, progress, queries, thai, workflow
from ita_core.errors import NotFound, Refused
from ita_core.language import _
from ita_core.progress import ItemStanding, Stage
from ita_core.queries import ItemDetail
from ita_core.settings import settings
from pages import _evidence, _frame, _handing_in, _item, _marks
from pages._frame import Frame


def pick(here: Frame) -> str:
    """The item in the address, chosen from those one may read."""
    titles = {item.code: f"{item.code} {item.title}" for item in _frame.visible(here).items}
    if not titles:
        st.info(_("You have no duty on an item yet. The administrator gives duties in the plan."))
        st.stop()
    asked = st.query_params.get("item", "")
    if asked and asked not in titles:
        says = _("There is no item “{code}” here, or it is not among your duties.").format(code=asked)
        st.warning(_marks.plain(says))
    choice = titles if asked in titles else {"": _("Choose an item"), **titles}
    _marks.show(_marks.select(_("Item"), "item", choice, asked))
    if asked not in titles:
        st.stop()
    return asked


def approve(here: Frame, standing: ItemStanding, detail: ItemDetail) -> None:
    """The commander's button, for an item that is complete as it stands."""
    if standing.approval_lapsed:
        given = next(event for event in detail.history if event.what == "approved")
        st.warning(
            _marks.plain(
                _("{who} approved this on {when}; the evidence has changed since, so the approval has lapsed.").format(
                    who=given.by, when=thai.moment_text(given.at)
                )
            )
        )
    if standing.stage is not Stage.complete or not access.may_approve(here.actor, ()):
        return
    with st.popover(
        _("Approve {item}").format(item=standing.item.code), type="primary", icon=":material/verified:", width="stretch"
    ):
        st.write(_("Approve the evidence as it stands now? If it changes later, the approval lapses."))
        sure = st.button(_("Yes, approve it"), key="approve")
    if sure:
        with db.writing() as session:
            workflow.approve(session, by=here.actor.account_id, item_id=standing.item.id,
                             fingerprint=standing.fingerprint, at=settings().now())  # fmt: skip
        _frame.say_done(_("{item} is approved.").format(item=standing.item.code))
        st.rerun()


def publish(here: Frame, standing: ItemStanding, detail: ItemDetail) -> None:
    """Where it is published and how it was filed, for the officer who keeps ITAP."""
    stages = {Stage.approved: _("Published at"), Stage.published: _("Filed in ITAP with the link")}
    if standing.stage not in stages or not access.may_publish(here.actor):
        return
    with st.form("publish", clear_on_submit=False):
        published = next((event.text for event in detail.history if event.what == "published"), "")
        url = st.text_input(
            stages[standing.stage],
            value=published if standing.stage is Stage.published else "",
            placeholder="https://",
            key=f"address-{standing.stage.value}",
        )
        explanation = st.text_input(_("Explanation")) if standing.stage is Stage.published else ""
        if st.form_submit_button(_("Record")):
            act = {"by": here.actor.account_id, "item_id": standing.item.id, "url": url, "at": settings().now()}
            with db.writing() as session:
                if standing.stage is Stage.approved:
                    workflow.publish(session, **act)
                else:
                    workflow.file(session, answer=True, explanation=explanation, **act)
            _frame.say_done(_("Recorded."))
            st.rerun()


def draw(here: Frame, code: str) -> None:
    with db.reading() as session:
        before = progress.until(here.day, here.facts.ends) if here.past else None
        detail = queries.item_detail(session, here.actor, here.facts, code, before)
    standing = detail.snapshot.board(here.day).items[0]
    left, right = st.columns([3, 2], gap="large")
    with left:
        _marks.show(_item.head(detail, standing))
        with st.expander(_("What the manual demands")):
            st.text(detail.demand)
        _marks.show(_item.slots(standing))
        _marks.show(_marks.legend())
    with right:
        if not here.past:
            approve(here, standing, detail)
            publish(here, standing, detail)
        if not here.past and access.may_hand_in(here.actor, queries.people_of(detail.facts)):
            st.subheader(_("Hand in"), anchor=False)
            _handing_in.hand_in(here, standing)
        st.subheader(_("Evidence"), anchor=False)
        _evidence.listing(here, detail, standing)
    st.subheader(_("History"), anchor=False)
    if detail.history:
        _marks.show(_item.history(detail.history))
    else:
        st.caption(_("Nothing has happened here yet."))


here = _frame.frame()
_frame.heading(here, _("Items"), any_day=True)
try:
    draw(here, pick(here))
except NotFound as gone:
    st.warning(_marks.plain(str(gone)))
except Refused as refused:
    st.error(_marks.plain(str(refused)))
