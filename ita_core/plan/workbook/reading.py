"""What a workbook says as the values of a plan; what it does not hold comes from the plan that it is read beside."""

import copy
from collections.abc import Collection, Iterable
from typing import Any

from ita_core.language import N_
from ita_core.plan.content import Content, content_of, parts_of
from ita_core.plan.faults import Faults, PlanFaults
from ita_core.plan.framework import Framework, looked_over
from ita_core.plan.plan import PARTS, Plan, plan_of
from ita_core.plan.shape import free_key
from ita_core.plan.workbook import sheets
from ita_core.plan.workbook.calendar import phases_and_steps
from ita_core.plan.workbook.cells import as_code, as_day, as_number, in_digits, lines
from ita_core.plan.workbook.demands import departures, measures
from ita_core.plan.workbook.dues import own_days
from ita_core.plan.workbook.figures import framework_with
from ita_core.plan.workbook.opening import Line, tables
from ita_core.plan.workbook.order import in_order
from ita_core.plan.workbook.people import People
from ita_core.plan.workbook.sheets import Kind

Raw = dict[str, Any]


def read(data: bytes, base: Content, *, name: str, ever: Collection[str] = ()) -> Content:
    """What the workbook says, as values for `checked`; instruments, items, scores … are those of `base`.

    `ever`: keys of parties and requirements of earlier revisions, which nothing new gets.

    Raises PlanFaults with everything that is wrong, each with its sheet and cell; `name` says whose workbook it is.
    """
    faults = Faults(name)
    found = tables(data, faults)
    framework, before = parts_of(base)
    figured = looked_over(framework_with(found[sheets.FIGURES.key], base, faults), faults)
    raw = copy.deepcopy(base["plan"])
    raw.update(_office(found[sheets.OFFICE.key], raw, faults))
    people, parties = _people(found[sheets.PEOPLE.key], before, ever, faults)
    raw.update(parties)
    raw["measures"] = measures(found[sheets.MEASURES_SHEET.key], framework, before, faults, ever=ever)
    _put_duties(found[sheets.DUTIES.key], raw, people, faults)
    raw["items"] = departures(found[sheets.ITEMS.key], framework, before, raw["items"], faults, ever=ever)
    raw["phases"], raw["steps"] = phases_and_steps(found[sheets.CALENDAR.key], base, people, faults)
    by_groups = _without_own_days(raw, framework) or before
    raw["deadlines"]["own"] = own_days(found[sheets.DEADLINES.key], framework, by_groups, before, faults)
    return content_of(figured or framework, plan_of(raw, framework, faults))


def _without_own_days(raw: Raw, framework: Framework) -> Plan | None:
    """The plan as its groups of deadlines say it, None where it cannot be used yet."""
    bare = copy.deepcopy(raw)
    bare["deadlines"]["own"] = {}
    try:
        return plan_of(bare, framework, Faults(""))
    except PlanFaults:
        return None


def _office(found: list[Line], raw: Raw, faults: Faults) -> Raw:
    rows: dict[str, Line] = {}
    for line in found:
        what = line.text("what")
        key = next((key for key, word, _told, _kind in sheets.OFFICE_ROWS if word == what), None)
        if key is None or key in rows:
            unknown = N_("“{what}” is none of the things that an office has: leave this column as it was")
            faults.add_at(line.cell("what"), N_("“{what}” stands twice") if key else unknown, what=what)
        else:
            rows[key] = line
    missing = [f"“{word}”" for key, word, _told, _kind in sheets.OFFICE_ROWS if key not in rows]
    if missing:
        place = f"{sheets.OFFICE.title}!A:A"
        says = N_("there is no row {rows}: take a workbook that was exported here")
        faults.add_at(place, says, rows=", ".join(missing))
    values: Raw = {"office": copy.deepcopy(raw["office"])}
    for key, _word, _told, kind in sheets.OFFICE_ROWS:
        if key in rows:
            line = rows[key]
            owner, where = (values, (key,)) if key in raw else (values["office"], ("office", key))
            faults.cells[where] = line.cell("value")
            owner[key] = line.read("value", as_number) if kind is Kind.number else line.text("value")
            if kind is Kind.code:
                owner[key] = in_digits(owner[key])
    return values


