"""The thread of a piece of evidence: what was asked and answered, where one writes, and what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ita_core import access, db, queries, thai, workflow
from ita_core.access import ItemPeople
from ita_core.language import N_, _
from ita_core.queries import EvidenceFacts, MessageFacts
from ita_core.settings import settings
from pages.parts import marks, pressing, templates
from pages.parts.frame import Frame

LONGEST = 200  # letters of a message in the list of what waits
NEWEST = 5  # messages that are shown until the thread is opened


@dataclass(frozen=True, slots=True)
class Said:
    by: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A piece about which the other side wrote last."""

    code: str
    name: str
    by: str
    at: str
    text: str


def read(here: Frame, pieces: Sequence[EvidenceFacts]) -> dict[int, list[MessageFacts]]:
    """Evidence id → what was written about it until the day looked at, oldest first."""
    with db.reading() as session:
        return queries.list_messages(
            session, here.actor, here.assessment.id, [one.id for one in pieces], before=here.before
        )


def thread(here: Frame, one: EvidenceFacts, people: ItemPeople, written: Sequence[MessageFacts]) -> None:
    """What was said about it, the newest ones; opened, all of it, and where one writes."""
    writes = here.acts(one.item_id) and access.may_write_message(here.actor, people)
    key, more = f"thread-{one.id}", len(written) - NEWEST
    # Its content is drawn once it is opened: a page has many pieces of evidence.
    opened = bool(st.session_state.get(key)) and (writes or more > 0)
    shown = written if opened else written[-NEWEST:]
    with st.container():  # there before anything is written, so that the first message does not shut the box below it
        templates.show("thread", said=[Said(each.by, thai.moment_text(each.at), each.text) for each in shown])
    if not writes and more <= 0:
        return
    label = _("Ask or answer") if writes else _("All {messages} messages").format(messages=len(written))
    if writes and more > 0:
        label = f"{label} · {marks.more(more)}"
    with st.expander(label, key=key, on_change="rerun", type="compact"):
        if opened and writes:
            _form(here, one)


def _form(here: Frame, one: EvidenceFacts) -> None:
    st.caption(_("Officers, supervisors and the commander read this. It changes nothing in where the evidence stands."))
    st.text_area(_("Your question or answer"), key=f"say-{one.id}", persist_state="session")
    st.button(_("Write it"), key=f"message-{one.id}", on_click=_write, args=(here, one.id))
    pressing.refusal_at(f"message-{one.id}")


def _write(here: Frame, evidence_id: int) -> None:
    """Before the page is drawn: what was written stands in the thread then; refused, it stays in its field."""
    written = pressing.write_first(
        lambda session: workflow.write_message(
            session, by=here.actor.account_id, evidence_id=evidence_id,
            text=st.session_state.get(f"say-{evidence_id}", ""), at=settings().now(),
        ),
        N_("Written. The others see it with the evidence."),
        place=f"message-{evidence_id}",
    )  # fmt: skip
    if written:
        st.session_state[f"say-{evidence_id}"] = ""


def waiting(here: Frame) -> set[int]:
    """Lists what waits for the visitor's answer, nothing on a look back; gives the ids of those pieces."""
    if not here.acts():
        return set()
    with db.reading() as session:
        asked = queries.list_questions(session, here.actor, here.assessment.id, now=settings().now())
    with st.container():  # there with nothing in it too, so that an answer does not shut the box it was written in
        if asked:
            st.header(_("Waits for your answer"), anchor=False)
            listed = [
                Asked(one.item_code, one.name, one.by, thai.moment_text(one.at), _short(one.text)) for one in asked
            ]
            templates.show("asked", asked=listed)
    return {one.evidence_id for one in asked}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
