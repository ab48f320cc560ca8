"""data/mappings/*.yaml: what became of each item of one framework in a later one; read, checked and frozen.

A mapping says of every item of the later framework what it is (equal to an earlier one under another code or the same,
part of one, made of several, new), and of every item of the earlier one that nothing comes of that it was dropped. From
it each item gets its lineage (`shape.Through`): so the same code is never taken for the same item.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.plan.faults import Faults, listed, mapping
from ita_core.plan.files import read
from ita_core.plan.framework import Framework, Item, find_framework, load_framework
from ita_core.plan.places import Where
from ita_core.plan.plan import Plan
from ita_core.plan.shape import Code, Key, Strict, distinct, shaped
from ita_core.settings import DATA

MAPPINGS = DATA / "mappings"


class NoMapping(Refused):
    says = N_(
        "Nothing says what became of the items of “{before}” in “{after}”, and the same code may be another item. "
        "Write it into data/mappings/{file}, then begin the year."
    )


class ItemMapping(Strict):
    """What became of the items: later codes with the earlier ones that they come of; what is new, what was dropped."""

    before: Key = Field(alias="from")
    after: Key = Field(alias="to")
    equal: dict[Code, Code] = Field(default_factory=dict)
    part_of: dict[Code, Code] = Field(default_factory=dict)
    made_of: dict[Code, Annotated[tuple[Code, ...], Field(min_length=2), AfterValidator(distinct)]] = Field(
        default_factory=dict
    )
    new: Annotated[tuple[Code, ...], AfterValidator(distinct)] = ()
    dropped: Annotated[tuple[Code, ...], AfterValidator(distinct)] = ()

    @property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """Each later code with the earlier ones that it comes of; none for what is new."""
        single = {code: (old,) for code, old in (self.equal | self.part_of).items()}
        return single | self.made_of | dict.fromkeys(self.new, ())

    @property
    def became(self) -> dict[str, tuple[str, ...]]:
        """Each earlier code that something comes of, with what does: as `following` asks for it."""
        found: dict[str, list[str]] = {}
        for code, sources in self.sources.items():
            for old in sources:
                found.setdefault(old, []).append(code)
        return {old: tuple(codes) for old, codes in found.items()}


def file_name(before: str, after: str) -> str:
    """What the file is called that says how the second framework came of the first."""
    return f"{before}-to-{after}.yaml"


def known_framework(code: str, framework: Framework, plan: Plan) -> tuple[Framework, ItemMapping | None]:
    """The framework with this code, and what became in it of the items of another one; None where no file says so.

    A framework that was carried over without its own year's manual is still that which `plan.assumed` names.
    Raises UnknownFramework, PlanFaults.
    """
    known = load_framework(find_framework(code))
    for before in dict.fromkeys((framework.code, plan.assumed.source if plan.assumed else framework.code)):
        path = MAPPINGS / file_name(before, known.code)
        if path.is_file():
            return known, load_mapping(path, framework.model_copy(update={"code": before}), known)
    return known, None


def load_mapping(path: Path, before: Framework, after: Framework) -> ItemMapping:
    """The mapping of a file, checked against both frameworks.

    Raises PlanFaults with everything that is wrong.
    """
    faults = Faults(path.name)
    raw = read(path, faults)
    found = shaped(ItemMapping, raw, faults)
    _check(raw, before, after, faults)
    faults.stop()
    assert found is not None  # no fault, so it was shaped
    return found


def _check(raw: dict[str, Any], before: Framework, after: Framework, faults: Faults) -> None:
    """Notes other frameworks than these, and every item of theirs of which nothing is said, or two things."""
    for end, framework in (("from", before), ("to", after)):
        if isinstance(raw.get(end), str) and raw[end] != framework.code:
            says = N_("is {code}, but the framework given is {framework}")
            faults.add((end,), says, code=raw[end], framework=framework.code)
    if before.fiscal_year >= after.fiscal_year:
        says = N_("{framework} is for {year}, not later than {before}")
        faults.add(("to",), says, framework=after.code, year=after.fiscal_year, before=before.fiscal_year)
    said: dict[str, Where] = {}
    for where, code in _later(raw):
        if code in said and code in after.items:
            faults.add(where, N_("{code} stands under {place} already"), code=code, place=said[code][0])
        said.setdefault(code, where)
    used: dict[str, list[Where]] = {}
    for where, code in _earlier(raw):
        used.setdefault(code, []).append(where)
    _check_alone(used, faults)
    says = N_("does not say of {code} in {framework} what it is: equal, part_of, made_of, new")
    _check_all({code: [where] for code, where in said.items()}, after, says, faults)
    says = N_("does not say of {code} in {framework} what became of it, or that it was dropped")
    _check_all(used, before, says, faults)


def _check_alone(used: dict[str, list[Where]], faults: Faults) -> None:
    """Notes what is still the same item, or was dropped, and of which something else comes too."""
    for code, places in used.items():
        for where in places if len(places) > 1 else ():
            other = next(one for one in places if one is not where)
            if where[0] == "equal":
                says = N_("{code} stands under {place} too: of an item that was split, each is a part_of")
                faults.add(where, says, code=code, place=other[0])
            elif where[0] == "dropped":
                faults.add(where, N_("{code} stands under {place} too"), code=code, place=other[0])


def _check_all(places: dict[str, list[Where]], framework: Framework, says: str, faults: Faults) -> None:
    """Notes codes that the framework has not, and items of it that are left out."""
    for code, found in places.items():
        for where in found if code not in framework.items else ():
            faults.add(where, N_("there is no item {code} in {framework}"), code=code, framework=framework.code)
    for code in framework.items:
        if code not in places:
            faults.add((), says, code=code, framework=framework.code)


def _later(raw: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    for part in ("equal", "part_of", "made_of"):
        yield from (((part, code), code) for code in mapping(raw, part))
    yield from _texts(("new",), raw.get("new"))


def _earlier(raw: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    for part in ("equal", "part_of"):
        yield from (((part, code), old) for code, old in mapping(raw, part).items() if isinstance(old, str))
    for code, sources in mapping(raw, "made_of").items():
        yield from _texts(("made_of", code), sources)
    yield from _texts(("dropped",), raw.get("dropped"))


def _texts(where: Where, values: object) -> Iterator[tuple[Where, str]]:
    return (((*where, index), value) for index, value in enumerate(listed(values)) if isinstance(value, str))


def descended(after: Framework, before: Framework, how: ItemMapping) -> Framework:
    """The later framework, each of its items with what it is through the years.

    One that is equal keeps the earlier lineage. A part, or what was made of several, begins one of its own and names
    all that it came of, with what those came of; what is new begins one of its own.
    """
    return after.model_copy(update={"items": {
        code: item.model_copy(update=_through(code, after.fiscal_year, how, before.items))
        for code, item in after.items.items()
    }})  # fmt: skip


def _through(code: str, year: int, how: ItemMapping, before: dict[str, Item]) -> dict[str, object]:
    if code in how.equal:
        old = how.equal[code]
        lineage = before[old].lineage or old
        return {"lineage": None if lineage == code else lineage, "came_of": before[old].came_of}
    return {"lineage": f"{code}-{year}", "came_of": tuple(dict.fromkeys(_ancestors(how.sources[code], before)))}


def _ancestors(codes: Iterable[str], before: dict[str, Item]) -> Iterator[str]:
    for old in codes:
        yield before[old].lineage or old
        yield from before[old].came_of
