"""Whether what a provider says is taken. Pure: it asks nobody, and the moment is given.

What OpenID Connect Core 1.0, section 3.1.3.7, asks of an ID token is checked by Authlib's `CodeIDToken`, signatures by
joserfc; what stands here beside is what they leave to us: which keys and algorithms there are, whose addresses, clocks.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from ita_core.accounts.provider.refusals import ClocksDiffer, NobodyHere, ProviderWrong
from ita_core.accounts.provider.setup import Setup, Word

LEEWAY = 60  # seconds by which two clocks may differ
LONGEST_ADDRESS = 2000
LONGEST_NAME = 255  # of `sub` by the standard
LEAST_BITS = 2048  # of an RSA key (NIST SP 800-131A)
MOST_KEYS = 50
# Signatures whose key only the provider has. None of HMAC: there the key would be one that we hold, too, or the public
# one taken for a secret; and never "none".
ALGORITHMS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
BY_TWO = "mfa"  # of RFC 8176: by more than one factor; any other word names one method

Key = RSAKey | ECKey | OKPKey
Said = dict[str, Any]
_log = logging.getLogger(__name__)


class UnknownKey(Exception):
    """The token names a key that is not among those we have: the provider may have changed them."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the provider says of itself."""

    authorization: str
    token: str
    keys: str
    userinfo: str  # "" where it has none
    # How we name ourselves to it: by HTTP Basic, else in the form, where it takes that. Which letters of a secret are
    # written how in a header, providers do not agree on, whatever RFC 6749, section 2.3.1, says.
    basic: bool
    names_itself: bool  # each answer must say whose it is (RFC 9207)
    leave: str = ""  # where somebody signs out there (RP-Initiated Logout 1.0); "" where it says none


def wrong(why: str, *facts: object) -> ProviderWrong:
    """The refusal, with the reason in the log: never what stands in a token, which names somebody."""
    _log.warning("The sign-in provider's word was not taken: " + why, *facts)
    return ProviderWrong()


def is_loopback(address: str) -> bool:
    """Whether it names this machine."""
    return urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}


def is_safe(address: object, issuer: str) -> bool:
    """Whether this address of the provider's may be asked, or browsers sent to: https; plain http, and this machine at
    all, only where the issuer of the settings is here, too."""
    if not isinstance(address, str) or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        here = is_loopback(address)
        _port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        return False
    return is_loopback(issuer) if here else parts.scheme == "https"


def metadata(setup: Setup, said: Said) -> Metadata:
    """What of the provider's discovery document is used.

    Raises ProviderWrong where it is another issuer's (OpenID Connect Discovery 1.0, section 4.3), or no provider that
    signs people in by the code flow with PKCE.
    """
    if said.get("issuer") != setup.issuer:
        raise wrong("its discovery document is another issuer's than ITA_OIDC_ISSUER")
    addresses = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    more = said.get("userinfo_endpoint", "")
    if not all(is_safe(one, setup.issuer) for one in addresses) or (more and not is_safe(more, setup.issuer)):
        raise wrong("an address in its discovery document is missing, or none that may be asked")
    challenges = said.get("code_challenge_methods_supported")
    if isinstance(challenges, list) and "S256" not in challenges:
        raise wrong("it says that it does not know PKCE by S256")
    ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if not isinstance(ways, list) or not {"client_secret_basic", "client_secret_post"} & set(map(str, ways)):
        raise wrong("it takes no client secret")
    authorization, token, keys = map(str, addresses)
    names_itself = said.get("authorization_response_iss_parameter_supported") is True
    basic = "client_secret_post" not in ways
    return Metadata(authorization, token, keys, str(more or ""), basic, names_itself, _leave(setup, said))


def _leave(setup: Setup, said: Said) -> str:
    """Its address for signing out, where that may be opened: nobody is kept out because of another one."""
    found = said.get("end_session_endpoint", "")
    if found and not is_safe(found, setup.issuer):
        _log.warning("The sign-in provider's end_session_endpoint is none that may be opened: it is not used")
        return ""
    return str(found or "")


def answer_is_of(setup: Setup, found: Metadata, issuer: str | None) -> bool:
    """Whether an answer's `iss` is the one that was asked (RFC 9207): no other provider's is mixed up with it."""
    return not found.names_itself if issuer is None else issuer == setup.issuer


