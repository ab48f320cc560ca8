"""One address asked for what is there, safely: whoever typed it, and whoever answers, may mean harm.

- A name is looked up once. Every address that it has must lie outside (`outside.is_outside`), and the connection goes
  to the very address that was looked at: a name that means another one a moment later (DNS rebinding) changes nothing.
  TLS proves the name, not the address.
- Each redirect is looked at like a first address; http and https only, ports 80 and 443 (any other only inside a
  network that the setting allows), no name or password in an address, no cookies, no proxy of the environment.
- Whoever asks may want to be alone with a host (`alone`): each one on the way is claimed before it is asked.
- All of it has one end of time and so many bytes, also while it is drip-fed, in its head, and unpacked.

The network is spoken to by httpx over httpcore, whose public `NetworkBackend` is where names become connections.
"""

import hashlib
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import certifi
import httpcore
import httpx

from ita_core import db, turns
from ita_core.links.outside import Address, Network, is_allowed, is_outside
from ita_core.models import LinkOutcome

HEAD_BYTES = 256 * 1024  # beside the content: the heads of all answers, and what frames the content
STEP_SECONDS = 10  # that one step may take: a connection, the next piece
MOST_REDIRECTS = 5
MOST_TRIED = 3  # of the addresses of one name
LONGEST_ADDRESS = 2000
PIECE = 64 * 1024
PACKED_PIECE = 4 * 1024  # what follows a packed member is copied once for each, so it is little
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Rules:
    """`agent` says who asks; `inside` are networks that may be asked although they lie inside, at any port."""

    agent: str
    inside: tuple[Network, ...] = ()
    seconds: float = 60  # in all, the redirects too
    most_bytes: int = 200 * 1024**2  # of the content, as it came and unpacked


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer: of which address, from which machine, its head as it came."""

    url: str
    machine: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking. Size, hash and `body` only where it was read to its end; `why` is for who looks after it."""

    outcome: LinkOutcome
    hops: tuple[Hop, ...] = ()
    why: str = ""
    url: str = ""  # where it ended, after redirects
    status: int | None = None
    media_type: str = ""
    charset: str = ""
    size: int | None = None
    sha256: str = ""
    certificate_ends: datetime | None = None
    body: Path | None = None  # the content, unpacked; gone when the `with` of `fetching` is left


class _Ended(Exception):
    """Asking stops here."""

    def __init__(self, outcome: LinkOutcome, why: str = "") -> None:
        self.outcome, self.why = outcome, why
        super().__init__(why)


Alone = Callable[[str], AbstractContextManager[object]]


@contextmanager
def fetching(url: str, rules: Rules, folder: Path, alone: Alone = nullcontext[object]) -> Iterator[Answer]:
    """What is at an address now; its content lies in a file of `folder` until this is left.

    Each host on the way is asked inside of `alone`, of one host at a time; waiting for it counts for no time.

    Whatever the address or the answer is like, that is told by the outcome. Raises OSError where the file cannot be
    written, SlowUnderLock, and what `alone` raises.
    """
    db.not_while_writing("asking a website")
    target = folder / token_hex(16)
    try:
        with turns.waiting(), target.open("xb") as file:
            answer = _Asking(rules, file, alone).answer(url)
        yield replace(answer, body=target) if answer.sha256 else answer
    finally:
        target.unlink(missing_ok=True)


