"""Items in the plan: their words and requirements, those of the framework and the office's own measures."""

from typing import Any, get_args

import pandas as pd
import streamlit as st

from ita_core import thai, words
from ita_core.days import fiscal_months
from ita_core.language import N_, _
from ita_core.models import Cadence, ItemKind
from ita_core.plan import editing
from ita_core.plan.editing import Demand, Whose
from ita_core.plan.shape import Format, Language
from ita_core.typed import LONGEST_NAME, LONGEST_NOTE, clean_text
from pages.parts import marks, pressing
from pages.parts.plan_desk import Desk, chosen, fresh

WHOSE = {
    Whose.framework: N_("as in the framework"),
    Whose.changed: N_("differs from the framework"),
    Whose.own: N_("the office's own"),
    Whose.dropped: N_("not demanded here"),
}
NEW = ""  # what is chosen to add one
PROOF = {"note": "", "cadence": "continuous", "periods": [], "languages": [], "minimum": 1, "nil_allowed": False}


def draw(desk: Desk) -> None:
    """One item at a time, or a new measure."""
    departs = desk.content["plan"]["items"]
    names = {NEW: _("a new measure of the office")} | {
        code: f"{code} {title}" + (f" · {_(WHOSE[Whose.changed])}" if code in departs else "")
        for code, title in editing.titles_of(desk.content).items()
    }
    code = chosen(_("Item or measure"), names, "plan-item", first=1)
    if code == NEW:
        _new_measure(desk)
        return
    if code in departs:
        _departs(desk, code)
    _words(desk, code)
    _requirements(desk, code)
    if code in desk.plan.measures:
        _take_out(desk, code)


def _departs(desk: Desk, code: str) -> None:
    """The office has something of its own on an item of the framework; one press takes the framework's back."""
    told, press = st.columns([3, 1], vertical_alignment="center")
    told.info(_("This item differs from the framework: what differs is marked as the office's own."))
    if press.button(_("Take the framework's back"), icon=":material/undo:", width="stretch", key=f"framework-{code}"):
        desk.edit(lambda draft: editing.take_framework_back(draft, code))


def _words(desk: Desk, code: str) -> None:
    title, demand = editing.words_of(desk.content, code)
    with st.form(f"words-{code}"):
        typed_title = st.text_input(_("Title"), value=title, key=fresh(f"words-title-{code}", title))
        typed = st.text_area(_("What is demanded"), value=demand, height=132, key=fresh(f"words-demand-{code}", demand))
        item = desk.content["framework"]["items"].get(code)
        if item and (title, demand) != (item["title"], item["demand"]):
            with st.expander(_("The framework's own words")):
                st.text(f"{item['title']}\n\n{item['demand']}")
        if st.form_submit_button(_("Keep these words"), type="primary"):
            with pressing.refusals_here():
                told = {"title": clean_text(typed_title, LONGEST_NOTE), "demand": clean_text(typed, LONGEST_NOTE)}
                desk.edit(lambda draft: editing.set_words(draft, code, **told))


def _requirements(desk: Desk, code: str) -> None:
    """All of them as a table; below it one to change, or a new one."""
    demands = editing.demands_of(desk.content, code)
    st.header(_("What it must show"), anchor=False)
    st.dataframe(pd.DataFrame([_row(one) for one in demands]), hide_index=True, width="stretch")
    names = {one.key: f"{one.values['title']} · {_(WHOSE[one.whose])}" for one in demands}
    names[NEW] = _("one more requirement")
    key = chosen(_("Which requirement"), names, f"requirement-of-{code}")
    one = next((demand for demand in demands if demand.key == key), None)
    cadence = desk.content["framework"]["items"].get(code, PROOF)["cadence"]
    _requirement(desk, code, one, PROOF | {"title": "", "formats": [], "cadence": cadence})
    if one:
        _other_presses(desk, code, one)


def _row(one: Demand) -> dict[str, str]:
    values = one.values
    return {
        _("Requirement"): values["title"],
        _("Cadence"): _(words.CADENCES[Cadence(values["cadence"])]),
        _("Months"): ", ".join(map(thai.period_text, values["periods"])),
        _("Format"): ", ".join(map(words.format_word, values["formats"])),
        _("Language"): ", ".join(map(words.language_word, values["languages"])),
        _("At least"): str(values["minimum"]),
        _("“Nothing to report” counts"): _(words.ANSWERS[values["nil_allowed"]]),
        _("Whose"): _(WHOSE[one.whose]),
    }


