"""One account's work holds up nobody else's: order, on the real server; benchmarks/test_turns.py has the seconds."""

from pathlib import Path

import pytest

from tests.benchmarks import turns


@pytest.mark.trial
def test_another_s_upload_and_preview_come_before_ten_slow_files_are_through(tmp_path: Path, filled_sqlite: Path):
    found = turns.waited(tmp_path, filled_sqlite)
    assert (found.upload, found.preview) == (201, 200)
    assert found.through < 5
