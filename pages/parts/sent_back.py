"""What the commander sent back, for who supervises it: they return pieces on the item's page, or say that it stands."""

from dataclasses import dataclass

import streamlit as st

from ita_core import db, queries, thai
from ita_core.board import turns
from ita_core.language import _
from ita_core.queries import Snapshot
from pages.parts import templates
from pages.parts.frame import Frame


@dataclass(frozen=True, slots=True)
class SentBack:
    code: str
    title: str
    by: str
    at: str
    why: str


def listed(here: Frame, data: Snapshot) -> None:
    """The items that wait for the visitor to look at them again, the longest waiting first."""
    if not here.acts():
        return
    mine = {
        one.item.id: one.item
        for one in data.board(here.day).items
        if one.sent_back and here.actor.officer_id in turns.turn(one.item, (), sent_back=True).decide
    }
    if not mine:
        return
    with db.reading() as session:
        why = queries.list_send_backs(session, here.actor, here.assessment.id)
    st.header(_("Sent back by the commander"), anchor=False)
    lines = [
        SentBack(mine[one.item_id].code, mine[one.item_id].title, one.by, thai.moment_text(one.at), one.reason)
        for one in why
        if one.item_id in mine
    ]
    templates.show("sent_back", lines=lines)
