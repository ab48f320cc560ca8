"""Asking a website that misbehaves in every way: each ends in time, within its bounds, and is told for what it is."""

import gzip
import hashlib
import socket
import time
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from ita_core.links.fetching import Answer, Rules, fetching
from ita_core.models import LinkOutcome
from tests.authority import tls
from tests.links.hostile import (
    Answering,
    Website,
    dripping,
    flooding,
    onwards,
    plainly,
    raw,
    serving,
    silent,
)

OK = b"HTTP/1.1 200 OK\r\n"


def ask(url: str, rules: Rules, folder: Path) -> Answer:
    """What came of it; nothing is left behind."""
    before = set(folder.iterdir())
    with fetching(url, rules, folder) as answer:
        pass
    assert set(folder.iterdir()) == before
    return answer


def test_what_is_there_is_told_with_its_size_hash_and_kind(site: Website, rules: Rules, tmp_path: Path):
    page = "<p>ปีงบประมาณ ๒๕๖๘</p>".encode()
    site.paths["/o9"] = plainly(page)
    with fetching(site.url("/o9#top"), rules, tmp_path) as answer:
        assert answer.body is not None
        assert answer.body.read_bytes() == page
    assert (answer.outcome, answer.status, answer.size) == (LinkOutcome.reached, 200, len(page))
    assert (answer.media_type, answer.charset) == ("text/html", "utf-8")
    assert answer.sha256 == hashlib.sha256(page).hexdigest()
    assert not answer.body.exists()
    [asked] = site.asked
    assert asked.startswith("GET /o9 HTTP/1.1\r\n")
    assert "user-agent: ita-dashboard/0 (test)" in asked.lower()
    assert "accept-encoding: identity" in asked.lower()
    assert "cookie" not in asked.lower()


MISBEHAVING: dict[str, tuple[Answering, LinkOutcome]] = {
    "gone": (plainly(b"", status="404 Not Found"), LinkOutcome.refused),
    "forbidden": (plainly(b"", status="403 Forbidden"), LinkOutcome.refused),
    "fault": (plainly(b"", status="500 Oh"), LinkOutcome.refused),
    "silent": (silent, LinkOutcome.slow),
    "drips its head": (dripping(b"HTTP/1.1 ", b"2"), LinkOutcome.slow),
    "drips heads": (dripping(OK, b"X-A: b\r\n"), LinkOutcome.slow),
    "drips its content": (dripping(OK + b"Content-Length: 99999\r\n\r\n", b"x"), LinkOutcome.slow),
    "drips pieces": (dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), LinkOutcome.slow),
    "drips that it goes on": (dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), LinkOutcome.slow),
    "heads without end": (flooding(OK, b"X-Head: " + b"x" * 1000 + b"\r\n"), LinkOutcome.garbled),
    "one head without end": (flooding(OK + b"X: ", b"x" * 1000), LinkOutcome.garbled),
    "goes on without end": (flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500), LinkOutcome.too_large),
    "content without end": (flooding(OK + b"\r\n", b"x" * 60_000), LinkOutcome.too_large),
    "pieces without end": (
        flooding(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"ea60\r\n" + b"x" * 60_000 + b"\r\n"),
        LinkOutcome.too_large,
    ),
    "a chunk's length without end": (
        flooding(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 1000), LinkOutcome.garbled,
    ),
    "says more than comes": (raw(OK + b"Content-Length: 100\r\n\r\nshort"), LinkOutcome.garbled),
    "a length that is none": (raw(OK + b"Content-Length: -5\r\n\r\nx"), LinkOutcome.garbled),
    "two lengths": (raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"), LinkOutcome.garbled),
    "broken chunks": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx"), LinkOutcome.garbled),
    "chunks cut off": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"), LinkOutcome.garbled),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), LinkOutcome.garbled),
    "nothing": (raw(), LinkOutcome.garbled),
    "NUL in a head": (raw(OK + b"X: a\x00b\r\n\r\n"), LinkOutcome.garbled),
    "packed though not asked": (plainly(b"x", "text/html", "200 OK", "Content-Encoding: br"), LinkOutcome.garbled),
    "packed, but not": (plainly(b"x" * 99, "text/html", "200 OK", "Content-Encoding: gzip"), LinkOutcome.garbled),
    "packed and cut off": (
        plainly(gzip.compress(b"x" * 99)[:-9], "text/html", "200 OK", "Content-Encoding: gzip"), LinkOutcome.garbled,
    ),
    "a bomb": (
        plainly(gzip.compress(b"\0" * 300_000_000, 9), "text/html", "200 OK", "Content-Encoding: gzip"),
        LinkOutcome.too_large,
    ),
    "to itself": (onwards("/to%20itself"), LinkOutcome.circling),
    "to a file": (onwards("file:///etc/passwd"), LinkOutcome.not_asked),
    "to FTP": (onwards("ftp://127.0.0.1/x"), LinkOutcome.not_asked),
    "to a script": (onwards("javascript:alert(1)"), LinkOutcome.not_asked),
    "to data": (onwards("data:text/html,x"), LinkOutcome.not_asked),
    "with a password": (onwards("http://me:secret@127.0.0.1/"), LinkOutcome.not_asked),
    "to a bad port": (onwards("http://127.0.0.1:99999/"), LinkOutcome.not_asked),
    "to half a bracket": (onwards("http://[::1/"), LinkOutcome.not_asked),
    "to a very long address": (onwards("/" + "a" * 5000), LinkOutcome.not_asked),
    "to nobody": (onwards("http://no-such-host.invalid/"), LinkOutcome.unknown_name),
    "to the metadata": (onwards("http://169.254.169.254/latest/meta-data/"), LinkOutcome.inside),
    "to the office's network": (onwards("//192.168.1.1/"), LinkOutcome.inside),
    "to its own other protocol": (onwards("http://[::1]/"), LinkOutcome.inside),
    "to a mapped address": (onwards("http://[::ffff:127.0.0.1]/"), LinkOutcome.inside),
    "to 6to4": (onwards("http://[2002:7f00:1::]/"), LinkOutcome.inside),
    "to NAT64": (onwards("http://[64:ff9b::a00:1]/"), LinkOutcome.inside),
    "to another port outside": (onwards("http://8.8.8.8:22/"), LinkOutcome.not_asked),
}  # fmt: skip


