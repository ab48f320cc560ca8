"""Where people can be reached outside of the dashboard: addresses that they proved to be their own.

By mail: six digits go to the address, and whoever reads them there types them here. In LINE: a longer code stands here,
and whoever sends it to the office's official account, from theirs, shows by it which that is (LINE tells user ids by
its webhook only). An address is used for nothing until then. How many codes go out is bounded, so that nobody can have
this server write mails to whom they like; how often one is tried, so that nobody guesses it.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from ita_core import audit
from ita_core.accounts.grants import check_admin_of
from ita_core.accounts.passwords import hash_password
from ita_core.accounts.signing_in import end_addresses, end_codes, get_account
from ita_core.accounts.tokens import CLOCK_TOLERANCE, hash_token, is_fresh
from ita_core.days import TO_ARABIC
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import Account, AddressCode, AddressEnd, Channel, ChannelAddress
from ita_core.typed import clean_mail_address

CODE_MINUTES = 15
CODE_DIGITS = 6
MOST_TRIES = 5  # of one code: five of a million
BETWEEN = timedelta(minutes=1)  # two codes of one account
MOST_OF_ACCOUNT, MOST_TO_ADDRESS, MOST_IN_ALL = 5, 3, 100  # mails with a code within COUNTED_FOR
MOST_LINE_CODES = 20  # of an account within COUNTED_FOR: nothing goes out by them, but each stands in the audit
COUNTED_FOR = timedelta(days=1)
# Of LINE: 10 signs of 32 are 50 bits, which nobody guesses by sending messages. Without 0, 1, I and O.
LINE_SIGNS, LINE_CODE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 10


class TooManyCodes(Refused):
    says = N_("Too many codes were asked for. Wait until tomorrow, or ask the administrator.")


class CodeJustSent(Refused):
    says = N_("A code was sent a moment ago. Wait {seconds} seconds before you ask for another one.")


class CodeOver(Refused):
    says = N_("This code holds no more: it is older than {minutes} minutes, was used, or was typed wrongly too often. "
              "Ask for another one.")  # fmt: skip


class WrongCode(Refused):
    says = N_("This is not the code that was sent. Look at the newest mail.")


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """A proved address that is in use."""

    id: int
    account_id: int
    channel: Channel
    value: str
    proved_at: datetime


@dataclass(frozen=True, slots=True)
class MailCode:
    """A code to send and what is kept of it."""

    digits: str
    code_hash: str


@dataclass(frozen=True, slots=True)
class CodeTry:
    """What a typed code is compared with, its try being counted already."""

    id: int
    code_hash: str


# --- who can be reached where -----------------------------------------------------------------------------------------


def list_addresses(session: Session, *account_ids: int) -> list[AddressFacts]:
    """The proved addresses in use of these accounts, of all without any; also of accounts that are disabled."""
    asked = select(ChannelAddress).where(col(ChannelAddress.ended_at).is_(None)).order_by(col(ChannelAddress.id))
    if account_ids:
        asked = asked.where(col(ChannelAddress.account_id).in_(account_ids))
    return [
        AddressFacts(one.id or 0, one.account_id, one.channel, one.value, one.proved_at) for one in session.exec(asked)
    ]


def proved_mail(session: Session, account_id: int) -> str | None:
    """The mail address that this account proved and uses, None where it has none."""
    mails = [one.value for one in list_addresses(session, account_id) if one.channel is Channel.mail]
    return mails[0] if mails else None


def accounts_of_mail(session: Session, address: str) -> list[int]:
    """The accounts that proved this mail address and may sign in, by number; none for what is no address.

    One address may be several accounts': an officer's, and that with which they administer.
    """
    try:
        cleaned = clean_mail_address(address)
    except Refused:
        return []
    asked = (
        select(ChannelAddress.account_id)
        .join(Account, col(Account.id) == ChannelAddress.account_id)
        .where(
            ChannelAddress.value == cleaned, ChannelAddress.channel == Channel.mail,
            col(ChannelAddress.ended_at).is_(None), col(Account.disabled).is_(False),
        )
    )  # fmt: skip
    return sorted(session.exec(asked).all())


def end_address(session: Session, *, account: Account, channel: Channel, why: AddressEnd, now: datetime) -> bool:
    """Use the account's address of this channel no more, and forget it; whether there was one."""
    used = end_addresses(session, account.id or 0, now, channel, why)
    if used and why is not AddressEnd.replaced:
        _note(session, account, "address.end", channel, now, why=why.value)
    return used


def end_address_of(session: Session, *, by: Account | None, account_id: int, channel: Channel, now: datetime) -> bool:
    """Use somebody else's address of this channel no more, for an administrator; whether there was one.

    A code that is on its way proves nothing any more either.
    Raises NotYours unless `by` is an administrator or the system, NotFound.
    """
    check_admin_of(session, by, account_id)
    get_account(session, account_id)
    end_codes(session, account_id, now, channel=channel)
    used = end_addresses(session, account_id, now, channel, AddressEnd.by_hand)
    if used:
        subject, why = f"account {account_id}", AddressEnd.by_hand.value
        audit.record(session, actor=by, action="address.end", subject=subject, at=now, channel=channel.value, why=why)
    return used


