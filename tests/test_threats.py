"""docs/threats.md names a test for each case: they are all there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_case_names_tests_that_are_there():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    written = {name for source in sources for name in re.findall(r"def (test_\w+)\(", source)}
    cases = [
        line
        for line in (ROOT / "docs" / "threats.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ][1:]
    assert len(cases) > 20
    for case in cases:
        named = re.findall(r"`(test_\w+)`", case)
        assert named, case
        assert not set(named) - written, case
