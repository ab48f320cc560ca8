"""What docs/running.md and deploy/ say, done: Caddy with our file in front of two processes, one of which dies."""

import contextlib
import hashlib
import hmac
import http.server
import json
import os
import re
import shlex
import shutil
import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect

from ita_core.demo.build import PASSWORD, Demonstration
from tests.conftest import copied, missing
from tests.papers import filled_pdf
from tests.server import ROOT, START_SECONDS, Server, free_port, start, stop, wait

pytestmark = pytest.mark.trial

DEPLOY = ROOT / "deploy"
DOCUMENT = "รายงานผลการปฏิบัติงาน มี.ค. 68.pdf"


@dataclass
class Office:
    """Two processes of the demonstration, and the address of Caddy in front of them."""

    url: str
    plain: str  # the same without TLS
    processes: dict[str, Server]  # by the value of Caddy's cookie that keeps a browser there

    def client(self) -> httpx.Client:
        """A browser of somebody new; the authority is Caddy's own."""
        return httpx.Client(base_url=self.url, verify=False, timeout=60)


def unit(name: str) -> RawConfigParser:
    """A unit's file; of a key that stands there several times, the last."""
    read = RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(DEPLOY / name, encoding="utf-8")
    return read


def arguments_of_the_unit(port: int) -> tuple[str, ...]:
    """What ita@.service starts the app with, beside the port."""
    program, run, app, *rest = shlex.split(unit("ita@.service")["Service"]["ExecStart"].replace("%i", str(port)))
    assert (Path(program).name, run, app) == ("streamlit", "run", "app.py")
    return tuple(rest)


@contextlib.contextmanager
def caddy(folder: Path, *, port: int, plain: int, processes: list[str]) -> Iterator[None]:
    """Caddy with our file, which answers, until this is closed."""
    program = shutil.which("caddy", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin")
    if program is None:
        missing("Caddy", "apt-get install caddy")
    env = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
        "ITA_HOST": "localhost", "ITA_PROCESSES": " ".join(processes), "ITA_TLS": "tls internal",
        "ITA_HTTP_PORT": str(plain), "ITA_HTTPS_PORT": str(port), "ITA_CADDY_ADMIN": "off",
    }  # fmt: skip
    log = folder / "caddy.log"
    with log.open("wb") as out:
        command = [program, "run", "--config", str(DEPLOY / "Caddyfile")]
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(httpx.TransportError, ssl.SSLError):
                if httpx.get(f"https://localhost:{port}/_stcore/health", verify=False, timeout=5).status_code == 200:
                    break
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def office(demonstration: Demonstration, tmp_path: Path) -> Iterator[Office]:
    port, plain = free_port(), free_port()
    url = f"https://localhost:{port}"
    settings = {**copied(demonstration, tmp_path / "demo").environment, "ITA_PUBLIC_URL": url, "ITA_HTTPS": "true"}
    settings["ITA_PROXY"] = "127.0.0.1,::1"
    with contextlib.ExitStack() as stack:
        processes = {}
        for listens in (free_port(), free_port()):
            one = start(tmp_path, port=listens, arguments=arguments_of_the_unit(listens), **settings)
            stack.callback(stop, one)
            processes[f"localhost:{listens}"] = one
        for one in processes.values():
            wait(one)
        stack.enter_context(caddy(tmp_path, port=port, plain=plain, processes=list(processes)))
        named = {hmac.new(b"", at.encode(), hashlib.sha256).hexdigest(): one for at, one in processes.items()}
        yield Office(url, f"http://localhost:{plain}", named)


def test_caddy_serves_by_tls_only_and_keeps_each_browser_at_one_process(office: Office):
    moved = httpx.get(office.plain + "/overview")
    assert (moved.status_code, urlsplit(moved.headers["location"]).scheme) == (308, "https")
    seen = set()
    for _ in range(40):  # that chance sends all of them to one is less likely than a flipped bit
        with office.client() as somebody:
            first = somebody.get("/")
            assert first.status_code == 200
            assert "strict-transport-security" in first.headers
            kept = somebody.cookies["ita_process"]
            assert "set-cookie" not in somebody.get("/").headers  # it stays where it is
            seen.add(kept)
    assert seen == set(office.processes)


