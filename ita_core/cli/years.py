"""`ita year`: the fiscal years of the offices."""

import json
import sys
from typing import Annotated

import typer

from ita_core import db, queries, start, workflow
from ita_core.cli.apps import find_assessment, year_app
from ita_core.cli.plans import Told
from ita_core.settings import settings

Name = Annotated[str, typer.Argument(help="One year of an office, like prachuap-2568.")]


@year_app.command("list")
def list_years(
    told: Annotated[Told, typer.Option("--format", help="json: a list for programs.")] = Told.text,
) -> None:
    """Every year of every office: framework, revision, open or closed, items that are only carried over."""
    start.fill()
    with db.reading() as session:
        rows = [
            {
                "office": one.assessment.office_code, "year": one.assessment.fiscal_year,
                "framework": one.assessment.framework, "revision": one.revision,
                "state": "open" if one.open else "closed", "assumed": len(one.assumed),
                "starts": one.assessment.starts.isoformat(), "ends": one.assessment.ends.isoformat(),
            }
            for one in queries.list_years(session)
        ]  # fmt: skip
    if told is Told.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        assumed = f", {row['assumed']} items not confirmed" if row["assumed"] else ""
        name = f"{row['office']}-{row['year']}"
        print(f"{name:<20} {row['framework']:<22} revision {row['revision']:<3} {row['state']}{assumed}")


@year_app.command("start")
def start_year(
    year: Annotated[int, typer.Argument(help="The fiscal year to begin, of the Buddhist era.")],
    source: Annotated[str, typer.Option("--from", help="From whose plan, like prachuap-2568.")],
    framework: Annotated[str, typer.Option(help="That year's framework, where data/frameworks has one.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would begin; change nothing.")] = False,
) -> None:
    """Begin a fiscal year with the plan of an earlier one: the same days and months, people, duties and measures."""
    from ita_core.plan.mappings import known_framework

    start.fill()
    with db.reading() as session:
        now = queries.get_history(session, find_assessment(session, source).id).now
    known, how = known_framework(framework, now.framework, now.plan) if framework else (None, None)
    with db.trying() if dry_run else db.writing() as session:
        of = find_assessment(session, source).id
        applied = workflow.start_year(
            session, by=None, source_id=of, year=year, known=known, how=how, at=settings().now()
        )
        begun = queries.get_year(session, queries.get_assessment_by_id(session, applied.assessment.id or 0))
        items = len(queries.get_history(session, begun.assessment.id).now.items)
    what = "would begin" if dry_run else "begun"
    print(f"{begun.assessment.name} {what}: {items} items, {begun.assessment.starts} to {begun.assessment.ends}.")
    if begun.assumed:
        print(
            f"{len(begun.assumed)} items are carried over and not yet held against that year's manual: confirm them.",
            file=sys.stderr,
        )


@year_app.command("close")
def close_year(name: Name) -> None:
    """Close a year: nothing of it can be changed any more."""
    start.fill()
    with db.writing() as session:
        found = find_assessment(session, name)
        workflow.close_year(session, by=None, assessment_id=found.id, at=settings().now())
    print(f"{found.name}: closed.")


@year_app.command("reopen")
def reopen_year(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why.")],
    item: Annotated[str, typer.Option(help="Only this item of it.")] = "",
) -> None:
    """Open a closed year again, or one item of it."""
    start.fill()
    with db.writing() as session:
        found = find_assessment(session, name)
        of = queries.get_item_id(session, found.id, item) if item else None
        workflow.reopen(session, by=None, assessment_id=found.id, item_id=of, reason=reason, at=settings().now())
    print(f"{found.name}{' ' * bool(item)}{item}: open.")
