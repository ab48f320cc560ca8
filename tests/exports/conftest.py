"""A small office of the real plan with a little work in it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ita_core import db
from ita_core.demo import documents
from ita_core.evidence.folder import Folder
from tests.exports.office import DAY, Office

SHEET = documents.Sheet("แผน", "O11", ("แผน",), "ตม.จว.ประจวบคีรีขันธ์", "ร.ต.อ.หญิง ปิยาภรณ์ หาญณรงค์", DAY)


@pytest.fixture
def office(engine: sa.Engine, store: Folder) -> Iterator[Office]:
    sheet = store.put([documents.pdf(SHEET)], "แผน.pdf")
    with db.writing(engine) as session:
        yield Office(session, sheet)
