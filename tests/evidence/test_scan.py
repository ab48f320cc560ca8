"""Viruses: a real clamd with signatures of our own, and one that answers oddly."""

import contextlib
import io
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ita_core import db, settings, start
from ita_core.evidence import scan
from ita_core.evidence.folder import Folder
from ita_core.evidence.scan import Infected, ScannerAway, ScannerUnfit, TooLargeToScan
from ita_core.evidence.store import open_store
from tests.conftest import missing
from tests.papers import filled_pdf
from tests.server import free_port

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MARK = b"a mark that our own signature knows"
MB = 1024 * 1024
START_SECONDS = 20
Clamd = Callable[..., None]


@pytest.fixture
def clamd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clamd]:
    """Starts clamd with these settings and points ITA_CLAMD at it, once for each call; ends all of them."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        missing("clamd", "apt-get install clamav-daemon")
    # A short path: a socket's may have 107 bytes. And clamd gives up root, so others must be able to enter.
    home = Path(tempfile.mkdtemp(prefix="ita-clamd-"))
    home.chmod(0o755)
    (home / "signatures").mkdir()
    # Eicar as the real signatures have it: a file that begins with it. The mark: anywhere.
    (home / "signatures" / "own.ndb").write_text(f"Eicar-Test:0:0:{EICAR.hex()}\nIta.Test.Mark:0:*:{MARK.hex()}\n")
    started: list[subprocess.Popen[bytes]] = []

    def begin(*, tcp: bool = False, **more: str) -> None:
        for one in started:
            end(one)
        address = f"127.0.0.1:{free_port()}" if tcp else str(home / "clamd.ctl")
        where = {"TCPAddr": "127.0.0.1", "TCPSocket": address.split(":")[1]} if tcp else {"LocalSocket": address}
        wanted = where | {
            "DatabaseDirectory": str(home / "signatures"), "TemporaryDirectory": str(home), "Foreground": "yes",
            "MaxThreads": "4", "LogFile": str(home / "log"), "User": "root",
        } | more  # fmt: skip
        (home / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in wanted.items()))
        made = subprocess.Popen(
            [program, "-c", str(home / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(made)
        use(monkeypatch, address)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and made.poll() is None:
            with contextlib.suppress(OSError), scan._Stream(address):
                return
            time.sleep(0.02)
        raise RuntimeError((home / "log").read_text())

    yield begin
    for one in started:
        end(one)
    shutil.rmtree(home, ignore_errors=True)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def use(monkeypatch: pytest.MonkeyPatch, address: str, megabytes: int = 8) -> None:
    monkeypatch.setenv("ITA_CLAMD", address)
    monkeypatch.setenv("ITA_MAX_UPLOAD_MB", str(megabytes))
    settings.settings.cache_clear()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    for remembered in (settings.settings, open_store, db.engine):
        remembered.cache_clear()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sent"


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


# --- a real clamd -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tcp", [False, True])
def test_a_clean_file_is_kept_and_an_infected_one_leaves_nothing(clamd: Clamd, store: Folder, tcp: bool):
    clamd(tcp=tcp)
    kept = store.put([filled_pdf(100_000)], "สะอาด.pdf")
    with pytest.raises(Infected, match=r"“ติดเชื้อ\.pdf”.*Ita\.Test\.Mark"):
        store.put([filled_pdf(100_000, salt=MARK)], "ติดเชื้อ.pdf")
    assert [name[5:] for name in store.names()] == [kept.sha256]
    assert list(store.inbox.iterdir()) == []


def test_what_is_inside_a_zip_behind_a_lot_is_found(clamd: Clamd, path: Path):
    clamd()
    path.write_bytes(zipped(filler=bytes(7 * MB), eicar=EICAR))
    with pytest.raises(Infected, match="Eicar-Test"):
        scan.check(path, "a.docx")


@pytest.mark.parametrize("tcp", [False, True])
def test_what_is_larger_than_clamd_takes_is_refused_with_a_sentence_for_the_administrator(
    clamd: Clamd, path: Path, tcp: bool
):
    clamd(tcp=tcp, StreamMaxLength="2M")
    path.write_bytes(bytes(7 * MB))
    with pytest.raises(TooLargeToScan, match="StreamMaxLength"):
        scan.check(path, "a.pdf")
    path.write_bytes(bytes(MB))
    scan.check(path, "a.pdf")


def test_what_clamd_says_it_did_not_look_through_is_refused(clamd: Clamd, path: Path):
    clamd(MaxFileSize="2M", AlertExceedsMax="yes")
    path.write_bytes(bytes(7 * MB))
    with pytest.raises(TooLargeToScan):
        scan.check(path, "a.pdf")


@pytest.mark.parametrize("megabytes", [1, 8, 200])
def test_a_clamd_that_looks_through_the_largest_file_passes_the_proof_at_every_start(
    clamd: Clamd, monkeypatch: pytest.MonkeyPatch, megabytes: int
):
    clamd(StreamMaxLength=f"{megabytes}M", MaxFileSize=f"{megabytes}M", MaxScanSize=f"{2 * megabytes}M")
    use(monkeypatch, settings.settings().clamd, megabytes)
    scan.prove()
    if megabytes < 200:
        scan.prove()  # what it found clean it does not remember


ROOMY = {"StreamMaxLength": "8M", "MaxFileSize": "8M", "MaxScanSize": "16M"}


@pytest.mark.parametrize("more", [{}, {"AlertExceedsMax": "yes"}])
@pytest.mark.parametrize("low", [{"StreamMaxLength": "7M"}, {"MaxFileSize": "7M"}, {"MaxScanSize": "8M"}])
def test_a_clamd_that_says_ok_to_what_it_did_not_look_at_is_told_at_a_start(
    clamd: Clamd, path: Path, low: dict[str, str], more: dict[str, str]
):
    clamd(**ROOMY | low | more)
    for _ in range(2):  # nor does it remember what it did not look through
        with pytest.raises(ScannerUnfit) as refused:
            scan.prove()
    for word in ("StreamMaxLength", "MaxFileSize", "MaxScanSize", "8M", "16M"):
        assert word in str(refused.value)


def test_a_clamd_without_signatures_of_it_is_told_at_a_start(clamd: Clamd):
    clamd()
    home = Path(settings.settings().clamd).parent
    (home / "signatures" / "own.ndb").write_text(f"Ita.Test.Mark:0:*:{MARK.hex()}\n")
    clamd()
    with pytest.raises(ScannerUnfit):
        scan.prove()


def test_a_clamd_that_ended_is_a_sentence_and_nothing_is_taken(clamd: Clamd, store: Folder):
    clamd()
    address = Path(settings.settings().clamd)
    address.unlink()
    with pytest.raises(ScannerAway, match="Try again later"):
        store.put([filled_pdf()], "a.pdf")
    assert (list(store.names()), list(store.inbox.iterdir())) == ([], [])
    with pytest.raises(ScannerAway, match="ITA_CLAMD"):
        scan.prove()


# --- one that answers oddly -------------------------------------------------------------------------------------------

Talk = Callable[[socket.socket], None]


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Talk], None]]:
    """A scanner that deals with each connection as the test says."""
    server = socket.create_server(("127.0.0.1", 0))
    use(monkeypatch, f"localhost:{server.getsockname()[1]}")
    talks: list[Talk] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                with server.accept()[0] as caller, contextlib.suppress(OSError):
                    talks[0](caller)

    threading.Thread(target=serve, daemon=True).start()
    yield talks.append
    server.close()


def hear_out(caller: socket.socket) -> None:
    """Until the piece of no length that ends a file."""
    with caller.makefile("rb") as said:
        assert said.read(10) == b"zINSTREAM\0"
        while length := int.from_bytes(said.read(4), "big"):
            said.read(length)


def saying(*pieces: bytes) -> Talk:
    def talk(caller: socket.socket) -> None:
        hear_out(caller)
        for piece in pieces:
            caller.sendall(piece)
            time.sleep(0.05)

    return talk


@pytest.mark.parametrize(
    "pieces",
    [
        (), (b"\0",), (b"stream: OK",), (b"stream: ", b"Eicar FOUN"), (b"UNKNOWN COMMAND\0",), (b"stream: x ERROR\0",),
        (b"OK\0",), (b"stream: OKAY\0",), (b"x" * 10_000,), (b"\xff\xfe\0",), (b"Scan timed out. ERROR\0",),
    ],
    ids=str,
)  # fmt: skip
def test_whatever_is_no_clear_answer_is_none(odd: Callable[[Talk], None], store: Folder, pieces: tuple[bytes, ...]):
    odd(saying(*pieces))
    with pytest.raises(ScannerAway):
        store.put([filled_pdf()], "a.pdf")
    assert (list(store.names()), list(store.inbox.iterdir())) == ([], [])


def test_an_answer_may_come_in_parts(odd: Callable[[Talk], None], path: Path):
    odd(saying(b"stream", b": O", b"K\0"))
    path.write_bytes(b"x")
    scan.check(path, "a.pdf")


def test_what_was_found_may_have_any_name(odd: Callable[[Talk], None], path: Path):
    odd(saying("stream: ชื่อ {0} %s FOUND\0".encode()))
    path.write_bytes(b"x")
    with pytest.raises(Infected, match=r"ชื่อ \{0\} %s"):
        scan.check(path, "{file}.pdf")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second for one file. Who waits longer gets an answer that counts, half a minute later."""
    monkeypatch.setattr(scan, "SECONDS", 1)


