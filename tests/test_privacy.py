"""Whatever the program keeps is shut to other users of the machine, what lay open before too."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import ROOT, environment, running

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits: its folders' own rights decide")
NOBODY = 65534


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may walk into: pytest's own is shut to others already."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def open_to_others(place: Path, bits: int = 0o077) -> list[str]:
    """What of ours others could read or walk into, had they come that far: not the test's log, nor a library's."""
    found = [path for path in place.rglob("*") if path.suffix != ".log" and path.name != "pythainlp-data"]
    return [str(path) for path in found if path.lstat().st_mode & bits]


def ita(place: Path, *arguments: str, **more: str) -> None:
    code = "from ita_core.cli import main; main()"
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment(place, **more), check=True)


@pytest.mark.trial
def test_a_server_makes_everything_shut_to_others_and_so_does_the_command(place: Path):
    with running(place, ITA_CACHE_FOLDER=str(place / "cache")):
        assert (place / "ita.db").is_file()
        assert (place / "evidence" / "o" / "ff").is_dir()
        assert open_to_others(place) == []
    ita(place, "backup", str(place / "kept.tar"))
    ita(place, "export", "items", "-o", str(place / "items.csv"))
    assert open_to_others(place) == []
    if os.geteuid() == 0:  # somebody else, really
        look = f"import os; os.setuid({NOBODY}); open({str(place / 'ita.db')!r})"
        tried = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
        assert "PermissionError" in tried.stderr


@pytest.mark.trial
def test_what_an_earlier_version_left_open_is_shut_at_the_next_start(place: Path):
    ita(place, "export", "items", "-o", str(place / "items.csv"))
    kept = place / "evidence" / "o" / "ab" / "ab12"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"x")
    (place / "elsewhere").write_bytes(b"not ours")
    (place / "evidence" / "o" / "link").symlink_to(place / "elsewhere")
    for path in (*place.rglob("*"),):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    with running(place):
        pass
    open_now = set(open_to_others(place))
    assert not {one for one in open_now if "evidence" in one and "link" not in one}
    assert str(place / "ita.db") not in open_now
    assert str(place / "elsewhere") in open_now  # a link leads there: not ours to shut


@pytest.mark.trial
def test_what_a_link_leads_to_by_the_settings_is_shut_like_any_other(place: Path):
    """A larger disk is often put in like that."""
    (place / "disk").mkdir(mode=0o755)
    (place / "evidence").symlink_to(place / "disk")
    ita(place, "export", "items", "-o", str(place / "items.csv"))
    (place / "ita.db").rename(place / "disk" / "ita.db")
    (place / "ita.db").symlink_to(place / "disk" / "ita.db")
    (place / "disk" / "ita.db").chmod(0o644)
    kept = place / "disk" / "o" / "ab" / "ab12"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x")
    kept.chmod(0o444)
    (place / "disk").chmod(0o755)
    with running(place):
        pass
    assert open_to_others(place / "disk") == []
    assert not (place / "disk").stat().st_mode & 0o077


@pytest.mark.trial
def test_the_group_that_a_folder_gives_to_what_is_made_in_it_stays(place: Path):
    kept = place / "evidence"
    kept.mkdir()
    kept.chmod(0o2750)
    for reads, mode in (("true", 0o2750), ("false", 0o2700)):
        with running(place, ITA_GROUP_READS=reads):
            assert kept.stat().st_mode & 0o7777 == mode


@pytest.mark.trial
def test_the_group_reads_where_the_setting_says_so(place: Path):
    with running(place, ITA_GROUP_READS="true"):
        assert open_to_others(place, 0o027) == []
        assert (place / "ita.db").stat().st_mode & 0o040
        assert (place / "evidence" / "o").stat().st_mode & 0o050 == 0o050
