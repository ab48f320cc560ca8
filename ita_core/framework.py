"""data/frameworks/*.yaml: what the assessor demands in one fiscal year, read, checked and frozen.

Reading goes in three stages, and each goes on after a fault so that all are named at once: `read` makes plain values of
the YAML, `shaped` holds them against the models below, `check` looks at what one place says of another. `plan.py` reads
its files through the same three.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeGuard, TypeVar
from unicodedata import category

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.models import Cadence
from ita_core.settings import DATA
from ita_core.thai import ERA, fiscal_bounds, fiscal_year, period_end
from ita_core.typed import BUDDHIST

FRAMEWORKS = DATA / "frameworks"

Where = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class PlanFaults(Refused):
    """A framework or a plan cannot be used. `faults` holds each as "file: path.in.file: what is wrong", in English."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__()

    def __str__(self) -> str:
        return "\n".join(self.faults)


class UnknownFramework(NotFound):
    says = N_("There is no framework “{code}”. Known: {known}.")


class Faults:
    """What is wrong with one file, in the order found, each once."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        self.found: list[str] = []

    def add(self, where: Where, what: str) -> None:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}" for part in where).lstrip(".")
        fault = f"{self.file}: {place}: {what}" if place else f"{self.file}: {what}"
        if fault not in self.found:
            self.found.append(fault)

    def stop(self) -> None:
        """Raises PlanFaults where anything was found."""
        if self.found:
            raise PlanFaults(self.found)


def _quoted(key: str) -> str:
    return f'"{key}"' if "." in key or not key else key


# --- the YAML --------------------------------------------------------------------------------------------------------


class _Yaml(yaml.SafeLoader):
    """Plain values only: no days, and none of the surprises of YAML 1.1 (`no` is false there, 1:30 is 90)."""


_Yaml.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"(?:~|null|)", ["~", "n", ""]),
    ("bool", r"(?:true|false)", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]{0,17})", list("-0123456789")),
    ("float", r"-?[0-9]{1,18}\.[0-9]{1,18}", list("-0123456789")),
):
    _Yaml.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^{_pattern}$"), _first)
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "map", "seq")}


def read(path: Path, faults: Faults) -> dict[str, Any]:
    """The file as plain values with text keys; faults that leave something to read are noted in `faults`.

    Raises PlanFaults where nothing can be read: no such file, not UTF-8, no YAML, no mapping at its top.
    """
    raw: object = None
    try:
        loader = _Yaml(path.read_bytes().decode("utf-8-sig"))
        node = loader.get_single_node()
        if node is not None and _plain(node, (), faults, set()):
            raw = json.loads(json.dumps(loader.construct_document(node)))
    except OSError as error:
        faults.add((), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        faults.add((), f"is not UTF-8 text (byte {error.start})")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        faults.add((), f"{place}{error.problem or error.context}")
    except (yaml.YAMLError, ValueError) as error:
        faults.add((), " ".join(str(error).split()))
    except RecursionError:
        faults.add((), "is nested too deeply")
    if not isinstance(raw, dict):
        if not faults.found:
            faults.add((), "must be a mapping (key: value)")
        faults.stop()
    cleaned = _cleaned(raw, (), faults)
    assert isinstance(cleaned, dict)
    return cleaned


def _plain(node: yaml.Node, where: Where, faults: Faults, seen: set[int]) -> bool:
    """Whether a node can be made into plain values; keys that stand twice are noted but do not stop the reading."""
    if id(node) in seen:  # also keeps a few lines of references from growing into gigabytes
        faults.add(where, "refers to another place of the file (*): write it out")
        return False
    seen.add(id(node))
    if node.tag not in _TAGS:
        faults.add(where, f"the tag {node.tag} is not read here")
        return False
    if isinstance(node, yaml.SequenceNode):
        sound = True
        for index, part in enumerate(node.value):
            sound = _plain(part, (*where, index), faults, seen) and sound
        return sound
    if not isinstance(node, yaml.MappingNode):
        return True
    sound, keys = True, set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not _plain(key, where, faults, seen):
            faults.add(where, f"line {key.start_mark.line + 1}: a key must be plain text")
            sound = False
            continue
        if key.value in keys:
            faults.add((*where, key.value), f"stands twice, the second time in line {key.start_mark.line + 1}")
        keys.add(key.value)
        sound = _plain(value, (*where, key.value), faults, seen) and sound
    return sound


# Marks that turn the direction of a line: a name could be shown as another.
_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _cleaned(value: object, where: Where, faults: Faults) -> object:
    """The same with "?" for what PostgreSQL cannot keep or a screen would show falsely; each is noted."""
    if isinstance(value, dict):
        return {_cleaned(key, where, faults): _cleaned(part, (*where, key), faults) for key, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part, (*where, index), faults) for index, part in enumerate(value)]
    if isinstance(value, str):
        for sign in value:
            if sign in _TURNING or (category(sign) in {"Cc", "Cs"} and sign not in "\n\t"):
                faults.add(where, f"holds the character U+{ord(sign):04X}, which cannot be kept")
                value = value.replace(sign, "?")
    return value


# --- the shape -------------------------------------------------------------------------------------------------------


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _key(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", value):
        raise ValueError("must be a key of small Latin letters, digits and hyphens, starting with a letter")
    return value


def _code(value: str) -> str:
    if not re.fullmatch(r"[A-Z]*[0-9]+(\.[0-9]+)*", value):
        raise ValueError("must be a code like O1 or 1.1")
    return value


def _day(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no day {value}") from None
        if day.year >= BUDDHIST:
            written = f"{day.year - ERA:04d}{value[4:]}"
            raise ValueError(f"{value} is in the Buddhist era: write the Christian-era day {written}")
        return day
    raise ValueError(f"must be a day like 2025-01-31, but is {_shown(value)}")


def _period(value: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value) or value < "0001":
        raise ValueError(f"must be a month like 2025-01, but is {_shown(value)}")
    if int(value[:4]) >= BUDDHIST:
        written = f"{int(value[:4]) - ERA:04d}{value[4:]}"
        raise ValueError(f"{value} is in the Buddhist era: write the Christian-era month {written}")
    return value


def _year(value: int) -> int:
    if value < BUDDHIST:
        hint = f"write {value + ERA}" if 1900 <= value <= 2200 else "write it like 2568"
        raise ValueError(f"must be a year of the Buddhist era, but is {value}: {hint}")
    if value > 2 * BUDDHIST:
        raise ValueError(f"must be a year of the Buddhist era, but is {value}: write it like 2568")
    return value


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = {str(value) for value in values if values.count(value) > 1}
    if twice:
        raise ValueError(f"names {', '.join(sorted(twice))} twice")
    return values


Text = Annotated[str, AfterValidator(_text)]
Note = Annotated[str, AfterValidator(str.strip)]
Key = Annotated[str, AfterValidator(_key)]
Code = Annotated[str, AfterValidator(_code)]
Day = Annotated[date, BeforeValidator(_day)]
Period = Annotated[str, AfterValidator(_period)]
Year = Annotated[int, AfterValidator(_year)]
Points = Annotated[float, Field(ge=0, le=100)]
Format = Literal["pdf", "word", "excel", "image"]
Language = Literal["th", "en", "foreign"]


class Part(BaseModel):
    """A part of a framework or plan: frozen, of exactly these types, without any other key."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Instrument(Part):
    title: Text
    weight: Annotated[float, Field(gt=0, le=1)]


