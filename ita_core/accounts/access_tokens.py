"""What other programs and calendars read with: tokens of one's own that open no page, each to be ended by itself.

They end with whatever ends the sign-ins of an account: another password, disabling, signing out everywhere. A token is
256 random bits behind a word that scanners for leaked secrets find; only its hash is kept, so it is shown once.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.accounts.factor_rules import is_demanded
from ita_core.accounts.grants import list_grants
from ita_core.accounts.passwords import Credential
from ita_core.accounts.signing_in import Visitor, check_compared, end_tokens
from ita_core.accounts.tokens import hash_token, is_fresh
from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.models import AccessToken, Account, Role, SignIn, TokenKind, TokenUse
from ita_core.typed import clean_text

USUAL_DAYS, MOST_DAYS = 90, 365  # that a read token holds
DAYS_OFFERED = (30, USUAL_DAYS, 180, MOST_DAYS)
MOST_TOKENS = 10  # read tokens of one account that hold at once
LONGEST_NAME = 60
PREFIXES = {TokenKind.read: "ita_read_", TokenKind.calendar: "ita_cal_"}
SHAPES = {kind: re.compile(prefix + "[A-Za-z0-9_-]{43}") for kind, prefix in PREFIXES.items()}


class NoTokenName(Refused):
    says = N_("Say what the token is for: a name of 1 to {longest} characters on one line.")


class BadTokenDays(Refused):
    says = N_("A token holds for 1 to {most} days.")


class TooManyTokens(Refused):
    says = N_("You have {most} tokens that hold: end one that is no longer used, then make another.")


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token without anything secret; days are calendar days in Thailand, None for never."""

    id: int
    kind: TokenKind
    name: str
    created_at: datetime
    expires_at: datetime | None
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a token speaks for, with the account as it is now; `sign_in_id` is empty, since nobody is signed in."""

    visitor: Visitor
    token_id: int
    last_on: date | None  # when it was used last


def looks_like_token(text: str) -> bool:
    """Whether one of our tokens, or the beginning of one, stands in a text."""
    return any(prefix in text for prefix in PREFIXES.values())


def make_token(
    session: Session, *, account: Account, compared: Credential, name: str, days: int, now: datetime, made_in: str = ""
) -> str:
    """A new read token of the account, for so many days from now: to be shown once.

    `compared` is what the password matched, which was asked for just now: from an open screen somebody would else take
    along what outlasts the sign-in. `made_in` is the public id of the sign-in that it is made in, whose second factor
    stands for the token, too.
    Raises WrongPassword where that is no longer what the account has, or it is disabled, NoTokenName, BadTokenDays,
    BadText, TooManyTokens.
    """
    of = check_compared(session, account, compared)
    cleaned = clean_text(" ".join(name.split()), LONGEST_NAME * 10)
    if not 0 < len(cleaned) <= LONGEST_NAME:
        raise NoTokenName(longest=LONGEST_NAME)
    if not 1 <= days <= MOST_DAYS:
        raise BadTokenDays(most=MOST_DAYS)
    audit.one_at_a_time(session)  # of two that are made at once the second counts the first
    if sum(one.kind is TokenKind.read for one in list_tokens(session, of, now)) >= MOST_TOKENS:
        raise TooManyTokens(most=MOST_TOKENS)
    return _make(session, account, TokenKind.read, cleaned, now, expires=now + timedelta(days=days), made_in=made_in)


def make_calendar_address(
    session: Session, *, account: Account, compared: Credential, now: datetime, made_in: str = ""
) -> str:
    """The token of a new address of the account's calendar, to be shown once; the one before it ends.

    It holds until it is ended: a calendar on somebody's phone would go quiet unnoticed. `compared` and `made_in` as for
    `make_token`. Raises WrongPassword as there.
    """
    of = check_compared(session, account, compared)
    audit.one_at_a_time(session)
    end_tokens(session, of, now, kind=TokenKind.calendar)
    return _make(session, account, TokenKind.calendar, "", now, expires=None, made_in=made_in)


def _make(
    session: Session, account: Account, kind: TokenKind, name: str, now: datetime, *, expires: datetime | None,
    made_in: str,
) -> str:  # fmt: skip
    assert account.id is not None  # its password was compared
    token = PREFIXES[kind] + secrets.token_urlsafe(32)
    by_two = select(SignIn.id).where(
        SignIn.public_id == made_in, SignIn.account_id == account.id, col(SignIn.by_two).is_(True)
    )
    made = AccessToken(
        account_id=account.id, kind=kind, name=name, token_hash=hash_token(token), created_at=now, expires_at=expires,
        by_two=session.exec(by_two).first() is not None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session, actor=account, action=f"token.make_{kind.value}", subject=f"account {account.id}", at=now,
        token=made.id, name=name, until=expires.isoformat() if expires else None,
    )  # fmt: skip
    return token


def end_token(session: Session, *, account: Account, token_id: int, now: datetime) -> None:
    """End one of the account's own tokens; one that has ended already is left alone.

    Raises NotFound for one that is somebody else's, or that never was.
    """
    found = session.get(AccessToken, token_id)
    if found is None or found.account_id != account.id:
        raise NotFound
    if found.ended_at is not None:
        return
    found.ended_at = now
    session.add(found)
    audit.record(
        session, actor=account, action=f"token.end_{found.kind.value}", subject=f"account {account.id}", at=now,
        token=found.id,
    )  # fmt: skip


def list_tokens(session: Session, account_id: int, now: datetime) -> list[TokenFacts]:
    """The account's tokens that hold now, the newest first."""
    statement = (
        select(AccessToken, TokenUse)  # the use is None where there was none
        .outerjoin(TokenUse, col(TokenUse.token_id) == AccessToken.id)
        .where(AccessToken.account_id == account_id, col(AccessToken.ended_at).is_(None))
        .order_by(col(AccessToken.id).desc())
    )
    found = []
    for one, use in session.exec(statement):
        if _holds(one, now):
            first, last = (use.first_on, use.last_on) if use else (None, None)
            found.append(TokenFacts(one.id or 0, one.kind, one.name, one.created_at, one.expires_at, first, last))
    return found


