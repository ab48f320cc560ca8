"""One script at a time. Streamlit runs each person's in a thread of its own, as many at once as there are people.

They all need Python's one lock, and hand it to and fro at every step that lets it go: beyond some fifteen runs a second
nobody gets anywhere, with most of the processor idle. So a run takes its turn before it begins:

- First come, first served. A turn is given back for as long as its run waits for something else (`waiting`: a lock of
  the database, a child process, a bucket, a password's hash); whoever comes back goes before those who came later.
- A run that has had its `piece` of time lets others go first where it can (`breathe`), and stands at the end again.
- A run that has held its turn for `longest` in one piece has it no more: the next one begins beside it.
- Whoever ends, by whatever exception, gives it back.

Threads that have taken no turn, the routes' and the command's, notice nothing of all this.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PIECE = 0.1  # seconds: most pages need a third of it
LONGEST = 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """What has been since the process began, in numbers and seconds; for whoever watches over the server."""

    runs: int
    waited: float  # by all of them, before they began and whenever they came back
    longest_wait: float
    held: float
    overran: int  # lost their turn to the next one
    stopped: int  # left the line before it was their turn
    in_line: int  # now


class Place:
    """One runner's place in the line; one at a time, from one thread, which another may tell to leave it."""

    __slots__ = ("away", "before_waiting", "gate", "has_left", "holds", "in_line", "number", "since", "used")

    def __init__(self) -> None:
        self.gate = threading.Lock()  # locked while it waits; opened by whoever lets it go on
        self.gate.acquire()
        self.number = 0  # the lowest comes first
        self.holds = self.away = self.in_line = self.has_left = False
        self.since = self.used = 0.0
        self.before_waiting: Callable[[], None] | None = None


class Turns:
    """The line of one process."""

    def __init__(self, *, piece: float = PIECE, longest: float = LONGEST) -> None:
        self._piece, self._longest = piece, longest
        self._lock = threading.Lock()  # held for a few steps, never over a wait
        self._numbers = itertools.count(1)
        self._line: list[tuple[int, Place]] = []  # a heap
        self._holder: Place | None = None
        self._here = threading.local()
        self._runs = self._overran = self._stopped = 0
        self._waited = self._longest_wait = self._held = 0.0

    @contextmanager
    def turn(self, place: Place) -> Iterator[None]:
        """Run in one's turn; inside of another turn of the same thread this changes nothing.

        One whose place has been left runs at once, beside the others: Streamlit stops it at its first step.
        """
        if self._mine() is not None:
            yield
            return
        self._here.place = place
        try:
            self._line_up(place, anew=True)
            yield
        finally:
            self._here.place = None
            self._give_back(place)
            with self._lock:
                self._runs += 1

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let others run for as long as this thread waits for something; nothing where it has no turn to give."""
        place = self._mine()
        if place is None or place.away:
            yield
            return
        if place.before_waiting:
            place.before_waiting()
        had_it = self._give_back(place)
        place.away = True
        try:
            yield
        finally:
            place.away = False
            self._line_up(place, anew=not had_it or place.used >= self._piece)

    def breathe(self) -> None:
        """To be called at every small step of a run: whoever has had a piece of time lets the others go first."""
        place = self._mine()
        if place is None or place.away or place.has_left:
            return
        if not place.holds or (self._line and place.used + time.monotonic() - place.since >= self._piece):
            self._give_back(place)
            self._line_up(place, anew=True)

    def leave(self, place: Place) -> None:
        """Its run is not wanted any more: from now on it waits for no turn. To be called from any thread."""
        with self._lock:
            place.has_left = True
            if place.in_line:
                self._stopped += 1
                place.in_line = False
                self._line.remove((place.number, place))
                heapq.heapify(self._line)
                place.gate.release()

    def is_held_here(self) -> bool:
        """Whether this thread has the turn."""
        place = self._mine()
        return place is not None and place.holds

    def figures(self) -> Figures:
        """What has been so far."""
        with self._lock:
            return Figures(
                self._runs, self._waited, self._longest_wait, self._held, self._overran, self._stopped, len(self._line)
            )

    def _mine(self) -> Place | None:
        place: Place | None = getattr(self._here, "place", None)
        return place

    def _line_up(self, place: Place, *, anew: bool) -> None:
        """Return when it is this place's turn, or it has been left; `anew`: behind all who are there."""
        with self._lock:
            if anew:
                place.number, place.used = next(self._numbers), 0.0
            if place.has_left:
                return
            if self._holder is None:
                self._give(place)
                return
            place.in_line = True
            heapq.heappush(self._line, (place.number, place))
            ends = self._holder.since + self._longest
        began = time.monotonic()
        while not place.gate.acquire(timeout=max(0.0, ends - time.monotonic())):
            ends = self._take_from_who_overran()
        waited = time.monotonic() - began
        with self._lock:
            self._waited += waited
            self._longest_wait = max(self._longest_wait, waited)

    def _take_from_who_overran(self) -> float:
        """When the turn ends of whoever has it now; the next one has it, if that is over already.

        Everybody in the line looks at this: each was told an end that had not come later when it was told.
        """
        with self._lock:
            if self._holder is not None and time.monotonic() - self._holder.since >= self._longest:
                self._overran += 1
                self._pass_on()
            return self._holder.since + self._longest if self._holder is not None else 0.0

    def _give_back(self, place: Place) -> bool:
        """Let the next one begin; whether this one still had the turn."""
        with self._lock:
            if self._holder is not place:
                return False
            self._pass_on()
            return True

    def _pass_on(self) -> None:
        holder, now = self._holder, time.monotonic()
        if holder is not None:
            holder.holds = False
            holder.used += now - holder.since
            self._held += now - holder.since
        self._holder = None
        if self._line:
            _number, following = heapq.heappop(self._line)
            following.in_line = False
            self._give(following)
            following.gate.release()

    def _give(self, place: Place) -> None:
        self._holder, place.holds, place.since = place, True, time.monotonic()


SCRIPTS = Turns()
turn, waiting, breathe, leave, is_held_here, figures = (
    SCRIPTS.turn, SCRIPTS.waiting, SCRIPTS.breathe, SCRIPTS.leave, SCRIPTS.is_held_here, SCRIPTS.figures,
)  # fmt: skip
