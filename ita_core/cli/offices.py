"""`ita office`: the offices that have a plan here."""

from typing import Annotated

import typer

from ita_core import db, queries, start, workflow
from ita_core.cli.apps import find_assessment, office_app
from ita_core.settings import settings


@office_app.command("start")
def start_office(
    code: Annotated[str, typer.Argument(help="What it is called in addresses, like hua-hin.")],
    name: Annotated[str, typer.Option(help="Its full name.")],
    short: Annotated[str, typer.Option(help="Its short name, at the head of pages.")],
    source: Annotated[str, typer.Option("--from", help="Below whose office and from whose plan: prachuap-2568.")],
    bare: Annotated[
        bool, typer.Option("--bare", help="Only what the framework demands; no measures, no teams.")
    ] = False,
) -> None:
    """Begin an office: the plan of another one with its people left blank, to be filled in as a workbook or by page."""
    start.fill()
    with db.writing() as session:
        of = find_assessment(session, source).id
        applied = workflow.start_office(
            session, by=None, source_id=of, code=code, name=name, short=short, bare=bare, at=settings().now()
        )
        begun = queries.get_assessment_by_id(session, applied.assessment.id or 0)
    print(f"{begun.name} begun: fill `ita plan export {begun.name}.xlsx --assessment {begun.name}`, then apply it.")