def masked_mail(value: str) -> str:
    """A mail address as others may see it: known again by whoever knows it, and not to be copied from the page."""
    name, _at, host = value.rpartition("@")
    return f"{name[:2]}…@{host}" if len(name) > 3 else f"{name[:1]}…@{host}"


def _note(session: Session, account: Account, action: str, channel: Channel, now: datetime, **more: Any) -> None:
    """Into the audit, without the address."""
    subject = f"account {account.id}"
    audit.record(session, actor=account, action=action, subject=subject, at=now, channel=channel.value, **more)


# --- by mail ----------------------------------------------------------------------------------------------------------


def new_mail_code() -> MailCode:
    """Six random digits and their bcrypt hash: whoever reads the database needs days for what holds for minutes.

    Takes a quarter of a second. Raises SlowUnderLock inside a write.
    """
    digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    return MailCode(digits, hash_password(digits))


def begin_mail_proof(session: Session, *, account_id: int, address: str, code: MailCode, now: datetime) -> str:
    """Keep that this code goes to the address for the account; the address as it is to be written to.

    Its earlier codes hold no more. It counts whether or not the mail arrives: else a mail that fails is for free. Only
    the wait until the next one is for what did go out.
    Raises BadMailAddress, CodeJustSent, TooManyCodes, NotFound.
    """
    account = get_account(session, account_id, enabled=True)
    cleaned = clean_mail_address(address)
    audit.one_at_a_time(session)
    forget_codes(session, now)
    mails = [AddressCode.channel == Channel.mail]
    mine = [*mails, AddressCode.account_id == account_id]
    sent = [*mine, AddressCode.made_at <= now, AddressCode.expires_at > AddressCode.made_at]
    last = session.exec(select(func.max(AddressCode.made_at)).where(*sent)).one()
    if last is not None and now - last < BETWEEN:
        raise CodeJustSent(seconds=int((last + BETWEEN - now).total_seconds()) + 1)
    for which, most in (
        (mine, MOST_OF_ACCOUNT), ([*mails, AddressCode.value == cleaned], MOST_TO_ADDRESS), (mails, MOST_IN_ALL),
    ):  # fmt: skip
        if session.exec(select(func.count()).select_from(AddressCode).where(*which)).one() >= most:
            raise TooManyCodes
    _add_code(session, account, Channel.mail, cleaned, code.code_hash, now)
    return cleaned


def pending_mail(session: Session, account_id: int, now: datetime) -> str | None:
    """The address to which a code went that can still be typed; None where there is none. For `db.reading`."""
    found = _open_mail_code(session, account_id, now, lock=False)
    return found.value if found is not None and found.tries < MOST_TRIES else None


def take_back_mail_code(session: Session, *, account_id: int, now: datetime) -> None:
    """The account's code did not go out: it proves nothing, and the next one need not wait for it."""
    audit.one_at_a_time(session)
    found = _open_mail_code(session, account_id, now)
    if found is not None:
        found.expires_at = found.made_at
        session.add(found)


def clean_mail_code(typed: str) -> str:
    """The digits of what was typed, Thai ones as their like, blanks aside. Raises WrongCode for what is no code."""
    digits = "".join(typed.split()).translate(TO_ARABIC)
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", digits):
        raise WrongCode
    return digits


def try_mail_code(session: Session, *, account_id: int, now: datetime) -> CodeTry:
    """What to compare the typed code with; the try is counted before, so that many at once are no more than few.

    Raises CodeOver where there is no code that could still be right, NotFound.
    """
    get_account(session, account_id, enabled=True)
    audit.one_at_a_time(session)
    found = _open_mail_code(session, account_id, now)
    if found is None or found.tries >= MOST_TRIES:
        raise CodeOver(minutes=CODE_MINUTES)
    found.tries += 1
    session.add(found)
    return CodeTry(found.id or 0, found.code_hash)


def prove_mail(session: Session, *, account_id: int, compared: CodeTry, now: datetime) -> AddressFacts:
    """The code matched: the address is the account's from now on, in the place of the one before.

    Raises CodeOver where the code was used or replaced meanwhile, NotFound.
    """
    account = get_account(session, account_id, enabled=True)
    audit.one_at_a_time(session)
    found = _open_code(session, now, AddressCode.id == compared.id, AddressCode.account_id == account_id)
    if found is None:
        raise CodeOver(minutes=CODE_MINUTES)
    return _proved(session, account, found, found.value, now)


# --- in LINE ----------------------------------------------------------------------------------------------------------


