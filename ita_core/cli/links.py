"""`ita links`: the published addresses checked, what was found, and the answers that were kept."""

import json
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from ita_core import db, queries, start
from ita_core.board.links import Check, Link
from ita_core.cli.apps import find_assessment, links_app
from ita_core.cli.plans import Told
from ita_core.days import day_of
from ita_core.errors import NotFound, Refused
from ita_core.language import N_, _
from ita_core.models import LinkOutcome
from ita_core.settings import settings
from ita_core.words import LINK_OUTCOMES

MOST = 1000  # lines of a history


class NothingKept(Refused):
    says = N_("Of this check no answer was kept: that is what ITA_LINKS_KEEP is for.")


class NoCheck(Refused):
    says = N_("There is no check {number} in {assessment}: `ita links history` lists them.")


Of = Annotated[str, typer.Option("--assessment", help="One of several, like prachuap-2568.")]


@links_app.command("check")
def check_links(
    assessment: Annotated[str, typer.Option(help="Only this one, like prachuap-2568; else every open year.")] = "",
    item: Annotated[str, typer.Option(help="Only this item.")] = "",
) -> None:
    """Ask the website for every published address and keep what was found: for a timer.

    Exit status 1 if one of them is broken, or could not be checked.
    """
    start.fill()
    start.clear_stakeholders()  # this timer runs every night, also where no server does
    with db.reading() as session:
        chosen = _chosen(session, assessment)
        if item and not any(_has(session, one, item) for one in chosen):
            raise typer.BadParameter(f"There is no item {item} in any of these years.", param_hint="--item")
        asked = [
            (one, link)
            for one in chosen
            for link in queries.list_links(session, None, one.id)
            if queries.is_open(session, one.id, link.item_id) and item in {"", link.code}
        ]
    with ThreadPoolExecutor(max_workers=1) as alone:
        found = [_checked(one, link, alone) for one, link in asked]
    broken, failed = found.count(False), found.count(None)
    more = f", {failed} could not be checked" if failed else ""
    print(f"{len(found) - failed} links checked, {broken} broken{more}.", file=sys.stderr)
    if broken or failed:
        raise SystemExit(1)


def _checked(one: queries.AssessmentFacts, link: Link, alone: Executor) -> bool | None:
    """Whether an address opens, told with what was found; None where it could not be checked, told with why.

    Each is a job of its own, so that even a fault of ours at one website leaves none of the others unasked.
    """
    from ita_core.workflow.checking import check

    name = f"{one.name} {link.code} {link.url}"
    job = alone.submit(check, one, link, by=None, at=settings().now())
    if error := job.exception():
        why = str(error) if isinstance(error, Refused) else f"not checked: {type(error).__name__}: {error}"
        print(f"{name}: {why}", file=sys.stderr)
        return None
    found = job.result()
    print(f"{name}: {_said(found)}", flush=True)
    return found.outcome is LinkOutcome.reached


def _has(session: Session, one: queries.AssessmentFacts, item: str) -> bool:
    try:
        queries.get_item_id(session, one.id, item)
    except NotFound:
        return False
    return True


def _chosen(session: Session, name: str) -> list[queries.AssessmentFacts]:
    if name:
        return [find_assessment(session, name)]
    return [one.assessment for one in queries.list_years(session)]


@links_app.command("history")
def history(
    item: Annotated[str, typer.Argument(help="The item, like O9.")],
    assessment: Of = "",
    told: Annotated[Told, typer.Option("--format", help="json: a list for programs.")] = Told.text,
) -> None:
    """What the checks of an item's addresses found, the newest first."""
    start.fill()
    with db.reading() as session:
        found = find_assessment(session, assessment)
        checks = queries.list_checks(session, None, queries.get_item_id(session, found.id, item), most=MOST)
    if told is Told.json:
        print(json.dumps([_row(one) for one in checks], ensure_ascii=False, indent=2))
        return
    for one in checks:
        kept = " [answer kept]" if one.kept_sha256 else ""
        print(f"{one.id:>6} {one.at:%Y-%m-%d %H:%M} UTC {one.by or 'system'} {one.url}: {_said(one)}{kept}")


@links_app.command("answers")
def answers(
    check: Annotated[int, typer.Argument(help="The number of a check, as `ita links history` prints it.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The WARC file to write, like o9.warc.gz.")],
    assessment: Of = "",
) -> None:
    """Write the answer that a check kept, as a WARC file: proof of what was there on the day."""
    from ita_core.cli.writing import put_whole
    from ita_core.evidence.store import open_store

    start.fill()
    with db.reading() as session:
        chosen = find_assessment(session, assessment)
        try:
            found = queries.get_check(session, chosen.id, check)
        except NotFound:
            raise NoCheck(number=check, assessment=chosen.name) from None
    if not found.kept_sha256:
        raise NothingKept
    put_whole(output, open_store().verified(found.kept_sha256).read_bytes())


def _said(one: Check) -> str:
    """What was found, in one line."""
    parts = [_(LINK_OUTCOMES[one.outcome])]
    parts += [str(one.status)] if one.status else []
    parts += [one.why] if one.why else []
    parts += [f"→ {one.final_url}"] if one.final_url else []
    parts += [one.media_type] if one.media_type else []
    parts += [f"{one.size:,} bytes"] if one.size is not None else []
    parts += {True: ["changed"], False: ["unchanged"], None: []}[one.changed]
    parts += {True: ["names the year"], False: ["does not name the year"], None: []}[one.names_year]
    parts += [f"is evidence {one.evidence_id}"] if one.evidence_id else []
    parts += [f"certificate until {day_of(one.certificate_ends)}"] if one.certificate_ends else []
    return ", ".join(parts)


def _row(one: Check) -> dict[str, object]:
    return {
        "check": one.id, "at": one.at.isoformat(), "by": one.by or "system", "url": one.url,
        "outcome": one.outcome.value, "status": one.status, "why": one.why, "final_url": one.final_url,
        "media_type": one.media_type, "size": one.size, "sha256": one.sha256, "changed": one.changed,
        "names_year": one.names_year, "evidence": one.evidence_id,
        "certificate_ends": one.certificate_ends.isoformat() if one.certificate_ends else None,
        "kept": one.kept_sha256 or None,
    }  # fmt: skip
