"""What a sign-in provider, or whoever stands between, may say that must let nobody in; each with what it is told as."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import OctKey

from tests.providers import Answer, Liar, another_key, as_json, curve_key

Change = Callable[[Liar], object]


@dataclass(frozen=True)
class Lie:
    """`tell` changes the provider; `kind` is what the sign-in page is then told (`provider.BY_KIND`)."""

    name: str
    tell: Change
    kind: str = "wrong"


def _claims(**changed: Any) -> Change:
    """The ID token says this instead; None: it does not say it."""

    def change(claims: dict[str, Any]) -> None:
        for name, value in changed.items():
            claims.pop(name, None) if value is None else claims.update({name: value})

    return lambda liar: setattr(liar, "claims", change)


def _off(**seconds: float) -> Change:
    """The ID token's moments are so far from now."""
    return lambda liar: setattr(
        liar, "claims", lambda said: said.update({name: int(time.time() + off) for name, off in seconds.items()})
    )


def _metadata(**changed: Any) -> Change:
    return lambda liar: setattr(liar, "metadata", lambda said: said.update(changed))


def _instead(path: str, answer: Answer) -> Change:
    return lambda liar: liar.instead.update({path: answer})


def _token(change: Callable[[str], str]) -> Change:
    return lambda liar: setattr(liar, "token", change)


def _signed_by(key: Callable[[Liar], Any], algorithm: str = "RS256", **header: Any) -> Change:
    def tell(liar: Liar) -> None:
        liar.key, liar.algorithm = key(liar), algorithm
        liar.header = lambda said: said.update(header)

    return tell


def _shown_and_used(key: Any, algorithm: str) -> Change:
    """It shows a key that is none for signatures, and signs by it."""

    def tell(liar: Liar) -> None:
        liar.key, liar.algorithm, liar.keys = key, algorithm, [*liar.keys, key]

    return tell


def _unsigned(token: str) -> str:
    return token.rpartition(".")[0] + "."


def _other_person(token: str) -> str:
    """The payload of one token with the signature of another."""
    header, payload, signature = token.split(".")
    return f"{header}.{payload[:-4]}AAAA.{signature}"


