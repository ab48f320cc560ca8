"""The list of external stakeholders for EIT(2) as a workbook: as the assessor's system gets it, and our empty form.

No other export holds anything of it: no table, pack, backup or workbook to forward.
"""

from collections.abc import Sequence

from ita_core.exports.tables import Column, Table, Value
from ita_core.exports.workbook import as_xlsx
from ita_core.plan.stakeholders import NUMBER, Form, Person, exported

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "stakeholders"


def for_itap(people: Sequence[Person], form: Form) -> bytes:
    """The list below the headings of `form.export`; every cell is text and never a formula, but for the numbers."""
    columns = tuple(
        Column(str(place), one.heading, Value.number if one.of == NUMBER else Value.text)
        for place, one in enumerate(form.export)
    )
    rows = [dict(zip(map(str, range(len(columns))), row, strict=True)) for row in exported(people, form)]
    return as_xlsx(Table(NAME, form.sheet, columns, rows))


def empty(form: Form) -> bytes:
    """A workbook with nothing but our own headings, to be filled in."""
    return as_xlsx(Table(NAME, form.sheet, tuple(Column(one.key, one.known[0]) for one in form.columns), []))
