"""What a command writes is there whole or not at all: real folders, links, pipes, and a disk that is really full."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
import typer

from ita_core import db
from ita_core.cli import writing
from ita_core.cli.apps import CannotWrite
from ita_core.settings import settings


@pytest.fixture(autouse=True)
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database in a folder beside the one that is written into."""
    monkeypatch.setenv("ITA_DATABASE_URL", f"sqlite:///{tmp_path / 'ita.db'}")
    settings.cache_clear()
    db.engine.cache_clear()
    yield
    settings.cache_clear()
    db.engine.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def breaks(target: IO[bytes]) -> None:
    target.write(b"half")
    raise CannotWrite(file="x", why="no")


def test_a_file_is_written_and_replaces_the_old_one_whose_readers_stay(folder: Path):
    file = folder / "รายงาน.csv"
    writing.put_whole(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o644)
    file.chmod(0o600)
    writing.put_whole(file, lambda target: target.writelines([b"ag", b"ain"]))
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"again", 0o600)
    assert names(folder) == ["รายงาน.csv"]


def test_what_breaks_off_leaves_the_old_file_and_nothing_beside_it(folder: Path):
    file = folder / "x.csv"
    file.write_bytes(b"old")
    with pytest.raises(CannotWrite):
        writing.put_whole(file, breaks)
    assert (file.read_bytes(), names(folder)) == (b"old", ["x.csv"])


def test_a_full_disk_is_a_sentence_and_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The system itself says so: /dev/full takes nothing."""
    if not Path("/dev/full").exists():
        pytest.skip("/dev/full is Linux's")
    with pytest.raises(CannotWrite, match="/dev/full cannot be written: No space left on device"):
        writing.put_whole(Path("/dev/full"), b"x" * 100_000)
    full = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(writing.tempfile, "mkstemp", lambda **at: (full, str(folder / "x.part")))
    (folder / "x.part").touch()
    with pytest.raises(CannotWrite, match=r"x\.csv cannot be written: No space left on device"):
        writing.put_whole(folder / "x.csv", b"x" * 100_000)
    assert names(folder) == []


@pytest.mark.parametrize("name", ["no/such/x.csv", ".", "x" * 300 + ".csv"])
def test_what_is_no_place_for_a_file_is_a_sentence(folder: Path, name: str):
    with pytest.raises(CannotWrite):
        writing.put_whole(folder / name, b"x")
    assert names(folder) == []


def test_a_link_is_followed_and_a_pipe_is_written_to(folder: Path):
    (folder / "real").mkdir()
    (folder / "link.csv").symlink_to(folder / "real" / "x.csv")
    writing.put_whole(folder / "link.csv", b"x")
    assert (folder / "link.csv").is_symlink()
    assert (folder / "real" / "x.csv").read_bytes() == b"x"
    os.mkfifo(folder / "pipe")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append((folder / "pipe").read_bytes()))
    reader.start()
    writing.put_whole(folder / "pipe", b"through")
    reader.join()
    assert got == [b"through"]


def test_the_database_is_never_written_over(tmp_path: Path):
    (tmp_path / "ita.db").write_bytes(b"precious")
    with pytest.raises(writing.OwnFile):
        writing.put_whole(tmp_path / "ita.db", b"x")
    assert (tmp_path / "ita.db").read_bytes() == b"precious"


def test_a_folder_gets_a_file_of_the_usual_name(folder: Path, capfd: pytest.CaptureFixture[str]):
    assert writing.target_of(folder, "a.csv") == folder / "a.csv"
    assert writing.target_of(folder / "b.csv", "a.csv") == folder / "b.csv"
    assert writing.target_of(None, "a.csv") is None
    writing.give(folder, "a.csv", b"x")
    assert (folder / "a.csv").read_bytes() == b"x"
    assert capfd.readouterr() == ("", f"{folder / 'a.csv'}\n")


def test_the_ending_of_a_name_is_one_of_those_allowed_or_wrong_use(folder: Path):
    assert writing.ending_of(folder / "รายงาน.PDF", ["docx", "pdf"]) == "pdf"
    for name in ("m.txt", "m", ".pdf", "m.pdf.part"):
        with pytest.raises(typer.BadParameter, match=rf"^The name must end in \.docx or \.pdf, but it is “{name}”\.$"):
            writing.ending_of(folder / name, ["docx", "pdf"])
    (folder / "m.txt").mkdir()
    os.mkfifo(folder / "pipe")
    assert [writing.ending_of(one, ["pdf"]) for one in (None, folder / "m.txt", folder / "pipe")] == ["", "", ""]


def test_the_bar_is_drawn_on_a_terminal_and_only_once_it_takes_long(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    with writing.bar("Reading") as progress:
        time.sleep(writing.QUICK * 1.1)
        progress(1, 2)
    assert capfd.readouterr().err == ""  # no terminal
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with writing.bar("Reading") as progress:
        progress(1, 2)
        assert capfd.readouterr().err == ""
        time.sleep(writing.QUICK * 1.1)
        progress(2, 2)
    assert "Reading" in capfd.readouterr().err
