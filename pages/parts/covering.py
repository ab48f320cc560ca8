"""What a piece of evidence covers: the choices, what is ticked in them and why, and what stands there already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from ita_core import thai, words
from ita_core.board.progress import ItemStanding, SlotKey, SlotStanding, State
from ita_core.errors import StillToChoose
from ita_core.evidence.suggest import Guess
from ita_core.language import _
from ita_core.words import language_word
from pages.parts import marks

T = TypeVar("T")
NAMED = 4  # slots named in a sentence before "and … more"


@dataclass(frozen=True, slots=True)
class Covering:
    """What was ticked for one evidence."""

    slots: list[SlotKey]
    note: str
    lacks: str = ""  # what is still to choose before it covers anything, where something is chosen


def ask(
    standing: ItemStanding, key: str, ticked: Sequence[SlotKey], fmt: str = "", *, nil: bool = False, note: str = "",
    on_change: Callable[[], None] | None = None,
) -> Covering:  # fmt: skip
    """Tick what an evidence covers: months, subjects, languages, numbers, each only where the item has them.

    `ticked` and `note` are what stands there at first; `on_change` is called when either was changed.
    """
    fitting = _fitting(standing, fmt, nil=nil)
    if not fitting:
        st.warning(_("This item wants no file of this kind."))
        return Covering([], "")
    titles = {one.slot.key.requirement_id: one.slot.requirement.title for one in fitting}
    months = {one.slot.key.period: thai.period_text(one.slot.key.period) for one in fitting if one.slot.key.period}
    tongues = {one.slot.key.language: language_word(one.slot.key.language) for one in fitting if one.slot.key.language}
    counted = {one.slot.key.ordinal: str(one.slot.key.ordinal) for one in fitting if one.slot.requirement.minimum > 1}
    # What is no choice is ticked beside what is one; where nothing is, one tick says what this covers.
    sure = any(len(options) > 1 for options in (titles, months, tongues, counted))

    def pills(axis: str, label: str, field: str, options: dict[Any, str]) -> None:
        said = {value: _with_accepted(text, _of(fitting, field, value)) for value, text in options.items()}
        _pills(label, said, [getattr(one, field) for one in ticked], f"{key}-{axis}", sure=sure, on_change=on_change)

    with st.container(key=f"covers-{key}"):
        pills("what", _("Covers"), "requirement_id", titles)
        pills("month", _("Month"), "period", months)
        pills("language", _("Language"), "language", tongues)
        pills("number", _("Which of them"), "ordinal", counted)
    label = _("A word to the supervisor (if needed)")
    # Kept while the cursor is still in it: after Back or a reload it is there.
    st.text_input(label, value=note, key=f"{key}-note", on_change=on_change, live="1s" if on_change else False)
    return ticked_now(standing, key, fmt, nil=nil)


def ticked_now(standing: ItemStanding, key: str, fmt: str = "", *, nil: bool = False) -> Covering:
    """What stands in the form of this key."""
    state = st.session_state
    chosen, periods, languages, numbers = (
        state.get(f"{key}-{axis}") or () for axis in ("what", "month", "language", "number")
    )
    slots = [one.slot for one in _fitting(standing, fmt, nil=nil)]
    covered = [
        slot.key
        for slot in slots
        if slot.key.requirement_id in chosen
        and (not slot.key.period or slot.key.period in periods)
        and (not slot.key.language or slot.key.language in languages)
        and (slot.requirement.minimum == 1 or slot.key.ordinal in numbers)
    ]
    about = [slot for slot in slots if slot.key.requirement_id in chosen]
    asked = (
        (_("what this covers"), not chosen and (periods or languages or numbers)),
        (_("Month"), not periods and any(slot.key.period for slot in about)),
        (_("Language"), not languages and any(slot.key.language for slot in about)),
        (_("Which of them"), not numbers and any(slot.requirement.minimum > 1 for slot in about)),
    )
    lacks = "" if covered else ", ".join(label for label, lacking in asked if lacking)
    return Covering(covered, state.get(f"{key}-note", ""), lacks)


def why(standing: ItemStanding, covering: Covering, guess: Guess, ticks: Sequence[SlotKey] | None) -> str:
    """By what in the name something is ticked, as long as that is a guess; or where nothing is ticked, what to do."""
    if not covering.slots:
        return str(StillToChoose(what=covering.lacks)) if covering.lacks else _("Tick what this covers.")
    if ticks is not None:
        return _("Ticked: {slots}").format(slots=_named(standing, covering.slots))
    if set(covering.slots) != set(guess.keys):
        return ""
    read = [*map(thai.period_text, guess.months), *map(language_word, guess.languages)]
    read += [f"“{word}”" for word in guess.words]
    return _("A guess by the file’s name ({read}): check it before you hand in.").format(read=", ".join(read))


def replaces(standing: ItemStanding, covering: Covering) -> list[str]:
    """What stands already where something is ticked: accepted, or waiting for review."""
    said = []
    for state, text in (
        (State.accepted, _("Accepted already: {slots}. What you hand in replaces it once it is accepted.")),
        (State.waiting, _("Waits for review already: {slots}. What you hand in now comes in its place.")),
    ):
        found = [one.slot.key for one in standing.slots if one.state is state and one.slot.key in covering.slots]
        if found:
            said.append(text.format(slots=_named(standing, found)))
    return said


def _named(standing: ItemStanding, keys: Sequence[SlotKey]) -> str:
    labels = [words.slot_label(one.slot) for one in standing.slots if one.slot.key in keys]
    more = [marks.more(len(labels) - NAMED)] if len(labels) > NAMED else []
    return "; ".join(labels[:NAMED] + more)


def _fitting(standing: ItemStanding, fmt: str, *, nil: bool) -> list[SlotStanding]:
    return [
        one
        for one in standing.slots
        if (not fmt or one.slot.key.format in {"", fmt}) and (not nil or one.slot.requirement.nil_allowed)
    ]


def _of(fitting: Sequence[SlotStanding], field: str, value: object) -> list[SlotStanding]:
    return [one for one in fitting if getattr(one.slot.key, field) == value]


def _with_accepted(text: str, slots: Sequence[SlotStanding]) -> str:
    """An option, and how much of it is accepted already."""
    accepted = sum(one.state is State.accepted for one in slots)
    if not accepted:
        return marks.plain(text)
    said = _("accepted") if accepted == len(slots) else f"{accepted}/{len(slots)}"
    return f"{marks.plain(text)} · ✓ {said}"


def _pills(
    label: str, options: dict[T, str], ticked: list[T], key: str, *, sure: bool, on_change: Callable[[], None] | None
) -> None:
    if not options:
        return
    default = list(options) if sure and len(options) == 1 else [one for one in options if one in ticked]
    st.pills(
        label, list(options), selection_mode="multi", default=default, format_func=options.__getitem__, key=key,
        wrap=True, width="stretch", on_change=on_change or "rerun",
    )  # fmt: skip