@pytest.mark.parametrize("name", MISBEHAVING)
def test_whatever_it_does_it_ends_in_time_and_is_told(site: Website, rules: Rules, tmp_path: Path, name: str):
    answering, outcome = MISBEHAVING[name]
    site.paths["/" + name.replace(" ", "%20")] = answering
    began = time.monotonic()
    answer = ask(site.url("/" + name.replace(" ", "%20")), rules, tmp_path)
    assert (answer.outcome, answer.sha256 and "") == (outcome, ""), answer
    assert time.monotonic() - began < rules.seconds + 15  # a bound, no figure: without one it goes on for ever


@pytest.mark.parametrize(
    "url",
    [
        "http://{inside}/", "http://localhost:{port}/", "http://127.1:{port}/", "http://2130706433:{port}/",
        "http://0x7f000001:{port}/", "http://0177.0.0.1:{port}/", "http://0/", "http://[::]:{port}/",
        "http://127.0.0.1.:{port}/", "http://１２７.0.0.1:{port}/",
    ],
)  # fmt: skip
def test_without_the_setting_nothing_inside_is_asked(site: Website, rules: Rules, tmp_path: Path, url: str):
    answer = ask(url.format(inside=f"127.0.0.1:{site.port}", port=site.port), replace(rules, inside=()), tmp_path)
    assert answer.outcome in {LinkOutcome.inside, LinkOutcome.unknown_name, LinkOutcome.not_asked}
    assert site.asked == []


def test_a_redirect_from_outside_to_inside_is_looked_at_like_any_address(rules: Rules, tmp_path: Path):
    """The setting allows the first address only: 127.0.0.1 is to 127.0.0.2 as a website is to the office's network."""
    from ipaddress import ip_network

    with serving() as site:
        site.paths["/"] = onwards(f"http://127.0.0.2:{site.port}/secret")
        answer = ask(site.url("/"), replace(rules, inside=(ip_network("127.0.0.1/32"),)), tmp_path)
        assert (answer.outcome, answer.why) == (LinkOutcome.inside, "127.0.0.2 is 127.0.0.2")
        assert len(site.asked) == 1
        assert answer.url == f"http://127.0.0.2:{site.port}/secret"


