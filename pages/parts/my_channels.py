"""On My account: where one can be told what concerns one, proved by a code, and when one wants it."""

from datetime import UTC, datetime

import streamlit as st

from ita_core import accounts, db, queries, thai, workflow
from ita_core.accounts import AddressFacts
from ita_core.board.reminding import Choice
from ita_core.channels import faults, line, mail
from ita_core.days import day_of
from ita_core.language import N_, _
from ita_core.models import Channel, SendingOutcome
from ita_core.settings import settings
from ita_core.words import CHANNELS
from ita_core.workflow import proving
from pages.parts import marks, my_parts, own_password, pressing
from pages.parts.frame import Frame

HOURS = list(range(24))


def draw(here: Frame) -> None:
    """The section; where neither channel is set up and no address is known, nothing."""
    with db.reading() as session:
        known = {one.channel: one for one in accounts.list_addresses(session, here.visitor.account_id)}
        last = queries.list_last_told(session, here.visitor.account_id)
        choice = queries.get_choice(session, here.visitor.account_id)
    offered = {Channel.mail: mail.is_set_up(), Channel.line: line.is_set_up()}
    if not any(offered.values()) and not known:
        return
    with my_parts.box(
        my_parts.TOLD, _("Be told what concerns you"), _state(known, last), icon=":material/notifications:"
    ):
        st.caption(_("Titles, days and links only. An address is used once you have proved that it is yours."))
        for channel in Channel:
            if offered[channel] or channel in known:
                with st.container(border=True, key=f"channel-{channel.value}"):
                    _channel(here, channel, known.get(channel), last.get(channel))
        if known:
            _choice(here, choice, known)


def _state(known: dict[Channel, AddressFacts], last: dict[Channel, queries.Told]) -> str:
    """By what one is told, and which of them fails."""
    fails = {one for one in known if one in last and last[one].outcome is not SendingOutcome.sent}
    said = [
        _("{channel}: the last message came back").format(channel=_(CHANNELS[one])) if one in fails
        else _(CHANNELS[one]) for one in Channel if one in known
    ]  # fmt: skip
    return ", ".join(said) or _("not set up")


def _channel(here: Frame, channel: Channel, known: AddressFacts | None, last: queries.Told | None) -> None:
    st.subheader(_(CHANNELS[channel]), anchor=False)
    if known is not None:
        if channel is Channel.line:
            pressing.made_by("line-code").shown()
        # LINE's id of a user says nothing to anybody.
        where = known.value if channel is Channel.mail else _("linked")
        text, action = st.columns([4, 1], vertical_alignment="center")
        since = thai.date_text(day_of(known.proved_at))
        text.text(_("{address}, proved {day}").format(address=where, day=since))
        action.button(
            _("Use no more"),
            key=f"end-{channel.value}-{known.id}",
            on_click=_end,
            args=(here.visitor.account_id, channel),
        )  # fmt: skip
        if last is not None and last.outcome is not SendingOutcome.sent:
            st.warning(marks.plain(f"{thai.moment_text(last.at)}: {faults.sentence(last.fault)}"))
    if channel is Channel.mail and mail.is_set_up():
        with st.expander(_("Another e-mail address")) if known else st.container():
            _prove_mail(here, known)
    elif channel is Channel.line and known is None and line.is_set_up():
        _prove_line(here)


def _end(by: int, channel: Channel) -> None:
    pressing.act_first(lambda: proving.end_own_address(by=by, channel=channel), N_("This address is used no more."))


