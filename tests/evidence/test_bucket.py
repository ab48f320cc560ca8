"""A bucket that is away, refuses, forgets or lies; the copies beside it."""

import http.server
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ita_core.errors import Refused
from ita_core.evidence.objects import Store, StoreAway, StoreUnusable
from ita_core.evidence.store import open_store
from tests.buckets import KEY, SECRET
from tests.evidence.places import DIGEST, PDF, Place
from tests.papers import filled_pdf


class Odd(http.server.BaseHTTPRequestHandler):
    """Answers every request with the status and the length that the test says."""

    protocol_version = "HTTP/1.1"
    status, length = 200, "0"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.status)
        self.send_header("Content-Length", self.length if self.command == "HEAD" else "0")
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Wed, 12 Mar 2025 10:00:00 GMT")
        self.end_headers()

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def odd(reach: Callable[[str], None]) -> Iterator[type[Odd]]:
    class Answering(Odd):
        pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    reach(f"http://127.0.0.1:{server.server_port}")
    yield Answering
    server.shutdown()
    server.server_close()


def nobody_there() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def tells_nothing(refused: Refused, log: str) -> None:
    for secret in (KEY, SECRET, "127.0.0.1", "http", "PUT", "evidence-"):
        assert secret not in str(refused) + log


def bucket_at(url: str, local: Path) -> Store:
    from ita_core.evidence.bucket import Bucket

    return Bucket(url, local)


def test_a_bucket_that_is_not_there_is_one_sentence(bucket: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with pytest.raises(StoreUnusable, match="there is no such bucket") as refused:
        bucket_at("s3://evidence-of-nobody/x", tmp_path / "x").prepare()
    tells_nothing(refused.value, caplog.text)


@pytest.mark.parametrize(
    ("status", "says"), [(403, "refuses the keys"), (401, "refuses the keys"), (500, "not answer")]
)
def test_a_bucket_that_refuses_is_one_sentence(
    odd: type[Odd], tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int, says: str
):
    odd.status = status
    with pytest.raises(StoreUnusable, match=says) as refused:
        bucket_at("s3://evidence/x", tmp_path).prepare()
    tells_nothing(refused.value, caplog.text)


def test_a_store_that_does_not_answer_at_a_start_is_one_sentence_within_seconds(
    reach: Callable[[str], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    reach(nobody_there())
    began = time.monotonic()
    with pytest.raises(StoreUnusable, match="does not answer") as refused:
        bucket_at("s3://evidence/x", tmp_path).prepare()
    assert time.monotonic() - began < 120  # by itself the client tries for three minutes
    tells_nothing(refused.value, caplog.text)


def test_a_variable_that_means_nothing_is_one_sentence(bucket: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_TIMEOUT", "soon")
    with pytest.raises(StoreUnusable, match="AWS_"):
        bucket_at(bucket.url, tmp_path)


def test_a_cache_that_cannot_be_written_is_one_sentence(bucket: Place, tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreUnusable, match="Not a directory"):
        bucket_at(bucket.url, tmp_path / "file" / "cache").prepare()


def test_a_store_that_is_away_later_is_one_sentence_and_copies_are_still_given_out(
    bucket: Place, reach: Callable[[str], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    bucket.store.put([PDF], "a.pdf")
    reach(nobody_there())
    away, other = bucket_at(bucket.url, bucket.store.inbox.parent), "0" * 64
    assert away.verified(DIGEST).read_bytes() == PDF
    for act in (
        lambda: away.put([PDF], "a.pdf"),
        lambda: away.verified(other),
        lambda: list(away.read(other)),
        lambda: away.holds(DIGEST),
        lambda: list(away.names()),
        lambda: away.remove(other),
    ):
        with pytest.raises(StoreAway) as refused:
            act()
        tells_nothing(refused.value, caplog.text)
    assert refused.value.passing
    assert list(away.inbox.iterdir()) == []


def test_a_bucket_that_vanished_keeps_nothing_and_says_so(odd: type[Odd], tmp_path: Path):
    store = bucket_at("s3://evidence/x", tmp_path)
    for folder in (store.inbox, tmp_path / "copies"):
        folder.mkdir(parents=True)
    odd.status = 404
    with pytest.raises(StoreAway):
        store.put([PDF], "a.pdf")


def test_a_bucket_that_kept_less_than_was_sent_is_not_believed(odd: type[Odd], tmp_path: Path):
    store = bucket_at("s3://evidence/x", tmp_path)
    for folder in (store.inbox, tmp_path / "copies"):
        folder.mkdir(parents=True)
    odd.length = str(len(PDF) - 1)
    with pytest.raises(StoreAway):
        store.put([PDF], "a.pdf")
    odd.length = str(len(PDF))
    assert store.put([PDF], "a.pdf").size == len(PDF)


def test_a_copy_that_changed_is_fetched_anew(bucket: Place):
    bucket.store.put([PDF], "a.pdf")
    copy = bucket.store.verified(DIGEST)
    copy.chmod(0o644)
    copy.write_bytes(b"changed")
    assert bucket.store.verified(DIGEST).read_bytes() == PDF


def test_copies_that_were_used_long_ago_make_room_and_recent_ones_stay(bucket: Place, monkeypatch: pytest.MonkeyPatch):
    from ita_core.evidence import bucket as module

    monkeypatch.setattr(module, "CACHE_BYTES", 250_000)
    kept = [bucket.store.put([filled_pdf(100_000)], "a.pdf").sha256 for _ in range(3)]
    copies = bucket.store.inbox.parent / "copies"
    assert {path.name for path in copies.iterdir()} == set(kept)  # all within the hour
    long_ago = time.time() - module.USED_SECONDS - 10
    for number, one in enumerate(kept):
        os.utime(copies / one, (long_ago + number, long_ago + number))
    bucket.store.verified(kept[0])
    last = bucket.store.put([filled_pdf(100_000)], "a.pdf").sha256
    assert {path.name for path in copies.iterdir()} == {kept[0], last}
    assert bucket.store.verified(kept[1])


def test_without_obstore_a_bucket_is_one_sentence(bucket: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_EVIDENCE_URL", bucket.url)
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "ita_core.evidence.bucket")
    with pytest.raises(StoreUnusable, match=r'pip install -e "\.\[s3\]"'):
        open_store()
