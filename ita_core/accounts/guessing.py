"""The slowing down of whoever guesses passwords."""

import hashlib
import hmac
import ipaddress
import math
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from ita_core import audit
from ita_core.accounts.passwords import NO_HASH, Credential
from ita_core.accounts.tokens import CLOCK_TOLERANCE, TOKEN, hash_token
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import (
    Account,
    Device,
    SignIn,
    SignInFailure,
)

COUNTED_FOR = timedelta(hours=1)
KNOWN_FOR = timedelta(days=30)
NAME_FREE, NAME_LONGEST = 5, 60  # failures before a name is slowed, seconds it waits at most
ADDRESS_FREE, ADDRESS_LONGEST = 20, 300
TOKENS = "token"  # the counter of tokens that nobody holds
# A second factor's code is one of a million, and three are right at any moment: whoever tries them knows the password.
# So a day's tries are counted, and in the end one an hour is left (docs/threats.md says what that comes to).
CODE_FREE, CODE_LONGEST, CODES_COUNTED_FOR = 5, 3600, timedelta(days=1)
CODE, RECOVERY = "code", "recovery"  # what their counters begin with
RESET, ASKS_FREE, ASKS_IN_ALL = "reset", 10, 300  # links for a forgotten password asked for within an hour
DEVICE_DAYS = 180  # a browser is known for, from its last sign-in on
MOST_DEVICES = 20  # of one account
USERNAME = re.compile(r"[a-z0-9._-]{3,32}")


class TooManyTries(Refused):
    says = N_("Too many wrong tries. Wait {seconds} seconds, then try again.")


class TooManyAsks(TooManyTries):
    says = N_("Too many links for a new password were asked for. Wait {seconds} seconds, then ask again.")


def know_device(session: Session, *, account_id: int, device: str, now: datetime) -> str:
    """Remember that this account just signed in with the browser that holds this token; the token for it to keep.

    A browser that several people use keeps one token for all. One that we did not give is replaced: nobody chooses
    what another's browser is known by. An account has at most MOST_DEVICES; the one longest unused goes.
    """
    session.exec(sa.delete(Device).where(col(Device.last_at) <= now - timedelta(days=DEVICE_DAYS)))
    if (
        not TOKEN.fullmatch(device)
        or not session.exec(select(Device).where(Device.token_hash == hash_token(device))).all()
    ):
        device = secrets.token_urlsafe(32)
    theirs = session.exec(
        select(Device).where(Device.account_id == account_id).order_by(col(Device.last_at).desc())
    ).all()
    known = next((one for one in theirs if one.token_hash == hash_token(device)), None)
    if known is None:
        for one in theirs[MOST_DEVICES - 1 :]:
            session.delete(one)
        known = Device(account_id=account_id, token_hash=hash_token(device), last_at=now)
    known.last_at = now
    session.add(known)
    session.flush()
    return device


def known_device(session: Session, *, device: str) -> int | None:
    """The number of the browser that holds this token; None where nobody signed in with it lately."""
    if not TOKEN.fullmatch(device):
        return None
    return session.exec(
        select(Device.id).where(Device.token_hash == hash_token(device)).order_by(col(Device.id))
    ).first()


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
    _clear(session, now)
    session.add(SignInFailure(name_hash=_name_hash(username), address=network_of(address), counter=counter, at=now))
    known = session.exec(select(Account).where(Account.username == username.strip().lower())).one_or_none()
    if known is None or known.disabled or known.password_hash is None:
        return Credential(None, NO_HASH, counter)
    return Credential(known.id, known.password_hash, counter)


def _clear(session: Session, now: datetime) -> None:
    """Forget failures that no longer count."""
    old = sa.or_(
        sa.and_(col(SignInFailure.at) <= now - COUNTED_FOR, col(SignInFailure.counter).not_like(f"{CODE}%")),
        col(SignInFailure.at) <= now - CODES_COUNTED_FOR,
    )
    # What lies in the future was written while the clock was wrong.
    session.exec(sa.delete(SignInFailure).where(sa.or_(old, col(SignInFailure.at) > now + CLOCK_TOLERANCE)))


