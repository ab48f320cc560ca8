"""Files made by one process, inspected two at a time by this one, which stays small: its children's memory counts.

A child's peak as the system tells it is never below that of the process that started it.
"""

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ita_core.errors import Refused
from ita_core.evidence import child
from ita_core.evidence.inspect import inspect

AHEAD = 16  # files made before they are looked at


@dataclass(frozen=True)
class Made:
    family: str
    what: str
    path: str
    name: str


@dataclass(frozen=True)
class Verdict:
    made: Made
    refusal: str  # its class, or "" for an accepted file
    says: str
    seconds: float
    crash: str  # a traceback, ours or the child's; or the signal that ended the child
    stopped: bool  # at a limit of memory, processor or time


def judge(make: Callable[[int], Made], numbers: Sequence[int]) -> Iterator[Verdict]:
    """Make and inspect; a file is gone when it has been judged."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as maker, ThreadPoolExecutor(2) as turns:
        coming = maker.imap(make, numbers, chunksize=4)
        waiting: list[Future[Verdict]] = [turns.submit(_inspected, made) for made in islice(coming, AHEAD)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [turns.submit(_inspected, made) for made in islice(coming, 1)]


def judge_all(made: Iterable[Made]) -> Iterator[Verdict]:
    with ThreadPoolExecutor(2) as turns:
        yield from turns.map(_inspected, made)


def _inspected(made: Made) -> Verdict:
    refusal, says, crash, stopped = "", "", "", False
    started = time.monotonic()
    try:
        inspect(Path(made.path), made.name)
    except Refused as refused:
        refusal, says = type(refused).__name__, str(refused)
        if isinstance(refused.__cause__, child.Ended):
            why = refused.__cause__.why
            stopped = why.startswith(("exit status -9", "exit status -24"))
            crash = "" if stopped else why
    except BaseException as error:  # noqa: BLE001  whatever else comes out is what a trial looks for
        crash = repr(error)
    seconds = time.monotonic() - started
    Path(made.path).unlink()
    return Verdict(made, refusal, says, seconds, crash, stopped)


def peak_megabytes() -> int:
    """The most memory that any process started here had, as long as the one that makes files still runs."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = [list(map(str, row)) for row in [heads, *rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        print(
            "  ".join(
                cell.ljust(width) if not at else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
        )
