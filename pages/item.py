"""One item: what must be shown beside what is there, handing in, approving, and what happened so far."""

import streamlit as st

from ita_core import access, db, queries
from ita_core.errors import NotFound, Refused
from ita_core.language import _
from ita_core.web.downloads import note_refused
from pages.parts import (
    deciding,
    evidence_list,
    frame,
    handing_in,
    item_page,
    last_year,
    marks,
    publishing,
    templates,
    visiting,
)
from pages.parts.frame import Frame

NEWEST = 24  # pieces of evidence and entries of the history that are drawn unless all are asked for


def pick(here: Frame) -> str:
    """The item in the address, chosen from those one may read."""
    titles = {item.code: f"{item.code} {item.title}" for item in frame.visible(here).items}
    if not titles:
        st.info(_("You have no duty on an item yet. The administrator gives duties in the plan."))
        st.stop()
    asked = st.query_params.get("item", "")
    if asked and asked not in titles:
        if frame.others_item(here, asked):
            note_refused(here.actor.account_id, f"item {asked}", visiting.address())
        says = _("There is no item “{code}” here, or it is not among your duties.").format(code=asked)
        st.warning(marks.plain(says))
    choice = titles if asked in titles else {"": _("Choose an item"), **titles}
    templates.show("select", label=_("Item"), choice=marks.choice("item", choice, asked))
    if asked not in titles:
        st.stop()
    return asked


def draw(here: Frame, code: str) -> None:
    with db.reading() as session:
        newest = None if st.query_params.get("all") else NEWEST
        detail = queries.get_item_detail(session, here.actor, here.assessment, code, day=here.day, newest=newest)
        standing = detail.snapshot.board(here.day).items[0]
        senders = queries.list_senders(session, standing.accepted_ids)
    left, right = st.columns([3, 2], gap="large")
    with left:
        templates.show("item_head", head=item_page.head(detail, standing))
        with st.expander(_("What the manual demands")):
            st.text(detail.item.demand)
            if detail.item.own:
                st.caption(_("The office demands something else in its plan: what counts is the table below."))
        templates.show("item_slots", table=item_page.slots(standing))
        templates.show("legend", badges=marks.legend())
        last_year.draw(here, code)
    with right:
        if here.acts(detail.item.id):
            deciding.approve(here, standing, detail, senders)
        publishing.publish(here, standing, detail)
        if here.acts(detail.item.id) and access.may_hand_in(here.actor, detail.people):
            st.subheader(_("Hand in"), anchor=False)
            handing_in.hand_in(here, standing)
        st.subheader(_("Evidence"), anchor=False)
        evidence_list.listing(here, detail, standing)
    st.subheader(_("History"), anchor=False)
    if detail.history:
        templates.show("item_history", history=item_page.history(detail.history))
        if detail.history_count > len(detail.history):
            every = _("Show all: {evidence} pieces of evidence, {events} entries")
            text = every.format(evidence=detail.evidence_count, events=detail.history_count)
            templates.show("link", address="?all=1", text=text)
    else:
        st.caption(_("Nothing has happened here yet."))


here = frame.frame()
frame.heading(here, _("Items"), any_day=True)
try:
    draw(here, pick(here))
except NotFound as gone:
    st.warning(marks.plain(str(gone)))
except Refused as refused:
    st.error(marks.plain(str(refused)))
