"""How many requests of a kind each account has under way, and the turns that they take."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from anyio import Lock
from anyio.lowlevel import RunVar


@dataclass
class _Line:
    number: int = 0
    turn: Lock = field(default_factory=Lock)


class PerAccount:
    """Counted in each event loop by itself; nothing is kept of an account that has no request under way.

    An address, where nobody is known yet, is counted by its text.
    """

    def __init__(self, what: str) -> None:
        self._by_account: RunVar[dict[int | str, _Line]] = RunVar(what)

    def _lines(self) -> dict[int | str, _Line]:
        try:
            return self._by_account.get()
        except LookupError:
            self._by_account.set({})
            return self._by_account.get()

    def of(self, account_id: int | str) -> int:
        """How many the account has under way."""
        line = self._lines().get(account_id)
        return line.number if line else 0

    @property
    def total(self) -> int:
        return sum(line.number for line in self._lines().values())

    @contextmanager
    def one_more(self, account_id: int | str) -> Iterator[Lock]:
        """Count one more until it is left; gives the account's lock, whose waiters hold no thread."""
        lines = self._lines()
        line = lines.setdefault(account_id, _Line())
        line.number += 1
        try:
            yield line.turn
        finally:
            line.number -= 1
            if not line.number:
                del lines[account_id]