def named(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The system's look-up says these addresses, one list after the other; gives the names that it was asked for."""
    asked: list[str] = []
    genuine = socket.getaddrinfo

    def look_up(host: str, port: object, *more: object, **kind: object):
        if host.startswith("127."):
            return genuine(host, port, *more, **kind)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port or 0)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_name_is_looked_up_once_so_that_it_cannot_mean_another_address_a_moment_later(
    site: Website, rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from ipaddress import ip_network

    asked = named(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    site.paths["/"] = plainly(b"x")
    only = replace(rules, inside=(ip_network("127.0.0.1/32"),))
    answer = ask(site.url("/", "www.example.go.th"), only, tmp_path)
    assert answer.outcome is LinkOutcome.reached
    assert asked == ["www.example.go.th"]
    assert [hop.machine for hop in answer.hops] == ["127.0.0.1"]
    assert f"host: www.example.go.th:{site.port}" in site.asked[0].lower()
    again = ask(site.url("/", "www.example.go.th"), only, tmp_path)
    assert again.outcome is LinkOutcome.inside


def test_a_name_with_one_address_inside_is_not_asked_at_any_of_them(
    site: Website, rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    named(monkeypatch, ["127.0.0.1", "10.0.0.1"])
    answer = ask(site.url("/", "www.example.go.th"), rules, tmp_path)
    assert (answer.outcome, site.asked) == (LinkOutcome.inside, [])


def test_a_look_up_that_does_not_end_is_given_up(rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_any, **_more: time.sleep(8) or [])
    began = time.monotonic()
    answer = ask("http://www.example.go.th/", replace(rules, seconds=0.5), tmp_path)
    assert answer.outcome is LinkOutcome.slow
    assert time.monotonic() - began < 6


def test_redirects_are_followed_without_what_was_set_on_the_way(site: Website, rules: Rules, tmp_path: Path):
    site.paths["/a"] = plainly(b"", "text/html", "301 Moved", "Location: /b", "Set-Cookie: id=1; Path=/")
    site.paths["/b"] = onwards("/%E0%B8%81?x=1")
    site.paths["/%E0%B8%81?x=1"] = plainly(b"%PDF-1.7", "application/pdf")
    answer = ask(site.url("/a"), rules, tmp_path)
    assert (answer.outcome, answer.media_type) == (LinkOutcome.reached, "application/pdf")
    assert answer.url == site.url("/%E0%B8%81?x=1")
    assert [hop.status for hop in answer.hops] == [301, 302, 200]
    assert not any("cookie" in one.lower() for one in site.asked)


def test_a_thai_address_in_a_redirect_is_followed_as_it_is_sent(site: Website, rules: Rules, tmp_path: Path):
    site.paths["/"] = raw(b"HTTP/1.1 302 Found\r\nLocation: /" + "ข้อมูล".encode() + b"\r\nContent-Length: 0\r\n\r\n")
    site.paths["/%E0%B8%82%E0%B9%89%E0%B8%AD%E0%B8%A1%E0%B8%B9%E0%B8%A5"] = plainly(b"x")
    assert ask(site.url("/"), rules, tmp_path).outcome is LinkOutcome.reached


def test_nothing_of_the_environment_leads_elsewhere(
    site: Website, rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    site.paths["/"] = plainly(b"x")
    assert ask(site.url(), rules, tmp_path).outcome is LinkOutcome.reached
    assert "authorization" not in site.asked[0].lower()


@pytest.mark.parametrize("packing", [gzip.compress, zlib.compress])
def test_what_is_packed_unasked_is_unpacked(site: Website, rules: Rules, tmp_path: Path, packing):
    kind = "gzip" if packing is gzip.compress else "deflate"
    site.paths["/"] = plainly(packing(b"x" * 200_000), "text/plain", "200 OK", f"Content-Encoding: {kind}")
    answer = ask(site.url(), rules, tmp_path)
    assert (answer.size, answer.sha256) == (200_000, hashlib.sha256(b"x" * 200_000).hexdigest())


def test_a_gzip_is_all_of_its_members(site: Website, rules: Rules, tmp_path: Path):
    """As web servers and `cat a.gz b.gz` make them; cut in odd places, an empty one and padding among them."""
    members = b"".join(map(gzip.compress, (b"a" * 100_000, b"", b"b" * 5, b"c" * 100_000)))
    head = OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"
    whole = hashlib.sha256(b"a" * 100_000 + b"b" * 5 + b"c" * 100_000).hexdigest()
    none = b"\x1f", b"\x1fserved by", b"\x1f\x8bserved by", gzip.compress(b"d")[:8]  # begin like a member
    for number, after in enumerate((b"", b"\0" * 9000, b"<!-- served by -->", b"\n", *none)):
        site.paths[f"/{number}"] = raw(head, *(members[at : at + 7] for at in range(0, len(members), 7)), after)
        answer = ask(site.url(f"/{number}"), rules, tmp_path)
        assert (answer.outcome, answer.size, answer.sha256) == (LinkOutcome.reached, 200_005, whole), answer
    site.paths["/cut"] = raw(head, members[:-9])
    assert ask(site.url("/cut"), rules, tmp_path).outcome is LinkOutcome.garbled


def test_members_without_end_or_content_end_in_time_and_within_bounds(site: Website, rules: Rules, tmp_path: Path):
    head = OK + b"Content-Encoding: gzip\r\n\r\n"
    site.paths["/many"] = flooding(head, gzip.compress(b"") * 3000)
    site.paths["/bomb"] = flooding(head, gzip.compress(b"\0" * 900_000))
    assert ask(site.url("/many"), rules, tmp_path).outcome in {LinkOutcome.too_large, LinkOutcome.slow}
    assert ask(site.url("/bomb"), rules, tmp_path).outcome is LinkOutcome.too_large


def test_what_follows_a_packed_content_is_not_gathered(site: Website, rules: Rules, tmp_path: Path):
    """It was kept and copied with each piece: a few megabytes of it held up everything for seconds."""
    head = OK + b"Content-Encoding: gzip\r\n\r\n"
    site.paths["/"] = raw(head, gzip.compress(b"x"), *[b"y" * 60_000] * 100)
    generous = replace(rules, most_bytes=20 * 1024**2, seconds=20)
    tracemalloc.start()
    try:
        answer = ask(site.url(), generous, tmp_path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (answer.outcome, answer.size) == (LinkOutcome.reached, 1)
    assert most < 3_000_000  # of the six that came


def test_an_unknown_name_is_told_in_words_without_the_systems_number(
    rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for number, words in ((socket.EAI_NONAME, "no server of names knows "), (socket.EAI_AGAIN, "could say where ")):

        def look_up(*_any: object, number: int = number, **_more: object):
            raise socket.gaierror(number, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        answer = ask("http://www.example.go.th/", rules, tmp_path)
        assert answer.outcome is LinkOutcome.unknown_name
        assert words in answer.why
        assert "www.example.go.th" in answer.why
        assert "rrno" not in answer.why


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://", "http://:80/", "//x", "http:///a", "http://a b/", "http://\x00/", "http://" + "a" * 300 + "/",
     "ftp://example.org/", "http://me@example.org/", "http://example.org:99999/", "http://[::1", "http://xn--/",
     "http://a..b/", "mailto:a@b", "http://\ud800/"],
)  # fmt: skip
def test_what_is_no_address_is_not_asked(rules: Rules, tmp_path: Path, url: str):
    assert ask(url, rules, tmp_path).outcome in {LinkOutcome.not_asked, LinkOutcome.unknown_name}


def test_nobody_at_home_is_told(rules: Rules, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    answer = ask(f"http://127.0.0.1:{port}/", rules, tmp_path)
    assert answer.outcome is LinkOutcome.unreachable
    assert "rrno" not in answer.why


# --- TLS --------------------------------------------------------------------------------------------------------------


def test_tls_proves_the_name_and_tells_when_the_certificate_ends(authority: trustme.CA, rules: Rules, tmp_path: Path):
    ends = datetime.now(UTC) + timedelta(days=30)
    with serving(tls(authority.issue_cert("localhost", not_after=ends))) as site:
        site.paths["/"] = plainly(b"x")
        answer = ask(site.url("/", "localhost"), rules, tmp_path)
    assert answer.outcome is LinkOutcome.reached, answer
    assert answer.certificate_ends == ends.replace(microsecond=0)


@pytest.mark.parametrize("fault", ["ended", "not yet", "another name", "nobody's", "no TLS", "silent", "old"])
def test_what_tls_cannot_prove_is_told(authority: trustme.CA, rules: Rules, tmp_path: Path, fault: str):
    now = datetime.now(UTC)
    days = {"ended": (-9, -1), "not yet": (1, 9)}.get(fault, (-1, 9))
    issuer = trustme.CA() if fault == "nobody's" else authority
    certificate = issuer.issue_cert(
        "www.example.go.th" if fault == "another name" else "localhost",
        not_before=now + timedelta(days=days[0]), not_after=now + timedelta(days=days[1]),
    )  # fmt: skip
    context = tls(certificate)
    if fault == "old":
        import ssl
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(None if fault in {"no TLS", "silent"} else context) as site:
        if fault == "silent":
            site.answer = lambda line: time.sleep(5)
        if fault == "no TLS":
            site.answer = lambda line: line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        answer = ask(f"https://localhost:{site.port}/", rules, tmp_path)
        assert site.asked == []
    assert answer.outcome is {"silent": LinkOutcome.slow}.get(fault, LinkOutcome.insecure), answer
    assert answer.why
