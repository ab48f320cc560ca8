"""Accounts: invitations, passwords, sign-ins, and the slowing down of whoever guesses.

Tokens (invitation, ticket, cookie) are random 256-bit values; the database keeps their SHA-256 only, so whoever reads
it or a backup can use none of them. Every function takes the moment `now` from the real clock, never from ITA_TODAY.

A password's hash takes a quarter of a second of one core, so it is made and compared outside of every write: what goes
in is a `NewPassword`, or the `Credential` that was compared, and that this still holds is asked again under the lock.
"""

import hashlib
import hmac
import ipaddress
import math
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import bcrypt
import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from ita_core import audit, db, guessable
from ita_core.errors import NotFound, NotYours, Refused
from ita_core.evidence import child
from ita_core.language import LANGUAGES, N_, _
from ita_core.models import (
    Account,
    Assessment,
    Device,
    Invitation,
    Party,
    PartyKind,
    Role,
    SignIn,
    SignInFailure,
    Ticket,
)
from ita_core.typed import clean_person_name

INVITATION_DAYS = 7
TICKET_SECONDS = 60
MIN_PASSWORD = 10
MAX_PASSWORD_BYTES = 72  # all that bcrypt takes
BCRYPT_COST = 12
# A hash that no password has: compared with where there is none, so that a name that does not exist takes as long.
NO_HASH = "$2b$12$jvDgPjq6WCX3TfnYMzxNx.yOSatVZGHDZXN7jkUvJcL646fIwwr2O"

COUNTED_FOR = timedelta(hours=1)
KNOWN_FOR = timedelta(days=30)
NAME_FREE, NAME_LONGEST = 5, 60  # failures before a name is slowed, seconds it waits at most
ADDRESS_FREE, ADDRESS_LONGEST = 20, 300
DEVICE_DAYS = 180  # a browser is known for, from its last sign-in on
MOST_DEVICES = 20  # of one account
# What was made later than now, by more than clocks are set right by, was made while the clock was wrong: not believed.
CLOCK_TOLERANCE = timedelta(minutes=5)

