"""Handing in evidence: the files, what each covers, a word with it, and what happened when it was sent."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from ita_core import db, queries, thai, workflow
from ita_core.board.progress import ItemStanding, SlotKey
from ita_core.errors import Refused
from ita_core.evidence import suggest
from ita_core.evidence.suggest import Guess
from ita_core.language import _
from ita_core.settings import settings
from ita_core.words import language_word
from ita_core.workflow import receiving
from pages.parts import drop_zone, evidence_card, evidence_doubts, marks, pressing, templates
from pages.parts.frame import Frame

T = TypeVar("T")
TURN = "hand_in_turn"


@dataclass(frozen=True, slots=True)
class Covering:
    """What was ticked for one evidence."""

    slots: list[SlotKey]
    note: str


def hand_in(here: Frame, standing: ItemStanding) -> None:
    """The form for one item: files, or a link, or (where the manual allows it) a statement of nothing to report."""
    ways = {"file": _("Files"), "link": _("Link")}
    if any(one.nil_allowed for one in standing.item.requirements):
        ways["nil"] = _("Nothing to report")
    way = st.segmented_control(
        _("What to hand in"), list(ways), default="file", format_func=ways.__getitem__, required=True,
        label_visibility="collapsed", key=f"way-{standing.item.code}",
    )  # fmt: skip
    turn = st.session_state.setdefault(TURN, secrets.token_hex(8))
    if way == "file":
        _files(here, standing)
    elif way == "link":
        url = st.text_input(_("Web address"), placeholder="https://", key=f"{turn}-url")
        _one(here, standing, turn, lambda: workflow.Link(url))
    else:
        st.caption(_("State that there was nothing to report in the months you tick. This is an answer, not a gap."))
        _one(here, standing, turn, workflow.Nil, nil=True)


def _files(here: Frame, standing: ItemStanding) -> None:
    """Files go straight into the store; what came waits here until its sender has said what it covers."""
    drop_zone.zone(standing.item.id)
    with db.reading() as session:
        waiting = queries.list_uploads(session, here.actor, standing.item.id)
    faults: dict[int, str] = st.session_state.setdefault("hand_in_faults", {})
    asked = {}
    for one in waiting:
        with st.container(border=True):
            templates.show("received", name=one.file_name, about=evidence_card.received(one))
            guess = suggest.suggest(standing, one.file_name)
            above = st.container()
            covering = asked[one.id] = _ask(standing, f"upload-{one.id}", guess.keys, one.format)
            if why := _why(guess, covering):
                with above:
                    templates.show("guess", text=why)
            templates.show("doubts", doubts=evidence_doubts.twins(one.twins))
            doubts = evidence_doubts.doubts(here, one.noticed, covering.slots, standing.item, settings().day())
            templates.show("doubts", doubts=doubts)
            if one.id in faults:
                st.error(marks.plain(faults[one.id]))
            if st.button(_("Take away"), key=f"discard-{one.id}", type="tertiary", icon=":material/delete:"):
                _discard(here, one.id)
    if asked and st.button(_("Hand in"), type="primary", icon=":material/send:", key="send-files"):
        done = 0
        for upload_id, covering in asked.items():
            faults.pop(upload_id, None)
            try:
                _submit(here, standing, covering, workflow.Received(upload_id))
                done += 1
            except Refused as refused:
                faults[upload_id] = str(refused)
        if done:
            pressing.say_done(_("{pieces} received. It waits for review now.").format(pieces=done))
        st.rerun()


def _why(guess: Guess, covering: Covering) -> str:
    """That what is ticked is a guess, and by what in the name; or where nothing is ticked, what to do."""
    if not covering.slots:
        return _("Tick what this covers.")
    if set(covering.slots) != set(guess.keys):
        return ""
    read = [*map(thai.period_text, guess.months), *map(language_word, guess.languages)]
    read += [f"“{word}”" for word in guess.words]
    return _("A guess by the file’s name ({read}): check it before you hand in.").format(read=", ".join(read))


def _discard(here: Frame, upload_id: int) -> None:
    try:
        receiving.discard(by=here.actor.account_id, upload_id=upload_id, at=settings().now())
    except Refused as refused:
        pressing.say_refusal(refused)
    st.rerun()


def _one(
    here: Frame, standing: ItemStanding, turn: str, content: Callable[[], workflow.Content], *, nil: bool = False
) -> None:
    """A link or a statement: what it covers, and the button."""
    covering = _ask(standing, f"{turn}-{nil}", (), "", nil=nil)
    if st.button(_("Hand in"), type="primary", icon=":material/send:", key=f"{turn}-send"):
        with pressing.refusals_here():
            _submit(here, standing, covering, content(), turn)
            st.session_state.pop(TURN, None)  # an empty form: every widget of it gets a new key
            pressing.say_done(_("Received. It waits for review now."))
            st.rerun()


def _submit(here: Frame, standing: ItemStanding, covering: Covering, content: workflow.Content, turn: str = "") -> None:
    # The same thing sent twice (a double click, a reload) makes one record.
    sending = f"{here.actor.account_id} {standing.item.id} {turn}"
    with db.writing() as session:
        workflow.submit(
            session,
            by=here.actor.account_id,
            item_id=standing.item.id,
            slots=covering.slots,
            content=content,
            note=covering.note,
            at=settings().now(),
            request_key=hashlib.sha256(sending.encode()).hexdigest() if turn else None,
        )


def _ask(standing: ItemStanding, key: str, guess: Sequence[SlotKey], fmt: str, *, nil: bool = False) -> Covering:
    """Tick what an evidence covers: months, subjects, languages, numbers, each only where the item has them."""
    slots = [slot.slot for slot in standing.slots if not nil or slot.slot.requirement.nil_allowed]
    fitting = [slot for slot in slots if not fmt or slot.key.format in {"", fmt}]
    if not fitting:
        st.warning(_("This item wants no file of this kind."))
        return Covering([], "")
    titles = {slot.key.requirement_id: slot.requirement.title for slot in fitting}
    months = {slot.key.period: thai.period_text(slot.key.period) for slot in fitting if slot.key.period}
    tongues = {slot.key.language: language_word(slot.key.language) for slot in fitting if slot.key.language}
    counted = {slot.key.ordinal: str(slot.key.ordinal) for slot in fitting if slot.requirement.minimum > 1}
    # What is no choice is ticked beside what is one; where nothing is, one tick says what this covers.
    sure = any(len(options) > 1 for options in (titles, months, tongues, counted))
    chosen = _pills(_("Covers"), titles, [one.requirement_id for one in guess], f"{key}-what", sure=sure)
    periods = _pills(_("Month"), months, [one.period for one in guess], f"{key}-month", sure=sure)
    languages = _pills(_("Language"), tongues, [one.language for one in guess], f"{key}-language", sure=sure)
    numbers = _pills(_("Which of them"), counted, [one.ordinal for one in guess], f"{key}-number", sure=sure)
    note = st.text_input(_("A word to the supervisor (if needed)"), key=f"{key}-note")
    return Covering(
        [
            slot.key
            for slot in fitting
            if slot.key.requirement_id in chosen
            and (not slot.key.period or slot.key.period in periods)
            and (not slot.key.language or slot.key.language in languages)
            and (slot.requirement.minimum == 1 or slot.key.ordinal in numbers)
        ],
        note,
    )


def _pills(label: str, options: dict[T, str], guess: list[T], key: str, *, sure: bool) -> list[T]:
    if not options:
        return []
    default = list(options) if sure and len(options) == 1 else [one for one in options if one in guess]
    return st.pills(
        label, list(options), selection_mode="multi", default=default, format_func=options.__getitem__, key=key
    )
