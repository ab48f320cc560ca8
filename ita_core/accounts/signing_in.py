"""Signing in and out: tickets, sign-ins, and who a visitor is."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.accounts.factor_rules import has_factor, is_demanded
from ita_core.accounts.guessing import COUNTED_FOR, forget_failures
from ita_core.accounts.passwords import Credential, WrongPassword
from ita_core.accounts.tokens import TOKEN, hash_token, is_fresh
from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.models import (
    AccessToken,
    Account,
    AddressCode,
    AddressEnd,
    Channel,
    ChannelAddress,
    FactorRule,
    Grant,
    HalfSignIn,
    Invitation,
    Role,
    SignIn,
    Ticket,
    TokenKind,
)

TICKET_SECONDS = 60
HALF_SECONDS = 300  # to take out a telephone, or to find the paper with the recovery codes


class TicketOver(Refused):
    says = N_("Signing in took too long. Sign in again.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, as the database has it at this moment; `sign_in_id` is the sign-in's public id."""

    account_id: int
    person_id: int | None
    name: str
    language: str
    sign_in_id: str
    administers: bool  # some office
    must_enrol: bool = False  # their role demands a second factor: nothing else is shown before it is there


@dataclass(frozen=True, slots=True)
class Passed:
    """What a first step at the door gave: a ticket for `enter`, or, not `whole`, a token for `begin_second_step`."""

    token: str
    whole: bool


def account_of(session: Session, visitor: Visitor) -> Account:
    """The visitor's account, for the functions that want who acts.

    Raises NotFound where it is gone or disabled.
    """
    return get_account(session, visitor.account_id, enabled=True)


def get_account(session: Session, account_id: int, *, enabled: bool = False) -> Account:
    """The account with this id; with `enabled`, only one that may sign in.

    Raises NotFound.
    """
    account = session.get(Account, account_id)
    if account is None or (enabled and account.disabled):
        raise NotFound
    return account


def check_compared(session: Session, account: Account, compared: Credential) -> int:
    """The account's id, where the password that was asked for just now is still its own.

    Raises WrongPassword.
    """
    session.refresh(account)
    if compared.account_id is None or account.disabled or (account.id, account.password_hash) != (
        compared.account_id,
        compared.password_hash,
    ):  # fmt: skip
        raise WrongPassword
    return compared.account_id


def shut_out(
    session: Session, now: datetime, account_id: int, keep: str = "", *, slips: bool = True, addresses: bool = False
) -> int:
    """End what lets somebody into this account but its password; how many sign-ins that ended.

    The one home of it: after a change of the password, of a second factor, of the name at the provider, at disabling
    and at signing out everywhere. Not of a role: that is asked anew at every action, and what somebody is typing would
    be lost. `keep` names the sign-in that stays. Without `slips` the administrator's own invitations stay. With
    `addresses` the proved ones end, too: whoever knew the password may have proved their own, and a link for a
    forgotten one, or what concerns its owner, would go there.
    """
    ended = end_sign_ins(session, now, col(SignIn.account_id) == account_id, col(SignIn.public_id) != keep)
    end_tickets(session, account_id, now)
    end_invitations(session, account_id, now, by_mail=None if slips else True)
    end_tokens(session, account_id, now)
    end_codes(session, account_id, now)
    if addresses:
        end_all_addresses(session, account_id, now)
    return ended


def end_all_addresses(session: Session, account_id: int, now: datetime) -> None:
    """Use none of the account's addresses any more, and forget them."""
    for channel in Channel:
        end_addresses(session, account_id, now, channel, AddressEnd.by_hand)


def end_codes(session: Session, account_id: int, now: datetime, *, channel: Channel | None = None) -> None:
    """End the codes that would still prove an address to be the account's, or those of a channel."""
    which = [] if channel is None else [col(AddressCode.channel) == channel]
    session.exec(
        sa.update(AddressCode)
        .where(col(AddressCode.account_id) == account_id, col(AddressCode.used_at).is_(None), *which)
        .where(col(AddressCode.expires_at) > now)
        .values(expires_at=now)
    )


def end_addresses(session: Session, account_id: int, now: datetime, channel: Channel, why: AddressEnd) -> bool:
    """Use the account's address of this channel no more, and forget it; whether there was one."""
    used = session.exec(
        select(ChannelAddress).where(
            ChannelAddress.account_id == account_id, ChannelAddress.channel == channel,
            col(ChannelAddress.ended_at).is_(None),
        )
    ).all()  # fmt: skip
    for one in used:
        one.ended_at, one.why_ended, one.value, one.salt = now, why, "", ""
        session.add(one)
    session.flush()
    return bool(used)


def end_tickets(session: Session, account_id: int, now: datetime) -> None:
    """End the tickets of an account that nobody has used yet, and the halves of one."""
    of_account: Any
    for of_account in (Ticket, HalfSignIn):
        session.exec(
            sa.update(of_account)
            .where(col(of_account.account_id) == account_id, col(of_account.used_at).is_(None))
            .where(col(of_account.expires_at) > now)
            .values(expires_at=now)
        )


