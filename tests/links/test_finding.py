"""One look at an address: politely, by all processes together, and kept whole where the setting says so."""

import gzip
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from ita_core import db
from ita_core.evidence.objects import DiskFull
from ita_core.links import finding
from ita_core.links.fetching import Rules
from ita_core.models import LinkOutcome
from ita_core.settings import settings
from tests.cast import Cast
from tests.links.hostile import Website, onwards, plainly, raw, serving

PAGE = "<p>ปีงบประมาณ ๒๕๖๘</p>".encode()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAUSE_SECONDS", 0.05)


def test_who_asks_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_PUBLIC_URL", "https://ita.example.go.th")
    monkeypatch.setenv("ITA_LINKS_INSIDE", "10.1.2.3, 10.1.9.0/24")
    settings.cache_clear()
    made = finding.rules("prachuap", seconds=9)
    settings.cache_clear()
    assert made.agent.startswith("ita-dashboard/")
    assert made.agent.endswith("(link check of prachuap; +https://ita.example.go.th)")
    assert [str(one) for one in made.inside] == ["10.1.2.3/32", "10.1.9.0/24"]


@pytest.mark.usefixtures("quick", "at_work")
def test_what_was_found_is_told_plainly(site: Website, rules: Rules):
    site.paths["/"] = onwards("/o9")
    site.paths["/o9"] = plainly(PAGE)
    with finding.finding(site.url(), 2568, rules) as found:
        pass
    assert (found.outcome, found.status, found.names_year) == (LinkOutcome.reached, 200, True)
    assert (found.final_url, found.size, found.media_type) == (site.url("/o9"), len(PAGE), "text/html")
    assert found.archived is None


@pytest.mark.usefixtures("quick", "at_work")
def test_a_host_is_asked_one_question_at_a_time(site: Website, rules: Rules):
    def slowly(line, asked):
        time.sleep(0.1)
        plainly(b"x")(line, asked)

    site.paths["/"] = slowly
    failed = []

    def ask() -> None:
        try:
            with finding.finding(site.url(), 2568, rules) as found:
                assert found.outcome is LinkOutcome.reached
        except BaseException as error:  # noqa: BLE001 - of another thread
            failed.append(error)

    threads = [threading.Thread(target=ask) for _number in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert (len(site.asked), site.most_at_once) == (5, 1)


@pytest.mark.usefixtures("quick", "at_work")
def test_what_may_pass_is_tried_again_and_what_does_not_is_not(site: Website, rules: Rules):
    answers = iter([plainly(b"", status="503 Busy"), plainly(PAGE)])
    site.paths["/"] = lambda line, asked: next(answers)(line, asked)
    with finding.finding(site.url(), 2568, rules, tries=2) as found:
        assert found.outcome is LinkOutcome.reached
    with finding.finding(site.url("/gone"), 2568, rules, tries=2) as found:
        assert found.outcome is LinkOutcome.refused
    assert len(site.asked) == 3


@pytest.mark.usefixtures("quick", "at_work")
def test_the_answer_is_kept_whole_as_any_tool_of_web_archives_reads_it(
    site: Website, rules: Rules, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("ITA_LINKS_KEEP", "true")
    settings.cache_clear()
    packed = gzip.compress(PAGE)
    site.paths["/"] = onwards("/o9")
    site.paths["/o9"] = raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n",
    )
    with finding.finding(site.url(), 2568, rules) as found:
        assert found.archived is not None
        kept = tmp_path / "o9.warc.gz"
        kept.write_bytes(found.archived.path.read_bytes())
        size = found.archived.size
    assert not found.archived.path.exists()
    assert kept.stat().st_size == size
    with kept.open("rb") as source:
        records = [
            (one.rec_type, one.rec_headers["WARC-Target-URI"], one.http_headers and one.http_headers.get_statuscode(),
             one.content_stream().read())
            for one in ArchiveIterator(source, check_digests="raise")
        ]  # fmt: skip
    assert [one[:3] for one in records] == [
        ("warcinfo", None, None), ("response", site.url(), "302"), ("response", site.url("/o9"), "200"),
    ]  # fmt: skip
    assert records[2][3] == PAGE


@pytest.mark.usefixtures("quick", "at_work")
def test_a_head_in_thai_is_kept_byte_for_byte(
    site: Website, rules: Rules, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Many a website says "404 ไม่พบหน้า" in its status line; ASCII it should be."""
    monkeypatch.setenv("ITA_LINKS_KEEP", "true")
    settings.cache_clear()
    head = "HTTP/1.1 404 ไม่พบหน้า\r\nX-Served-By: เครื่องที่ ๑\r\n".encode() + b"X-Old: \xa1\xa2\r\n"
    site.paths["/"] = raw(head + b"Content-Length: 1\r\n\r\nx")
    with finding.finding(site.url(), 2568, rules) as found:
        assert (found.outcome, found.status) == (LinkOutcome.refused, 404)
        assert found.archived is not None
        assert head in gzip.decompress(found.archived.path.read_bytes()).replace(
            b"X-Archive-Orig-Content-Length: 1\r\n", b""
        )
        with found.archived.path.open("rb") as source:
            [_about, answer] = list(ArchiveIterator(source, check_digests="raise"))
            assert answer.http_headers.get_statuscode() == "404"


@pytest.mark.usefixtures("quick", "at_work")
def test_a_host_that_others_lead_to_is_asked_one_question_at_a_time_too(
    site: Website, rules: Rules, monkeypatch: pytest.MonkeyPatch
):
    """Every office has a name of its own, all of them lead to one website."""
    genuine = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo",
        lambda host, *more, **kind: genuine("127.0.0.1" if host.endswith(".go.th") else host, *more, **kind),
    )  # fmt: skip

    def slowly(line, asked):
        time.sleep(0.2)
        plainly(b"x")(line, asked)

    with serving() as offices:
        offices.paths["/"] = onwards(site.url("/", "www.example.go.th"))
        site.paths["/"] = slowly
        found = []

        def ask(number: int) -> None:
            with finding.finding(offices.url("/", f"office{number}.go.th"), 2568, rules) as one:
                found.append(one.outcome)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert found == [LinkOutcome.reached] * 4
    assert (len(site.asked), site.most_at_once) == (4, 1)


@pytest.mark.usefixtures("quick", "at_work")
def test_waiting_for_others_is_not_told_as_a_slow_website(site: Website, rules: Rules):
    site.paths["/"] = plainly(PAGE)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with db.claiming("127.0.0.1", kind="host"):
            held.set()
            let_go.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    threading.Timer(1.5, let_go.set).start()
    with finding.finding(site.url(), 2568, replace(rules, seconds=1)) as found:
        assert found.outcome is LinkOutcome.reached
    holder.join()


@pytest.mark.usefixtures("quick")
def test_a_website_is_not_asked_under_the_write_lock(at_work: Cast, rules: Rules):
    with db.writing(), pytest.raises(db.SlowUnderLock), finding.finding("http://127.0.0.1/", 2568, rules):
        pass


@pytest.mark.usefixtures("quick", "at_work")
def test_where_there_is_too_little_room_nothing_is_asked(site: Website, rules: Rules):
    asks = finding.finding(site.url(), 2568, replace(rules, most_bytes=10**18))
    with pytest.raises(DiskFull), asks:
        pass
    assert site.asked == []
