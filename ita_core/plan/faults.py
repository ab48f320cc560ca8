"""What is wrong with a file of a plan, all of it at once; and looking into plain values that may have any shape."""

from collections.abc import Iterable
from typing import Any

from ita_core.errors import Refused

Where = tuple[str | int, ...]


class PlanFaults(Refused):
    """A framework or a plan cannot be used. `faults` holds each as "file: path.in.file: what is wrong", in English;
    of a workbook as "file: sheet!cell: what is wrong".
    """

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__()

    def __str__(self) -> str:
        return "\n".join(self.faults)


class Faults:
    """What is wrong with one file, or another source of this name, in the order found, each once.

    `cells` says for a workbook in which cell the value of a path was read.
    """

    def __init__(self, source: str) -> None:
        self.file = source
        self.found: list[str] = []
        self.cells: dict[Where, str] = {}
        self._unread: set[str] = set()
        self._seen: set[str] = set()

    def add(self, where: Where, what: str) -> None:
        """Note what is wrong at a place of the file; nothing where its cell could not be read in the first place."""
        cell = next((self.cells[where[:end]] for end in range(len(where), 0, -1) if where[:end] in self.cells), "")
        if cell not in self._unread:
            path = "".join(f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}" for part in where)
            self._note(cell or path.lstrip("."), what)

    def add_at(self, cell: str, what: str) -> None:
        """Note why a cell, or another part of a sheet, cannot be read."""
        if cell not in self._unread:
            self._note(cell, what)
        self.pass_over(cell)

    def pass_over(self, cell: str) -> None:
        """Say nothing more of this cell: what is wrong with it is noted."""
        self._unread.add(cell)

    def passes_over(self, cell: str) -> bool:
        """Whether what is wrong with this cell is noted."""
        return cell in self._unread

    def _note(self, place: str, what: str) -> None:
        fault = f"{self.file}: {place}: {what}" if place else f"{self.file}: {what}"
        if fault not in self._seen:
            self._seen.add(fault)
            self.found.append(fault)

    def stop(self) -> None:
        """Raises PlanFaults where anything was found."""
        if self.found:
            raise PlanFaults(self.found)


def _quoted(key: str) -> str:
    return f'"{key}"' if "." in key or not key else key


def mapping(value: object, *path: str) -> dict[str, Any]:
    """The mapping at a path below `value`, an empty one where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """The value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def named(values: Iterable[object]) -> str:
    """What is known, for a sentence that says that something is not."""
    return ", ".join(str(value) for value in values) or "none"
