"""`ita calendar`."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from ita_core import db, queries, start
from ita_core.board import progress
from ita_core.cli import writing
from ita_core.cli.apps import app, find_assessment
from ita_core.errors import Refused
from ita_core.exports.tables import file_name
from ita_core.language import N_
from ita_core.settings import settings


class UnknownPerson(Refused):
    says = N_("The plan has no officer “{who}”: call them as the plan does. Known: {known}.")


@app.command()
def calendar(
    person: Annotated[
        str, typer.Option("--person", metavar="NAME", help="Of one officer, called as the plan does: usa.")
    ] = "",
    office: Annotated[bool, typer.Option("--office", help="Of the whole office, as without --person.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file, or a folder; without it, standard output.")
    ] = None,
    assessment: Annotated[
        str, typer.Option(help="One of several, like prachuap-2568; without it the one that today lies in.")
    ] = "",
) -> None:
    """Write deadlines, steps, directives and meetings as a calendar (.ics); ITA_PUBLIC_URL is where its links lead."""
    from ita_core.exports import calendar as calendars

    if person and office:
        raise typer.BadParameter("Of one officer, or of the office.", param_hint="--person")
    writing.ending_of(output, ["ics"])
    start.fill()
    with db.reading() as session:
        here = find_assessment(session, assessment)
        day = progress.shown_day(settings().day(), here.starts, here.ends)
        officer = _officer(session, here, person) if person else None
        events = queries.list_events(session, None, here, day, officer)
    content = calendars.as_ics([events], own=bool(person), home=settings().public_url)
    writing.give(output, file_name(calendars.NAME, here, day, "ics"), content)


def _officer(session: Session, here: queries.AssessmentFacts, name: str) -> int:
    """Raises UnknownPerson."""
    officers = {one.key: one.id for one in queries.current_snapshot(session, here).officers}
    if name not in officers:
        raise UnknownPerson(who=name, known=", ".join(officers))
    return officers[name]
