"""That somebody took personal names along stands in the audit, and no account can fill it with that."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import db, queries, workflow
from ita_core.errors import NotFound
from ita_core.models import Account, AuditEntry
from ita_core.workflow import exporting
from ita_core.workflow.exporting import MOST_NOTED_A_DAY
from tests.cast import Cast
from tests.workflow.work import NOW

DAY = NOW.date()


def take(session: Session, by: int | None, what: str = "items", **more: object) -> None:
    here = queries.get_assessment(session).id
    told = {"assessment_id": here, "what": what, "day": DAY, "at": NOW} | more
    workflow.note_export(session, by=by, **told)  # type: ignore[arg-type]


def noted(session: Session) -> list[AuditEntry]:
    found = select(AuditEntry).where(AuditEntry.action == "export.take").order_by(col(AuditEntry.number))
    return list(session.exec(found))


@pytest.mark.both
def test_an_export_is_noted_with_who_took_what_of_which_day(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        take(session, cast.usa, format="csv")
        take(session, None, "officers")
        found = [(one.actor, one.account_id, one.subject, one.detail, one.touches) for one in noted(session)]
    of = {"assessment": "prachuap-2568", "as_of": DAY.isoformat()}
    assert found == [
        ("อุษา มีนาม", cast.usa, "export items", of | {"format": "csv"}, None),
        ("system", None, "export officers", of, None),
    ]


def test_the_same_is_noted_once_a_day_for_each_account(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        for _again in range(3):
            take(session, cast.usa)
        take(session, cast.usa, at=NOW + timedelta(minutes=5), format="xlsx")
        assert len(noted(session)) == 1
        take(session, cast.viewer)
        take(session, None)
        take(session, cast.usa, day=DAY - timedelta(days=1))
        take(session, cast.usa, "evidence")
        take(session, cast.usa, at=NOW + timedelta(days=1))
        assert len(noted(session)) == 6


def test_an_account_that_asks_for_every_day_of_the_year_does_not_fill_the_record(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        for number in range(MOST_NOTED_A_DAY + 20):
            take(session, cast.usa, day=DAY - timedelta(days=number))
        take(session, cast.viewer)
        found = noted(session)
        assert [one.account_id for one in found].count(cast.usa) == MOST_NOTED_A_DAY
        assert ["not_noted" in one.detail for one in found] == [False] * (MOST_NOTED_A_DAY - 1) + [True, False]


def test_a_pack_and_a_zip_are_noted_whatever_else_was_taken_and_each_as_itself(engine: sa.Engine, cast: Cast):
    """exports/read_first.txt says so to whoever has a pack."""
    with db.writing(engine) as session:
        for number in range(MOST_NOTED_A_DAY + 1):
            take(session, cast.usa, day=DAY - timedelta(days=number))
        for what in ("pack a1", "zip b2", "pack a1", "evidence", "zip c3"):
            take(session, cast.usa, what)
        assert [one.subject for one in noted(session)][MOST_NOTED_A_DAY:] == [
            "export pack a1", "export zip b2", "export zip c3",
        ]  # fmt: skip


def test_packs_leave_tables_their_place_in_the_record(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        for number in range(MOST_NOTED_A_DAY):
            take(session, cast.usa, f"pack {number}")
        take(session, cast.usa)
        assert [one.subject for one in noted(session)][-1] == "export items"


def test_more_packs_than_anybody_needs_are_refused_and_so_none_goes_unnoted(
    engine: sa.Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exporting, "MOST_WHOLE_A_DAY", 2)
    with db.writing(engine) as session:
        for number in range(2):
            take(session, cast.usa, f"zip {number}")
        with pytest.raises(exporting.TakenEnough, match="2 ZIPs"):
            take(session, cast.usa, "pack 3")
        take(session, cast.usa, "zip 1")  # noted already
        take(session, cast.usa, "pack 3", at=NOW + timedelta(days=1))
        take(session, cast.viewer, "pack 3")
        for number in range(4):
            take(session, None, f"pack {number}")  # the server's own command
        assert len(noted(session)) == 8


def test_whoever_has_no_account_in_the_office_takes_nothing(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        session.get_one(Account, cast.usa).disabled = True
        session.flush()
        with pytest.raises(NotFound):
            take(session, cast.usa)
        assert noted(session) == []
