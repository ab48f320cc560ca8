"""`ita forecast`: what the office may expect to score."""

import json
from typing import Annotated

import typer

from ita_core import db, queries, start, words
from ita_core.board import progress
from ita_core.board.forecast import Part
from ita_core.cli.apps import app, find_assessment
from ita_core.cli.exporting import AsOf
from ita_core.cli.plans import Told
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.settings import settings


class TooLittleKnown(Refused):
    says = N_("There is no forecast yet: no earlier score of {instruments} is known. Record it first.")


@app.command()
def forecast(
    as_of: AsOf = None,
    assessment: Annotated[
        str, typer.Option(help="One of several, like prachuap-2568; without it the one that today lies in.")
    ] = "",
    told: Annotated[
        Told, typer.Option("--format", help="json: low, likely, high, level, because, assumed of each.")
    ] = Told.text,
) -> None:  # fmt: skip
    """Say what may be expected: a band for each instrument and the total, the level, and what of it is assumed."""
    start.fill()
    with db.reading() as session:
        here = find_assessment(session, assessment)
        day = progress.shown_day(as_of or settings().day(), here.starts, here.ends)
        data = queries.current_snapshot(session, here).on(day)
        board = data.board(day)
        found = queries.get_forecast(session, data, board)
        if found is None:
            missing = queries.list_unknown(session, data, board)
            raise TooLittleKnown(instruments=", ".join(missing))
    parts = {"total": found.total, **found.instruments}
    if told is Told.json:
        print(json.dumps({name: _told(part) for name, part in parts.items()}, ensure_ascii=False, indent=2))
        return
    print(f"{here.name} on {day}:")
    for name, part in parts.items():
        likely = f" ({words.likely_text(part.points)})" if part.points.low < part.points.high else ""
        print(f"  {name:<6} {words.band_text(part.points)}{likely}: {words.because_text(part)}")
    if found.ways and found.total.verdict.next:
        print(f"What would have to happen for {found.total.verdict.next.title}, the cheapest first:")
        for way in found.ways:
            print(f"  {words.way_text(way)}")
    if assumed := words.assumed_words(found.total):
        print("Assumed:")
        for one in assumed:
            print(f"  {one}")


def _told(part: Part) -> dict[str, object]:
    return {
        **part.points._asdict(),
        "level": part.verdict.level.title,
        "because": words.because_text(part),
        "assumed": words.assumed_words(part),
    }
