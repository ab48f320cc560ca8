"""What the tests of accounts do again and again: join, sign in, change a password, guess."""

from datetime import UTC, datetime

import bcrypt
from sqlmodel import Session, select

from ita_core import accounts
from ita_core.models import Account, AuditEntry, Person, Role
from tests.cast import office

NOW = datetime(2025, 3, 15, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HERE = "10.0.0.7"

# Hashed here: nothing that takes so long is done inside a write, as the fixture's session is.
NEW = accounts.NewPassword(bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode())
OTHER = accounts.NewPassword(bcrypt.hashpw(b"another new password", bcrypt.gensalt(4)).decode())


def joined(session: Session, username: str, role: Role = Role.officer) -> Account:
    account = accounts.create_account(
        session, office_id=office(session), by=None, name=f"ร.ต.อ. {username}", role=role, now=NOW
    )
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    return accounts.join(session, token=token, username=username, password=NEW, now=NOW)


def signed_in(session: Session, account: Account, at: datetime = NOW) -> str:
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=at)
    return accounts.enter(session, ticket=ticket, address=HERE, now=at, hours=12)


def credential(account: Account) -> accounts.Credential:
    return accounts.Credential(account.id, account.password_hash or "")


def make_token(session: Session, account: Account, *, name: str = "n", days: int = 30, made_in: str = "") -> str:
    return accounts.make_token(
        session, account=account, compared=credential(account), name=name, days=days, now=NOW, made_in=made_in
    )


def make_calendar_address(session: Session, account: Account, *, made_in: str = "") -> str:
    return accounts.make_calendar_address(
        session, account=account, compared=credential(account), now=NOW, made_in=made_in
    )


def change_password(session: Session, account: Account, keep: str = "") -> None:
    accounts.set_password(session, account=account, compared=credential(account), new=OTHER, now=NOW, keep=keep)


def actions(session: Session) -> list[str]:
    return [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.number))]


def officer(session: Session) -> int:
    """The id of a person of the office."""
    person = Person(office_id=office(session), key="a")
    session.add(person)
    session.flush()
    assert person.id is not None
    return person.id
