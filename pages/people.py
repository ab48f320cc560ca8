"""People, for the administrator: accounts and invitations, names to confirm, who acts for posts and teams."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import access, accounts, db, queries, workflow
from ita_core.errors import NotYours, Refused
from ita_core.language import _
from ita_core.models import PartyKind, Role
from ita_core.queries import AccountFacts, PartyFacts
from ita_core.settings import settings
from ita_core.words import ROLES
from pages.parts import frame, invitation_slips, marks, pressing
from pages.parts.frame import Frame


def account_list(here: Frame, listed: list[AccountFacts]) -> None:
    for one in listed:
        state = _("disabled") if one.disabled else _("joined") if one.joined else _("invited")
        text, action = st.columns([5, 1], vertical_alignment="center")
        itap = " · ITAP" if one.keeps_itap else ""
        name = one.name or _("(no name yet)")
        text.text(f"{name} · {one.username or '–'} · {_(ROLES[Role(one.role)])}{itap} · {state}")
        if one.id == here.actor.account_id:
            continue
        with action.popover(_("Change"), width="stretch", key=f"change-{one.id}"):
            _may_sign_in(here, one, name)


def _may_sign_in(here: Frame, one: AccountFacts, name: str) -> None:
    """Which of the two it shall be, then a button to save it: pressed twice, it says the same twice."""
    with st.form(f"account-{one.id}", border=False):
        st.text(name)
        choices = {False: _("May sign in"), True: _("Disabled")}
        # The key holds the state it was drawn for: what was chosen beside another state is not chosen any more.
        wanted = st.radio(
            _("This account"), list(choices), index=int(one.disabled), format_func=choices.__getitem__,
            key=f"disabled-{one.id}-{one.disabled}",
        )  # fmt: skip
        if st.form_submit_button(_("Save")) and wanted != one.disabled:
            change = accounts.disable if wanted else accounts.enable
            with pressing.writing(_("Changed.")) as session:
                by = accounts.account_of(session, here.visitor)
                change(session, by=by, account_id=one.id, now=datetime.now(UTC))


def names(here: Frame, officers: list[PartyFacts]) -> None:
    """The spellings that the document has for one officer: the administrator says which is right."""
    unsure = [one for one in officers if one.confirm]
    if not unsure:
        st.success(_("Every name is confirmed."))
    for one in unsure:
        with st.form(f"name-{one.id}", border=True):
            st.caption(_("Also written: {names}").format(names=", ".join(one.aliases)))
            rank, name, save = st.columns([1, 3, 1], vertical_alignment="bottom")
            new_rank = rank.text_input(_("Rank"), value=one.rank)
            new_name = name.text_input(_("Name"), value=one.name)
            if save.form_submit_button(_("Confirm this name"), key=f"confirm-{one.id}"):
                with pressing.writing(_("Changed.")) as session:
                    workflow.confirm_name(
                        session, by=here.actor.account_id, party_id=one.id, rank=new_rank, name=new_name,
                        at=settings().now(),
                    )  # fmt: skip


def groups(here: Frame, people: dict[int, PartyFacts], officers: list[PartyFacts]) -> None:
    """Posts and teams have duties; officers named here act for them."""
    labels = {one.id: one.full for one in officers}
    for one in people.values():
        if one.kind is not PartyKind.officer:
            with st.form(f"group-{one.id}"):
                chosen = st.multiselect(
                    one.name, list(labels), default=list(one.members), format_func=labels.__getitem__,
                    placeholder=_("Nobody yet"), select_all=False,
                )  # fmt: skip
                if st.form_submit_button(_("Save"), key=f"members-{one.id}"):
                    with pressing.writing(_("Changed.")) as session:
                        workflow.set_members(
                            session, by=here.actor.account_id, group_id=one.id, officer_ids=chosen, at=settings().now()
                        )


def draw(here: Frame) -> None:
    if not access.may_administer(here.actor):
        raise NotYours
    with db.reading() as session:
        people = queries.get_history(session, here.assessment.id).now.parties
        listed = queries.list_accounts(session, here.assessment.office_id)
    officers = [one for one in people.values() if one.kind is PartyKind.officer]
    unsure = sum(one.confirm for one in officers)
    titles = [_("Accounts"), _("Names to confirm ({number})").format(number=unsure), _("Posts and teams")]
    accounts_tab, names_tab, groups_tab = st.tabs(titles)
    with accounts_tab:
        invitation_slips.invitations(
            here, officers, {one.person_id: one for one in listed if one.person_id is not None}
        )
        account_list(here, listed)
    with names_tab:
        names(here, officers)
    with groups_tab:
        groups(here, people, officers)


here = frame.frame()
frame.heading(here, _("People"))
try:
    draw(here)
except Refused as refused:
    st.error(marks.plain(str(refused)))
