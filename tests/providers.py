"""Sign-in providers to come from: a real one (idpyoidc's, another library than the product's), and one that lies."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

THERE = "provider_knows"  # the cookie of a provider that remembers who signed in
CLIENT, SECRET = "ita", "a secret of the office's and the provider's"

Answer = tuple[int, dict[str, str], bytes]


class Served:
    """A server of this process at an address of this machine's own."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[str] = []  # "GET /path"
        served = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_said: object) -> None: ...

            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                parts, body = urlsplit(self.path), self.rfile.read(length).decode()
                served.asked.append(f"{self.command} {parts.path}")
                said = {name: values[0] for name, values in parse_qs(parts.query).items()}
                form = {name: values[0] for name, values in parse_qs(body).items()}
                status, headers, content = served.answer(parts.path, said, form, dict(self.headers))
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(content))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                served.send(self.wfile.write, content)

            do_GET = do_POST = _answer  # noqa: N815 - http.server's names

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def answer(self, path: str, said: dict[str, str], form: dict[str, str], headers: dict[str, str]) -> Answer:
        raise NotImplementedError

    def send(self, write: Callable[[bytes], object], content: bytes) -> None:
        write(content)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def as_json(said: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


# --- a real one -------------------------------------------------------------------------------------------------------


class Real(Served):
    """idpyoidc's provider behind a page that asks who signs in: it holds to the standard by itself.

    It knows a client by its secret, insists on PKCE by S256, says `iss` in its answer (RFC 9207), and what it knows of
    people it tells at its userinfo. `people`: by the name that is typed there.

    Where it `remembers`, a browser stays signed in there, as at any provider of an office, until somebody signs out at
    its end_session_endpoint; that is ours, after RP-Initiated Logout 1.0: who shows no ID token is asked.
    """

    def __init__(self, back: str, people: dict[str, dict[str, Any]], folder: str, port: int = 0) -> None:
        super().__init__(port)
        self._back, self.remembers = back, False
        from idpyoidc.server import Server
        from idpyoidc.server.configure import OPConfiguration

        self.people = people
        self._one_at_a_time = threading.Lock()
        self._server_of = Server(OPConfiguration(self._configured(people), base_path=folder), cwd=folder)
        self._server_of.context.cdb[CLIENT] = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [(back, {})],
            "response_types_supported": ["code"],
            "token_endpoint_auth_method": "client_secret_post",
            "allowed_scopes": ["openid", "profile", "email"],
        }

    def _configured(self, people: dict[str, dict[str, Any]]) -> dict[str, Any]:
        here = "idpyoidc.server"
        encrypting = {
            "kwargs": {
                "keys": {"key_defs": [{"type": "OCT", "use": ["enc"], "kid": kid} for kid in ("password", "salt")]},
                "iterations": 1,
            }
        }
        ways = ["client_secret_basic", "client_secret_post"]
        return {
            "issuer": self.url,
            "keys": {
                "uri_path": "jwks.json",
                "key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}],
            },
            "token_handler_args": {
                "code": {"lifetime": 60, "kwargs": {"crypt_conf": encrypting}},
                "token": {"class": f"{here}.token.jwt_token.JWTToken", "kwargs": {"lifetime": 3600}},
                "id_token": {"class": f"{here}.token.id_token.IDToken", "kwargs": {"lifetime": 300}},
            },
            "endpoint": {
                "provider_config": {
                    "path": ".well-known/openid-configuration",
                    "class": f"{here}.oidc.provider_config.ProviderConfiguration",
                    "kwargs": {},
                },
                "authorization": {
                    "path": "authorization",
                    "class": f"{here}.oidc.authorization.Authorization",
                    "kwargs": {},
                },
                "token": {
                    "path": "token",
                    "class": f"{here}.oidc.token.Token",
                    "kwargs": {"client_authn_method": ways},
                },
                "userinfo": {
                    "path": "userinfo",
                    "class": f"{here}.oidc.userinfo.UserInfo",
                    "kwargs": {"client_authn_method": ["bearer_header"]},
                },
            },
            "userinfo": {"class": f"{here}.user_info.UserInfo", "kwargs": {"db": people}},
            "authentication": {
                "page": {
                    "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword",
                    "class": f"{here}.user_authn.user.NoAuthn",
                    "kwargs": {"user": ""},
                }
            },
            "authz": {
                "class": f"{here}.authz.AuthzHandling",
                "kwargs": {
                    "grant_config": {
                        "usage_rules": {
                            "authorization_code": {"supports_minting": ["access_token", "id_token"], "max_usage": 1},
                            "access_token": {},
                        },
                        "expires_in": 600,
                    }
                },
            },
            "add_ons": {
                "pkce": {
                    "function": f"{here}.oauth2.add_on.pkce.add_support",
                    "kwargs": {"essential": True, "code_challenge_methods": {"S256": None}},
                }
            },
            "session_params": {"encrypter": encrypting},
        }

    def answer(self, path: str, said: dict[str, str], form: dict[str, str], headers: dict[str, str]) -> Answer:
        if path == "/jwks.json":
            return (
                200,
                {"Content-Type": "application/json"},
                self._server_of.context.keyjar.export_jwks_as_json().encode(),
            )
        if self.remembers and path == "/logout":
            return self._sign_out(said, form)
        if self.remembers and path == "/authorization" and "who" not in form:
            held = SimpleCookie(headers.get("Cookie")).get(THERE)
            form = form | {"who": held.value} if held else form
        if path == "/authorization" and "who" not in form:
            return self._page(said)
        name = {"/.well-known/openid-configuration": "provider_config"}.get(path, path.strip("/"))
        if name not in {"provider_config", "authorization", "token", "userinfo"}:
            return 404, {}, b""
        with self._one_at_a_time:
            status, more, content = self._of_endpoint(name, said or form, form.get("who", ""), headers)
        if self.remembers and name == "authorization":
            more["Set-Cookie"] = f"{THERE}={form['who']}; HttpOnly; Path=/"
        if self.remembers and name == "provider_config":
            content = json.dumps(json.loads(content) | {"end_session_endpoint": f"{self.url}/logout"}).encode()
        return status, more, content

    def _sign_out(self, said: dict[str, str], form: dict[str, str]) -> Answer:
        if said.get("client_id") != CLIENT or said.get("post_logout_redirect_uri") != self._back:
            return 400, {}, b""
        if "yes" in form:
            return 302, {"Location": self._back, "Set-Cookie": f"{THERE}=; Max-Age=0; Path=/"}, b""
        page = (
            f'<!doctype html><title>Provider</title><form method="post" action="/logout?{escape(urlencode(said))}">'
            '<button name="yes" value="1">Log out here, too</button></form>'
        )
        return 200, {"Content-Type": "text/html"}, page.encode()

    def _page(self, said: dict[str, str]) -> Answer:
        to = escape(urlencode(said))
        page = (
            f'<!doctype html><title>Provider</title><form method="post" action="/authorization?{to}">'
            '<label>Name at the provider <input name="who"></label><button>Log in</button></form>'
        )
        return 200, {"Content-Type": "text/html"}, page.encode()

    def _of_endpoint(self, name: str, said: dict[str, str], who: str, headers: dict[str, str]) -> Answer:
        from idpyoidc.server.exception import UnAuthorizedClient

        endpoint = self._server_of.get_endpoint(name)
        lower = {key.lower(): value for key, value in headers.items()}
        http = {"headers": lower, "url": f"{self.url}/{name}", "method": "POST"}
        if name == "authorization":
            self._server_of.context.authn_broker["page"]["method"].user = who
        try:
            read = endpoint.parse_request(said, http_info=http)
        except UnAuthorizedClient:
            return as_json({"error": "invalid_client"}, 401)
        if "error" in read:
            return as_json(read.to_dict(), 400)
        made = endpoint.process_request(read)
        if "error" in made:
            return as_json({"error": made["error"]}, 400)
        told = endpoint.do_response(request=read, **made)
        if name == "authorization":
            return 302, {"Location": told["response"]}, b""
        return 200, {"Content-Type": "application/json"}, told["response"].encode()


