"""`ita scores`: what was announced, year by year."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ita_core import db, queries, start, words, workflow
from ita_core.cli.apps import find_assessment, score_app
from ita_core.cli.plans import CannotRead, Told
from ita_core.settings import settings

Of = Annotated[str, typer.Option("--assessment", help="Whose and up to which year, like prachuap-2568.")]


@score_app.command("import")
def import_scores(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX with a row for each score, as `ita export scores` writes.")],
    assessment: Of = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be recorded; change nothing.")] = False,
    as_announced: Annotated[
        bool, typer.Option("--as-announced", help="Confirm totals that the instruments do not give by their weights.")
    ] = False,
) -> None:
    """Record the scores of a file: all of them, or none where anything is wrong."""
    from ita_core.plan.scores import read

    start.fill()
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CannotRead(file=file, why=error.strerror) from None
    with db.reading() as session:
        here = find_assessment(session, assessment)
        known = queries.what_scores_are_held_against(session, here.id)
    entries = read(data, file.name, known)
    with db.trying() if dry_run else db.writing() as session:
        new = workflow.announce_scores(
            session, by=None, assessment_id=here.id, entries=entries, knowing=as_announced, at=settings().now()
        )
    what = "would be recorded" if dry_run else "recorded"
    same = f", {len(entries) - new} stand already" if new < len(entries) else ""
    print(f"{here.office_code}: {new} scores {what}{same}.")


@score_app.command("show")
def show_scores(
    assessment: Of = "",
    told: Annotated[Told, typer.Option("--format", help="json: a list for programs.")] = Told.text,
) -> None:
    """Every year's scores with the level and its reason."""
    from ita_core.exports.tables import scores

    start.fill()
    with db.reading() as session:
        here = find_assessment(session, assessment)
        listed, years = queries.list_scores(session, here.id), queries.results_by_year(session, here.id)
    if told is Told.json:
        print(json.dumps(scores(listed).rows, ensure_ascii=False, indent=2))
        return
    for year in years.values():
        print(f"{here.office_code} {year.year}: {words.result_text(year)}")
        for one in listed:
            if one.entry.fiscal_year == year.year and one.entry.what:
                source = f"  ({one.entry.source})" if one.entry.source else ""
                print(f"  {one.entry.what:<8} {one.entry.points:6.2f}{source}")
    if not years:
        print(f"{here.office_code}: no scores are known.")
