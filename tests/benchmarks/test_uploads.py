"""Uploads at once, in short; by hand with 50 files of 40 MB (see `uploads.py`)."""

from collections.abc import Callable

import pytest

from tests.benchmarks import uploads

pytestmark = pytest.mark.benchmark


def test_uploads_at_once(capsys: pytest.CaptureFixture[str], say: Callable[[str], None]) -> None:
    assert uploads.main(files=8, mb=5) == 0
    say(capsys.readouterr().out)
