"""Announced scores as people hand them over: rows of a CSV, a workbook or a form, read and held against the framework.

What is said of a row names it: a cell of the file, or the row of the form. Nothing is taken where anything is wrong.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from ita_core.board import scoring
from ita_core.language import N_
from ita_core.plan import lists
from ita_core.plan.faults import Faults, named
from ita_core.plan.framework import Framework
from ita_core.plan.lists import Row
from ita_core.plan.sentences import Misfit
from ita_core.plan.shape import CODE, buddhist_year
from ita_core.plan.workbook.cells import as_number, as_text, folded, in_digits
from ita_core.typed import LONGEST_NOTE, unkept_signs

TOTAL = "total"  # what stands for the instrument in the row of the total
MOST_ROWS = 2_000  # of one file: ten years of an office
LONGEST_SOURCE = 300  # characters of where a score was announced, or why it was retracted

# The columns by their key, with the headings that are known for each; the first is the exported one.
HEADINGS = {
    "fiscal_year": ("ปีงบประมาณ", "ปี", "fiscal year"),
    "instrument": ("เครื่องมือ",),
    "indicator": ("ตัวชี้วัด", "ตัวชี้วัดที่"),
    "item": ("ข้อ", "รหัสข้อ"),
    "points": ("คะแนน", "score"),
    "source": ("แหล่งที่มา", "ที่มา"),
    "office": ("หน่วยงาน",),
    "remark": ("หมายเหตุ", "remarks", "note"),  # whatever stands there is not read
    "form": ("รายการในแบบกรอก",),  # what a row of the form asks for, in words
}
REMARK = "remark"
FORM = "form"  # a row that has it was there before anybody filled anything in: without points it says nothing
NEEDED = ("fiscal_year", "points")
_COLUMNS = lists.Headings(HEADINGS, NEEDED, (REMARK, FORM))
_TOTAL = "คะแนนรวม"  # as headings are, Thai in every language
_TOTALS = {folded(word) for word in (TOTAL, _TOTAL, "รวม", "ภาพรวม")}


@dataclass(frozen=True, slots=True)
class ScoreEntry:
    """Points of 100 of one thing in one fiscal year: of an item, an indicator, an instrument, or ("") the total."""

    fiscal_year: int
    instrument: str
    indicator: int | None
    item: str
    points: float
    source: str = ""

    @property
    def of(self) -> tuple[int, str, int | None, str]:
        """What it is the score of: of two with the same, the later one holds."""
        return (
            (self.fiscal_year, "", None, self.item)
            if self.item
            else (self.fiscal_year, self.instrument, self.indicator, "")
        )

    @property
    def what(self) -> str:
        """IIT, IIT 3, O6; "" for the total."""
        return self.item or " ".join(str(part) for part in (self.instrument, self.indicator) if part not in ("", None))


Placed = tuple[ScoreEntry, Mapping[str, str]]  # with the place of each column


class Reading(Enum):
    """What recording a score would do to what is recorded of the same thing."""

    other = "other"  # another score, or another source, stands: both stay on record
    new = "new"
    same = "same"  # it adds no record


@dataclass(frozen=True, slots=True)
class Read:
    """A score beside the one that stands of the same thing, None where there is none."""

    entry: ScoreEntry
    stands: ScoreEntry | None

    @property
    def reading(self) -> Reading:
        if self.stands is None:
            return Reading.new
        same = (self.stands.points, self.stands.source) == (self.entry.points, self.entry.source)
        return Reading.same if same else Reading.other


def beside(entries: Sequence[ScoreEntry], standing: Sequence[ScoreEntry]) -> tuple[Read, ...]:
    """Each score beside what stands, in the order given."""
    stands = {one.of: one for one in standing}
    return tuple(Read(one, stands.get(one.of)) for one in entries)


def new_of(read: Sequence[Read]) -> list[ScoreEntry]:
    """Those that recording them would put on record."""
    return [one.entry for one in read if one.reading is not Reading.same]


@dataclass(frozen=True, slots=True)
class Known:
    """What scores are held against: the office, its frameworks by year, and the scores that stand already.

    `until` is the last fiscal year of which there can be any.
    """

    office: frozenset[str]  # its code and names, folded
    frameworks: Mapping[int, Framework]
    standing: Sequence[ScoreEntry]
    until: int

    def framework(self, year: int) -> tuple[Framework, bool]:
        """The year's own framework, or the nearest later one: instruments and indicators of before are held against
        that, since nobody knows their own; and whether it is the year's own.
        """
        nearest = min((one for one in self.frameworks if one >= year), default=max(self.frameworks))
        return self.frameworks[nearest], nearest == year


def read(data: bytes, name: str, known: Known) -> list[ScoreEntry]:
    """The scores of a CSV or a workbook's first sheet, checked; `name` tells which it is.

    Raises PlanFaults with everything that is wrong, each with its cell.
    """
    faults = Faults(name)
    rows = lists.by_heading(lists.rows_of(data, name, faults, MOST_ROWS), _COLUMNS, faults)
    placed = [one for row in rows if not _is_left_empty(row) and (one := _entry(row, known, faults))]
    if not placed and not faults.found:
        faults.add((), N_("holds no score"))
    return _checked(placed, known, faults)


def _is_left_empty(row: Row) -> bool:
    """Whether it is a row of the form that nobody filled in."""
    return row[FORM][0] is not None and row["points"][0] is None and row["source"][0] is None


def checked(entries: Sequence[ScoreEntry], known: Known, name: str) -> list[ScoreEntry]:
    """The scores that somebody typed, checked; what is wrong is said of what it is the score of.

    Raises PlanFaults.
    """
    placed = [(one, dict.fromkeys(HEADINGS, f"{one.what or _TOTAL} {one.fiscal_year}")) for one in entries]
    return _checked(placed, known, Faults(name))


def _entry(row: Row, known: Known, faults: Faults) -> Placed | None:
    """What a row says, None where that cannot be told, which is noted at its cell."""
    before = len(faults.found)
    year = _read(row, "fiscal_year", _year, faults)
    points = _read(row, "points", as_number, faults)
    indicator = _read(row, "indicator", _whole, faults)
    instrument, item = (
        in_digits(str(_read(row, key, as_text, faults) or "")).upper() for key in ("instrument", "item")
    )
    source, office = (str(_read(row, key, as_text, faults) or "").strip() for key in ("source", "office"))
    if len(source) > LONGEST_SOURCE:
        says = N_("is too long: {length} characters, {longest} at most")
        faults.add_at(row["source"][1], says, length=len(source), longest=LONGEST_SOURCE)
    if office and folded(office) not in known.office:
        faults.add_at(row["office"][1], N_("is of another office: {office}"), office=office)
    if folded(instrument) in _TOTALS:
        instrument = ""
    if len(faults.found) > before:
        return None
    first = next(cell for key, (value, cell) in row.items() if value is not None and key not in {REMARK, FORM})
    for key, value in (("fiscal_year", year), ("points", points)):
        if value is None:
            faults.add_at(first, N_("this row lacks its {what}"), what=HEADINGS[key][0])
            return None
    places = {key: cell if row[key][0] is not None else first for key, (_value, cell) in row.items()}
    return ScoreEntry(year, instrument, indicator, item, float(points), source), places


def _read(row: Row, key: str, reader: Any, faults: Faults) -> Any:
    value, cell = row[key]
    if value is None:
        return None
    try:
        found = reader(value)
    except Misfit as misfit:
        faults.add_at(cell, misfit.what)
        return None
    if isinstance(found, str) and (unkept_signs(found) or len(found) > LONGEST_NOTE):
        faults.add_at(cell, N_("holds what cannot be kept: type it anew"))
        return None
    return found


def _whole(value: object) -> int:
    number = as_number(value)
    if not isinstance(number, int):
        raise Misfit(N_("must be a whole number, but is {value}"), value=as_text(value))
    return number


def _year(value: object) -> int:
    return buddhist_year(_whole(value))


def _checked(placed: Sequence[Placed], known: Known, faults: Faults) -> list[ScoreEntry]:
    """The entries, each with the instrument and indicator that the framework gives it. Raises PlanFaults."""
    found: list[Placed] = []
    seen: dict[object, str] = {}
    for entry, places in placed:
        if not 0 <= entry.points <= 100:
            says = N_("must be a number from 0 to 100, but is {points}")
            faults.add_at(places["points"], says, points=f"{entry.points:g}")
        if entry.fiscal_year > known.until:
            says = N_("fiscal year {year} comes after {until}, the year of this plan")
            faults.add_at(places["fiscal_year"], says, year=entry.fiscal_year, until=known.until)
            continue
        entry = _of_framework(entry, places, known, faults)
        if entry.of in seen:
            faults.add_at(
                places["points"], N_("is a second score of the same: the first is at {place}"), place=seen[entry.of]
            )
        seen.setdefault(entry.of, places["points"])
        found.append((entry, places))
    faults.stop()
    _check_totals(found, known, faults)
    faults.stop()
    return [entry for entry, _places in found]


def _of_framework(entry: ScoreEntry, places: Mapping[str, str], known: Known, faults: Faults) -> ScoreEntry:
    """The entry with what follows from its item or indicator; notes what the framework does not have."""
    framework, own = known.framework(entry.fiscal_year)
    indicator = entry.indicator
    if entry.item and own:
        item = framework.items.get(entry.item)
        if item is None:
            says = N_("there is no item {code} in {framework}")
            faults.add_at(places["item"], says, code=entry.item, framework=framework.code)
            return entry
        indicator = item.indicator if indicator is None else indicator
        if indicator != item.indicator:
            says = N_("{code} belongs to indicator {its}, not to {indicator}")
            faults.add_at(places["indicator"], says, code=entry.item, its=item.indicator, indicator=indicator)
            return entry
    elif entry.item and not re.fullmatch(CODE, entry.item):
        faults.add_at(places["item"], N_("must be a code like O1 or 1.1"))
        return entry
    instrument = entry.instrument
    if indicator is not None:
        of = framework.indicators.get(indicator)
        if of is None:
            says = N_("there is no indicator {indicator} ({known})")
            faults.add_at(places["indicator"], says, indicator=indicator, known=named(framework.indicators))
            return entry
        instrument = instrument or of.instrument
        if instrument != of.instrument:
            says = N_("indicator {indicator} belongs to {its}, not to {instrument}")
            faults.add_at(places["indicator"], says, indicator=indicator, its=of.instrument, instrument=instrument)
            return entry
    if instrument and instrument not in framework.instruments:
        says = N_("there is no instrument {instrument} ({known})")
        faults.add_at(places["instrument"], says, instrument=instrument, known=named(framework.instruments))
    return replace(entry, instrument=instrument, indicator=indicator)


@dataclass(frozen=True, slots=True)
class Differing:
    """A year's total as announced, and the other one that its instruments give by the weights of the framework."""

    year: int
    total: float
    points: Mapping[str, float]  # by instrument
    weights: Mapping[str, float]
    gives: float

    @property
    def possible(self) -> bool:
        """Whether any weights give it: it lies between the lowest and the highest of the instruments."""
        return min(self.points.values()) - scoring.CLOSE <= self.total <= max(self.points.values()) + scoring.CLOSE

    @property
    def told(self) -> dict[str, Any]:
        """What a sentence says of it."""
        parts = ", ".join(f"{code} {points:g} × {self.weights[code]:g}" for code, points in self.points.items())
        return {"year": self.year, "total": f"{self.total:g}", "points": parts, "gives": f"{self.gives:g}"}


