"""The list of stakeholders: who keeps it, what the audit says of it and does not, and that it is deleted for good."""

import json
import logging
import tarfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import audit, db, dump, queries, start, workflow
from ita_core.board.stakeholders import State, state
from ita_core.errors import NotFound, NotYours, Refused
from ita_core.evidence.folder import Folder
from ita_core.models import AuditEntry, Grant, Role, StakeholderPeople, StakeholdersGone, Survey
from ita_core.proof import backup
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import Finding, row_findings
from ita_core.workflow import YearClosed, forgetting, stakeholders
from ita_core.workflow.campaigns import ListWouldGo, NoCampaign
from tests.cast import Cast, set_role
from tests.workflow.stakeholders import (
    AFTER,
    KEEP_DAYS,
    LAST,
    MARKS,
    NOW,
    PEOPLE,
    TERMS,
    begin,
    bring,
    found,
    of,
    opened,
)

MAY, MAY_NOT = ["commander", "itap"], ["usa", "khanittha", "piyaporn", "admin", "viewer"]
ACTIONS = ("stakeholders.import", "stakeholders.open", "stakeholders.export", "stakeholders.delete")


def export(by: int, at=NOW) -> list:
    where = of()
    with db.writing() as session:
        return workflow.export_stakeholders(session, by=by, assessment_id=where, keep_days=KEEP_DAYS, at=at)


def delete(by: int, list_id: int, at=NOW) -> bool:
    where = of()
    with db.writing() as session:
        return workflow.delete_stakeholders(session, by=by, assessment_id=where, list_id=list_id, at=at)


def entries(engine: sa.Engine | None = None) -> list[AuditEntry]:
    with db.reading(engine) as session:
        every = session.exec(select(AuditEntry).order_by(AuditEntry.number)).all()
        session.expunge_all()
    return [one for one in every if one.action in ACTIONS]


def people_there(engine: sa.Engine | None = None) -> list[int]:
    with db.reading(engine) as session:
        return list(session.exec(select(StakeholderPeople.list_id)))


def findings(engine: sa.Engine | None = None) -> list[Finding]:
    with db.reading(engine) as session:
        rows = Rows(session)
    return row_findings(rows)


@pytest.mark.parametrize("who", MAY)
def test_who_keeps_it_imports_opens_exports_and_deletes_and_the_audit_says_so_without_a_name(at_work: Cast, who: str):
    by = getattr(at_work, who)
    begin(by)
    number = bring(by)
    assert opened(by) == PEOPLE
    assert export(by) == PEOPLE
    one = found()
    assert one is not None
    assert (one.rows, one.kinds) == (2, {"ผู้รับบริการ": 1, "ผู้ประกอบการ": 1})
    assert delete(by, number)
    assert not delete(by, number)  # a second press
    told = entries()
    assert [(one.action, one.account_id, one.subject) for one in told] == [
        (action, by, f"stakeholders {number}") for action in ACTIONS
    ]
    assert all((entry.detail["rows"], entry.detail["sha256"]) == (2, one.sha256) for entry in told)
    with db.reading() as session:
        everything = "\n".join(line.decode() for table in dump.TABLES.values() for line in dump.lines(session, table))
    assert not [mark for mark in MARKS if mark in everything]
    assert findings() == []


@pytest.mark.parametrize("who", MAY_NOT)
def test_nobody_else_does_any_of_it(at_work: Cast, who: str):
    begin(at_work.commander)
    number = bring(at_work.commander)
    before = len(entries())
    by = getattr(at_work, who)
    for act in (lambda: bring(by), lambda: opened(by), lambda: export(by), lambda: delete(by, number)):
        with pytest.raises(NotYours):
            act()
    assert len(entries()) == before
    assert people_there() == [number]


def test_nor_a_viewer_who_keeps_itap_nor_the_commander_once_they_are_not_nor_somebody_of_no_role(at_work: Cast):
    begin(at_work.commander)
    bring(at_work.itap)
    with db.writing() as session:
        set_role(session, at_work.itap, Role.viewer)
        set_role(session, at_work.commander, Role.officer)
        session.delete(session.exec(select(Grant).where(Grant.account_id == at_work.usa)).one())
    for by, refusal in ((at_work.itap, NotYours), (at_work.commander, NotYours), (at_work.usa, NotFound)):
        with pytest.raises(refusal):
            opened(by)


