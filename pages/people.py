"""People, for the administrator: accounts and invitations, names to confirm, who acts for posts and teams."""

import streamlit as st

from ita_core import access, accounts, db, queries, workflow
from ita_core.errors import NotYours, Refused
from ita_core.language import _
from ita_core.models import PartyKind
from ita_core.queries import PartyFacts
from ita_core.settings import settings
from pages.parts import (
    empty,
    frame,
    invitation_slips,
    marks,
    people_accounts,
    people_channels,
    people_names,
    people_second_steps,
    pressing,
)
from pages.parts.frame import Frame


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
        demanded = accounts.demanding_roles(session, here.assessment.office_id)
    officers = [one for one in people.values() if one.kind is PartyKind.officer]
    people_channels.draw(listed)
    # Titles that stay as they are: with a number in it, a tab that was pressed in is another one, and the first opens.
    accounts_tab, step_tab, names_tab, groups_tab = st.tabs(
        [_("Accounts"), _("Second step"), _("Names to confirm"), _("Posts and teams")]
    )
    with accounts_tab:
        invitation_slips.invitations(
            here, officers, {one.person_id: one for one in listed if one.person_id is not None}
        )
        people_accounts.outsider(here)
        people_accounts.every(here, listed)
    with step_tab:
        people_second_steps.roles(here, listed, demanded)
    with names_tab:
        people_names.names(here, officers)
    with groups_tab:
        if len(officers) == len(people):
            empty.draw(empty.no_groups(here))
        groups(here, people, officers)


here = frame.frame()
frame.heading(here, _("People"))
try:
    draw(here)
except Refused as refused:
    st.error(marks.plain(str(refused)))
    if not access.may_administer(here.actor):
        empty.draw(empty.not_administered_by_them())
