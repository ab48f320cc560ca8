"""What the commander ordered about an item, and a new order about it."""

import streamlit as st

from ita_core import access, db, queries, thai
from ita_core.board import directives
from ita_core.board.progress import ItemFacts
from ita_core.language import _
from pages.parts import directing, directive_card, frame, meeting_list, templates
from pages.parts.frame import Frame


def draw(here: Frame, item: ItemFacts) -> None:
    """The directives about it that the visitor may read, open ones first; for the commander a new one."""
    with db.reading() as session:
        known = directives.as_of(queries.list_directives(session, here.assessment.id, here.actor), here.before)
    listed = [one for one in known if one.item_code == item.code]
    directs = access.may_direct(here.actor) and here.acts()
    if not listed and not directs:
        return
    st.header(_("Directives"), anchor=False)
    still = directives.still_open(listed)
    data = frame.visible(here)
    lines = [
        (directive_card.badge(one, here.day), one.text, directive_card.to_whom(one, data, short=True),
         _("due {day}").format(day=thai.date_text(one.due)))
        for one in [*still, *(one for one in listed if one not in still)]
    ]  # fmt: skip
    if lines:
        templates.show("item_directives", directives=lines)
    if directs:
        with st.expander(_("Give a directive about {code}").format(code=item.code), icon=":material/assignment_add:"):
            directing.take_down(here, data, meeting_list.going_on(here), about=item.id)
