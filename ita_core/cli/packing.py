"""`ita pack`."""

import sys
from pathlib import Path
from typing import IO, Annotated

import typer

from ita_core import db, queries, start
from ita_core.board.progress import shown_day
from ita_core.cli import writing
from ita_core.cli.apps import app, find_assessment
from ita_core.exports.tables import file_name
from ita_core.settings import settings

BY = "คำสั่ง ita pack"  # in the pack, which is Thai


@app.command()
def pack(
    file: Annotated[Path, typer.Argument(help="The ZIP to write, or a folder.", metavar="FILE.zip")],
    everything: Annotated[
        bool, typer.Option("--everything", help="Also what waits for review or was returned.")
    ] = False,
    assessment: Annotated[
        str, typer.Option(help="One of several, like prachuap-2568; without it the one that today lies in.")
    ] = "",
) -> None:
    """Write the pack for an auditor: the accepted evidence as it is now, its index, checksums and the record of acts.

    Nothing is written where a piece of evidence is missing or damaged.
    """
    from ita_core.evidence.store import open_store
    from ita_core.exports import pack as packs
    from ita_core.proof.backup import BadPlace
    from ita_core.workflow import note_export

    writing.ending_of(file, ["zip"])
    start.fill()
    at, store = settings().now(), open_store()
    with db.reading() as session:
        of = find_assessment(session, assessment)
        day = shown_day(settings().day(), of.starts, of.ends)
        snapshot = queries.take_snapshot(session, of).on(day)
        chosen = packs.choose(session, snapshot, None, by=BY, day=day, at=at, everything=everything)
    target = writing.target_of(file, file_name(chosen.file, of, day, "zip")) or file
    if store.covers(target):
        raise BadPlace(file=target)
    with writing.bar("Index") as progress:
        made = packs.make(chosen, store, progress)
    with db.writing() as session:
        note_export(session, by=None, assessment_id=of.id, what=made.name, day=day, at=at, **made.noted)

    with writing.bar("Packing") as progress:

        def write(out: IO[bytes]) -> None:
            for part in packs.stream(made, store, progress):
                out.write(part)

        writing.put_whole(target, write)
    files = f"{len(made.files):,} file{'s' * (len(made.files) != 1)} ({chosen.size:,} bytes)"
    print(f"{target}: {files}, SHA-256 of {packs.SUMS} {made.sums_sha256}.", file=sys.stderr)
