"""The provider asked: its discovery document, its keys, a code for a token, what it says beside.

Each asking has one end of time and so many bytes, follows no redirect and reads no proxy of the environment; few are
under way at once, and after one that failed nobody waits for the next within some seconds. It all runs in the event
loop, so no thread and no session of the database is held while somebody else's server takes its time.
"""

import logging
import ssl
import time
from base64 import b64encode
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import certifi
import httpx
from anyio import CapacityLimiter, fail_after
from anyio.lowlevel import RunVar
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from ita_core.accounts.provider import checking
from ita_core.accounts.provider.checking import Key, Metadata, Said, UnknownKey, wrong
from ita_core.accounts.provider.refusals import AttemptOver, NobodyHere, ProviderAway
from ita_core.accounts.provider.setup import Setup, Word
from ita_core.accounts.provider.way import Attempt
from ita_core.db import not_while_writing

SECONDS = 10.0  # for one answer as a whole
STEP_SECONDS = 5.0  # for one step of it: a connection, the next piece
MOST_BYTES = 256 * 1024
KEPT_SECONDS = 3600  # for which its document and its keys are taken as they were
AGAIN_SECONDS = 30  # after which an unknown key is asked for again
QUIET_SECONDS = 5  # for which nobody asks after it did not answer
MOST_AT_ONCE = 8
_WELL_KNOWN = "/.well-known/openid-configuration"
_log = logging.getLogger(__name__)
_places: RunVar[CapacityLimiter] = RunVar("ita_provider_places")


