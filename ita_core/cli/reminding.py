"""`ita remind`: people told by mail and LINE what concerns them, for a timer every few minutes."""

import json
import sys
from typing import Annotated

import typer

from ita_core import accounts, db, queries, start
from ita_core.channels import faults
from ita_core.cli.apps import app
from ita_core.cli.plans import Told
from ita_core.models import SendingOutcome
from ita_core.queries import Reminder
from ita_core.settings import settings
from ita_core.workflow import reminding


@app.command("remind")
def remind(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Send nothing: list what today's runs would send.")
    ] = False,
    told: Annotated[Told, typer.Option("--format", help="json: a list for programs.")] = Told.text,
) -> None:
    """Tell people by e-mail and LINE what concerns them: for a timer every five minutes.

    Each gets a digest a day, and at once what came back or was ordered, as they chose; run twice, or by two processes,
    it tells everything once. Exit status 1 if something could not be sent.
    """
    start.fill()
    if dry_run:
        _list(reminding.plan(settings().now()), told)
        return
    if not settings().public_url:
        print("ITA_PUBLIC_URL is not set: the messages hold no links.", file=sys.stderr)
    ran = reminding.remind(settings().now, say=_say if told is Told.text else lambda _done: None)
    failed = [one for one in ran.done if one.outcome is not SendingOutcome.sent]
    if told is Told.json:
        print(json.dumps([_row(one.reminder) | {"outcome": one.outcome.value} for one in ran.done],
                         ensure_ascii=False, indent=2))  # fmt: skip
        for one in failed:
            print(f"{_whom(one.reminder)}: {faults.sentence(one.fault)}", file=sys.stderr)
    more = f", {ran.left} left for the next run" if ran.left else ""
    more += f", {ran.interrupted} found interrupted" if ran.interrupted else ""
    print(f"{len(ran.done) - len(failed)} sent, {len(failed)} not sent{more}.", file=sys.stderr)
    _troubles()
    if failed or ran.left or ran.interrupted:
        raise SystemExit(1)


def _troubles() -> None:
    """Which channels fail, since when; and by which nothing goes out though somebody proved an address there."""
    with db.reading() as session:
        for channel in {one.channel for one in accounts.list_addresses(session)} - set(reminding.set_up()):
            print(f"{channel.value} is not set up here: nobody is told by it.", file=sys.stderr)
        for one in queries.list_troubles(session):
            since = f"{one.since:%Y-%m-%d %H:%M} UTC"
            print(f"{one.channel.value} fails since {since} ({one.failures}): {faults.sentence(one.fault)}",
                  file=sys.stderr)  # fmt: skip


def _list(planned: list[Reminder], told: Told) -> None:
    if told is Told.json:
        print(json.dumps([_row(one) for one in planned], ensure_ascii=False, indent=2))
        return
    for one in planned:
        kind = "digest" if one.digest else "at once"
        print(f"{_whom(one)}: {kind}, {len(one.subjects)}" if one.channel else f"{_whom(one)}: {len(one.subjects)}")
        for subject in one.subjects:
            due = f" due {subject.notice.due}" if subject.notice.due else ""
            print(f"  {subject.notice.kind.value} {subject.notice.item}{due}".rstrip())


def _say(done: reminding.Done) -> None:
    if done.outcome is SendingOutcome.sent:
        print(f"{_whom(done.reminder)}: sent, {len(done.reminder.subjects)}", flush=True)
    else:
        print(
            f"{_whom(done.reminder)}: {done.outcome.value}: {faults.sentence(done.fault)}", file=sys.stderr, flush=True
        )


def _whom(one: Reminder) -> str:
    return f"{one.person} {one.channel.value if one.channel else '(no channel proved, chosen and set up)'}"


def _row(one: Reminder) -> dict[str, object]:
    return {
        "person": one.person,
        "channel": one.channel.value if one.channel else None,
        "subjects": [
            {
                "kind": subject.notice.kind.value,
                "item": subject.notice.item or None,
                "due": subject.notice.due.isoformat() if subject.notice.due else None,
            }
            for subject in one.subjects
        ],
    }
