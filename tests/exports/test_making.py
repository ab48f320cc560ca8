"""A table by its name, chosen as the screens choose: on the whole demonstration."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import db, queries
from ita_core.access import Actor
from ita_core.exports import making
from ita_core.exports.making import CHOSEN_BY, TABLES, NotChosenBy
from ita_core.exports.tables import as_csv, as_json
from ita_core.models import Account, Review, Role
from ita_core.queries import Snapshot

DAY = date(2025, 3, 15)


@pytest.fixture
def reading(played: sa.Engine) -> Iterator[Session]:
    with db.reading(played) as session:
        yield session


def snapshot(session: Session, day: date = DAY) -> Snapshot:
    return queries.current_snapshot(session, queries.get_assessment(session)).on(day)


def rows(
    session: Session, name: str, who: Actor | None = None, day: date = DAY, **query: str
) -> list[dict[str, object]]:
    data = snapshot(session, day)
    return making.prepare(session, name, data.visible_to(who) if who else data, day, who, query)().rows


def actor(session: Session, username: str) -> Actor:
    account = session.exec(select(Account.id).where(Account.username == username)).one()
    return queries.get_actor(session, account or 0, queries.get_assessment(session).id)


@pytest.mark.both
def test_every_decision_is_told_with_who_and_why(reading: Session):
    told = rows(reading, "reviews")
    decided = [row for row in told if row["evidence"]]
    assert len(decided) == len(reading.exec(select(Review.id).where(col(Review.at) < sa.func.now())).all())
    assert [row["at"] for row in told] == sorted(row["at"] for row in told)
    returned = [row for row in decided if row["what"] == "returned"]
    assert returned
    assert all(row["reason"] and row["by"] and row["handed_in_at"] < row["at"] for row in returned)
    assert len(rows(reading, "reviews", day=date(2024, 12, 1))) < len(told)


def test_directives_and_meetings_as_of_a_day(reading: Session):
    assert [row["given"] for row in rows(reading, "meetings")] == [1, 2, 2]
    assert [row["given"] for row in rows(reading, "meetings", day=date(2025, 1, 3))] == [1]
    now, then = rows(reading, "directives"), rows(reading, "directives", day=date(2025, 1, 3))
    assert (len(now), len(then)) == (5, 1)
    assert (now[0]["state"], now[0]["days_late"], then[0]["days_late"]) == ("open", 22, 0)
    assert now[0]["to"] == ["ร.ต.อ.หญิง อังศุศรณ์ เชาวเลิศ", "ร.ต.อ.หญิง นริศรา นามธง", "ร.ต.อ.ศราวุฒิ ประยูรวงศ์"]
    assert now[0]["meeting"] == rows(reading, "meetings")[0]["at"]


def test_a_table_is_chosen_as_its_screen_is(reading: Session):
    overdue = rows(reading, "items", kind="oit", state="overdue")
    assert [row["code"] for row in overdue] == ["O6", "O7", "O8", "O10", "O13", "O14"]
    slots = rows(reading, "slots", kind="oit", state="overdue")
    assert len(slots) == sum(row["overdue"] for row in overdue)
    assert all(row["overdue"] for row in slots)
    assert {row["item"] for row in rows(reading, "evidence", item="O6", state="accepted")} == {"O6"}
    assert {row["state"] for row in rows(reading, "evidence", state="returned")} <= {"returned", "accepted"}
    by_item = rows(reading, "evidence", sort="item", kind="oit")
    assert by_item[0]["item"] == "O1"
    assert {row["format"] for row in rows(reading, "evidence", kind="word")} == {"word"}
    assert {row["item"] for row in rows(reading, "reviews", indicator="9")} < {
        row["item"] for row in rows(reading, "reviews")
    }
    assert [row["name"] for row in rows(reading, "officers", officer="usa")] == ["อุษา มีนาม"]
    assert {row["state"] for row in rows(reading, "directives", state="done")} == {"done"}
    assert len(rows(reading, "meetings", officer="usa")) <= 3
    assert 0 < len(rows(reading, "timeline", state="running")) < 14


@pytest.mark.parametrize(
    ("name", "query"),
    [("items", {"state": "withdrawn"}), ("items", {"item": "O99"}), ("items", {"month": "2025-02"}),
     ("officers", {"state": "overdue"}), ("evidence", {"state": "overdue"}), ("evidence", {"on": "31/31/68"}),
     ("audit", {"officer": "usa"}), ("directives", {"officer": "nobody"}), ("timeline", {"kind": "oit"})],
)  # fmt: skip
def test_what_means_nothing_in_a_table_is_refused_and_not_left_out(reading: Session, name: str, query: dict[str, str]):
    with pytest.raises(NotChosenBy, match=f"“{name}” cannot be chosen by {next(iter(query))}="):
        rows(reading, name, **query)


def test_only_what_means_something_applies_and_what_is_empty_asks_for_nothing(reading: Session):
    data = snapshot(reading)
    query = {"state": "overdue", "kind": "oit", "month": "2025-02", "item": " ", "day": "2025-03-15"}
    applies = {name: set(making.applying(name, query, data, DAY)) for name in TABLES}
    assert applies == {
        "items": {"state", "kind"}, "slots": {"state", "kind"}, "officers": set(), "timeline": {"state"},
        "evidence": {"kind", "month"}, "reviews": {"kind", "month"}, "directives": {"state"}, "meetings": set(),
        "scores": set(), "responses": set(),
        "audit": set(),
    }  # fmt: skip
    assert rows(reading, "items", item=" ", office="x") == rows(reading, "items")
    assert set(CHOSEN_BY) == set(TABLES)


def test_nobody_gets_more_of_it_by_choosing(reading: Session):
    usa = actor(reading, "usa")
    own = {item.code for item in snapshot(reading).visible_to(usa).items}
    for name, key in (("items", "code"), ("slots", "item"), ("evidence", "item"), ("reviews", "item")):
        assert {row[key] for row in rows(reading, name, usa)} <= own, name
        with pytest.raises(NotChosenBy):
            rows(reading, name, usa, item="O7")
    assert rows(reading, "officers", usa, officer="usa") == rows(reading, "officers", usa)
    assert rows(reading, "officers", usa, officer="piyaporn") == []
    assert all("ด.ต.หญิง อุษา มีนาม" in row["to"] for row in rows(reading, "directives", usa))


def test_who_keeps_itap_sees_meetings_and_is_told_no_wrong_number_of_what_was_ordered_in_them(reading: Session):
    told = rows(reading, "meetings", actor(reading, "angsuson"))
    assert [row["given"] for row in told] == [None] * len(rows(reading, "meetings"))
    own = rows(reading, "directives", actor(reading, "angsuson"))
    assert 0 < len(own) < len(rows(reading, "directives"))
    assert sum(len(row["directives"]) for row in told) == len(own)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [*TABLES, "workbook"])
def test_nothing_is_asked_of_the_database_while_it_is_made(played: sa.Engine, name: str):
    with db.reading(played) as session:
        data = snapshot(session)
        make: Callable[[], object] = making.prepare_workbook(session, data, DAY).make
        if name != "workbook":
            make = making.prepare(session, name, data, DAY)
    asked: list[object] = []
    sa.event.listen(played, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert make()
    assert asked == []


@pytest.mark.parametrize(
    ("who", "lacks"),
    [(None, set()), ("usa", {"audit", "meetings"}), ("angsuson", {"audit"}), ("demo-viewer", {"audit"})],
)
def test_which_tables_somebody_may_have(reading: Session, who: str | None, lacks: set[str]):
    of = actor(reading, who) if who else None
    assert {name for name in TABLES if not making.offered(name, of)} == lacks
    assert of is None or of.role is not Role.admin


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_written_in_words_and_in_codes(reading: Session, name: str):
    table = making.prepare(reading, name, snapshot(reading), DAY)()
    assert table.name == name
    assert as_csv(table).count(b"\r\n") > len(table.rows)
    assert as_json(table).startswith("[")
