"""Seals: no column of any row is changed behind the app's back unseen, and what the app writes is sealed."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import accounts, audit, db, dump, queries, seals, workflow
from ita_core.accounts import AddressFacts
from ita_core.board.reminding import Choice
from ita_core.evidence.folder import Folder
from ita_core.links.found import Found
from ita_core.models import (
    AccessToken,
    Account,
    AddressCode,
    AnnouncedScore,
    Assessment,
    Attendance,
    AuditEntry,
    AuditHead,
    Channel,
    ChannelAddress,
    ClarificationOutcome,
    Decision,
    Device,
    Draft,
    FactorRule,
    Grant,
    HalfSignIn,
    Item,
    LinkOutcome,
    ProviderAnswer,
    RecoveryCode,
    Role,
    ScoreFile,
    SecondFactor,
    SeenNotice,
    SendBack,
    SignIn,
    StoredFile,
    Ticket,
    TokenKind,
    Upload,
    YearEvent,
    YearStep,
)
from ita_core.plan.apply import apply_plan
from ita_core.plan.plan import find_plan, load_with_framework
from ita_core.proof import verify
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import Wrong, row_findings
from ita_core.queries import Reminder
from tests.cast import Cast
from tests.sealed import NOW, found, last, said

EVERY = sorted(dump.TABLES)


# --- all tables, all columns ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def every(demo_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """The demonstration with rows in every covered table; foreign keys are not checked, as whoever edits it can."""
    path = tmp_path_factory.mktemp("every") / "ita.db"
    shutil.copy(demo_sqlite, path)
    app = db.make_engine(f"sqlite:///{path}")
    with db.writing(app) as session:
        decide_anew(session)
        clarify(session)
    with db.writing(app) as session:
        file = session.exec(select(StoredFile)).first()
        assert file is not None
        session.add(Ticket(account_id=1, token_hash="t", expires_at=NOW))
        session.add(SignIn(account_id=1, token_hash="s", public_id="p", created_at=NOW, expires_at=NOW))
        session.add(HalfSignIn(account_id=1, token_hash="h", created_at=NOW, expires_at=NOW))
        session.add(SecondFactor(account_id=1, secret="s", key_name="k", created_at=NOW, last_step=1))
        session.add(RecoveryCode(account_id=1, code_hash="r", created_at=NOW))
        session.add(FactorRule(office_id=1, role=Role.admin, wanted=True, at=NOW))
        session.add(Device(account_id=1, token_hash="d", last_at=NOW))
        session.add(AccessToken(account_id=1, kind=TokenKind.read, name="n", token_hash="a", created_at=NOW))
        session.add(ProviderAnswer(account_id=1, state_hash="a", at=NOW))
        named = {"sha256": file.sha256, "file_name": "ก.pdf"}
        of = session.exec(select(Assessment.id)).one()
        session.add(YearEvent(assessment_id=of, account_id=1, what=YearStep.closed, at=NOW))
        office = session.get_one(Assessment, of).office_id
        score = {"office_id": office, "fiscal_year": 2568, "points": 95.0, "retracted": True, "estimated": True}
        session.add(AnnouncedScore(account_id=1, at=NOW, **score))
        session.add(ScoreFile(assessment_id=of, account_id=1, file_name="ก.csv", sha256="0", entries=[], at=NOW))
        session.add(SeenNotice(assessment_id=of, account_id=1, key="plan::1", at=NOW))
        address = ChannelAddress(account_id=1, channel=Channel.mail, value="a@b.example", salt="s", proved_at=NOW)
        session.add(address)
        session.add(AddressCode(account_id=1, channel=Channel.line, code_hash="c", made_at=NOW, expires_at=NOW))
        workflow.choose_channels(session, by=1, choice=Choice(), at=NOW)
        session.flush()
        facts = AddressFacts(address.id or 0, 1, Channel.mail, "a@b.example", NOW)
        reminder = Reminder(1, "x", "th", Channel.mail, facts, True, (), ("digest 2025-03-15",))
        sending = workflow.claim_reminder(session, reminder=reminder, at=NOW)
        assert sending is not None
        workflow.note_sending(session, sending_id=sending.id or 0, fault=None, at=NOW)
        session.add(Draft(assessment_id=of, account_id=1, content={}, at=NOW))
        session.add(Upload(key="k", account_id=1, item_id=1, at=NOW, **named))
        session.flush()
        act, code = "upload.receive", session.get_one(Item, 1).code
        actor = session.get_one(Account, 1)
        audit.record(session, actor=actor, action=act, subject="upload 1", at=NOW, item=code, **named)
        expected = {"instrument": "", "points": None, "note": ""}
        audit.record(session, actor=actor, action="score.estimate", subject=f"assessment {of}", at=NOW, **expected)
    assert said(app) == []
    app.dispose()
    made = sa.create_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


def decide_anew(session: Session) -> None:
    """A decision made slot by slot, one undone; an item sent back, and answered; a published address looked at."""
    here = queries.get_assessment(session)
    link = queries.list_links(session, None, here.id)[0]
    looked = Found(LinkOutcome.reached, status=200)
    workflow.note_check(session, by=None, item_id=link.item_id, url=link.url, found=looked, at=NOW)
    data = queries.take_snapshot(session, here)
    who = {one.person_id: one.id for one in session.exec(select(Account)) if one.person_id}
    queues = {
        one: queries.list_review_queue(session, queries.get_actor(session, one, here.id), here.id)
        for one in who.values()
    }
    by, piece = next((by, one) for by, queue in queues.items() for one in queue if len(one.slots) > 1)
    some = {"by": by, "evidence_id": piece.id, "decision": Decision.accepted, "reason": "x", "at": NOW}
    review = workflow.review(session, returned=piece.slots[:1], **some)
    workflow.undo_review(session, by=by, review_id=review, at=NOW)
    one = next(one for one in data.board(here.ends).oit if one.complete)
    commander = session.exec(select(Account.id).where(Account.username == "thianchai")).one()
    act = {"item_id": one.item.id, "at": NOW + timedelta(days=365)}
    workflow.send_back(session, by=commander, fingerprint=one.fingerprint, reason="x", **act)
    supervisor = next(who[data.people[officer].person_id] for officer in one.item.supervisors)
    sent = session.exec(select(SendBack.id)).one()
    workflow.answer_that_it_stands(session, by=supervisor, send_back_id=sent, note="x", at=NOW + timedelta(days=365))
    listed = queries.find_stakeholders(session, here.id)
    assert listed is not None
    workflow.delete_stakeholders(session, by=commander, assessment_id=here.id, list_id=listed.id, at=NOW)


def clarify(session: Session) -> None:
    """What the assessor gave for an item, what the office says to it, the commander's word, and the answer."""
    here = queries.get_assessment(session)
    who = {one.username: one.id or 0 for one in session.exec(select(Account))}
    keeper, commander, of = who["angsuson"], who["thianchai"], queries.get_item_id(session, here.id, "O9")
    workflow.record_verdict(session, by=keeper, assessment_id=here.id, points={"O9": 50.0}, source="x", at=NOW)
    workflow.clarify(session, by=keeper, item_id=of, text="x", propose=True, seen=0, at=NOW)
    word = {"clarification_id": 1, "at": NOW}
    workflow.decide_clarification(session, by=commander, approve=True, **word)
    answer = {"outcome": ClarificationOutcome.partly, "points": 80.0}
    workflow.record_result(session, by=keeper, **answer, **word)


