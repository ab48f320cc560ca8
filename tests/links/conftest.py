"""Websites of this machine that may be asked by a test's own rules only."""

import ssl
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme

from ita_core.links.fetching import Rules
from tests.links.hostile import Website, serving

INSIDE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def site() -> Iterator[Website]:
    with serving() as made:
        yield made


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that this machine trusts, as an office's own may be."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def rules() -> Rules:
    return Rules("ita-dashboard/0 (test)", INSIDE, seconds=2, most_bytes=1024 * 1024)
