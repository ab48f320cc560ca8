"""At the door: what a first step gave is kept in this session, and the code of the second one is asked for."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.accounts import Passed
from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import marks, visiting

TICKET = "ita_ticket"
HALF = "ita_half"
_OVER = "ita_half_over"  # those that are no good any more: Streamlit still shows the cookie that one came in


def keep(passed: Passed) -> None:
    """Keep what a first step gave: a ticket, or half of one."""
    st.session_state[TICKET if passed.whole else HALF] = passed.token


def wanted() -> str:
    """The token of the half sign-in that is waiting for a code here; empty for none."""
    kept = st.session_state.get(HALF) or visiting.half()
    return "" if kept in st.session_state.get(_OVER, ()) else str(kept)


def check(half: str, typed: str) -> str:
    """The ticket that the code gives. Counted before it is looked at.

    Raises accounts.WrongFactorCode, accounts.TooManyTries, accounts.TicketOver, accounts.KeyGone.
    """
    address = visiting.address()
    with db.reading() as session:
        accounts.check_half(session, half=half, now=datetime.now(UTC))
    with db.writing() as session:
        counted = accounts.begin_second_step(session, half=half, typed=typed, address=address, device=visiting.device())
    try:
        with db.writing() as session:
            return accounts.finish_second_step(
                session, half=half, typed=typed, counted=counted, address=address, now=datetime.now(UTC)
            )
    except accounts.WrongFactorCode:
        with db.writing() as session:
            accounts.note_failure(
                session, username=counted.username, address=address, now=datetime.now(UTC),
                action="session.fail_code",
            )  # fmt: skip
        raise


def form() -> None:
    """Asks for the code; the ticket lies in the session once it was right.

    Raises accounts.TicketOver, after which no code is waited for here.
    """
    half = wanted()
    with st.form("second-step"):
        st.header(_("Second step"), anchor=False)
        st.caption(_("Type the six digits that the app on your telephone shows now, or one of your recovery codes."))
        typed = st.text_input(_("Code"), autocomplete="one-time-code", max_chars=40)
        pressed = st.form_submit_button(_("Confirm"), type="primary", width="stretch")
    if pressed:
        try:
            st.session_state[TICKET] = check(half, typed)
        except accounts.TicketOver:
            _end(half)
            raise
        except Refused as refused:
            st.error(marks.plain(str(refused)))
        else:
            _end(half)
            st.rerun()
    if st.button(_("Back to sign-in")):
        _end(half)
        if not visiting.half():
            st.rerun()
        # A reload would find it in the cookie again.
        visiting.post("/auth/back", {}, key=datetime.now(UTC).isoformat())
    st.caption(_("Telephone and recovery codes lost? The administrator can take the second step away."))


def _end(half: str) -> None:
    st.session_state.pop(HALF, None)
    st.session_state[_OVER] = {*st.session_state.get(_OVER, ()), half}