def another(column: sa.Column[Any], value: object) -> object:
    """A value of this column's kind that is not this one."""
    kind = column.type
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return next(one for one in kind.enum_class if one is not value)
    if isinstance(kind, sa.JSON):
        return {"x": 1} if value != {"x": 1} else {}
    wanted = kind.impl_instance.python_type if isinstance(kind, sa.types.TypeDecorator) else kind.python_type
    if value is None:
        return {str: "x", int: 1_000, datetime: NOW, date: NOW.date(), float: 1.0, bool: True}[wanted]
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    assert isinstance(value, int | float)
    return value + 1_000


class Undone:
    """A change past the app that is looked at and undone again."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def findings(self, statement: sa.Executable) -> list[str]:
        with self.engine.connect() as connection:
            assert connection.execute(statement).rowcount == 1
            with Session(connection) as session:
                return [str(finding) for finding in row_findings(Rows(session))]


def first_row(engine: sa.Engine, table: sa.Table) -> dict[str, Any]:
    with engine.connect() as connection:
        row = connection.execute(sa.select(table).order_by(*table.primary_key.columns)).first()
    assert row is not None, f"no row of {table.name} to change"
    return dict(row._mapping)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in seals.UNCOVERED])
def test_no_column_of_any_row_is_changed_nor_a_row_added_or_removed_unseen(every: sa.Engine, name: str):
    table, undone = dump.TABLES[name], Undone(every)
    row = first_row(every, table)
    (key,) = table.primary_key.columns
    which = key == row[key.name]
    for column in table.columns:
        says = undone.findings(table.update().where(which).values({column: another(column, row[column.name])}))
        assert says, f"{name}.{column.name} was changed unseen"
        assert any(_names(one, table, row) for one in says), (column.name, says)
    says = undone.findings(table.delete().where(which))
    assert any((_names(one, table, row) and "gone" in one) or "the row says" in one for one in says), says
    unlike = {column.name for column in table.columns if column.unique or column.primary_key}
    added = row | {one: another(table.columns[one], row[one]) for one in unlike}
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            last = list(constraint.columns)[-1]
            added[last.name] = another(last, row[last.name])
    says = undone.findings(table.insert().values(added))
    assert says, f"a row was put into {name} unseen"


def _names(finding: str, table: sa.Table, row: dict[str, Any]) -> bool:
    """Whether it names the row: by table and key, or as the record of work that it is (a part of)."""
    (key,) = table.primary_key.columns
    records = (
        "evidence ", "withdrawal of ", "review of ", "approval of ", "publication of ", "filing of ", "upload ",
        "message ", "tick ", "undoing of ", "sending back of ", "answer ", "check ", "count ", "score of ",
        "estimate of ", "clarification ", "word on clarification ", "stakeholders ", "people of stakeholders ",
        "deletion of stakeholders ",
    )  # fmt: skip
    whole = (*records, "directive ", "step of directive ")
    return finding.startswith(f"{table.name} {row[key.name]}: ") or finding.startswith(whole)


@pytest.mark.parametrize("model", [AuditEntry, AuditHead])
def test_no_column_of_the_audit_is_changed_unseen(every: sa.Engine, model: type):
    table, undone = dump.TABLES[str(model.__tablename__)], Undone(every)
    row = first_row(every, table)
    key = next(iter(table.primary_key.columns))
    for column in table.columns:
        change = table.update().where(key == row[key.name]).values({column: another(column, row[column.name])})
        assert any(one.startswith("audit: ") for one in undone.findings(change)), column.name


def test_what_is_not_covered_has_its_reason_and_is_no_right():
    assert set(seals.UNCOVERED) <= set(EVERY)
    assert all(len(why) > 20 for why in seals.UNCOVERED.values())
    assert set(seals.UNCOVERED) == {"auditentry", "audithead", "lastseen", "signinfailure", "tokenuse"}


# --- what is named ----------------------------------------------------------------------------------------------------


def test_a_role_that_was_changed_is_named_with_both_values(played: sa.Engine):
    with db.writing(played) as session:
        account = session.exec(select(Account).where(Account.username == "usa")).one()
    with played.begin() as connection:
        connection.execute(sa.update(Grant).where(Grant.account_id == account.id).values(role=Role.admin))
    (finding,) = found(played)
    assert finding.kind is Wrong.row
    assert finding.what.startswith("officegrant ")
    assert f"account_id {account.id}," in finding.says
    assert "the row is not the one that the audit sealed (entry " in finding.says
    assert 'role "admin"' in finding.says
    assert finding.says.endswith('the audit says role "officer"')
    assert "$2b$" not in finding.says


def test_a_value_of_another_kind_hides_neither_itself_nor_a_role_beside_it(played: sa.Engine):
    with played.begin() as connection:
        connection.execute(sa.text("UPDATE account SET name = CAST(name AS BLOB) WHERE username = 'usa'"))
        khanittha = sa.select(Account.id).where(Account.username == "khanittha").scalar_subquery()
        connection.execute(sa.update(Grant).where(Grant.account_id == khanittha).values(role=Role.admin))
    says = [str(one) for one in found(played)]
    assert len(says) == 2
    assert any('role "admin"' in one for one in says)


@pytest.mark.both("played")
def test_what_is_not_of_this_program_is_named_with_what_it_could_do(played: sa.Engine, played_store: Folder):
    """A trigger makes an administrator while somebody only changes their language: its row is sealed as ours."""
    assert verify.verify(engine=played, store=played_store).findings == ()
    acts = "AFTER UPDATE OF language ON account"
    with played.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW everybody AS SELECT * FROM account")
        connection.exec_driver_sql("CREATE TABLE elsewhere (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("ALTER TABLE account ADD COLUMN note TEXT")
        if played.dialect.name == "sqlite":
            connection.exec_driver_sql(f"CREATE TRIGGER sly {acts} BEGIN UPDATE officegrant SET role = 'admin'; END")
        else:
            connection.exec_driver_sql(
                "CREATE FUNCTION sly() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN UPDATE officegrant SET role = ''admin''; RETURN NEW; END'"
            )
            connection.exec_driver_sql(f"CREATE TRIGGER sly {acts} FOR EACH ROW EXECUTE FUNCTION sly()")
    strangers = [one.what for one in verify.verify(engine=played, store=played_store).findings]
    assert strangers == ["column account.note", "table elsewhere", "trigger sly", "view everybody"]


def test_an_administrator_who_was_put_in_is_named(played: sa.Engine):
    forged = sa.insert(Account).values(username="evil", name="ผู้บุกรุก", created_at=NOW, language="th", disabled=False)
    with played.begin() as connection:
        connection.execute(forged)
    (finding,) = found(played)
    assert finding.what.startswith("account ")
    assert finding.says.startswith("the row was put in: the audit has no entry of it")


def test_a_row_that_was_taken_away_and_put_back_is_named(played: sa.Engine):
    with db.writing(played) as session:
        row = session.exec(select(Attendance)).first()
        assert row is not None
        values = row.model_dump()
        session.delete(row)
    with played.begin() as connection:
        connection.execute(sa.insert(Attendance).values(values))
    (finding,) = found(played)
    assert finding.says.startswith("the row was put back: the audit (entry ")


# --- what is sealed, and where ----------------------------------------------------------------------------------------


def test_one_act_is_one_entry_that_seals_its_rows_written_before_and_after_it(engine: sa.Engine, cast: Cast):
    before = last(engine).number
    with db.writing(engine) as session:
        session.get_one(Account, cast.usa).name = "ก่อน"
        audit.record(session, actor=None, action="test", subject="x", at=NOW)
        session.get_one(Account, cast.pattama).name = "หลัง"
    assert last(engine).number == before + 1
    assert set(last(engine).seals["account"]) == {str(cast.usa), str(cast.pattama)}
    assert said(engine) == []


def test_what_is_written_without_an_entry_gets_one(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        session.get_one(Account, cast.usa).name = "อื่น"
    entry = last(engine)
    assert (entry.action, entry.subject, entry.actor) == ("rows.seal", "account", "system")
    assert said(engine) == []


def test_what_writes_nothing_or_only_counters_makes_no_entry(engine: sa.Engine, cast: Cast):
    before = last(engine).number
    with db.writing(engine) as session:
        session.get_one(Account, cast.usa).name = session.get_one(Account, cast.usa).name
        accounts.begin_try(session, username="usa", address="::1", clock=lambda: NOW)
    assert last(engine).number == before


def test_rows_that_one_statement_changes_or_deletes_are_sealed_each(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        for number in range(3):
            token = f"{number}"
            session.add(SignIn(account_id=cast.usa, token_hash=token, public_id=token, created_at=NOW, expires_at=NOW))
        session.add(Ticket(account_id=cast.usa, token_hash="t", expires_at=NOW))
    later = NOW + timedelta(days=1)
    with db.writing(engine) as session:
        assert accounts.sign_out_everywhere(session, account=session.get_one(Account, cast.usa), now=later) == 3
        accounts.issue_ticket(session, account_id=cast.usa, now=later)
    assert len(last(engine).seals["signin"]) == 3
    assert sorted(map(bool, last(engine).seals["ticket"].values()))[-1] is True
    assert said(engine) == []


def test_what_cannot_be_sealed_is_not_written(engine: sa.Engine, cast: Cast):
    for statement in (
        sa.insert(Account).values(name="x", created_at=NOW),
        sa.text("UPDATE officegrant SET role = 'admin'"),
    ):
        with pytest.raises(seals.NotSealed), db.writing(engine) as session:
            session.execute(statement)
    assert said(engine) == []


def test_what_is_rolled_back_is_not_sealed(engine: sa.Engine, cast: Cast):
    before = last(engine)
    with pytest.raises(ZeroDivisionError), db.writing(engine) as session:
        session.get_one(Account, cast.usa).name = "อื่น"
        session.flush()
        raise ZeroDivisionError
    assert last(engine) == before
    assert said(engine) == []


def test_a_whole_plan_applied_again_seals_what_it_changed(engine: sa.Engine):
    rules, chosen = load_with_framework(find_plan("prachuap-2568"))
    with db.writing(engine) as session:
        apply_plan(session, rules, chosen.model_copy(update={"target": 90.0}), at=NOW)
    assert last(engine).action == "plan.apply"
    assert list(last(engine).seals) == ["revision"]
    assert said(engine) == []
