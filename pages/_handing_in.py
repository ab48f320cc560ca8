"""Handing in evidence: the files, what each covers, a word with it, and what happened when it was sent."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ita_core import db, suggest, thai, workflow
from ita_core.errors import Refused
from ita_core.evidence.inspect import SUFFIXES
from ita_core.evidence.store import CHUNK, File, store
from ita_core.language import _
from ita_core.progress import ItemStanding, SlotKey
from ita_core.settings import settings
from ita_core.words import language_word
from pages import _frame, _marks
from pages._frame import Frame

T = TypeVar("T")


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
    if way == "file":
        _files(here, standing)
    elif way == "link":
        _link(here, standing)
    else:
        _nil(here, standing)


def _files(here: Frame, standing: ItemStanding) -> None:
    turn = st.session_state.setdefault("uploads", 0)  # a new key is an empty uploader
    files = st.file_uploader(
        _("Drop files here, or choose them: PDF, Word, Excel, PowerPoint, pictures, MP4, {limit} MB each").format(
            limit=settings().max_upload_mb
        ),
        type=[suffix.removeprefix(".") for suffix in SUFFIXES],
        accept_multiple_files=True,
        key=f"files-{standing.item.code}-{turn}",
    )
    if not files:
        return
    asked = {}
    for file in files:
        with st.container(border=True):
            st.markdown(f"**{_marks.plain(file.name)}**")
            asked[file.file_id] = _ask(standing, f"{file.file_id}", suggest.suggest(standing, file.name),
                                       suggest.format_by_name(file.name))  # fmt: skip
    if st.button(_("Hand in"), type="primary", icon=":material/send:", key="send-files"):
        failed = 0
        with st.spinner(_("Receiving and checking …")):
            for file in files:
                try:
                    stored = store().put(_chunks(file), file.name)
                    _submit(here, standing, asked[file.file_id], stored, file.file_id)
                except Refused as refused:
                    failed += 1
                    st.error(str(refused))
        if not failed:
            _give_back_memory(files)
            st.session_state["uploads"] = turn + 1
            _done(_("{pieces} received. It waits for review now.").format(pieces=len(files)))


def _link(here: Frame, standing: ItemStanding) -> None:
    url = st.text_input(_("Web address"), placeholder="https://", key=f"url-{standing.item.code}")
    covering = _ask(standing, "link", [], "")
    if st.button(_("Hand in"), type="primary", icon=":material/send:", key="send-link"):
        _send(here, standing, covering, workflow.Link(url))


def _nil(here: Frame, standing: ItemStanding) -> None:
    st.caption(_("State that there was nothing to report in the months you tick. This is an answer, not a gap."))
    covering = _ask(standing, "nil", [], "", nil=True)
    if st.button(_("Hand in"), type="primary", icon=":material/send:", key="send-nil"):
        _send(here, standing, covering, workflow.Nil())


def _send(here: Frame, standing: ItemStanding, covering: Covering, content: workflow.Content) -> None:
    try:
        _submit(here, standing, covering, content, "")
    except Refused as refused:
        st.error(str(refused))
        return
    _done(_("Received. It waits for review now."))


def _submit(
    here: Frame, standing: ItemStanding, covering: Covering, content: File | workflow.Content, upload: str
) -> None:
    # The same upload sent twice (a double click, a reload) makes one record.
    said = f"{here.actor.account_id} {upload} {sorted(covering.slots)}"
    key = hashlib.sha256(said.encode()).hexdigest() if upload else None
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


def _done(text: str) -> None:
    _frame.say_done(text)
    st.rerun()


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
