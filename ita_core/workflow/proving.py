"""An address proved by a code: what goes out, goes out under no lock; what is typed is compared under none."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from ita_core import accounts, db
from ita_core.accounts import AddressFacts, WrongCode
from ita_core.channels import line, mail
from ita_core.channels.faults import NotSent
from ita_core.errors import Refused
from ita_core.language import N_, _
from ita_core.models import AddressEnd, Channel
from ita_core.workflow.asking import get_account

Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)


class CodeNotSent(NotSent):
    says = N_("The code was not sent: the server does not take it at the moment. Ask for another one in a while.")


def _now() -> datetime:
    return datetime.now(UTC)


def ask_by_mail(*, by: int, address: str, clock: Clock = _now) -> None:
    """Send a code to a mail address that the account wants to prove.

    Raises MailNotSetUp before anything else, what `accounts.begin_mail_proof` raises, and NotSent: then the code that
    did not go out counts all the same, but keeps nobody waiting.
    """
    if not mail.is_set_up():
        raise mail.MailNotSetUp
    code = accounts.new_mail_code()
    with db.writing() as session:
        to = accounts.begin_mail_proof(session, account_id=by, address=address, code=code, now=clock())
    text = _(
        "Your code: {code}\n\nType it on the page “My account” within {minutes} minutes. "
        "If you did not ask for it, you need do nothing: without the code this address is not used."
    )
    text = text.format(code=code.digits, minutes=accounts.CODE_MINUTES)
    try:
        mail.send_mail(to, _("ITA: code to prove this address"), text + "\n")
    except NotSent as fault:
        if fault.unsure:
            raise
        with db.writing() as session:
            accounts.take_back_mail_code(session, account_id=by, now=clock())
        if fault.again:  # what is tried again by itself is a message, not a code
            raise CodeNotSent from fault
        raise


def prove_by_mail(*, by: int, digits: str, clock: Clock = _now) -> AddressFacts:
    """The account typed the code that came by mail: the address is its own from now on.

    Another one before it is told so: whoever knows a password could else take over links for a forgotten one unseen.
    Raises WrongCode, CodeOver, NotFound. What cannot be a code is no try.
    """
    digits = accounts.clean_mail_code(digits)
    with db.writing() as session:
        tried = accounts.try_mail_code(session, account_id=by, now=clock())
    if not accounts.password_matches(digits, tried.code_hash):
        raise WrongCode
    with db.writing() as session:
        before = accounts.proved_mail(session, by)
        made = accounts.prove_mail(session, account_id=by, compared=tried, now=clock())
    if before is not None and before != made.value:
        text = _(
            "Your ITA account has another e-mail address from now on; nothing more is sent to this one. "
            "If it was not you who changed it, tell the administrator at once."
        )
        _tell_former(before, _("ITA: another e-mail address"), text)
    return made


def end_own_address(*, by: int, channel: Channel, clock: Clock = _now) -> None:
    """Somebody is to be told by this channel no more; one that has no address stays as it is.

    A mail address is told so like one that is replaced: else whoever knows a password ends another's first, and then
    replaces nothing by their own. Raises NotFound.
    """
    with db.writing() as session:
        account = get_account(session, by)
        before = accounts.proved_mail(session, by) if channel is Channel.mail else None
        accounts.end_address(session, account=account, channel=channel, why=AddressEnd.by_hand, now=clock())
    if before is not None:
        text = _(
            "Your ITA account uses this e-mail address no more; nothing more is sent to it. "
            "If it was not you who ended it, tell the administrator at once."
        )
        _tell_former(before, _("ITA: this e-mail address is used no more"), text)


def _tell_former(before: str, subject: str, text: str) -> None:
    """What was done holds whether or not this arrives; what went wrong stands in the log, without an address."""
    try:
        mail.send_mail(before, subject, text + "\n")
    except (NotSent, Refused) as fault:
        _log.warning("An address that is used no more could not be told: %s", type(fault).__name__)


def ask_by_line(*, by: int, clock: Clock = _now) -> str:
    """The code that the account is to send to the office's LINE account. Raises LineNotSetUp, NotFound."""
    if not line.is_set_up():
        raise line.LineNotSetUp
    with db.writing() as session:
        return accounts.begin_line_proof(session, account_id=by, now=clock())


def heard_in_line(*, text: str, line_user: str, clock: Clock = _now) -> bool:
    """Somebody wrote to the office's LINE account, as LINE itself says: whether that proved whose account it is."""
    with db.reading() as session:
        if not accounts.is_line_code(session, text=text, now=clock()):
            return False
    with db.writing() as session:
        return accounts.prove_line(session, text=text, line_user=line_user, now=clock()) is not None


def left_line(*, line_user: str, before: datetime, clock: Clock = _now) -> int:
    """Somebody blocked the office's LINE account: how many addresses that ends."""
    with db.reading() as session:
        theirs = [one for one in accounts.list_addresses(session) if one.value == line_user]
    if not any(one.channel is Channel.line for one in theirs):
        return 0
    with db.writing() as session:
        return accounts.end_line(session, line_user=line_user, before=before, now=clock())
