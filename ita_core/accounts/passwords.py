"""What a password must be, and its hash.

A hash takes a quarter of a second of one core, so it is made and compared outside of every write: what goes in is a
`NewPassword`, or the `Credential` that was compared, and that this still holds is asked again under the lock.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import bcrypt
from sqlmodel import Session, select

from ita_core import db, turns
from ita_core.accounts import guessable
from ita_core.errors import Refused
from ita_core.evidence import child
from ita_core.language import N_, _
from ita_core.models import (
    Office,
)

MIN_PASSWORD = 10
MAX_PASSWORD_BYTES = 72  # all that bcrypt takes
BCRYPT_COST = 12

# A hash that no password has: compared with where there is none, so that a name that does not exist takes as long.
NO_HASH = "$2b$12$jvDgPjq6WCX3TfnYMzxNx.yOSatVZGHDZXN7jkUvJcL646fIwwr2O"


class WrongPassword(Refused):
    says = N_("The password is wrong.")


class NoPassword(Refused):
    says = N_(
        "This asks for your password, and your account has none yet. Ask the administrator for a slip, sign out, then "
        "open the link on it."
    )


class BadPassword(Refused):
    """`says` is what `password_fault` found."""


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
    found = session.exec(select(Office.name, Office.short, Office.code, Office.website))
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
    with turns.waiting():
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(BCRYPT_COST)).decode()


def password_matches(password: str, password_hash: str) -> bool:
    """Whether this password made this hash. Always takes the time of one hash, whatever was typed.

    Raises SlowUnderLock inside a write.
    """
    db.not_while_writing("a password's hash")
    typed = password.encode(errors="surrogatepass")
    usable = len(typed) <= MAX_PASSWORD_BYTES and b"\0" not in typed
    with turns.waiting():
        return bcrypt.checkpw(typed if usable else b"", password_hash.encode()) and usable
