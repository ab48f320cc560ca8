"""Which assessment: one office in one fiscal year."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from ita_core.errors import NotFound
from ita_core.models import Assessment, Office
from ita_core.queries.plans import get_history
from ita_core.queries.remembered import remembered


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """One office in one fiscal year, as its newest revision has it; `target` is in points, 0–100."""

    id: int
    office_id: int
    office_code: str
    office: str
    office_short: str
    fiscal_year: int
    starts: date
    ends: date
    closes: date  # the OIT window: what has no deadline of its own closes with it
    target: float
    website: str
    framework: str

    @property
    def name(self) -> str:
        """prachuap-2568, as the command line calls it."""
        return f"{self.office_code}-{self.fiscal_year}"


@remembered
def list_assessments(session: Session) -> list[AssessmentFacts]:
    """Every assessment, offices by their codes, of each the newest year first."""
    order = col(Office.code), col(Assessment.fiscal_year).desc()
    return [_facts(session, row, code) for row, code in session.exec(_rows().order_by(*order)).all()]


def _rows() -> Select[Assessment, str]:
    return select(Assessment, Office.code).join(Office, col(Office.id) == Assessment.office_id)


def _facts(session: Session, row: Assessment, office_code: str) -> AssessmentFacts:
    assert row.id is not None
    now = get_history(session, row.id).now
    return AssessmentFacts(
        row.id, row.office_id, office_code, now.plan.office.name, now.plan.office.short, row.fiscal_year, row.starts,
        row.ends, now.framework.closes, now.plan.target, now.plan.office.website, now.framework.code,
    )  # fmt: skip


def usual_year(listed: list[AssessmentFacts], day: date) -> AssessmentFacts:
    """Of an office's assessments that a day lies in; else the newest that has begun, else the first to begin.

    Raises NotFound where there is none.
    """
    if not listed:
        raise NotFound
    ordered = sorted(listed, key=lambda one: one.fiscal_year)
    return next((one for one in reversed(ordered) if one.starts <= day), ordered[0])


def get_assessment(session: Session, name: str = "", *, day: date = date.max) -> AssessmentFacts:
    """The assessment called `name` ("prachuap-2568", or just its year or its office's code), or the usual one of a day.

    Of several that the name fits, the one that `usual_year` says of the first office. Raises NotFound.
    """
    wanted = name.replace(" ", "-")
    fits = [
        one
        for one in list_assessments(session)
        if not name or wanted in {str(one.fiscal_year), one.office_code, one.name}
    ]
    return usual_year([one for one in fits if one.office_id == fits[0].office_id], day)


@remembered
def get_assessment_by_id(session: Session, assessment_id: int) -> AssessmentFacts:
    """The assessment with this id.

    Raises NotFound.
    """
    found = session.exec(_rows().where(Assessment.id == assessment_id)).first()
    if found is None:
        raise NotFound
    return _facts(session, *found)
