"""`ita export`."""

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ita_core import db, queries, start
from ita_core.board import progress
from ita_core.cli.apps import CannotWrite, app, find_assessment
from ita_core.errors import BadDay
from ita_core.exports.tables import file_name
from ita_core.settings import settings
from ita_core.typed import clean_day


class TableName(StrEnum):
    items = "items"
    slots = "slots"
    officers = "officers"
    timeline = "timeline"
    evidence = "evidence"
    audit = "audit"


class Format(StrEnum):
    csv = "csv"
    xlsx = "xlsx"
    json = "json"


def _day(text: str) -> date:
    """A day as it is typed: YYYY-MM-DD of the Christian era."""
    try:
        return clean_day(text)
    except BadDay as error:
        raise typer.BadParameter(str(error)) from None


@app.command()
def export(
    table: Annotated[TableName, typer.Argument(help="Which table.")],
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            parser=_day,
            metavar="DATE",
            help="The day asked about, YYYY-MM-DD; for one outside the fiscal year its nearest.",
        ),
    ] = None,
    fmt: Annotated[
        Format | None, typer.Option("--format", help="Without it, by the ending of -o; otherwise csv.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file, or a folder; without it, standard output.")
    ] = None,
    assessment: Annotated[
        str, typer.Option(help="One of several, like prachuap-2568; without it the one that today lies in.")
    ] = "",
) -> None:
    """Write a table: CSV and workbooks in Thai for people, JSON in English for programs."""
    from ita_core.exports.making import ENCODINGS, make

    chosen = fmt.value if fmt else _format_of(output)
    if chosen == "xlsx" and output is None and sys.stdout.isatty():
        raise typer.BadParameter("A workbook is nothing to show on a screen: say -o FILE.")
    start.fill()
    with db.reading() as session:
        chosen_one = find_assessment(session, assessment)
        day = progress.shown_day(as_of or settings().day(), chosen_one.starts, chosen_one.ends)
        made = make(session, table.value, queries.take_snapshot(session, chosen_one).on(day), day)
    content = ENCODINGS[chosen][1](made)
    target = output
    if output is not None and output.is_dir():
        target = output / file_name(table.value, chosen_one, day, chosen)
    try:
        if target is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            target.write_bytes(content)
            print(target, file=sys.stderr)
    except OSError as error:
        raise CannotWrite(file=target or "standard output", why=error.strerror) from None


def _format_of(output: Path | None) -> str:
    ending = output.suffix.lower().lstrip(".") if output else ""
    return ending if ending in {one.value for one in Format} else "csv"
