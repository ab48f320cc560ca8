"""A trial run short, as a command of its own: it forks and measures its children, so nothing of pytest may be in it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_ALLOWED = 3  # the exit status of a trial that this machine does not allow


def run(module: str, *arguments: str) -> None:
    """Passes where the trial's bounds hold; a skip that says why where the machine does not allow it."""
    command = [sys.executable, "-m", f"tests.trials.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    if done.returncode == NOT_ALLOWED:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0