def test_a_list_is_taken_only_once_it_is_known_until_when_it_is_kept(at_work: Cast):
    with pytest.raises(NoCampaign):
        bring(at_work.commander)
    begin(at_work.commander)
    with pytest.raises(stakeholders.TooLateToKeep):
        bring(at_work.commander, at=AFTER)
    assert bring(at_work.commander, at=LAST)
    with pytest.raises(stakeholders.ListChanged):
        delete(at_work.commander, 99)


def test_a_new_list_replaces_the_former_which_is_deleted(at_work: Cast):
    begin(at_work.commander)
    first = bring(at_work.commander)
    second = bring(at_work.itap, [PEOPLE[1]], at=NOW + timedelta(hours=1))
    assert people_there() == [second]
    assert opened(at_work.commander) == [PEOPLE[1]]
    before = found(NOW + timedelta(minutes=1))
    assert before is not None
    assert (before.id, before.rows, before.gone) == (first, 2, None)  # as it was then, but nobody's name
    assert [(one.action, one.subject, one.detail.get("why")) for one in entries()[:3]] == [
        ("stakeholders.import", f"stakeholders {first}", None),
        ("stakeholders.delete", f"stakeholders {first}", "replaced"),
        ("stakeholders.import", f"stakeholders {second}", None),
    ]
    with pytest.raises(stakeholders.ListChanged):  # a page drawn before
        delete(at_work.commander, first)
    assert people_there() == [second]
    assert findings() == []


def test_reading_is_refused_after_the_day_even_where_nothing_has_deleted_it(at_work: Cast):
    begin(at_work.commander)
    number = bring(at_work.commander)
    assert opened(at_work.commander, LAST) == PEOPLE
    before = len(entries())
    for read in (opened, export):
        with pytest.raises(stakeholders.ListOver):
            read(at_work.commander, AFTER)
    assert people_there() == [number]
    assert len(entries()) == before


def test_it_is_deleted_by_itself_once_its_day_is_over_and_only_once(at_work: Cast):
    begin(at_work.commander)
    number = bring(at_work.commander)
    assert forgetting.clear(keep_days=KEEP_DAYS, at=LAST) == 0
    assert people_there() == [number]
    assert forgetting.clear(keep_days=KEEP_DAYS, at=AFTER) == 1
    assert forgetting.clear(keep_days=KEEP_DAYS, at=AFTER) == 0
    assert people_there() == []
    one = found()
    assert one is not None
    assert one.gone == (StakeholdersGone.due, "", AFTER)
    last = entries()[-1]
    assert (last.action, last.actor, last.account_id) == ("stakeholders.delete", audit.SYSTEM, None)
    with pytest.raises(stakeholders.ListGone):
        opened(at_work.commander)
    assert findings() == []


def test_a_survey_that_closes_earlier_takes_its_list_along(at_work: Cast):
    begin(at_work.commander)
    bring(at_work.commander)
    begin(at_work.commander, replace(TERMS, closes=date(2025, 1, 31)))
    with pytest.raises(stakeholders.ListOver):
        opened(at_work.commander)
    assert forgetting.clear(keep_days=KEEP_DAYS, at=NOW) == 1


@pytest.mark.parametrize("role", ["commander", "khanittha"])
def test_no_closing_day_is_recorded_by_which_the_list_would_be_deleted_at_once(at_work: Cast, role: str):
    begin(at_work.commander)
    number = bring(at_work.commander)
    where = of()
    typed = {"by": getattr(at_work, role), "assessment_id": where, "survey": Survey.eit_external, "at": NOW}
    gone = NOW.date() - timedelta(days=KEEP_DAYS + 1)
    with db.writing() as session, pytest.raises(ListWouldGo):
        workflow.set_campaign(session, terms=replace(TERMS, closes=gone), **typed)
    with db.writing() as session:
        assert workflow.set_campaign(session, terms=replace(TERMS, closes=gone + timedelta(days=1)), **typed)
    assert forgetting.clear(keep_days=KEEP_DAYS, at=NOW) == 0
    assert people_there() == [number]
    with db.writing() as session:
        workflow.delete_stakeholders(session, by=at_work.commander, assessment_id=where, list_id=number, at=NOW)
        assert workflow.set_campaign(session, terms=replace(TERMS, closes=gone), **typed)


