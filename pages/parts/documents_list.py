"""The documents that one may take along, each with its links."""

from dataclasses import dataclass

import streamlit as st

from ita_core import db, queries, thai
from ita_core.board.progress import until
from ita_core.exports.documents import making
from ita_core.language import _
from pages.parts import templates
from pages.parts.frame import Frame

FORMATS = {"docx": "Word", "pdf": "PDF"}
MOST_MEETINGS = 12  # the newest ones


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting: its number in the year and its day in words."""

    number: int
    day: str


def draw(here: Frame) -> None:
    """The list below its heading; nothing of what is not for the visitor."""
    begun = making.has_begun(here.assessment)
    with db.reading() as session:
        clarified = queries.list_clarifications(session, here.actor, here.assessment.id, here.before)
    kinds = [
        (name, _(one.title), _(one.about))
        for name, one in making.DOCUMENTS.items()
        if one.may_take(here.actor) and (begun or not one.of_work) and (clarified or name != "clarifications")
    ]
    held: list[Held] = []
    if any(name == "meeting" for name, _title, _about in kinds):
        listed = making.ended(here.meetings, until(here.day, here.assessment.ends))
        held = [Held(number, thai.date_text(one.day)) for number, one in enumerate(listed, 1)][::-1]
    st.header(_("Documents"), anchor=False)
    templates.show(
        "documents", kinds=kinds, formats=FORMATS, of=here.assessment, day=here.day, held=held[:MOST_MEETINGS],
        more=max(len(held) - MOST_MEETINGS, 0),
    )  # fmt: skip
