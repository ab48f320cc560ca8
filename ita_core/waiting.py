"""What tells whoever waits for something long how far it has come."""

from collections.abc import Callable

Progress = Callable[[int, int], None]  # how much is done, of how much: rows, bytes


def silent(_done: int, _expected: int) -> None:
    """Where nobody waits."""