_USERNAME = re.compile(r"[a-z0-9._-]{3,32}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class TooManyTries(Refused):
    says = N_("Too many wrong tries. Wait {seconds} seconds, then try again.")


class WrongPassword(Refused):
    says = N_("The password is wrong.")


class BadUsername(Refused):
    says = N_("A user name has 3 to 32 characters: letters a–z, digits, full stop, underscore or hyphen.")


class UsernameTaken(Refused):
    says = N_("This user name is taken. Choose another.")


class BadPassword(Refused):
    """`says` is what `password_fault` found."""


class InvitationOver(Refused):
    """The link opens nothing; the sentence says why and what to do."""

    says = N_("This invitation link is not valid. Ask the administrator for a new one.")


class TicketOver(Refused):
    says = N_("Signing in took too long. Sign in again.")


class LastAdmin(Refused):
    says = N_("This is the last administrator. Make somebody else administrator first.")


class HasAccount(Refused):
    says = N_("This officer already has an account.")


class NotAnOfficer(Refused):
    says = N_("Accounts belong to officers, not to posts or teams.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, as the database has it at this moment; `sign_in_id` is the sign-in's public id."""

    account_id: int
    party_id: int | None
    name: str
    role: Role
    keeps_itap: bool
    language: str
    sign_in_id: str


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation is for: what the account has already, so that the page asks for the rest."""

    account_id: int
    name: str
    username: str | None


@dataclass(frozen=True, slots=True)
class Credential:
    """What a password is compared with; account_id None: no password opens this, but comparing takes as long.

    `counter` is where the try was counted.
    """

    account_id: int | None
    password_hash: str
    counter: str = ""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that may be set, as `new_password` made it: within the policy, and hashed."""

    password_hash: str


# --- names, passwords, tokens -----------------------------------------------------------------------------------------


def password_rule() -> str:
    """What a password must be, said before it is typed."""
    return _(
        "At least {least} characters and at most 72 letters a–z or digits, or 24 Thai letters. "
        "A few words in a row are easier to remember than signs, and harder to guess."
    ).format(least=MIN_PASSWORD)


def password_fault(password: str, about: Iterable[str] = ()) -> str | None:
    """What is wrong with a password to be set, as a sentence in the current language; None if it can be taken.

    `about` is what a guesser knows of its owner: user name, name, and `words_of_office`.
    """
    if re.search("[\0\ud800-\udfff]", password):
        return _("The password holds a character that cannot be typed on every keyboard.")
    if password != password.strip():
        return _("The password must not start or end with a space.")
    if len(password) < MIN_PASSWORD:
        return _("The password needs at least {least} characters.").format(least=MIN_PASSWORD)
    if len(password.encode(errors="surrogatepass")) > MAX_PASSWORD_BYTES:
        return _("The password is too long: at most 72 letters a–z or digits, or 24 Thai letters.")
    try:
        guessed = guessable.is_guessable(password, about)
    except child.Ended:
        return _("The password could not be looked at just now: the server is busy. Try again in a minute.")
    if guessed:
        return _(
            "This password is among the first that somebody would try: common words, names, years, or keys that lie "
            "side by side. Put three or four words in a row that have nothing to do with each other or with you."
        )
    return None


def words_of_office(session: Session) -> list[str]:
    """What everybody knows of the offices here: what `password_fault` expects a guesser to try."""
    found = session.exec(
        select(Assessment.office, Assessment.office_short, Assessment.office_code, Assessment.website).distinct()
    )
    return [word for row in found for word in row if word]


def new_password(password: str, *, about: Iterable[str] = ()) -> NewPassword:
    """This password, to be set. Takes a quarter of a second.

    Raises BadPassword with what `password_fault` says, SlowUnderLock inside a write.
    """
    db.not_while_writing("a password's hash")
    if fault := password_fault(password, about):
        raise BadPassword(fault)
    return NewPassword(hash_password(password))


def hash_password(password: str) -> str:
    """The bcrypt hash to keep.

    Raises ValueError for more than 72 bytes (`password_fault` says so in words first), SlowUnderLock inside a write.
    """
    db.not_while_writing("a password's hash")
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(BCRYPT_COST)).decode()


def password_matches(password: str, password_hash: str) -> bool:
    """Whether this password made this hash. Always takes the time of one hash, whatever was typed.

    Raises SlowUnderLock inside a write.
    """
    db.not_while_writing("a password's hash")
    typed = password.encode(errors="surrogatepass")
    usable = len(typed) <= MAX_PASSWORD_BYTES and b"\0" not in typed
    return bcrypt.checkpw(typed if usable else b"", password_hash.encode()) and usable


def clean_username(username: str) -> str:
    """The user name as it is kept: lower case, no spaces around it.

    Raises BadUsername.
    """
    cleaned = username.strip().lower()
    if not _USERNAME.fullmatch(cleaned):
        raise BadUsername
    return cleaned


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _fresh(made: datetime, expires: datetime, now: datetime) -> bool:
    return made <= now + CLOCK_TOLERANCE and now < expires


# --- accounts and invitations -----------------------------------------------------------------------------------------


def account_of(session: Session, visitor: Visitor) -> Account:
    """The visitor's account, for the functions that want who acts.

    Raises NotFound where it is gone or disabled.
    """
    return _account(session, visitor.account_id, enabled=True)


def _account(session: Session, account_id: int, *, enabled: bool = False) -> Account:
    account = session.get(Account, account_id)
    if account is None or (enabled and account.disabled):
        raise NotFound
    return account


def _admin_only(by: Account | None) -> None:
    # None is the system itself: the first start, or the command line on the server.
    if by is not None and (by.role is not Role.admin or by.disabled):
        raise NotYours


def has_admin(session: Session, *, besides: int | None = None) -> bool:
    """Whether somebody, other than the account `besides`, can sign in as administrator."""
    admins = select(Account.id).where(
        Account.role == Role.admin, col(Account.disabled).is_(False), col(Account.password_hash).is_not(None)
    )
    return any(found != besides for found in session.exec(admins))


def create_account(
    session: Session,
    *,
    by: Account | None,
    name: str,
    role: Role,
    now: datetime,
    party_id: int | None = None,
    keeps_itap: bool = False,
) -> Account:
    """A new account without user name and password; `invite` gives the link that sets them.

    Raises NotYours unless `by` is an administrator or the system, NameMissing or BadText, NotAnOfficer, HasAccount.
    """
    _admin_only(by)
    if party_id is not None:
        party = session.get(Party, party_id)
        if party is None or party.kind is not PartyKind.officer:
            raise NotAnOfficer
        if session.exec(select(Account.id).where(Account.party_id == party_id)).first() is not None:
            raise HasAccount
    account = Account(party_id=party_id, name=clean_person_name(name), role=role, keeps_itap=keeps_itap, created_at=now)
    session.add(account)
    session.flush()
    audit.record(session, actor=by, action="account.create", subject=f"account {account.id}", at=now, role=role.name)
    return account


def create_first_admin(session: Session, *, now: datetime) -> Account:
    """The account of the first administrator, whose name the invitation asks for; the one still waiting, if there is.

    Raises NotYours where somebody administers already.
    """
    admins = session.exec(select(Account).where(Account.role == Role.admin).order_by(col(Account.id))).all()
    if any(admin.password_hash and not admin.disabled for admin in admins):
        raise NotYours
    waiting = next((admin for admin in admins if not admin.password_hash and not admin.disabled), None)
    if waiting is not None:
        return waiting
    account = Account(name="", role=Role.admin, created_at=now)
    session.add(account)
    session.flush()
    audit.record(session, actor=None, action="account.create", subject=f"account {account.id}", at=now, role="admin")
    return account


def invite(session: Session, *, by: Account | None, account_id: int, now: datetime) -> str:
    """The token of a new invitation, valid seven days; the account's earlier unused ones end.

    For an account that has a password it is the way back in for whoever forgot it.
    Raises NotYours unless `by` is an administrator or the system, NotFound.
    """
    _admin_only(by)
    _account(session, account_id, enabled=True)
    _end_invitations(session, account_id, now)
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(days=INVITATION_DAYS)
    session.add(Invitation(account_id=account_id, token_hash=_hash(token), created_at=now, expires_at=expires))
    audit.record(session, actor=by, action="account.invite", subject=f"account {account_id}", at=now)
    return token


def invitation(session: Session, *, token: str, now: datetime) -> Invited:
    """Whom this invitation is for.

    Raises InvitationOver with the reason: unknown, used, replaced or older than seven days, account disabled.
    """
    found, account = _invitation(session, token, now)
    return Invited(account_id=found.account_id, name=account.name, username=account.username)


def _invitation(session: Session, token: str, now: datetime) -> tuple[Invitation, Account]:
    if not _TOKEN.fullmatch(token):
        raise InvitationOver
    wanted = select(Invitation).where(Invitation.token_hash == _hash(token)).with_for_update()
    found = session.exec(wanted).one_or_none()
    if found is None:
        raise InvitationOver
    if found.used_at is not None:
        raise InvitationOver(N_("This invitation link has been used. Sign in, or ask the administrator for a new one."))
    if not _fresh(found.created_at, found.expires_at, now):
        raise InvitationOver(N_("This invitation link is over. Ask the administrator for a new one."))
    account = session.get(Account, found.account_id)
    if account is None or account.disabled:
        raise InvitationOver
    return found, account


def join(
    session: Session, *, token: str, password: NewPassword, now: datetime, username: str = "", name: str = ""
) -> Account:
    """Use an invitation: sets user name and name where the account has none, and the password.

    Its sign-ins and tickets end.
    Raises InvitationOver, BadUsername, UsernameTaken, NameMissing, BadText.
    """
    found, account = _invitation(session, token, now)
    chosen = account.username or clean_username(username)
    if session.exec(select(Account.id).where(Account.username == chosen, Account.id != account.id)).first() is not None:
        raise UsernameTaken
    account.name = account.name or clean_person_name(name)
    account.username = chosen
    account.password_hash = password.password_hash
    found.used_at = now
    session.add_all([account, found])
    _shut_out(session, now, found.account_id)
    audit.record(session, actor=account, action="account.join", subject=f"account {account.id}", at=now)
    return account


def set_password(
    session: Session, *, account: Account, compared: Credential, new: NewPassword, now: datetime, keep: str = ""
) -> None:
    """Change one's own password, where the old one was right: it matched `compared`, which `begin_try` gave.

    Every other sign-in of the account ends, `keep` names the one that stays; so do tickets and open invitations. The
    try was counted first, so that an open screen does not help to guess the old password.
    Raises WrongPassword where `compared` is no longer what the account has.
    """
    session.refresh(account)
    if compared.account_id is None or (account.id, account.password_hash) != (
        compared.account_id,
        compared.password_hash,
    ):
        raise WrongPassword
    account.password_hash = new.password_hash
    session.add(account)
    _shut_out(session, now, compared.account_id, keep)
    audit.record(session, actor=account, action="account.change_password", subject=f"account {account.id}", at=now)


def _shut_out(session: Session, now: datetime, account_id: int, keep: str = "") -> None:
    """End all that lets somebody into this account but its password; `keep` names the sign-in that stays."""
    _end(session, now, col(SignIn.account_id) == account_id, col(SignIn.public_id) != keep)
    session.exec(
        sa.update(Ticket)
        .where(col(Ticket.account_id) == account_id, col(Ticket.used_at).is_(None), col(Ticket.expires_at) > now)
        .values(expires_at=now)
    )
    _end_invitations(session, account_id, now)


def _end_invitations(session: Session, account_id: int, now: datetime) -> None:
    session.exec(
        sa.update(Invitation)
        .where(col(Invitation.account_id) == account_id, col(Invitation.used_at).is_(None))
        .where(col(Invitation.expires_at) > now)
        .values(expires_at=now)
    )


def set_language(session: Session, *, account: Account, language: str, now: datetime) -> None:
    """Remember the language that the account's owner reads; an unknown one is Thai."""
    account.language = language if language in LANGUAGES else LANGUAGES[0]
    session.add(account)
    subject = f"account {account.id}"
    audit.record(
        session, actor=account, action="account.set_language", subject=subject, at=now, language=account.language
    )


def disable(session: Session, *, by: Account | None, account_id: int, now: datetime) -> None:
    """Shut an account: its sign-ins, tickets and open invitations end now, and stay ended when it is enabled again.

    Raises NotYours unless `by` is an administrator or the system, NotFound, LastAdmin.
    """
    _admin_only(by)
    account = _account(session, account_id)
    if account.role is Role.admin and not has_admin(session, besides=account_id):
        raise LastAdmin
    account.disabled = True
    session.add(account)
    _shut_out(session, now, account_id)
    audit.record(session, actor=by, action="account.disable", subject=f"account {account_id}", at=now)


def enable(session: Session, *, by: Account | None, account_id: int, now: datetime) -> None:
    """Open a disabled account again, with the password it had.

    Raises NotYours unless `by` is an administrator or the system, NotFound.
    """
    _admin_only(by)
    account = _account(session, account_id)
    account.disabled = False
    session.add(account)
    audit.record(session, actor=by, action="account.enable", subject=f"account {account_id}", at=now)


def change_role(
    session: Session, *, by: Account | None, account_id: int, role: Role, now: datetime, keeps_itap: bool | None = None
) -> None:
    """Give an account another role, and say whether it keeps ITAP (None: as before); holds from the next action.

    Raises NotYours unless `by` is an administrator or the system, NotFound, LastAdmin.
    """
    _admin_only(by)
    account = _account(session, account_id)
    if account.role is Role.admin and role is not Role.admin and not has_admin(session, besides=account_id):
        raise LastAdmin
    before, account.role = account.role, role
    if keeps_itap is not None:
        account.keeps_itap = keeps_itap
    session.add(account)
    audit.record(
        session,
        actor=by,
        action="account.change_role",
        subject=f"account {account_id}",
        at=now,
        before=before.name,
        after=role.name,
        keeps_itap=account.keeps_itap,
    )


# --- signing in and out -----------------------------------------------------------------------------------------------


def accept(session: Session, *, compared: Credential, username: str, address: str, now: datetime) -> str:
    """The ticket of whoever typed the password that matched `compared`, which `begin_try` gave; the try is forgotten.

    Raises WrongPassword where the account has another password by now, or was disabled.
    """
    account = session.get(Account, compared.account_id) if compared.account_id else None
    if account is None or account.disabled or account.password_hash != compared.password_hash:
        raise WrongPassword
    forget_failures(session, username=username, address=address, counter=compared.counter, now=now)
    return issue_ticket(session, account_id=account.id or 0, now=now)


def issue_ticket(session: Session, *, account_id: int, now: datetime) -> str:
    """The token that the browser exchanges for its cookie within a minute, once: its password was just accepted.

    Raises NotFound for a disabled account.
    """
    account = _account(session, account_id, enabled=True)
    session.exec(sa.delete(Ticket).where(col(Ticket.expires_at) < now - COUNTED_FOR))
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(seconds=TICKET_SECONDS)
    session.add(Ticket(account_id=account_id, token_hash=_hash(token), expires_at=expires))
    audit.record(session, actor=account, action="account.accept_password", subject=f"account {account_id}", at=now)
    return token


def check_ticket(session: Session, *, ticket: str, now: datetime) -> None:
    """For `db.reading`, before `enter`: whoever has no ticket shall not make anybody wait for the write lock.

    Raises TicketOver.
    """
    _open_ticket(session, ticket, now)


def _open_ticket(session: Session, ticket: str, now: datetime) -> Ticket:
    if not _TOKEN.fullmatch(ticket):
        raise TicketOver
    found = session.exec(select(Ticket).where(Ticket.token_hash == _hash(ticket))).one_or_none()
    if found is None or found.used_at is not None:
        raise TicketOver
    if not _fresh(found.expires_at - timedelta(seconds=TICKET_SECONDS), found.expires_at, now):
        raise TicketOver
    return found


def enter(session: Session, *, ticket: str, address: str, now: datetime, hours: int) -> str:
    """Exchange a ticket for the token of a new sign-in, valid so many hours.

    Raises TicketOver for one that is unknown, used, older than a minute or than the account's password, or whose
    account was disabled since.
    """
    found = _open_ticket(session, ticket, now)
    account = session.get(Account, found.account_id)
    if account is None or account.disabled:
        raise TicketOver
    found.used_at = now
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        account_id=found.account_id,
        token_hash=_hash(token),
        public_id=secrets.token_urlsafe(24),
        created_at=now,
        expires_at=now + timedelta(hours=hours),
        address=address,
    )
    session.add_all([found, sign_in])
    subject = f"account {account.id}"
    audit.record(session, actor=account, action="session.begin", subject=subject, at=now, address=address)
    return token


