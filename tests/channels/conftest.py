"""Mail servers and LINE's, of this machine, and the settings that lead there."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from ita_core import settings
from tests.channels.post_office import PostOffice, post_office

Setting = Callable[..., None]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Setting]:
    """Sets settings: `setting(mail_host="localhost")`."""

    def give(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"ITA_{name.upper()}", str(value))
        settings.settings.cache_clear()

    settings.settings.cache_clear()
    yield give
    monkeypatch.undo()
    settings.settings.cache_clear()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def office(setting: Setting) -> Iterator[PostOffice]:
    """A mail server without TLS on this machine, and the settings that lead to it."""
    with post_office() as made:
        setting(
            mail_host="127.0.0.1", mail_port=made.port, mail_security="none", mail_from="ITA ตม. <ita@example.go.th>"
        )
        yield made
