"""Published addresses looked at: who may have one checked and how often, and what was found kept as a record.

Asking the website is no part of this: `checking` does it, before.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from ita_core import access, audit, queries
from ita_core.errors import NotFound, NotYours, Refused
from ita_core.language import N_
from ita_core.links.found import WARC, Found
from ita_core.models import Account, Evidence, Item, LinkCheck, LinkOutcome, StoredFile
from ita_core.workflow.asking import acting_on, check_open, new_id, standing_of

MOST_AN_HOUR = 60  # of one account
FORMAT = "warc"  # of a kept answer, among those of stored files


class NotPublished(Refused):
    says = N_("{item} has no such address: look at it again.")


class TooManyChecks(Refused):
    says = N_("You had {most} links checked within an hour. The next check is possible in a while.")
    passing = True


def may_check(session: Session, *, by: int | None, item_id: int, url: str, at: datetime) -> None:
    """Nothing, where this account (None: the system itself) may have this address of the item checked now.

    Raises NotFound, YearClosed, NotYours, NotPublished, TooManyChecks.
    """
    item = _acting(session, by, item_id)[1]
    known = queries.list_links(session, None, item.assessment_id, item_id=item_id)
    if (item_id, url) not in {(one.item_id, one.url) for one in known}:
        raise NotPublished(item=item.code)
    if by is not None:
        lately = select(func.count()).select_from(LinkCheck)
        lately = lately.where(LinkCheck.account_id == by, col(LinkCheck.at) > at - timedelta(hours=1))
        if session.exec(lately).one() >= MOST_AN_HOUR:
            raise TooManyChecks(most=MOST_AN_HOUR)


def note_check(session: Session, *, by: int | None, item_id: int, url: str, found: Found, at: datetime) -> int:
    """Keep what was found at a published address; gives the check's id.

    Where the answer was archived, its object is in the store before this is called.

    Raises what `may_check` raises: it may have changed while the website was asked.
    """
    may_check(session, by=by, item_id=item_id, url=url, at=at)
    account, item = _acting(session, by, item_id)
    archived = found.archived
    if archived is not None and session.get(StoredFile, archived.sha256) is None:
        session.add(StoredFile(sha256=archived.sha256, size=archived.size, media_type=WARC, format=FORMAT))
        session.flush()
    check = LinkCheck(
        item_id=item_id, account_id=by, url=url, outcome=found.outcome, why=found.why, status=found.status,
        final_url=found.final_url, media_type=found.media_type, size=found.size, sha256=found.sha256,
        words_sha256=found.words_sha256, changed=_changed(session, item_id, url, found), names_year=found.names_year,
        evidence_id=_same_evidence(session, item_id, found), certificate_ends=found.certificate_ends,
        kept_sha256=archived.sha256 if archived else None, at=at,
    )  # fmt: skip
    session.add(check)
    session.flush()
    audit.record(
        session, actor=account, action="link.check", subject=f"check {check.id}", at=at,
        touches=item.assessment_id, item=item.code, url=url, outcome=found.outcome.value, sha256=found.sha256,
    )  # fmt: skip
    return new_id(check.id)


def _acting(session: Session, by: int | None, item_id: int) -> tuple[Account | None, Item]:
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound
    if by is None:
        check_open(session, item.assessment_id, item_id)
        return None, item
    account, actor = acting_on(session, by, item_id)
    if not access.may_publish(actor):
        raise NotYours
    return account, item


def _changed(session: Session, item_id: int, url: str, found: Found) -> bool | None:
    """Whether it says something else than when it was reached last: by its words, where both have some."""
    if found.outcome is not LinkOutcome.reached:
        return None
    before = select(LinkCheck).where(
        LinkCheck.item_id == item_id, LinkCheck.url == url, LinkCheck.outcome == LinkOutcome.reached
    )
    last = session.exec(before.order_by(col(LinkCheck.at).desc(), col(LinkCheck.id).desc()).limit(1)).first()
    if last is None:
        return None
    if found.words_sha256 and last.words_sha256:
        return found.words_sha256 != last.words_sha256
    return found.sha256 != last.sha256


def _same_evidence(session: Session, item_id: int, found: Found) -> int | None:
    """The item's accepted evidence that is, byte for byte, what was found."""
    if found.outcome is not LinkOutcome.reached or not found.sha256:
        return None
    accepted = standing_of(session, item_id).accepted_ids
    same = select(Evidence.id).where(Evidence.sha256 == found.sha256, col(Evidence.id).in_(accepted))
    return session.exec(same.order_by(col(Evidence.id).desc())).first()
