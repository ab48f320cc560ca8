"""The sheet of the calendar: phases with their steps, and who does them."""

import re
from typing import Any

from ita_core.language import N_
from ita_core.models import StepSign
from ita_core.plan.content import Content
from ita_core.plan.faults import Faults
from ita_core.plan.plan import PARTS
from ita_core.plan.steps import same_titles
from ita_core.plan.workbook import sheets
from ita_core.plan.workbook.cells import as_code, as_day, as_number, as_text, in_digits
from ita_core.plan.workbook.opening import Line, text_of
from ita_core.plan.workbook.order import in_order
from ita_core.plan.workbook.people import People

Raw = dict[str, Any]
_CELLS = {key: key for key in ("row", "instrument", "starts", "ends", "title", "work")}


def phases_and_steps(found: list[Line], base: Content, people: People, faults: Faults) -> tuple[list[Raw], Raw]:
    """The office's own phases, none where they are the framework's, and the duties of the steps."""
    phases: list[Raw] = []
    duties: Raw = {}
    unsaid: dict[int, str] = {}  # number → title of the steps of which the workbook doesn't say what shows them done
    for number, line in _numbered(found, faults):
        title = line.text("phase")
        if not title:
            faults.add_at(line.cell("phase"), N_("is empty: write the phase on every row"))
        if not phases or phases[-1]["title"] != title:
            faults.cells["phases", len(phases), "title"] = line.cell("phase")
            phases.append({"title": title, "steps": {}})
        starts, ends = line.read("starts", as_day), line.read("ends", as_day)
        phases[-1]["steps"][str(number)] = {
            "row": in_digits(line.text("row")), "instrument": line.text("instrument") or None,
            "starts": starts.isoformat() if starts else None, "ends": ends.isoformat() if ends else None,
            "title": line.text("title"), "work": line.text("work"),
        }  # fmt: skip
        where = ("phases", len(phases) - 1, "steps", str(number))
        line.stands_for(where, _CELLS)
        faults.cells[where] = line.cell("number")
        duties[str(number)] = _duties(line, str(number), people, faults)
        if "shown_by" not in line.cells:  # a workbook from before there was such a column
            unsaid[number] = line.text("title")
        elif shown_by := line.read("shown_by", _sign):
            faults.cells["steps", str(number), "shown_by"] = line.cell("shown_by")
            duties[str(number)]["shown_by"] = shown_by
    own, framework = base["plan"]["phases"], base["framework"]["phases"]
    same = same_titles(_titles(own or framework), unsaid)
    kept = {number: base["plan"]["steps"].get(str(old), {}).get("shown_by") for number, old in same.items()}
    for number, shown_by in kept.items():
        duties[str(number)] |= {"shown_by": shown_by} if shown_by else {}
    if phases == (own or framework):
        phases = own
    elif phases == framework:
        phases = []
    return phases, in_order(duties, base["plan"]["steps"])


def _numbered(found: list[Line], faults: Faults) -> list[tuple[int, Line]]:
    """The rows by the numbers of their steps; notes those that have none."""
    numbered: list[tuple[int, Line]] = []
    for line in found:
        number = line.read("number", as_number)
        if not line.has("number"):
            faults.add_at(line.cell("number"), N_("is empty: the steps count 1, 2, 3 … through the year"))
        elif isinstance(number, float):
            faults.add_at(line.cell("number"), N_("must be a whole number, but is {value}"), value=number)
        elif number in {other for other, _line in numbered}:
            faults.add_at(line.cell("number"), N_("step {number} stands twice"), number=number)
        elif isinstance(number, int):
            numbered.append((number, line))
    return sorted(numbered, key=lambda both: both[0])


def _titles(phases: list[Raw]) -> dict[int, str]:
    return {int(number): step["title"] for phase in phases for number, step in phase["steps"].items()}


def _sign(value: object) -> str:
    """What shows a step done, as the plan writes it. Raises Misfit."""
    text = as_text(value)
    if found := re.fullmatch(rf"(?:{sheets.SIGN_OF_ITEM}|{StepSign.evidence_of.value})\s+(\S+)", text):
        return f"{StepSign.evidence_of.value} {found[1]}"
    return as_code(value, sheets.SIGNS | {StepSign.evidence_of.value: f"{sheets.SIGN_OF_ITEM} O1"})


def _duties(line: Line, number: str, people: People, faults: Faults) -> Raw:
    where = ("steps", number)
    duties: Raw = {"supervise": [], "prepare": [], "nobody": line.text("nobody")}
    line.stands_for(where, {"nobody": "nobody"})
    faults.cells[where] = line.cell("number")
    for part in PARTS:
        for value, cell in line.several.get(part, []):
            text = text_of(value, cell, faults)
            hand = people.hand(text)
            if text and hand is None:
                faults.add_at(cell, people.unknown(text))
            faults.cells[(*where, part, len(duties[part]))] = cell
            duties[part].append(hand or {"who": text, "task": ""})
    return duties
