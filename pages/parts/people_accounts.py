"""The accounts of an office: the role of each, whether it may sign in, a link for a new password; and new ones."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.language import _
from ita_core.models import Role
from ita_core.queries import AccountFacts
from ita_core.words import ROLES
from pages.parts import account_ways, invitation_slips, pressing
from pages.parts.frame import Frame

OUTSIDER = "outsider"  # the place of a slip for somebody outside the plan


def every(here: Frame, listed: list[AccountFacts]) -> None:
    """A line for each account with what may be changed of it; nobody changes their own here."""
    with db.reading() as session:
        addresses = accounts.list_addresses(session)
    for one in listed:
        state = _("disabled") if one.disabled else _("joined") if one.joined else _("invited")
        text, action = st.columns([5, 1], vertical_alignment="center")
        itap = " · ITAP" if one.keeps_itap else ""
        name = one.name or _("(no name yet)")
        step = " · " + _("second step") if one.second_factor or one.second_elsewhere else ""
        text.text(f"{name} · {one.username or '–'} · {_(ROLES[Role(one.role)])}{itap} · {state}{step}")
        if one.id == here.actor.account_id:
            with action:
                account_ways.of_ones_own(here, one)
            continue
        # It closes where a slip was made: it would hang over it.
        made = st.session_state.get("slips-made", 0) if st.session_state.get("slips-at") == f"account-{one.id}" else 0
        with action.popover(_("Change"), width="stretch", key=f"change-{one.id}-{made}"):
            st.text(name)
            _role(here, one)
            _slip(here, one, name)
            account_ways.draw(here, one, [address for address in addresses if address.account_id == one.id])
            _may_sign_in(here, one)
            _second_step(here, one)
        invitation_slips.slips_at(f"account-{one.id}")


def _role(here: Frame, one: AccountFacts) -> None:
    # The keys hold what they were drawn for: what was chosen beside another role is not chosen any more.
    drawn_for = f"{one.id}-{one.role}-{one.keeps_itap}"
    with st.form(f"role-{one.id}", border=False):
        roles = {role: _(word) for role, word in ROLES.items()}
        role = st.selectbox(
            _("Role"), list(roles), index=list(roles).index(Role(one.role)), format_func=roles.__getitem__,
            key=f"role-is-{drawn_for}",
        )  # fmt: skip
        keeps_itap = st.checkbox(
            _("Enters the items in ITAP (publishes and files)"), value=one.keeps_itap, key=f"role-itap-{drawn_for}"
        )
        if st.form_submit_button(_("Save the role"), key=f"role-save-{one.id}"):
            with pressing.writing(_("Changed.")) as session:
                accounts.change_role(
                    session, by=accounts.account_of(session, here.visitor), account_id=one.id,
                    office_id=here.assessment.office_id, role=role, keeps_itap=keeps_itap, now=datetime.now(UTC),
                )  # fmt: skip


def _slip(here: Frame, one: AccountFacts, name: str) -> None:
    """A new link for whoever lost the first one, or forgot the password."""
    text = _("Make a slip for a new password") if one.joined else _("Make a new invitation slip")
    # Of a disabled account it is greyed, not gone: what stands below it would move under the pointer.
    if st.button(text, icon=":material/mail:", key=f"slip-{one.id}", disabled=one.disabled):
        with pressing.refusals_here():
            with db.writing() as session:
                by = accounts.account_of(session, here.visitor)
                token = accounts.invite(session, by=by, account_id=one.id, now=datetime.now(UTC))
            invitation_slips.keep(f"account-{one.id}", [(name, one.username, token)])
            st.rerun()


def _may_sign_in(here: Frame, one: AccountFacts) -> None:
    """Which of the two it shall be, then a button to save it: pressed twice, it says the same twice."""
    with st.form(f"account-{one.id}", border=False):
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


def _second_step(here: Frame, one: AccountFacts) -> None:
    """For somebody who lost the telephone and the recovery codes: they sign in by the password alone, once more."""
    if not one.second_factor:
        return
    with st.form(f"factor-{one.id}", border=False):
        sure = st.checkbox(
            _("The telephone is lost: I have made sure that it is they who ask"), key=f"factor-sure-{one.id}"
        )
        if st.form_submit_button(_("Take the second step away"), key=f"factor-take-{one.id}") and sure:
            with pressing.writing(_("Changed.")) as session:
                by = accounts.account_of(session, here.visitor)
                accounts.take_factor_away(session, by=by, account_id=one.id, now=datetime.now(UTC))


def outsider(here: Frame) -> None:
    """An account for somebody who is not in the plan: an observer, another administrator."""
    made = pressing.made_by(OUTSIDER)
    if made.result:
        invitation_slips.keep(OUTSIDER, [made.result])
        made.shown()
    turn = made.turn
    with st.expander(_("Somebody outside the plan: an observer, another administrator"), icon=":material/groups:"):
        with st.form(OUTSIDER, border=False):
            name = st.text_input(_("Rank and name"), key=f"outsider-name-{turn}")
            roles = {role: _(word) for role, word in ROLES.items()}
            role = st.selectbox(_("Role"), list(roles), index=list(roles).index(Role.viewer),
                                format_func=roles.__getitem__, key=f"outsider-role-{turn}")  # fmt: skip
            keeps_itap = st.checkbox(_("Enters the items in ITAP (publishes and files)"), key=f"outsider-itap-{turn}")
            if st.form_submit_button(
                _("Make the account and its link"), icon=":material/mail:", key=f"outsider-make-{turn}"
            ):
                with pressing.refusals_here():
                    with db.writing() as session:
                        by, now = accounts.account_of(session, here.visitor), datetime.now(UTC)
                        account = accounts.create_account(
                            session, by=by, name=name, office_id=here.assessment.office_id, role=role,
                            keeps_itap=keeps_itap, now=now,
                        )  # fmt: skip
                        token = accounts.invite(session, by=by, account_id=account.id or 0, now=now)
                        slip = account.name, "", token
                    made.note(slip)
                    st.rerun()
        invitation_slips.slips_at(OUTSIDER)
