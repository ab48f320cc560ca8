"""`ita plan`."""

from pathlib import Path
from typing import Annotated

import typer

from ita_core import db
from ita_core.cli.apps import plan_app
from ita_core.settings import settings


@plan_app.command()
def check(file: Annotated[Path, typer.Argument(help="A plan: YAML.")]) -> None:
    """Read a plan and its framework and name everything that is wrong; changes nothing."""
    from ita_core.plan.plan import load_with_framework

    rules, found = load_with_framework(file)
    print(f"{file}: in order ({len(rules.items) + len(found.measures)} items, {len(found.officers)} officers).")


@plan_app.command()
def apply(file: Annotated[Path, typer.Argument(help="A plan: YAML.")]) -> None:
    """Put a plan into the database; what was handed in stays."""
    from ita_core.plan.apply import apply_plan
    from ita_core.plan.plan import load_with_framework

    rules, found = load_with_framework(file)
    db.upgrade()
    with db.writing() as session:
        applied = apply_plan(session, rules, found, at=settings().now())
    said = f"applied, revision {applied.number}" if applied.changed else "nothing to change"
    print(f"{found.office.short} {found.fiscal_year}: {said}.")
