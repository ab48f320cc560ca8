"""The servers that several files of tests ask."""

import secrets
from collections.abc import Iterator

import pytest

from ita_core import db
from ita_core.models import Role
from tests.cast import Cast, item_id
from tests.server import running
from tests.signing_in import Office
from tests.web.house import House


@pytest.fixture
def cast(at_work: Cast) -> Cast:
    return at_work


@pytest.fixture
def o6(cast: Cast) -> int:
    with db.reading() as session:
        return item_id(session, "O6")


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A real server for all of them: each test has accounts of its own there."""
    with running(tmp_path_factory.mktemp("office")) as server:
        made = Office(server)
        made.account("commander", Role.commander)
        yield made
        made.engine.dispose()


@pytest.fixture
def name() -> str:
    """A user name of this test's own: the server is shared."""
    return "user-" + secrets.token_hex(4)


@pytest.fixture
def house(at_work: Cast, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(*getattr(request, "param", (20, "")))
    yield made
    made.stop()
