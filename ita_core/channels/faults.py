"""Why a message did not go out: one sentence, and what follows from it for whoever sends."""

from ita_core.errors import Refused
from ita_core.language import N_


class NotSent(Refused):
    """A message that did not go out. Neither the sentence nor its facts name whom it was for, or a secret."""

    says = N_("The message was not sent.")
    unsure = False  # it may have gone out all the same: sent again it could come twice
    again = False  # the same may go well in a moment, without anybody's doing
    of_address = False  # this address takes none; others' do
    in_a_row = 1  # so many different addresses met it, and no message got out between: then it is the channel's


class NotSetUp(NotSent):
    says = N_("This channel is not set up here. Tell the administrator.")


class AddressRefused(NotSent):
    """What came back at once; what comes back later, as a mail, lies in the mailbox of ITA_MAIL_FROM."""

    says = N_("The server says that it cannot deliver to this address. Check it, or prove another one.")
    of_address = True


class AddressBusy(NotSent):
    """As a full mailbox: of this address, unless others are answered so, too."""

    says = N_("The server takes no message for this address at the moment. It is tried again later.")
    again = passing = True
    in_a_row = 2


class AddressUnclear(NotSent):
    """A refusal without a code that says whose fault it is: an address that is not there, or a server that lets this
    office send to nobody."""

    says = N_("The server does not take the message for this address (it answered {status}) and does not say why. "
              "Check the address, or tell the administrator.")  # fmt: skip
    in_a_row = 3


class ServerAway(NotSent):
    says = N_("The server cannot be reached. It is tried again later.")
    again = passing = True


class ServerSlow(NotSent):
    says = N_("The server did not answer in time. It is tried again later.")
    again = passing = True


class ServerBusy(NotSent):
    says = N_("The server takes no message at the moment. It is tried again later.")
    again = passing = True


class ServerInsecure(NotSent):
    says = N_("The connection to the server is not safe (TLS: {why}), so nothing was sent. Tell the administrator.")


class ServerRefuses(NotSent):
    says = N_("The server does not take this office's messages (it answered {status}). Tell the administrator.")


class ServerGarbles(NotSent):
    says = N_("What answers there speaks no language of such a server. Tell the administrator.")


class PerhapsSent(NotSent):
    """The message was handed over, and no answer came: it may be there."""

    says = N_("The server broke off after the message was handed over: it may have arrived, and is not sent again.")
    unsure = True


class AllowanceSpent(NotSent):
    says = N_("This month's number of LINE messages is used up. It goes on next month, or with a larger plan.")


class Interrupted(NotSent):
    """Its process ended in between, or the machine did."""

    says = N_("The program ended while this message was being sent: it may have arrived.")
    unsure = True


_KINDS = {
    one.__name__: one
    for one in (
        NotSetUp, AddressRefused, AddressBusy, AddressUnclear, ServerAway, ServerSlow, ServerBusy, ServerInsecure,
        ServerRefuses, ServerGarbles, PerhapsSent, AllowanceSpent, Interrupted,
    )
}  # fmt: skip


def noted(fault: NotSent) -> str:
    """What is kept of a fault: the name of its kind and its one fact."""
    kind = next(name for name, one in _KINDS.items() if isinstance(fault, one))
    return " ".join([kind, *(str(fact) for fact in fault.facts.values())])


def sentence(noted: str) -> str:
    """The sentence of what was kept, in the current language."""
    fact = noted.partition(" ")[2]
    return str(_kind(noted)(why=fact, status=fact))


def _kind(noted: str) -> type[NotSent]:
    return _KINDS.get(noted.partition(" ")[0], NotSent)


def is_of_address(noted: str) -> bool:
    """Whether what was kept is this address's fault and not the channel's."""
    return _kind(noted).of_address


def is_passing_of_address(noted: str) -> bool:
    """Whether what was kept keeps a message from this address for a while, and holds up nobody else's."""
    return _kind(noted) is AddressBusy


def is_unclear(noted: str) -> bool:
    """Whether what was kept may be either's fault: the address's, or the channel's."""
    return _kind(noted) is AddressUnclear


def in_a_row(noted: str) -> int:
    """How many different addresses must have met what was kept, until it is the channel's fault."""
    return _kind(noted).in_a_row
