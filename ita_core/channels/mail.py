"""Mail by SMTP, as the settings say (ITA_MAIL_…): one plain text to one address.

By Python's smtplib, which asks the server step by step; the whole of it ends after SECONDS, however slowly somebody
answers, byte by byte too.
"""

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from ita_core import db, turns
from ita_core.channels.faults import (
    AddressBusy,
    AddressRefused,
    AddressUnclear,
    NotSent,
    NotSetUp,
    PerhapsSent,
    ServerAway,
    ServerBusy,
    ServerGarbles,
    ServerInsecure,
    ServerRefuses,
    ServerSlow,
)
from ita_core.settings import Settings, settings
from ita_core.typed import clean_mail_address

SECONDS = 20.0  # for all of one message
LONGEST_SUBJECT = 200
PORTS = {"none": 25, "starttls": 587, "tls": 465}
# RFC 3463: of the address or the mailbox; 1.7 and 1.8 are of the sender's, and the others the same of every address.
_OF_ADDRESS = re.compile(rb"(?:^|\s)[45]\.(?:1\.(?![78]\b)|2\.)\d{1,3}")
_OF_CHANNEL = re.compile(rb"(?:^|\s)[45]\.(?:1\.[78]\b|[3-7]\.\d{1,3})")
_DOT = re.compile(rb"(?m)^\.")  # a dot alone on a line would end the mail


class MailNotSetUp(NotSetUp):
    """No ITA_MAIL_HOST or ITA_MAIL_FROM."""


def missing() -> list[str]:
    """The settings that are not there, of those without which no mail goes out from here."""
    chosen = settings()
    found = {"ITA_MAIL_HOST": chosen.mail_host, "ITA_MAIL_FROM": chosen.mail_from}
    return [name for name, value in found.items() if not value]


def is_set_up() -> bool:
    """Whether mail can go out from here, as far as the settings say."""
    return not missing()


def known_as(name: str) -> str:
    """The Message-ID of a mail that has a name of its own, so that one that came twice is seen to be one."""
    return f"<{name}@{_sender(settings()).rsplit('@', 1)[-1]}>" if settings().mail_from else ""


def send_mail(to: str, subject: str, text: str, *, message_id: str = "") -> None:
    """Hand one mail to the server, which takes it or does not; at most SECONDS.

    `message_id` like <x@y>, for a mail that must be known again; else one is made. Nothing of it is logged.

    Raises NotSent, always one of its kinds in `faults`: `unsure` where the mail may have arrived all the same. Raises
    BadMailAddress for an address that is none (`typed.clean_mail_address`), SlowUnderLock under the write lock.
    """
    db.not_while_writing("sending a mail")
    if not is_set_up():
        raise MailNotSetUp
    chosen = settings()
    message = _message(chosen, clean_mail_address(to), subject, text, message_id)
    with turns.waiting(), _connected(chosen) as server:
        _hand_over(server, message)


def _message(chosen: Settings, to: str, subject: str, text: str, message_id: str) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = chosen.mail_from
    message["To"] = Address(addr_spec=to)
    message["Subject"] = " ".join(subject.split())[:LONGEST_SUBJECT]  # line ends would begin another header
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id or make_msgid(domain=_sender(chosen).rsplit("@", 1)[-1])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine is to answer it
    message["X-Auto-Response-Suppress"] = "All"  # for Exchange, which knows no other
    message.set_content(text, charset="utf-8", cte="base64")
    return message


def _sender(chosen: Settings) -> str:
    parsed = policy.SMTP.header_factory("From", chosen.mail_from)
    address: str = parsed.addresses[0].addr_spec
    return address


@contextmanager
def _connected(chosen: Settings) -> Iterator[smtplib.SMTP]:
    """A server that lets us send; it is cut off when SECONDS are over. Raises NotSent."""
    over = threading.Event()
    ends = time.monotonic() + SECONDS
    # Without a name of its own it would ask a name server for one, for as long as that takes.
    named = _sender(chosen).rsplit("@", 1)[-1]
    server: _Cut | _CutTls = _Cut(local_hostname=named, timeout=SECONDS)
    if chosen.mail_security == "tls":
        server = _CutTls(local_hostname=named, timeout=SECONDS, context=_tls())
    server.line = line = _Line(ends)
    watch = threading.Timer(SECONDS, _cut, (line, over))
    watch.daemon = True
    watch.start()
    try:
        with _told(over):
            status, _said = server.connect(chosen.mail_host, chosen.mail_port or PORTS[chosen.mail_security])
            if status != 220:
                raise _fault(status)
            server.ehlo_or_helo_if_needed()
            if chosen.mail_security == "starttls":
                server.starttls(context=_tls())
                server.ehlo()
            if chosen.mail_user:
                server.login(chosen.mail_user, chosen.mail_password.get_secret_value())
            yield server
    finally:
        with suppress(OSError, smtplib.SMTPException, ValueError):  # what was taken is taken, however it says goodbye
            server.close() if over.is_set() else server.quit()
        watch.cancel()  # not before: it may say goodbye without end
        server.close()
        line.close()


