"""A server with accounts: a small named cast, each with a way in."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import select

from ita_core import accounts, db
from ita_core.models import AuditEntry, Role
from ita_core.web.gate import COOKIE
from tests.cast import office
from tests.server import Screen, Server, Visitor, sign_in, thai

PASSWORD = "correct horse battery"
DEEP = "/item?item=O6&month=2568-03"


class Office:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.engine: sa.Engine = db.make_engine(server.database_url)

    def account(self, username: str, role: Role = Role.officer) -> int:
        now, chosen = datetime.now(UTC), accounts.NewPassword(accounts.hash_password(PASSWORD))
        with db.writing(self.engine) as session:
            made = accounts.create_account(
                session, office_id=office(session), by=None, name=f"ร.ต.อ. {username}", role=role, now=now
            )
            token = accounts.invite(session, by=None, account_id=made.id or 0, now=now)
            joined = accounts.join(session, token=token, username=username, password=chosen, now=now)
            return joined.id or 0

    def ticket(self, account_id: int) -> str:
        with db.writing(self.engine) as session:
            return accounts.issue_ticket(session, account_id=account_id, now=datetime.now(UTC))

    def cookie(self, account_id: int) -> str:
        return f"{COOKIE}={sign_in(self.server, self.ticket(account_id)).cookies[COOKIE]}"

    def intrusions(self) -> int:
        with db.reading(self.engine) as session:
            return len(session.exec(select(AuditEntry).where(AuditEntry.action == "session.refuse")).all())


def fill(visitor: Visitor, screen: Screen, **typed: str) -> None:
    for label, value in typed.items():
        visitor.values[screen.widgets[thai(label.replace("_", " "))]] = value


def try_to_sign_in(visitor: Visitor, username: str, password: str, address: str = "/") -> Screen:
    screen = visitor.open(address)
    fill(visitor, screen, User_name=username, Password=password)
    return visitor.open(address, press=screen.widgets[thai("Sign in")])
