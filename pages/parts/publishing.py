"""Where an item is published and how it was filed in ITAP: what is recorded, and the forms of who keeps ITAP.

What was recorded wrongly is corrected by a later record: both stand in the history.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ita_core import access, thai, workflow
from ita_core.board.links import addresses, not_opening
from ita_core.board.progress import ItemStanding, Stage
from ita_core.db import Session
from ita_core.errors import Refused
from ita_core.language import N_, _
from ita_core.queries import Event, ItemDetail
from ita_core.settings import settings
from ita_core.typed import clean_addresses
from pages.parts import link_checks, marks, pressing, templates
from pages.parts.frame import Frame


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record as it stands: `what` in words, by whom and when, the addresses, what was explained."""

    what: str
    about: str
    addresses: tuple[str, ...]
    explanation: str


def publish(here: Frame, standing: ItemStanding, detail: ItemDetail) -> None:
    """What is recorded, for everybody; for the officer who keeps ITAP the form of what comes next, and corrections."""
    stage, code = standing.stage, standing.item.code
    if standing.reopened and detail.published:  # what was published stays on the website meanwhile
        before = _recorded(_("Published before it was sent back"), detail.published)
        templates.show("publishing", records=[before])
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
    if published:
        link_checks.draw(here, detail.item.id)
    if not acts:
        return
    if stage is Stage.approved:
        record_address(here, standing, detail)
        return
    assert published is not None
    if stage is Stage.published:
        st.caption(_("Enter it in ITAP with this link, then record that it is done."))
        templates.show("itap_way", code=code, text=_("The sheet to copy from"))
        _filing(here, standing, f"record-published-{code}", published.text, "")
    with st.expander(_("Correct what is recorded")):
        if filed:
            _filing(here, standing, f"correct-filed-{code}", filed.text, filed.explanation)
            st.caption(_("With another address on the website, the item is to be filed in ITAP anew."))
        _publication(here, standing, f"correct-published-{code}", published.text)
        for address in addresses(published.text):
            _taking_off(here, standing, address)


def record_address(here: Frame, standing: ItemStanding, detail: ItemDetail) -> None:
    """For the officer who keeps ITAP the form by which an approved item is recorded as published."""
    if access.may_publish(here.actor) and here.acts(detail.item.id):
        st.caption(_("The commander has approved it: put it on the website, then record where it can be seen."))
        known = detail.published.text if detail.published else ""
        _publication(here, standing, f"record-approved-{standing.item.code}", known)


def mark_as_filed(here: Frame, standing: ItemStanding, detail: ItemDetail, *, explanation: str) -> None:
    """For the officer who keeps ITAP the form by which a published item is recorded as filed, or corrected.

    It begins with the address that it is published at and this explanation.
    """
    published, code = detail.published, standing.item.code
    if not (access.may_publish(here.actor) and here.acts(detail.item.id)) or published is None:
        return
    if standing.stage is Stage.published:
        st.subheader(_("Entered in ITAP?"), anchor=False)
        _filing(here, standing, f"record-published-{code}", published.text, explanation)
    elif detail.filed:
        with st.expander(_("Correct what is recorded")):
            _filing(here, standing, f"correct-filed-{code}", detail.filed.text, detail.filed.explanation)


_HEADINGS: dict[Stage, Callable[[str], str]] = {
    Stage.approved: lambda code: _("Publish {item} on the website").format(item=code),
    Stage.published: lambda code: _("File {item} in ITAP").format(item=code),
    Stage.filed: lambda code: _("{item} on the website and in ITAP").format(item=code),
}


def _recorded(what: str, one: Event) -> Recorded:
    about = " · ".join([one.by, thai.moment_text(one.at)])
    return Recorded(what, about, tuple(addresses(one.text)), one.explanation)


def _publication(here: Frame, standing: ItemStanding, form: str, address: str) -> None:
    """The key holds what it is for: what was pressed for one does not do another."""
    with st.form(form):
        _typed(_("Published at, one address a line"), form, address)
        pressing.refusal_at(form)
        corrects = standing.stage is not Stage.approved
        label = _("Record the corrected address") if corrects else _("Record that it is published")
        st.form_submit_button(
            label, key=f"publish-{form}", on_click=_record, args=(here, standing, form, address, False)
        )


def _filing(here: Frame, standing: ItemStanding, form: str, address: str, explanation: str) -> None:
    with st.form(form):
        typed = _typed(_("Filed in ITAP with the link, one a line"), form, address)
        st.text_area(_("Explanation"), value=explanation, height="content", key=f"explanation-{form}")
        _links_as_checked(here, standing.item.id, form, typed)
        pressing.refusal_at(form)
        corrects = standing.stage is Stage.filed
        label = _("Record the corrected filing") if corrects else _("Record that it is filed")
        st.form_submit_button(
            label, key=f"publish-{form}", on_click=_record, args=(here, standing, form, address, True)
        )


def _typed(label: str, form: str, address: str) -> str:
    """What stands in the field as of the last press."""
    return st.text_area(label, value=address, placeholder="https://", height="content", key=_field(form, address))


def _links_as_checked(here: Frame, item_id: int, form: str, typed: str) -> None:
    """Before it is recorded as filed: which links nobody checked, and which do not open, and that one knows it.

    Of those that are typed, as the record is refused for those alone.
    """
    try:
        urls = clean_addresses(typed)
    except Refused:
        return  # as the record will be
    found = [link for link in link_checks.of_item(here, item_id) if link.url in urls]
    for link in found:
        if link.last is None:
            st.info(marks.plain(_("{address} has not been checked yet: check it first.").format(address=link.url)))
    broken = not_opening(found, urls)
    for link in broken:
        said = _("{address} does not open: {why}. The assessor would see nothing.")
        why = " · ".join(link_checks.words(link.last)) if link.last else ""
        st.warning(marks.plain(said.format(address=link.url, why=why)))
    if broken:
        st.checkbox(_("I know that the link does not open, and record it all the same"), key=f"knowing-{form}")


def _taking_off(here: Frame, standing: ItemStanding, address: str) -> None:
    """The press by which an address is no longer published; its key holds which one."""
    key = f"take-off-{standing.item.code}-{address}"
    label = marks.plain(_("No longer on the website: {address}").format(address=address))
    st.button(label, key=key, on_click=_take_off, args=(here, standing, address, key))
    pressing.refusal_at(key)


def _take_off(here: Frame, standing: ItemStanding, address: str, key: str) -> None:
    def write(session: Session) -> None:
        workflow.take_off(
            session, by=here.actor.account_id, item_id=standing.item.id, url=address, at=settings().now()
        )  # fmt: skip

    pressing.write_first(write, N_("Recorded: it is no longer published there."), place=key)


def _field(form: str, address: str) -> str:
    """The key holds what the field begins with: once that is corrected, the field begins anew with what is right."""
    return f"address-{form}-{address}"


def _record(here: Frame, standing: ItemStanding, form: str, address: str, files: bool) -> None:
    """Before the page is drawn again: a refusal leaves it whole, and stands beside the field."""
    typed = st.session_state

    def write(session: Session) -> None:
        act = {"by": here.actor.account_id, "item_id": standing.item.id, "at": settings().now()}
        act |= {"url": typed[_field(form, address)], "seen": address}
        if files:
            act |= {"explanation": typed[f"explanation-{form}"], "knowing": typed.get(f"knowing-{form}", False)}
            workflow.record_filing(session, answer=True, **act)
        else:
            workflow.publish(session, **act)

    pressing.write_first(write, N_("Recorded."), place=form)
