"""Lists that people send as a CSV or the first sheet of a workbook: their rows, each by its columns' keys.

Whatever would be read falsely is named with its cell; what is not known by a heading is not read in silence.
"""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ita_core.language import N_
from ita_core.plan.exchange import WORKBOOK, kind_of
from ita_core.plan.faults import Faults
from ita_core.plan.workbook.cells import folded
from ita_core.plan.workbook.opening import LARGEST, first_sheet

Row = dict[str, tuple[object, str]]  # by column: the value and its place, "" where there is none
BLANK: tuple[object, str] = (None, "")
KINDS = (WORKBOOK, ".csv")  # by the ends of files' names
MOST_COLUMNS = 26  # of a CSV: A to Z

_Rows = list[tuple[int, list[tuple[object, str]]]]


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns by their key, with the headings that are known for each; the first is the one that is told.

    `unread` are keys of columns that may stand there and say nothing themselves; the first is offered for others.
    """

    known: Mapping[str, Sequence[str]]
    needed: Collection[str]
    unread: Sequence[str]
    of_people: bool = False  # what stands in their rows is not repeated, also where such a row stands for the headings


def rows_of(data: bytes, name: str, faults: Faults, most: int) -> _Rows:
    """The rows that say something: number, and each cell's value and place; `name` tells which kind of file it is.

    Raises PlanFaults where it cannot be read, or has more than `most` rows.
    """
    rows = first_sheet(data, faults) if kind_of(name) == WORKBOOK else _csv_rows(data, faults, most)
    if len(rows) > most:
        faults.add((), N_("has more than {most} rows: delete what is below the table"), most=f"{most:,}")
        faults.stop()
    return rows


def _csv_rows(data: bytes, faults: Faults, most: int) -> _Rows:
    """UTF-8, or what Excel writes in Thailand (cp874); commas, semicolons or tabs, whichever the headings have."""
    if len(data) > LARGEST:
        faults.add((), N_("is larger than {most} KB"), most=LARGEST // 1024)
    if b"\x00" in data:
        faults.add((), N_("is no CSV: save it as .csv or .xlsx"))
    faults.stop()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp874", errors="replace")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    found: _Rows = []
    try:
        for number, row in enumerate(reader, start=1):
            # An apostrophe before a sign that spreadsheets would run: our own exports write it.
            values = [value.strip().removeprefix("'") or None for value in row]
            if any(values[MOST_COLUMNS:]):
                faults.add((), N_("row {number} has more than {most} columns"), number=number, most=MOST_COLUMNS)
                faults.stop()
            if any(values):
                cells = [(value, f"{chr(65 + place)}{number}") for place, value in enumerate(values[:MOST_COLUMNS])]
                found.append((number, list(cells)))
            if len(found) > most:
                break
    except csv.Error as error:
        faults.add((), N_("is no CSV: {why}"), why=error)
        faults.stop()
    return found


def by_heading(rows: _Rows, headings: Headings, faults: Faults) -> list[Row]:
    """Each row that holds anything but what is not read, by the columns' keys.

    Notes headings that lack, stand twice or are not known, and what stands below none: what was not read could be what
    matters. Raises PlanFaults where a heading is wrong.
    """
    if not rows:
        return []
    remark = headings.known[headings.unread[0]][0]
    known = {folded(word): key for key, words in headings.known.items() for word in (key, *words)}
    places: dict[str, int] = {}
    for place, (value, cell) in enumerate(rows[0][1]):
        key = known.get(folded(str(value)) if value is not None else "")
        if key in places:
            faults.add_at(cell, N_("“{heading}” stands twice: delete one"), heading=value)
        elif key:
            places[key] = place
        elif value is not None:
            says = N_("“{heading}” is no heading that is known: name it as one of {known}, or {remark}: not read")
            if headings.of_people:
                says = N_("is no heading that is known: name it as one of {known}, or {remark}: not read")
            names = ", ".join(words[0] for one, words in headings.known.items() if one not in headings.unread)
            faults.add_at(cell, says, heading=value, known=names, remark=remark)
    missing = [f"“{headings.known[key][0]}”" for key in headings.needed if key not in places]
    if missing:
        says = N_("there is no heading {headings}: the first row must hold it (the others are {others})")
        told = [key for key in headings.known if key not in (*headings.needed, *headings.unread[1:])]
        others = ", ".join(headings.known[key][0] for key in told)
        faults.add((), says, headings=", ".join(missing), others=others)
    faults.stop()
    found = []
    for _number, row in rows[1:]:
        read = {key: row[at] for key, at in places.items() if at < len(row) and row[at][0] is not None}
        if not read.keys() - set(headings.unread):
            continue
        for place, (value, cell) in enumerate(row):
            if value is not None and place not in places.values():
                says = N_("stands below no heading: write one above it, or {remark}: not read")
                faults.add_at(cell, says, remark=remark)
        found.append(dict.fromkeys(headings.known, BLANK) | read)
    return found