SHOWN_SECRET = OctKey.import_key("x" * 32, {"kid": "secret"})
OPENLY = "http://ita-provider.example/token"
LIES = [
    Lie("another issuer in the token", _claims(iss="https://provider.example")),
    Lie("no issuer in the token", _claims(iss=None)),
    Lie("an issuer that begins alike", lambda liar: _claims(iss=liar.url + "/")(liar)),
    Lie("another audience", _claims(aud="another-client")),
    Lie("no audience", _claims(aud=None)),
    Lie("an audience that is a number", _claims(aud=1)),
    Lie("several audiences and nobody said for whom", _claims(aud=["ita", "another-client"])),
    Lie("several audiences, made for another", _claims(aud=["ita", "another-client"], azp="another-client")),
    Lie("made for another, to our audience", _claims(azp="another-client")),
    Lie("another nonce", _claims(nonce="x" * 43)),
    Lie("no nonce", _claims(nonce=None)),
    Lie("an empty nonce", _claims(nonce="")),
    Lie("over for an hour", _off(iat=-4000, exp=-3600), "clock"),
    Lie("made in an hour", _off(iat=3600, exp=7200), "clock"),
    Lie("not before an hour from now", _off(nbf=3600), "clock"),
    Lie("no end", _claims(exp=None)),
    Lie("no beginning", _claims(iat=None)),
    Lie("an end that is a text", _claims(exp="4102444800")),
    Lie("an end that is true", _claims(exp=True)),
    Lie("an end beyond all numbers", _claims(exp=10**400)),
    Lie("an end that is no number", _token(lambda _token: "e30.e30.e30")),
    Lie("nobody named", _claims(sub=None)),
    Lie("an empty subject", _claims(sub="")),
    Lie("a subject of 10,000 letters", _claims(sub="x" * 10_000)),
    Lie("a hash of another access token", _claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA")),
    Lie("methods that are no list", _claims(amr="mfa")),
    Lie("alg none", _signed_by(lambda _liar: None, "none")),
    Lie("alg None", _token(lambda token: "eyJhbGciOiJOb25lIn0." + token.split(".")[1] + ".")),
    Lie("no alg", _token(lambda token: "e30." + token.split(".")[1] + ".AAAA")),
    Lie("the signature cut off", _token(_unsigned)),
    Lie("another's payload under the signature", _token(_other_person)),
    Lie("HS256 with the public key as its secret", _signed_by(lambda liar: liar.signing, "HS256")),
    Lie("HS256 with a secret shown among the keys", _shown_and_used(SHOWN_SECRET, "HS256")),
    Lie("signed by a key that nobody knows", _signed_by(lambda _liar: another_key("never-shown"))),
    Lie("signed by another key under the known name", _signed_by(lambda _liar: another_key("first"))),
    Lie(
        "the key said in the token itself",
        _signed_by(lambda _liar: another_key("first"), jwk=another_key("first").as_dict()),
    ),
    Lie(
        "a critical header that nobody understands",
        _token(
            lambda token: "eyJhbGciOiJSUzI1NiIsImtpZCI6ImZpcnN0IiwiY3JpdCI6WyJ4Il0sIngiOjF9." + token.split(".", 1)[1]
        ),
    ),
    Lie("a token of five parts", _token(lambda token: token + ".e30.e30")),
    Lie("a token that is a number", _instead("/token", as_json({"access_token": "a", "id_token": 5}))),
    Lie("no token", _instead("/token", as_json({"access_token": "a"}))),
    Lie("a token answer that is a list", _instead("/token", as_json([1]))),
    Lie("a token answer that is no JSON", _instead("/token", (200, {}, b"<html>"))),
    Lie("brackets in brackets", _instead("/token", (200, {}, b"[" * 100_000))),
    Lie("a giant token answer", _instead("/token", (200, {}, b'{"a": "' + b"x" * 2_000_000 + b'"}'))),
    Lie("a compressed answer", _instead("/token", (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08"))),
    Lie("a redirect at the token", _instead("/token", (307, {"Location": "http://localhost:1/token"}, b""))),
    Lie("our secret refused", _instead("/token", as_json({"error": "invalid_client"}, 401))),
    Lie("the code refused", _instead("/token", as_json({"error": "invalid_grant"}, 400)), "over"),
    Lie("an error of the server", _instead("/token", (500, {}, b"")), "away"),
    Lie("a giant list of keys", _instead("/keys", (200, {}, b'{"keys": [' + b"{}," * 500_000 + b"{}]}"))),
    Lie("no keys", _instead("/keys", as_json({"keys": []}))),
    Lie("keys that are a text", _instead("/keys", as_json({"keys": "first"}))),
    Lie("a key of 10 bits", _instead("/keys", as_json({"keys": [{"kty": "RSA", "n": "Af8", "e": "AQAB"}]}))),
    Lie(
        "the private key shown",
        lambda liar: _instead("/keys", as_json({"keys": [liar.signing.as_dict(private=True)]}))(liar),
    ),
    Lie(
        "a key for encryption",
        lambda liar: _instead("/keys", as_json({"keys": [liar.signing.as_dict() | {"use": "enc"}]}))(liar),
    ),
    Lie("a curve's key for RSA's algorithm", lambda liar: setattr(liar, "keys", [curve_key("first")])),
    Lie("a discovery document of another issuer", _metadata(issuer="https://provider.example")),
    Lie("an address of a token that is not https", _metadata(token_endpoint=OPENLY)),
    Lie("an address of keys in a file", _metadata(jwks_uri="file:///etc/passwd")),
    Lie("an address with a name and password", _metadata(jwks_uri="https://a:b@provider.example/keys")),
    Lie("an address of a script", _metadata(authorization_endpoint="javascript:alert(1)")),
    Lie("no address of a token", _metadata(token_endpoint=None)),
    Lie("no PKCE by S256", _metadata(code_challenge_methods_supported=["plain"])),
    Lie("no client secret taken", _metadata(token_endpoint_auth_methods_supported=["private_key_jwt"])),
    Lie("it says iss always, and does not", _metadata(authorization_response_iss_parameter_supported=True)),
    Lie("a name that nobody has", _claims(preferred_username="nobody-at-all"), "nobody"),
    Lie("a name that is a list", _claims(preferred_username=["usa.m"]), "nobody"),
    Lie("a name that is an object", _claims(preferred_username={"$ne": ""}), "nobody"),
    Lie("a name with what cannot be seen", _claims(preferred_username="usa.m\u200b"), "nobody"),
    Lie("a name in other letters' case", _claims(preferred_username="USA.M"), "nobody"),
    Lie("the user name instead of the name there", _claims(preferred_username="usa"), "nobody"),
    Lie("an empty name", _claims(preferred_username=""), "nobody"),
    Lie(
        "userinfo about somebody else",
        lambda liar: (_claims(preferred_username=None)(liar), liar.more.update(sub="2", preferred_username="usa.m")),
    ),
    Lie(
        "userinfo about half a sign",
        lambda liar: (
            _claims(preferred_username=None)(liar),
            liar.more.update(sub="\ud800", preferred_username="usa.m"),
        ),
    ),
    Lie(
        "userinfo about nobody",
        lambda liar: (_claims(preferred_username=None)(liar), liar.more.update(preferred_username="usa.m")),
    ),
    Lie("no name anywhere", lambda liar: (_claims(preferred_username=None)(liar), liar.more.update(sub="1")), "nobody"),
]
