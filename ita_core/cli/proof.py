"""`ita verify`, `backup`, `restore`, `audit`: nothing was changed, nothing is lost."""

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ita_core import db, start
from ita_core.errors import Refused
from ita_core.language import N_

if TYPE_CHECKING:
    from ita_core.proof.backup import Contents
    from ita_core.proof.verify import Finding
from ita_core.cli.apps import app, audit_app
from ita_core.cli.writing import bar


class MoreStraysThanEvidence(Refused):
    says = N_(
        "{strays} stored files have no record, {files} have one. Is this the right database? Nothing was cleared."
    )


def _head(text: str) -> tuple[int, str]:
    """A head of the audit as `ita audit head` prints it; its moment is for people."""
    found = re.fullmatch(r"(\d{1,18}) +([0-9a-f]{64})(?: .*)?", text.strip())
    if not found:
        raise typer.BadParameter("A head is a number and a hash, as `ita audit head` prints them.")
    return int(found[1]), found[2]


@audit_app.command("head")
def audit_head() -> None:
    """Print the number, hash and moment of the last entry: keep the line where nobody of this server can change it."""
    from ita_core import audit

    start.fill()
    with db.reading() as session:
        number, recorded, at = audit.last(session)
    print(number, recorded, at.isoformat() if at else "")


@app.command()
def verify(
    head: Annotated[
        str, typer.Option(metavar="'NUMBER HASH'", help="A line that `ita audit head` printed earlier.")
    ] = "",
    clear_strays: Annotated[
        bool, typer.Option("--clear-strays", help="Then take away the stored files that no record names.")
    ] = False,
) -> None:
    """Read every stored file and every record; name what was changed, is missing or does not belong. Changes nothing,
    unless told to clear strays: what hand-ins left that were cut off in the last moment.

    Exit status 1 if anything is wrong.
    """
    from ita_core import dump, seals
    from ita_core.evidence.store import open_store
    from ita_core.proof import verify as proof
    from ita_core.workflow import receiving

    kept = _head(head) if head else None
    db.upgrade()  # and no plan: what is here is looked at as it is
    with bar("Reading") as progress:
        report = proof.verify(engine=db.engine(), store=open_store(), kept=kept, progress=progress)
    for finding in report.findings:
        print(finding)
    number, recorded = report.head
    looked_at = (
        f"{_files(report.objects, report.bytes)}, {report.records:,} records, {report.rows:,} rows, "
        f"{report.entries:,} audit entries, audit head {number} {recorded}"
    )
    if report.findings:
        print(f"{len(report.findings):,} found in {looked_at}.", file=sys.stderr)
    cleared = []
    if clear_strays:
        if len(report.unnamed) > report.objects:
            raise MoreStraysThanEvidence(strays=len(report.unnamed), files=report.objects)
        cleared = receiving.remove_unnamed(report.unnamed)
        print(f"{len(cleared):,} strays cleared.", file=sys.stderr)
    if len(report.findings) > len(cleared):
        raise SystemExit(1)
    print(f"All in order{' now' if cleared else ''}: {looked_at}.")
    if since := report.sealed_since:
        print(f"Rows are sealed by the audit since entry {since[0]}, {since[1]:%Y-%m-%d %H:%M} UTC. Not sealed:")
        for table, why in (seals.UNCOVERED | dump.LEFT_OUT).items():
            print(f"  {table}: {why}")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The tar file to write, on another disk if possible.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file of this name.")] = False,
) -> None:
    """Write every row and every stored file into one tar file, while the app is in use.

    Exit status 1 if a stored file had to be left out.
    """
    from ita_core.evidence.store import open_store
    from ita_core.proof import backup as safe

    start.fill()
    with bar("Copying") as progress:
        made = safe.backup(
            engine=db.engine(), store=open_store(), file=file, at=datetime.now(UTC), force=force, progress=progress
        )
    print(f"{file}: {_contents(made)}.")
    _name(made.findings, "are wrong here and not in the backup as they should be")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A tar file that `ita backup` wrote.")],
    head: Annotated[
        str,
        typer.Option(metavar="'NUMBER HASH'", help="A line that `ita audit head` printed before the backup was made."),
    ] = "",
) -> None:
    """Bring a backup back into an empty database and the evidence store, and read all of it back.

    Exit status 1, too, if something was wrong when the backup was made.
    """
    from ita_core.evidence.store import open_store
    from ita_core.proof import backup as safe

    kept = _head(head) if head else None
    with bar("Restoring") as progress:  # no plan is put in first: the backup has its own
        back = safe.restore(engine=db.engine(), store=open_store(), file=file, kept=kept, progress=progress)
    print(f"{_contents(back)}: all equal to the backup.")
    if kept is None:
        print(
            "Not checked: whether rows and audit were made anew together. Only a head kept outside tells (--head).",
            file=sys.stderr,
        )
    _name(back.findings, "were wrong when the backup was made")


def _contents(held: "Contents") -> str:
    number, recorded = held.head
    files = _files(held.objects, held.bytes)
    return f"{held.rows:,} rows in {held.tables} tables, {files}, audit head {number} {recorded}"


def _files(number: int, size: int) -> str:
    return f"{number:,} file{'s' * (number != 1)} ({size:,} bytes)"


def _name(findings: "Sequence[Finding]", what: str) -> None:
    for finding in findings:
        print(finding)
    if findings:
        print(f"{len(findings):,} things {what}: they are named above.", file=sys.stderr)
        raise SystemExit(1)
