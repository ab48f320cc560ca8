"""Handing in evidence: the files, what each covers, a word with it, and what happened when it was sent."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ita_core import db, suggest, thai, workflow
from ita_core.errors import NoSlot, Refused
from ita_core.evidence.store import CHUNK, File, store
from ita_core.language import _
from ita_core.progress import ItemStanding, SlotKey
from ita_core.settings import settings
from ita_core.words import language_word
from pages import _frame, _marks
from pages._frame import Frame

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
        _files(here, standing, turn)
    elif way == "link":
        url = st.text_input(_("Web address"), placeholder="https://", key=f"{turn}-url")
        _one(here, standing, turn, lambda: workflow.Link(url))
    else:
        st.caption(_("State that there was nothing to report in the months you tick. This is an answer, not a gap."))
        _one(here, standing, turn, workflow.Nil, nil=True)


def _files(here: Frame, standing: ItemStanding, turn: str) -> None:
    files = st.file_uploader(
        _("Drop files here, or choose them: PDF, Word, Excel, PowerPoint, pictures, MP4, {limit} MB each").format(
            limit=settings().max_upload_mb
        ),
        accept_multiple_files=True,
        key=f"{turn}-files-{standing.item.code}",
    )
    if not files:
        return
    received: set[str] = st.session_state.setdefault(f"{turn}-received", set())
    faults: dict[str, str] = st.session_state.setdefault(f"{turn}-faults", {})
    asked = {}
    for file in files:
        with st.container(border=True):
            st.markdown(f"**{_marks.plain(file.name)}**")
            if file.file_id in received:
                st.success(_("Received. It waits for review now."))
                continue
            guess, fmt = suggest.suggest(standing, file.name), suggest.format_by_name(file.name)
            asked[file.file_id] = _ask(standing, f"{turn}-{file.file_id}", guess, fmt)
            if file.file_id in faults:
                st.error(_marks.plain(faults[file.file_id]))
    if asked and st.button(_("Hand in"), type="primary", icon=":material/send:", key="send-files"):
        with st.spinner(_("Receiving and checking …")):
            for file in files:
                if file.file_id in asked:
                    faults.pop(file.file_id, None)
                    try:
                        _send_file(here, standing, file, asked[file.file_id])
                        received.add(file.file_id)
                    except Refused as refused:
                        faults[file.file_id] = str(refused)
        _frame.say_done(_("{pieces} received. It waits for review now.").format(pieces=len(received)))
        if not faults:
            _give_back_memory(files)
            _next_turn()
        st.rerun()


def _send_file(here: Frame, standing: ItemStanding, file: UploadedFile, covering: Covering) -> None:
    if not covering.slots:
        raise NoSlot
    stored = store().put(_chunks(file), file.name)
    _submit(here, standing, covering, stored, file.file_id)


def _one(
    here: Frame, standing: ItemStanding, turn: str, content: Callable[[], workflow.Content], *, nil: bool = False
) -> None:
    """A link or a statement: what it covers, and the button."""
    covering = _ask(standing, f"{turn}-{nil}", [], "", nil=nil)
    if st.button(_("Hand in"), type="primary", icon=":material/send:", key=f"{turn}-send"):
        try:
            _submit(here, standing, covering, content(), turn)
        except Refused as refused:
            st.error(_marks.plain(str(refused)))
            return
        _next_turn()
        _frame.say_done(_("Received. It waits for review now."))
        st.rerun()


def _submit(
    here: Frame, standing: ItemStanding, covering: Covering, content: File | workflow.Content, sending: str
) -> None:
    # The same thing sent twice (a double click, a reload) makes one record.
    key = hashlib.sha256(f"{here.actor.account_id} {standing.item.id} {sending}".encode()).hexdigest()
    with db.writing() as session:
        workflow.submit(
            session,
            by=here.actor.account_id,
            item_id=standing.item.id,
            slots=covering.slots,
            content=content,
            note=covering.note,
            at=settings().now(),
            request_key=key,
        )


def _next_turn() -> None:
    """An empty form: every widget of it gets a new key."""
    turn = st.session_state.pop(TURN, "")
    for name in ("received", "faults"):
        st.session_state.pop(f"{turn}-{name}", None)


def _ask(standing: ItemStanding, key: str, guess: list[SlotKey], fmt: str, *, nil: bool = False) -> Covering:
    """Tick what an evidence covers: months, subjects, languages, numbers, each only where the item has them."""
    slots = [slot.slot for slot in standing.slots if not nil or slot.slot.requirement.nil_allowed]
    fitting = [slot for slot in slots if not fmt or slot.key.format in {"", fmt}]
    if not fitting:
        st.warning(_("This item wants no file of this kind."))
        return Covering([], "")
    titles = {slot.key.requirement_id: slot.requirement.title for slot in fitting}
    chosen = _pills(_("Covers"), titles, [one.requirement_id for one in guess], f"{key}-what")
    months = {slot.key.period: thai.period_text(slot.key.period) for slot in fitting if slot.key.period}
    periods = _pills(_("Month"), months, [one.period for one in guess], f"{key}-month")
    tongues = {slot.key.language: language_word(slot.key.language) for slot in fitting if slot.key.language}
    languages = _pills(_("Language"), tongues, [one.language for one in guess], f"{key}-language")
    counted = {slot.key.ordinal: str(slot.key.ordinal) for slot in fitting if slot.requirement.minimum > 1}
    numbers = _pills(_("Which of them"), counted, [one.ordinal for one in guess], f"{key}-number")
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


def _pills(label: str, options: dict[T, str], guess: list[T], key: str) -> list[T]:
    if not options:
        return []
    default = [one for one in options if one in guess] or (list(options) if len(options) == 1 else [])
    return st.pills(
        label, list(options), selection_mode="multi", default=default, format_func=options.__getitem__, key=key
    )


def _chunks(file: UploadedFile) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _give_back_memory(files: list[UploadedFile]) -> None:
    """Streamlit keeps an upload until its session ends; the file is in the store now (streamlit.md, Uploads)."""
    context = get_script_run_ctx()
    if context is not None:
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
