"""A large pack, in short; by hand with 2 GB (see `packs.py`)."""

from collections.abc import Callable

import pytest

from tests.benchmarks import packs

pytestmark = pytest.mark.benchmark


def test_a_large_pack(capsys: pytest.CaptureFixture[str], say: Callable[[str], None]) -> None:
    assert packs.main(files=4, mb=60) == 0
    say(capsys.readouterr().out)
