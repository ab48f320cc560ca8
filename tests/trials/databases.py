"""Empty databases for trials: SQLite in a folder, and a PostgreSQL server of its own that ends with the trial."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import conftest

KINDS = conftest.KINDS


@contextmanager
def empty(kind: str) -> Iterator[tuple[Path, str]]:
    """A folder for the evidence, and the address of a database without any table."""
    folder = Path(tempfile.mkdtemp(prefix=f"ita-trial-{kind}-"))
    try:
        if kind == "sqlite":
            yield folder, f"sqlite:///{folder / 'ita.db'}"
        else:
            with conftest.postgres_server() as url:
                conftest.command(url, "CREATE DATABASE trial")
                yield folder, conftest.text(url.set(database="trial"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
