"""The servers that several files of tests ask."""

import secrets
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from ita_core import db
from ita_core.models import Role
from tests.asking import server
from tests.cast import Cast, item_id
from tests.server import free_port, running
from tests.signing_in import Office
from tests.web.house import House, until


@pytest.fixture
def cast(at_work: Cast) -> Cast:
    return at_work


@pytest.fixture
def o6(cast: Cast) -> int:
    with db.reading() as session:
        return item_id(session, "O6")


@pytest.fixture
def address(cast: Cast) -> Iterator[str]:
    """Of a real uvicorn in this process with our routes and the gate, as which `cast` is at work."""
    config = uvicorn.Config(server(), port=free_port(), lifespan="off", log_level="error")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    until(lambda: running.started)
    yield f"http://localhost:{config.port}"
    running.should_exit = running.force_exit = True
    thread.join()


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
