"""The sheets of requirements: what an office demands beside and against the framework, and its own measures."""

from collections.abc import Collection, Iterable
from typing import Any

from ita_core.language import N_
from ita_core.plan.faults import Faults
from ita_core.plan.framework import Framework, Item
from ita_core.plan.places import Where
from ita_core.plan.plan import Departure, Plan, planned_items
from ita_core.plan.shape import free_key, new_lineage
from ita_core.plan.workbook import sheets
from ita_core.plan.workbook.cells import as_code, as_codes, as_months, as_number, in_digits
from ita_core.plan.workbook.opening import Line
from ita_core.plan.workbook.order import in_order

Raw = dict[str, Any]
_CELLS = {
    "title": "name", "note": "note", "cadence": "cadence", "periods": "periods", "formats": "formats",
    "languages": "languages", "minimum": "minimum", "nil_allowed": "nil",
}  # fmt: skip


def departures(
    found: list[Line], framework: Framework, before: Plan, raw: Raw, faults: Faults, *, ever: Collection[str] = ()
) -> Raw:  # fmt: skip
    """What the office departs from in the framework, by item; `raw` are the departures of the plan before."""
    by_item = _by_code(found, faults)
    planned = {item.code: item for item in planned_items(framework, before)}
    result: Raw = {}
    for code, item in framework.items.items():
        if code not in by_item:
            continue
        had = before.items.get(code, Departure())
        where = ("items", code, "requirements")
        faults.cells[("items", code)] = by_item[code][0].cell("item")
        names = {key: demand.title for key, demand in had.requirements.items() if demand}
        names = {key: demand.title for key, demand in item.requirements.items()} | names
        shown = _requirements(by_item[code], where, item.cadence.value, framework, names, faults, ever=ever)
        title = _one(by_item[code], "title", faults, but=planned[code].title) or planned[code].title
        departure: Raw = {
            "title": title if title != item.title or had.title == title else "",
            "demand": had.demand,
            "requirements": _departing(shown, item, raw.get(code, {}).get("requirements", {})),
        }
        if any(departure.values()) or departure == raw.get(code):
            result[code] = departure
    missing = [code for code in framework.items if code not in by_item]
    if missing:
        says = N_("{items} of {framework} cannot be left out: each needs a row")
        faults.add_at(f"{sheets.ITEMS.title}!A:A", says, items=", ".join(missing), framework=framework.code)
    for code in by_item:
        if code not in framework.items:
            says = N_("there is no item {code} in {framework}: what the office adds stands under “{sheet}”")
            cell = by_item[code][0].cell("item")
            faults.add_at(cell, says, code=code, framework=framework.code, sheet=sheets.MEASURES_SHEET.title)
    return in_order(result, raw)


def _departing(shown: Raw, item: Item, raw: Raw) -> Raw:
    """The requirements that are other than the framework's, and those that it has and the office does not."""
    its = {key: demand.model_dump(mode="json") for key, demand in item.requirements.items()}
    found: Raw = {key: demand for key, demand in shown.items() if demand != its.get(key) or demand == raw.get(key)}
    found |= {key: None for key in its if key not in shown}
    return in_order(found | {key: None for key in raw if raw[key] is None and key not in shown}, raw)


def measures(
    found: list[Line], framework: Framework, before: Plan, faults: Faults, *, ever: Collection[str] = ()
) -> Raw:  # fmt: skip
    """The office's own measures, without those who do them."""
    result: Raw = {}
    for code, rows in _by_code(found, faults).items():
        where: Where = ("measures", code)
        rows[0].stands_for(where, {"kind": "kind", "instrument": "instrument", "title": "title", "demand": "demand"})
        kinds = _one(rows, "kind", faults)
        had = before.measures.get(code)
        names = {key: demand.title for key, demand in had.requirements.items()} if had else {}
        # No sheet says what it is through the years.
        new = {"lineage": new_lineage(code, before.fiscal_year)}
        through = had.model_dump(mode="json", include={"lineage", "came_of"}) if had else new
        result[code] = through | {
            "supervise": [],
            "prepare": [],
            "kind": next((row.read("kind", as_code, sheets.MEASURES) for row in rows if row.has("kind")), None),
            "instrument": _one(rows, "instrument", faults) or None,
            "title": _one(rows, "title", faults),
            "demand": _one(rows, "demand", faults),
            "requirements": _requirements(
                rows, (*where, "requirements"), "continuous", framework, names, faults, ever=ever
            ),
        }
        if not kinds:
            faults.add_at(
                rows[0].cell("kind"), N_("is empty: choose {choices}"), choices=", ".join(sheets.MEASURES.values())
            )
    return result


def _by_code(found: Iterable[Line], faults: Faults) -> dict[str, list[Line]]:
    rows: dict[str, list[Line]] = {}
    for line in found:
        code = in_digits(line.text("item"))
        if code:
            rows.setdefault(code, []).append(line)
        else:
            faults.add_at(line.cell("item"), N_("is empty: write the code on every row"))
    return rows


def _one(rows: list[Line], key: str, faults: Faults, *, but: str = "") -> str:
    """What the rows of one item say of it; `but` is what they said before, so that one row is enough to change it."""
    said = {line.text(key): line for line in reversed(rows) if line.text(key)}
    changed = [text for text in reversed(said) if text != but]
    for text in changed[1:]:
        says = N_("says otherwise than row {row} of the same item")
        faults.add_at(said[text].cell(key), says, row=said[changed[0]].number)
    return changed[0] if changed else ""


def _requirements(
    rows: list[Line],
    where: Where,
    cadence: str,
    framework: Framework,
    names: dict[str, str],
    faults: Faults,
    *,
    ever: Collection[str],
) -> Raw:
    """The requirements of an item's rows; without a key, the one of this name, or a new one."""
    result: Raw = {}
    by_name = {name: key for key, name in names.items()}
    taken = {*names, *ever, *(in_digits(line.text("requirement")) for line in rows)}
    seen: dict[str, int] = {}
    for line in rows:
        key = in_digits(line.text("requirement"))
        if not key:
            named = by_name.get(line.text("name"))
            fresh = free_key("own", taken)
            key = named if named and named not in seen else fresh
        if key in seen:
            says = N_("the key {key} stands in row {row} already")
            faults.add_at(line.cell("requirement"), says, key=key, row=seen[key])
            continue
        seen[key] = line.number
        taken.add(key)
        how = line.read("cadence", as_code, sheets.CADENCES) or cadence
        periods = line.read("periods", as_months) or (list(framework.periods) if how == "monthly" else [])
        minimum = line.read("minimum", as_number)
        result[key] = {
            "title": line.text("name"), "note": line.text("note"), "cadence": how, "periods": periods,
            "formats": line.read("formats", as_codes, sheets.FORMATS) or [],
            "languages": line.read("languages", as_codes, sheets.LANGUAGES) or [],
            "minimum": 1 if minimum is None else minimum,
            "nil_allowed": line.read("nil", as_code, sheets.ANSWERS) == "true",
        }  # fmt: skip
        line.stands_for((*where, key), _CELLS)
    return result
