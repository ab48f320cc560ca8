"""What of a plan stands in which row: plain values for each column, as `writing` puts them into cells."""

from collections.abc import Iterable, Iterator
from datetime import date

from ita_core.plan.framework import Framework, Requirement
from ita_core.plan.plan import Duties, Hand, Plan, due_days, planned_items
from ita_core.plan.workbook import sheets
from ita_core.plan.workbook.cells import months_text, words_text
from ita_core.plan.workbook.figures import rows_of_figures
from ita_core.plan.workbook.people import People

Value = str | int | float | date | None
Row = dict[str, Value]


def rows_of(framework: Framework, plan: Plan) -> dict[str, list[Row]]:
    """The rows of every sheet, by the sheet's key; of columns of which there are several, "prepare 1", "prepare 2" …"""
    people = people_of(plan)
    return {
        sheets.OFFICE.key: list(_office(plan)),
        sheets.PEOPLE.key: list(_people(plan, people)),
        sheets.ITEMS.key: list(_items(framework, plan)),
        sheets.DUTIES.key: list(_duties(framework, plan, people)),
        sheets.DEADLINES.key: list(_deadlines(framework, plan)),
        sheets.MEASURES_SHEET.key: list(_measures(plan)),
        sheets.CALENDAR.key: list(_calendar(framework, plan, people)),
        sheets.FIGURES.key: [dict(row) for row in rows_of_figures(framework)],
    }


def people_of(plan: Plan) -> People:
    """Everybody in the plan."""
    people = People()
    for key, officer in plan.officers.items():
        people.add(key, officer.name, rank=officer.rank, aliases=officer.aliases)
    for groups in (plan.posts, plan.teams):
        for key, group in groups.items():
            people.add(key, group.name, aliases=group.aliases)
    return people


def _office(plan: Plan) -> Iterator[Row]:
    office = plan.office
    values: Row = {
        "plan": plan.code, "framework": plan.framework, "fiscal_year": plan.fiscal_year, "code": office.code,
        "name": office.name, "short": office.short, "website": office.website, "target": plan.target,
        "about": plan.about,
    }  # fmt: skip
    for key, what, told, _kind in sheets.OFFICE_ROWS:
        yield {"what": what, "value": values[key], "told": told}


def _people(plan: Plan, people: People) -> Iterator[Row]:
    for key, officer in plan.officers.items():
        yield {
            "key": key, "kind": sheets.KINDS["officers"], "rank": officer.rank, "name": officer.name,
            "title": officer.title, "since": officer.since, "aliases": "\n".join(officer.aliases),
            "confirm": sheets.YES if officer.confirm else "",
        }  # fmt: skip
    for kind, groups in (("posts", plan.posts), ("teams", plan.teams)):
        for key, group in groups.items():
            yield {
                "key": key, "kind": sheets.KINDS[kind], "name": group.name, "title": group.title,
                "aliases": "\n".join(group.aliases), "members": "\n".join(people.names[who] for who in group.members),
            }  # fmt: skip


def _requirement(key: str, demand: Requirement) -> Row:
    return {
        "requirement": key, "name": demand.title, "note": demand.note,
        "cadence": sheets.CADENCES[demand.cadence.value], "periods": months_text(demand.periods),
        "formats": words_text(demand.formats, sheets.FORMATS),
        "languages": words_text(demand.languages, sheets.LANGUAGES), "minimum": demand.minimum,
        "nil": sheets.YES if demand.nil_allowed else sheets.NO,
    }  # fmt: skip


def _items(framework: Framework, plan: Plan) -> Iterator[Row]:
    for item in planned_items(framework, plan):
        if item.code in framework.items:
            for key, planned in item.requirements.items():
                row = {"item": item.code, "title": item.title, **_requirement(key, planned.demand)}
                yield {**row, "own": sheets.OWN if planned.own else ""}


def _measures(plan: Plan) -> Iterator[Row]:
    for code, measure in plan.measures.items():
        said: Row = {
            "kind": sheets.MEASURES[measure.kind.value], "instrument": measure.instrument,
            "title": measure.title, "demand": measure.demand,
        }  # fmt: skip
        for key, demand in measure.requirements.items():
            yield {"item": code, **said, **_requirement(key, demand)}
            said = {}


def _duties(framework: Framework, plan: Plan, people: People) -> Iterator[Row]:
    for item in planned_items(framework, plan):
        duties: Duties = item.duties
        parts: dict[str, tuple[Hand, ...]] = {"supervise": duties.supervise, "prepare": duties.prepare}
        here: Row = {"item": item.code, "title": item.title}
        for part, hands in parts.items():
            for hand in hands:
                yield {**here, "part": sheets.PARTS[part], "who": people.names[hand.who], "task": hand.task}
        if duties.nobody:
            missing = [part for part, hands in parts.items() if not hands]
            yield {**here, "part": sheets.PARTS[missing[0]] if len(missing) == 1 else "", "nobody": duties.nobody}


def _deadlines(framework: Framework, plan: Plan) -> Iterator[Row]:
    dues = due_days(framework, plan)
    for item in planned_items(framework, plan):
        for period in sorted(period for code, period in dues if code == item.code):
            yield {
                "item": item.code, "title": item.title, "period": months_text([period] if period else []),
                "due": dues[item.code, period],
            }  # fmt: skip


def _calendar(framework: Framework, plan: Plan, people: People) -> Iterator[Row]:
    for phase in plan.calendar(framework):
        for number, step in phase.steps.items():
            duties = plan.steps[number]
            yield {
                "phase": phase.title, "number": number, "row": step.row, "instrument": step.instrument,
                "starts": step.starts, "ends": step.ends, "title": step.title, "work": step.work,
                **_hands("supervise", duties.supervise, people), **_hands("prepare", duties.prepare, people),
                "nobody": duties.nobody, "shown_by": _sign(duties.shown_by),
            }  # fmt: skip


def _sign(shown_by: str) -> str:
    """หลักฐานครบ S1."""
    name, _blank, code = shown_by.partition(" ")
    return f"{sheets.SIGN_OF_ITEM} {code}" if code else sheets.SIGNS.get(name, "")


def _hands(part: str, hands: Iterable[Hand], people: People) -> Row:
    return {f"{part} {place}": people.hand_text(hand.who, hand.task) for place, hand in enumerate(hands, start=1)}
