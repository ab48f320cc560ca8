"""The browsers that one is signed in with, on one's own account; each of the others can be ended here."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db
from ita_core.accounts import SignedIn
from ita_core.language import N_, _
from ita_core.thai import moment_text
from pages.parts import marks, my_parts, pressing, visiting
from pages.parts.frame import Frame

AT = "device"
MOST = 20  # are shown: whoever has more ends all of them


def draw(here: Frame) -> None:
    """The list, the one that is in front of its owner first."""
    now = datetime.now(UTC)
    with db.reading() as session:
        account = accounts.account_of(session, here.visitor)
        found = accounts.list_signed_in(session, account=account, public_id=here.visitor.sign_in_id, now=now)
    number = _("{number} devices").format(number=len(found)) if len(found) > 1 else _("this one only")
    with my_parts.box(my_parts.DEVICES, _("Devices that are signed in"), number, icon=":material/logout:"):
        st.caption(
            _(
                "Whatever you do not know: end it, and change the password. Browser and address of a sign-in are kept "
                "for {days} days after it ended."
            ).format(days=accounts.KEPT_DAYS)
        )
        pressing.refusal_at(AT)
        for one in found[:MOST]:
            _row(here, one)
        if len(found) > MOST:
            st.caption(marks.more(len(found) - MOST))
        visiting.sign_out_button(_("Sign out on every device"), everywhere=True, key="sign-out-everywhere")


def _row(here: Frame, one: SignedIn) -> None:
    with st.container(border=True, key=f"device-{one.id}"):
        text, action = st.columns([5, 1], vertical_alignment="center")
        name = one.browser or _("Unknown browser")
        text.text(f"{name} · {one.address}" if one.address else name)
        used = _("in use now") if one.here else _("last used {moment}").format(moment=moment_text(one.seen))
        text.caption(_("Signed in {moment}").format(moment=moment_text(one.since)) + " · " + used)
        if one.here:
            action.text(_("This device"))
        else:
            action.button(
                _("End it"), key=f"end-{one.id}", width="stretch", on_click=_end, args=(here.visitor, one.id),
            )  # fmt: skip


def _end(visitor: accounts.Visitor, sign_in_id: int) -> None:
    pressing.write_first(
        lambda session: accounts.end_one(
            session, account=accounts.account_of(session, visitor), sign_in_id=sign_in_id, now=datetime.now(UTC)
        ),
        N_("That device has been signed out."),
        place=AT,
    )
