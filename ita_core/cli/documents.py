"""`ita document`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ita_core import db, queries, start
from ita_core.board import progress
from ita_core.cli import writing
from ita_core.cli.apps import app, find_assessment
from ita_core.cli.exporting import AsOf
from ita_core.settings import settings


class DocumentName(StrEnum):
    measure = "measure"
    report = "report"
    monthly = "monthly"
    meeting = "meeting"
    assignments = "assignments"
    clarifications = "clarifications"


class Format(StrEnum):
    docx = "docx"
    pdf = "pdf"


@app.command()
def document(
    name: Annotated[DocumentName, typer.Argument(help="Which document.")],
    *,
    as_of: AsOf = None,
    fmt: Annotated[
        Format | None, typer.Option("--format", help="Without it, by the ending of -o; otherwise docx.")
    ] = None,
    meeting: Annotated[
        int, typer.Option(min=0, help="Which meeting of the year, by its number; without it the last one.")
    ] = 0,
    template: Annotated[
        Path | None, typer.Option(help="The office's own Word file to write into; for docx only.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file, or a folder; without it, standard output.")
    ] = None,
    assessment: Annotated[
        str, typer.Option(help="One of several, like prachuap-2568; without it the one that today lies in.")
    ] = "",
) -> None:
    """Write a document on the form that offices know, in Thai: Word to go on writing in, or PDF."""
    from ita_core.exports.documents import making
    from ita_core.workflow import note_export

    chosen = Format(writing.ending_of(output, [fmt] if fmt else list(Format)) or fmt or Format.docx)
    if output is None and sys.stdout.isatty():
        raise typer.BadParameter("A document is nothing to show on a terminal: say -o FILE.")
    if template is not None and chosen is not Format.docx:
        raise typer.BadParameter("A template is a Word file: it is for --format docx.")
    form = making.template(template) if template else None
    start.fill()
    with db.reading() as session:
        chosen_one = find_assessment(session, assessment)
        day = progress.shown_day(as_of or settings().day(), chosen_one.starts, chosen_one.ends)
        snapshot = queries.take_snapshot(session, chosen_one).on(day)
        make = making.prepare(session, name.value, snapshot, day, number=meeting)
    with writing.bar("Pictures") as shown:
        made = make(shown)
    content = making.encode(made, chosen.value, form)
    with db.writing() as session:
        note_export(
            session, by=None, assessment_id=chosen_one.id, what=f"document {name.value}", day=day, at=settings().now(),
            format=chosen.value,
        )  # fmt: skip
    writing.give(output, making.file_of(name.value, made, chosen_one, day, chosen.value), content)
