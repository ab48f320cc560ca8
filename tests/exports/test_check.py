"""What the pack's own program promises: Python 3.9, its standard library alone, a terminal that knows no Thai."""

import ast
import subprocess
import sys
from pathlib import Path

from ita_core import audit, db
from ita_core.exports import check, pack
from ita_core.models import AuditEntry
from tests.cast import Cast
from tests.exports.packs import Unpacked, hand_in, packed
from tests.test_architecture import imports

SOURCE = Path(check.__file__)


def test_it_is_of_python_3_9_and_its_standard_library():
    """Modules that 3.9 has; what they offer was looked at by vermin (3.9 at least, of each version)."""
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    assert {name.split(".")[0] for name in imports(SOURCE)} <= set(sys.stdlib_module_names) - {"tomllib"}
    assert not {"file_digest", "removeprefix", "pairwise", "UTC"} & {
        node.attr for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)
    }


def test_it_calls_things_as_the_pack_does():
    assert (check.SUMS, check.AUDIT, check.HEAD) == (pack.SUMS, pack.AUDIT, pack.HEAD)
    assert f"{pack.EVIDENCE}/" == check.EVIDENCE


def test_it_reckons_an_entry_s_hash_as_the_audit_does(at_work: Cast, tmp_path: Path):
    import json

    hand_in(at_work, 1, "ก.pdf")
    made = Unpacked.of(packed(), tmp_path)
    lines = (made.folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    with db.reading() as session:
        for line in lines:
            told = json.loads(line)
            entry = session.get_one(AuditEntry, told["number"])
            assert check.entry_hash(told) == audit.entry_hash(entry) == entry.hash


def test_a_terminal_without_thai_is_no_error(at_work: Cast, tmp_path: Path):
    made = Unpacked.of(packed(), tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", str(made.folder / "check.py")], env={"PYTHONIOENCODING": "ascii"},
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
