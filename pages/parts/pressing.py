"""What a press does: the write, and the sentence that says what came of it, where one looks.

Streamlit knows what a page holds by its place in it: what comes later and changes its place is drawn as something new,
so that a box that was open is shut and the focus is gone. So each place of a refusal is there before one is said.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ita_core import db
from ita_core.errors import Refused
from ita_core.language import _
from pages.parts import marks, visiting


@dataclass
class Made:
    """What a form has made, and how often it did: with the next turn its fields are new and its button is another.

    A second click ends the first run at its next word with Streamlit. So what was committed is noted without one, in
    an object that the session keeps already: the second run makes nothing more, and shows what the first has made.
    """

    turn: int = 0
    result: Any = None

    def note(self, result: object) -> None:
        self.turn, self.result = self.turn + 1, result

    def shown(self) -> None:
        """Whoever asked has seen what was made: it is not kept any longer."""
        self.result = None


def made_by(form: str) -> Made:
    """What the form has made in this session, the same object at every run."""
    kept: Made = st.session_state.setdefault(f"made-by-{form}", Made())
    return kept


def say_done(text: str) -> None:
    """A toast for what succeeded, shown by the next page that is drawn."""
    st.session_state["done"] = text


def say_refusal(refused: Refused, place: str = "") -> None:
    """A refusal's sentence, for the next page that is drawn: at `place`, or at its head where that isn't drawn."""
    st.session_state["refused"] = str(refused)
    st.session_state["refused-at"] = place


def refusal_at(place: str) -> None:
    """Here stands what was refused here; it leaves the page's head."""
    here = st.empty()
    head, said, where = st.session_state.get("refused-shown", (None, "", ""))
    if head and where == place:
        head.empty()
        st.session_state["refused-shown"] = (None, "", "")
        here.error(marks.plain(said))


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
    """`act_first` for a write that is nothing more."""

    def act() -> None:
        with db.writing() as session:
            write(session)

    return act_first(act, *done, place=place)


def act_first(act: Callable[[], object], *done: str, place: str = "") -> bool:
    """What a callback does, before the page is drawn; whether it was done.

    Such a call comes before navigation.py asks who is here, and what they read: so that is asked here, and the
    sentences of `done` are translated after it. A refusal is said at `place`.
    """
    if visiting.visitor() is None:
        return False
    try:
        act()
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
    head = st.empty()
    if said:
        head.error(marks.plain(said))
    st.session_state["refused-shown"] = (head if said else None, said, place)
