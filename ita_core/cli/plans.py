"""`ita plan`: plans as files."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ita_core import db, queries, start
from ita_core.cli import writing
from ita_core.cli.apps import find_assessment, plan_app
from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.settings import settings

File = Annotated[Path, typer.Argument(help="A plan: YAML, or a workbook (.xlsx) that was exported.")]
Of = Annotated[str, typer.Option("--assessment", help="Of a workbook: whose it is, like prachuap-2568.")]


class CannotRead(Refused):
    says = N_("{file} cannot be read: {why}.")


class Told(StrEnum):
    text = "text"
    json = "json"


@plan_app.command("export")
def export_plan(
    file: Annotated[Path, typer.Argument(help="Where to: a file that ends in .yaml or .xlsx.")],
    assessment: Annotated[
        str, typer.Option(help="One of several, like prachuap-2568; without it the one that today lies in.")
    ] = "",
) -> None:
    """Write the plan that is in force, with its framework, into a file."""
    from ita_core.plan import exchange

    start.fill()
    with db.reading() as session:
        now = queries.get_history(session, find_assessment(session, assessment).id).now
    made = exchange.write(now.framework, now.plan, exchange.kind_of(file.name))
    writing.put_whole(file, made)
    print(f"{file}: revision {now.revision.number} of {now.plan.code}.", file=sys.stderr)


@plan_app.command()
def check(file: File, assessment: Of = "") -> None:
    """Read a plan and name everything that is wrong, up to putting it in force, which is undone; changes nothing."""
    from ita_core.plan.apply import apply_plan

    rules, found = _load(file, assessment)
    start.fill()
    with db.trying() as session:
        apply_plan(session, rules, found, at=settings().now())
    print(f"{file}: in order ({len(rules.items) + len(found.measures)} items, {len(found.officers)} officers).")


@plan_app.command()
def diff(
    file: File,
    assessment: Of = "",
    told: Annotated[Told, typer.Option("--format", help="json: a list of what, where, before, after.")] = Told.text,
) -> None:
    """Say what differs between the plan that is in force and a file."""
    from ita_core.plan.difference import differences
    from ita_core.plan.touched import Touched

    rules, found = _load(file, assessment)
    start.fill()
    with db.reading() as session:
        try:
            here = queries.get_assessment(session, found.name)
        except NotFound:
            if told is Told.json:
                print("[]")
            print(f"{found.name} has no plan yet.", file=sys.stderr)
            return
        now = queries.get_history(session, here.id).now
        recount = queries.get_recount(session, here, (rules, found))
    before, after = (now.framework, now.plan), (rules, found)
    listed, touched = differences(before, after), Touched(before, after)
    if told is Told.json:
        print(json.dumps([asdict(one) for one in listed], ensure_ascii=False, indent=2))
        return
    for one in listed:
        officers = len(touched.officers(one))
        people = f" · {officers} officers" if officers else ""
        print(f"{one.what} {one.where}: {_short(one.before)} → {_short(one.after)}{people}")
    for pieces, becomes in ((recount.all_lost, "will not count"), (recount.all_back, "count again")):
        if pieces:
            print(f"{len(pieces)} pieces of evidence {becomes}.")
    if not listed:
        print("Nothing differs.", file=sys.stderr)


@plan_app.command()
def apply(
    file: File,
    assessment: Of = "",
    note: Annotated[str, typer.Option(help="The order or note that the change rests on.")] = "",
) -> None:
    """Put a plan in force; what was handed in stays."""
    from ita_core.plan.apply import apply_plan

    rules, found = _load(file, assessment)
    db.upgrade()
    with db.writing() as session:
        applied = apply_plan(session, rules, found, at=settings().now(), note=note)
    said = f"applied, revision {applied.number}" if applied.changed else "nothing to change"
    print(f"{found.office.short} {found.fiscal_year}: {said}.")


def _load(file: Path, assessment: str) -> tuple[Framework, Plan]:
    """A workbook says only what its sheets hold: the rest is that of the plan in force."""
    from ita_core.plan import exchange
    from ita_core.plan.content import content_of

    start.fill()
    with db.reading() as session:
        history = queries.get_history(session, find_assessment(session, assessment).id)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CannotRead(file=file, why=error.strerror) from None
    return exchange.read(data, file.name, content_of(history.now.framework, history.now.plan), ever=history.keys)


def _short(text: str) -> str:
    line = " ".join(text.split()) or "–"
    return line if len(line) <= 80 else f"{line[:79]}…"
