"""Names of officers: which spelling of the document is right, and what is corrected later."""

import streamlit as st

from ita_core import workflow
from ita_core.language import _
from ita_core.queries import PartyFacts
from ita_core.settings import settings
from pages.parts import marks, pressing
from pages.parts.frame import Frame

ASKED = "names-asked"


def names(here: Frame, officers: list[PartyFacts]) -> None:
    """The spellings that the document has for one officer: the administrator says which is right.

    One that was confirmed stays where it was, so that the next is where one looks, and can be confirmed anew.
    """
    unsure = [one.id for one in officers if one.confirm]
    asked: list[int] = st.session_state.setdefault(ASKED, [])
    asked += [one for one in unsure if one not in asked]
    if unsure:
        st.caption(_("{number} names are still to be confirmed.").format(number=len(unsure)))
    else:
        st.success(_("Every name is confirmed."))
    known = {one.id: one for one in officers}
    for number in asked:
        if number in known:
            _name(here, known[number], just_done=not known[number].confirm)
    others = {one.id: one.full for one in officers if one.id not in asked}
    st.subheader(_("Correct another name"), anchor=False)
    chosen = st.selectbox(
        _("Officer"), list(others), index=None, format_func=others.__getitem__, placeholder=_("Choose"),
        key="name-corrected",
    )  # fmt: skip
    if chosen:
        _name(here, known[chosen], just_done=False)


def _name(here: Frame, one: PartyFacts, *, just_done: bool) -> None:
    with st.form(f"name-{one.id}", border=True):
        said = [marks.plain(_("Also written: {names}").format(names=", ".join(one.aliases)))] if one.aliases else []
        if just_done:
            said = [_("✓ Confirmed: it can be corrected here"), *said]
        st.caption(" · ".join(said) or _("The document writes this name in one way."))
        rank, name, save = st.columns([1, 3, 1], vertical_alignment="bottom")
        new_rank = rank.text_input(_("Rank"), value=one.rank, key=f"name-rank-{one.id}")
        new_name = name.text_input(_("Name"), value=one.name, key=f"name-name-{one.id}")
        if save.form_submit_button(_("Confirm this name"), key=f"confirm-{one.id}"):
            with pressing.writing(_("Changed.")) as session:
                workflow.confirm_name(
                    session, by=here.actor.account_id, party_id=one.id, rank=new_rank, name=new_name,
                    at=settings().now(),
                )  # fmt: skip