class _Budget:
    """How much time and how many bytes are left to all of one asking."""

    def __init__(self, rules: Rules) -> None:
        self._ends = time.monotonic() + rules.seconds
        self._bytes = HEAD_BYTES

    def seconds(self, wanted: float | None = None) -> float:
        """How long the next step may take.

        Raises _Ended where no time is left.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise _Ended(LinkOutcome.slow, "the time for all of it is over")
        return min(left, wanted or STEP_SECONDS, STEP_SECONDS)

    def later(self, seconds: float) -> None:
        """It ends so much later: others were waited for."""
        self._ends += seconds

    def allow(self, number: int) -> None:
        """From now on so many bytes more may come: a content."""
        self._bytes += number

    def take(self, number: int) -> None:
        """Count bytes that came.

        Raises _Ended where they are too many.
        """
        self._bytes -= number
        if self._bytes < 0:
            raise _Ended(LinkOutcome.too_large)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step is held to the budget."""

    def __init__(self, inner: httpcore.NetworkStream, budget: _Budget) -> None:
        self._inner, self._budget = inner, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        found = self._inner.read(max_bytes, self._budget.seconds(timeout))
        self._budget.take(len(found))
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._budget.seconds(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._budget.seconds(timeout))
        return _Stream(inner, self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Outside(httpcore.NetworkBackend):
    """Connections to addresses outside only; `machine` is the last one that was spoken to."""

    def __init__(self, rules: Rules, budget: _Budget) -> None:
        self._rules, self._budget = rules, budget
        self.machine = ""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _looked_up(host, self._budget.seconds())
        for address in addresses:
            if not is_outside(address, self._rules.inside):
                raise _Ended(LinkOutcome.inside, f"{host} is {address}")
            if port not in _PORTS.values() and not is_allowed(address, self._rules.inside):
                raise _Ended(LinkOutcome.not_asked, f"port {port}")
        plain = httpcore.SyncBackend()
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:MOST_TRIED]:
            try:
                stream = plain.connect_tcp(str(address), port, self._budget.seconds(timeout), None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                self.machine = str(address)
                return _Stream(stream, self._budget)
        raise failed or _Ended(LinkOutcome.unknown_name, host)

    def connect_unix_socket(self, *_any: Any, **_more: Any) -> httpcore.NetworkStream:
        raise _Ended(LinkOutcome.not_asked, "a socket of this machine")


def _looked_up(host: str, seconds: float) -> list[Address]:
    """The addresses that a name has, in the system's order; asked for once.

    Raises _Ended.
    """
    found: list[Address] = []
    trouble: list[Exception] = []

    def ask() -> None:
        try:
            for *_kind, place in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM):
                found.append(ip_address(str(place[0])))
        except (OSError, UnicodeError, ValueError) as error:
            trouble.append(error)

    asking = threading.Thread(target=ask, daemon=True)  # the system's own look-up knows no end of time
    asking.start()
    asking.join(seconds)
    if asking.is_alive():
        raise _Ended(LinkOutcome.slow, f"looking up {host}")
    if trouble and getattr(trouble[0], "errno", None) == socket.EAI_AGAIN:
        raise _Ended(LinkOutcome.unknown_name, f"no server of names could say where {host} is")
    if trouble or not found:
        raise _Ended(LinkOutcome.unknown_name, f"no server of names knows {host}")
    return list(dict.fromkeys(found))


class _Transport(httpx.BaseTransport):
    """httpx over our connections; nothing of the environment, no connection twice."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        context = ssl.create_default_context()  # what the machine trusts, an office's own authority too …
        context.load_verify_locations(certifi.where())  # … and the public ones, where it has none of its own
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, network_backend=backend, max_connections=1, max_keepalive_connections=0, retries=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions=request.extensions,
        )  # fmt: skip
        told = self._pool.handle_request(asked)
        assert isinstance(told.stream, Iterable)
        return httpx.Response(
            told.status, headers=told.headers, stream=_Content(told.stream, told), extensions=told.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Content(httpx.SyncByteStream):
    def __init__(self, pieces: Iterable[bytes], told: httpcore.Response) -> None:
        self._pieces, self._told = pieces, told

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    def close(self) -> None:
        self._told.close()


class _Asking:
    """One address through its redirects; what was learnt until it ended."""

    def __init__(self, rules: Rules, file: IO[bytes], alone: Alone) -> None:
        self._rules, self._file, self._alone = rules, file, alone
        self._budget = _Budget(rules)
        self._hops: list[Hop] = []
        self._at = ""
        self._ends: datetime | None = None

    def answer(self, url: str) -> Answer:
        self._at = url
        try:
            return self._followed(url)
        except _Ended as ended:
            outcome, why = ended.outcome, ended.why
        except httpcore.TimeoutException as error:
            outcome, why = LinkOutcome.slow, _plain(error)
        except (httpcore.ProtocolError, zlib.error) as error:
            outcome, why = LinkOutcome.garbled, _plain(error)
        except httpcore.NetworkError as error:
            told = _tls_fault(error)
            outcome, why = (LinkOutcome.insecure, told) if told else (LinkOutcome.unreachable, _plain(error))
        except (httpx.InvalidURL, UnicodeError) as error:
            outcome, why = LinkOutcome.not_asked, _plain(error)
        status = self._hops[-1].status if self._hops else None
        return Answer(outcome, tuple(self._hops), why, self._at, status, certificate_ends=self._ends)

    def _followed(self, url: str) -> Answer:
        rested = time.monotonic()
        for _number in range(MOST_REDIRECTS + 1):
            self._at = url
            host = _checked(url)
            with self._alone(host):
                self._budget.later(time.monotonic() - rested)
                found = self._asked(url)
                rested = time.monotonic()
            if isinstance(found, Answer):
                return found
            url = found
        self._at = url
        raise _Ended(LinkOutcome.circling, f"more than {MOST_REDIRECTS} redirects")

    def _asked(self, url: str) -> Answer | str:
        """What is there, or where it leads."""
        backend = _Outside(self._rules, self._budget)
        # No client of httpx: there is nothing that an answer could set, and nothing that is followed by itself.
        with _Transport(backend) as transport:
            request = httpx.Request("GET", urlsplit(url)._replace(fragment="").geturl(), headers=self._asked_with())
            response = transport.handle_request(request)
            try:
                self._note(url, backend.machine, response)
                onwards = response.headers.get("location", "").strip()
                if response.status_code not in _REDIRECTS or not onwards:
                    return self._read(response)
                return _joined(url, onwards)
            finally:
                response.close()

    def _asked_with(self) -> dict[str, str]:
        return {
            "User-Agent": self._rules.agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Accept-Language": "th,en;q=0.5",
            "Connection": "close",
        }

    def _note(self, url: str, machine: str, response: httpx.Response) -> None:
        heads = tuple((_latin(name), _latin(value)) for name, value in response.headers.raw)
        reason = _latin(response.extensions.get("reason_phrase", b""))
        self._hops.append(Hop(url, machine, response.status_code, reason, heads))
        self._ends = None
        spoken = response.extensions["network_stream"].get_extra_info("socket")
        if isinstance(spoken, ssl.SSLSocket) and (told := spoken.getpeercert()):
            with suppress(KeyError, ValueError):
                self._ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)

    def _read(self, response: httpx.Response) -> Answer:
        kind, _semicolon, rest = response.headers.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        media_type = kind if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}", kind) else ""
        charset = re.search(r"charset=[\"']?([A-Za-z0-9_.:-]{1,40})", rest)
        digest, size = hashlib.sha256(), 0
        self._budget.allow(self._rules.most_bytes)
        for piece in _unpacked(response, self._rules.most_bytes):
            self._budget.seconds()
            size += len(piece)
            if size > self._rules.most_bytes:
                raise _Ended(LinkOutcome.too_large)
            digest.update(piece)
            self._file.write(piece)
        self._file.flush()
        outcome, why = LinkOutcome.reached, ""
        if not 200 <= response.status_code < 300:
            outcome, why = LinkOutcome.refused, _plain(self._hops[-1].reason)
        return Answer(
            outcome, tuple(self._hops), why, self._at, response.status_code, media_type,
            charset[1] if charset else "", size, digest.hexdigest(), self._ends,
        )  # fmt: skip


def _checked(url: str) -> str:
    """The host that is to be asked.

    Raises _Ended for an address that nobody is asked for.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise _Ended(LinkOutcome.not_asked, str(error)) from None
    if len(url) > LONGEST_ADDRESS or parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        raise _Ended(LinkOutcome.not_asked, url[:200])
    return host.lower().rstrip(".")