class Provider:
    """What is known of the provider of these settings, asked when it is needed."""

    def __init__(self, setup: Setup, *, seconds: float = SECONDS) -> None:
        self.setup = setup
        self._seconds = seconds
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, list[Key]] | None = None
        self._failed = float(-QUIET_SECONDS)

    async def leave(self, attempt: Attempt) -> str:
        """The address at the provider to send the browser to.

        Raises ProviderAway, ProviderWrong.
        """
        found = await self._known()
        return str(
            prepare_grant_uri(
                found.authorization,
                self.setup.client_id,
                "code",
                redirect_uri=self.setup.back,
                scope=self.setup.scope,
                state=attempt.state,
                nonce=attempt.nonce,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    async def sign_out(self) -> str:
        """The address at the provider at which whoever uses this browser signs out there, too; "" where it has none.

        As OpenID Connect RP-Initiated Logout 1.0 has it. Nothing in it is of a person: without the ID token, which is
        not kept, the provider asks them whether they want to. It sends them back to the address that is registered.

        Raises ProviderAway, ProviderWrong.
        """
        found = await self._known()
        if not found.leave:
            return ""
        said = [("client_id", self.setup.client_id), ("post_logout_redirect_uri", self.setup.back)]
        return str(add_params_to_uri(found.leave, said))

    async def come_back(self, attempt: Attempt, *, code: str, issuer: str | None) -> Word:
        """Whom the provider names, for the code that the browser brought.

        Raises ProviderAway, ProviderWrong, ClocksDiffer, AttemptOver, NobodyHere.
        """
        found = await self._known()
        if not checking.answer_is_of(self.setup, found, issuer):
            raise wrong("an answer came that is another issuer's")
        answer = await self._exchange(found, attempt, code)
        access = answer.get("access_token")
        access = access if isinstance(access, str) else ""
        said = await self._claims(found, answer.get("id_token"), attempt, access)
        word = checking.word(self.setup, said)
        if word is None and found.userinfo and access:
            more = await self._ask("GET", found.userinfo, headers={"Authorization": f"Bearer {access}"})
            if not checking.same_subject(said, more):
                raise wrong("what it says of somebody is about another than its ID token")
            word = checking.word(self.setup, more | {"amr": said.get("amr")})
        if word is None:
            _log.warning("The sign-in provider says nothing by the name of ITA_OIDC_CLAIM (%s)", self.setup.claim)
            raise NobodyHere
        return word

    async def _known(self) -> Metadata:
        if self._metadata is None or _over(self._metadata[0], KEPT_SECONDS):
            said = await self._ask("GET", self.setup.issuer.rstrip("/") + _WELL_KNOWN)
            self._metadata = time.monotonic(), checking.metadata(self.setup, said)
        return self._metadata[1]

    async def _claims(self, found: Metadata, token: object, attempt: Attempt, access: str) -> Said:
        """As `checking.claims`; a key that is unknown is asked for once more, as providers change theirs."""
        if self._keys is None or _over(self._keys[0], KEPT_SECONDS):
            await self._ask_for_keys(found)
        for last in (False, True):
            assert self._keys is not None
            try:
                return checking.claims(
                    self.setup, token, self._keys[1], nonce=attempt.nonce, access=access, now=datetime.now(UTC)
                )
            except UnknownKey:
                if last or not _over(self._keys[0], AGAIN_SECONDS):
                    break
            await self._ask_for_keys(found)
        raise wrong("its ID token is signed by a key that it does not have")

    async def _ask_for_keys(self, found: Metadata) -> None:
        asked = time.monotonic()
        self._keys = asked, checking.keys(await self._ask("GET", found.keys))

    async def _exchange(self, found: Metadata, attempt: Attempt, code: str) -> Said:
        """The token answer for a code (RFC 6749, section 4.1.3)."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.setup.back,
            "code_verifier": attempt.verifier,
        }
        headers = {}
        if found.basic:
            named = f"{quote_plus(self.setup.client_id)}:{quote_plus(self.setup.client_secret)}"
            headers["Authorization"] = "Basic " + b64encode(named.encode()).decode()
        else:
            form |= {"client_id": self.setup.client_id, "client_secret": self.setup.client_secret}
        return await self._ask("POST", found.token, headers=headers, data=form)

    async def _ask(self, method: str, url: str, **more: Any) -> Said:
        """The JSON object that the provider answers with.

        Raises ProviderAway, ProviderWrong; AttemptOver where it says that the code is over.
        """
        not_while_writing("asking the sign-in provider")
        if time.monotonic() - self._failed < QUIET_SECONDS:
            raise ProviderAway
        places = _limiter()
        if places.available_tokens < 1:
            raise ProviderAway
        async with places:
            try:
                with fail_after(self._seconds):
                    status, content = await _answer(method, url, **more)
            except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ssl.SSLError) as error:
                self._failed = time.monotonic()
                _log.warning("The sign-in provider does not answer: %s", type(error).__name__)
                raise ProviderAway from None
        if status == httpx.codes.OK:
            return checking.parsed(content)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS:
            _log.warning("The sign-in provider answers with status %d", status)
            raise ProviderAway
        fault = checking.parsed(content).get("error") if status in {400, 401} else None
        if fault == "invalid_grant":
            raise AttemptOver
        # `error` is one of a list of words; whatever else stands there is not written into the log.
        raise wrong("status %d%s", status, " invalid_client" if fault == "invalid_client" else "")


async def _answer(method: str, url: str, **more: Any) -> tuple[int, bytes]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", **more.pop("headers", {})}
    limits = httpx.Timeout(STEP_SECONDS)
    async with (
        httpx.AsyncClient(verify=_trusted(), trust_env=False, follow_redirects=False, timeout=limits) as client,
        client.stream(method, url, headers=headers, **more) as response,
    ):
        if response.headers.get("content-encoding", "identity") != "identity":
            raise wrong("its answer is compressed, though it was asked not to")
        content = b""
        async for piece in response.aiter_raw():
            content += piece
            if len(content) > MOST_BYTES:
                raise wrong("its answer does not end after %d bytes", MOST_BYTES)
        return response.status_code, content


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """What the machine trusts, an office's own authority too, and the public ones, where it has none of its own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _limiter() -> CapacityLimiter:
    try:
        return _places.get()
    except LookupError:
        _places.set(CapacityLimiter(MOST_AT_ONCE))
        return _places.get()


def _over(since: float, seconds: float) -> bool:
    return time.monotonic() - since > seconds
