"""Streamlit's files as they go out: compressed where the browser takes it, whole, cached for good; nothing else is."""

import gzip
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import httpx
import pytest
import streamlit

from ita_core.models import Role
from ita_core.web import page
from ita_core.web.static import Shelf, coding
from tests import icons
from tests.server import running
from tests.signing_in import Office

STREAMLITS = Path(streamlit.__file__).parent / "static"
CLIENT = httpx.Client(timeout=60)
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize(
    ("accepts", "found"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0.000", ""),
        ("identity", ""),
        ("identity;q=1, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.6", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=0", ""),  # there is always the answer as it is
        ("deflate, zstd, compress", ""),
        ("gzip;q=2", ""),
        ("gzip;q=nan", ""),
        ("gzip;q=, br;x=1", ""),
        (" br ; q=0.1 ,gzip ; q=0.2", "gzip"),
        (",;=,,", ""),
        ("xbr, brx", ""),
    ],
)
def test_what_the_browser_wants_most_is_chosen(accepts: str, found: str) -> None:
    assert coding(accepts) == found


# --- the real server --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("light")
    with running(folder, ITA_CACHE_FOLDER=str(folder / "cache")) as server:
        made = Office(server)
        yield made
        made.engine.dispose()


def ask(office: Office, path: str, accepts: str, method: str = "GET", **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it came."""
    sent = {"Accept-Encoding": accepts, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with CLIENT.stream(method, office.server.url + path, headers=sent) as answer:
        return answer, b"".join(answer.iter_raw())


def named_by(html: str) -> list[str]:
    """The scripts and styles that a page names, as addresses."""
    return [path.removeprefix(".") for path in re.findall(r'(?:src|href)="(\./static/[^"]+)"', html)]


def test_all_that_a_page_names_comes_compressed_and_is_what_it_was(office: Office) -> None:
    made = page.made(STREAMLITS)
    names = named_by(made.html)
    assert len(names) > 50
    for path in names:
        name = path.removeprefix("/static/")
        content = made.files[name] if name in made.files else (STREAMLITS / "static" / name).read_bytes()
        for how in ("br", "gzip", ""):
            answer, body = ask(office, path, how or "identity")
            assert answer.status_code == 200
            assert answer.headers.get("content-encoding", "") == how
            assert UNPACK[how](body) == content, (path, how)
            assert answer.headers["vary"] == "Accept-Encoding"
            assert {"immutable", "public", "max-age=31536000"} <= set(answer.headers["cache-control"].split(", "))
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-security-policy"] == "default-src 'self'; frame-ancestors 'none'"
            assert ("css" if ".css" in path else "javascript") in answer.headers["content-type"]


@pytest.mark.parametrize("path", ["/", "/overview"])
def test_the_page_itself_comes_compressed_and_whole_and_with_its_policy(office: Office, path: str) -> None:
    for how in ("br", "gzip", ""):
        answer, body = ask(office, path, how or "identity")
        assert answer.headers.get("content-encoding", "") == how
        assert UNPACK[how](body).decode() == page.made(STREAMLITS).html
        assert answer.headers["cache-control"] == "no-cache"
        assert set(answer.headers["vary"].split(", ")) == {"Accept-Encoding"}
        assert "script-src 'self' blob: 'sha256-" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("how", ["br", "gzip"])
@pytest.mark.parametrize("path", ["/overview", named_by(page.made(STREAMLITS).html)[0]])
def test_head_is_the_head_of_get_and_what_one_has_does_not_come_again(office: Office, path: str, how: str) -> None:
    answer, body = ask(office, path, how)
    head, nothing = ask(office, path, how, "HEAD")
    for name in ("content-length", "content-type", "content-encoding", "etag", "vary", "cache-control"):
        assert head.headers[name] == answer.headers[name] or name in {"content-length", "etag"}  # a smaller one is made
    assert nothing == b""
    assert int(answer.headers["content-length"]) == len(body)
    for tag in (head.headers["etag"], "W/" + head.headers["etag"], '"x", ' + head.headers["etag"]):
        again, nothing = ask(office, path, how, If_None_Match=tag)
        if again.headers["etag"] == head.headers["etag"]:
            assert (again.status_code, nothing) == (304, b"")
    other, body = ask(office, path, how, If_None_Match='"x"')
    assert (other.status_code, bool(body)) == (200, True)


def test_a_page_that_is_not_there_keeps_the_policy_of_pages_whatever_its_name_ends_in(office: Office) -> None:
    answer, body = ask(office, "/static/js/none.js", "br")
    assert body.lstrip().startswith(b"<!--")  # Streamlit's own page, as for every unknown address
    assert "script-src 'self' blob:" in answer.headers["content-security-policy"]
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/js/../../index.html", "/static/%2e%2e/index.html"])
def test_nothing_beside_the_files_is_named_by_a_path(office: Office, path: str) -> None:
    answer, body = ask(office, path, "br")
    assert "content-encoding" not in answer.headers
    assert b"import streamlit" not in body


def test_what_is_made_for_somebody_is_never_compressed(office: Office) -> None:
    cookie = office.cookie(office.account("commander", Role.commander))
    for path in ("/tables/items.csv", "/tables/slots.json", "/_stcore/host-config"):
        for accepts in ("br", "gzip", "gzip, deflate, br, zstd", "*"):
            answer, body = ask(office, path, accepts, Cookie=cookie)
            assert answer.status_code == 200, path
            assert "content-encoding" not in answer.headers
            assert int(answer.headers.get("content-length", len(body))) == len(body)
    assert len(ask(office, "/tables/slots.json", "gzip", Cookie=cookie)[1]) > 10_000  # worth compressing, that is


def test_the_server_s_own_answer_about_its_host_stands_in_the_page(office: Office) -> None:
    told = httpx.get(office.server.url + "/_stcore/host-config").json()
    assert {name: value for name, value in told.items() if name != "allowedOrigins"} == page.HOST


# --- the shelf --------------------------------------------------------------------------------------------------------

NAME = "js/react-dom.js"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few of Streamlit's files."""
    made = tmp_path / "static" / "js"
    made.mkdir(parents=True)
    [real] = (STREAMLITS / "static" / "js").glob("react-dom.*.js")
    shutil.copy(real, made / "react-dom.js")
    return made.parent


def kept(shelf: Shelf, keep: Path) -> Path:
    """The file as small as it gets, once it lies on disk and is given out."""
    path = keep / "js-react-dom.js.br"
    while not path.exists() or shelf.get(NAME, "br") != path.read_bytes():
        time.sleep(0.05)
    return path


def test_the_first_is_answered_at_once_and_later_ones_with_less(folder: Path, tmp_path: Path) -> None:
    shelf = Shelf(folder, {}, tmp_path / "keep")
    first = shelf.get(NAME, "br")
    path = kept(shelf, tmp_path / "keep")
    assert len(shelf.get(NAME, "br")) < len(first)
    assert {brotli.decompress(one) for one in (first, path.read_bytes())} == {shelf.content(NAME)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert Shelf(folder, {}, tmp_path / "keep").get(NAME, "br") == path.read_bytes()  # the next start has it at once


@pytest.mark.parametrize(
    "poison",
    [
        brotli.compress(b"alert(1)//" + b"x" * 100_000),
        b"alert(1)",
        b"",
        brotli.compress(b"\0" * 10_000_000),
    ],
    ids=["another script", "no brotli", "nothing", "a bomb"],
)
def test_whoever_can_write_where_they_are_kept_puts_no_script_into_a_page(
    folder: Path, tmp_path: Path, poison: bytes
) -> None:
    path = tmp_path / "keep" / "js-react-dom.js.br"
    path.parent.mkdir()
    path.write_bytes(poison)
    shelf = Shelf(folder, {}, path.parent)
    assert brotli.decompress(shelf.get(NAME, "br")) == shelf.content(NAME)
    while path.read_bytes() == poison:  # made anew
        time.sleep(0.05)
    assert brotli.decompress(kept(shelf, path.parent).read_bytes()) == shelf.content(NAME)


def test_where_nothing_can_be_kept_it_is_served_all_the_same(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    shelf = Shelf(folder, {}, tmp_path / "file" / "keep")
    first = shelf.get(NAME, "br")
    while shelf.get(NAME, "br") == first:
        time.sleep(0.05)
    assert brotli.decompress(shelf.get(NAME, "br")) == shelf.content(NAME)


def test_what_another_version_kept_goes(folder: Path, tmp_path: Path) -> None:
    keep = tmp_path / "keep"
    keep.mkdir()
    for name in ("js-react-dom.old.js.br", "left.tmp"):
        (keep / name).write_bytes(b"x")
        os.utime(keep / name, (0, 0))  # a temporary one that is younger may be another process's
    shelf = Shelf(folder, {}, keep)
    shelf.get(NAME, "br")
    kept(shelf, keep)
    assert [path.name for path in keep.iterdir()] == ["js-react-dom.js.br"]


def test_several_that_start_at_once_keep_one_and_it_is_whole(folder: Path, tmp_path: Path) -> None:
    shelves = [Shelf(folder, {}, tmp_path / "keep") for _ in range(4)]
    for shelf in shelves:
        shelf.get(NAME, "br")
    for shelf in shelves:
        assert brotli.decompress(kept(shelf, tmp_path / "keep").read_bytes()) == shelf.content(NAME)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_names_all_that_its_first_parts_import_and_only_what_is_there() -> None:
    made = page.made(STREAMLITS)
    names = {path.removeprefix("/static/") for path in named_by(made.html)}
    there = {path.relative_to(STREAMLITS / "static").as_posix() for path in (STREAMLITS / "static").rglob("*.*")}
    assert names <= there | made.files.keys()
    for part in page.EVERY_PAGE:
        assert [name for name in names if name.startswith(f"js/{part}.")], part
    for name in names - made.files.keys():
        text = (STREAMLITS / "static" / name).read_text(encoding="utf-8")
        assert {f"js/{one}" for one in re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', text)} <= names, name


def test_the_styles_are_streamlit_s_own_but_for_two_fonts() -> None:
    [ours] = [content.decode() for name, content in page.made(STREAMLITS).files.items() if name.endswith(".css")]
    [theirs] = (STREAMLITS / "static" / "css").glob("index.*.css")
    before = theirs.read_text(encoding="utf-8")
    faces = re.compile(r"@font-face\{[^}]*\}")
    assert faces.sub("", ours) == faces.sub("", before)
    gone = set(faces.findall(before)) - set(faces.findall(ours))
    assert {re.search(r"font-family:([\w ]+)", face)[1] for face in gone} == {"Source Sans", "Material Symbols Rounded"}  # type: ignore[index]
    assert len(faces.findall(ours)) == len(faces.findall(before)) - 2  # Source Sans, upright and italic


def test_every_icon_that_anything_names_is_in_the_font_as_it_was() -> None:
    whole, ours = icons.font(icons.whole()), icons.font(page.ICONS)
    theirs_drawn, ours_drawn, wanted = icons.drawn(whole), icons.drawn(ours), icons.wanted()
    assert len(wanted) > 100
    assert not wanted - ours_drawn.keys(), "python -m tests.icons makes it anew"
    for name in wanted:
        assert ours["glyf"][ours_drawn[name]] == whole["glyf"][theirs_drawn[name]], name
