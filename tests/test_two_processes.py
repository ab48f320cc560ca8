"""Two processes of the app on one database (PostgreSQL) and one bucket: work goes on across both, whichever dies."""

import contextlib
import hashlib
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from ita_core import db
from ita_core.demo.build import PASSWORD
from ita_core.models import Account, Evidence, Item, Review, Upload
from ita_core.web.gate import COOKIE
from tests import buckets
from tests.conftest import command, text
from tests.papers import filled_pdf
from tests.server import ROOT, Server, Visitor, environment, sign_in, start, stop, thai, wait
from tests.signing_in import try_to_sign_in

pytestmark = pytest.mark.trial

NAME = "รายงานผลการปฏิบัติงาน มี.ค. 68.pdf"
KEPT_WITHIN = 60  # seconds


@dataclass
class Site:
    """The demonstration in PostgreSQL and a bucket, and two processes that serve it."""

    folder: Path
    settings: dict[str, str]
    one: Server
    other: Server
    engine: sa.Engine

    def ita(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command, as the administrator runs it beside the servers."""
        return subprocess.run(
            [sys.executable, "-m", "ita_core.cli", *arguments], cwd=ROOT, encoding="utf-8", capture_output=True,
            env=environment(self.folder, **self.settings), timeout=120, check=False,
        )  # fmt: skip

    def begin_again(self) -> None:
        """A process in the place of the first, which was killed."""
        self.one = start(self.folder, port=urlsplit(self.one.url).port, **self.settings)
        wait(self.one)

    def item(self, code: str) -> int:
        with db.reading(self.engine) as session:
            return session.exec(select(Item.id).where(Item.code == code)).one() or 0

    def rows(self, table: type[Upload] | type[Evidence], content: bytes) -> list[int | None]:
        with db.reading(self.engine) as session:
            found = select(table.id).where(table.sha256 == hashlib.sha256(content).hexdigest())
            return list(session.exec(found).all())


def signed_in(form: Server, ticket: Server, username: str) -> dict[str, str]:
    """The cookie of somebody who fills in the form at one process and is let in by another."""
    with Visitor(form) as visitor:
        answer = sign_in(ticket, try_to_sign_in(visitor, username, PASSWORD).ticket)
    return {"Cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}


def visit(server: Server, cookie: dict[str, str]) -> Visitor:
    return Visitor(server, cookie=cookie["Cookie"])


def send(server: Server, cookie: dict[str, str], item: int, key: str, content: bytes) -> httpx.Response:
    headers = {**cookie, "Origin": server.url, "X-File-Name": quote(NAME)}
    return httpx.post(f"{server.url}/uploads/{item}/{key}", content=content, headers=headers, timeout=60)


def begin_to_send(server: Server, cookie: dict[str, str], item: int, key: str, content: bytes) -> socket.socket:
    """Half of a file, and no more."""
    place = urlsplit(server.url)
    head = f"POST /uploads/{item}/{key} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {server.url}\r\n"
    head += f"Cookie: {cookie['Cookie']}\r\nX-File-Name: {quote(NAME)}\r\nContent-Length: {len(content)}\r\n\r\n"
    opened = socket.create_connection((place.hostname or "", place.port or 0), timeout=60)
    opened.sendall(head.encode() + content[: len(content) // 2])
    return opened


def arrived(inbox: Path) -> int:
    """Bytes of files on their way."""
    with contextlib.suppress(FileNotFoundError):  # it has come whole meanwhile
        return sum(path.stat().st_size for path in inbox.iterdir())
    return 0


def waits_first(server: Server, cookie: dict[str, str]) -> int:
    """The evidence that a supervisor's queue opens with."""
    with visit(server, cookie) as visitor:
        return int(re.search(r"-accept-(\d+)$", visitor.open("/review").keyed("-accept-"))[1])  # type: ignore[index]


@pytest.fixture(scope="module")
def site(postgres: sa.URL, s3: str, demo_backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Moved there as docs/running.md says: `ita restore` of a backup."""
    folder = tmp_path_factory.mktemp("two")
    command(postgres, "CREATE DATABASE two")
    buckets.make(s3, "evidence-of-two")
    settings = {
        "ITA_DATABASE_URL": text(postgres.set(database="two")),
        "ITA_EVIDENCE_URL": "s3://evidence-of-two/ita",
        "ITA_CACHE_FOLDER": str(folder / "cache"),
        "ITA_TODAY": "2025-03-15",
        "AWS_ENDPOINT_URL": s3,
        **buckets.KEYS,
    }
    engine = db.make_engine(settings["ITA_DATABASE_URL"])
    made = Site(folder, settings, start(folder, **settings), start(folder, **settings), engine)
    try:
        for server in (made.one, made.other):  # both at once, on an empty database and an empty bucket
            wait(server)
            stop(server)
        engine.dispose()
        command(postgres, "DROP DATABASE two WITH (FORCE)")
        command(postgres, "CREATE DATABASE two")
        restored = made.ita("restore", str(demo_backup))
        assert restored.returncode == 0, restored.stderr
        made.one, made.other = start(folder, **settings), start(folder, **settings)
        for server in (made.one, made.other):
            wait(server)
        yield made
    finally:
        stop(made.one)
        stop(made.other)
        engine.dispose()


def test_the_main_job_goes_across_both(site: Site):
    item, content = site.item("O6"), filled_pdf(salt=b"across")
    officer = signed_in(site.one, site.other, "suphawan")
    upload = send(site.other, officer, item, "across", content)
    assert upload.status_code == 201, upload.text
    with visit(site.one, officer) as visitor:
        screen = visitor.open("/item?item=O6")
        assert NAME in screen.text
        done = visitor.open("/item?item=O6", press=screen.keyed("-send-files"))
    assert not done.failed
    (evidence,) = site.rows(Evidence, content)
    given = httpx.get(f"{site.other.url}/evidence/{evidence}", headers=officer, timeout=60)
    assert (given.status_code, given.content) == (200, content)


def test_a_process_killed_in_the_middle_of_an_upload_loses_only_what_it_had_not_acknowledged(site: Site):
    item, content = site.item("O6"), filled_pdf(2 * 1024**2, salt=b"halfway")
    inbox = next(Path(site.settings["ITA_CACHE_FOLDER"]).rglob("tmp"))
    officer, before = signed_in(site.one, site.one, "suphawan"), arrived(inbox)
    with begin_to_send(site.one, officer, item, "halfway", content):
        until = time.monotonic() + KEPT_WITHIN
        while arrived(inbox) <= before and time.monotonic() < until:
            time.sleep(0.02)
        assert arrived(inbox) > before
        stop(site.one, how=signal.SIGKILL)
    assert site.rows(Upload, content) == []

    again = send(site.other, officer, item, "halfway", content)  # the same sign-in, the same key
    assert again.status_code == 201, again.text
    site.begin_again()
    once_more = send(site.one, officer, item, "halfway", content)
    assert (once_more.status_code, once_more.json()) == (200, again.json())
    assert site.rows(Upload, content) == [again.json()["id"]]


def test_what_a_killed_process_had_acknowledged_is_handed_in_at_the_other_once(site: Site):
    item, content = site.item("O6"), filled_pdf(salt=b"acknowledged")
    officer = signed_in(site.one, site.one, "suphawan")
    received = send(site.one, officer, item, "acknowledged", content)
    assert received.status_code == 201, received.text
    stop(site.one, how=signal.SIGKILL)
    try:
        asked = httpx.get(f"{site.other.url}/uploads/{item}/acknowledged", headers=officer, timeout=60)
        assert asked.json() == received.json() == send(site.other, officer, item, "acknowledged", content).json()
        with visit(site.other, officer) as visitor:
            screen = visitor.open("/item?item=O6")
            visitor.open("/item?item=O6", press=screen.keyed("-send-files"))
        (evidence,) = site.rows(Evidence, content)
        given = httpx.get(f"{site.other.url}/evidence/{evidence}", headers=officer, timeout=60)
        assert given.content == content
    finally:
        site.begin_again()
    assert send(site.one, officer, item, "acknowledged", content).json() == received.json()
    assert len(site.rows(Upload, content)) == len(site.rows(Evidence, content)) == 1


def test_of_two_reviewers_at_two_processes_one_wins_and_the_other_learns_who(site: Site):
    first, second = signed_in(site.one, site.one, "khanittha"), signed_in(site.other, site.other, "pramote")
    piece = waits_first(site.one, first)
    assert waits_first(site.other, second) == piece
    with visit(site.one, first) as here, visit(site.other, second) as there, ThreadPoolExecutor(2) as pool:
        drawn = [(visitor, visitor.open("/review").keyed(f"-accept-{piece}")) for visitor in (here, there)]
        screens = list(pool.map(lambda one: one[0].open("/review", press=one[1]), drawn))
    with db.reading(site.engine) as session:
        (winner,) = session.exec(
            select(Account.name).join(Review, col(Review.account_id) == Account.id).where(Review.evidence_id == piece)
        ).all()
    accepted = [thai("Accepted.") in screen.texts for screen in screens]
    assert sorted(accepted) == [False, True], [screen.texts for screen in screens]
    says = thai("{piece}: {who} has already decided on this: {decision}.").partition("{who}")[2].partition("{")[0]
    told = [line for text in screens[accepted.index(False)].texts if says in (line := text.replace("\\", ""))]
    assert len(told) == 1, screens[accepted.index(False)].texts
    assert winner.split()[-1] in told[0]


def test_what_one_process_wrote_is_shown_by_the_other_at_its_next_rerun(site: Site):
    """Each keeps the last snapshot of the assessment, until the audit's end says that something was written."""
    commander = signed_in(site.one, site.one, "thianchai")
    supervisor = signed_in(site.one, site.one, "khanittha")
    with visit(site.other, commander) as watching:
        before = watching.open("/overview").text
        assert watching.again().text == before
        with visit(site.one, supervisor) as deciding:
            deciding.open("/review", press=deciding.open("/review").keyed("-accept-"))
        after = watching.again().text
    with visit(site.one, commander) as fresh:
        assert after == fresh.open("/overview").text != before


def test_an_account_disabled_at_one_process_is_out_at_the_other_at_its_next_action(site: Site):
    admin, officer = signed_in(site.one, site.one, "demo-admin"), signed_in(site.other, site.other, "phailin")
    with db.reading(site.engine) as session:
        account = session.exec(select(Account.id).where(Account.username == "phailin")).one()
    with visit(site.other, officer) as working, visit(site.one, admin) as administering:
        assert not working.open("/my_work").is_sign_in
        screen = administering.open("/people")
        administering.values[screen.keyed(f"disabled-{account}-")] = thai("Disabled")
        administering.open("/people", press=screen.keyed(f"account-{account}-"))
        assert working.again().is_sign_in
    assert send(site.other, officer, site.item("O6"), "late", filled_pdf(salt=b"late")).status_code == 401


def test_a_backup_of_both_is_whole_and_verify_finds_nothing(site: Site, tmp_path: Path):
    made = site.ita("backup", str(tmp_path / "ita.tar"))
    assert made.returncode == 0, made.stdout + made.stderr
    checked = site.ita("verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
