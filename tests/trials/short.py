"""A trial run short, as a command of its own: it forks and measures its children, so nothing of pytest may be in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_ALLOWED = 3  # the exit status of a trial that this machine does not allow
WITHOUT = "ITA_TRIALS_WITHOUT"  # the trials that may go untried in CI, by name: power_cut,disk_full


def run(module: str, *arguments: str) -> None:
    """Passes where the trial's bounds hold.

    Where the machine does not allow it, a skip that says why; in CI a failure, unless ITA_TRIALS_WITHOUT names the
    trial: nothing goes untried there that nobody has said may.
    """
    command = [sys.executable, "-m", f"tests.trials.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    if done.returncode == NOT_ALLOWED:
        says = f"{module} goes untried: {done.stderr.strip()}"
        if os.environ.get("CI") and module not in os.environ.get(WITHOUT, "").split(","):
            pytest.fail(f"{says}\nWhere that is meant: {WITHOUT}={module}")
        pytest.skip(says)
    assert done.returncode == 0
