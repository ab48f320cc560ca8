"""The trials of the disk, shortly; whoever means to release runs them long (each says how)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_ALLOWED = 3


def run(module: str, *arguments: str) -> None:
    """One trial in a process of its own: it forks, so it must have no thread of ours."""
    command = [sys.executable, "-m", f"tests.trials.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    if done.returncode == NOT_ALLOWED:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0


def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing():
    run("kills", "--rounds", "12")


def test_a_power_cut_at_any_moment_loses_nothing_where_unsynced_files_and_rows_are_lost():
    run("power_cut", "--rounds", "4", "--control", "2")


def test_a_full_disk_is_a_sentence_and_nothing_is_half_saved():
    run("disk_full")
