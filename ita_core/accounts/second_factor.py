"""A second factor: codes of an app (RFC 6238: SHA-1, six digits, 30 seconds), and recovery codes in its stead."""

import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp
import sqlalchemy as sa
from pyotp.exceptions import OTPVerificationError
from sqlmodel import Session, col, func, select

from ita_core import audit
from ita_core.accounts import keys
from ita_core.accounts.factor_rules import is_demanded
from ita_core.accounts.grants import check_admin_of
from ita_core.accounts.guessing import begin_code, forget_failures
from ita_core.accounts.passwords import Credential
from ita_core.accounts.signing_in import check_compared, find_half, get_account, issue_ticket, shut_out
from ita_core.accounts.tokens import hash_token
from ita_core.days import TO_ARABIC
from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.models import Account, RecoveryCode, SecondFactor, SignIn

STEP_SECONDS = 30
WINDOW = 1  # steps before and after this one's whose code is taken: clocks of telephones go wrong by some seconds
RECOVERY_CODES = 10
_RECOVERY = re.compile(r"[A-Z2-7]{16}")  # 80 random bits, in base 32
_LOOK_ALIKE = str.maketrans("018", "OIB")  # base 32 has none of these


class WrongFactorCode(Refused):
    says = N_("The code is wrong, or was used already. With an app, wait until it shows the next one and type that; "
              "with recovery codes, compare the letters again or take another one.")  # fmt: skip


class FactorDemanded(Refused):
    says = N_("Your role must have a second step. If your telephone changed, set up the new one in its place.")


class NoFactor(Refused):
    says = N_("There is no second step here any more.")


class OwnFactor(Refused):
    says = N_("Your own second step is changed at “My account”, with your password.")


@dataclass(frozen=True, slots=True)
class FactorFacts:
    """A second factor without anything secret."""

    since: datetime
    recovery_left: int
    usable: bool  # this server has the key that its secret is kept with


@dataclass(frozen=True, slots=True)
class Counted:
    """A try at a code that was counted; `counter` is where."""

    username: str
    counter: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A code of the account's own second factor was right just now: of which one, as it is kept."""

    account_id: int
    secret: str


def new_secret() -> str:
    """A new secret of 160 random bits, as apps take it: 32 letters and digits of base 32."""
    return pyotp.random_base32()


def address_of_secret(secret: str, username: str) -> str:
    """The otpauth:// address that an app reads from the QR code."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=username, issuer_name="ITA")


def find_factor(session: Session, account_id: int) -> FactorFacts | None:
    """What is known of the account's second factor; None where it has none."""
    found = session.exec(select(SecondFactor).where(SecondFactor.account_id == account_id)).one_or_none()
    if found is None:
        return None
    unused = select(func.count()).where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    return FactorFacts(found.created_at, session.exec(unused).one(), keys.opens(found.key_name))


def _factor(session: Session, account_id: int) -> SecondFactor | None:
    """For whoever changes it: nobody else does meanwhile."""
    wanted = select(SecondFactor).where(SecondFactor.account_id == account_id).with_for_update()
    return session.exec(wanted).one_or_none()


def _step_of(secret: str, typed: str, now: datetime, after: int) -> int:
    """The time step whose code this is, later than `after`.

    Raises WrongFactorCode.
    """
    made = pyotp.TOTP(secret, interval=STEP_SECONDS)
    try:
        step = made.verify_and_get_timecode(typed, for_time=now, valid_window=WINDOW)
    except OTPVerificationError:
        raise WrongFactorCode from None
    if step <= after:
        raise WrongFactorCode
    return step


def _clean(typed: str) -> tuple[str, bool]:
    """What was typed, without what people put between; whether it can be a recovery code."""
    cleaned = re.sub(r"[\s-]", "", typed[:100]).translate(TO_ARABIC)
    if re.fullmatch(r"[0-9]{0,8}", cleaned):
        return cleaned, False
    return cleaned.upper().translate(_LOOK_ALIKE), True


# --- having one -------------------------------------------------------------------------------------------------------


