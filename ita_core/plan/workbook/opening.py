"""A workbook opened within bounds, and its sheets as rows of cells; whatever would be read falsely is named first:
merged cells, formulas, hidden rows and columns.

The bounds are held before openpyxl sees anything: the size, what the parts say they unpack to (`zipfile` unpacks no
more), and, streaming through each sheet, its rows and columns.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from ita_core.language import N_
from ita_core.plan.faults import Faults, PlanFaults
from ita_core.plan.places import Where
from ita_core.plan.sentences import Misfit, Sentence
from ita_core.plan.workbook.cells import as_text, folded
from ita_core.plan.workbook.sheets import FIRST, HEADINGS, MOST_COLUMNS, MOST_ROWS, SHEETS, Column, Sheet, defined
from ita_core.typed import unkept_signs

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST = 5 * 1024**2  # bytes of the file …
MOST_UNPACKED = 40 * 1024**2  # … and of all its parts
_MOST_PARTS = 500
_LARGEST_NUMBER = 1e300  # what is larger is no number for Excel either
_INSTEAD = Sentence(N_("take a workbook that was exported here, and fill that"))
# What openpyxl lets through where a part is missing, cut off or other than it should be.
_BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass
class Line:
    """A row of a sheet that says something: each column's value and cell; of several columns, each that has a value."""

    number: int
    faults: Faults
    cells: dict[str, tuple[object, str]] = field(default_factory=dict)
    several: dict[str, list[tuple[object, str]]] = field(default_factory=dict)

    def cell(self, key: str) -> str:
        """Where a column's value stands, like บุคคล!C7."""
        return self.cells[key][1]

    def has(self, key: str) -> bool:
        """Whether something stands there."""
        return self.cells[key][0] is not None

    def text(self, key: str) -> str:
        """The text that stands there; "" where that is none, which is noted."""
        return text_of(*self.cells[key], self.faults)

    def read(self, key: str, reader: Any, *more: object) -> Any:
        """What `reader` makes of the value, None for an empty cell; what it raises is noted, and gives None too."""
        value, cell = self.cells[key]
        if value is None:
            return None
        try:
            return reader(value, *more)
        except Misfit as misfit:
            self.faults.add_at(cell, misfit.what)
            return None

    def stands_for(self, where: Where, keys: Mapping[str, str]) -> None:
        """Say in which cells a part of the plan and its values, by key of the plan and of the column, were read."""
        self.faults.cells.setdefault(where, next(iter(self.cells.values()))[1])
        for name, key in keys.items():
            self.faults.cells.setdefault((*where, name), self.cell(key))


def text_of(value: object, cell: str, faults: Faults) -> str:
    """A cell's value as text; what cannot be kept or is no text is noted, and gives ""."""
    try:
        text = as_text(value)
    except Misfit as misfit:
        faults.add_at(cell, misfit.what)
        return ""
    for sign in unkept_signs(text):
        says = N_("holds the character {sign}, which cannot be kept: delete it")
        faults.add_at(cell, says, sign=f"U+{ord(sign):04X}")
        text = text.replace(sign, "")
    return text


def tables(data: bytes, faults: Faults) -> dict[str, list[Line]]:
    """The lines of every sheet by its key, none of one that may lack; what cannot be read is noted in `faults`.

    Raises PlanFaults where it is no workbook, too large, or not one of ours.
    """
    with _reading(faults):
        _check_size(data, faults)
        book = _opened(data)
        found = {sheet.key: _find(sheet, book) for sheet in SHEETS}
        wanted = [sheet for sheet in SHEETS if not sheet.lately]
        missing = [sheet.title for sheet in wanted if found[sheet.key] is None]
        if len(missing) == len(wanted):
            says = N_("is a workbook of another program: it has none of our sheets; {instead}")
            faults.add((), says, instead=_INSTEAD)
        elif missing:
            titles = ", ".join(f"“{title}”" for title in missing)
            faults.add((), N_("lacks the sheet {titles}: {instead}"), titles=titles, instead=_INSTEAD)
        faults.stop()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            here = [sheet for sheet in SHEETS if found[sheet.key] is not None]
            for sheet in here:
                _look_over(found[sheet.key], archive, faults)
        placed = {sheet.key: _columns(sheet, found[sheet.key], faults) for sheet in here}
        if any(places is None for places in placed.values()):
            faults.stop()
        lines = {sheet.key: list(_lines(found[sheet.key], placed[sheet.key] or [], faults)) for sheet in here}
        return {sheet.key: lines.get(sheet.key, []) for sheet in SHEETS}


