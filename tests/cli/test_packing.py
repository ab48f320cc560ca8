"""`ita pack`: whole or not at all, checked by what is in it."""

import sys
from pathlib import Path

import pytest

from ita_core import db
from ita_core.cli import writing
from ita_core.evidence.store import open_store
from ita_core.models import Decision
from tests.cast import people
from tests.cli.test_cli import Ita, ita  # noqa: F401
from tests.conftest import STARTED
from tests.exports.packs import Unpacked, hand_in


@pytest.fixture
def office(ita: Ita, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("ITA_TODAY", "2025-03-15")
    ita("audit", "head")  # settings of this test's own
    with db.writing() as session:
        cast = people(session, STARTED)
    hand_in(cast, 1, "รับ.pdf")
    hand_in(cast, 2, "กลับ.pdf", Decision.returned)


def test_it_is_named_in_a_folder_and_says_what_to_keep(ita: Ita, office: None, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "out"
    out.mkdir()
    done = ita("pack", out)
    assert (done.returncode, done.stdout) == (0, "")
    [file] = out.iterdir()
    assert file.name == "ita-2568-pack-2568-03-15.zip"
    made = Unpacked.of(file.read_bytes(), tmp_path)
    assert {name.rpartition("/")[2] for name in made.evidence} == {"รับ.pdf"}
    assert made.check().returncode == 0
    import hashlib

    sums = hashlib.sha256((made.folder / "SHA256SUMS").read_bytes()).hexdigest()
    assert done.stderr.startswith(f"{file}: 1 file (")
    assert done.stderr.endswith(f" bytes), SHA-256 of SHA256SUMS {sums}.\n")
    assert f'"sums": "{sums}"' in ita("export", "audit", "--format", "json").stdout


def test_everything(ita: Ita, office: None, tmp_path: Path) -> None:  # noqa: F811
    assert ita("pack", tmp_path, "--everything").returncode == 0
    assert (tmp_path / "ita-2568-pack-all-2568-03-15.zip").exists()
    assert ita("pack", tmp_path / "x.zip", "--everything", "--assessment", "prachuap-2568").returncode == 0
    made = Unpacked.of((tmp_path / "x.zip").read_bytes(), tmp_path)
    assert {name.rpartition("/")[2] for name in made.evidence} == {"รับ.pdf", "กลับ.pdf"}


@pytest.mark.parametrize("fault", ["missing", "damaged"])
def test_a_piece_that_is_not_right_is_one_sentence_and_no_half_file(
    ita: Ita,  # noqa: F811
    office: None,
    tmp_path: Path,
    fault: str,
) -> None:
    for path in [path for path in (open_store().root / "o").rglob("*") if path.is_file()]:
        if fault == "missing":
            path.unlink()
        else:
            path.chmod(0o600)
            path.write_bytes(path.read_bytes().replace(b"Catalog", b"catalog"))
    out = tmp_path / "out"
    out.mkdir()
    (out / "x.zip").write_bytes(b"old")
    done = ita("pack", out / "x.zip")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "“รับ.pdf” of O6" in done.stderr
    assert [path.name for path in out.iterdir()] == ["x.zip"]
    assert (out / "x.zip").read_bytes() == b"old"


def test_nothing_is_written_into_the_store_or_over_the_database(ita: Ita, office: None, tmp_path: Path) -> None:  # noqa: F811
    done = ita("pack", tmp_path / "evidence" / "x.zip")
    assert (done.returncode, "lies inside the evidence store" in done.stderr) == (1, True)
    before = (tmp_path / "ita.db").stat().st_size
    (tmp_path / "x.zip").symlink_to(tmp_path / "ita.db")
    done = ita("pack", tmp_path / "x.zip")
    assert (done.returncode, "is the database itself" in done.stderr) == (1, True)
    assert (tmp_path / "ita.db").stat().st_size >= before
    assert ita("pack", "/no/such/folder/x.zip").stderr.startswith("/no/such/folder/x.zip cannot be written: ")


def test_its_bar_shows_how_much_is_done(
    ita: Ita,  # noqa: F811
    office: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "QUICK", 0)
    assert "Packing" not in ita("pack", tmp_path / "x.zip").stderr  # in a log
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _stream: True, raising=False)
    assert "100%" in ita("pack", tmp_path / "x.zip").stderr


def test_a_name_that_ends_otherwise_is_wrong_use(ita: Ita, office: None, tmp_path: Path) -> None:  # noqa: F811
    done = ita("pack", tmp_path / "p.txt")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2, "Error: Invalid value: The name must end in .zip, but it is “p.txt”.",
    )  # fmt: skip
    assert not (tmp_path / "p.txt").exists()
