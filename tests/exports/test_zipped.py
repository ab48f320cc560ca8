"""ZIPs made while they are sent: names that lead nowhere, no two alike, what any program unpacks."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from ita_core.errors import Refused
from ita_core.exports import zipped
from ita_core.exports.zipped import Entry, of_bytes
from tests.exports.packs import unpacked

NOW = datetime(2025, 3, 15, 2, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..", "...", "/x.pdf", "C:\\x.pdf", "a\x00b.pdf", "CON.pdf", "nul", " . ", "", "x.pdf. ",
     "a/b/c.pdf", "ก" * 300 + ".pdf", ".htaccess", "a\nb.pdf", "a\u202eb.pdf", "lpt1.tar.gz", "COM¹.pdf",
     "conin$.txt", "a" * 300 + ".pdf", 'a"<>|?*:.pdf'],
)  # fmt: skip
def test_a_name_leads_nowhere_on_any_system(name: str):
    part = zipped.clean_part(name)
    assert part
    assert len(PurePosixPath(f"O6/{part}").parts) == 2
    assert not set(part) & set('<>:"/\\|?*\x00\n\u202e')
    assert part.strip(". ")
    assert not part.startswith(".")
    assert not part.endswith((".", " "))
    assert part.split(".")[0].lower() not in {"con", "nul", "lpt1", "com¹", "conin$"}
    assert len(part.encode()) <= zipped.LONGEST_BYTES
    assert len(part) <= zipped.LONGEST_LETTERS
    assert not name.endswith(".pdf") or part.endswith(".pdf")


def test_no_two_names_are_alike_on_any_system():
    names = zipped.Names("a/b.pdf")
    given = [
        names.unused(name) for name in ("A/B.PDF", "a/b.pdf", "a/น\u0e4dา.pdf", "a/นำ.pdf", "a/cafe\u0301", "a/café")
    ]
    assert given == ["A/B (2).PDF", "a/b (3).pdf", "a/น\u0e4dา.pdf", "a/นำ (2).pdf", "a/cafe\u0301", "a/café (2)"]


def test_many_that_are_called_alike_are_numbered_without_trying_every_number_again(monkeypatch: pytest.MonkeyPatch):
    tried: list[str] = []
    alike = zipped._alike
    monkeypatch.setattr(zipped, "_alike", lambda name: tried.append(name) or alike(name))
    names = zipped.Names()
    given = [names.unused("O6/รายงาน.pdf") for _time in range(2_000)]
    assert given[:3] + given[-1:] == [
        "O6/รายงาน.pdf", "O6/รายงาน (2).pdf", "O6/รายงาน (3).pdf", "O6/รายงาน (2000).pdf",
    ]  # fmt: skip
    assert len(tried) < 5 * len(given)


def test_a_number_that_somebody_typed_is_no_other_files():
    names = zipped.Names()
    given = [names.unused(name) for name in ("a.pdf", "a (2).pdf", "a.pdf", "a (2).pdf", "a.pdf", "a (2) (2).pdf")]
    assert given == ["a.pdf", "a (2).pdf", "a (3).pdf", "a (2) (2).pdf", "a (4).pdf", "a (2) (2) (2).pdf"]


def test_what_is_large_is_of_the_larger_kind_and_any_program_unpacks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Small figures stand for 4 GB and 65,535 entries: what is written then is the same."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 5)
    wanted = {f"O{number}/รายงาน {number}.pdf": b"%d" % number * 40 * number for number in range(9)}
    content = b"".join(zipped.stream(of_bytes(name, NOW, content) for name, content in wanted.items()))
    assert zipped.length((name, len(one)) for name, one in wanted.items()) == len(content)
    monkeypatch.undo()
    assert content.count(b"PK\x06\x06") == 1  # the larger kind's own end
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert made.testzip() is None
        assert {name: made.read(name) for name in made.namelist()} == wanted
        assert made.infolist()[0].date_time == (2025, 3, 15, 9, 30, 8)  # in Thailand
    out = unpacked(content, tmp_path)
    assert {name: (out / name).read_bytes() for name in wanted} == wanted


@pytest.mark.parametrize("sizes", [[], [0], [1, 200_000], [3] * 40])
def test_how_long_it_will_be_is_known_before(sizes: list[int]):
    entries = [of_bytes(f"O6/น้ำ {number}", NOW, b"x" * size) for number, size in enumerate(sizes)]
    assert zipped.length((one.name, one.size) for one in entries) == len(b"".join(zipped.stream(entries)))


def test_what_is_refused_in_the_middle_leaves_no_zip():
    def broken() -> Iterator[bytes]:
        yield b"a" * 1000
        raise Refused("no")

    parts = zipped.stream([of_bytes("a", NOW, b"a"), Entry("b", NOW, 2000, broken)])
    sent = b""
    with pytest.raises(Refused):
        for part in parts:
            sent += part
    assert sent.startswith(b"PK")
    assert not zipfile.is_zipfile(io.BytesIO(sent))
    assert hashlib.sha256(b"".join(parts)).hexdigest() == hashlib.sha256().hexdigest()  # nothing comes after it
