"""The key with which the secrets of second factors are encrypted: ITA_SECRET_KEY, or a file beside the database.

It is in no backup: whoever has a backup, or the database's rows, makes no codes with them. Restored elsewhere without
the key, the secrets stay shut: people sign in by a recovery code, or the administrator takes their factor away.
"""

import base64
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ita_core import db
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.settings import settings

_NONCE = 12  # bytes, as AES-GCM wants (NIST SP 800-38D)


class NoKey(Refused):
    says = N_(
        "A second step cannot be set up on this server: it has no key to keep it with (ITA_SECRET_KEY). "
        "Tell the administrator."
    )


class KeyGone(Refused):
    says = N_(
        "This server does not have the key with which your second step was kept. Sign in with a recovery code and set "
        "it up anew, or ask the administrator to take it away."
    )


def encrypt(text: str, whose: int) -> tuple[str, str]:
    """The text as only this key opens it for this account, and the key's name. The key is made where there is none.

    Raises NoKey where none can be.
    """
    key = _find() or _make()
    nonce = secrets.token_bytes(_NONCE)
    kept = nonce + AESGCM(_derived(key)).encrypt(nonce, text.encode(), _of(whose))
    return base64.urlsafe_b64encode(kept).decode(), _name(key)


def decrypt(kept: str, key_name: str, whose: int) -> str:
    """What `encrypt` was given.

    Raises KeyGone where this server has another key or none that it can read, or where the row was another account's.
    """
    key = _readable()
    if key is None or _name(key) != key_name:
        raise KeyGone
    try:
        raw = base64.urlsafe_b64decode(kept)
        return AESGCM(_derived(key)).decrypt(raw[:_NONCE], raw[_NONCE:], _of(whose)).decode()
    except (InvalidTag, ValueError):
        raise KeyGone from None


def opens(key_name: str) -> bool:
    """Whether this server has the key of this name, and can read it."""
    key = _readable()
    return key is not None and _name(key) == key_name


def _of(account_id: int) -> bytes:
    return f"account {account_id}".encode()


def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ita second factor").derive(key)


def _name(key: bytes) -> str:
    """It tells nothing of the key, which is 256 random bits or as good as the setting's owner made it."""
    return hashlib.sha256(b"ita name of a key" + _derived(key)).hexdigest()[:16]


def _readable() -> bytes | None:
    """The key; none where its file may not be read, as after a copy back by root: to open with, that is as good."""
    with suppress(NoKey):
        return _find()
    return None


def _find() -> bytes | None:
    """Raises NoKey where its file cannot be read: another one is not to be made in its place."""
    if given := settings().secret_key.get_secret_value():
        return given.encode()
    place = db.beside(db.KEY)
    try:
        return place.read_bytes().strip() or None if place else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NoKey from error


def _make() -> bytes:
    """A new key in its file, whole or not at all; of several processes that make one, the first one's holds."""
    place = db.beside(db.KEY)
    if place is None:
        raise NoKey
    aside = Path(f"{place}.{secrets.token_hex(8)}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, base64.b64encode(secrets.token_bytes(32)) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        with suppress(FileExistsError):
            os.link(aside, place)
        aside.unlink()
        if os.name != "nt":
            folder = os.open(place.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise NoKey from error
    found = _find()
    if found is None:
        raise NoKey
    return found