# --- one that lies ----------------------------------------------------------------------------------------------------


def unchanged(_said: dict[str, Any]) -> None: ...


class Liar(Served):
    """As the standard has it, but for what a test changes of it: `metadata`, `header` and `claims` change what is said,
    `key` what it is signed with, `keys` what is shown as its keys, `token` the finished ID token, `instead` the answer
    at a path. `once`: whether a code is taken once only."""

    def __init__(self) -> None:
        self.signing = RSAKey.generate_key(2048, {"kid": "first"})
        self.key: Any = self.signing
        self.keys: list[Any] = [self.signing]
        self.algorithm = "RS256"
        self.metadata: Callable[[dict[str, Any]], object] = unchanged
        self.header: Callable[[dict[str, Any]], object] = unchanged
        self.claims: Callable[[dict[str, Any]], object] = unchanged
        self.token: Callable[[str], str] = str
        self.more: dict[str, Any] = {}  # at the userinfo
        self.instead: dict[str, Answer] = {}
        self.slowly: dict[str, float] = {}  # by path: seconds before each byte
        self.once = True
        self.codes: dict[str, dict[str, str]] = {}
        super().__init__()

    def answer(self, path: str, said: dict[str, str], form: dict[str, str], headers: dict[str, str]) -> Answer:
        self._pause = self.slowly.get(path, 0.0)
        if path in self.instead:
            return self.instead[path]
        if path == "/.well-known/openid-configuration":
            about: dict[str, Any] = {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "userinfo_endpoint": f"{self.url}/userinfo",
            }
            self.metadata(about)
            return as_json(about)
        if path == "/keys":
            return as_json(KeySet(self.keys).as_dict())
        if path == "/userinfo":
            return as_json(self.more)
        return self._exchange(form, headers) if path == "/token" else (404, {}, b"")

    def send(self, write: Callable[[bytes], object], content: bytes) -> None:
        if not self._pause:
            write(content)
            return
        for place in range(len(content)):
            time.sleep(self._pause)
            try:
                write(content[place : place + 1])
            except OSError:
                return

    def code(self, asked: dict[str, str], **who: Any) -> str:
        """The code for somebody who left for here with this request."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"who": json.dumps(who)}
        return code

    def _exchange(self, form: dict[str, str], headers: dict[str, str]) -> Answer:
        said = base64.b64decode(headers.get("Authorization", "").removeprefix("Basic ")).decode().partition(":")[::2]
        if [unquote_plus(one) for one in said] != [CLIENT, SECRET]:
            return as_json({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form["code"], None) if self.once else self.codes.get(form["code"])
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or asked["code_challenge"] != _text(verifier):
            return as_json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= json.loads(asked["who"])
        self.claims(claims)
        header = {"alg": self.algorithm, "kid": self.key.kid} if self.key else {"alg": self.algorithm}
        self.header(header)
        token = signed(header, claims, self.key)
        return as_json({"access_token": "a", "token_type": "Bearer", "id_token": self.token(token)})


def signed(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    """A token, signed by whatever its header says, also what nobody should take: by a public key as HS256's secret."""
    if header["alg"] not in {"none", "HS256"}:
        return jwt.encode(header, claims, key, algorithms=[header["alg"]], registry=jws.JWSRegistry())
    content = ".".join(_text(json.dumps(one).encode()) for one in (header, claims))
    if header["alg"] == "none":
        return content + "."
    secret = key.as_pem(private=False) if isinstance(key, RSAKey) else key.raw_value
    return f"{content}.{_text(hmac.new(secret, content.encode(), hashlib.sha256).digest())}"


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def another_key(kid: str = "second") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid})


def curve_key(kid: str = "curve") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})


@contextmanager
def serving(made: Served) -> Iterator[Served]:
    try:
        yield made
    finally:
        made.stop()
