"""A backup that was changed with its manifest is told by the head of the audit that was kept outside."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import audit, db, dump, seals
from ita_core.errors import Refused
from ita_core.evidence.folder import Folder
from ita_core.models import Account, AuditEntry, AuditHead, Grant, Role
from ita_core.proof import backup, verify
from tests.sealed import NOW, last, said


def test_a_backup_that_was_made_anew_to_fit_is_refused_by_the_head_kept_outside(
    played: sa.Engine, played_store: Folder, bare: sa.Engine, tmp_path: Path
):
    """Rows, seals, the chain from there on, its head and the manifest all agree: only the head kept outside tells."""
    with db.reading(played) as session:
        kept = audit.head(session)
    _forge(played)
    assert said(played) == []
    backup.backup(engine=played, store=played_store, file=tmp_path / "forged.tar", at=NOW)
    elsewhere = Folder(tmp_path / "elsewhere")
    elsewhere.prepare()
    with pytest.raises(Refused, match="its audit is not the one whose head was kept outside"):
        backup.restore(engine=bare, store=elsewhere, file=tmp_path / "forged.tar", kept=kept)
    with db.reading(bare) as session:
        assert dump.is_bare(session)
    assert list(elsewhere.names()) == []
    assert backup.restore(engine=bare, store=elsewhere, file=tmp_path / "forged.tar").findings == ()


def _forge(engine: sa.Engine) -> None:
    """Makes somebody administrator, as whoever can write everything does it."""
    with engine.begin() as connection, Session(connection) as session:
        account = session.exec(select(Account).where(Account.username == "usa")).one()
        grant = session.exec(select(Grant).where(Grant.account_id == account.id)).one()
        grant.role = Role.admin
        session.flush()
        table = dump.TABLES["officegrant"]
        row = connection.execute(sa.select(table).where(table.c.id == grant.id)).one()
        sha256 = seals.row_hash("officegrant", row._mapping)
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.number)).all()
        sealing = [entry for entry in entries if str(grant.id) in entry.seals.get("officegrant", {})][-1]
        sealing.seals = json.loads(json.dumps(sealing.seals))
        sealing.seals["officegrant"][str(grant.id)] = sha256
        previous = audit.GENESIS
        for entry in entries:
            entry.previous_hash = previous
            entry.hash = previous = audit.entry_hash(entry)
            session.add(entry)
        session.get_one(AuditHead, 1).hash = previous
        session.flush()


def test_a_backup_is_restored_where_its_audit_holds_the_head_kept_outside(
    bare: sa.Engine, demo: Path, demo_backup: Path, tmp_path: Path
):
    source = db.make_engine(f"sqlite:///{demo / 'ita.db'}")
    earlier = last(source, back=5)
    source.dispose()
    elsewhere = Folder(tmp_path / "elsewhere")
    elsewhere.prepare()
    kept = (earlier.number, earlier.hash)
    assert backup.restore(engine=bare, store=elsewhere, file=demo_backup, kept=kept).findings == ()
    assert verify.verify(engine=bare, store=elsewhere, kept=kept).findings == ()
