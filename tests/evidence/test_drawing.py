"""Pages of a PDF as pictures: how large, how many at once, how long they are kept."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from ita_core.evidence import child, drawing
from tests import papers

PDF = papers.pdf()


@pytest.mark.parametrize("box", ["0 0 595 842", "0 0 275 1000000", "0 0 1000000 1", "0 0 0.001 0.001"])
def test_a_page_of_any_size_is_drawn_small(tmp_path: Path, box: str):
    path = tmp_path / "page.pdf"
    path.write_bytes(papers.pdf_with(box))
    found = drawing.drawn(str(path), Path)
    for page in found.pages:
        width, height = Image.open(io.BytesIO(page)).size
        assert width * height <= drawing.LARGEST * 1.05
    if box == "0 0 595 842":
        assert (found.count, len(found.pages)) == (1, 1)


def test_a_pdf_that_cannot_be_read_has_no_pages(tmp_path: Path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(PDF[:300])
    assert drawing.drawn(str(path), Path) == drawing.Drawn(0, ())


def noise(path: Path, seed: int) -> Path:
    """A scan as large as they come: two pages of noise."""
    pages = [Image.frombytes("RGB", (1100, 1500), Random(seed + page).randbytes(1100 * 1500 * 3)) for page in range(2)]
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], quality=95)
    return path


def test_what_was_drawn_is_kept_compressed_and_only_so_much_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "_kept", drawing.new_kept())
    first = noise(tmp_path / "0.pdf", 0)
    found = drawing.drawn(str(first), Path)
    assert all(page.startswith(b"\xff\xd8") and len(page) < drawing.LARGEST for page in found.pages)
    monkeypatch.setattr(drawing, "MOST_KEPT", 2 * drawing._kept.size + 100_000)
    for number in range(1, 4):
        drawing.drawn(str(noise(tmp_path / f"{number}.pdf", number * 10)), Path)
        assert drawing._kept.size <= drawing.MOST_KEPT
    assert [bool(drawing._kept.get(str(tmp_path / f"{number}.pdf"))) for number in range(4)] == [0, 0, 1, 1]


def test_a_document_is_drawn_once_for_all_who_wait_and_an_account_s_take_turns(tmp_path: Path):
    asked, inside, most = [], 0, 0
    lock = threading.Lock()

    def verified(name: str) -> Path:
        nonlocal inside, most
        with lock:
            asked.append(name)
            inside += 1
            most = max(most, inside)
        time.sleep(0.2)
        with lock:
            inside -= 1
        return Path(name)

    paths = [tmp_path / f"{number}.pdf" for number in range(3)]
    for path in paths:
        path.write_bytes(PDF)
    with ThreadPoolExecutor(8) as people:
        same = list(people.map(lambda who: drawing.drawn(str(paths[0]), verified, by=who), range(8)))
    assert asked == [str(paths[0])]
    assert all(one == same[0] and one.count == 1 for one in same)
    with ThreadPoolExecutor(2) as windows:
        list(windows.map(lambda path: drawing.drawn(str(path), verified, by=1), paths[1:]))
    assert (len(asked), most) == (3, 1)


def test_a_small_file_may_take_less_time_than_a_large_one():
    allowed = [child.processor_seconds(size, 15) for size in (57_000, 4 * 1024**2, 200 * 1024**2)]
    assert allowed == [4, 12, 15]


def test_a_page_that_came_too_late_is_drawn_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "page.pdf"
    path.write_bytes(PDF)
    with monkeypatch.context() as patch:
        patch.setattr(drawing, "SECONDS", 0.001)
        assert drawing.drawn(str(path), Path).count == 0
    assert drawing.drawn(str(path), Path).count == 1
    monkeypatch.setattr(child, "ROOT", tmp_path)  # no more child: what was drawn is kept
    assert drawing.drawn(str(path), Path).count == 1
