"""How long the workbook to forward takes beside an empty command's start and a table. Prints, asserts no time.

Each in a process of its own, as people and timers start them, and in turn: whatever else the machine does meets all.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ita_core.demo.build import Demonstration
from tests.benchmarks import hundredfold, table
from tests.benchmarks.served import RUNS
from tests.conftest import copied

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).parents[2]
COMMANDS = {
    "empty": ("--help",),
    "items": ("export", "items", "--format", "csv"),
    "items.xlsx": ("export", "items", "--format", "xlsx"),
    "workbook": ("export", "workbook"),
}


def seconds(environment: dict[str, str], *arguments: str) -> tuple[float, int]:
    """How long a command took, and how many bytes it gave."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "ita_core.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, timeout=300)
    return time.perf_counter() - began, len(done.stdout)


def told(environment: dict[str, str], rounds: int) -> list[tuple[object, ...]]:
    runs = [{name: seconds(environment, *one) for name, one in COMMANDS.items()} for _round in range(rounds)]
    rows: list[tuple[object, ...]] = []
    for name in COMMANDS:
        took = statistics.median(run[name][0] for run in runs)
        beside = statistics.median(run[name][0] - run["empty"][0] for run in runs)
        aim = "≤ 1 s" if name == "workbook" else ""
        rows.append((name, took * 1000, beside * 1000, runs[0][name][1] // 1024, aim))
    return rows


def test_the_workbook_beside_an_empty_command(
    demonstration: Demonstration, tmp_path: Path, say: Callable[[str], None]
) -> None:
    copy = copied(demonstration, tmp_path / "demo")
    environment = dict(os.environ) | copy.environment
    head = ("command", "ms", "beside the empty one", "kB", "aim")
    say(table.text("The workbook to forward, demo", head, told(environment, max(RUNS // 5, 3))))
    hundredfold.multiply(copy.database_url)
    say(table.text("The workbook to forward, 100 × the evidence", head, told(environment, 1)))
