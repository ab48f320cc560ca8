"""What a press does: the write, and the sentence that says what came of it, where one looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from ita_core import db
from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import marks, visiting


def say_done(text: str) -> None:
    """A toast for what succeeded, shown by the next page that is drawn."""
    st.session_state["done"] = text


def say_refusal(refused: Refused, place: str = "") -> None:
    """A refusal's sentence, for the next page that is drawn: at `place`, or at its head where that isn't drawn."""
    st.session_state["refused"] = str(refused)
    st.session_state["refused-at"] = place


def refusal_at(place: str) -> None:
    """Here stands what was refused here; it leaves the page's head."""
    head, said, where = st.session_state.get("refused-shown", (None, "", ""))
    if head and where == place:
        head.empty()
        st.session_state["refused-shown"] = (None, "", "")
        st.error(marks.plain(said))


@contextmanager
def refusals_here() -> Iterator[None]:
    """Whatever is refused inside is said here, where it was pressed; the rest of the page is drawn as ever."""
    try:
        yield
    except Refused as refused:
        st.error(marks.plain(refused.first_lines))


@contextmanager
def writing(done: str) -> Iterator[db.Session]:
    """A press's write: what is refused is said here; otherwise the page is drawn anew and says `done`."""
    with refusals_here():
        with db.writing() as session:
            yield session
        say_done(done)
        st.rerun()


def write_first(write: Callable[[db.Session], object], *done: str, place: str = "") -> bool:
    """The write of a callback, before the page is drawn; whether it was done.

    Such a call comes before navigation.py asks who is here, and what they read: so that is asked here, and the
    sentences of `done` are translated after it. A refusal is said at `place`.
    """
    if visiting.visitor() is None:
        return False
    try:
        with db.writing() as session:
            write(session)
    except Refused as refused:
        say_refusal(refused, place)
        return False
    say_done(" ".join(map(_, done)))
    return True


def say_at_the_head() -> None:
    """What the press before this run did, and what was refused unless the place where it belongs is drawn."""
    if done := st.session_state.pop("done", ""):
        st.toast(done, icon=":material/check:")
    said, place = st.session_state.pop("refused", ""), st.session_state.pop("refused-at", "")
    head = st.empty() if said else None
    if head:
        head.error(marks.plain(said))
    st.session_state["refused-shown"] = (head, said, place)
