"""Which provider the office signs in at, from the settings; and what it says of somebody."""

from dataclasses import dataclass, field

from ita_core.settings import settings

BACK = "/auth/oidc/back"  # where the provider sends the browser back to; registered there in full


@dataclass(frozen=True, slots=True)
class Setup:
    """What was agreed with the provider; with `usernames` an account without a name there goes by its user name."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    back: str  # the redirect URI, as registered
    claim: str = "preferred_username"
    scope: str = "openid profile email"
    usernames: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Whom the provider names, by the claim of the settings; `by_two`: it says that it asked for a second factor."""

    name: str
    by_two: bool


def current() -> Setup | None:
    """The provider of the settings; None where there is none."""
    chosen = settings()
    if not chosen.oidc_issuer:
        return None
    return Setup(
        issuer=chosen.oidc_issuer,
        client_id=chosen.oidc_client_id,
        client_secret=chosen.oidc_client_secret.get_secret_value(),
        back=chosen.public_url + BACK,
        claim=chosen.oidc_claim,
        scope=chosen.oidc_scope,
        usernames=chosen.oidc_usernames,
    )
