"""Two databases, the demonstration and the same with a hundred times the evidence, each with a server of its own."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ita_core.demo.build import Demonstration
from tests.benchmarks import hundredfold, script
from tests.benchmarks.served import Served
from tests.server import running


@contextlib.contextmanager
def _serve(name: str, demonstration: Demonstration, folder: Path) -> Iterator[Served]:
    database = shutil.copy(demonstration.database_url.removeprefix("sqlite:///"), folder / "ita.db")
    more = {key: value for key, value in demonstration.environment.items() if key.startswith("ITA_")}
    more |= {"ITA_DATABASE_URL": f"sqlite:///{database}", script.TIMES: str(folder / "times.tsv")}
    if name == "hundredfold":
        hundredfold.multiply(more["ITA_DATABASE_URL"])
    with running(folder, script=Path(__file__).with_name("measured.py"), **more) as server:
        yield Served(name, server, folder / "times.tsv")


@pytest.fixture(scope="session")
def plain(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with _serve("demo", demonstration, tmp_path_factory.mktemp("plain")) as served:
        yield served


@pytest.fixture(scope="session")
def grown(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with _serve("hundredfold", demonstration, tmp_path_factory.mktemp("grown")) as served:
        yield served


@pytest.fixture(params=["plain", "grown"])
def served(request: pytest.FixtureRequest) -> Served:
    found: Served = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print past pytest's capturing: figures are what this is for."""

    def printed(text: str) -> None:
        with capsys.disabled():
            print(text)

    return printed
