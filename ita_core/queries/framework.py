"""What the year's framework demands, and its calendar: as the newest revision has them."""

from dataclasses import dataclass

from sqlmodel import Session

from ita_core.queries.plans import get_history


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


def list_indicators(session: Session, assessment_id: int) -> list[IndicatorFacts]:
    """The ten indicators in their order."""
    indicators = get_history(session, assessment_id).now.framework.indicators
    return [IndicatorFacts(number, one.title, one.improve, one.instrument) for number, one in indicators.items()]


def list_instruments(session: Session, assessment_id: int) -> list[InstrumentFacts]:
    """IIT, EIT, OIT in their order."""
    instruments = get_history(session, assessment_id).now.framework.instruments
    return [InstrumentFacts(code, one.title, one.weight) for code, one in instruments.items()]


def list_levels(session: Session, assessment_id: int) -> list[tuple[str, float, float]]:
    """(title, total from, each instrument from), the highest first."""
    levels = get_history(session, assessment_id).now.framework.levels
    return [(one.title, one.total_min, one.each_min) for one in levels]
