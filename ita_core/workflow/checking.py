"""A published address checked: the website is asked first, under no lock; then what was found is kept."""

import threading
from datetime import datetime

from ita_core import db, queries, turns, workflow
from ita_core.board.links import Check, Link
from ita_core.errors import Refused
from ita_core.evidence.store import open_store
from ita_core.language import N_
from ita_core.links import finding
from ita_core.links.found import Found
from ita_core.queries import AssessmentFacts
from ita_core.workflow.receiving import remove_unnamed

SECONDS, SECONDS_OF_A_PRESS = 60, 20  # for one address: by the timer, and while somebody waits for it
TRIES = 2  # by the timer: a website that is away for a moment is not yet broken
_pressing = threading.BoundedSemaphore(2)  # presses at once in this process: each holds a thread for seconds


class OthersCheck(Refused):
    says = N_("Others have links checked at this moment. Try again in a minute.")
    passing = True


def check(assessment: AssessmentFacts, link: Link, *, by: int | None, at: datetime) -> Check:
    """Ask the website for this address of the assessment, and keep what was found; by whom (None: by the timer).

    Raises OthersCheck, and what `workflow.note_check` and `finding.finding` raise.
    """
    if by is None:
        return _check(assessment, link, None, at)
    if not _pressing.acquire(blocking=False):
        raise OthersCheck
    try:
        return _check(assessment, link, by, at)
    finally:
        _pressing.release()


def _check(assessment: AssessmentFacts, link: Link, by: int | None, at: datetime) -> Check:
    with db.reading() as session:
        workflow.may_check(session, by=by, item_id=link.item_id, url=link.url, at=at)
    asked = finding.rules(assessment.office_code, seconds=SECONDS if by is None else SECONDS_OF_A_PRESS)
    tries = TRIES if by is None else 1
    with finding.finding(link.url, assessment.fiscal_year, asked, tries=tries) as found:
        return _kept(assessment, link, by, at, found)


def _kept(assessment: AssessmentFacts, link: Link, by: int | None, at: datetime, found: Found) -> Check:
    archived = found.archived
    if archived is None:
        return _noted(assessment, link, by, at, found)
    try:
        with db.claiming(archived.sha256):
            with turns.waiting():
                open_store().keep(archived.path, archived.sha256)
            return _noted(assessment, link, by, at, found)
    except Refused:
        remove_unnamed([archived.sha256])
        raise


def _noted(assessment: AssessmentFacts, link: Link, by: int | None, at: datetime, found: Found) -> Check:
    with db.writing() as session:
        number = workflow.note_check(session, by=by, item_id=link.item_id, url=link.url, found=found, at=at)
    with db.reading() as session:
        return queries.get_check(session, assessment.id, number)
