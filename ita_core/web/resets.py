"""Links for a forgotten password: asked for at the door, made and sent aside, one after another.

Asking takes as long and says the same whoever it is for: nobody is looked up before the answer is given. What waits is
lost with the process; whoever asked then asks again.
"""

import logging
import queue
import secrets
import threading
import time
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from ita_core import accounts, db, language
from ita_core.accounts import Reset
from ita_core.channels import mail
from ita_core.channels.faults import NotSent
from ita_core.errors import DatabaseBusy, Refused
from ita_core.language import _
from ita_core.settings import settings

MOST_WAITING = 100
PAUSE = (
    2.0  # seconds at most before one is worked on, by chance: what the machine does then tells nothing of who it was
)
AGAIN_AFTER = 20.0  # seconds, where the mail server cannot just now

_log = logging.getLogger(__name__)
_waiting: "queue.Queue[str]" = queue.Queue(MOST_WAITING)
_starting = threading.Lock()
_worker: threading.Thread | None = None


def are_sent() -> bool:
    """Whether links can be sent from here: the same for everybody.

    The address in a link comes from ITA_PUBLIC_URL only: what a request names could be anybody's host.
    """
    return mail.is_set_up() and bool(settings().public_url)


def ask(asked: str, address: str) -> None:
    """Somebody at this network address asks for a link for this user name or mail address.

    Raises TooManyAsks, DatabaseBusy where too many wait.
    """
    with db.writing() as session:
        accounts.count_reset(session, address=address)
    try:
        _waiting.put_nowait(asked[: accounts.MOST_LETTERS])
    except queue.Full:
        raise DatabaseBusy from None
    _work()


def _work() -> None:
    global _worker
    with _starting:
        if _worker is None or not _worker.is_alive():
            _worker = threading.Thread(target=_answer_all, name="resets", daemon=True)
            _worker.start()


def _answer_all() -> None:
    while True:
        asked = _waiting.get()
        time.sleep(secrets.randbelow(1000) / 1000 * PAUSE)
        try:
            answer(asked)
        except (Refused, SQLAlchemyError, OSError, RuntimeError) as error:
            _log.warning("A link for a new password could not be made: %s", type(error).__name__)
        finally:
            _waiting.task_done()


def answer(asked: str) -> int:
    """Send a link to whoever is meant, where they proved an address; how many mails went out.

    What goes wrong stands in the log, without a name.
    """
    with db.reading() as session:
        meant = accounts.accounts_asked(session, asked)
    sent = 0
    for account_id in meant:
        with db.writing() as session:
            made = accounts.make_reset(session, account_id=account_id, now=datetime.now(UTC))
        if made is not None:
            sent += _send(made)
    return sent


def _send(made: Reset) -> bool:
    language.use(made.language)
    link = f"{settings().public_url}/?invite={made.token}"
    lines = (
        _("Somebody, most likely you, asked for a new password for the user name {username}.").format(
            username=made.username
        ),
        _("Open this link within {minutes} minutes and choose one. It works once:").format(
            minutes=accounts.RESET_MINUTES
        ),
        link,
        _("If it was not you, do nothing: your password stays as it is."),
    )
    for last in (False, True):
        try:
            mail.send_mail(made.mail, _("A new password for the ITA dashboard"), "\n\n".join(lines) + "\n")
        except NotSent as fault:
            _log.warning("A link for a new password was not sent: %s", type(fault).__name__)
            if last or not fault.again:
                return fault.unsure
            time.sleep(AGAIN_AFTER)
        else:
            return True
    return False