class _Line:
    """The connection itself, by a handle of its own, so that it can be cut at every moment: also in a handshake of TLS,
    when the socket's own handle is in nobody's hands."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self._cut = threading.Lock()
        self._over = False
        self._handle: socket.socket | None = None

    def connected(self, host: str, port: int) -> socket.socket:
        """Raises OSError, TimeoutError where the time is over, whatever took it: the names, one address or several."""
        last: OSError = TimeoutError()
        for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            made = socket.socket(family, kind, protocol)
            try:
                left = self.ends - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                made.settimeout(left)
                made.connect(address)
                self._hold(made)
            except OSError as error:
                made.close()
                last = error
            else:
                return made
        raise last

    def _hold(self, made: socket.socket) -> None:
        with self._cut:
            if self._over:
                raise TimeoutError
            self._handle = made.dup()

    def cut(self) -> None:
        with self._cut:
            self._over = True
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._cut:
            if self._handle is not None:
                self._handle.close()
                self._handle = None


class _Cut(smtplib.SMTP):
    """Goes over a line that can be cut from its first byte on."""

    line: _Line

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        self._host = host  # whose certificate STARTTLS is to show
        return self.line.connected(host, port)


class _CutTls(smtplib.SMTP_SSL):
    line: _Line

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        self._host = host
        return self.context.wrap_socket(self.line.connected(host, port), server_hostname=host)


def _tls() -> ssl.SSLContext:
    """Proves the server's name by the machine's authorities, or those that SSL_CERT_FILE names."""
    return ssl.create_default_context()


def _cut(line: _Line, over: threading.Event) -> None:
    over.set()
    line.cut()


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    sender = message["From"].addresses[0].addr_spec
    status, said = server.mail(sender)
    if status != 250:
        raise _fault(status)
    status, said = server.rcpt(message["To"].addresses[0].addr_spec)
    if status not in {250, 251}:
        if 500 <= status < 600 and not _OF_ADDRESS.search(said) and not _OF_CHANNEL.search(said):
            raise AddressUnclear(status=status)
        raise _fault(status, said)
    status, said = server.docmd("DATA")
    if status != 354:
        raise _fault(status)
    try:
        server.send(_DOT.sub(b"..", message.as_bytes()) + b".\r\n")
        status, said = server.getreply()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise PerhapsSent from error
    if not 400 <= status < 600 and status != 250:  # it took it or not, in no words of SMTP
        raise PerhapsSent
    if status != 250:
        raise _fault(status, said)


def _fault(status: int, of_one: bytes = b"") -> NotSent:
    """What an answer other than the one that is wanted means; a line without a number is -1 to smtplib.

    `of_one` are the words of an answer that can be about the one address.
    """
    if 400 <= status < 600 and status != 421 and _OF_ADDRESS.search(of_one):  # 421: it ends the connection
        return AddressBusy() if status < 500 else AddressRefused()
    if 400 <= status < 500:
        return ServerBusy()
    return ServerRefuses(status=status) if 500 <= status < 600 else ServerGarbles()


@contextmanager
def _told(over: threading.Event) -> Iterator[None]:
    """What goes wrong on the way, as one of our sentences."""
    try:
        yield
    except (
        smtplib.SMTPNotSupportedError
    ):  # STARTTLS or AUTH that it does not offer: also who listens between may say so
        raise ServerInsecure(why="none offered") from None
    except smtplib.SMTPResponseException as error:
        raise _fault(error.smtp_code) from None
    except ssl.SSLCertVerificationError as error:
        raise ServerInsecure(why=error.verify_message) from None
    except ssl.SSLError as error:
        raise (ServerSlow() if over.is_set() else ServerInsecure(why=error.reason or "broken off")) from None
    except TimeoutError:
        raise ServerSlow from None
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        if over.is_set() or isinstance(error.__context__, TimeoutError):
            raise ServerSlow from None
        raise ServerAway from None
    except (smtplib.SMTPException, ValueError):
        raise ServerGarbles from None
