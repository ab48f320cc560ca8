"""The list of external stakeholders for EIT(2), as people send it: read, and checked as a whole.

Which columns there are, and as what the assessor's system gets them, is data (`data/stakeholders/itap.yaml`). Faults
name a cell and never what stands in it: they are read on a screen, what they are about is somebody's telephone number.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ita_core.language import N_
from ita_core.plan import lists
from ita_core.plan.faults import Faults
from ita_core.plan.files import read as read_yaml
from ita_core.plan.lists import Row
from ita_core.plan.sentences import Misfit
from ita_core.plan.shape import Key, Strict, shaped
from ita_core.plan.workbook.cells import as_text, folded, in_digits
from ita_core.settings import DATA
from ita_core.typed import unkept_signs

FORM = DATA / "stakeholders" / "itap.yaml"
MOST_ROWS = 2_000  # of one list, its headings among them
LONGEST = 200  # characters of a cell
NUMBER = "number"  # in what is exported: which row it is

Person = dict[str, str]  # by the columns' keys, in the form's order; "" where nothing is known


class Column(Strict):
    """A column that is taken: by which headings it is known, and how what stands in it is checked."""

    key: Key
    known: tuple[str, ...] = Field(min_length=1)
    check: Literal["text", "kind", "phone", "email"]
    needed: bool


class Exported(Strict):
    """A column of the file for the assessor's system: its heading there, and which of our columns stands below it."""

    heading: str
    of: str


class Form(Strict):
    """What is taken and given; `assumed` says that nobody knows the assessor's own form, "" once somebody does."""

    code: Key
    assumed: str = ""
    sheet: str
    columns: tuple[Column, ...] = Field(min_length=1)
    unread: tuple[tuple[str, ...], ...] = Field(min_length=1)
    reached_by: tuple[str, ...]
    double: tuple[tuple[str, ...], ...]
    kinds: tuple[tuple[str, ...], ...] = Field(min_length=1)
    export: tuple[Exported, ...] = Field(min_length=1)

    @property
    def headings(self) -> tuple[str, ...]:
        """Those of our own empty form."""
        return tuple(column.known[0] for column in self.columns)

    @property
    def kind(self) -> str:
        """The key of the column that says which kind of stakeholder somebody is."""
        return next(column.key for column in self.columns if column.check == "kind")

    def heading(self, key: str) -> str:
        """A column's own heading."""
        return next(column.known[0] for column in self.columns if column.key == key)


@lru_cache(maxsize=4)
def load_form(path: Path = FORM) -> Form:
    """The form, checked.

    Raises PlanFaults with everything that is wrong with its file.
    """
    faults = Faults(path.name)
    found = shaped(Form, read_yaml(path, faults), faults)
    if found is not None:
        keys = {column.key for column in found.columns}
        if sum(column.check == "kind" for column in found.columns) != 1:
            faults.add(("columns",), N_("must have exactly one column whose check is “kind”"))
        named = [("reached_by", key) for key in found.reached_by]
        named += [("double", key) for one in found.double for key in one]
        named += [("export", one.of) for one in found.export if one.of != NUMBER]
        for where, key in named:
            if key not in keys:
                faults.add((where,), N_("names the column “{key}”, which there is none of"), key=key)
    faults.stop()
    assert found is not None
    return found


def read(data: bytes, name: str, form: Form) -> list[Person]:
    """Everybody on a list, in its order; `name` tells whether it is a CSV or a workbook.

    Raises PlanFaults with everything that is wrong, each with its cell: then nothing of it can be used.
    """
    faults = Faults(name)
    unread = {words[0]: words for words in form.unread}
    headings = lists.Headings(
        {column.key: column.known for column in form.columns} | unread,
        [column.key for column in form.columns if column.needed],
        list(unread),
        of_people=True,
    )
    rows = lists.by_heading(lists.rows_of(data, name, faults, MOST_ROWS), headings, faults)
    people = [_person(row, form, faults) for row in rows]
    if not people and not faults.found:
        faults.add((), N_("holds nobody: below the headings there is no row"))
    _note_doubles([(row, one) for row, one in zip(rows, people, strict=True)], form, faults)
    faults.stop()
    return people


def by_kind(people: Sequence[Person], form: Form) -> dict[str, int]:
    """How many there are of each kind, in the form's order, of those of which there is somebody."""
    kinds = [one[form.kind] for one in people]
    return {kind[0]: kinds.count(kind[0]) for kind in form.kinds if kind[0] in kinds}


def exported(people: Sequence[Mapping[str, str]], form: Form) -> list[list[str | int]]:
    """The rows below the headings of `form.export`; what an older list does not have is empty."""
    return [
        [number if column.of == NUMBER else one.get(column.of, "") for column in form.export]
        for number, one in enumerate(people, start=1)
    ]


