"""An office without a plan begins with another's."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import accounts, db, queries, workflow
from ita_core.errors import NotYours
from ita_core.models import Account, Grant, Office, Role
from ita_core.plan.faults import PlanFaults
from ita_core.proof.comparing import Rows
from ita_core.proof.verify import row_findings
from tests.cast import Cast
from tests.workflow.work import NOW

HUA_HIN = {"code": "hua-hin", "name": "ด่านตรวจคนเข้าเมืองหัวหิน", "short": "ด่าน ตม.หัวหิน"}


def begin(session: Session, by: int | None, **changed: str | bool) -> int:
    of = queries.get_assessment(session, "prachuap-2568").id
    told: dict[str, str | bool] = HUA_HIN | changed
    return workflow.start_office(session, by=by, source_id=of, at=NOW, **told).assessment.id or 0  # type: ignore[arg-type]


def below(session: Session, account_id: int) -> None:
    """The administrator's role holds in the offices below, too, as the first administrator's does."""
    session.exec(select(Grant).where(Grant.account_id == account_id)).one().below = True


@pytest.mark.both
def test_an_office_begins_below_the_one_whose_plan_it_takes(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        below(session, cast.admin)
        made = begin(session, cast.admin)
    with db.reading(engine) as session:
        here, there = (queries.get_assessment(session, name) for name in ("hua-hin-2568", "prachuap-2568"))
        assert (here.id, here.office, here.fiscal_year) == (made, HUA_HIN["name"], 2568)
        parents = dict(session.exec(select(Office.code, Office.parent_id).order_by(col(Office.id))).all())
        assert parents == {"prachuap": None, "hua-hin": there.office_id}
        assert [one.name for one in queries.list_visible(session, cast.admin)] == ["prachuap-2568", "hua-hin-2568"]
        assert [one.name for one in queries.list_visible(session, cast.commander)] == ["prachuap-2568"]
        plans = [queries.get_history(session, one.id).now for one in (here, there)]
        assert [item.code for item in plans[0].items] == [item.code for item in plans[1].items]
        assert plans[0].plan.officers == {}
        assert row_findings(Rows(session)) == []


def test_there_are_no_two_offices_of_one_code(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        below(session, cast.admin)
        begin(session, cast.admin)
        with pytest.raises(workflow.OfficeKnown, match="hua-hin"):
            begin(session, cast.admin, bare=True)
        with pytest.raises(workflow.OfficeKnown, match="prachuap"):
            begin(session, cast.admin, code=" prachuap ")


@pytest.mark.parametrize("who", ["commander", "khanittha", "viewer", "itap"])
def test_only_an_administrator_begins_one(engine: sa.Engine, cast: Cast, who: str):
    with db.writing(engine) as session, pytest.raises(NotYours):
        begin(session, getattr(cast, who))


def test_an_administrator_of_one_office_only_is_told_who_can(engine: sa.Engine, cast: Cast):
    with pytest.raises(workflow.OnlyInOneOffice), db.writing(engine) as session:
        begin(session, cast.admin)
    with db.reading(engine) as session:
        assert session.exec(select(Office.code)).all() == ["prachuap"]


def test_an_administrator_of_one_office_who_only_looks_on_below_is_told_so_too(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        here = session.exec(select(Office)).one()
        bureau = Office(code="bureau", name="กองบังคับการ", short="บก.")
        session.add(bureau)
        session.flush()
        here.parent_id = bureau.id
        session.add(Grant(account_id=cast.admin, office_id=bureau.id or 0, role=Role.viewer, below=True))
    with pytest.raises(workflow.OnlyInOneOffice), db.writing(engine) as session:
        begin(session, cast.admin)


@pytest.mark.parametrize(("changed", "place"), [
    ({"code": "Hua Hin"}, "office.code"), ({"code": ""}, "office.code"), ({"name": " "}, "office.name"),
    ({"short": ""}, "office.short"),
])  # fmt: skip
def test_what_an_office_cannot_be_called_is_said_with_its_place(
    engine: sa.Engine, cast: Cast, changed: dict[str, str], place: str
):
    with pytest.raises(PlanFaults) as refused, db.writing(engine) as session:
        begin(session, None, **changed)
    assert any(place in fault for fault in map(str, refused.value.faults))
    with db.reading(engine) as session:
        assert session.exec(select(Office.code)).all() == ["prachuap"]


def test_the_first_administrator_may_begin_one(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        for grant in session.exec(select(Grant)):
            session.delete(grant)
        session.flush()
        first = accounts.create_first_admin(session, now=NOW)
        account = session.get_one(Account, first.id)
        account.name = "ผู้ดูแลคนแรก"
        session.flush()
        assert begin(session, account.id)
