"""One item: what must be shown beside what is there, handing in, approving, and what happened so far."""

import streamlit as st

from ita_core import access, db, queries
from ita_core.errors import NotFound, Refused
from ita_core.language import _
from ita_core.web.noting import note_refused
from pages.parts import (
    clarification_list,
    deciding,
    empty,
    evidence_list,
    frame,
    handing_in,
    item_directives,
    item_list,
    item_page,
    last_year,
    marks,
    publishing,
    templates,
    visiting,
)
from pages.parts.frame import Frame


def pick(here: Frame) -> tuple[str, dict[str, str]]:
    """The item in the address, "" for none of those one may read; and their titles by code."""
    titles = {item.code: f"{item.code} {item.title}" for item in frame.visible(here).items}
    asked = st.query_params.get("item", "")
    return (asked if asked in titles else ""), titles


def choose(here: Frame, code: str, titles: dict[str, str]) -> None:
    """The choice of an item; the run ends here where none was chosen."""
    if not titles:
        empty.draw(empty.no_duty(here, _("You have no duty on an item yet.")))
        st.stop()
    asked = st.query_params.get("item", "")
    if asked and not code:
        if frame.others_item(here, asked):
            note_refused(here.actor.account_id, f"item {asked}", visiting.address())
        says = _("There is no item “{code}” here, or it is not among your duties.").format(code=asked)
        st.warning(marks.plain(says))
    choice = titles if code else {"": _("Choose an item"), **titles}
    templates.show("select", label=_("Item"), choice=marks.choice("item", choice, asked))
    if not code:
        item_list.draw(here)
        st.stop()


def draw(here: Frame, code: str) -> None:
    with db.reading() as session:
        newest = None if st.query_params.get("all") else evidence_list.NEWEST
        detail = queries.get_item_detail(session, here.actor, here.assessment, code, day=here.day, newest=newest)
        standing = detail.snapshot.board(here.day).items[0]
        senders = queries.list_senders(session, standing.accepted_ids)
    acts = here.acts(detail.item.id)
    hands_in = acts and access.may_hand_in(here.actor, detail.people)
    head, decision = st.columns([3, 2], gap="large")
    with head:
        templates.show("item_head", head=item_page.head(detail, standing))
        if clarified := clarification_list.of_item(here, code):
            templates.show("clarify_item", one=clarified)
        with st.expander(_("What the manual demands")):
            st.text(detail.item.demand)
            if detail.item.own:
                st.caption(_("The office demands something else in its plan: what counts is the table below."))
    with decision:
        deciding.said(standing, detail)
        if acts:
            deciding.decide(here, standing, detail, senders)
        publishing.publish(here, standing, detail)
    templates.show("item_slots", table=item_page.slots(standing, sends=hands_in))
    templates.show("legend", badges=marks.legend(), means=(marks.face_meanings(), marks.stage_meanings()))
    wide, narrow = st.columns([3, 2], gap="large")
    if hands_in:
        with wide:
            st.header(_("Hand in"), anchor=False)
            handing_in.hand_in(here, standing)
    with narrow if hands_in else wide:
        st.header(_("Evidence"), anchor=False)
        evidence_list.listing(here, detail, standing)
    with wide if hands_in else narrow:
        last_year.draw(here, code)
    item_directives.draw(here, detail.item)
    st.header(_("History"), anchor=False)
    if detail.history:
        templates.show("item_history", history=item_page.history(detail.history))
        if detail.history_count > len(detail.history):
            every = _("Show all: {evidence} pieces of evidence, {events} entries")
            text = every.format(evidence=detail.evidence_count, events=detail.history_count)
            templates.show("link", address="?all=1", text=text)
    else:
        empty.draw(empty.history(hands_in=hands_in))


here = frame.frame()
templates.style("handing_in.css")
code, titles = pick(here)
if code:
    frame.tab(titles[code], here.assessment)
    frame.heading(here, marks.plain(titles[code]), page=code, within=(_("Items"), "/item"), any_day=True)
else:
    frame.heading(here, _("Items"), any_day=True)
choose(here, code, titles)
try:
    draw(here, code)
except NotFound as gone:
    st.warning(marks.plain(str(gone)))
except Refused as refused:
    st.error(marks.plain(str(refused)))
