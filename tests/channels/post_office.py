"""A real mail server of this machine (aiosmtpd), and one that answers whatever a test wants, however slowly."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class PostOffice:
    """What came in, and how it answers; `says` is its answer to a recipient, `says_data` to the mail itself."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    says: Callable[[str], str] = lambda _address: "250 OK"
    says_data: str = "250 OK"
    users: dict[str, str] = field(default_factory=dict)
    tls_at_once: bool = False  # it hears nothing else then

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object):
        answer = self.says(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope):
        if self.says_data.startswith("2"):
            raw = envelope.original_content
            assert raw is not None
            made = message_from_bytes(raw, policy=policy.default)
            assert isinstance(made, EmailMessage)
            self.mails.append(made)
            self.recipients += envelope.rcpt_tos
            self.over_tls.append(self.tls_at_once or session.ssl is not None)
        return self.says_data

    def authenticate(self, _server: object, _session: object, _envelope: object, _mechanism: str, data: object):
        name, password = data.login.decode(), data.password.decode()  # type: ignore[attr-defined]
        return AuthResult(success=self.users.get(name) == password, handled=False)


@contextmanager
def post_office(
    tls: ssl.SSLContext | None = None, *, at_once: bool = False, auth: bool = False
) -> Iterator[PostOffice]:
    """A mail server; with `tls` by STARTTLS, or from the first byte on."""
    made = PostOffice(tls_at_once=at_once)

    class Here(Controller):
        def factory(self) -> SMTP:
            more = {"authenticator": made.authenticate, "auth_required": True} if auth else {}
            more |= {"auth_require_tls": tls is not None and not at_once}
            return SMTP(made, tls_context=None if at_once else tls, require_starttls=False, **more)

        def _trigger_server(self) -> None:
            """Its own look whether it is up would want a certificate of a public authority."""
            with socket.create_connection(("127.0.0.1", made.port), 2) as bare:
                if at_once:
                    with ssl._create_unverified_context().wrap_socket(bare) as over:
                        over.recv(1024)
                else:
                    bare.recv(1024)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made.port = free.getsockname()[1]
    controller = Here(made, hostname="127.0.0.1", port=made.port, ssl_context=tls if at_once else None)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()
        asyncio.set_event_loop(None)


@contextmanager
def answering(*answers: bytes, pause: float = 0.0, drip: float = 0.0, most: int = 10_000) -> Iterator[int]:
    """The port of a server that says these lines, one at the beginning and one to each line it hears, then is silent.

    With `drip` it goes on sending a byte so often; `None` (b"") is silence. It drips `most` bytes.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            caller, _address = listening.accept()
            with caller:
                for number, answer in enumerate(answers):
                    if number:
                        caller.recv(65536)
                    if answer == b"bye":
                        return
                    time.sleep(pause)
                    caller.sendall(answer)
                sent = 0
                while sent < most and not over.wait(drip or 0.05):
                    if drip:
                        caller.sendall(b"2")
                        sent += 1

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.close()
        thread.join(5)