def know_device(session: Session, *, account_id: int, device: str, now: datetime) -> str:
    """Remember that this account just signed in with the browser that holds this token; the token for it to keep.

    A browser that several people use keeps one token for all. One that we did not give is replaced: nobody chooses
    what another's browser is known by. An account has at most MOST_DEVICES; the one longest unused goes.
    """
    session.exec(sa.delete(Device).where(col(Device.last_at) <= now - timedelta(days=DEVICE_DAYS)))
    if not _TOKEN.fullmatch(device) or not session.exec(select(Device).where(Device.token_hash == _hash(device))).all():
        device = secrets.token_urlsafe(32)
    theirs = session.exec(
        select(Device).where(Device.account_id == account_id).order_by(col(Device.last_at).desc())
    ).all()
    known = next((one for one in theirs if one.token_hash == _hash(device)), None)
    if known is None:
        for one in theirs[MOST_DEVICES - 1 :]:
            session.delete(one)
        known = Device(account_id=account_id, token_hash=_hash(device), last_at=now)
    known.last_at = now
    session.add(known)
    session.flush()
    return device


def known_device(session: Session, *, device: str) -> int | None:
    """The number of the browser that holds this token; None where nobody signed in with it lately."""
    if not _TOKEN.fullmatch(device):
        return None
    return session.exec(select(Device.id).where(Device.token_hash == _hash(device)).order_by(col(Device.id))).first()


