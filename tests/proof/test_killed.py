"""A backup or a restore that is killed or interrupted leaves nothing half done."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from ita_core.evidence.folder import Folder
from ita_core.proof import backup, verify
from tests.proof.looking import NOW, is_untouched, objects

pytestmark = pytest.mark.both


ROOT = Path(__file__).parents[2]


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that does this and says so, line by line."""
    command = [sys.executable, "-u", "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


BEGIN = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from ita_core import db
from ita_core.proof import backup
from ita_core.evidence.store import Folder
url, folder, file = sys.argv[1:]
store = Folder(Path(folder))
store.prepare()
def slow(done, expected):
    print(done)
    time.sleep(0.05)
"""
BACKUP = "backup.backup(engine=db.make_engine(url), store=store, file=Path(file), at=datetime.now(UTC), progress=slow)"
RESTORE = "backup.restore(engine=db.make_engine(url), store=store, file=Path(file), progress=slow)"


def kill_after(process: subprocess.Popen[str], lines: int) -> None:
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("played", ["sqlite"], indirect=True)
def test_a_backup_that_is_killed_leaves_no_file_and_the_next_is_whole(
    played: sa.Engine, played_store: Folder, empty: sa.Engine, elsewhere: Folder, tmp_path: Path
):
    file = tmp_path / "x.tar"
    kill_after(run(BEGIN + BACKUP, played.url, played_store.root, file), 20)
    assert not file.exists()
    assert (tmp_path / "x.tar.part").exists()
    backup.backup(engine=played, store=played_store, file=file, at=NOW)
    assert not (tmp_path / "x.tar.part").exists()
    assert backup.restore(engine=empty, store=elsewhere, file=file).objects == 84


def test_a_restore_that_is_killed_can_be_run_again(empty: sa.Engine, elsewhere: Folder, demo_backup: Path):
    kill_after(run(BEGIN + RESTORE, empty.url, elsewhere.root, demo_backup), 20)
    assert 19 <= len(objects(elsewhere)) < 84
    back = backup.restore(engine=empty, store=elsewhere, file=demo_backup)
    assert back.objects == len(objects(elsewhere)) == 84
    assert verify.verify(engine=empty, store=elsewhere).findings == ()


def test_a_restore_that_is_interrupted_takes_its_files_away(empty: sa.Engine, elsewhere: Folder, demo_backup: Path):
    def stop(done: int, expected: int) -> None:
        if done > expected / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.restore(engine=empty, store=elsewhere, file=demo_backup, progress=stop)
    assert is_untouched(empty, elsewhere)
