"""The trials of proof, short: that they run, and that their bounds hold."""

from pathlib import Path

import pytest

from ita_core.demo.build import Demonstration
from tests.conftest import copied
from tests.trials import backups, flipped_bits


def test_ten_flipped_bits_are_found_and_not_served(demonstration: Demonstration, tmp_path: Path):
    made = flipped_bits.run(10, 1, copied(demonstration, tmp_path / "demo"))
    assert made.flipped == 10
    assert made.bound_holds, made


@pytest.mark.trial
@pytest.mark.parametrize("source", ["sqlite", "postgres"])
def test_two_backups_under_writes_come_back_equal(tmp_path: Path, source: str):
    made = backups.run(2, 1, tmp_path, source)
    assert (made.rounds, made.equal, made.wrong) == (2, 2, [])
    assert made.writes > 4
