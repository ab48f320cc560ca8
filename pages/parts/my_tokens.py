"""My account: tokens by which other programs read, and one's calendar as a file or as a private address.

The password is asked for first: from an open screen somebody would else take along what outlasts the sign-in. What is
made is shown until it is hidden, and never again: only its hash is kept.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import segno
import streamlit as st

from ita_core import accounts, db, thai
from ita_core.accounts import TokenFacts
from ita_core.days import day_of
from ita_core.language import _
from ita_core.models import TokenKind
from pages.parts import copying, my_parts, own_password, pressing, templates
from pages.parts.frame import Frame
from pages.parts.invitation_slips import public_url


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown once: a field to copy from; `code` opens it in the calendar of a phone that looks at it."""

    id: str
    label: str
    text: str
    code: str = ""


def draw(here: Frame) -> None:
    """Both sections; everything there is the visitor's own."""
    now = datetime.now(UTC)
    with db.reading() as session:
        listed = accounts.list_tokens(session, here.visitor.account_id, now)
        for form, kind in (("calendar-address", TokenKind.calendar), ("token", TokenKind.read)):
            made = pressing.made_by(form)
            # Whatever ended it, here or elsewhere: what opens nothing any more is not offered to be copied.
            if made.result and accounts.find_holder(session, token=made.result, kind=kind, now=now) is None:
                made.shown()
    address = next((one for one in listed if one.kind is TokenKind.calendar), None)
    tokens = [one for one in listed if one.kind is TokenKind.read]
    has = _("it has a private address") if address else _("no private address")
    shown = bool(pressing.made_by("calendar-address").result)
    with my_parts.box(my_parts.CALENDAR, _("Calendar"), has, icon=":material/calendar_month:", begun=shown):
        _calendar(here, address)
    has = _("{number} tokens").format(number=len(tokens)) if tokens else _("no token")
    shown = bool(pressing.made_by("token").result)
    with my_parts.box(my_parts.TOKENS, _("For other programs"), has, icon=":material/key:", begun=shown):
        _programs(here, tokens)
    copying.follow()  # last: it takes a line's room


# --- the calendar ----------------------------------------------------------------------------------------------------


def _calendar(here: Frame, address: TokenFacts | None) -> None:
    st.caption(_("Deadlines, steps of the calendar, directives and meetings, as your phone or computer shows them."))
    of = {"office": here.assessment.office_code, "year": here.assessment.fiscal_year}
    files = [("office", _("The office's"))]
    if here.actor.officer_id:
        files.insert(0, ("mine", _("Mine")))
    templates.show(
        "calendar_files",
        files=[(label, "/calendar.ics?" + urlencode(of | {"whose": whose})) for whose, label in files],
    )
    made = pressing.made_by("calendar-address")
    if address is None:
        st.text(_("A private address keeps a calendar up to date by itself. You have none."))
    else:
        st.text(_said_of_address(address))
    left, right = st.columns([1, 1])
    label = _("Make a private address") if address is None else _("Make another address; the one of now ends")
    with left.form("calendar-address", border=False):
        typed = own_password.field(f"calendar-password-{made.turn}")
        pressed = st.form_submit_button(
            label, icon=":material/calendar_month:", key=f"calendar-make-{made.turn}", width="stretch"
        )
    if pressed:
        with pressing.refusals_here():
            checked = own_password.check(here.visitor, typed)
            with db.writing() as session:
                account, now = accounts.account_of(session, here.visitor), datetime.now(UTC)
                checked.forget(session, now)
                token = accounts.make_calendar_address(
                    session, account=account, compared=checked.compared, now=now, made_in=here.visitor.sign_in_id
                )
            made.note(token)  # once it is kept: one that was refused at the end is shown to nobody
            st.rerun()
    if address is not None:
        _end(here, address, right, _("End the address"), _("Calendars that fetch it show nothing new from then on."))
    if made.result:
        _show_once(made, _addresses(made.result, [one for one, _label in files]))