def keys(said: Said) -> list[Key]:
    """The public keys for signatures; one that we cannot use is left out.

    Raises ProviderWrong where none is left.
    """
    listed = said.get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise wrong("its keys are no list of keys")
    found = [key for one in listed if isinstance(one, dict) and (key := _key(one))]
    if not found:
        raise wrong("it has no key that could be used")
    return found


def _key(said: Said) -> Key | None:
    kinds: dict[object, type[Key]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
    kind = kinds.get(str(said.get("kty")))
    if kind is None or said.get("use", "sig") != "sig" or "d" in said:
        return None
    try:
        key = kind.import_key(said)
        if isinstance(key, RSAKey) and key.public_key.key_size < LEAST_BITS:
            return None
        key.ensure_kid()
    except (JoseError, ValueError, TypeError, KeyError, OverflowError):
        return None
    return key


def claims(setup: Setup, token: object, known: list[Key], *, nonce: str, access: str, now: datetime) -> Said:
    """What the ID token says of somebody, where it is the provider's own word, to us, about this very attempt, now.

    Raises UnknownKey, ClocksDiffer, ProviderWrong.
    """
    if not isinstance(token, str):
        raise wrong("there is no ID token")
    try:
        header = jws.extract_compact(token.encode()).headers()
        key, algorithm = _chosen(header, known)
        read = jwt.decode(token, key, algorithms=[algorithm])
        _check_clock(read.claims, now)
        options: Any = {
            "iss": {"essential": True, "value": setup.issuer},
            "aud": {"essential": True, "value": setup.client_id},
        }
        about: Any = {"nonce": nonce, "client_id": setup.client_id, "access_token": access}
        found = CodeIDToken(read.claims, read.header, options, about)
        found.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise wrong("its ID token: %s", type(error).__name__) from None
    subject = found.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_NAME:
        raise wrong("its ID token names nobody")
    return dict(found)


def _chosen(header: Said, known: list[Key]) -> tuple[Key, str]:
    """The key and the algorithm of a token's signature, from among ours: its header only says which.

    Raises UnknownKey, ProviderWrong.
    """
    algorithm, name = header.get("alg"), header.get("kid")
    kind = ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    if kind is None:
        raise wrong("its ID token is signed in no way that is taken")
    fitting = [key for key in known if key.key_type == kind and key.alg in {None, algorithm}]
    if name is not None:
        fitting = [key for key in fitting if key.kid == name]
    if not fitting and name is not None:
        raise UnknownKey
    if len(fitting) != 1:
        raise wrong("its ID token does not say by which key it is signed")
    return fitting[0], str(algorithm)


def _check_clock(said: Said, now: datetime) -> None:
    """A word that was asked for a moment ago, and is over or not yet made, comes from another clock.

    Raises ClocksDiffer, ProviderWrong.
    """
    moment = now.timestamp()
    for name in ("exp", "iat", "nbf"):
        value = said.get(name)
        if value is None and name == "nbf":
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise wrong("its ID token lacks %s", name)
        off = moment - value if name == "exp" else value - moment
        if off > LEEWAY or (name == "exp" and off == LEEWAY):
            _log.warning("The sign-in provider's clock: %s is off by %d seconds", name, off)
            raise ClocksDiffer


def same_subject(found: Said, more: Said) -> bool:
    """Whether the userinfo is about whom the ID token names (OpenID Connect Core 1.0, section 5.3.2)."""
    said = more.get("sub")
    return isinstance(said, str) and said == found["sub"]


def word(setup: Setup, said: Said) -> Word | None:
    """Whom it names, by the claim of the settings; None where that claim is not there.

    An e-mail address counts where the provider says that it is proved.
    Raises NobodyHere.
    """
    name = said.get(setup.claim)
    if name is None:
        return None
    if setup.claim == "email" and not (said.get("email_verified") is True or said.get("email_verified") == "true"):
        _log.warning("The sign-in provider does not say that an address is proved")
        raise NobodyHere
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise NobodyHere
    methods = said.get("amr")
    by_two = isinstance(methods, list) and BY_TWO in methods
    return Word(written(name), by_two)


def written(name: str) -> str:
    """A name at the provider as it is compared: letter by letter, as the standard wants it; but with an @ in it nobody
    tells names apart by their case, so it is written small."""
    return name.strip().lower() if "@" in name else name.strip()


def parsed(content: bytes) -> Said:
    """The JSON object that was sent.

    Raises ProviderWrong.
    """
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise wrong("its answer is no JSON") from None
    if not isinstance(said, dict):
        raise wrong("its answer is no JSON object")
    return said
