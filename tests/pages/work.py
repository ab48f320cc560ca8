"""What officers sent and handed in before a page is opened."""

from datetime import UTC, datetime, timedelta

from ita_core import db, workflow
from ita_core.evidence.store import open_store
from ita_core.workflow import receiving
from tests import papers
from tests.cast import item_id, slots
from tests.pages.conftest import Office

NOW = datetime(2025, 3, 14, 3, 0, tzinfo=UTC)
PDF = papers.pdf() + b"%"


def hand_in(office: Office, number: int, name: str = "รายงาน.pdf", note: str = "") -> int:
    kept = open_store().put([PDF, str(number).encode()], name)
    with db.writing() as session:
        return workflow.submit(
            session, by=office.cast.usa, item_id=item_id(session, "O6"), content=kept, note=note,
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=NOW + timedelta(minutes=number),
        )  # fmt: skip


def send(office: Office, name: str, content: bytes = PDF, code: str = "O6") -> int:
    """A file that Usa has sent and not handed in yet."""
    with db.reading() as session:
        item = item_id(session, code)
    with open_store().receive(name) as incoming:
        incoming.write(content)
        return receiving.keep(incoming, by=office.cast.usa, item_id=item, key=name, at=NOW)
