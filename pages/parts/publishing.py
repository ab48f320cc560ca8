"""Where an item is published and how it was filed in ITAP: what is recorded, and the forms of who keeps ITAP.

What was recorded wrongly is corrected by a later record: both stand in the history.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ita_core import access, thai, workflow
from ita_core.board.progress import ItemStanding, Stage
from ita_core.db import Session
from ita_core.language import N_, _
from ita_core.queries import Event, ItemDetail
from ita_core.settings import settings
from pages.parts import pressing, templates
from pages.parts.frame import Frame


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record as it stands: `what` in words, by whom and when, the address, what was explained."""

    what: str
    about: str
    address: str
    explanation: str


def publish(here: Frame, standing: ItemStanding, detail: ItemDetail) -> None:
    """What is recorded, for everybody; for the officer who keeps ITAP the form of what comes next, and corrections."""
    stage, code = standing.stage, standing.item.code
    if stage not in {Stage.approved, Stage.published, Stage.filed}:
        return
    published = detail.published if stage is not Stage.approved else None
    filed = detail.filed if stage is Stage.filed else None
    acts = access.may_publish(here.actor) and here.acts(detail.item.id)
    if not (acts or published):
        return
    st.header(_HEADINGS[stage](code), anchor=False)
    known = ((N_("Published at"), published), (N_("Filed in ITAP with the link"), filed))
    records = [_recorded(_(what), one) for what, one in known if one]
    templates.show("publishing", records=records)
    if not acts:
        return
    if stage is Stage.approved:
        st.caption(_("The commander has approved it: put it on the website, then record where it can be seen."))
        _publication(here, standing, f"record-approved-{code}", "")
        return
    assert published is not None
    if stage is Stage.published:
        st.caption(_("Enter it in ITAP with this link, then record that it is done."))
        _filing(here, standing, f"record-published-{code}", published.text, "")
    with st.expander(_("Correct what is recorded")):
        if filed:
            _filing(here, standing, f"correct-filed-{code}", filed.text, filed.explanation)
            st.caption(_("With another address on the website, the item is to be filed in ITAP anew."))
        _publication(here, standing, f"correct-published-{code}", published.text)


_HEADINGS: dict[Stage, Callable[[str], str]] = {
    Stage.approved: lambda code: _("Publish {item} on the website").format(item=code),
    Stage.published: lambda code: _("File {item} in ITAP").format(item=code),
    Stage.filed: lambda code: _("{item} on the website and in ITAP").format(item=code),
}


def _recorded(what: str, one: Event) -> Recorded:
    about = " · ".join([one.by, thai.moment_text(one.at)])
    return Recorded(what, about, one.text, one.explanation)


def _publication(here: Frame, standing: ItemStanding, form: str, address: str) -> None:
    """The key holds what it is for: what was pressed for one does not do another."""
    with st.form(form):
        st.text_input(_("Published at"), value=address, placeholder="https://", key=f"address-{form}")
        pressing.refusal_at(form)
        label = _("Record the corrected address") if address else _("Record that it is published")
        st.form_submit_button(label, key=f"publish-{form}", on_click=_record, args=(here, standing, form, False))


def _filing(here: Frame, standing: ItemStanding, form: str, address: str, explanation: str) -> None:
    with st.form(form):
        st.text_input(_("Filed in ITAP with the link"), value=address, placeholder="https://", key=f"address-{form}")
        st.text_area(_("Explanation"), value=explanation, height=100, key=f"explanation-{form}")
        pressing.refusal_at(form)
        corrects = standing.stage is Stage.filed
        label = _("Record the corrected filing") if corrects else _("Record that it is filed")
        st.form_submit_button(label, key=f"publish-{form}", on_click=_record, args=(here, standing, form, True))


def _record(here: Frame, standing: ItemStanding, form: str, files: bool) -> None:
    """Before the page is drawn again: a refusal leaves it whole, and stands beside the field."""
    typed = st.session_state

    def write(session: Session) -> None:
        act = {"by": here.actor.account_id, "item_id": standing.item.id, "at": settings().now()}
        act["url"] = typed[f"address-{form}"]
        if files:
            workflow.record_filing(session, answer=True, explanation=typed[f"explanation-{form}"], **act)
        else:
            workflow.publish(session, **act)

    pressing.write_first(write, N_("Recorded."), place=form)