def visitor(session: Session, *, token: str, now: datetime) -> Visitor | None:
    """Who holds this cookie now; None for any that is unknown, ended, expired, malformed, or of a disabled account."""
    if not _TOKEN.fullmatch(token):
        return None
    return _visitor(session, now, SignIn.token_hash == _hash(token))


def visitor_by_public_id(session: Session, *, public_id: str, now: datetime) -> Visitor | None:
    """Who the sign-in with this public id is now, None as for `visitor`; only for an id that our own gate wrote."""
    return _visitor(session, now, SignIn.public_id == public_id) if public_id else None


def _visitor(session: Session, now: datetime, which: bool) -> Visitor | None:
    live = (
        select(SignIn, Account)
        .join(Account, col(Account.id) == SignIn.account_id)
        .where(which, col(SignIn.ended_at).is_(None), col(Account.disabled).is_(False))
    )
    found = session.exec(live).one_or_none()
    if found is None or not _fresh(found[0].created_at, found[0].expires_at, now):
        return None
    sign_in, account = found
    return Visitor(
        account_id=sign_in.account_id,
        party_id=account.party_id,
        name=account.name,
        role=account.role,
        keeps_itap=account.keeps_itap,
        language=account.language,
        sign_in_id=sign_in.public_id,
    )


def _end(session: Session, now: datetime, *which: sa.ColumnElement[bool]) -> int:
    ended = session.exec(sa.update(SignIn).where(*which, col(SignIn.ended_at).is_(None)).values(ended_at=now))
    return int(ended.rowcount)


