"""One account sends files that take long to examine; how long do another's upload and preview wait meanwhile?"""

import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from ita_core import accounts, db, workflow
from ita_core.evidence.folder import Folder
from ita_core.web.gate import COOKIE
from tests.cast import item_id, people, slots
from tests.papers import pdf_with, slow_pdf
from tests.server import Server, running, sign_in

PDF = pdf_with("0 0 595 842")
STARTED = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)


@dataclass
class Waited:
    """The statuses and seconds of the other's upload and preview, and how many slow files were through by then."""

    upload: int
    preview: int
    upload_seconds: float
    preview_seconds: float
    through: int


def _post(server: Server, cookie: str, item: int, key: str, content: bytes) -> int:
    headers = {"Cookie": cookie, "Origin": server.url, "X-File-Name": "a.pdf"}
    return httpx.post(f"{server.url}/uploads/{item}/{key}", content=content, headers=headers, timeout=600).status_code


def waited(folder: Path, filled: Path, slow: int = 10) -> Waited:
    """By a real server on a copy of `filled`, whose plan is applied; it is stopped with the slow ones on their way."""
    shutil.copy(filled, folder / "ita.db")
    engine = db.make_engine(f"sqlite:///{folder / 'ita.db'}")
    evidence = Folder(folder / "evidence")
    evidence.prepare()
    kept = evidence.put([PDF], "b.pdf")
    with db.writing(engine) as session:
        cast, o6 = people(session, STARTED), item_id(session, "O6")
        made = workflow.submit(
            session, by=cast.pattama, item_id=o6, content=kept, at=STARTED,
            slots=slots(session, "O6", period="2025-02", format="pdf"),
        )  # fmt: skip
    with running(folder, ITA_TODAY="2025-03-15") as server:
        cookies = []
        for account in (cast.usa, cast.pattama):
            with db.writing(engine) as session:
                ticket = accounts.issue_ticket(session, account_id=account, now=datetime.now(UTC))
            cookies.append(f"{COOKIE}={sign_in(server, ticket).cookies[COOKIE]}")
        engine.dispose()
        file, held = slow_pdf(), ThreadPoolExecutor(max(slow, 1))
        sent: list[Future[int]] = [
            held.submit(_post, server, cookies[0], o6, f"slow{number}", file + b"\n" * number) for number in range(slow)
        ]
        while sum(1 for _one in (folder / "evidence" / "tmp").iterdir()) < slow:  # all of them have come
            time.sleep(0.05)
        begun = time.perf_counter()
        upload = _post(server, cookies[1], o6, "quick", PDF)
        arrived = time.perf_counter()
        headers = {"Cookie": cookies[1]}
        preview = httpx.get(f"{server.url}/evidence/{made}/page/1", headers=headers, timeout=600).status_code
        drawn = time.perf_counter()
        through = sum(one.done() for one in sent)
    for one in sent:
        with suppress(httpx.TransportError):
            one.result()
    held.shutdown()
    return Waited(upload, preview, arrived - begun, drawn - arrived, through)
