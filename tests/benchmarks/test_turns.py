"""What another waits for while one account's slow files are examined."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import table, turns

pytestmark = pytest.mark.benchmark


def test_what_another_waits_behind_ten_slow_files(tmp_path: Path, filled_sqlite: Path, say: Callable[[str], None]):
    quiet = tmp_path / "quiet"
    quiet.mkdir()
    rows = []
    for name, folder, slow in (("behind nobody", quiet, 0), ("behind ten slow files", tmp_path, 10)):
        found = turns.waited(folder, filled_sqlite, slow)
        assert (found.upload, found.preview) == (201, 200)
        rows.append((name, f"{found.upload_seconds:.2f}", f"{found.preview_seconds:.2f}", found.through))
    say(table.text("Another's turn", ("", "upload, s", "preview, s", "slow ones through"), rows))