class Level(Part):
    """Reached when the total and every instrument are at least this."""

    title: Text
    total_min: Points
    each_min: Points


class Indicator(Part):
    instrument: str
    title: Text
    improve: Text


class Requirement(Part):
    title: Text
    note: Note = ""
    cadence: Cadence
    periods: Annotated[tuple[Period, ...], AfterValidator(_distinct)] = ()
    formats: Annotated[tuple[Format, ...], AfterValidator(_distinct)] = ()
    languages: Annotated[tuple[Language, ...], AfterValidator(_distinct)] = ()
    minimum: Annotated[int, Field(ge=1, le=100)] = 1
    nil_allowed: bool = False


Requirements = Annotated[dict[Key, Requirement], Field(min_length=1)]


class Item(Part):
    indicator: int
    title: Text
    cadence: Cadence
    demand: Text
    requirements: Requirements


class Step(Part):
    row: str = ""
    instrument: str | None = None  # the one that the step serves, where its title names one
    starts: Day
    ends: Day
    title: Text
    work: Text


class Phase(Part):
    title: Text
    steps: Annotated[dict[int, Step], Field(min_length=1)]


class Framework(Part):
    """What the assessor demands in one fiscal year of one kind of agency."""

    code: Key = Field(alias="framework")
    title: Text
    fiscal_year: Year
    closes: Day
    periods: Annotated[tuple[Period, ...], AfterValidator(_distinct)]
    instruments: dict[str, Instrument]
    levels: tuple[Level, ...]
    indicators: dict[int, Indicator]
    items: dict[Code, Item]
    phases: tuple[Phase, ...]

    @property
    def steps(self) -> dict[int, Step]:
        """The steps of all phases by their place in the year."""
        return {number: step for phase in self.phases for number, step in phase.steps.items()}