def test_a_list_that_was_deleted_later_was_there_before(at_work: Cast):
    begin(at_work.commander)
    bring(at_work.commander, at=NOW - timedelta(days=9))
    bring(at_work.commander, at=NOW)  # in place of it
    with db.reading() as session:
        then = queries.find_stakeholders(session, queries.get_assessment(session).id, NOW - timedelta(days=5))
    assert then is not None
    assert state(then, LAST.date(), NOW.date() - timedelta(days=5)) is State.there


def test_what_is_read_when_it_is_deleted_is_wiped_later_and_the_deletion_stands(
    at_work: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    begin(at_work.commander)
    bring(at_work.commander)

    def busy(*_args: object) -> None:
        raise db.DatabaseBusy

    monkeypatch.setattr(db, "wipe", busy)
    assert forgetting.clear(keep_days=KEEP_DAYS, at=AFTER) == 1
    assert people_there() == []
    assert "not yet out of the database's files" in caplog.text


def test_a_start_and_whatever_runs_by_itself_deletes_it(at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    begin(at_work.commander, replace(TERMS, closes=date(2025, 3, 15)))
    bring(at_work.commander)
    start.clear_what_is_over()
    assert people_there()
    monkeypatch.setattr(start.settings(), "__dict__", start.settings().__dict__ | {"today": date(2025, 4, 15)})
    start.clear_what_is_over()
    assert people_there() == []


def test_in_a_closed_year_it_is_read_and_deleted_but_none_is_imported(at_work: Cast):
    begin(at_work.commander)
    number = bring(at_work.commander)
    with db.writing() as session:
        workflow.close_year(session, by=at_work.commander, assessment_id=queries.get_assessment(session).id, at=NOW)
    assert opened(at_work.commander) == PEOPLE
    with pytest.raises(YearClosed):
        bring(at_work.commander)
    assert delete(at_work.commander, number)


def test_somebody_who_opens_it_again_and_again_is_stopped_for_the_day(at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stakeholders, "MOST_A_DAY", 3)
    begin(at_work.commander)
    bring(at_work.commander)
    opened(at_work.itap)
    export(at_work.itap)
    opened(at_work.itap)
    for read in (opened, export):
        with pytest.raises(stakeholders.OpenedEnough):
            read(at_work.itap)
    assert opened(at_work.commander) == PEOPLE
    assert opened(at_work.itap, NOW + timedelta(days=1)) == PEOPLE


def test_two_lists_of_the_same_people_have_hashes_that_tell_nothing(at_work: Cast):
    begin(at_work.commander)
    hashes = set()
    for _time in range(2):
        bring(at_work.commander)
        one = found()
        assert one is not None
        hashes.add(one.sha256)
    assert len(hashes) == 2


# --- where copies could linger ----------------------------------------------------------------------------------------


def files_of(engine: sa.Engine) -> dict[str, bytes]:
    """The database's file and all that lies beside it by its name."""
    path = Path(str(engine.url.database))
    return {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*") if one.is_file()}


def seen(files: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(name, mark) for name, content in files.items() for mark in MARKS if mark.encode() in content]


@pytest.mark.parametrize("log", ["delete", "wal"])
def test_after_the_deletion_no_name_is_in_the_bytes_of_the_sqlite_file(
    at_work: Cast, log: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(db, "_wal_is_safe", lambda _version: log == "wal")
    db.engine().dispose()
    db.engine.cache_clear()
    with db.engine().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == log
    begin(at_work.commander)
    many = [PEOPLE[0] | {"phone": f"02000{n:04}", "email": f"geheim71-{n}@secret.example"} for n in range(1500)]
    number = bring(at_work.commander, [*PEOPLE, *many])
    opened(at_work.commander)
    assert {mark for _file, mark in seen(files_of(db.engine()))} == set(MARKS)  # so it can be found where it is
    delete(at_work.commander, number)
    forgetting.wipe()
    assert seen(files_of(db.engine())) == []


def test_after_it_was_replaced_and_after_its_day_none_is_either(at_work: Cast):
    begin(at_work.commander)
    bring(at_work.commander)
    bring(at_work.commander, [PEOPLE[1] | {"name": "ใหม่", "email": "new@secret.example"}])
    assert seen(files_of(db.engine())) == []
    bring(at_work.commander)
    assert seen(files_of(db.engine()))
    forgetting.clear(keep_days=KEEP_DAYS, at=AFTER)
    assert seen(files_of(db.engine())) == []


@pytest.mark.both
def test_what_is_deleted_is_wiped_on_either_database(engine: sa.Engine, cast: Cast):
    begin(cast.commander, engine=engine)
    number = bring(cast.commander, engine=engine)
    with db.writing(engine) as session:
        workflow.delete_stakeholders(
            session, by=cast.commander, assessment_id=queries.get_assessment(session).id, list_id=number, at=NOW
        )
    db.wipe("stakeholderpeople", engine)
    assert people_there(engine) == []
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            size = "SELECT pg_relation_size('stakeholderpeople') + pg_relation_size(reltoastrelid) FROM pg_class"
            where = " WHERE relname = 'stakeholderpeople'"
            assert connection.exec_driver_sql(size + where).scalar() == 0
    assert findings(engine) == []


def test_a_backup_holds_nobody_and_after_a_restore_it_says_so(
    at_work: Cast, store: Folder, bare: sa.Engine, tmp_path: Path
):
    begin(at_work.commander)
    bring(at_work.commander)
    file = tmp_path / "x.tar"
    made = backup.backup(engine=db.engine(), store=store, file=file, at=NOW)
    assert seen({"x.tar": file.read_bytes()}) == []
    with tarfile.open(file) as archive:
        assert "rows/stakeholderlist.jsonl" in archive.getnames()
        assert "rows/stakeholderpeople.jsonl" not in archive.getnames()
    back = backup.restore(engine=bare, store=store, file=file)
    assert (back, back.findings) == (made, ())
    one = found(engine=bare)
    assert one is not None
    assert state(one, date(2025, 7, 30), NOW.date()) is State.lost
    with pytest.raises(stakeholders.ListNotRestored):
        opened(at_work.commander, engine=bare)
    bring(at_work.commander, engine=bare)
    assert opened(at_work.commander, engine=bare) == PEOPLE


def test_an_error_of_the_database_tells_the_log_nothing_of_a_row(at_work: Cast, caplog: pytest.LogCaptureFixture):
    begin(at_work.commander)
    number = bring(at_work.commander)
    with pytest.raises(sa.exc.IntegrityError) as failed, db.writing() as session:
        session.add(StakeholderPeople(list_id=number, content=json.dumps(PEOPLE, ensure_ascii=False)))
        session.flush()
    logging.getLogger("x").error("failed", exc_info=failed.value)
    assert not [mark for mark in MARKS if mark in str(failed.value) + caplog.text]


# --- held against the audit -------------------------------------------------------------------------------------------


def changed(statement: str) -> list[str]:
    with db.engine().execution_options(**{db._WRITES: True}).begin() as connection:
        connection.execute(sa.text(statement))
    return [f"{one.what}: {one.says}" for one in findings()]


def test_a_list_that_was_changed_in_the_database_is_named_and_not_given_out(at_work: Cast):
    begin(at_work.commander)
    number = bring(at_work.commander)
    said = changed("UPDATE stakeholderpeople SET content = replace(content, '020000071', '020000072')")
    assert said == [f"people of stakeholders {number}: are not those that were imported"]
    with pytest.raises(stakeholders.ListDamaged):
        opened(at_work.commander)


def test_people_put_back_after_their_deletion_are_named_and_not_given_out(at_work: Cast):
    begin(at_work.commander)
    number = bring(at_work.commander)
    delete(at_work.commander, number)
    said = changed(f"INSERT INTO stakeholderpeople VALUES ({number}, 'x')")
    assert said == [f"people of stakeholders {number}: are there, although their deletion is recorded"]
    with pytest.raises(stakeholders.ListGone):
        opened(at_work.commander)


def test_a_deletion_that_nobody_recorded_is_named(at_work: Cast):
    begin(at_work.commander)
    number = bring(at_work.commander)
    said = changed(
        f"INSERT INTO stakeholderdeletion (list_id, why, at) VALUES ({number}, 'due', '2025-03-15 05:00:00')"
    )
    assert any(f"deletion of stakeholders {number}" in one for one in said)


def test_every_refusal_is_one_sentence():
    for name in ("NobodyListed", "ListGone", "ListNotRestored", "ListDamaged", "ListChanged"):
        refusal: type[Refused] = getattr(stakeholders, name)
        assert str(refusal()).count("\n") == 0
