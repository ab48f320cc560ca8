"""What came of recording scores: told at the head of the years' table, to which the page is scrolled; and the question
that comes first where a total is not what the instruments give by the weights known here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ita_core import db
from ita_core.errors import TotalDiffers
from ita_core.language import N_, _
from pages.parts import pressing

_MADE = "scores-told"


@dataclass(frozen=True, slots=True)
class News:
    """What the last press has done; a later one's has another number, so that it is seen anew."""

    text: str
    number: int


def tell(text: str) -> None:
    """Say at the head of the table, and in a toast, what was done; `text` is a msgid."""
    pressing.say_done(_(text))
    pressing.made_by(_MADE).note(text)


def news() -> News | None:
    """What was done by the press before this run, once."""
    made = pressing.made_by(_MADE)
    text, number = made.result, made.turn
    made.shown()
    return News(_(text), number) if text else None


def ask(place: str) -> None:
    """Where a record was refused at `place`: why, and for a total that differs the box by which one confirms it."""
    pressing.refusal_at(place)
    if st.session_state.get(f"differs-{place}"):
        st.checkbox(_("I have looked again: it is recorded as it was announced"), key=f"knowing-{place}")


def record(write: Callable[..., int], place: str) -> None:
    """Record scores in a callback; `write` gives how many are new. What is refused stands at `place`."""
    typed = st.session_state
    new: list[int] = []
    differs: list[bool] = []

    def knowingly(session: db.Session) -> None:
        try:
            new.append(write(session, knowing=bool(typed.get(f"knowing-{place}"))))
        except TotalDiffers:
            differs.append(True)
            raise

    if pressing.write_first(knowingly, place=place):
        tell(N_("Recorded.") if new[0] else N_("These scores stand already: nothing was recorded."))
    typed[f"differs-{place}"] = bool(differs)