def _person(row: Row, form: Form, faults: Faults) -> Person:
    first = _first_cell(row)
    found: Person = {}
    for column in form.columns:
        value, cell = row[column.key]
        found[column.key] = ""
        try:
            found[column.key] = _checked(value, column, form) if value is not None else ""
        except Misfit as misfit:
            faults.add_at(cell, misfit.what)
            continue
        if column.needed and not found[column.key]:
            faults.add_at(cell if value is not None else first, N_("this row lacks its {what}"), what=column.known[0])
    if form.reached_by and all(row[key][0] is None for key in form.reached_by):
        says = N_("this row has neither {what}: one of them is needed, so that this stakeholder can be asked")
        faults.add_at(first, says, what=" / ".join(form.heading(key) for key in form.reached_by))
    return found


def _first_cell(row: Row) -> str:
    return next(cell for value, cell in row.values() if value is not None)


def _checked(value: object, column: Column, form: Form) -> str:
    """Raises Misfit."""
    text = as_text(value)
    if unkept_signs(text):
        raise Misfit(N_("holds what cannot be kept: type it anew"))
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise Misfit(N_("is longer than {longest} characters"), longest=LONGEST)
    if not text:
        return ""
    match column.check:
        case "kind":
            return _kind(text, form)
        case "phone":
            return phone(text, was_number=not isinstance(value, str))
        case "email":
            return email(text)
    return text


def _kind(text: str, form: Form) -> str:
    for words in form.kinds:
        if folded(text) in {folded(word) for word in words}:
            return words[0]
    raise Misfit(N_("is no kind that is known: write one of {known}"), known=", ".join(one[0] for one in form.kinds))


_EXTENSION = re.compile(r"(.*?[0-9][^0-9]*?)(?:ต่อ|ext\.?|#|x)\s*([0-9]{1,6})", re.IGNORECASE)
_THAI = re.compile(r"0(?:[2-7][0-9]{7}|[689][0-9]{8})")  # 02 … 07: fixed lines, 06, 08, 09: mobile ones (NBTC)
_LOST_ZERO = re.compile(r"[2-7][0-9]{7}|[689][0-9]{8}")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")  # E.164: 15 digits at most


def phone(text: str, *, was_number: bool = False) -> str:
    """A telephone number as digits: 0812345678, 032611234 ต่อ 15, abroad +441632960001; Thai digits are read, too.

    `was_number`: a spreadsheet took it for a number, and so took the 0 at its front away, which is put back.

    Raises Misfit.
    """
    extension = _EXTENSION.fullmatch(in_digits(text))
    number, more = (extension[1], f" ต่อ {extension[2]}") if extension else (in_digits(text), "")
    bare = re.sub(r"[\s().\-–—]+", "", number)
    if re.search(r"[^0-9+]", bare) or "+" in bare[1:]:
        raise Misfit(N_("is no telephone number: write one number, in digits only"))
    for country in ("+66", "0066", "66"):
        rest = bare.removeprefix(country).removeprefix("0")
        if bare.startswith(country) and _THAI.fullmatch(f"0{rest}"):
            return f"0{rest}{more}"
    if _THAI.fullmatch(bare) or (_ABROAD.fullmatch(bare) and not bare.startswith("+66")):
        return bare + more
    if _LOST_ZERO.fullmatch(bare):
        if was_number:
            return f"0{bare}{more}"
        raise Misfit(N_("lacks the 0 at its front, as spreadsheets take it away: format the column as text"))
    raise Misfit(N_(
        "is no telephone number: a Thai one has 9 digits (0x xxx xxxx) or, mobile, 10 (06, 08 or 09); one abroad "
        "begins with + and its country"
    ))  # fmt: skip


_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})")


def email(text: str) -> str:
    """An address for e-mail, its domain in small letters: as browsers check it, and with a domain that has a dot.

    Raises Misfit.
    """
    found = _EMAIL.fullmatch(text)
    if found is None or ".." in text or text.startswith(".") or ".@" in text:
        raise Misfit(N_("is no e-mail address: it must be like name@example.com"))
    return text[: -len(found[1])] + found[1].lower()


def _note_doubles(placed: Sequence[tuple[Row, Person]], form: Form, faults: Faults) -> None:
    """Notes each row that is the same as an earlier one, at its cell, with the earlier one's."""
    for keys in form.double:
        seen: dict[tuple[str, ...], str] = {}
        what = " + ".join(form.heading(key) for key in keys)
        for row, one in placed:
            values = tuple(folded(one[key]) for key in keys)
            if not all(values):
                continue
            cell = row[keys[0]][1]
            if values in seen:
                faults.add_at(cell, N_("stands twice: the same {what} is at {place}"), what=what, place=seen[values])
            else:
                seen[values] = cell


def kept_of(people: Sequence[Person]) -> Any:
    """A list as it is kept: its columns once, and a row for each."""
    keys = list(people[0]) if people else []
    return {"columns": keys, "rows": [[one[key] for key in keys] for one in people]}


def people_of(kept: Any) -> list[Person]:
    """The list that `kept_of` made."""
    return [dict(zip(kept["columns"], row, strict=True)) for row in kept["rows"]]
