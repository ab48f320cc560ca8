"""How many people can look at the overview at once. Prints, asserts no time."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.benchmarks import table
from tests.benchmarks.served import FULL, Served

pytestmark = pytest.mark.benchmark

AIM, SECOND = 75, 1000


def test_people_at_once(served: Served, say: Callable[[str], None]) -> None:
    levels = [10, 25, 50, 75, 100] if FULL else [4, 8] if served.name == "demo" else [8]
    cookies = served.cookies(levels[-1])
    assert len(set(cookies)) == levels[-1]
    command = [sys.executable, "-m", "tests.benchmarks.crowd", served.server.url]
    command += ["--levels", ",".join(map(str, levels)), "--server", str(served.server.process.pid)]
    command += [] if FULL else ["--settle", "1.5", "--measure", "6"]
    rows, enough = [], 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdin
        assert crowd.stdout
        crowd.stdin.write("\n".join(cookies))
        crowd.stdin.close()
        for line in map(json.loads, crowd.stdout):
            assert not line["failed"], f"{line['failed']} saw nothing, an error, or the end of the connection"
            people, taken = line["people"], sorted(line["taken"])
            p50, p95 = statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.95))]
            enough = people if p95 < SECOND else enough
            aim = f"p95 < {SECOND}" if people == AIM else ""
            cores = [f"{max(line[who], 0):.1%}" for who in ("server", "crowd", "others")]
            rows.append((people, len(taken), p50, p95, *cores, aim))
    assert crowd.returncode == 0
    assert [row[0] for row in rows] == levels
    head = ("people", "reruns", "p50", "p95", "server's CPU", "crowd's", "others'", "aim")
    title = f"3. People at once on the overview, {served.name}, {os.cpu_count()} cores: ms of a rerun, 5 s between two"
    say(table.text(title, head, rows) + f"\nlargest level with p95 < {SECOND} ms: {enough}")
