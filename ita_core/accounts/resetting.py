"""A forgotten password: a one-time link to the address that its owner proved, to set a new one as by an invitation.

Whoever asks learns nothing: asking (`count_reset`) looks nobody up. Who it is, whether they have a proved address and
how many such mails they got, is for whoever sends the mail, afterwards and elsewhere (`web/resets.py`).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, func, select

from ita_core import audit
from ita_core.accounts.addresses import accounts_of_mail, proved_mail
from ita_core.accounts.guessing import count_ask
from ita_core.accounts.signing_in import end_invitations
from ita_core.accounts.tokens import CLOCK_TOLERANCE, hash_token
from ita_core.models import Account, Invitation

RESET_MINUTES = 45
MOST_LETTERS = 254  # of what is asked with: a mail address has no more (RFC 5321)
MOST_ACCOUNTS = 5  # that one mail address is written to about
# Mails with such a link: nobody has this server write to others without end.
IN_HOUR, IN_DAY, IN_ALL_IN_HOUR = 3, 6, 60


@dataclass(frozen=True, slots=True)
class Reset:
    """A link to send: to whom, in which language, and for which user name."""

    token: str
    mail: str
    username: str
    language: str


def count_reset(session: Session, *, address: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Count that somebody there asks for a link, whoever for: by their network, and in all.

    The same work and the same entry in the audit whether or not there is such an account.
    Raises TooManyAsks.
    """
    now = clock()
    count_ask(session, address=address, now=now)
    audit.record(session, actor=None, action="account.ask_reset", subject="door reset", at=now, address=address)


def accounts_asked(session: Session, asked: str) -> list[int]:
    """The accounts that are meant by this user name or proved mail address."""
    asked = asked.strip()[:MOST_LETTERS]
    named = session.exec(
        select(Account.id).where(Account.username == asked.lower(), col(Account.disabled).is_(False))
    ).all()
    found = [one for one in named if one is not None] or accounts_of_mail(session, asked)
    return found[:MOST_ACCOUNTS]


def make_reset(session: Session, *, account_id: int, now: datetime) -> Reset | None:
    """A link for a new password, to be sent to the account's proved address; its earlier ones of this kind end.

    None where there is nobody to send to, or enough was sent. The administrator's own links stay: whoever asks in
    somebody's name would end them.
    """
    audit.one_at_a_time(session)
    account = session.get(Account, account_id)
    mail = proved_mail(session, account_id)
    if account is None or account.disabled or account.password_hash is None or not account.username or mail is None:
        return None
    for which, since, most in (
        ([Invitation.account_id == account_id], timedelta(hours=1), IN_HOUR),
        ([Invitation.account_id == account_id], timedelta(days=1), IN_DAY),
        ([], timedelta(hours=1), IN_ALL_IN_HOUR),
    ):
        sent = select(func.count()).where(
            col(Invitation.by_mail).is_(True), Invitation.created_at > now - since,
            Invitation.created_at <= now + CLOCK_TOLERANCE, *which,
        )  # fmt: skip
        if session.exec(sent).one() >= most:
            return None
    end_invitations(session, account_id, now, by_mail=True)
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(minutes=RESET_MINUTES)
    session.add(
        Invitation(
            account_id=account_id, token_hash=hash_token(token), created_at=now, expires_at=expires, by_mail=True
        )
    )
    audit.record(session, actor=None, action="account.send_reset", subject=f"account {account_id}", at=now)
    return Reset(token, mail, account.username, account.language)
