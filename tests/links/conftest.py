"""Websites of this machine that may be asked by a test's own rules only."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from ita_core.links.fetching import Rules
from tests.authority import authority  # noqa: F401 - a fixture
from tests.links.hostile import Website, serving

INSIDE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def site() -> Iterator[Website]:
    with serving() as made:
        yield made


@pytest.fixture
def rules() -> Rules:
    return Rules("ita-dashboard/0 (test)", INSIDE, seconds=2, most_bytes=1024 * 1024)