def _said_of_address(address: TokenFacts) -> str:
    says = _("Your private address was made on {made}; it was fetched last: {last}.")
    return says.format(made=thai.date_text(day_of(address.created_at)), last=_last(address))


def _addresses(token: str, offered: list[str]) -> list[Secret]:
    found = []
    labels = {"mine": _("Address of your calendar"), "office": _("Address of the office's calendar")}
    for whose in offered:
        address = f"{public_url()}/calendar/{token}.ics" + ("?whose=office" if whose == "office" else "")
        link = "webcal://" + address.split("://", 1)[1]
        code = segno.make(link, error="m").svg_data_uri(scale=4, border=2)
        found.append(Secret(f"calendar-{whose}", labels[whose], address, code))
    return found


# --- tokens ----------------------------------------------------------------------------------------------------------


def _programs(here: Frame, tokens: list[TokenFacts]) -> None:
    st.caption(_(
        "A token lets a program read what you may read, and change nothing. It ends on its day, by your press, and "
        "with another password, another second step or signing out on every device."
    ))  # fmt: skip
    templates.show("api_about", address=f"{public_url()}/api/v1/", description="/api/v1/openapi.json")
    made = pressing.made_by("token")
    if made.result:
        _show_once(made, [Secret("token", _("The token"), made.result)])
    for one in tokens:
        text, action = st.columns([4, 1], vertical_alignment="center")
        says = _("{name} · holds until {until} · used last: {last}")
        until = thai.date_text(day_of(one.expires_at)) if one.expires_at else "–"
        text.text(says.format(name=one.name, until=until, last=_last(one)))
        _end(
            here,
            one,
            action,
            _("End"),
            _("“{name}”: a program that reads with it is refused at once.").format(name=one.name),
        )
    turn = made.turn
    with st.form("token"):
        name, days = st.columns([3, 2])
        called = name.text_input(
            _("What it is for"), max_chars=accounts.LONGEST_NAME, key=f"token-name-{turn}",
            placeholder=_("for instance: the province's report"),
        )  # fmt: skip
        lengths = {number: _("{days} days").format(days=number) for number in accounts.DAYS_OFFERED}
        held = days.selectbox(
            _("It holds for"), list(lengths), index=list(lengths).index(accounts.USUAL_DAYS),
            format_func=lengths.__getitem__, key=f"token-days-{turn}",
        )  # fmt: skip
        typed = own_password.field(f"token-password-{turn}")
        if st.form_submit_button(_("Make a token"), icon=":material/key:", key=f"token-make-{turn}"):
            with pressing.refusals_here():
                checked = own_password.check(here.visitor, typed)
                with db.writing() as session:
                    account, now = accounts.account_of(session, here.visitor), datetime.now(UTC)
                    checked.forget(session, now)
                    token = accounts.make_token(
                        session, account=account, compared=checked.compared, name=called, days=held, now=now,
                        made_in=here.visitor.sign_in_id,
                    )  # fmt: skip
                made.note(token)
                st.rerun()


def _last(one: TokenFacts) -> str:
    return thai.date_text(one.last_on) if one.last_on else _("not fetched or used yet")


def _end(here: Frame, one: TokenFacts, where: st.delta_generator.DeltaGenerator, label: str, about: str) -> None:
    """A second press, since it cannot be undone."""
    with where.popover(label, width="stretch", key=f"token-{one.id}"):
        st.text(about)
        if st.button(_("End it now"), type="primary", key=f"token-end-{one.id}"):
            with pressing.writing(_("Ended.")) as session:
                account = accounts.account_of(session, here.visitor)
                accounts.end_token(session, account=account, token_id=one.id, now=datetime.now(UTC))


def _show_once(made: pressing.Made, secrets: list[Secret]) -> None:
    with st.container(key=f"secret-{secrets[0].id}"):
        st.info(_("This is shown only now: copy it to where it is needed. Whoever has it reads what you may read."))
        templates.show("secret", secrets=secrets)
        if st.button(_("Done, hide it"), key=f"hide-{secrets[0].id}"):
            made.shown()
            st.rerun()