def _holds(one: AccessToken, now: datetime) -> bool:
    expires = one.expires_at or now + timedelta(days=1)
    return one.ended_at is None and is_fresh(one.created_at, expires, now)


def find_holder(session: Session, *, token: str, kind: TokenKind, now: datetime) -> Holder | None:
    """Who holds this token now; None for one that is unknown, ended, expired, malformed, or of a disabled account, and
    for one made without a second factor while the account's role must have one: it opens no more than the pages do."""
    if not SHAPES[kind].fullmatch(token):
        return None
    one = session.exec(
        select(AccessToken).where(AccessToken.token_hash == hash_token(token), AccessToken.kind == kind)
    ).one_or_none()
    account = session.get(Account, one.account_id) if one else None
    if one is None or account is None or account.disabled or not _holds(one, now):
        return None
    if not one.by_two and is_demanded(session, one.account_id):
        return None
    administers = any(grant.role is Role.admin for grant in list_grants(session, one.account_id))
    visitor = Visitor(one.account_id, account.person_id, account.name, account.language, "", administers)
    use = session.exec(select(TokenUse).where(TokenUse.token_id == one.id)).one_or_none()
    return Holder(visitor, one.id or 0, use.last_on if use else None)


def note_token_use(session: Session, *, token_id: int, day: date) -> None:
    """Keep that a token was used on a day: to be called where its holder's `last_on` is another."""
    use = session.exec(select(TokenUse).where(TokenUse.token_id == token_id)).one_or_none()
    use = use or TokenUse(token_id=token_id, first_on=day, last_on=day)
    use.last_on = max(use.last_on, day)
    session.add(use)