@pytest.mark.usefixtures("impatient")
def test_silence_ends_in_time(odd: Callable[[Talk], None], path: Path):
    def talk(caller: socket.socket) -> None:
        hear_out(caller)
        time.sleep(30)
        caller.sendall(b"stream: OK\0")

    odd(talk)
    path.write_bytes(b"x")
    with pytest.raises(ScannerAway):
        scan.check(path, "a.pdf")


@pytest.mark.usefixtures("impatient")
def test_a_trickle_of_an_answer_ends_in_time(odd: Callable[[Talk], None], path: Path):
    odd(saying(b"stream: ", *[b"x"] * 600, b" FOUND\0"))
    path.write_bytes(b"x")
    with pytest.raises(ScannerAway):
        scan.check(path, "a.pdf")


@pytest.mark.usefixtures("impatient")
def test_one_that_takes_nothing_ends_in_time(odd: Callable[[Talk], None], path: Path):
    def talk(caller: socket.socket) -> None:
        time.sleep(30)
        hear_out(caller)
        caller.sendall(b"stream: OK\0")

    odd(talk)
    path.write_bytes(bytes(30 * MB))
    with pytest.raises(ScannerAway):
        scan.check(path, "a.pdf")


def answering_early(said: bytes) -> Talk:
    def talk(caller: socket.socket) -> None:
        caller.recv(MB)
        caller.sendall(said)

    return talk


