"""The second step at sign-in, for the administrator: of whom it is demanded, and who has it."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts
from ita_core.language import _
from ita_core.models import Role
from ita_core.queries import AccountFacts
from ita_core.words import ROLES
from pages.parts import pressing, templates
from pages.parts.frame import Frame


def _has(one: AccountFacts) -> bool:
    """Nothing more is asked of whoever came in by a provider that asks for a second step itself."""
    return one.second_factor or one.second_elsewhere


def roles(here: Frame, listed: list[AccountFacts], demanded: frozenset[Role]) -> None:
    """A box for each role, and of each how many have it; below, who lacks it."""
    st.header(_("Which roles must have a second step"), anchor=False)
    st.caption(
        _(
            "Whoever's role is ticked and has no second step yet is led to set it up at their next action; nothing "
            "else is shown to them before."
        )
    )
    # Said before anything is ticked: whoever lacks one themselves is refused (accounts.OwnFactorFirst).
    if not any(one.id == here.visitor.account_id and one.second_factor for one in listed):
        templates.show("own_second_step_first", says=str(accounts.OwnFactorFirst()))
    # Whoever has a name at the provider gets in without having joined.
    open_ = [one for one in listed if not one.disabled and (one.joined or one.provider_name)]
    drawn_for = "-".join(sorted(role.value for role in demanded))
    with st.form("demand-second-step"):
        ticked = set()
        for role, word in ROLES.items():
            of_role = [one for one in open_ if one.role == role.value]
            have = sum(_has(one) for one in of_role)
            label = _("{role} ({have} of {all} have it)").format(role=_(word), have=have, all=len(of_role))
            # The key holds what it was drawn for: what was ticked beside another state is not ticked any more.
            if st.checkbox(label, value=role in demanded, key=f"demand-{role.value}-{drawn_for}"):
                ticked.add(role)
        if st.form_submit_button(_("Save"), key="demand-save"):
            with pressing.writing(_("Changed.")) as session:
                accounts.demand(
                    session, by=accounts.account_of(session, here.visitor), office_id=here.assessment.office_id,
                    roles=frozenset(ticked), now=datetime.now(UTC),
                )  # fmt: skip
    lack = [one for one in open_ if not _has(one)]
    lack.sort(key=lambda one: Role(one.role) not in demanded)  # who must comes first; else as they were
    templates.show(
        "lacking_second_step",
        lacking=[(one.name, _(ROLES[Role(one.role)]), Role(one.role) in demanded) for one in lack],
    )
