"""Files that an officer sends, and what becomes of them."""

from urllib.parse import quote

from starlette.testclient import TestClient

from ita_core import db, queries, settings, workflow
from ita_core.evidence.store import open_store
from tests.asking import ORIGIN
from tests.cast import Cast, actor, slots
from tests.papers import pdf_with

NAME = "รายงานผลการปฏิบัติงาน ก.พ. 68.pdf"
PDF = pdf_with("0 0 595 842")


def send(browser: TestClient, item: int, key: str = "k1", content: bytes = PDF, name: str = NAME, **headers: str):
    return browser.post(
        f"/uploads/{item}/{key}", content=content, headers={**ORIGIN, "X-File-Name": quote(name), **headers}
    )


def waiting(account_id: int, item: int) -> list[queries.UploadFacts]:
    with db.reading() as session:
        return queries.list_uploads(session, actor(session, account_id), item)


def hand_in(cast: Cast, upload_id: int, item: int) -> int:
    with db.writing() as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item, content=workflow.Received(upload_id),
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=settings.settings().now(),
        )  # fmt: skip


def files() -> list[str]:
    """Every file below the store."""
    return sorted(path.name for path in open_store().inbox.parent.rglob("*") if path.is_file())