def test_an_ok_before_the_whole_was_sent_is_none(odd: Callable[[Talk], None], path: Path):
    odd(answering_early(b"stream: OK\0"))
    path.write_bytes(bytes(30 * MB))
    with pytest.raises(ScannerAway):
        scan.check(path, "a.pdf")


def test_a_refusal_before_the_whole_was_sent_is_heard(odd: Callable[[Talk], None], path: Path):
    odd(answering_early(b"INSTREAM size limit exceeded. ERROR\0"))
    path.write_bytes(bytes(30 * MB))
    with pytest.raises((TooLargeToScan, ScannerAway)):  # where the network drops what came before a hang-up
        scan.check(path, "a.pdf")


def test_without_the_setting_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("ITA_CLAMD", raising=False)
    settings.settings.cache_clear()
    scan.check(tmp_path / "nothing", "a.pdf")
    scan.prove()


def test_a_start_proves_it(filled_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copy(filled_sqlite, tmp_path / "ita.db")
    monkeypatch.setenv("ITA_DATABASE_URL", f"sqlite:///{tmp_path / 'ita.db'}")
    monkeypatch.setenv("ITA_EVIDENCE_URL", str(tmp_path / "evidence"))
    use(monkeypatch, str(tmp_path / "nobody.ctl"))
    for remembered in (open_store, db.engine):
        remembered.cache_clear()
    with pytest.raises(ScannerAway, match="ITA_CLAMD"):
        start.prepare("http://localhost")
    db.engine().dispose()
