"""The browsers that an account is signed in with: told to its owner, ended one by one, forgotten after a while."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.accounts.grants import check_admin_of
from ita_core.accounts.signing_in import end_sign_ins, get_account, shut_out
from ita_core.accounts.tokens import is_fresh
from ita_core.errors import NotFound
from ita_core.models import Account, LastSeen, SignIn

KEPT_DAYS = 90  # after it ended; Thailand's Computer-Related Crime Act asks for no less (B.E. 2550, section 26)
NOTED = timedelta(minutes=5)  # use within which is not told apart
MOST_NOTED = 10_000  # sign-ins whose use waits to be written

_lock = threading.Lock()
_noted: dict[str, datetime] = {}  # by public id, since the last writing
_written: dict[str, datetime] = {}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser that is signed in now."""

    id: int
    browser: str
    address: str
    since: datetime
    seen: datetime
    here: bool  # the one that asks


def list_signed_in(session: Session, *, account: Account, public_id: str, now: datetime) -> list[SignedIn]:
    """One's own browsers that are signed in now, the one used last first; `public_id` is the sign-in of who asks."""
    asked = (
        select(SignIn, LastSeen)
        .join(LastSeen, col(LastSeen.sign_in_id) == SignIn.id, isouter=True)
        .where(SignIn.account_id == account.id, col(SignIn.ended_at).is_(None), SignIn.expires_at > now)
    )
    found = []
    for one, seen in session.exec(asked):
        if not is_fresh(one.created_at, one.expires_at, now):
            continue
        here = one.public_id == public_id
        uses = [one.created_at, _noted.get(one.public_id), seen.at if seen else None, now if here else None]
        last = max(use for use in uses if use is not None)
        found.append(SignedIn(one.id or 0, one.browser, one.address, one.created_at, last, here))
    return sorted(found, key=lambda one: (one.here, one.seen), reverse=True)


def end_one(session: Session, *, account: Account, sign_in_id: int, now: datetime) -> None:
    """End one of one's own sign-ins; one that is over already is left alone.

    Raises NotFound for another's, too.
    """
    found = session.get(SignIn, sign_in_id)
    if found is None or found.account_id != account.id:
        raise NotFound
    if end_sign_ins(session, now, col(SignIn.id) == sign_in_id):
        subject = f"account {account.id}"
        audit.record(session, actor=account, action="session.end", subject=subject, at=now, elsewhere=True)


def end_all_of(session: Session, *, by: Account | None, account_id: int, now: datetime) -> int:
    """End all sign-ins and tokens of somebody else's account; how many sign-ins there were.

    They keep the password, and the administrator's own slip: it may have been printed a moment ago.

    Raises NotYours unless `by` is an administrator or the system, NotFound.
    """
    check_admin_of(session, by, account_id)
    get_account(session, account_id)
    ended = shut_out(session, now, account_id, slips=False)
    audit.record(session, actor=by, action="session.end_all", subject=f"account {account_id}", at=now, ended=ended)
    return ended


def forget_ended(session: Session, now: datetime) -> None:
    """Delete what ended long ago, with the address that it came from."""
    over = now - timedelta(days=KEPT_DAYS)
    ended = sa.or_(col(SignIn.ended_at) < over, col(SignIn.expires_at) < over)
    session.exec(sa.delete(LastSeen).where(col(LastSeen.sign_in_id).in_(sa.select(col(SignIn.id)).where(ended))))
    session.exec(sa.delete(SignIn).where(ended))


def note_use(public_id: str, now: datetime) -> None:
    """That this sign-in is used now. It is kept in memory, and written with all others' now and then."""
    with _lock:
        last = _written.get(public_id)
        if last is not None and last <= now < last + NOTED:
            return
        if len(_noted) < MOST_NOTED or public_id in _noted:
            _noted[public_id] = now


def has_use_to_write() -> bool:
    """Whether anybody did anything since the last writing."""
    return bool(_noted)


def write_use(session: Session) -> None:
    """Write down when sign-ins were used last, all in one go."""
    with _lock:
        noted = dict(_noted)
        _noted.clear()
        _written.clear()
        _written.update(noted)
    names = list(noted)
    for start in range(0, len(names), 500):  # SQLite takes so many parameters
        some = select(SignIn.id, SignIn.public_id).where(col(SignIn.public_id).in_(names[start : start + 500]))
        for number, public_id in session.exec(some).all():
            row = session.get(LastSeen, number) or LastSeen(sign_in_id=number or 0, at=noted[public_id])
            row.at = max(row.at, noted[public_id])
            session.add(row)
