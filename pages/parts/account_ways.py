"""Ways into somebody's account, for the administrator: the name at the provider, where links for a forgotten password
go, and an end to all sign-ins."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.accounts import AddressFacts
from ita_core.language import _
from ita_core.models import Channel
from ita_core.queries import AccountFacts
from ita_core.settings import settings
from ita_core.words import CHANNELS
from pages.parts import own_password, pressing
from pages.parts.frame import Frame


def draw(here: Frame, one: AccountFacts, addresses: list[AddressFacts]) -> None:
    """What may be changed of another's; `addresses` are the account's."""
    if settings().oidc_issuer:
        _name_at_provider(here, one)
    for address in addresses:
        _address(here, address)
    _end_all(here, one)


def of_ones_own(here: Frame, one: AccountFacts) -> None:
    """What may be changed of one's own: all else of it is for another administrator."""
    if settings().oidc_issuer:
        with st.popover(_("Change"), width="stretch", key=f"change-{one.id}"):
            _name_at_provider(here, one)


def _name_at_provider(here: Frame, one: AccountFacts) -> None:
    # The key holds the name it was drawn for: what was typed over another one is not saved over this.
    with st.form(f"provider-{one.id}", border=False):
        name = st.text_input(
            _("Name at the sign-in provider"),
            value=one.provider_name,
            key=f"provider-name-{one.id}-{one.provider_name}",
        )
        st.caption(
            _(
                "Exactly as the provider writes it. Whoever has it there gets in here; a change signs the account out, "
                "and its tokens, calendar address and slip for a new password end."
            )
        )
        # Who names themselves on an administrator's open screen would get in as that administrator ever after.
        own = one.id == here.visitor.account_id
        typed = own_password.field(f"provider-password-{one.id}") if own else ""
        if st.form_submit_button(_("Save the name"), key=f"provider-save-{one.id}"):
            with pressing.refusals_here():
                checked = own_password.check(here.visitor, typed) if own else None
                with db.writing() as session:
                    by, now = accounts.account_of(session, here.visitor), datetime.now(UTC)
                    if checked:
                        checked.forget(session, now)
                    keep = here.visitor.sign_in_id if own else ""
                    accounts.set_provider_name(session, by=by, account_id=one.id, name=name, now=now, keep=keep)
                pressing.say_done(_("Changed."))
                st.rerun()


def _address(here: Frame, address: AddressFacts) -> None:
    """Told to be recognised, not to be written to: whoever asks whether it is theirs has it before them."""
    where = accounts.masked_mail(address.value) if address.channel is Channel.mail else _("linked")
    st.text(f"{_(CHANNELS[address.channel])}: {where}")
    if address.channel is Channel.mail:
        st.caption(_("Links for a forgotten password go there. A new slip or disabling the account ends it, too."))
    if st.button(_("Use this address no more"), key=f"address-end-{address.id}"):
        with pressing.writing(_("Changed.")) as session:
            accounts.end_address_of(
                session, by=accounts.account_of(session, here.visitor), account_id=address.account_id,
                channel=address.channel, now=datetime.now(UTC),
            )  # fmt: skip


def _end_all(here: Frame, one: AccountFacts) -> None:
    if st.button(_("Sign out on every device"), icon=":material/logout:", key=f"end-all-{one.id}"):
        with pressing.writing(_("Signed out on every device.")) as session:
            by = accounts.account_of(session, here.visitor)
            accounts.end_all_of(session, by=by, account_id=one.id, now=datetime.now(UTC))