def sign_out(session: Session, *, public_id: str, now: datetime) -> None:
    """End this sign-in; one that has ended already, or never was, is left alone."""
    sign_in = session.exec(select(SignIn).where(SignIn.public_id == public_id)).one_or_none()
    if sign_in is not None and _end(session, now, col(SignIn.public_id) == public_id):
        account = session.get(Account, sign_in.account_id)
        audit.record(session, actor=account, action="session.end", subject=f"account {sign_in.account_id}", at=now)


def sign_out_everywhere(session: Session, *, account: Account, now: datetime) -> int:
    """End every sign-in of the account; returns how many there were."""
    ended = _end(session, now, col(SignIn.account_id) == account.id)
    subject = f"account {account.id}"
    audit.record(session, actor=account, action="session.end_all", subject=subject, at=now, ended=ended)
    return ended


def note_intrusion(
    session: Session, *, visitor: Visitor | None, owner_id: str, what: str, address: str, now: datetime
) -> None:
    """Put into the audit that somebody named what belongs to another's live sign-in; one that is over is no intrusion.

    `owner_id` is the public id of the sign-in it belongs to, `what` says what it was.
    """
    owner = visitor_by_public_id(session, public_id=owner_id, now=now)
    if owner is None or (visitor is not None and visitor.account_id == owner.account_id):
        return
    actor = session.get(Account, visitor.account_id) if visitor else None
    subject = f"account {owner.account_id}"
    audit.record(session, actor=actor, action="session.refuse", subject=subject, at=now, what=what, address=address)


