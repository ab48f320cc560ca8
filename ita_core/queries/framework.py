"""What the year's framework demands, its calendar and earlier scores."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ita_core.board.timeline import StepFacts
from ita_core.models import (
    Duty,
    DutyKind,
    Indicator,
    Instrument,
    Level,
    Phase,
    Score,
    Step,
)
from ita_core.queries.parties import PartyFacts, acting_for, people_by_id
from ita_core.queries.remembered import remembered


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """One of the ten indicators."""

    number: int
    title: str
    improve: str
    instrument: str


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """IIT, EIT or OIT."""

    code: str
    title: str
    weight: float  # share of the total, 0–1


@remembered
def list_indicators(session: Session, assessment_id: int) -> list[IndicatorFacts]:
    """The ten indicators in their order."""
    statement = select(Indicator, Instrument.code).join(Instrument, col(Instrument.id) == Indicator.instrument_id)
    rows = session.exec(statement.where(Indicator.assessment_id == assessment_id).order_by(col(Indicator.number)))
    return [IndicatorFacts(row.number, row.title, row.improve, code) for row, code in rows]


@remembered
def list_instruments(session: Session, assessment_id: int) -> list[InstrumentFacts]:
    """IIT, EIT, OIT in their order."""
    statement = select(Instrument).where(Instrument.assessment_id == assessment_id).order_by(col(Instrument.position))
    return [InstrumentFacts(row.code, row.title, row.weight) for row in session.exec(statement)]


@remembered
def list_levels(session: Session, assessment_id: int) -> list[tuple[str, float, float]]:
    """(title, total from, each instrument from), the highest first."""
    statement = select(Level).where(Level.assessment_id == assessment_id).order_by(col(Level.position))
    return [(row.title, row.total_min, row.each_min) for row in session.exec(statement)]


@remembered
def scores_by_year(session: Session, assessment_id: int) -> dict[int, dict[str, float]]:
    """Announced points by fiscal year and instrument code; "" is the total."""
    found: dict[int, dict[str, float]] = {}
    for row in session.exec(select(Score).where(Score.assessment_id == assessment_id)):
        found.setdefault(row.fiscal_year, {})[row.instrument_code or ""] = row.points
    return found


def list_steps(session: Session, assessment_id: int) -> list[StepFacts]:
    """The calendar's steps in their order, with the names of the parties and the officers who act for them."""
    persons = people_by_id(session, assessment_id)
    duties: dict[tuple[int, DutyKind], list[PartyFacts]] = {}
    on_steps = select(Duty).where(col(Duty.step_id).is_not(None), col(Duty.party_id).in_(persons))
    for duty in session.exec(on_steps.order_by(col(Duty.position))):
        duties.setdefault((duty.step_id or 0, duty.kind), []).append(persons[duty.party_id])
    statement = select(Step, Phase.title).join(Phase, col(Phase.id) == Step.phase_id)
    rows = session.exec(statement.where(Phase.assessment_id == assessment_id).order_by(col(Step.position)))
    found = []
    for step, phase in rows:
        supervise, prepare = (duties.get((step.id or 0, kind), []) for kind in (DutyKind.supervise, DutyKind.prepare))
        found.append(
            StepFacts(
                phase, step.position, step.title, step.work, step.starts, step.ends, step.first_starts,
                step.first_ends, step.instrument_code, tuple(one.full for one in supervise),
                tuple(one.full for one in prepare), acting_for([*supervise, *prepare]),
            )
        )  # fmt: skip
    return found