def begin_line_proof(session: Session, *, account_id: int, now: datetime) -> str:
    """A code for the account to send to the office's LINE account, told once; its earlier ones hold no more.

    Nothing goes out by it. Raises TooManyCodes, NotFound.
    """
    account = get_account(session, account_id, enabled=True)
    audit.one_at_a_time(session)
    forget_codes(session, now)
    mine = [AddressCode.account_id == account_id, AddressCode.channel == Channel.line]
    if session.exec(select(func.count()).select_from(AddressCode).where(*mine)).one() >= MOST_LINE_CODES:
        raise TooManyCodes
    code = "".join(secrets.choice(LINE_SIGNS) for _sign in range(LINE_CODE))
    _add_code(session, account, Channel.line, "", hash_token(code), now)
    return code


def prove_line(session: Session, *, text: str, line_user: str, now: datetime) -> AddressFacts | None:
    """Somebody of LINE sent this text to the office: whose account it proves to be theirs; None where it is no code.

    Only for a call that LINE signed.
    """
    code = "".join(text.split()).replace("-", "").upper()
    if len(code) != LINE_CODE or set(code) - set(LINE_SIGNS):
        return None
    audit.one_at_a_time(session)
    found = _open_code(session, now, AddressCode.code_hash == hash_token(code), AddressCode.channel == Channel.line)
    account = session.get(Account, found.account_id) if found else None
    if found is None or account is None or account.disabled:
        return None
    return _proved(session, account, found, line_user, now)


def is_line_code(session: Session, *, text: str, now: datetime) -> bool:
    """For `db.reading`, before `prove_line`: strangers' messages shall not make anybody wait for the write lock."""
    code = "".join(text[:100].split()).replace("-", "").upper()
    which = [AddressCode.code_hash == hash_token(code), AddressCode.channel == Channel.line]
    return _open_code(session, now, *which, lock=False) is not None


def end_line(session: Session, *, line_user: str, before: datetime, now: datetime) -> int:
    """They blocked the office's LINE account, or took it off their friends, at `before`; how many addresses it ends.

    What was proved after that moment stays: LINE may tell late, and whoever recorded its call may send it again.
    """
    asked = select(ChannelAddress.account_id).where(
        ChannelAddress.channel == Channel.line, ChannelAddress.value == line_user,
        col(ChannelAddress.ended_at).is_(None), ChannelAddress.proved_at <= before,
    )  # fmt: skip
    theirs = session.exec(asked).all()
    for account_id in theirs:
        account = session.get_one(Account, account_id)
        end_address(session, account=account, channel=Channel.line, why=AddressEnd.blocked, now=now)
    return len(theirs)


# --- of both ----------------------------------------------------------------------------------------------------------


def forget_codes(session: Session, now: datetime) -> None:
    """Delete the codes that are counted no more, with the addresses, perhaps a stranger's, that were never proved; also
    what was made while the clock was ahead.
    """
    old = sa.or_(col(AddressCode.made_at) <= now - COUNTED_FOR, col(AddressCode.made_at) > now + CLOCK_TOLERANCE)
    session.exec(sa.delete(AddressCode).where(old))


def _add_code(session: Session, account: Account, channel: Channel, value: str, code_hash: str, now: datetime) -> None:
    end_codes(session, account.id or 0, now, channel=channel)
    session.add(
        AddressCode(
            account_id=account.id or 0, channel=channel, value=value, code_hash=code_hash, made_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES),
        )
    )  # fmt: skip
    _note(session, account, "address.ask", channel, now)


def _open_mail_code(session: Session, account_id: int, now: datetime, *, lock: bool = True) -> AddressCode | None:
    """The newest code that went to the account by mail, where it still holds."""
    which = AddressCode.account_id == account_id, AddressCode.channel == Channel.mail
    return _open_code(session, now, *which, lock=lock)


def _open_code(
    session: Session, now: datetime, *which: sa.ColumnElement[bool] | bool, lock: bool = True
) -> AddressCode | None:
    """The newest such code, where it still holds; locked, for whoever changes it."""
    asked = select(AddressCode).where(*which).order_by(col(AddressCode.id).desc()).limit(1)
    found = session.exec(asked.with_for_update() if lock else asked).first()
    if found is None or found.used_at is not None or not is_fresh(found.made_at, found.expires_at, now):
        return None
    return found


def _proved(session: Session, account: Account, code: AddressCode, value: str, now: datetime) -> AddressFacts:
    code.used_at = now
    session.add(code)
    replaced = end_address(session, account=account, channel=code.channel, why=AddressEnd.replaced, now=now)
    made = ChannelAddress(
        account_id=account.id or 0, channel=code.channel, value=value, salt=secrets.token_hex(16), proved_at=now
    )
    session.add(made)
    session.flush()
    _note(session, account, "address.prove", code.channel, now, replaced=replaced)
    return AddressFacts(made.id or 0, made.account_id, made.channel, made.value, made.proved_at)
