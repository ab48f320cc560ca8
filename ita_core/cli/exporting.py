"""`ita export`."""

import sys
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ita_core import db, queries, start
from ita_core.board import progress
from ita_core.cli import writing
from ita_core.cli.apps import app, find_assessment
from ita_core.errors import BadDay
from ita_core.exports.tables import file_name
from ita_core.settings import settings
from ita_core.typed import clean_day


class TableName(StrEnum):
    items = "items"
    slots = "slots"
    officers = "officers"
    timeline = "timeline"
    scores = "scores"
    responses = "responses"
    evidence = "evidence"
    reviews = "reviews"
    directives = "directives"
    meetings = "meetings"
    audit = "audit"
    workbook = "workbook"  # all of it in one, to be forwarded


class Format(StrEnum):
    csv = "csv"
    xlsx = "xlsx"
    json = "json"


def typed_day(text: str) -> date:
    """A day as it is typed: YYYY-MM-DD of the Christian era."""
    try:
        return clean_day(text)
    except BadDay as error:
        raise typer.BadParameter(str(error)) from None


AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        parser=typed_day,
        metavar="DATE",
        help="The day asked about, YYYY-MM-DD; for one outside the fiscal year its nearest.",
    ),
]


@app.command()
def export(
    table: Annotated[TableName, typer.Argument(help="Which table; or the workbook to forward, with charts.")],
    as_of: AsOf = None,
    fmt: Annotated[
        Format | None, typer.Option("--format", help="Without it, by the ending of -o; otherwise csv.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file, or a folder; without it, standard output.")
    ] = None,
    assessment: Annotated[
        str, typer.Option(help="One of several, like prachuap-2568; without it the one that today lies in.")
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Part of it, as the screens' addresses have it: item=O6, kind=oit, indicator=9, officer=usa, "
            "state=overdue; of evidence also month=2025-02, find=WORD. As often as needed.",
        ),
    ] = None,
) -> None:
    """Write a table: CSV and workbooks in Thai for people, JSON in English for programs; or all in one `workbook`."""
    from ita_core.exports.making import ENCODINGS, FILTERS, PERSONAL, prepare, prepare_workbook
    from ita_core.exports.workbook import as_xlsx
    from ita_core.workflow import note_export

    whole = table is TableName.workbook
    usual = [Format.xlsx] if whole else [Format.csv, Format.xlsx, Format.json]
    chosen = writing.ending_of(output, [fmt] if fmt else usual) or (fmt or usual[0]).value
    if whole and chosen != Format.xlsx.value:
        raise typer.BadParameter("The workbook is an xlsx.", param_hint="--format")
    if whole and only:
        raise typer.BadParameter("The workbook is of everything.", param_hint="--only")
    if chosen == "xlsx" and output is None and sys.stdout.isatty():
        raise typer.BadParameter("A workbook is nothing to show on a screen: say -o FILE.")
    query = _query(only or (), FILTERS)
    start.fill()
    with db.reading() as session:
        chosen_one = find_assessment(session, assessment)
        day = progress.shown_day(as_of or settings().day(), chosen_one.starts, chosen_one.ends)
        snapshot = queries.take_snapshot(session, chosen_one).on(day)
        book = prepare_workbook(session, snapshot, day, home=settings().public_url) if whole else None
        make = None if whole else prepare(session, table.value, snapshot, day, query=query)
    with writing.bar("Rows") as shown:
        if book:
            content = book.make(shown)
        elif make:
            content = as_xlsx(make(), shown) if chosen == "xlsx" else ENCODINGS[chosen][1](make())
    if whole or table.value in PERSONAL:
        with db.writing() as session:
            note_export(
                session, by=None, assessment_id=chosen_one.id, what=table.value, day=day, at=settings().now(),
                format=chosen,
            )  # fmt: skip
    writing.give(output, file_name(table.value, chosen_one, day, chosen), content)


def _query(only: Iterable[str], known: Collection[str]) -> dict[str, str]:
    found = dict(one.partition("=")[::2] for one in only)
    if odd := [name for name, value in found.items() if name not in known or not value.strip()]:
        raise typer.BadParameter(f"{', '.join(odd)}: write NAME=VALUE, of {', '.join(known)}.", param_hint="--only")
    return found
