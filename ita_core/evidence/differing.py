"""How the text of one document differs from that of another: found by a process of its own, whose `main` this also is.

Two texts of some thousand lines take long to compare where somebody made them so: it is done in the limited child that
reads them. It gets 1 GB of memory, up to 15 seconds of processor and 25 seconds in all; at most `MOST_SHOWN` changed
lines come back. What was found is kept, up to 8 MB in all.
"""

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ita_core.evidence import child, reading
from ita_core.evidence.kept import Kept

MOST_SHOWN = 60  # changed lines
MOST_KEPT = 8 * 1024**2
MEMORY, PROCESSOR_SECONDS, SECONDS = 1024**3, 15, 25
_turns = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, and what it is."""

    sha256: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Lines that went, and those that came in their place."""

    went: tuple[str, ...]
    came: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in the text, the first changes first; `left` is how many changed lines are not shown.

    `cut`: not all of both was compared, so that the rest may differ (see `reading.Said`). `known` is false where the
    two cannot be compared as text: one is a picture, a scan, or took too long.
    """

    changes: tuple[Changed, ...] = ()
    left: int = 0
    cut: bool = False
    known: bool = True


def _size(found: Difference) -> int:
    return 1024 + 4 * sum(len(line) + 50 for one in found.changes for line in (*one.went, *one.came))


_kept = Kept(_size, lambda: MOST_KEPT, failed=Difference(known=False))


def difference(old: Document, new: Document, verified: Callable[[str], Path], *, by: int | None = None) -> Difference:
    """How the text of the new document differs from the old one's; `by` is the account that asks.

    The very same file differs in nothing, however long it is. `verified` gives a hash's proven file; raises what that
    raises.
    """
    if old.suffix not in reading.READ or new.suffix not in reading.READ:
        return Difference(known=False)
    if old.sha256 == new.sha256:
        return Difference()

    def make() -> Difference:
        paths = [verified(one.sha256) for one in (old, new)]
        allowed = child.processor_seconds(sum(path.stat().st_size for path in paths), PROCESSOR_SECONDS)
        answer = child.run(
            __name__, str(paths[0]), old.suffix, str(paths[1]), new.suffix, memory=MEMORY,
            processor_seconds=allowed, seconds=SECONDS, turns=_turns,
        )  # fmt: skip
        told = json.loads(answer)
        changes = tuple(Changed(tuple(went), tuple(came)) for went, came in told["changes"])
        return Difference(changes, told["left"], told["cut"], told["known"])

    return _kept.or_made(f"{old.sha256} {new.sha256}", make, by=by)


def main(old: str, old_suffix: str, new: str, new_suffix: str) -> None:
    """In the child: the differences as JSON on standard output."""
    both = [reading.extract(*one) for one in ((old, old_suffix), (new, new_suffix))]
    before, after = (one.lines() for one in both)
    changes, left = compare(before, after)
    cut = any(one.cut for one in both)
    known = bool(before and after)  # a scan has no letters
    sys.stdout.write(json.dumps({"changes": changes, "left": left, "cut": cut, "known": known}))


def compare(before: list[str], after: list[str]) -> tuple[list[tuple[list[str], list[str]]], int]:
    """The changes as (lines that went, lines that came), `MOST_SHOWN` lines at most, and how many are left out."""
    changes: list[tuple[list[str], list[str]]] = []
    room, left = MOST_SHOWN, 0
    for what, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        went, came = before[first:last], after[start:end]
        shown = went[:room], came[: max(room - len(went), 0)]
        told = len(shown[0]) + len(shown[1])
        room, left = room - told, left + len(went) + len(came) - told
        if told:
            changes.append(shown)
    return changes, left