def first_sheet(data: bytes, faults: Faults) -> list[tuple[int, list[tuple[object, str]]]]:
    """The rows of any workbook's first sheet that say something: number, and each cell's value and place.

    What would be read falsely is noted in `faults`, as of our own workbooks.

    Raises PlanFaults where it is no workbook, or too large.
    """
    with _reading(faults):
        _check_size(data, faults)
        book = _opened(data)
        page = book.worksheets[0]
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look_over(page, archive, faults)
        rows = (
            (
                number,
                [
                    (
                        _value(cell, f"{page.title}!{_letter(place)}{number}", faults),
                        f"{page.title}!{_letter(place)}{number}",
                    )
                    for place, cell in enumerate(row, start=1)
                ],
            )
            for number, row in _rows(page)
        )
        return [(number, row) for number, row in rows if any(value is not None for value, _place in row)]


@contextmanager
def _reading(faults: Faults) -> Iterator[None]:
    """Raises PlanFaults in place of what a damaged file makes openpyxl raise."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield
    except PlanFaults:
        raise
    except (*_BROKEN, InvalidFileException):
        says = N_("is no xlsx workbook, or it is damaged: open it, save it anew as .xlsx; or {instead}")
        faults.add((), says, instead=_INSTEAD)
        faults.stop()


def _check_size(data: bytes, faults: Faults) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        says = N_("is an old workbook (.xls) or protected by a password: save it as .xlsx without a password")
        faults.add((), says)
    elif len(data) > LARGEST:
        faults.add((), N_("is larger than {most} MB: {instead}"), most=LARGEST // 1024**2, instead=_INSTEAD)
    faults.stop()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            says = N_("unpacks to more than {most} MB, or to too many parts: {instead}")
            faults.add((), says, most=MOST_UNPACKED // 1024**2, instead=_INSTEAD)
        faults.stop()
        for part in parts:
            start = archive.read(part)[:4096].replace(b"\x00", b"")  # no office program writes what defines entities
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                says = N_("is not written as office programs do it ({part}): {instead}")
                faults.add((), says, part=part.filename, instead=_INSTEAD)
    faults.stop()


def _opened(data: bytes) -> "Workbook":
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data), read_only=True, keep_links=False)


def _find(sheet: Sheet, book: "Workbook") -> Any:
    """The page of a sheet: by its hidden name, or by its title."""
    name = book.defined_names.get(defined(sheet))
    titles = [title for title, _cells in name.destinations] if name is not None else []
    for title in (*titles, sheet.title):
        if title in book.sheetnames:
            page = book[title]
            return page if hasattr(page, "iter_rows") else None
    return None


def _look_over(page: Any, archive: zipfile.ZipFile, faults: Faults) -> None:
    """Notes what would be read falsely. Raises PlanFaults for more rows than are read."""
    if page.sheet_state != "visible":
        says = N_("this sheet is hidden: show it, look through it, and save the workbook again")
        faults.add_at(page.title, says)
    with archive.open(page._worksheet_path) as source:
        seen = _Seen(page.title, faults)
        seen.go_through(source)
    seen.note_hidden()
    if seen.last > MOST_ROWS:
        says = N_("has more than {most} rows: delete what is below the table")
        faults.add_at(page.title, says, most=f"{MOST_ROWS:,}")
        faults.stop()


class _Seen:
    """What a sheet's part has that its cells don't tell."""

    def __init__(self, title: str, faults: Faults) -> None:
        self.title, self.faults, self.last = title, faults, 0
        self._hidden_rows: list[int] = []
        self._columns: list[tuple[int, int]] = []
        self._widest = 0

    def go_through(self, source: IO[bytes]) -> None:
        from openpyxl.xml.functions import iterparse

        number = 0
        for _event, element in iterparse(source):
            tag = element.tag.rsplit("}", 1)[-1]
            if tag == "row":
                number = int(element.get("r") or number + 1)
                self._take_row(element, number)
                element.clear()
            elif tag == "col" and (_true(element.get("hidden")) or float(element.get("width") or 1) == 0):
                self._columns.append((int(element.get("min", 1)), int(element.get("max", 1))))
            elif tag == "mergeCell":
                self._take_merged(str(element.get("ref")))

    def _take_row(self, row: Any, number: int) -> None:
        place = 0
        said = False
        for cell in row:
            reference = re.fullmatch(r"([A-Z]{1,3})[0-9]+", str(cell.get("r")))
            place = _place(reference[1]) if reference else place + 1
            parts = {part.tag.rsplit("}", 1)[-1] for part in cell}
            if "f" in parts:
                says = N_("holds a formula: put the value itself in its place")
                self.faults.add_at(f"{self.title}!{_letter(place)}{number}", says)
            if parts & {"v", "is", "f"}:
                said, self.last, self._widest = True, max(self.last, number), max(self._widest, place)
        height = row.get("ht")
        if said and (_true(row.get("hidden")) or (height is not None and float(height) == 0)):
            self._hidden_rows.append(number)

    def _take_merged(self, reference: str) -> None:
        found = re.fullmatch(r"([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)", reference.replace("$", ""))
        self.faults.add_at(f"{self.title}!{reference}", N_("merged cells: undo the merge, and fill each cell"))
        if found:
            left, right = _place(found[1]), min(_place(found[3]), MOST_COLUMNS)
            top, bottom = int(found[2]), min(int(found[4]), self.last)
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self.faults.pass_over(f"{self.title}!{_letter(column)}{row}")

    def note_hidden(self) -> None:
        """Hidden rows in runs, hidden columns as far as anything stands in them."""
        runs: list[list[int]] = []
        for number in self._hidden_rows:
            if runs and number == runs[-1][1] + 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        for first, last in runs:
            says = N_("hidden rows: show them (clear the filter), look through them, and save")
            self.faults.add_at(f"{self.title}!{first}:{last}", says)
        for left, right in self._columns:
            if left <= self._widest:
                place = f"{self.title}!{_letter(left)}:{_letter(min(right, self._widest))}"
                self.faults.add_at(place, N_("hidden columns: show them, look through them, and save"))


def _true(text: str | None) -> bool:
    return text in {"1", "true", "on"}


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place) if 1 <= place <= 18_278 else "?"


def _rows(page: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    yield from enumerate(page.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS), start=1)


def _columns(sheet: Sheet, page: Any, faults: Faults) -> list[tuple[Column, int]] | None:
    """Where each column stands, by its heading; None where one is missing, which is noted."""
    headings: dict[str, list[int]] = {}
    for _number, row in _rows(page):
        for place, cell in enumerate(row, start=1):
            text = "" if cell.value is None else str(cell.value)
            headings.setdefault(folded(text), []).append(place)
        break
    found: list[tuple[Column, int]] = []
    missing, sound = [], True
    for column in sheet.columns:
        bare = folded(column.heading)
        places = headings.get(bare, [])
        if column.many:
            numbered = [
                (int(text.removeprefix(bare)), place)
                for text, those in headings.items()
                for place in those
                if re.fullmatch(rf"{re.escape(bare)} ?[0-9]{{1,2}}", text)
            ]
            places = [*places, *(place for _number, place in sorted(numbered))]
        if not places and not column.told and not column.younger:
            missing.append(f"“{column.heading}”")
        elif len(places) > 1 and not column.many:
            cell = f"{page.title}!{_letter(places[1])}{HEADINGS}"
            faults.add_at(cell, N_("“{heading}” stands twice: delete one"), heading=column.heading)
            sound = False
        found += [(column, place) for place in places]
    if missing:
        says = N_("there is no heading {headings}: {instead}")
        faults.add_at(f"{page.title}!{HEADINGS}:{HEADINGS}", says, headings=", ".join(missing), instead=_INSTEAD)
    return found if sound and not missing else None


def _lines(page: Any, places: list[tuple[Column, int]], faults: Faults) -> Iterator[Line]:
    for number, row in _rows(page):
        if number < FIRST:
            continue
        line = Line(number, faults)
        for column, place in places:
            cell, reference = row[place - 1], f"{page.title}!{_letter(place)}{number}"
            value = _value(cell, reference, faults)
            if column.many:
                line.several.setdefault(column.key, []).extend([(value, reference)] if value is not None else [])
            elif not column.told:
                line.cells[column.key] = (value, reference)
        if any(value is not None for value, _cell in line.cells.values()) or any(line.several.values()):
            yield line


def _value(cell: Any, reference: str, faults: Faults) -> object:
    value = cell.value
    if cell.data_type == "f":
        return None
    if isinstance(value, int | float) and abs(value) > _LARGEST_NUMBER:
        value = "#NUM!"  # as an office program shows it
    if cell.data_type == "e" or value == "#NUM!":
        faults.add_at(reference, N_("holds an error ({error}): put the value in its place"), error=value)
        return None
    return None if isinstance(value, str) and not value.strip() else value
