"""What is found at an address: asked politely, read, and kept whole where the office wants that, as plain values."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from ita_core import db, turns
from ita_core.evidence.objects import DiskFull, full_is, sha256_of
from ita_core.evidence.store import open_store
from ita_core.links import archive, reading
from ita_core.links.fetching import Answer, Rules, fetching
from ita_core.links.found import Archived, Found
from ita_core.links.outside import networks
from ita_core.models import LinkOutcome
from ita_core.settings import settings

PAUSE_SECONDS = 1.0  # between two questions to one host, whoever asks
_PASSES = {LinkOutcome.slow, LinkOutcome.unreachable, LinkOutcome.unknown_name, LinkOutcome.garbled}


def rules(office: str, *, seconds: float) -> Rules:
    """How websites are asked in this office's name (its code), within so many seconds for an address."""
    own = settings()
    who = f"{office}; +{own.public_url}" if own.public_url.isascii() and own.public_url else office
    agent = f"ita-dashboard/{version('ita-dashboard')} (link check of {who})"
    return Rules(agent, networks(own.links_inside), seconds, own.max_upload_mb * 1024**2)


@contextmanager
def finding(url: str, year: int, by: Rules, *, tries: int = 1) -> Iterator[Found]:
    """What is at this address now, and whether it names the year (of the Buddhist era).

    One question at a time to a host, among all processes, and a pause after each, wherever it leads; what may pass is
    tried so often.

    Raises DatabaseBusy where others ask that host for minutes, StoreUnusable, DiskFull, SlowUnderLock.
    """
    store = open_store()
    folder = store.inbox
    if shutil.disk_usage(folder).free < by.most_bytes + store.reserve:  # it may become so large before it ends
        raise DiskFull(file=url)
    with ExitStack() as open_, full_is(DiskFull(file=url)):
        for left in reversed(range(tries)):
            asked = open_.enter_context(ExitStack())
            answer = asked.enter_context(fetching(url, by, folder, _alone))
            if not left or not (answer.outcome in _PASSES or (answer.status or 0) >= 500):
                break
            asked.close()
        kept = open_.enter_context(_archived(url, by, answer, folder)) if settings().links_keep else None
        yield _told(url, answer, year, kept)


@contextmanager
def _alone(host: str) -> Iterator[None]:
    with db.claiming(host, kind="host"):
        try:
            yield
        finally:
            with turns.waiting():
                time.sleep(PAUSE_SECONDS)


def _told(url: str, answer: Answer, year: int, kept: Archived | None) -> Found:
    said = reading.Words()
    if answer.body is not None and answer.outcome is LinkOutcome.reached:
        said = reading.words(answer.body, answer.media_type, answer.charset, year)
    return Found(
        answer.outcome, answer.why, answer.status, _elsewhere(url, answer.url), answer.media_type, answer.size,
        answer.sha256, said.sha256, said.names_year, answer.certificate_ends, kept,
    )  # fmt: skip


def _elsewhere(url: str, ended: str) -> str:
    """Where it led, of letters that can be kept and shown; "" where that is the address itself."""
    plain = "".join(sign if sign.isprintable() and sign != " " else f"%{ord(sign):02X}" for sign in ended)[:2000]
    return "" if ended == url else plain


@contextmanager
def _archived(url: str, by: Rules, answer: Answer, folder: Path) -> Iterator[Archived | None]:
    if not answer.hops:
        yield None
        return
    with archive.written(url, by.agent, answer, folder) as path:
        with path.open("rb") as made:
            os.fsync(made.fileno())
        yield Archived(path, sha256_of(path), path.stat().st_size)
