"""What is wrong with a file of a plan, all of it at once; and looking into plain values that may have any shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.plan.places import NAMED, Place, Where
from ita_core.plan.sentences import Sentence


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place of a file: a path in it, or of a workbook "sheet!cell"; "" for the whole.

    `str()` is one sentence in the current language: "file: place: what is wrong".
    """

    file: str
    place: Place | str
    what: Sentence

    def __str__(self) -> str:
        place = str(self.place)
        return f"{self.file}: {place}: {self.what}" if place else f"{self.file}: {self.what}"


class PlanFaults(Refused):
    """A framework or a plan cannot be used, `found` says why; `str()` is a line for each."""

    def __init__(self, found: Iterable[Fault]) -> None:
        self.found = tuple(found)
        super().__init__()

    @property
    def faults(self) -> list[str]:
        """Each as a sentence in the current language."""
        return [str(fault) for fault in self.found]

    def __str__(self) -> str:
        return "\n".join(self.faults)


class Faults:
    """What is wrong with one file, or another source of this name, in the order found, each once.

    `cells` says for a workbook in which cell the value of a path was read; `values` are those that paths lead into,
    where it is known how people call them.
    """

    def __init__(self, source: str) -> None:
        self.file = source
        self.found: list[Fault] = []
        self.cells: dict[Where, str] = {}
        self.values: dict[str, Any] = {}
        self._unread: set[str] = set()
        self._seen: set[tuple[str, str]] = set()

    def add(self, where: Where, what: str | Sentence, /, **facts: object) -> None:
        """Note what is wrong at a place of the file; nothing where its cell could not be read in the first place."""
        cell = next((self.cells[where[:end]] for end in range(len(where), 0, -1) if where[:end] in self.cells), "")
        if cell not in self._unread:
            self._note(cell or Place(where, self._names(where)), what, facts)

    def add_at(self, cell: str, what: str | Sentence, /, **facts: object) -> None:
        """Note why a cell, or another part of a sheet, cannot be read."""
        if cell not in self._unread:
            self._note(cell, what, facts)
        self.pass_over(cell)

    def pass_over(self, cell: str) -> None:
        """Say nothing more of this cell: what is wrong with it is noted."""
        self._unread.add(cell)

    def passes_over(self, cell: str) -> bool:
        """Whether what is wrong with this cell is noted."""
        return cell in self._unread

    def _note(self, place: Place | str, what: str | Sentence, facts: dict[str, object]) -> None:
        sentence = Sentence(what, facts) if isinstance(what, str) else what
        key = (place.path if isinstance(place, Place) else place, repr(sentence))
        if key not in self._seen:
            self._seen.add(key)
            self.found.append(Fault(self.file, place, sentence))

    def _names(self, where: Where) -> tuple[tuple[int, str], ...]:
        """What parties and requirements on a path are called, by where in it their key stands."""
        found = []
        for place, kind in enumerate(where[:-1]):
            if isinstance(kind, str) and kind in NAMED:
                name = mapping(self.values, *where[: place + 2]).get(NAMED[kind])
                found += [(place + 1, name)] if isinstance(name, str) and name.strip() else []
        return tuple(found)

    def stop(self) -> None:
        """Raises PlanFaults where anything was found."""
        if self.found:
            raise PlanFaults(self.found)


def mapping(value: object, *path: str | int) -> dict[str, Any]:
    """The mapping at a path below `value`, an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """The value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def named(values: Iterable[object]) -> str | Sentence:
    """What is known, for a sentence that says that something is not."""
    return ", ".join(str(value) for value in values) or Sentence(N_("none"))
