"""Files to be inspected; places where evidence is kept."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from ita_core import settings
from ita_core.evidence import inspect
from ita_core.evidence.folder import Folder
from ita_core.evidence.inspect import Inspected
from ita_core.evidence.objects import Store
from ita_core.evidence.store import open_store
from tests import buckets
from tests.evidence.places import Place


@pytest.fixture
def look(tmp_path: Path):
    """Inspect some bytes under a name."""

    def at(content: bytes, name: str) -> Inspected:
        path = tmp_path / "received"
        path.write_bytes(content)
        return inspect.inspect(path, name)

    return at


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Say by the AWS_… variables where S3 is."""
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    for name, value in buckets.KEYS.items():
        monkeypatch.setenv(name, value)
    return lambda address: monkeypatch.setenv("AWS_ENDPOINT_URL", address)


@pytest.fixture
def bucket(request: pytest.FixtureRequest, tmp_path: Path, reach: Callable[[str], None]) -> Place:
    from ita_core.evidence.bucket import Bucket

    address: str = request.getfixturevalue("s3")
    reach(address)
    name = f"evidence-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:20]}"
    buckets.make(address, name)
    url, machines = f"s3://{name}/ita/2568", iter(range(100))

    def elsewhere() -> Store:
        found = Bucket(url, tmp_path / f"machine-{next(machines)}")
        found.prepare()
        return found

    def write(path: str, content: bytes) -> None:
        put = httpx.put(f"{address}/{name}/ita/2568/{quote(path)}", content=content, headers=buckets.SIGNED)
        put.raise_for_status()

    def delete(path: str) -> None:
        httpx.delete(f"{address}/{name}/ita/2568/{quote(path)}", headers=buckets.SIGNED).raise_for_status()

    return Place(elsewhere(), url, elsewhere, write, delete)


@pytest.fixture
def folder(tmp_path: Path) -> Place:
    root = tmp_path / "evidence"

    def elsewhere() -> Store:
        found = Folder(root)
        found.prepare()
        return found

    def write(path: str, content: bytes) -> None:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_bytes(content)

    return Place(elsewhere(), str(root), elsewhere, write, lambda path: (root / path).unlink())


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> Place:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    settings.settings.cache_clear()
    open_store.cache_clear()
    yield
    settings.settings.cache_clear()
    open_store.cache_clear()
