"""My account: the second step at sign-in, set up, changed or done without; its recovery codes are shown once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import segno
import streamlit as st

from ita_core import accounts, db, thai
from ita_core.accounts import Credential, FactorFacts, Visitor
from ita_core.days import day_of
from ita_core.language import _
from pages.parts import marks, my_parts, own_password, pressing, templates, visiting

FORM = "second-step"
_BEGUN, _AT_THE_DOOR = "second-step-begun", "second-step-at-the-door"
_OFF = "off"  # what was made: none any more
_BEGUN_FOR = timedelta(minutes=15)
FEW = 3  # recovery codes: so few are told


@dataclass(frozen=True, slots=True)
class _Begun:
    """A secret that waits for its first code; it is nowhere but in this session."""

    account_id: int
    secret: str
    compared: Credential
    at: datetime
    shown: accounts.Shown | None  # of the factor that it takes the place of


def keeps_at_the_door(visitor: Visitor) -> bool:
    """Whether nothing else is shown to them yet: they must set up a second step, or see its recovery codes first."""
    if visitor.must_enrol:
        st.session_state[_AT_THE_DOOR] = True
    elif not pressing.made_by(FORM).result:
        st.session_state.pop(_AT_THE_DOOR, None)
    return bool(st.session_state.get(_AT_THE_DOOR))


def draw(visitor: Visitor) -> None:
    """Its part of My account, for whoever is signed in."""
    with db.reading() as session:
        facts = accounts.find_factor(session, visitor.account_id)
    begun = bool(pressing.made_by(FORM).result or _waiting(visitor))
    with my_parts.box(
        my_parts.SECOND_STEP, _("Second step at sign-in"), _state(facts), icon=":material/verified:", begun=begun
    ):
        _draw(visitor, facts)


def at_the_door(visitor: Visitor) -> None:
    """The same by itself, for whoever is shown nothing else."""
    with db.reading() as session:
        facts = accounts.find_factor(session, visitor.account_id)
    st.header(_("Second step at sign-in"), anchor=False)
    _draw(visitor, facts)


def _state(facts: FactorFacts | None) -> str:
    if facts is None:
        return _("not switched on")
    if not facts.usable:
        return _("has to be set up again")
    return _("switched on · {left} recovery codes").format(left=facts.recovery_left)


def _waiting(visitor: Visitor) -> _Begun | None:
    begun: _Begun | None = st.session_state.get(_BEGUN)
    if begun and begun.account_id == visitor.account_id and datetime.now(UTC) < begun.at + _BEGUN_FOR:
        return begun
    return None


def _draw(visitor: Visitor, facts: FactorFacts | None) -> None:
    made = pressing.made_by(FORM)
    if made.result == _OFF:
        st.success(_(
            "The second step is switched off. Other devices have been signed out; tokens and calendar addresses have "
            "ended."
        ))  # fmt: skip
        made.shown()
    if made.result:
        _codes(visitor, made)
    elif begun := _waiting(visitor):
        _confirm(visitor, begun, made)
    elif facts is None:
        _offer(visitor, made)
    else:
        with db.reading() as session:
            demanded = accounts.is_demanded(session, visitor.account_id)
        _change(visitor, facts, made, demanded=demanded)


def _begin(visitor: Visitor, compared: Credential, shown: accounts.Shown | None = None) -> None:
    """A new secret, which waits for a code of it."""
    now = datetime.now(UTC)
    st.session_state[_BEGUN] = _Begun(visitor.account_id, accounts.new_secret(), compared, now, shown)


def _checked(visitor: Visitor, typed: str) -> Credential:
    """What the password matched, which was typed again. Raises WrongPassword, TooManyTries."""
    checked = own_password.check(visitor, typed)
    with db.writing() as session:
        checked.forget(session, datetime.now(UTC))
    return checked.compared


def _shown(visitor: Visitor, typed: str) -> accounts.Shown:
    """That they have what is to be changed: a code of it, counted before it is looked at, as at the door.

    Raises WrongFactorCode, TooManyTries, NoFactor, KeyGone.
    """
    address = visiting.address()
    with db.writing() as session:
        account = accounts.account_of(session, visitor)
        counted = accounts.begin_own_code(
            session, account=account, typed=typed, address=address, device=visiting.device()
        )
    try:
        with db.writing() as session:
            account = accounts.account_of(session, visitor)
            return accounts.show_factor(
                session, account=account, typed=typed, counted=counted, address=address, now=datetime.now(UTC)
            )
    except accounts.WrongFactorCode:
        with db.writing() as session:
            accounts.note_failure(
                session, username=counted.username, address=address, now=datetime.now(UTC),
                action="session.fail_code",
            )  # fmt: skip
        raise


def _offer(visitor: Visitor, made: pressing.Made) -> None:
    st.caption(
        _(
            "Whoever learns your password still does not get in: at sign-in you also type six digits that an app on "
            "your telephone shows (Google Authenticator, Microsoft Authenticator or another). Other devices are signed "
            "out then, and tokens and calendar addresses end."
        )
    )
    with db.reading() as session:
        has_password = accounts.account_of(session, visitor).password_hash is not None
    if not has_password:  # the provider lets them in: what would be asked for, they do not have
        st.warning(marks.plain(str(accounts.NoPassword())))
        return
    with st.form(f"{FORM}-begin"):
        typed = st.text_input(
            _("Password now"), type="password", autocomplete="current-password", key=f"{FORM}-password-{made.turn}"
        )
        if st.form_submit_button(_("Set up"), type="primary", key=f"{FORM}-begin-{made.turn}"):
            with pressing.refusals_here():
                _begin(visitor, _checked(visitor, typed))
                st.rerun()


def _confirm(visitor: Visitor, begun: _Begun, made: pressing.Made) -> None:
    """The secret as a QR code and as text, until a code of it was right."""
    with db.reading() as session:
        username = accounts.account_of(session, visitor).username or visitor.name
    address = accounts.address_of_secret(begun.secret, username)
    groups = " ".join(begun.secret[at : at + 4] for at in range(0, len(begun.secret), 4))
    code = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    templates.show("second_step", code=code, groups=groups, username=username)
    with st.form(f"{FORM}-confirm"):
        typed = st.text_input(
            _("The six digits that the app shows now"), autocomplete="one-time-code", max_chars=20,
            key=f"{FORM}-code-{made.turn}",
        )  # fmt: skip
        if st.form_submit_button(_("Check and switch on"), type="primary", key=f"{FORM}-confirm-{made.turn}"):
            with pressing.refusals_here():
                with db.writing() as session:
                    codes = accounts.enrol(
                        session, account=accounts.account_of(session, visitor), compared=begun.compared,
                        secret=begun.secret, typed=typed, now=datetime.now(UTC), keep=visitor.sign_in_id,
                        shown=begun.shown,
                    )  # fmt: skip
                made.note((codes, True))
                st.session_state.pop(_BEGUN, None)
                st.rerun()
    if st.button(_("Cancel"), key=f"{FORM}-cancel"):
        st.session_state.pop(_BEGUN, None)
        st.rerun()


def _change(visitor: Visitor, facts: FactorFacts, made: pressing.Made, *, demanded: bool) -> None:
    left = _("{left} of {all} recovery codes left").format(left=facts.recovery_left, all=accounts.RECOVERY_CODES)
    since = _("Switched on since {day}").format(day=thai.date_text(day_of(facts.since)))
    st.markdown(marks.plain(f"{since} · {left}"))
    if not facts.usable:
        st.warning(marks.plain(str(accounts.KeyGone())))
    elif facts.recovery_left <= FEW:
        st.warning(_("Few recovery codes are left: make new ones."))
    choices = {
        "codes": _("New recovery codes (those of before end)"),
        "anew": _("Set it up on another telephone"),
        "off": _("Do without a second step"),
    }
    if demanded:  # of their role: it can be exchanged, not done without
        del choices["off"]
    with st.form(f"{FORM}-change"):
        wanted = st.radio(_("Change"), list(choices), format_func=choices.__getitem__, key=f"{FORM}-what-{made.turn}")
        typed = st.text_input(
            _("Password now"), type="password", autocomplete="current-password", key=f"{FORM}-password-{made.turn}"
        )
        code = st.text_input(
            _("Code of the app, or a recovery code"), autocomplete="one-time-code", max_chars=40,
            key=f"{FORM}-own-{made.turn}",
        )  # fmt: skip
        st.caption(_("Telephone and recovery codes lost? The administrator can take the second step away."))
        if st.form_submit_button(_("Continue"), key=f"{FORM}-change-{made.turn}"):
            with pressing.refusals_here():
                compared = _checked(visitor, typed)
                shown = _shown(visitor, code)
                if wanted == "anew":
                    _begin(visitor, compared, shown)
                else:
                    _written(visitor, compared, shown, made, off=wanted == "off")
                st.rerun()


def _written(visitor: Visitor, compared: Credential, shown: accounts.Shown, made: pressing.Made, *, off: bool) -> None:
    with db.writing() as session:
        account, now = accounts.account_of(session, visitor), datetime.now(UTC)
        if off:
            accounts.remove_factor(
                session, account=account, compared=compared, shown=shown, now=now, keep=visitor.sign_in_id
            )
            made_now: object = _OFF
        else:
            codes = accounts.renew_recovery(session, account=account, compared=compared, shown=shown, now=now)
            made_now = codes, False
    made.note(made_now)


def _codes(visitor: Visitor, made: pressing.Made) -> None:
    codes, switched_on = made.result
    st.success(_(
        "The second step is switched on. Other devices have been signed out; tokens and calendar addresses have ended."
    ) if switched_on else _(
        "These recovery codes hold from now on."
    ))  # fmt: skip
    st.info(
        _("These codes are shown only now: print this page or write them down. Keep them apart from the telephone.")
    )
    with db.reading() as session:
        username = accounts.account_of(session, visitor).username or ""
    day = thai.date_text(day_of(datetime.now(UTC)))
    templates.show("recovery_codes", codes=codes, name=visitor.name, username=username, day=day)
    if st.button(_("I have them, hide the codes"), type="primary", key=f"{FORM}-done"):
        made.shown()
        st.rerun()
