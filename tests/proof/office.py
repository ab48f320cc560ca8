"""A small office with work in it, to be changed behind the app's back."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import col, select

from ita_core import db
from ita_core.evidence.folder import Folder
from ita_core.models import Evidence
from ita_core.proof import verify
from ita_core.proof.verify import Finding, Report, Wrong

NOW = datetime(2025, 3, 14, 3, 0, 0, 123456, tzinfo=UTC)


@dataclass
class Office:
    engine: sa.Engine
    store: Folder

    def verify(self, kept: tuple[int, str] | None = None) -> Report:
        return verify.verify(engine=self.engine, store=self.store, kept=kept, looks=(0.01,))

    def found(self) -> list[tuple[Wrong, str]]:
        return [(finding.kind, finding.what) for finding in self.verify().findings]

    def change(self, *statements: sa.Executable) -> None:
        """Past the app: straight in the database."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    def one(self, model: type, **wanted: object) -> object:
        """The first row with these values."""
        with db.reading(self.engine) as session:
            statement = select(model).filter_by(**wanted).order_by(*model.__table__.primary_key.columns)
            row = session.exec(statement).first()
            session.expunge_all()
        assert row is not None
        return row

    def file(self) -> Evidence:
        """An evidence whose file no other evidence shares."""
        once = sa.select(Evidence.sha256).group_by(col(Evidence.sha256)).having(sa.func.count() == 1)
        with db.reading(self.engine) as session:
            row = session.exec(select(Evidence).where(col(Evidence.sha256).in_(once)).order_by(Evidence.id)).first()
            session.expunge_all()
        assert row is not None
        return row


def only(found: Report) -> Finding:
    assert len(found.findings) == 1, [str(one) for one in found.findings]
    return found.findings[0]