def _prove_mail(here: Frame, known: AddressFacts | None) -> None:
    asked = pressing.made_by("mail-code")
    with st.form(f"ask-mail-{asked.turn}", border=False):
        label = _("Another e-mail address") if known else _("E-mail address")
        address = st.text_input(label, key=f"mail-{asked.turn}", autocomplete="email", max_chars=254)
        password = own_password.field(f"mail-password-{asked.turn}")
        if st.form_submit_button(_("Send a code"), key=f"mail-ask-{asked.turn}"):
            with pressing.refusals_here():
                checked = own_password.check(here.visitor, password)
                with db.writing() as session:
                    checked.forget(session, datetime.now(UTC))
                proving.ask_by_mail(by=here.visitor.account_id, address=address)
                asked.note(None)
                st.rerun()
    with db.reading() as session:  # a page that is opened anew, or a server that broke off, does not lose the field
        pending = accounts.pending_mail(session, here.visitor.account_id, datetime.now(UTC))
    if pending:
        says = _("A code of six digits was sent to {address}. It holds for {minutes} minutes.")
        st.info(marks.plain(says.format(address=pending, minutes=accounts.CODE_MINUTES)))
        with st.form(f"code-mail-{asked.turn}", border=False):
            digits = st.text_input(
                _("Code from the mail"), key=f"code-{asked.turn}", max_chars=12, autocomplete="one-time-code"
            )
            if st.form_submit_button(_("Prove"), type="primary", key=f"prove-{asked.turn}"):
                with pressing.refusals_here():
                    proving.prove_by_mail(by=here.visitor.account_id, digits=digits)
                    asked.note(None)
                    pressing.say_done(_("The address is proved. You are told there from now on."))
                    st.rerun()


def _prove_line(here: Frame) -> None:
    asked = pressing.made_by("line-code")
    says = _("Add the office's LINE account {account} as a friend, then send it the code that stands here.")
    st.text(says.format(account=settings().line_account))
    # Who links their own LINE from another's open screen would be told what concerns that other.
    with st.form(f"ask-line-{asked.turn}", border=False):
        password = own_password.field(f"line-password-{asked.turn}")
        pressed = st.form_submit_button(_("Show a code"), key=f"line-ask-{asked.turn}")
    if pressed:
        with pressing.refusals_here():
            checked = own_password.check(here.visitor, password)
            with db.writing() as session:
                checked.forget(session, datetime.now(UTC))
            asked.note(proving.ask_by_line(by=here.visitor.account_id))
            st.rerun()
    if asked.result:
        st.code(asked.result, language=None)
        st.caption(
            _("Send it in LINE within {minutes} minutes, then open this page again.").format(
                minutes=accounts.CODE_MINUTES
            )
        )


def _choice(here: Frame, choice: Choice, known: dict[Channel, AddressFacts]) -> None:
    made = pressing.made_by("channels")
    with st.form(f"channels-{made.turn}"):
        st.subheader(_("When"), anchor=False)
        names = {channel: _(CHANNELS[channel]) for channel in known}
        channels = st.pills(
            _("By these"), list(names), default=[one for one in names if one in choice.channels],
            selection_mode="multi", format_func=names.__getitem__, key=f"by-{made.turn}",
        )  # fmt: skip
        digest = st.checkbox(_("Once a day, what concerns me"), value=choice.digest, key=f"digest-{made.turn}")
        once = st.checkbox(
            _("At once, what came back to me or was ordered of me"), value=choice.at_once, key=f"once-{made.turn}"
        )
        hour, quiet, until = st.columns(3)
        at = _hour(hour, _("Once a day from"), choice.hour, f"hour-{made.turn}")
        quiet_from = _hour(quiet, _("Quiet from"), choice.quiet_from, f"quiet-{made.turn}")
        quiet_until = _hour(until, _("until"), choice.quiet_until, f"until-{made.turn}")
        if st.form_submit_button(_("Save"), type="primary", key=f"channels-save-{made.turn}"):
            # A channel without an address keeps what was chosen: it was not asked.
            chosen = frozenset(channels) | (choice.channels - known.keys())
            wanted = Choice(chosen, digest, at, once, quiet_from, quiet_until)
            with pressing.refusals_here():
                with db.writing() as session:
                    workflow.choose_channels(session, by=here.visitor.account_id, choice=wanted, at=settings().now())
                made.note(None)
                pressing.say_done(_("Changed."))
                st.rerun()


def _hour(place: st.delta_generator.DeltaGenerator, label: str, now: int, key: str) -> int:
    return int(place.selectbox(label, HOURS, index=now, format_func=lambda hour: f"{hour:02}:00", key=key))
