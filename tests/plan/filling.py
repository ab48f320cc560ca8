"""A workbook of the real plan, filled in otherwise as a secretary would, and read again."""

import io
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook

from ita_core.plan.content import Content, content_hash
from ita_core.plan.faults import PlanFaults
from ita_core.plan.workbook import read, write

Edit = Callable[[Workbook], object]


_written: dict[str, bytes] = {}


def written(content: Content) -> bytes:
    """The workbook of a plan, made once."""
    key = content_hash(content)
    if key not in _written:
        _written[key] = write(content)
    return _written[key]


def filled(content: Content, *edits: Edit) -> bytes:
    book = load_workbook(io.BytesIO(written(content)))
    for edit in edits:
        edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell(sheet: str, where: str, value: Any) -> Edit:
    """An edit: this value in this cell."""

    def edit(book: Workbook) -> None:
        book[sheet][where] = value

    return edit


def at(content: Content, sheet: str, heading: str, **those: Any) -> str:
    """The cell under a heading, in the first row that has these values under theirs."""
    page = load_workbook(io.BytesIO(written(content)))[sheet]
    columns = {str(found.value): found.column_letter for found in page[1]}
    for row in range(3, page.max_row + 1):
        if all(page[f"{columns[key]}{row}"].value == value for key, value in those.items()):
            return f"{columns[heading]}{row}"
    raise LookupError(those)


def read_again(content: Content, *edits: Edit) -> Content:
    return read(filled(content, *edits), content, name="plan.xlsx")


def faults_of(data: bytes, content: Content) -> list[str]:
    try:
        read(data, content, name="plan.xlsx")
    except PlanFaults as error:
        return [fault.removeprefix("plan.xlsx: ") for fault in error.faults]
    return []