def end_tokens(session: Session, account_id: int, now: datetime, *, kind: TokenKind | None = None) -> None:
    """End the tokens of an account by which programs and calendars read, or those of a kind."""
    which = [col(AccessToken.account_id) == account_id, col(AccessToken.ended_at).is_(None)]
    if kind is not None:
        which.append(col(AccessToken.kind) == kind)
    session.exec(sa.update(AccessToken).where(*which).values(ended_at=now))


def end_invitations(session: Session, account_id: int, now: datetime, *, by_mail: bool | None = None) -> None:
    """End the open invitations of an account: all, or only those that came by mail, or only those that did not."""
    which = [] if by_mail is None else [col(Invitation.by_mail).is_(by_mail)]
    session.exec(
        sa.update(Invitation)
        .where(col(Invitation.account_id) == account_id, col(Invitation.used_at).is_(None), *which)
        .where(col(Invitation.expires_at) > now)
        .values(expires_at=now)
    )


def accept(session: Session, *, compared: Credential, username: str, address: str, now: datetime) -> Passed:
    """What comes of the password that matched `compared`, which `begin_try` gave; the try is forgotten.

    Raises WrongPassword where the account has another password by now, or was disabled.
    """
    account = session.get(Account, compared.account_id) if compared.account_id else None
    if account is None or account.disabled or account.password_hash != compared.password_hash:
        raise WrongPassword
    forget_failures(session, username=username, address=address, counter=compared.counter, now=now)
    return pass_first_step(session, account_id=account.id or 0, now=now)


def pass_first_step(
    session: Session, *, account_id: int, now: datetime, by_two: bool = False, how: str = "account.accept_password"
) -> Passed:
    """What whoever has just shown that this account is theirs gets: the one place where another step is wanted or not.

    They typed the password, set a new one by a link, or a provider named them; `by_two`: the provider says that it
    asked for a second factor itself; `how` is the word of the audit for what was shown.
    Raises NotFound for a disabled account.
    """
    account = get_account(session, account_id, enabled=True)
    if by_two or not has_factor(session, account_id):
        return Passed(issue_ticket(session, account_id=account_id, now=now, by_two=by_two, how=how), whole=True)
    session.exec(sa.delete(HalfSignIn).where(col(HalfSignIn.expires_at) < now - COUNTED_FOR))
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(seconds=HALF_SECONDS)
    session.add(HalfSignIn(account_id=account_id, token_hash=hash_token(token), created_at=now, expires_at=expires))
    for action in (how, "account.pass_first_step"):  # what was shown, and that it is not all
        audit.record(session, actor=account, action=action, subject=f"account {account_id}", at=now)
    return Passed(token, whole=False)