def _requirement(desk: Desk, code: str, one: Demand | None, blank: dict[str, Any]) -> None:
    values = one.values if one else blank
    place = fresh(f"{code}-{one.key if one else 'new'}", str(values))
    with st.form(f"requirement-{place}"):
        title = st.text_input(_("Requirement"), value=values["title"], key=f"title-{place}")
        note = st.text_area(_("Note"), value=values["note"], height=68, key=f"note-{place}")
        by, least, nil = st.columns([2, 1, 2], vertical_alignment="bottom")
        cadences = {one.value: _(words.CADENCES[one]) for one in Cadence}
        cadence = by.selectbox(
            _("Cadence"), list(cadences), index=list(cadences).index(values["cadence"]), key=f"cadence-{place}",
            format_func=cadences.__getitem__,
        )  # fmt: skip
        minimum = least.number_input(_("At least"), 1, 100, value=values["minimum"], key=f"minimum-{place}")
        nil_allowed = nil.checkbox(_("“Nothing to report” counts"), value=values["nil_allowed"], key=f"nil-{place}")
        months = {month: thai.period_text(month) for month in fiscal_months(desk.plan.fiscal_year)}
        periods = st.multiselect(
            _("Months, of a monthly one"), list(months), default=values["periods"], format_func=months.__getitem__,
            key=f"periods-{place}", placeholder=_("Choose"),
        )  # fmt: skip
        left, right = st.columns(2)
        known, spoken = _formats(), {code: words.language_word(code) for code in get_args(Language)}
        formats = left.multiselect(
            _("Formats, each a file of its own"), list(known), default=values["formats"],
            format_func=known.__getitem__, key=f"formats-{place}", placeholder=_("any format"),
        )  # fmt: skip
        languages = right.multiselect(
            _("Languages, each a file of its own"), list(spoken), default=values["languages"],
            format_func=spoken.__getitem__, key=f"languages-{place}", placeholder=_("any language"),
        )  # fmt: skip
        if st.form_submit_button(_("Keep this requirement"), type="primary"):
            with pressing.refusals_here():
                told = {
                    "title": clean_text(title, LONGEST_NOTE), "note": clean_text(note, LONGEST_NOTE),
                    "cadence": cadence, "periods": sorted(periods) if cadence == Cadence.monthly.value else [],
                    "formats": formats, "languages": languages, "minimum": int(minimum), "nil_allowed": nil_allowed,
                }  # fmt: skip
                _keep(desk, code, one, told)


def _keep(desk: Desk, code: str, one: Demand | None, told: dict[str, Any]) -> None:
    if one:
        desk.edit(lambda draft: editing.set_requirement(draft, code, one.key, told))
    else:
        ever = desk.requirement_keys(code)
        desk.edit(lambda draft: editing.add_requirement(draft, code, told, ever=ever))


def _other_presses(desk: Desk, code: str, one: Demand) -> None:
    """Taking the framework's words back; no longer demanding it, which asks first."""
    if one.whose in {Whose.changed, Whose.dropped}:
        text = _("Take the framework's words of it back")
        if st.button(text, icon=":material/undo:", key=f"back-{code}-{one.key}"):
            desk.edit(lambda draft: editing.take_framework_back(draft, code, one.key))
    if one.whose is not Whose.dropped:
        with st.popover(_("Demand it no more"), icon=":material/delete:", key=f"out-{code}-{one.key}"):
            st.text(_("What was handed in for it stays, and counts again where it comes back."))
            if st.button(_("Yes, demand it no more"), key=f"take-out-{code}-{one.key}"):
                desk.edit(lambda draft: editing.take_out_requirement(draft, code, one.key))


def _take_out(desk: Desk, code: str) -> None:
    with st.popover(_("Take measure {code} out").format(code=marks.plain(code)), icon=":material/delete:"):
        st.text(_("The plan names it no more. Its work stays, and counts again where the measure comes back."))
        if st.button(_("Yes, take it out"), key=f"take-out-{code}"):
            desk.edit(lambda draft: editing.take_out_measure(draft, code))


def _new_measure(desk: Desk) -> None:
    kinds = {kind: _(words.KINDS[kind]) for kind in ItemKind if kind is not ItemKind.oit}
    instruments = {"": _("none of them")} | {code: code for code in desk.content["framework"]["instruments"]}
    known = _formats()
    with st.form("new-measure"):
        left, right = st.columns(2)
        kind = left.selectbox(_("Kind"), list(kinds), format_func=kinds.__getitem__, key="measure-kind")
        instrument = right.selectbox(
            _("Serves"), list(instruments), format_func=instruments.__getitem__, key="measure-instrument"
        )
        title = st.text_input(_("Title"), key="measure-title")
        demand = st.text_area(_("What is demanded"), height=100, key="measure-demand")
        shows = st.text_input(_("What shows that it was done"), key="measure-shows")
        formats = st.multiselect(
            _("Formats, each a file of its own"), list(known), format_func=known.__getitem__,
            key="measure-formats", placeholder=_("any format"),
        )  # fmt: skip
        if st.form_submit_button(_("Add the measure"), type="primary"):
            with pressing.refusals_here():
                first = PROOF | {"title": clean_text(shows, LONGEST_NAME), "formats": formats}
                told = {"title": clean_text(title, LONGEST_NOTE), "demand": clean_text(demand, LONGEST_NOTE)}
                ever = desk.measure_codes
                desk.edit(
                    lambda draft: editing.add_measure(
                        draft, kind=kind, instrument=instrument or None, first=first, ever=ever, **told
                    )
                )


def _formats() -> dict[str, str]:
    return {code: words.format_word(code) for code in get_args(Format)}