def begin_code(
    session: Session,
    *,
    username: str,
    address: str,
    device: str = "",
    recovery: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """Count a try at a second factor's code, as `begin_try` counts passwords, and by the same browsers and networks.

    Returns the counter, for `forget_failures` once it was right. A recovery code has a counter of its own, slowed as
    passwords are: nobody guesses one, and whoever is kept out by another's tries at codes still gets in by it.
    Raises TooManyTries; such a try is not counted.
    """
    now = clock()
    kind = RECOVERY if recovery else CODE
    longest, counted_for = (NAME_LONGEST, COUNTED_FOR) if recovery else (CODE_LONGEST, CODES_COUNTED_FOR)
    known = _counter(session, username, address, device, now)
    hashed, network, counter = _name_hash(username), network_of(address), f"{kind} {known}".strip()
    of_name: list[Any] = [SignInFailure.name_hash == hashed, SignInFailure.counter == counter]
    wait = _wait(session, now, of_name, CODE_FREE, longest, counted_for)
    if not known:
        from_here: list[Any] = [SignInFailure.address == network, SignInFailure.counter == counter]
        wait = max(wait, _wait(session, now, from_here, ADDRESS_FREE, longest, counted_for))
    if wait:
        raise TooManyTries(seconds=wait)
    _clear(session, now)
    session.add(SignInFailure(name_hash=hashed, address=network, counter=counter, at=now))
    return counter


def count_ask(session: Session, *, address: str, now: datetime) -> None:
    """Count that somebody asks for a link for a forgotten password, by their network and in all, whoever it is for.

    Raises TooManyAsks; that is not counted.
    """
    asked: list[Any] = [SignInFailure.counter == RESET]
    from_here = [*asked, SignInFailure.address == network_of(address)]
    wait = max(
        _wait(session, now, from_here, ASKS_FREE, ADDRESS_LONGEST),
        _wait(session, now, asked, ASKS_IN_ALL, int(COUNTED_FOR.total_seconds())),
    )
    if wait:
        raise TooManyAsks(seconds=wait)
    _clear(session, now)
    session.add(SignInFailure(name_hash="", address=network_of(address), counter=RESET, at=now))


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
    held, network = hash_token(device), network_of(address)
    if held in session.exec(known_devices).all():
        return f"device {held}"
    if network in {network_of(one) for one in session.exec(known_addresses.distinct())}:
        return f"network {network}"
    return ""


def _wait(
    session: Session, now: datetime, which: list[Any], free: int, longest: int, counted_for: timedelta = COUNTED_FOR
) -> int:
    # Another process's clock may be a little ahead: what it has just written counts, too.
    counted = select(func.count(), func.max(SignInFailure.at)).where(
        *which, SignInFailure.at > now - counted_for, SignInFailure.at <= now + CLOCK_TOLERANCE
    )
    failures, last = session.exec(counted).one()
    if failures < free:
        return 0
    seconds: int = min(longest, 2 ** min(failures - free, 16))
    return min(longest, max(0, math.ceil(seconds - (now - last).total_seconds())))


def count_wrong_token(session: Session, *, address: str, now: datetime) -> None:
    """Count a token that nobody holds. What was counted with passwords is not touched: an office whose script has an
    old token goes on signing in, and one whose password is guessed goes on reading.

    Only a token that is wrong is counted, and asked to wait: 256 random bits are guessed by nobody, so whoever comes
    from the same network with a right one is let in. Raises TooManyTries where this network must wait first; such a try
    is not counted.
    """
    if wait := wait_before_next_token(session, address=address, now=now):
        raise TooManyTries(seconds=wait)
    _clear(session, now)
    session.add(SignInFailure(name_hash="", address=network_of(address), counter=TOKENS, at=now))


def wait_before_next_token(session: Session, *, address: str, now: datetime) -> int:
    """Seconds that this network has to wait before a wrong token is looked at again; 0 for none."""
    from_here: list[Any] = [SignInFailure.address == network_of(address), SignInFailure.counter == TOKENS]
    return _wait(session, now, from_here, ADDRESS_FREE, ADDRESS_LONGEST)


def note_failure(session: Session, *, username: str, address: str, now: datetime, action: str = "session.fail") -> None:
    """Put a failed try (already counted by `begin_try` or `begin_code`) into the audit, without the name."""
    audit.record(
        session,
        actor=None,
        action=action,
        subject="name " + (_name_hash(username)[:12] or "malformed"),
        at=now,
        address=address,
    )


def forget_failures(session: Session, *, username: str, address: str, counter: str, now: datetime) -> None:
    """The password was right: what this browser or network failed with the name no longer counts.

    What others failed with it stays: whoever guesses elsewhere would see a wait end, and that the name is real.
    """
    theirs: list[Any] = [SignInFailure.name_hash == _name_hash(username), SignInFailure.counter == counter]
    if counter in {"", CODE, RECOVERY}:  # everybody's
        theirs.append(SignInFailure.address == network_of(address))
    session.exec(sa.delete(SignInFailure).where(*theirs, col(SignInFailure.at) <= now + CLOCK_TOLERANCE))


def _name_hash(username: str) -> str:
    # Empty for what can be nobody's user name: people type passwords into the wrong field, and a hash of one could be
    # guessed from a stolen database. Such a try counts for the address only.
    cleaned = username.strip().lower()
    if not USERNAME.fullmatch(cleaned):
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