def _people(
    found: list[Line], before: Plan, ever: Collection[str], faults: Faults
) -> tuple[People, Raw]:  # fmt: skip
    people = People()
    parties: dict[str, Raw] = {kind: {} for kind in sheets.KINDS}
    known = _keys_by_name(before)
    taken = {in_digits(line.text("key")) for line in found} | {key for keys in known.values() for key in keys.values()}
    taken |= set(ever)
    rows: dict[str, Line] = {}  # by key
    members: list[tuple[Line, list[str]]] = []
    for line in found:
        kind = line.read("kind", as_code, sheets.KINDS)
        name, rank = line.text("name"), line.text("rank")
        aliases = lines(line.text("aliases"))
        key = (
            in_digits(line.text("key"))
            or known.get(kind or "", {}).get(name)
            or free_key(f"{(kind or 'x').rstrip('s')}-{before.fiscal_year}", taken)  # as `editing.add_officer`
        )
        if not line.has("kind"):
            faults.add_at(line.cell("kind"), N_("is empty: choose {choices}"), choices=", ".join(sheets.KINDS.values()))
        if key in rows:
            says = N_("the key {key} stands in row {row} already")
            faults.add_at(line.cell("key"), says, key=key, row=rows[key].number)
            continue
        rows[key] = line
        taken.add(key)
        people.add(key, name or _name_of(before, key), rank=rank, aliases=aliases)
        party: Raw = {"name": name, "title": line.text("title"), "aliases": aliases}
        if kind == "officers":
            day = line.read("since", as_day)
            party |= {"rank": rank, "since": day.isoformat() if day else None,
                      "confirm": line.read("confirm", as_code, sheets.ANSWERS) == "true"}  # fmt: skip
            _refuse(line, ("members",), N_("an officer has none: leave it empty"), faults)
        else:
            party["members"] = []
            members.append((line, party["members"]))
            _refuse(line, ("rank", "since", "confirm"), N_("only an officer has this: leave it empty"), faults)
        if kind:
            parties[kind][key] = party
            line.stands_for((kind, key), {part: part for part in (*party, "members") if part in line.cells})
    for line, into in members:
        into += _officers_named(line, people, faults)
    return people, parties


def _keys_by_name(before: Plan) -> dict[str, dict[str, str]]:
    return {
        "officers": {officer.name: key for key, officer in before.officers.items()},
        "posts": {group.name: key for key, group in before.posts.items()},
        "teams": {group.name: key for key, group in before.teams.items()},
    }


def _name_of(before: Plan, key: str) -> str:
    """Who somebody was, for rows that name them where their own name cannot be read."""
    party = before.officers.get(key) or before.posts.get(key) or before.teams.get(key)
    return party.name if party else key


def _refuse(line: Line, keys: Iterable[str], why: str, faults: Faults) -> None:
    for key in keys:
        if line.has(key):
            faults.add_at(line.cell(key), why)


def _officers_named(line: Line, people: People, faults: Faults) -> list[str]:
    found = []
    for text in lines(line.text("members")):
        who = people.find(text)
        if who is None:
            faults.add_at(line.cell("members"), people.unknown(text))
        found.append(who or text)
    return found


def _put_duties(found: list[Line], raw: Raw, people: People, faults: Faults) -> None:
    """Puts the hands of items and measures where the plan has them."""
    duties: dict[str, Raw] = {}
    for line in found:
        code = in_digits(line.text("item"))
        if not code:
            faults.add_at(line.cell("item"), N_("is empty: write the code of the item or measure"))
            continue
        of_measure = code in raw["measures"]
        where = ("measures" if of_measure else "duties", code)
        own = raw["measures"][code] if of_measure else duties.setdefault(code, {})
        line.stands_for(where, {})
        for key in PARTS:
            own.setdefault(key, [])
        part, who = line.read("part", as_code, sheets.PARTS), line.text("who")
        if faults.passes_over(line.cell("who")):
            who = "?"  # whoever it is: that the cell cannot be read is noted
        nobody = line.text("nobody")
        if nobody and own.get("nobody", nobody) != nobody:
            says = N_("says otherwise than a row above why nobody does {code}")
            faults.add_at(line.cell("nobody"), says, code=code)
        if nobody:
            own["nobody"] = nobody
            faults.cells[(*where, "nobody")] = line.cell("nobody")
        if who and not line.has("part"):
            faults.add_at(line.cell("part"), N_("is empty: choose {choices}"), choices=", ".join(sheets.PARTS.values()))
        if who and part:
            known = people.find(who)
            if known is None:
                faults.add_at(line.cell("who"), people.unknown(who))
            faults.cells[(*where, part, len(own[part]))] = line.cell("who")
            own[part].append({"who": known or who, "task": line.text("task")})
        elif line.has("task") and not who:
            faults.add_at(line.cell("task"), N_("nobody is named for this: choose who does it"))
    raw["duties"] = in_order(duties, raw["duties"])
