"""What was made of stored documents, kept by their hashes in this process, and whose turn it is to have more made."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from ita_core.evidence import child

T = TypeVar("T")


class Kept(Generic[T]):
    """What was made, by the document's hash, whose content never changes; what was asked for longest ago goes first.

    `size_of` gives the bytes of one, `most` those of all together; `failed` stands for what could not be made.
    """

    def __init__(self, size_of: Callable[[T], int], most: Callable[[], int], failed: T) -> None:
        self._size_of, self._most, self._failed = size_of, most, failed
        self._one_at_a_time = OneAtATime()
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, T] = OrderedDict()
        self.size = 0  # in bytes

    def or_made(self, name: str, make: Callable[[], T], *, by: int | None) -> T:
        """What is kept, else what `make` makes: once for all who wait for it, for an account (`by`) one at a time.

        Raises what `make` raises, but for child.Ended.
        """
        if found := self.get(name):
            return found
        with self._one_at_a_time.of(("account", by) if by is not None else object()), self._one_at_a_time.of(name):
            if found := self.get(name):  # by whom this one has waited for
                return found
            try:
                found = make()
            except child.Ended as ended:
                found = self._failed
                if not ended.in_time:  # what took too long on a busy machine may be made the next time
                    return found
            self.put(name, found)
            return found

    def get(self, name: str) -> T | None:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def put(self, name: str, made: T) -> None:
        with self._lock:
            self._drop(name)
            self._kept[name] = made
            self.size += self._size_of(made)
            while self.size > self._most():
                self._drop(next(iter(self._kept)))

    def _drop(self, name: str) -> None:
        if (gone := self._kept.pop(name, None)) is not None:
            self.size -= self._size_of(gone)


class OneAtATime:
    """A lock for each account and each document that somebody waits for; gone with the last one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[Hashable, tuple[threading.Lock, int]] = {}

    @contextmanager
    def of(self, what: Hashable) -> Iterator[None]:
        with self._lock:
            lock, waiting = self._locks.get(what, (threading.Lock(), 0))
            self._locks[what] = lock, waiting + 1
        try:
            with lock:
                yield
        finally:
            with self._lock:
                waiting = self._locks[what][1] - 1
                if waiting:
                    self._locks[what] = lock, waiting
                else:
                    del self._locks[what]
