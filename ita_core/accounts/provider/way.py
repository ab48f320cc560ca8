"""What is remembered of somebody who left for the provider: all of it in a cookie of that very browser.

So nothing is kept here of whoever leaves and never comes back, however many they are, and every process of several can
take the answer. The cookie is ours (signed by a key made of the client's secret) and holds 256 random bits; state,
nonce and PKCE's verifier are made of those, one way: whoever reads state or nonce in an address has neither the cookie
nor the verifier. An answer is thereby tied to the browser that asked (OAuth 2.0 Security BCP, RFC 9700, section 4.7.1)
and to this provider (4.4.2): another one's settings make another key.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from ita_core.accounts.provider.refusals import AttemptOver
from ita_core.accounts.provider.setup import Setup
from ita_core.accounts.tokens import TOKEN, is_fresh

ATTEMPT_SECONDS = 600
LONGEST_COOKIE = 3500  # characters: browsers keep 4096 bytes with its name
LONGEST_THEN = 1500


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back.

    `then` is the address of ours to open afterwards; `before` the public id of the sign-in that the browser had and
    `device` the token that it is known by: on its way back from another site it sends neither of those cookies.
    """

    cookie: str
    state: str
    nonce: str
    verifier: str
    then: str
    before: str
    device: str = ""


def begin(setup: Setup, *, now: datetime, then: str = "/", before: str = "", device: str = "") -> Attempt:
    """A new one: its cookie is for the browser, its state and nonce for the provider."""
    said = {
        "secret": secrets.token_urlsafe(32), "at": int(now.timestamp()), "then": then, "before": before,
        "device": device if TOKEN.fullmatch(device) else "",
    }  # fmt: skip
    content = _text(json.dumps(said).encode())
    return _attempt(f"{content}.{_text(_signed(setup, content))}", said)


def resume(setup: Setup, *, cookie: str, state: str, now: datetime) -> Attempt:
    """The one that this browser's cookie and the state of the answer belong to.

    Raises AttemptOver where they do not belong together, the cookie is not ours or older than ten minutes.
    """
    content, _dot, signature = cookie.partition(".")
    # Compared as bytes, for it may hold anything.
    wanted = _text(_signed(setup, content)).encode() if len(cookie) <= LONGEST_COOKIE else b""
    if not wanted or not hmac.compare_digest(wanted, signature.encode(errors="replace")):
        raise AttemptOver
    said = json.loads(urlsafe_b64decode(content + "=" * (-len(content) % 4)))  # ours: its signature is right
    made = datetime.fromtimestamp(said["at"], UTC)
    found = _attempt(cookie, said)
    same = hmac.compare_digest(found.state.encode(), state.encode(errors="replace"))
    if not same or not is_fresh(made, made + timedelta(seconds=ATTEMPT_SECONDS), now):
        raise AttemptOver
    return found


def local_address(address: str) -> str:
    """The address if it is one of ours, path and query; "/" for any other, so that nobody is led elsewhere."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    plain = address.isprintable() and "\\" not in address and len(address.encode(errors="replace")) <= LONGEST_THEN
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not address.startswith("//")
    return address if plain and local else "/"


def _attempt(cookie: str, said: dict[str, object]) -> Attempt:
    secret = str(said["secret"]).encode()

    def made(what: str) -> str:
        return _text(hmac.new(secret, what.encode(), hashlib.sha256).digest())

    then, before, device = (str(said.get(name, "")) for name in ("then", "before", "device"))
    return Attempt(cookie, made("state"), made("nonce"), made("verifier"), then, before, device)


def _signed(setup: Setup, content: str) -> bytes:
    of_this = json.dumps(["ita sign-in by a provider", setup.issuer, setup.client_id, setup.back]).encode()
    key = hmac.new(setup.client_secret.encode(), of_this, hashlib.sha256).digest()
    return hmac.new(key, content.encode(errors="replace"), hashlib.sha256).digest()


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
