"""Which assessment: one office in one fiscal year."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from ita_core.errors import NotFound
from ita_core.models import (
    Assessment,
)
from ita_core.queries.remembered import remembered


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """One office in one fiscal year; `target` is in points, 0–100."""

    id: int
    office: str
    office_short: str
    fiscal_year: int
    starts: date
    ends: date
    closes: date
    target: float
    website: str


@remembered
def get_assessment(session: Session, name: str = "") -> AssessmentFacts:
    """The newest assessment, or the one called `name` ("prachuap 2568" or just its year or office code).

    Raises NotFound where there is none.
    """
    rows = session.exec(
        select(Assessment).order_by(col(Assessment.fiscal_year).desc(), col(Assessment.id).desc())
    ).all()
    for row in rows:
        known = {str(row.fiscal_year), row.office_code, f"{row.office_code}-{row.fiscal_year}", row.plan_code}
        if row.id is not None and (not name or name.replace(" ", "-") in known):
            return AssessmentFacts(
                row.id, row.office, row.office_short, row.fiscal_year, row.starts, row.ends, row.closes, row.target,
                row.website,
            )  # fmt: skip
    raise NotFound
