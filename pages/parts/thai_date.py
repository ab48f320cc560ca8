"""Days that people type: in Thai as they write them, of the Buddhist era; in English by the calendar of the browser.

Streamlit's own field shows the year of the Christian era in every language, so in Thai it is a field of text: it needs
no pointer, and passes on a phone. The day is what `typed.clean_typed_day` understands, and is said where it was
written in another way.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import streamlit as st

from ita_core import language, thai
from ita_core.errors import BadDay, Refused
from ita_core.language import N_
from ita_core.typed import clean_typed_day
from pages.parts import marks

EXAMPLES = "28 ก.พ. 68, 28/2/68, 28/2/2568"  # data of a Thai calendar, so no text to translate


class OtherDay(BadDay):
    says = N_("{day} is none of the days that can be chosen here: {first} to {last}.")


def in_text() -> bool:
    """Whether days are typed as text here: in Thai."""
    return language.current() == "th"


def field(
    label: str,
    value: date,
    *,
    key: str,
    first: date | None = None,
    last: date | None = None,
    persist: Literal["session"] | None = None,
) -> date | None:
    """The field with the day that is typed into it; None, and why beside the field, where it is none to choose."""
    bounds = {"min_value": first} if first else {}
    bounds |= {"max_value": last} if last else {}
    kept: dict[str, Any] = {"persist_state": persist} if persist else {}
    if not in_text():
        st.session_state.setdefault(key, value)
        chosen = st.date_input(label, format="DD/MM/YYYY", key=key, **bounds, **kept)
        return chosen if isinstance(chosen, date) else None
    st.session_state.setdefault(_text(key), thai.date_text(value))
    text = st.text_input(label, key=_text(key), placeholder=EXAMPLES, **kept)
    try:
        day = within(clean_typed_day(text), first, last)
    except Refused as refused:
        st.error(marks.plain(str(refused)))
        return None
    if text.strip() != thai.date_text(day):
        st.caption("= " + thai.long_date_text(day))
    return day


def typed(key: str) -> date:
    """What stands in a field now, for a press that comes before the page is drawn.

    Raises BadDay.
    """
    state = st.session_state
    return clean_typed_day(state[_text(key)]) if _text(key) in state and in_text() else state[key]


def _text(key: str) -> str:
    """The field of text is another one than that of the calendar: the language may change between them."""
    return f"{key}-text"


def within(day: date, first: date | None, last: date | None) -> date:
    """The day itself.

    Raises OtherDay where it is not among these.
    """
    if (first and day < first) or (last and day > last):
        raise OtherDay(day=thai.date_text(day), first=thai.date_text(first), last=thai.date_text(last) or "…")
    return day


# --- columns of tables -----------------------------------------------------------------------------------------------


def column(label: str, first: date, last: date) -> Any:
    """A column of days in a table that is edited."""
    if in_text():
        return st.column_config.TextColumn(label, required=True, help=EXAMPLES)
    return st.column_config.DateColumn(label, min_value=first, max_value=last, required=True, format="DD/MM/YYYY")


def cells(days: Sequence[date]) -> list[Any]:
    """What stands in such a column at first."""
    return [thai.date_text(day) for day in days] if in_text() else list(days)


def read(cell: Any, first: date, last: date) -> date:
    """The day in a cell of such a column.

    Raises BadDay.
    """
    if isinstance(cell, str) and in_text():
        return within(clean_typed_day(cell), first, last)
    return date.fromisoformat(str(cell)[:10])