def _joined(url: str, onwards: str) -> str:
    """Where a redirect leads. A head is bytes: those of Thai addresses are UTF-8, though they should be escaped.

    Raises _Ended.
    """
    with suppress(UnicodeError):
        onwards = onwards.encode("latin-1").decode()
    try:
        return urljoin(url, onwards)
    except ValueError as error:
        raise _Ended(LinkOutcome.not_asked, str(error)) from None


def _unpacked(response: httpx.Response, most: int) -> Iterator[bytes]:
    """The content in pieces; unpacked where it is packed although nobody asked for that, never much of it at once.

    A gzip is all of its members, one after the other (RFC 1952, 2.2); what follows them and is none, or of which
    nothing can be unpacked, is let go, as browsers do. Empty pieces come too, so that whoever takes them sees to the
    time.

    Raises _Ended.
    """
    packed = response.headers.get("content-encoding", "").strip().lower()
    if packed in {"", "identity"}:
        yield from response.iter_raw(PIECE)
        return
    if packed not in {"gzip", "x-gzip", "deflate"}:
        raise _Ended(LinkOutcome.garbled, f"packed as {packed[:40]}, which was not asked for")
    unpacking, made, over = zlib.decompressobj(zlib.MAX_WBITS | 32), 0, False
    beyond = False  # behind a whole member, where nothing came of what is there
    for piece in response.iter_raw(PACKED_PIECE):
        left = b"" if over else piece
        while left:
            if unpacking.eof:
                over = packed == "deflate"
                if over:
                    break
                unpacking, beyond = zlib.decompressobj(zlib.MAX_WBITS | 16), True
            try:
                out = unpacking.decompress(left, PIECE)
            except zlib.error:
                if not beyond:
                    raise
                over = True
                break
            beyond = beyond and not out
            made += len(out)
            if made > most:
                raise _Ended(LinkOutcome.too_large, "unpacked")
            yield out
            left = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail
        yield b""
    if not (unpacking.eof or beyond):
        raise _Ended(LinkOutcome.garbled, "packed content that ends too early")


def _tls_fault(error: BaseException) -> str:
    """What TLS says, where it was TLS that failed."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return _plain(seen.verify_message)
        if isinstance(seen, ssl.SSLError):
            return _plain(seen.reason or "TLS")
        seen = seen.__cause__ or seen.__context__
    return ""


def _plain(said: object) -> str:
    """One short line of letters that can be kept, without the system's numbers."""
    words = re.sub(r"\[Errno -?\d+\] ", "", " ".join(str(said).split()))
    return "".join(sign for sign in words if sign.isprintable())[:200]


def _latin(raw: bytes) -> str:
    return raw.decode("latin-1")
