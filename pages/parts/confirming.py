"""The password asked once more, before something that would let whoever sits at an open screen keep the account."""

from datetime import UTC, datetime

from ita_core import accounts, db
from ita_core.accounts import Credential
from pages.parts import visiting
from pages.parts.frame import Frame


def password(here: Frame, typed: str) -> Credential:
    """What the typed password was compared with, and is. Counted before it is compared, like a try at the door.

    Raises WrongPassword, TooManyTries.
    """
    address = visiting.address()
    with db.reading() as session:
        name = accounts.account_of(session, here.visitor).username or ""
    with db.writing() as session:
        wanted = accounts.begin_try(session, username=name, address=address, device=visiting.device())
    now = datetime.now(UTC)
    if not accounts.password_matches(typed, wanted.password_hash):
        with db.writing() as session:
            accounts.note_failure(session, username=name, address=address, now=now)
        raise accounts.WrongPassword
    return wanted


def right(here: Frame, compared: Credential, session: db.Session) -> None:
    """Forget the try that was right."""
    name = accounts.account_of(session, here.visitor).username or ""
    accounts.forget_failures(
        session, username=name, address=visiting.address(), counter=compared.counter, now=datetime.now(UTC)
    )