def find_half(session: Session, half: str, now: datetime, *, lock: bool = True) -> HalfSignIn:
    """The half sign-in of this token; with `lock` nobody else takes it meanwhile.

    Raises TicketOver where it is unknown, used, over, or of a disabled account.
    """
    if not TOKEN.fullmatch(half):
        raise TicketOver
    wanted = select(HalfSignIn).where(HalfSignIn.token_hash == hash_token(half))
    found = session.exec(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None or found.used_at is not None or not is_fresh(found.created_at, found.expires_at, now):
        raise TicketOver
    account = session.get(Account, found.account_id)
    if account is None or account.disabled:
        raise TicketOver
    return found


def issue_ticket(
    session: Session, *, account_id: int, now: datetime, by_two: bool = False, how: str = "account.accept_password"
) -> str:
    """The token that the browser exchanges for its cookie within a minute, once: all that is asked for was right.

    Every way in ends here, after `pass_first_step` has said whether it is all. `by_two`: a second factor was among it;
    `how` is the word of the audit for what was shown last: a password, the provider's word, or the code.
    Raises NotFound for a disabled account.
    """
    account = get_account(session, account_id, enabled=True)
    session.exec(sa.delete(Ticket).where(col(Ticket.expires_at) < now - COUNTED_FOR))
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(seconds=TICKET_SECONDS)
    session.add(Ticket(account_id=account_id, token_hash=hash_token(token), expires_at=expires, by_two=by_two))
    audit.record(session, actor=account, action=how, subject=f"account {account_id}", at=now)
    return token


def check_ticket(session: Session, *, ticket: str, now: datetime) -> None:
    """For `db.reading`, before `enter`: whoever has no ticket shall not make anybody wait for the write lock.

    Raises TicketOver.
    """
    _open_ticket(session, ticket, now)


def _open_ticket(session: Session, ticket: str, now: datetime) -> Ticket:
    if not TOKEN.fullmatch(ticket):
        raise TicketOver
    found = session.exec(select(Ticket).where(Ticket.token_hash == hash_token(ticket))).one_or_none()
    if found is None or found.used_at is not None:
        raise TicketOver
    if not is_fresh(found.expires_at - timedelta(seconds=TICKET_SECONDS), found.expires_at, now):
        raise TicketOver
    return found


def enter(session: Session, *, ticket: str, address: str, now: datetime, hours: int, browser: str = "") -> str:
    """Exchange a ticket for the token of a new sign-in, valid so many hours; `browser` is how its owner will know it.

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
        token_hash=hash_token(token),
        public_id=secrets.token_urlsafe(24),
        created_at=now,
        expires_at=now + timedelta(hours=hours),
        address=address,
        by_two=found.by_two,
        browser=browser,
    )
    session.add_all([found, sign_in])
    subject = f"account {account.id}"
    audit.record(session, actor=account, action="session.begin", subject=subject, at=now, address=address)
    return token


def find_visitor(session: Session, *, token: str, now: datetime) -> Visitor | None:
    """Who holds this cookie now; None for any that is unknown, ended, expired, malformed, or of a disabled account."""
    if not TOKEN.fullmatch(token):
        return None
    return _visitor(session, now, "token_hash", hash_token(token))


def find_visitor_by_public_id(session: Session, *, public_id: str, now: datetime) -> Visitor | None:
    """Who the sign-in with this public id is now, None as for `find_visitor`; only for an id that our gate wrote."""
    return _visitor(session, now, "public_id", public_id) if public_id else None


def _visitor(session: Session, now: datetime, which: str, value: str) -> Visitor | None:
    found = session.execute(_LIVE[which], {which: value}).one_or_none()
    if found is None or not is_fresh(found[0], found[1], now):
        return None
    here = Visitor(*found[2:])
    return replace(here, must_enrol=is_demanded(session, here.account_id)) if here.must_enrol else here


def _live(which: Any) -> Any:
    """Sign-ins that have not been ended, by one column, with what a Visitor is made of; made once, for every request
    and every run of a page asks."""
    columns: Any = sa.select  # typed for so many columns at most
    administers = sa.exists().where(col(Grant.account_id) == Account.id, col(Grant.role) == Role.admin)
    # Whether an office may demand a second factor of them: which ones do is asked where any ever did.
    ruled = sa.exists().where(col(Grant.account_id) == Account.id, col(Grant.role) == FactorRule.role)
    could_be = sa.and_(col(SignIn.by_two).is_(False), ruled)
    asked = columns(
        SignIn.created_at, SignIn.expires_at, Account.id, Account.person_id, Account.name, Account.language,
        SignIn.public_id, administers, could_be,
    )  # fmt: skip
    asked = asked.join(Account, col(Account.id) == SignIn.account_id)
    return asked.where(
        which == sa.bindparam(which.key), col(SignIn.ended_at).is_(None), col(Account.disabled).is_(False)
    )


_LIVE = {"token_hash": _live(SignIn.token_hash), "public_id": _live(SignIn.public_id)}


def end_sign_ins(session: Session, now: datetime, *which: sa.ColumnElement[bool]) -> int:
    """End the sign-ins that are meant and have not ended; gives how many."""
    ended = session.exec(sa.update(SignIn).where(*which, col(SignIn.ended_at).is_(None)).values(ended_at=now))
    return int(ended.rowcount)


def sign_out(session: Session, *, public_id: str, now: datetime) -> None:
    """End this sign-in; one that has ended already, or never was, is left alone."""
    sign_in = session.exec(select(SignIn).where(SignIn.public_id == public_id)).one_or_none()
    if sign_in is not None and end_sign_ins(session, now, col(SignIn.public_id) == public_id):
        account = session.get(Account, sign_in.account_id)
        audit.record(session, actor=account, action="session.end", subject=f"account {sign_in.account_id}", at=now)


def sign_out_everywhere(session: Session, *, account: Account, now: datetime) -> int:
    """End every sign-in of the account and what `shut_out` names; returns how many sign-ins there were."""
    ended = shut_out(session, now, account.id or 0)
    subject = f"account {account.id}"
    audit.record(session, actor=account, action="session.end_all", subject=subject, at=now, ended=ended)
    return ended


def note_intrusion(
    session: Session, *, visitor: Visitor | None, owner_id: str, what: str, address: str, now: datetime
) -> None:
    """Put into the audit that somebody named what belongs to another's live sign-in; one that is over is no intrusion.

    `owner_id` is the public id of the sign-in it belongs to, `what` says what it was.
    """
    owner = find_visitor_by_public_id(session, public_id=owner_id, now=now)
    if owner is None or (visitor is not None and visitor.account_id == owner.account_id):
        return
    actor = session.get(Account, visitor.account_id) if visitor else None
    subject = f"account {owner.account_id}"
    audit.record(session, actor=actor, action="session.refuse", subject=subject, at=now, what=what, address=address)
