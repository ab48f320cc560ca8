"""That personal names left the system in a file: who took which, of which day."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from ita_core import audit, queries
from ita_core.days import day_of
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import AuditEntry
from ita_core.workflow.asking import get_account

NOTED = "export.take"  # the audit's word for it
MOST_NOTED_A_DAY = 100  # for each account, and for the command line
WHOLE = ("pack", "zip")  # evidence itself: each is noted as itself, so it can be asked whether it was given out
MOST_WHOLE_A_DAY = 300  # that an account may take along; of MOST_NOTED_A_DAY nothing is taken by them
# Looked through for what was noted today already; more than that in one day, and it is noted once more.
_LAST_ENTRIES = 5_000


class TakenEnough(Refused):
    says = N_("You have taken along {most} ZIPs of evidence today, and each stands in the record: go on tomorrow.")


def note_export(
    session: Session, *, by: int | None, assessment_id: int, what: str, day: date, at: datetime, **detail: Any
) -> None:
    """Put into the audit that `what` ("items", "workbook", "document report") was taken out, as of `day`.

    To be called before the file is given out, by whatever gives out a file with personal names: what cannot be noted is
    not given. `by` None is the command line. What more is worth knowing (`format=`, `item=`) stands beside it.

    Once a calendar day for the same thing of the same day by the same account, and no more than `MOST_NOTED_A_DAY` of
    them, the last of which says that what follows is not noted: an account that asks a thousand times must not fill the
    record. A pack and a ZIP of evidence ("pack …", "zip …": `WHOLE`) are noted whatever else was taken.

    Raises NotFound for an account that is gone or disabled, or has no role in the assessment's office, and TakenEnough
    where it took MOST_WHOLE_A_DAY of these.
    """
    account = None
    if by is not None:
        account = get_account(session, by)
        queries.get_actor(session, by, assessment_id)
    of = queries.get_assessment_by_id(session, assessment_id)
    noted = _noted_today(session, by, at)
    same = any(
        entry.subject == f"export {what}"
        and entry.detail.get("assessment") == of.name
        and entry.detail.get("as_of") == day.isoformat()
        for entry in noted
    )
    whole = _is_whole(f"export {what}")
    alike = sum(_is_whole(entry.subject) is whole for entry in noted)
    if same or (not whole and alike >= MOST_NOTED_A_DAY):
        return
    if whole and by is not None:
        _check_taken(alike)
    if not whole and alike == MOST_NOTED_A_DAY - 1:
        detail["not_noted"] = "what follows on this day, but packs and ZIPs"
    audit.record(
        session, actor=account, action=NOTED, subject=f"export {what}", at=at, assessment=of.name,
        as_of=day.isoformat(), **detail,
    )  # fmt: skip


def may_take_whole(session: Session, *, by: int, at: datetime) -> None:
    """Nothing, where the account may take one more pack or ZIP today: to be asked before one is made.

    Raises TakenEnough.
    """
    _check_taken(sum(_is_whole(entry.subject) for entry in _noted_today(session, by, at)))


def _check_taken(packs: int) -> None:
    if packs >= MOST_WHOLE_A_DAY:
        raise TakenEnough(most=MOST_WHOLE_A_DAY)


def _is_whole(subject: str) -> bool:
    return subject.removeprefix("export ").partition(" ")[0] in WHOLE


def _noted_today(session: Session, by: int | None, at: datetime) -> list[AuditEntry]:
    newest = audit.head(session)[0]
    statement = select(AuditEntry).where(
        AuditEntry.number > newest - _LAST_ENTRIES, AuditEntry.action == NOTED, AuditEntry.account_id == by
    )
    found = session.exec(statement.order_by(col(AuditEntry.number))).all()
    return [entry for entry in found if day_of(entry.at) == day_of(at)]
