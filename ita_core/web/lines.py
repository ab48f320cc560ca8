"""Open websockets ("lines"): how many an address, an account and all of them may have, and what each may send.

Streamlit takes any number from anybody, and 200 MB from each (threats.md, fact 10). A line of nobody's is worth little:
it shows the sign-in page. So it is short-lived, sends little, and makes room for others; a line of somebody who is
signed in is never ended for the sake of one of nobody's.
"""

import asyncio
import heapq
import itertools
from collections import Counter, OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from typing import Protocol

import anyio
from anyio.lowlevel import RunVar
from starlette.types import Message, Receive, Send

MOST_OF_AN_ACCOUNT = 40  # windows: a meeting room's, a phone's, and those that were left open
MOST_OF_AN_ADDRESS = 80  # of nobody's: a whole office opens its sign-in page at half past eight
ANONYMOUS_SECONDS = 600  # the page then opens a new one by itself
FIRST_SECONDS = 30  # a browser asks for its page at once
SIZES = {True: 1024**2, False: 64 * 1024}  # bytes of a message: of who is signed in, of nobody
# Messages: so many at once, so many a second from then on. Whoever sends more is read more slowly.
PACE = {True: (100, 20.0), False: (20, 2.0)}
# Of all of nobody's together: each run of the sign-in page takes some 15 ms of a core.
NOBODYS_PACE = (60, 12.0)
OPENINGS = (120, 1.0)  # lines that one account or address may open
REMEMBERED = 10_000  # accounts and addresses

# Codes of RFC 6455, section 7.4.1, and 1013 from IANA's list.
BAD_DATA, TOO_LARGE, TRY_LATER = 1003, 1009, 1013


class Sessions(Protocol):
    """What the gate asks of Streamlit: `inside.py`."""

    def owner_of(self, session_id: str, /) -> str | None: ...
    def close(self, owner: str, /) -> None: ...
    def is_wanted(self, message: bytes, /) -> bool: ...


class Pace:
    """So many at once, so many a second from then on."""

    def __init__(self, at_once: int, a_second: float) -> None:
        self._most, self._a_second = at_once, a_second
        self._left, self._at = float(at_once), anyio.current_time()

    def may(self) -> bool:
        """Take one, if one is left."""
        self._recover()
        if self._left < 1:
            return False
        self._left -= 1
        return True

    async def wait(self) -> None:
        """Take one as soon as one is left."""
        self._recover()
        self._left -= 1
        await anyio.sleep(max(0.0, -self._left / self._a_second))

    @property
    def seconds_to_next(self) -> float:
        """Until one is left."""
        return max(0.0, (1 - self._left) / self._a_second)

    def is_full(self) -> bool:
        """Whether a new one would be the same."""
        self._recover()
        return self._left >= self._most

    def _recover(self) -> None:
        now = anyio.current_time()
        self._left = min(self._most, self._left + (now - self._at) * self._a_second)
        self._at = now


class Paces:
    """The pace of each of many. Of more than REMEMBERED the one that came last the longest ago begins anew."""

    def __init__(self, name: str) -> None:
        self._of_server: RunVar[OrderedDict[Hashable, Pace]] = RunVar(name)  # a pace knows its event loop's time

    def of(self, who: Hashable, at_once: int, a_second: float) -> Pace:
        """The pace that `who` goes at, from their first request on."""
        try:
            kept = self._of_server.get()
        except LookupError:
            self._of_server.set(kept := OrderedDict())
        pace = kept.setdefault(who, Pace(at_once, a_second))
        kept.move_to_end(who)
        if len(kept) > REMEMBERED:
            kept.popitem(last=False)
        return pace


class SharedPace(Pace):
    """A pace that many go at: while it holds them back they take turns, so that one that asks for much waits for its
    own. (Start-time fair queueing, Goyal, Vin and Cheng 1996, with every message of one size.)
    """

    def __init__(self, at_once: int, a_second: float) -> None:
        super().__init__(at_once, a_second)
        self._round = 0  # that has been served
        self._rounds: dict[str, int] = {}  # by holder: that its last message stands in
        self._waiting: list[tuple[int, int, anyio.Event]] = []
        self._number = itertools.count()
        self._next: asyncio.TimerHandle | None = None

    async def wait_for(self, holder: str) -> None:
        """Take one as soon as it is this holder's turn."""
        if not self._waiting and self.may():
            return
        if len(self._rounds) > REMEMBERED:  # whose last has been served is as good as forgotten
            self._rounds = {one: last for one, last in self._rounds.items() if last > self._round}
        mine = self._rounds[holder] = max(self._round, self._rounds.get(holder, 0)) + 1
        entry = (mine, next(self._number), anyio.Event())
        heapq.heappush(self._waiting, entry)
        if self._next is None:
            self._serve()
        try:
            await entry[2].wait()
        finally:
            if not entry[2].is_set():  # its line has ended meanwhile
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)

    def _serve(self) -> None:
        while self._waiting and self.may():
            self._round, _number, event = heapq.heappop(self._waiting)
            event.set()
        self._next = None
        if self._waiting:
            self._next = asyncio.get_running_loop().call_later(self.seconds_to_next, self._serve)
        else:
            self._rounds.clear()


