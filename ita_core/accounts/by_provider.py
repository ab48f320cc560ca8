"""Whom the sign-in provider's word lets in: an account that is there, by the name that an administrator gave for it.

An account is never made by a provider's word. What it is compared with is a name of its own (`Account.provider_name`),
not the user name: that is chosen by its owner when the invitation is used, and what people are called at the provider
is, at some, chosen by them there; whoever could choose either would get into another's account. Where both are given
out by the office, `ITA_OIDC_USERNAMES` has the user name stand for whoever has no such name.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import audit
from ita_core.accounts.grants import check_admin_of
from ita_core.accounts.provider.checking import LONGEST_NAME, written
from ita_core.accounts.provider.refusals import AttemptOver, NobodyHere
from ita_core.accounts.provider.setup import Word
from ita_core.accounts.provider.way import ATTEMPT_SECONDS
from ita_core.accounts.signing_in import Passed, get_account, pass_first_step, shut_out
from ita_core.accounts.tokens import CLOCK_TOLERANCE, hash_token
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import Account, ProviderAnswer


class BadProviderName(Refused):
    says = N_("A name at the sign-in provider has at most 255 characters, all of which can be seen.")


class ProviderNameTaken(Refused):
    says = N_("Another account has this name at the sign-in provider.")


def check_word(session: Session, *, word: Word, usernames: bool) -> None:
    """For `db.reading`, before `accept_word`: whom nobody knows shall not make anybody wait for the write lock.

    Raises NobodyHere.
    """
    _named(session, word, usernames)


def accept_word(session: Session, *, word: Word, state: str, usernames: bool, now: datetime) -> Passed:
    """What whoever the provider names gets: a ticket, or half of one where a code of ours is still to come.

    `state` is that of the answer, which is used up by it.
    Raises NobodyHere, alike for a name that no account has and for one that is disabled; AttemptOver for an answer
    that was used.
    """
    account = _named(session, word, usernames)
    # An answer is taken for ten minutes after its sign-in was begun: after that nobody need remember that it was used.
    over = now - timedelta(seconds=ATTEMPT_SECONDS) - 2 * CLOCK_TOLERANCE
    session.exec(sa.delete(ProviderAnswer).where(col(ProviderAnswer.at) < over))
    hashed = hash_token(state)
    if session.exec(select(ProviderAnswer.id).where(ProviderAnswer.state_hash == hashed)).first() is not None:
        raise AttemptOver
    assert account.id is not None
    session.add(ProviderAnswer(account_id=account.id, state_hash=hashed, at=now))
    return pass_first_step(session, account_id=account.id, now=now, by_two=word.by_two, how="account.accept_provider")


def note_refused_word(session: Session, *, address: str, now: datetime) -> None:
    """Put into the audit that the provider named somebody who is nobody here, without the name."""
    audit.record(session, actor=None, action="session.fail", subject="provider", at=now, address=address)


def set_provider_name(
    session: Session, *, by: Account | None, account_id: int, name: str, now: datetime, keep: str = ""
) -> None:
    """Say what the provider calls an account's owner; empty for nobody's.

    Its sign-ins, tickets, tokens and open invitations end, for who came in by another name is out; `keep` names the
    sign-in that stays, of an administrator who changes their own. Of an account that has not joined the slip stays:
    it lies printed on somebody's desk. The same again is nothing more.
    Raises NotYours unless `by` is an administrator or the system, NotFound, BadProviderName, ProviderNameTaken.
    """
    check_admin_of(session, by, account_id)
    account = get_account(session, account_id)
    chosen = written(name) or None
    if chosen and (len(chosen) > LONGEST_NAME or not chosen.isprintable()):
        raise BadProviderName
    if chosen == account.provider_name:
        return
    taken = select(Account.id).where(Account.provider_name == chosen, Account.id != account_id)
    if chosen and session.exec(taken).first() is not None:
        raise ProviderNameTaken
    account.provider_name = chosen
    session.add(account)
    shut_out(session, now, account_id, keep, slips=account.password_hash is not None)
    subject = f"account {account_id}"
    audit.record(
        session, actor=by, action="account.name_at_provider", subject=subject, at=now, given=chosen is not None
    )


def _named(session: Session, word: Word, usernames: bool) -> Account:
    """The account that is meant.

    Raises NobodyHere.
    """
    found = session.exec(select(Account).where(Account.provider_name == word.name)).one_or_none()
    if found is None and usernames:
        by_user_name = select(Account).where(Account.username == word.name, col(Account.provider_name).is_(None))
        found = session.exec(by_user_name).one_or_none()
    if found is None or found.disabled:
        raise NobodyHere
    return found