def shaped(model: type[Model], raw: dict[str, Any], faults: Faults) -> Model | None:
    """The values as the model, None where they do not fit it; every misfit is noted in `faults`."""
    try:
        # By way of JSON, because strict models take a list for a tuple and a text for an enumeration only from there.
        return model.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            faults.add(tuple(part for part in detail["loc"] if part != "[key]"), _sentence(detail))
    return None


_MUST = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping (key: value)",
    "model_attributes_type": "must be a mapping (key: value)",
    "dict_type": "must be a mapping (key: value)",
}


def _sentence(detail: ErrorDetails) -> str:
    kind, value, facts = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return "unknown key"
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(facts["error"])
    if kind == "too_short":
        return "must not be empty"
    if kind in {"enum", "literal_error"}:
        expected = str(facts["expected"]).replace("'", "")
        return f"must be {expected}, but is {_shown(value)}"
    hint = " (put it in quotes)" if kind == "string_type" and isinstance(value, int | float) else ""
    must = _MUST.get(kind) or detail["msg"].replace("Input should be", "must be")
    return f"{must}, but is {_shown(value)}{hint}"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


# --- what one place says of another ----------------------------------------------------------------------------------
#
# The checks look at the plain values, not at the models: so they go on where the shape has a fault, and whoever mends
# the file is told everything at once. What has the wrong shape is passed over here, its fault is noted already.


def mapping(value: object, *path: str) -> dict[str, Any]:
    """The mapping at a path below `value`, an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """The value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def named(values: Iterable[object]) -> str:
    """What is known, for a sentence that says that something is not."""
    return ", ".join(str(value) for value in values) or "none"


def check_day(value: object, where: Where, year: object, faults: Faults) -> date | None:
    """The day if it is one; noted where it lies outside the Buddhist-era fiscal year."""
    try:
        day = _day(value)
    except ValueError:
        return None
    if _is_year(year) and fiscal_year(day) != year:
        first, last = fiscal_bounds(year)
        faults.add(where, f"{day} lies outside fiscal year {year} ({first} to {last})")
    return day