class Line:
    """One open websocket; its app is given `receiving` and `sending` in place of what the server gave."""

    def __init__(self, owner: str, known: bool, holder: str, sessions: Sessions, shared: SharedPace | None) -> None:
        self.owner, self.known, self.holder = owner, known, holder
        self._sessions = sessions
        self._pace, self._shared = Pace(*PACE[known]), shared
        self._began, self._opened, self._heard = anyio.current_time(), False, 0.0
        self._waiting: anyio.CancelScope | None = None
        self._code = 0  # what it ends with, once that is decided

    @property
    def largest(self) -> int:
        """Bytes of a message."""
        return SIZES[self.known]

    def quiet_since(self) -> float:
        """When it last spoke; one that never did has been quiet for ever."""
        return self._heard

    def end(self, code: int) -> None:
        """Let it end now: the browser is told, and so is Streamlit."""
        self._code = self._code or code
        if self._waiting:
            self._waiting.cancel()

    def has_gone(self) -> None:
        """Nobody is there any more: of nobody's line nothing more is read, so it keeps no place and no turn."""
        if not self.known:
            self.end(TRY_LATER)

    def sending(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if not self._code:  # Streamlit goes on for a moment: it has not read yet that this is over
                await send(message)

        return sent

    def receiving(self, receive: Receive, send: Send) -> Receive:
        async def received() -> Message:
            if not self._opened:
                self._opened = True
                return await receive()  # "websocket.connect"
            while not self._code:
                message = await self._next(receive)
                if message and (message["type"] == "websocket.disconnect" or self._is_fine(message.get("bytes"))):
                    return message
            with suppress(OSError):  # whom it is for has gone already
                await send({"type": "websocket.close", "code": self._code})
            return {"type": "websocket.disconnect", "code": self._code}

        return received

    async def _next(self, receive: Receive) -> Message | None:
        """What comes next, at the line's pace; None where nothing came in time, or it was told to end."""
        with anyio.CancelScope(deadline=self._deadline()) as self._waiting:
            message = await receive()
            if message["type"] != "websocket.disconnect":
                self._heard = anyio.current_time()  # before its turn comes: who waits for it is not quiet
                await self._pace.wait()
                if self._shared:
                    await self._shared.wait_for(self.holder)
            return message
        self.end(TRY_LATER)
        return None

    def _deadline(self) -> float:
        if self.known:
            return float("inf")
        return self._began + (ANONYMOUS_SECONDS if self._heard else FIRST_SECONDS)

    def _is_fine(self, content: bytes | None) -> bool:
        """Whether this message may pass; one that no browser of ours could send ends the line."""
        try:
            if content is None:
                raise ValueError("a text")  # noqa: TRY301
            if len(content) <= self.largest:
                return self._sessions.is_wanted(content)
            self.end(TOO_LARGE)
        except ValueError:
            self.end(BAD_DATA)
        return False


class Lines:
    """All that are open in this process; `most` is how many connections it may hold."""

    def __init__(self, most: int, sessions: Sessions) -> None:
        self.sessions = sessions
        self.most_of_nobodys = most // 3
        self._open: list[Line] = []
        self._openings: dict[str, Pace] = {}
        self._nobodys: SharedPace | None = None

    def open(self, owner: str, holder: str, *, known: bool, apart: bool = False) -> Line | None:
        """A line for this owner, to be given back by `close`; None where there is no room.

        `holder` is whose lines count together: an account that is `known`, or where nobody's come from. One of nobody's
        that stands `apart` is not slowed by what the others send.
        """
        of_this = self._of(holder)
        if not self._may_open(holder) or (known and len(of_this) >= MOST_OF_AN_ACCOUNT):
            return None
        if not known and not self._make_room(of_this):
            return None
        if self._nobodys is None:
            self._nobodys = SharedPace(*NOBODYS_PACE)
        made = Line(owner, known, holder, self.sessions, None if known or apart else self._nobodys)
        self._open.append(made)
        return made

    def is_full(self, holder: str) -> bool:
        """Whether this account has all the windows open that it may have."""
        return len(self._of(holder)) >= MOST_OF_AN_ACCOUNT

    def close(self, line: Line) -> None:
        """It is over: its place is free.

        Nobody's session is nobody's to continue: it takes no place among those that wait for their owners.
        """
        if line in self._open:
            self._open.remove(line)
        if not line.known:
            self.sessions.close(line.owner)

    def _of(self, holder: str) -> list[Line]:
        return [one for one in self._open if one.holder == holder]

    def _make_room(self, of_this: list[Line]) -> bool:
        """Whether one more of nobody's may be: where its address or all have their number, a quiet one ends for it.

        Of all addresses the one with the most loses one; so whoever comes first from an address finds room while
        others fill theirs.
        """
        nobodys = [one for one in self._open if not one.known]
        if len(of_this) >= min(MOST_OF_AN_ADDRESS, self.most_of_nobodys):
            leaving = min(of_this, key=Line.quiet_since)
        elif len(nobodys) >= self.most_of_nobodys:
            (busiest, number), *_others = Counter(one.holder for one in nobodys).most_common(1)
            if number <= len(of_this) + 1:
                return False
            leaving = min((one for one in nobodys if one.holder == busiest), key=Line.quiet_since)
        else:
            return True
        self._open.remove(leaving)
        leaving.end(TRY_LATER)
        return True

    def _may_open(self, holder: str) -> bool:
        if len(self._openings) > REMEMBERED:  # one that has recovered is as good as forgotten
            self._openings = {one: pace for one, pace in self._openings.items() if not pace.is_full()}
        return self._openings.setdefault(holder, Pace(*OPENINGS)).may()
