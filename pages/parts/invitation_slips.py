"""Invitations: whom, as what, and the slip with the link."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import segno
import streamlit as st

from ita_core import accounts, db
from ita_core.errors import Refused
from ita_core.language import N_, _
from ita_core.models import Role
from ita_core.queries import AccountFacts, PartyFacts
from ita_core.settings import settings
from ita_core.words import ROLES
from pages.parts import pressing, templates
from pages.parts.frame import Frame

INVITED = "invite"  # the place of the slips of officers of the plan


@dataclass(frozen=True, slots=True)
class Slip:
    name: str
    username: str  # "" for somebody who has not joined
    link: str
    code: str  # as the address of a picture


class NobodyChosen(Refused):
    says = N_("Choose at least one officer to invite.")


def public_url() -> str:
    """The address people reach this server by: the setting, or the one in the administrator's own browser."""
    here = urlsplit(st.context.url or "http://localhost:8501")
    return settings().public_url or f"{here.scheme}://{here.netloc}"


def slip(name: str, username: str, token: str) -> Slip:
    """A printed invitation with its link, and the same as a QR code (by segno, maintained)."""
    link = f"{public_url()}/?invite={token}"
    return Slip(name, username, link, segno.make(link, error="m").svg_data_uri(scale=4, border=2))


def keep(place: str, made: list[tuple[str, str, str]]) -> None:
    """Show slips where they were asked for, until they are hidden: of each the name, the user name and the token."""
    st.session_state["slips"], st.session_state["slips-at"] = made, place
    st.session_state["slips-made"] = st.session_state.get("slips-made", 0) + 1


def slips_at(place: str) -> None:
    """Here stand the slips that were made here."""
    slips = st.session_state.get("slips")
    if not slips or st.session_state.get("slips-at") != place:
        return
    with st.container(key="slips"):
        if urlsplit(public_url()).hostname in {"localhost", "127.0.0.1"}:
            st.warning(_("These links open on this computer only: set ITA_PUBLIC_URL to the server's address."))
        st.info(_("These links are shown only now: print this page, or send each to its officer."))
        drawn = [slip(name, username, token) for name, username, token in slips]
        templates.show("slips", slips=drawn, days=accounts.INVITATION_DAYS)
        if st.button(_("Done, hide the links")):
            del st.session_state["slips"]
            st.rerun()


def invite(
    here: Frame, chosen: list[PartyFacts], role: Role, *, keeps_itap: bool, existing: dict[int | None, AccountFacts]
) -> list[tuple[str, str, str]]:
    """A new link for each, as `keep` takes them; whoever has no account yet gets one."""
    made = []
    with db.writing() as session:
        by = accounts.account_of(session, here.visitor)
        now = datetime.now(UTC)
        for person in chosen:
            there = existing.get(person.person_id)
            account_id, username = (there.id, there.username) if there else (None, "")
            if account_id is None:
                account = accounts.create_account(
                    session, by=by, name=person.full, office_id=here.assessment.office_id, role=role,
                    person_id=person.person_id, keeps_itap=keeps_itap, now=now,
                )  # fmt: skip
                account_id = account.id or 0
            token = accounts.invite(session, by=by, account_id=account_id, now=now)
            made.append((person.full, username, token))
    return made


def invitations(here: Frame, officers: list[PartyFacts], existing: dict[int | None, AccountFacts]) -> None:
    # With the next turn nobody is ticked: an officer left ticked would get a new link, and the first one end.
    made = pressing.made_by(INVITED)
    if made.result:
        keep(INVITED, made.result)
        made.shown()
    turn = made.turn
    with st.form("invite"):
        again = _("has an account: a link for a new password")
        labels = {one.id: f"{one.full} ({again})" if one.person_id in existing else one.full for one in officers}
        chosen = st.multiselect(
            _("Officers to invite"),
            list(labels),
            format_func=labels.__getitem__,
            placeholder=_("Choose"),
            select_all=False,
            key=f"invite-{turn}",
        )
        roles = {role: _(word) for role, word in ROLES.items()}
        role = st.selectbox(_("Role of a new account"), list(roles), index=list(roles).index(Role.officer),
                            format_func=roles.__getitem__, key=f"invite-role-{turn}")  # fmt: skip
        keeps_itap = st.checkbox(_("Enters the items in ITAP (publishes and files)"), key=f"invite-itap-{turn}")
        if st.form_submit_button(_("Make invitation links"), icon=":material/mail:", key=f"invite-make-{turn}"):
            with pressing.refusals_here():
                if not chosen:
                    raise NobodyChosen
                people = [one for one in officers if one.id in chosen]
                made.note(invite(here, people, role, keeps_itap=keeps_itap, existing=existing))
                st.rerun()
    slips_at(INVITED)
