"""What the values of frameworks and plans may be, held by Pydantic, and its misfits as sentences."""

import json
import re
from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal, TypeGuard, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from ita_core.days import ERA, fiscal_bounds, fiscal_year, period_end
from ita_core.language import N_
from ita_core.plan.faults import Faults, listed
from ita_core.plan.places import Where
from ita_core.plan.sentences import Misfit, Sentence, told_day, told_month
from ita_core.typed import BUDDHIST

Model = TypeVar("Model", bound=BaseModel)


def _text(value: str) -> str:
    if not value.strip():
        raise Misfit(N_("must not be empty"))
    return value.strip()


def _key(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", value):
        raise Misfit(N_("must be a key of small Latin letters, digits and hyphens, starting with a letter"))
    return value


CODE = r"[A-Z]*[0-9]+(\.[0-9]+)*"  # of an item or measure


def _code(value: str) -> str:
    if not re.fullmatch(CODE, value):
        raise Misfit(N_("must be a code like O1 or 1.1"))
    return value


def _lineage(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", value):
        raise Misfit(N_("must be a lineage of Latin letters, digits, points and hyphens, like O9 or O9-2570"))
    return value


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise Misfit(N_("there is no day {day}"), day=value) from None
        if day.year >= BUDDHIST:
            written = f"{day.year - ERA:04d}{value[4:]}"
            says = N_("{day} is in the Buddhist era: write the Christian-era day {written}")
            raise Misfit(says, day=value, written=written)
        return day
    raise Misfit(N_("must be a day like 2025-01-31, but is {value}"), value=_shown(value))


def _period(value: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value) or value < "0001":
        raise Misfit(N_("must be a month like 2025-01, but is {value}"), value=_shown(value))
    if int(value[:4]) >= BUDDHIST:
        written = f"{int(value[:4]) - ERA:04d}{value[4:]}"
        says = N_("{month} is in the Buddhist era: write the Christian-era month {written}")
        raise Misfit(says, month=value, written=written)
    return value


def buddhist_year(value: int) -> int:
    """The year, where it is one of the Buddhist era.

    Raises Misfit, for one of the Christian era with what to write.
    """
    if 1900 <= value <= 2200:
        says = N_("must be a year of the Buddhist era, but is {year}: write {meant}")
        raise Misfit(says, year=value, meant=value + ERA)
    if not BUDDHIST <= value <= 2 * BUDDHIST:
        raise Misfit(N_("must be a year of the Buddhist era, but is {year}: write it like 2568"), year=value)
    return value


def distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values, none of which may stand twice.

    Raises Misfit.
    """
    twice = {str(value) for value, number in Counter(values).items() if number > 1}
    if twice:
        raise Misfit(N_("names {values} twice"), values=", ".join(sorted(twice)))
    return values


Text = Annotated[str, AfterValidator(_text)]
Note = Annotated[str, AfterValidator(str.strip)]
Key = Annotated[str, AfterValidator(_key)]
Code = Annotated[str, AfterValidator(_code)]
# What an item is through the years, whatever its printed code: the code that it had first, unless a year says another.
Lineage = Annotated[str, AfterValidator(_lineage)]
Day = Annotated[date, BeforeValidator(_day)]
Period = Annotated[str, AfterValidator(_period)]
Year = Annotated[int, AfterValidator(buddhist_year)]
Points = Annotated[float, Field(ge=0, le=100)]
Format = Literal["pdf", "word", "excel", "image"]
Language = Literal["th", "en", "foreign"]


def free_key(stem: str, taken: Collection[str]) -> str:
    """A key that nobody has yet: officer-1, officer-2, …"""
    return next(key for number in range(1, len(taken) + 2) if (key := f"{stem}-{number}") not in taken)


class Strict(BaseModel):
    """Part of a framework or plan: frozen, of exactly these types, without any other key."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def new_lineage(code: str, year: int) -> str:
    """Of a measure that begins in this year: another year's of the same code is another one."""
    return f"{code}-{year}"


class Through(Strict):
    """What an item is through the years; what says nothing of it keeps its code, and its values are as they ever were.

    `lineage` names it in every year; `came_of` the lineages of earlier years that it is a part of, or was made of.
    """

    lineage: Lineage | None = Field(default=None, exclude_if=lambda value: value is None)
    came_of: Annotated[tuple[Lineage, ...], AfterValidator(distinct)] = Field(
        default=(), max_length=50, exclude_if=lambda value: not value
    )


def shaped(model: type[Model], raw: dict[str, Any], faults: Faults) -> Model | None:
    """The values as the model, None where they do not fit it; every misfit is noted in `faults`."""
    try:
        # By way of JSON, because strict models take a list for a tuple and a text for an enumeration only from there.
        return model.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            faults.add(tuple(part for part in detail["loc"] if part != "[key]"), _sentence(detail))
    return None


_NO_MAPPING = N_("must be a mapping (key: value), but is {value}")
_MUST = {
    "string_type": N_("must be text, but is {value}"),
    "int_type": N_("must be a whole number, but is {value}"),
    "int_parsing": N_("must be a whole number, but is {value}"),
    "float_type": N_("must be a number, but is {value}"),
    "bool_type": N_("must be true or false, but is {value}"),
    "tuple_type": N_("must be a list, but is {value}"),
    "model_type": _NO_MAPPING,
    "model_attributes_type": _NO_MAPPING,
    "dict_type": _NO_MAPPING,
    "greater_than": N_("must be greater than {gt}, but is {value}"),
    "greater_than_equal": N_("must be greater than or equal to {ge}, but is {value}"),
    "less_than_equal": N_("must be less than or equal to {le}, but is {value}"),
}


def _sentence(detail: ErrorDetails) -> Sentence:
    kind, value, facts = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "value_error" and isinstance(facts["error"], Misfit):
        return facts["error"].what
    if kind == "extra_forbidden":
        return Sentence(N_("unknown key"))
    if kind == "missing":
        return Sentence(N_("is missing"))
    if kind == "too_short":
        return Sentence(N_("must not be empty"))
    if kind == "too_long":
        return Sentence(
            N_("has {number} entries, {most} at most"), {"number": facts["actual_length"], "most": facts["max_length"]}
        )
    shown = _shown(value)
    if kind in {"enum", "literal_error"}:
        *others, last = re.findall("'([^']*)'", str(facts["expected"]))
        if not others:
            return Sentence(N_("must be {only}, but is {value}"), {"only": last, "value": shown})
        says = N_("must be {others} or {last}, but is {value}")
        return Sentence(says, {"others": ", ".join(others), "last": last, "value": shown})
    if kind == "string_type" and isinstance(value, int | float):
        return Sentence(N_("must be text, but is {value} (put it in quotes)"), {"value": shown})
    if kind in _MUST:
        bounds = {name: f"{fact:g}" for name, fact in facts.items() if isinstance(fact, int | float)}
        return Sentence(_MUST[kind], {**bounds, "value": shown})
    must = detail["msg"].replace("Input should be", "must be")  # what none of our fields is known to give
    return Sentence(N_("{must}, but is {value}"), {"must": must, "value": shown})


def _shown(value: object) -> str | Sentence:
    if value is None:
        return Sentence(N_("empty"))
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


def check_day(value: object, where: Where, year: object, faults: Faults) -> date | None:
    """The day if it is one; noted where it lies outside the Buddhist-era fiscal year."""
    try:
        day = _day(value)
    except Misfit:
        return None
    if _is_year(year) and fiscal_year(day) != year:
        first, last = fiscal_bounds(year)
        says = N_("{day} lies outside fiscal year {year} ({first} to {last})")
        faults.add(where, says, day=told_day(day), year=year, first=told_day(first), last=told_day(last))
    return day


def _is_year(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and BUDDHIST <= value <= 2 * BUDDHIST


def check_periods(raw: object, where: Where, year: object, faults: Faults) -> None:
    """Notes every period that lies outside the Buddhist-era fiscal year."""
    for index, period in enumerate(listed(raw)):
        try:
            last = period_end(_period(str(period)))
        except Misfit:
            continue
        if _is_year(year) and fiscal_year(last) != year:
            says = N_("{month} lies outside fiscal year {year}")
            faults.add((*where, index), says, month=told_month(period), year=year)
