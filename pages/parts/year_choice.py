"""Offices and years in the address: what can be looked at, and which of them is."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core import thai
from ita_core.language import _
from ita_core.queries import AssessmentFacts


@dataclass(frozen=True, slots=True)
class Year:
    """One office in one fiscal year, with the address that opens it on the page one is on."""

    name: str
    span: str
    address: str
    here: bool


def name(one: AssessmentFacts, among: Sequence[AssessmentFacts]) -> str:
    """The fiscal year; with its office where there are several."""
    year = _("FY {year}").format(year=one.fiscal_year)
    return year if len({other.office_id for other in among}) == 1 else f"{one.office_short} · {year}"


def years(among: Sequence[AssessmentFacts], here: AssessmentFacts | None) -> list[Year]:
    """Every one of them; a day or a meeting of another year goes from the address."""
    return [
        Year(
            name(one, among),
            f"{thai.date_text(one.starts)} – {thai.date_text(one.ends)}",
            f"?office={one.office_code}&year={one.fiscal_year}&day=&since=&meeting=&month=",
            here is not None and one.id == here.id,
        )
        for one in among
    ]
