"""People, for the administrator: accounts and invitations, names to confirm, who acts for posts and teams."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import segno
import streamlit as st
from markupsafe import Markup

from ita_core import access, accounts, db, queries, workflow
from ita_core.errors import NotYours, Refused
from ita_core.language import _
from ita_core.models import PartyKind, Role
from ita_core.queries import AccountFacts, Person
from ita_core.settings import settings
from ita_core.words import ROLES
from pages import _frame, _marks
from pages._frame import Frame


def public_url() -> str:
    """The address people reach this server by: the setting, or the one in the administrator's own browser."""
    here = urlsplit(st.context.url or "http://localhost:8501")
    return settings().public_url or f"{here.scheme}://{here.netloc}"


def slip(name: str, token: str) -> Markup:
    """A printed invitation: whom it is for, the link, and the same as a QR code (by segno, maintained)."""
    link = f"{public_url()}/?invite={token}"
    return Markup(
        '<div class="ita-slip"><img src="{}" alt="QR">'
        '<div><b>{}</b><br>{}<br><a href="{}">{}</a><br><small>{}</small></div></div>'
    ).format(
        segno.make(link, error="m").svg_data_uri(scale=4, border=2),
        name,
        _("Invitation to the ITA dashboard"),
        link,
        link,
        _("Open the link or scan the code, and set your own password. It works once, within {days} days.").format(
            days=accounts.INVITATION_DAYS
        ),
    )


def invite(
    here: Frame, chosen: list[Person], role: Role, *, keeps_itap: bool, existing: dict[int, AccountFacts]
) -> None:
    """A new link for each; whoever has no account yet gets one."""
    made = []
    with db.writing() as session:
        by = accounts.account_of(session, here.visitor)
        now = datetime.now(UTC)
        for person in chosen:
            account_id = existing[person.id].id if person.id in existing else None
            if account_id is None:
                account = accounts.create_account(
                    session, by=by, name=person.full, role=role, party_id=person.id, keeps_itap=keeps_itap, now=now
                )
                account_id = account.id or 0
            made.append((person.full, accounts.invite(session, by=by, account_id=account_id, now=now)))
    st.session_state["slips"] = made


def invitations(here: Frame, officers: list[Person], existing: dict[int, AccountFacts]) -> None:
    with st.form("invite", clear_on_submit=True):  # an officer left ticked would get a new link, and the first one end
        labels = {one.id: one.full for one in officers}
        chosen = st.multiselect(
            _("Officers to invite"), list(labels), format_func=labels.__getitem__, placeholder=_("Choose")
        )
        roles = {role: _(word) for role, word in ROLES.items()}
        role = st.selectbox(_("Role of a new account"), list(roles), index=list(roles).index(Role.officer),
                            format_func=roles.__getitem__)  # fmt: skip
        keeps_itap = st.checkbox(_("Enters the items in ITAP (publishes and files)"))
        if st.form_submit_button(_("Make invitation links"), icon=":material/mail:") and chosen:
            people = [one for one in officers if one.id in chosen]
            invite(here, people, role, keeps_itap=keeps_itap, existing=existing)
    if slips := st.session_state.get("slips"):
        st.info(_("These links are shown only now: print this page, or send each to its officer."))
        _marks.show(_marks.joined(slip(name, token) for name, token in slips))
        if st.button(_("Done, hide the links")):
            del st.session_state["slips"]
            st.rerun()


def account_list(here: Frame, listed: list[AccountFacts]) -> None:
    for one in listed:
        state = _("disabled") if one.disabled else _("joined") if one.joined else _("invited")
        text, action = st.columns([5, 1], vertical_alignment="center")
        itap = " · ITAP" if one.keeps_itap else ""
        text.text(
            f"{one.name or _('(no name yet)')} · {one.username or '–'} · {_(ROLES[Role(one.role)])}{itap} · {state}"
        )
        label = _("Enable") if one.disabled else _("Disable")
        if one.id != here.actor.account_id and action.button(label, key=f"account-{one.id}"):
            change = accounts.enable if one.disabled else accounts.disable
            with db.writing() as session:
                by = accounts.account_of(session, here.visitor)
                change(session, by=by, account_id=one.id, now=datetime.now(UTC))
            st.rerun()


def names(here: Frame, officers: list[Person]) -> None:
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
            if save.form_submit_button(_("Confirm this name")):
                with db.writing() as session:
                    workflow.confirm_name(session, by=here.actor.account_id, party_id=one.id, rank=new_rank,
                                          name=new_name, at=settings().now())  # fmt: skip
                st.rerun()


def groups(here: Frame, people: dict[int, Person], officers: list[Person]) -> None:
    """Posts and teams have duties; officers named here act for them."""
    labels = {one.id: one.full for one in officers}
    for one in people.values():
        if one.kind is not PartyKind.officer:
            chosen = st.multiselect(one.name, list(labels), default=list(one.members), format_func=labels.__getitem__,
                                    placeholder=_("Nobody yet"), key=f"group-{one.id}")  # fmt: skip
            if set(chosen) != set(one.members):
                with db.writing() as session:
                    workflow.set_members(session, by=here.actor.account_id, group_id=one.id, officer_ids=chosen,
                                         at=settings().now())  # fmt: skip
                st.rerun()


def draw(here: Frame) -> None:
    if not access.may_administer(here.actor):
        raise NotYours
    with db.reading() as session:
        people = queries.people(session, here.facts.id)
        listed = queries.accounts(session)
    officers = [one for one in people.values() if one.kind is PartyKind.officer]
    unsure = sum(one.confirm for one in officers)
    titles = [_("Accounts"), _("Names to confirm ({number})").format(number=unsure), _("Posts and teams")]
    accounts_tab, names_tab, groups_tab = st.tabs(titles)
    with accounts_tab:
        invitations(here, officers, {one.party_id: one for one in listed if one.party_id is not None})
        account_list(here, listed)
    with names_tab:
        names(here, officers)
    with groups_tab:
        groups(here, people, officers)


here = _frame.frame()
_frame.heading(here, _("People"))
try:
    draw(here)
except Refused as refused:
    st.error(str(refused))