def _is_year(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and BUDDHIST <= value <= 2 * BUDDHIST


def check_periods(raw: object, where: Where, year: object, faults: Faults) -> None:
    """Notes every period that lies outside the Buddhist-era fiscal year."""
    for index, period in enumerate(listed(raw)):
        try:
            last = period_end(_period(str(period)))
        except ValueError:
            continue
        if _is_year(year) and fiscal_year(last) != year:
            faults.add((*where, index), f"{period} lies outside fiscal year {year}")


def check_requirements(raw: object, where: Where, year: object, faults: Faults) -> None:
    """Notes periods outside the year, monthly requirements without periods and periods without a monthly cadence."""
    for key, requirement in mapping(raw).items():
        here = (*where, key)
        if not isinstance(requirement, dict):
            continue
        monthly, periods = requirement.get("cadence") == "monthly", requirement.get("periods", [])
        if monthly and periods == []:
            faults.add(here, "is monthly but has no periods")
        if not monthly and periods:
            faults.add((*here, "periods"), "only a monthly requirement has periods")
        check_periods(periods, (*here, "periods"), year, faults)


def complete(items: object, cadence: str | None, periods: object) -> None:
    """Fill in what a requirement may leave out: its item's cadence, and the given periods where it is monthly.

    `cadence` is that of items which name none themselves.
    """
    for item in mapping(items).values():
        own = mapping(item).get("cadence", cadence)
        for requirement in mapping(item, "requirements").values():
            if isinstance(requirement, dict):
                requirement.setdefault("cadence", own or "once")  # without one the item's fault is noted already
                if requirement["cadence"] == "monthly":
                    requirement.setdefault("periods", periods if isinstance(periods, list) else [])


def check(raw: dict[str, Any], faults: Faults) -> None:
    """Notes what of a framework's plain values contradicts something else in it."""
    year = raw.get("fiscal_year")
    instruments, indicators = mapping(raw, "instruments"), mapping(raw, "indicators")
    check_day(raw.get("closes"), ("closes",), year, faults)
    check_periods(raw.get("periods"), ("periods",), year, faults)
    _check_scores(raw, faults)
    for number, indicator in indicators.items():
        code = mapping(indicator).get("instrument")
        if isinstance(code, str) and code not in instruments:
            faults.add(("indicators", number, "instrument"), f"there is no instrument {code} ({named(instruments)})")
    for code, item in mapping(raw, "items").items():
        here, its = ("items", code), mapping(item).get("indicator")
        if isinstance(its, int) and str(its) not in indicators:
            faults.add((*here, "indicator"), f"there is no indicator {its} ({named(indicators)})")
        check_requirements(mapping(item).get("requirements"), (*here, "requirements"), year, faults)
    for place, (where, step) in enumerate(_steps(raw), start=1):
        if where[-1] != str(place):
            faults.add(where, f"the steps count 1, 2, 3 … through the year: this one must be {place}")
        starts = check_day(step.get("starts"), (*where, "starts"), year, faults)
        ends = check_day(step.get("ends"), (*where, "ends"), year, faults)
        if starts and ends and ends < starts:
            faults.add((*where, "ends"), f"{ends} lies before the start, {starts}")
        serves = step.get("instrument")
        if isinstance(serves, str) and serves not in instruments:
            faults.add((*where, "instrument"), f"there is no instrument {serves} ({named(instruments)})")


def _steps(raw: dict[str, Any]) -> Iterator[tuple[Where, dict[str, Any]]]:
    for index, phase in enumerate(listed(raw.get("phases"))):
        for number, step in mapping(phase, "steps").items():
            yield ("phases", index, "steps", number), mapping(step)


def _check_scores(raw: dict[str, Any], faults: Faults) -> None:
    instruments, levels = mapping(raw, "instruments").values(), listed(raw.get("levels"))
    weights = _numbers(mapping(instrument).get("weight") for instrument in instruments)
    if weights and abs(sum(weights) - 1) > 1e-6:
        faults.add(("instruments",), f"the weights add up to {sum(weights):g}, not to 1")
    totals = _numbers(mapping(level).get("total_min") for level in levels)
    if totals != sorted(totals, reverse=True):
        faults.add(("levels",), "the best level comes first, the others by falling total_min")
    elif totals and (totals[-1] != 0 or mapping(levels[-1]).get("each_min") != 0):
        faults.add(("levels", len(levels) - 1), "the last level must start at 0, so that every score has one")
    elif raw.get("levels") == []:
        faults.add(("levels",), "must not be empty")


def _numbers(values: Iterable[object]) -> list[float]:
    """The values, none of them where one is no number: its fault is noted already."""
    found = list(values)
    numbers = [float(value) for value in found if isinstance(value, int | float)]
    return numbers if len(numbers) == len(found) else []


def find(code: str) -> Path:
    """The file of the framework with this code.

    Raises UnknownFramework.
    """
    known = {path.stem: path for path in sorted(FRAMEWORKS.glob("*.yaml"))}
    if code not in known:
        raise UnknownFramework(code=code, known=named(known))
    return known[code]


def load(path: Path) -> Framework:
    """The framework of a file, checked; a requirement has its cadence and periods even where the file leaves them out.

    Raises PlanFaults with everything that is wrong.
    """
    faults = Faults(path)
    raw = read(path, faults)
    complete(raw.get("items"), None, raw.get("periods"))
    framework = shaped(Framework, raw, faults)
    check(raw, faults)
    faults.stop()
    assert framework is not None  # no fault, so it was shaped
    return framework
