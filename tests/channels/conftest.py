"""Mail servers and LINE's, of this machine, and the settings that lead there."""

from collections.abc import Callable, Iterator

import pytest

from ita_core import settings
from tests.authority import authority  # noqa: F401 - a fixture
from tests.channels.line_house import SECRET, TOKEN, LineHouse, line_house
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
def office(setting: Setting) -> Iterator[PostOffice]:
    """A mail server without TLS on this machine, and the settings that lead to it."""
    with post_office() as made:
        setting(
            mail_host="127.0.0.1", mail_port=made.port, mail_security="none", mail_from="ITA ตม. <ita@example.go.th>"
        )
        yield made


@pytest.fixture
def house(setting: Setting) -> Iterator[LineHouse]:
    """LINE, on this machine, and the settings that lead there."""
    with line_house() as made:
        setting(line_token=TOKEN, line_secret=SECRET, line_account="@123abcde", line_api=made.url)
        yield made