def test_a_body_that_is_too_large_is_cut_off_and_takes_no_process_out_of_service(office: Office):
    kept: dict[str, httpx.Client] = {}
    with contextlib.ExitStack() as stack:
        while set(kept) != set(office.processes):
            somebody = stack.enter_context(office.client())
            somebody.get("/")
            kept[somebody.cookies["ita_process"]] = somebody
        for somebody in kept.values():
            for _ in range(12):  # now and then the process answers before the body is cut off
                with contextlib.suppress(httpx.TransportError):
                    assert somebody.post("/auth/enter", content=b"x" * 2_000_000).status_code >= 400
                assert "set-cookie" not in somebody.get("/").headers  # its process still serves


def test_while_one_process_is_dead_every_request_is_answered_by_the_other(office: Office):
    dead, living = office.processes
    with office.client() as kept_there:
        while kept_there.cookies.get("ita_process") != dead:
            kept_there.cookies.clear()
            kept_there.get("/")
        stop(office.processes[dead], how=signal.SIGKILL)
        assert kept_there.get("/").status_code == 200
        assert {one.value for one in kept_there.cookies.jar if one.name == "ita_process"} == {living}
    for _ in range(20):
        with office.client() as somebody:
            assert somebody.get("/").status_code == 200


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that came."""

    def do_GET(self) -> None:
        said = json.dumps({name.lower(): self.headers.get_all(name) for name in self.headers}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_said: object) -> None: ...


def test_caddy_says_itself_where_a_browser_comes_from_and_passes_its_host_on(tmp_path: Path):
    port, plain = free_port(), free_port()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as echo:
        threading.Thread(target=echo.serve_forever, daemon=True).start()
        with caddy(tmp_path, port=port, plain=plain, processes=[f"127.0.0.1:{echo.server_port}"]):
            lies = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Origin": "https://evil.example"}
            came = httpx.get(f"https://localhost:{port}/", headers=lies, verify=False).json()
        echo.shutdown()
    assert came["x-forwarded-for"] in (["127.0.0.1"], ["::1"])
    assert came["x-forwarded-proto"] == ["https"]
    assert came["host"] == [f"localhost:{port}"]
    assert came["origin"] == ["https://evil.example"]  # it is for the gate to refuse


@pytest.mark.browser
def test_a_browser_goes_on_at_the_other_process_when_its_own_is_killed(browser: Browser, office: Office):
    context = browser.new_context(locale="th-TH", ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(60_000)

    def kept_at() -> str:
        return next(one["value"] for one in context.cookies() if one["name"] == "ita_process")

    page.goto(office.url + "/item?item=O6")
    page.get_by_label("ชื่อผู้ใช้", exact=True).fill("suphawan")
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_text("องค์ประกอบที่ต้องแสดง")).to_be_visible()
    session = next(one for one in context.cookies() if one["name"] == "ita_session")
    assert session["secure"]
    assert session["httpOnly"]
    page.locator("input[type=file]").set_input_files(
        {"name": DOCUMENT, "mimeType": "application/pdf", "buffer": filled_pdf(3 * 1024**2)}
    )
    expect(page.get_by_text(DOCUMENT).first).to_be_visible()
    expect(page.locator(".ita-drop li")).to_have_count(0)  # it has come
    expect(page.get_by_role("button", name="ส่งหลักฐาน")).to_be_visible()  # no press is on its way when the process dies

    first = kept_at()
    with page.expect_websocket():  # the page opens another by itself
        stop(office.processes[first], how=signal.SIGKILL)
    page.get_by_role("button", name="ส่งหลักฐาน").click()
    expect(page.get_by_text("ได้รับแล้ว 1 ชิ้น")).to_be_visible()
    assert {kept_at(), first} == set(office.processes)
    with page.expect_download() as downloading:
        page.get_by_role("link", name=DOCUMENT).click()
    assert downloading.value.suggested_filename == DOCUMENT
    context.close()


def test_what_the_units_call_and_what_the_page_names_is_there():
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    for name in re.findall(r"deploy/([\w@.-]*\w)", page):
        assert (DEPLOY / name).is_file(), name
    assert {path.name for path in DEPLOY.iterdir()} <= set(re.findall(r"[\w@.-]*\w", page))
    for variable in re.findall(r"\{\$(\w+)", (DEPLOY / "Caddyfile").read_text(encoding="utf-8")):
        if variable in {"ITA_HOST", "ITA_PROCESSES", "ITA_TLS"}:
            assert f"{variable}=" in page
    assert "running.md" in (ROOT / "README.md").read_text(encoding="utf-8")
