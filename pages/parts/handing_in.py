"""Handing in evidence: the files, what each covers, a word with it, and what happened when it was sent."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from ita_core import db, queries, workflow
from ita_core.board.progress import ItemStanding
from ita_core.errors import Refused, StillToChoose
from ita_core.evidence import suggest
from ita_core.language import _
from ita_core.queries import UploadFacts
from ita_core.settings import settings
from ita_core.workflow import receiving
from pages.parts import covering, drop_zone, evidence_card, evidence_doubts, marks, pressing, templates
from pages.parts.covering import Covering
from pages.parts.frame import Frame

TURN = "hand_in_turn"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one press for several files: how many were handed in, and by upload what was refused of what."""

    item_id: int
    done: int
    faults: Mapping[int, tuple[str, Covering]]
    nonce: str  # the browser goes there once


def hand_in(here: Frame, standing: ItemStanding) -> None:
    """One form for one item: files, or a link, or (where the manual allows it) a statement of nothing to report."""
    ways = {"file": _("Files"), "link": _("Link")}
    if any(one.nil_allowed for one in standing.item.requirements):
        ways["nil"] = _("Nothing to report")
    way = st.segmented_control(
        _("What to hand in"), list(ways), default="file", format_func=ways.__getitem__, required=True,
        label_visibility="collapsed", key=f"way-{standing.item.code}",
    )  # fmt: skip
    turn = st.session_state.setdefault(TURN, secrets.token_hex(8))
    if way == "link":
        url = st.text_input(_("Web address"), placeholder="https://", key=f"{turn}-url")
        _one(here, standing, turn, lambda: workflow.Link(url))
    elif way == "nil":
        st.caption(_("State that there was nothing to report in the months you tick. This is an answer, not a gap."))
        _one(here, standing, turn, workflow.Nil, nil=True)
    _files(here, standing, shown=way == "file")


def _files(here: Frame, standing: ItemStanding, *, shown: bool) -> None:
    """Files go straight into the store; what came waits here until its sender has said what it covers."""
    with db.reading() as session:
        waiting = queries.list_uploads(session, here.actor, standing.item.id)
    told = _told(standing, waiting)
    refused = [one for one in waiting if told and one.id in told.faults]
    goto = ""
    if told:
        goto = f"received-{refused[0].id}" if refused else f"told-{told.nonce}"
    # Where slots take files, the zone has to be there whatever else is handed in.
    drop_zone.zone(standing.item, goto=(goto, told.nonce if told else ""), shown=shown)
    if told:
        _tell(told, refused)
    asked = {one.id: _received(here, standing, one, waiting, told) for one in waiting}
    if asked and st.button(_("Hand in"), type="primary", icon=":material/send:", key="send-files"):
        _send(here, standing, asked)


def _told(standing: ItemStanding, waiting: Sequence[UploadFacts]) -> Told | None:
    """What is still to be told: refusals until their files are gone or cover something else, success once."""
    told: Told | None = st.session_state.get("hand_in_told")
    if told is None or told.item_id != standing.item.id:
        return None
    as_refused = {
        one.id: told.faults[one.id]
        for one in waiting
        if one.id in told.faults
        and covering.ticked_now(standing, f"upload-{one.id}", one.format) == told.faults[one.id][1]
    }
    if as_refused:
        told = st.session_state["hand_in_told"] = replace(told, faults=as_refused)
        return told
    del st.session_state["hand_in_told"]
    return None if told.faults else told


def _tell(told: Told, refused: Sequence[UploadFacts]) -> None:
    done = _("{pieces} received. It waits for review now.").format(pieces=told.done) if told.done else ""
    says = _("{pieces} not handed in: mend them here, then press “Hand in” again.").format(pieces=len(refused))
    faults = [(one.file_name, told.faults[one.id][0]) for one in refused]
    templates.show("handed_in", nonce=told.nonce, done=done, refused=says if refused else "", faults=faults)


def _received(
    here: Frame, standing: ItemStanding, one: UploadFacts, waiting: Sequence[UploadFacts], told: Told | None
) -> Covering:
    """A file that came, with what it covers; what is ticked and written is kept with it as soon as it changes."""
    with st.container(border=True):
        templates.show("received", id=one.id, name=one.file_name, about=evidence_card.received(one))
        if told and one.id in told.faults:
            st.error(marks.plain(told.faults[one.id][0]))
        guess = suggest.suggest(standing, one.file_name)
        key = f"upload-{one.id}"
        above = st.container()
        given = covering.ask(
            standing, key, guess.keys if one.ticks is None else one.ticks, one.format, note=one.note,
            on_change=partial(_keep, here.actor.account_id, standing, one),
        )  # fmt: skip
        if why := covering.why(standing, given, guess, one.ticks):
            with above:
                templates.show("guess", text=why)
        doubts = [*covering.replaces(standing, given), *_twins_here(one, waiting), *evidence_doubts.twins(one.twins)]
        doubts += evidence_doubts.doubts(here, one.noticed, given.slots, standing.item, settings().day())
        templates.show("doubts", doubts=doubts)
        if st.button(_("Take away"), key=f"discard-{one.id}", type="tertiary", icon=":material/delete:"):
            _discard(here, one.id)
    return given


def _keep(account_id: int, standing: ItemStanding, one: UploadFacts) -> None:
    """Before the page is drawn anew; a refusal is said at its head."""
    now = covering.ticked_now(standing, f"upload-{one.id}", one.format)
    pressing.write_first(
        lambda session: workflow.tick(
            session, by=account_id, upload_id=one.id, slots=now.slots, note=now.note, at=settings().now()
        )
    )


def _twins_here(one: UploadFacts, waiting: Sequence[UploadFacts]) -> list[str]:
    """Files with the same content that wait here too."""
    says = _("Exactly the same content as “{file}”, which waits here too: take one of them away.")
    return [says.format(file=other.file_name) for other in waiting if other.sha256 == one.sha256 and other.id != one.id]


def _send(here: Frame, standing: ItemStanding, asked: Mapping[int, Covering]) -> None:
    """Hand in all that came; what is refused stays, and is told with what was received."""
    done = 0
    faults: dict[int, tuple[str, Covering]] = {}
    for upload_id, given in asked.items():
        try:
            _submit(here, standing, given, workflow.Received(upload_id))
            done += 1
        except Refused as refused:
            faults[upload_id] = (str(refused), given)
    st.session_state["hand_in_told"] = Told(standing.item.id, done, faults, secrets.token_hex(4))
    st.rerun()


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
    with st.container(border=True):
        given = covering.ask(standing, f"{turn}-{nil}", (), nil=nil)
        templates.show("doubts", doubts=covering.replaces(standing, given))
        if st.button(_("Hand in"), type="primary", icon=":material/send:", key=f"{turn}-send"):
            with pressing.refusals_here():
                _submit(here, standing, given, content(), turn)
                st.session_state.pop(TURN, None)  # an empty form: every widget of it gets a new key
                pressing.say_done(_("Received. It waits for review now."))
                st.rerun()


def _submit(here: Frame, standing: ItemStanding, given: Covering, content: workflow.Content, turn: str = "") -> None:
    if given.lacks:
        raise StillToChoose(what=given.lacks)
    # The same thing sent twice (a double click, a reload) makes one record.
    sending = f"{here.actor.account_id} {standing.item.id} {turn}"
    with db.writing() as session:
        workflow.submit(
            session,
            by=here.actor.account_id,
            item_id=standing.item.id,
            slots=given.slots,
            content=content,
            note=given.note,
            at=settings().now(),
            request_key=hashlib.sha256(sending.encode()).hexdigest() if turn else None,
        )
