"""Why nobody was let in by the provider, each with one sentence; the reason behind it stands in the server's log.

The sentences are for whoever stands at the door: none tells whether an account exists.
"""

from ita_core.errors import Refused
from ita_core.language import N_


class ProviderRefusal(Refused):
    """`kind` names it in the address of the sign-in page, which says the sentence."""

    kind = ""


class ProviderAway(ProviderRefusal):
    kind = "away"
    says = N_(
        "The sign-in provider does not answer at the moment. "
        "Try again in a minute, or sign in with your user name and password."
    )
    passing = True


class TooManyAsk(ProviderRefusal):
    kind = "pace"
    says = N_("Too many sign in from your network at this moment. Try again in a minute.")
    passing = True


class ProviderWrong(ProviderRefusal):
    kind = "wrong"
    says = N_(
        "The sign-in provider's answer could not be trusted, so nobody was signed in. "
        "Sign in with your user name and password, and tell the administrator."
    )


class ClocksDiffer(ProviderRefusal):
    kind = "clock"
    says = N_(
        "The clocks of the sign-in provider and of this server differ by more than a minute, so nobody was signed in. "
        "Sign in with your user name and password, and tell the administrator."
    )


class AttemptOver(ProviderRefusal):
    kind = "over"
    says = N_("This sign-in was begun in another browser or window, took too long, or was used already. Begin again.")


class Declined(ProviderRefusal):
    kind = "declined"
    says = N_("The sign-in at the provider was not completed. Begin again.")


class StillThere(ProviderRefusal):
    kind = "there"
    says = N_(
        "You are signed out here. The sign-in provider did not answer, so you may still be signed in there: "
        "on a computer that others use, too, close the browser."
    )


class NobodyHere(ProviderRefusal):
    kind = "nobody"
    says = N_("The provider's word lets nobody in here. Ask the administrator whether your account is set up for it.")


BY_KIND: dict[str, type[ProviderRefusal]] = {
    one.kind: one
    for one in (
        ProviderAway,
        TooManyAsk,
        ProviderWrong,
        ClocksDiffer,
        AttemptOver,
        Declined,
        NobodyHere,
        StillThere,
    )
}