# --- slowing down whoever guesses -------------------------------------------------------------------------------------
#
# Each try is counted with one of three counters, so that nobody's guesses keep the owner out for long:
# - from a browser that signed in to the account before, and holds the token that `know_device` gave it: its own ("Slow
#   Down Online Guessing Attacks with Device Cookies", OWASP). Whoever guesses without that cookie doesn't touch it.
# - from a network where the name signed in within KNOWN_FOR: the name's own at that network.
# - from anywhere else: the name's, and beside it the network's, whatever names were tried.
# The last ones never see what an owner does with the first two: from elsewhere known and unknown names are alike.


def begin_try(
    session: Session,
    *,
    username: str,
    address: str,
    device: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Credential:
    """What to compare the typed password with. The try counts as a failure until `accept`.

    `device` is the token of the browser's cookie, empty for none. The try is counted before the password is compared,
    and `clock` is asked under the lock, so that many tries at once are no way around the wait. For a name that nobody
    has, a disabled account and one without password it gives back a hash that nothing matches.
    Raises TooManyTries where this name or address must wait first; such a try is not counted, so waiting helps.
    """
    now = clock()
    counter = _counter(session, username, address, device, now)
    if wait := _seconds(session, username, address, counter, now):
        raise TooManyTries(seconds=wait)
    # What lies in the future was written while the clock was wrong.
    stale = sa.or_(col(SignInFailure.at) <= now - COUNTED_FOR, col(SignInFailure.at) > now + CLOCK_TOLERANCE)
    session.exec(sa.delete(SignInFailure).where(stale))
    session.add(SignInFailure(name_hash=_name_hash(username), address=network_of(address), counter=counter, at=now))
    known = session.exec(select(Account).where(Account.username == username.strip().lower())).one_or_none()
    if known is None or known.disabled or known.password_hash is None:
        return Credential(None, NO_HASH, counter)
    return Credential(known.id, known.password_hash, counter)


def wait_before_next_try(session: Session, *, username: str, address: str, now: datetime, device: str = "") -> int:
    """Seconds that this name has to wait, from this address and browser; 0 when it may try now.

    A name is slowed from its 5th failure within the hour (1, 2, 4 … 60 seconds), by the counter that its try would be
    counted with; an address from its 20th (… 300), unless the browser or the network is known to the name.
    """
    return _seconds(session, username, address, _counter(session, username, address, device, now), now)


def _seconds(session: Session, username: str, address: str, counter: str, now: datetime) -> int:
    hashed = _name_hash(username)
    of_name: list[Any] = [SignInFailure.name_hash == hashed, SignInFailure.counter == counter]
    by_name = _wait(session, now, of_name, NAME_FREE, NAME_LONGEST) if hashed else 0
    if counter:
        return by_name
    from_here: list[Any] = [SignInFailure.address == network_of(address), SignInFailure.counter == ""]
    return max(by_name, _wait(session, now, from_here, ADDRESS_FREE, ADDRESS_LONGEST))


def _counter(session: Session, username: str, address: str, device: str, now: datetime) -> str:
    """With which counter a try is counted: a known browser's or network's own, or "" for everybody else."""
    named = Account.username == username.strip().lower()
    known_devices = (
        select(Device.token_hash)
        .join(Account, col(Account.id) == Device.account_id)
        .where(named, Device.last_at > now - timedelta(days=DEVICE_DAYS))
    )
    known_addresses = (
        select(SignIn.address)
        .join(Account, col(Account.id) == SignIn.account_id)
        .where(named, SignIn.created_at > now - KNOWN_FOR)
    )
    held, network = _hash(device), network_of(address)
    if held in session.exec(known_devices).all():
        return f"device {held}"
    if network in {network_of(one) for one in session.exec(known_addresses.distinct())}:
        return f"network {network}"
    return ""


def _wait(session: Session, now: datetime, which: list[Any], free: int, longest: int) -> int:
    # Another process's clock may be a little ahead: what it has just written counts, too.
    counted = select(func.count(), func.max(SignInFailure.at)).where(
        *which, SignInFailure.at > now - COUNTED_FOR, SignInFailure.at <= now + CLOCK_TOLERANCE
    )
    failures, last = session.exec(counted).one()
    if failures < free:
        return 0
    seconds: int = min(longest, 2 ** min(failures - free, 16))
    return min(longest, max(0, math.ceil(seconds - (now - last).total_seconds())))


def note_failure(session: Session, *, username: str, address: str, now: datetime) -> None:
    """Put a failed try (already counted by `begin_try`) into the audit, without the name."""
    audit.record(
        session,
        actor=None,
        action="session.fail",
        subject="name " + (_name_hash(username)[:12] or "malformed"),
        at=now,
        address=address,
    )


def forget_failures(session: Session, *, username: str, address: str, counter: str, now: datetime) -> None:
    """The password was right: what this browser or network failed with the name no longer counts.

    What others failed with it stays: whoever guesses elsewhere would see a wait end, and that the name is real.
    """
    theirs: list[Any] = [SignInFailure.name_hash == _name_hash(username), SignInFailure.counter == counter]
    if not counter:
        theirs.append(SignInFailure.address == network_of(address))
    session.exec(sa.delete(SignInFailure).where(*theirs, col(SignInFailure.at) <= now + CLOCK_TOLERANCE))


def _name_hash(username: str) -> str:
    # Empty for what can be nobody's user name: people type passwords into the wrong field, and a hash of one could be
    # guessed from a stolen database. Such a try counts for the address only.
    cleaned = username.strip().lower()
    if not _USERNAME.fullmatch(cleaned):
        return ""
    return hmac.new(b"ita user name", cleaned.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """One customer's addresses count as one: an IPv6 line has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