def begin_own_code(
    session: Session,
    *,
    account: Account,
    typed: str,
    address: str,
    device: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Counted:
    """Count this try at a code of one's own factor, as at the door; it counts as wrong until `show_factor`.

    Raises TooManyTries.
    """
    username = account.username or ""
    recovery = _clean(typed)[1]
    counter = begin_code(session, username=username, address=address, device=device, recovery=recovery, clock=clock)
    return Counted(username, counter)


def show_factor(
    session: Session, *, account: Account, typed: str, counted: Counted, address: str, now: datetime
) -> Shown:
    """What changing one's own factor asks for, beside the password: a code of it, or one of its recovery codes.

    Neither is taken again. Raises NoFactor, WrongFactorCode, KeyGone where only a recovery code can be checked here.
    """
    of = account.id or 0
    found = _factor(session, of)
    if found is None:
        raise NoFactor
    _take_code(session, account, typed, now)
    forget_failures(session, username=counted.username, address=address, counter=counted.counter, now=now)
    return Shown(of, found.secret)


def _check_shown(factor: SecondFactor, shown: Shown | None) -> None:
    """That a code of this very factor was shown: the password alone changes nothing of it.

    Raises WrongFactorCode.
    """
    if shown is None or (shown.account_id, shown.secret) != (factor.account_id, factor.secret):
        raise WrongFactorCode


def enrol(
    session: Session,
    *,
    account: Account,
    compared: Credential,
    secret: str,
    typed: str,
    now: datetime,
    keep: str = "",
    shown: Shown | None = None,
) -> list[str]:
    """Make this secret the account's second factor, in place of an earlier one, once a code of it was right.

    `compared` is what the password matched, which was asked for just now; `shown` the earlier factor's code, where
    there is one: who lost that and its recovery codes turns to the administrator. Every other sign-in of the account
    ends; `keep` names the one that stays. Returns the recovery codes: shown once, kept as hashes.
    Raises WrongPassword where that is no longer what the account has, WrongFactorCode, NoKey.
    """
    of = check_compared(session, account, compared)
    before = _factor(session, of)
    if before is not None:
        _check_shown(before, shown)
    cleaned, _recovery = _clean(typed)
    step = _step_of(secret, cleaned, now, after=-1)
    kept, name = keys.encrypt(secret, of)
    if before is not None:
        session.delete(before)
        session.flush()
    session.add(SecondFactor(account_id=of, secret=kept, key_name=name, created_at=now, last_step=step))
    codes = _new_codes(session, of, now)
    shut_out(session, now, of, keep)
    if keep:  # this very sign-in has just shown both
        session.exec(
            sa.update(SignIn).where(col(SignIn.public_id) == keep, col(SignIn.account_id) == of).values(by_two=True)
        )
    audit.record(
        session, actor=account, action="account.set_factor", subject=f"account {of}", at=now,
        replaced=before is not None,
    )  # fmt: skip
    return codes


def _new_codes(session: Session, account_id: int, now: datetime) -> list[str]:
    session.exec(sa.delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    made = [base64.b32encode(secrets.token_bytes(10)).decode() for _each in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account_id, code_hash=hash_token(one), created_at=now) for one in made)
    return ["-".join(one[at : at + 4] for at in range(0, len(one), 4)) for one in made]


def renew_recovery(
    session: Session, *, account: Account, compared: Credential, now: datetime, shown: Shown | None
) -> list[str]:
    """Ten new recovery codes in place of those of before, for whoever's password and code were asked for just now.

    Raises WrongPassword, NoFactor, WrongFactorCode.
    """
    of = check_compared(session, account, compared)
    factor = _factor(session, of)
    if factor is None:
        raise NoFactor
    _check_shown(factor, shown)
    audit.record(session, actor=account, action="account.renew_recovery", subject=f"account {of}", at=now)
    return _new_codes(session, of, now)


def remove_factor(
    session: Session, *, account: Account, compared: Credential, now: datetime, shown: Shown | None, keep: str = ""
) -> None:
    """Do without a second factor from now on; every other sign-in ends, `keep` names the one that stays.

    Raises WrongPassword, NoFactor, WrongFactorCode, FactorDemanded where the account's role must have one.
    """
    of = check_compared(session, account, compared)
    if is_demanded(session, of):
        raise FactorDemanded
    factor = _factor(session, of)
    if factor is None:
        raise NoFactor
    _check_shown(factor, shown)
    _remove(session, of)
    shut_out(session, now, of, keep)
    audit.record(session, actor=account, action="account.remove_factor", subject=f"account {of}", at=now)


def take_factor_away(session: Session, *, by: Account | None, account_id: int, now: datetime) -> None:
    """Take away the second factor of somebody who lost it; they are signed out everywhere.

    Once more is nothing more.
    Raises NotYours unless `by` administers the account or is the system, NotFound, OwnFactor.
    """
    check_admin_of(session, by, account_id)
    get_account(session, account_id)
    if by is not None and by.id == account_id:
        raise OwnFactor
    if _remove(session, account_id):
        shut_out(session, now, account_id)
        audit.record(session, actor=by, action="account.take_factor", subject=f"account {account_id}", at=now)


def _remove(session: Session, account_id: int) -> bool:
    found = _factor(session, account_id)
    if found is None:
        return False
    session.delete(found)
    # What it was shown for stands for nothing any more: where one is demanded later, these sign-ins have shown none.
    session.exec(sa.update(SignIn).where(col(SignIn.account_id) == account_id).values(by_two=False))
    session.exec(sa.delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    return True


# --- at the door ------------------------------------------------------------------------------------------------------


def check_half(session: Session, *, half: str, now: datetime) -> None:
    """For `db.reading`, before `begin_second_step`: a made-up token shall not make anybody wait for the write lock.

    Raises TicketOver.
    """
    find_half(session, half, now, lock=False)


def begin_second_step(
    session: Session,
    *,
    half: str,
    typed: str,
    address: str,
    device: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Counted:
    """Count this try at a code. It counts as wrong until `finish_second_step`, and is committed before that.

    `half` is the token that `pass_first_step` gave.
    Raises TicketOver for one that is unknown, used or over, TooManyTries.
    """
    account = get_account(session, find_half(session, half, clock()).account_id, enabled=True)
    username = account.username or ""
    recovery = _clean(typed)[1]
    counter = begin_code(session, username=username, address=address, device=device, recovery=recovery, clock=clock)
    return Counted(username, counter)


def finish_second_step(
    session: Session, *, half: str, typed: str, counted: Counted, address: str, now: datetime
) -> str:
    """The ticket of whoever typed a code that is right; neither it nor the half sign-in is taken again.

    Raises TicketOver, WrongFactorCode, KeyGone where the code cannot be checked here.
    """
    found = find_half(session, half, now)
    account = get_account(session, found.account_id, enabled=True)
    _take_code(session, account, typed, now)
    found.used_at = now
    session.add(found)
    forget_failures(session, username=counted.username, address=address, counter=counted.counter, now=now)
    return issue_ticket(session, account_id=found.account_id, now=now, by_two=True, how="account.accept_code")


def _take_code(session: Session, account: Account, typed: str, now: datetime) -> None:
    """Take this code of the account's factor, or recovery code; raises WrongFactorCode, KeyGone."""
    of = account.id or 0
    cleaned, recovery = _clean(typed)
    if not recovery:
        _take_step(session, of, cleaned, now)
        return
    left = _take_recovery(session, of, cleaned, now)
    audit.record(session, actor=account, action="account.use_recovery", subject=f"account {of}", at=now, left=left)


def _take_step(session: Session, account_id: int, typed: str, now: datetime) -> None:
    factor = _factor(session, account_id)
    if factor is None:
        raise NotFound
    step = _step_of(keys.decrypt(factor.secret, factor.key_name, account_id), typed, now, after=factor.last_step)
    factor.last_step = step
    session.add(factor)
    session.flush()


def _take_recovery(session: Session, account_id: int, typed: str, now: datetime) -> int:
    """How many are left after this one."""
    of_account = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None)
    ).with_for_update()  # fmt: skip
    unused = list(session.exec(of_account))
    found = next((one for one in unused if one.code_hash == hash_token(typed)), None)
    if found is None or not _RECOVERY.fullmatch(typed):
        raise WrongFactorCode
    found.used_at = now
    session.add(found)
    session.flush()
    return len(unused) - 1