def total_fits(year: int, known: Known) -> bool:
    """Whether the year's total that stands is what its instruments give, or one of them is not known."""
    return _differing(year, {one.of: one.points for one in known.standing}, known.framework(year)[0]) is None


def differing(entries: Sequence[ScoreEntry], known: Known) -> list[Differing]:
    """Of the years of which the scores given are a total or an instrument's, those whose total is not what the
    instruments give, with what stands already: whoever records them has to know that.
    """
    standing = {one.of: one.points for one in known.standing} | {one.of: one.points for one in entries}
    years = dict.fromkeys(one.fiscal_year for one in entries if one.indicator is None and not one.item)
    found = (_differing(year, standing, known.framework(year)[0]) for year in years)
    return [one for one in found if one]


def _differing(year: int, standing: Mapping[Any, float], framework: Framework) -> Differing | None:
    """The total beside what the instruments give, which is something else; None where it fits."""
    places = {code: (year, code, None, "") for code in ("", *framework.instruments)}
    points = {code: standing[place] for code, place in places.items() if place in standing}
    weights = {code: one.weight for code, one in framework.instruments.items()}
    gives = scoring.differs(points, weights)
    return None if gives is None else Differing(year, points.pop(""), points, weights, gives)


def _check_totals(placed: Sequence[Placed], known: Known, faults: Faults) -> None:
    """Notes the totals that no weights give, once all instruments of the year are known: something is mistyped, or of
    another report.
    """
    for one in differing([entry for entry, _places in placed], known):
        if not one.possible:
            mine = [(entry, places) for entry, places in placed if entry.fiscal_year == one.year]
            of_another, place = min((entry.of != (one.year, "", None, ""), places["points"]) for entry, places in mine)
            says = N_(
                "{total} is beyond what every instrument has ({points}), so no weights give it: is one of them "
                "mistyped, or of another report?"
            )
            if of_another:  # the place names an instrument: which total is meant has to be said
                says = N_(
                    "the total of {year}, {total}, is beyond what every instrument has ({points}), so no weights give "
                    "it: is one of them mistyped, or of another report?"
                )
            faults.add_at(place, says, **one.told)
