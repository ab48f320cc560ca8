"""All evidence in one list: found, sorted, paged, as far as one may read and as it stood on a day."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import db, queries, workflow
from ita_core.errors import NotFound
from ita_core.evidence.objects import File
from ita_core.models import Account, Decision
from ita_core.queries import EvidenceFacts, Order, Stands, Wanted
from tests.cast import Cast, actor, item_id, slots
from tests.queries.test_statements import statements
from tests.queries.writes import NOW

pytestmark = pytest.mark.both
DAY = NOW.date()


def submit(
    session: Session, cast: Cast, number: int, name: str, *, month: str = "2025-01", fmt: str = "pdf", note: str = ""
) -> int:
    content = File(f"{number:064d}", number, "x/y", fmt, name)
    return workflow.submit(
        session, by=cast.usa, item_id=item_id(session, "O6"), content=content, note=note,
        slots=slots(session, "O6", period=month, format=fmt), at=NOW + timedelta(minutes=number),
    )  # fmt: skip


@pytest.fixture
def handed_in(engine: sa.Engine, cast: Cast) -> list[int]:
    """Accepted, returned, withdrawn, waiting, and a link; the decisions came a day later."""
    with db.writing(engine) as session:
        made = [
            submit(session, cast, 1, "รายงาน Jan.pdf"),
            submit(session, cast, 2, "รายงาน 100%.docx", fmt="word", note="ฉบับแก้ไข_1"),
            submit(session, cast, 3, "สำเนา.pdf", month="2025-02"),
            submit(session, cast, 4, "REPORT.pdf", month="2025-02", note="แทนฉบับเดิม"),
        ]
        link = workflow.Link("https://example.org/O6")
        made.append(workflow.submit(session, by=cast.usa, item_id=item_id(session, "O6"), content=link,
                                    slots=slots(session, "O6", period="2025-02", format="pdf"),
                                    at=NOW + timedelta(days=1)))  # fmt: skip
        later = NOW + timedelta(days=1)
        for one, decision in ((made[0], Decision.accepted), (made[1], Decision.returned)):
            workflow.review(session, by=cast.khanittha, evidence_id=one, decision=decision, reason="x", at=later)
        workflow.withdraw(session, by=cast.usa, evidence_id=made[2], at=later)
    return made


def found(engine: sa.Engine, who: int, *, day: date = DAY + timedelta(days=1), **wanted: object) -> list[EvidenceFacts]:
    with db.reading(engine) as session:
        listed = queries.find_evidence(
            session, actor(session, who), queries.get_assessment(session), Wanted(**wanted), day=day
        )
    assert listed.count == len(listed.pieces)
    return list(listed.pieces)


def places(engine: sa.Engine, cast: Cast, made: list[int], **wanted: object) -> list[int]:
    return [made.index(one.id) for one in found(engine, cast.viewer, **wanted)]


@pytest.mark.parametrize(
    ("wanted", "which"),
    [
        ({}, [4, 3, 2, 1, 0]),
        ({"order": Order.oldest}, [0, 1, 2, 3, 4]),
        ({"order": Order.size}, [3, 2, 1, 0, 4]),
        ({"order": Order.name}, [4, 3, 1, 0, 2]),
        ({"stands": Stands.accepted}, [0]),
        ({"stands": Stands.returned}, [1]),
        ({"stands": Stands.withdrawn}, [2]),
        ({"stands": Stands.waiting}, [4, 3]),
        ({"period": "2025-02"}, [4, 3, 2]),
        ({"kind": "word"}, [1]),
        ({"kind": "link"}, [4]),
        ({"on": DAY}, [3, 2, 1, 0]),
        ({"text": "report"}, [3]),
        ({"text": "รายงาน"}, [1, 0]),
        ({"text": "jan รายงาน"}, [0]),
        ({"text": "%"}, [1]),
        ({"text": "ไข_1"}, [1]),
        ({"text": "ฉบับเดิม"}, [3]),
        ({"text": "' OR 1=1 --"}, []),
        ({"item_id": 2**30}, []),
    ],
)
def test_each_filter_finds_what_it_says(
    engine: sa.Engine, cast: Cast, handed_in: list[int], wanted: dict[str, object], which: list[int]
):
    assert places(engine, cast, handed_in, **wanted) == which


def test_it_is_found_by_who_handed_it_in(engine: sa.Engine, cast: Cast, handed_in: list[int]):
    with db.reading(engine) as session:
        usa, other = (session.get_one(Account, one).person_id for one in (cast.usa, cast.pattama))
    assert len(found(engine, cast.viewer, person_id=usa)) == len(handed_in)
    assert found(engine, cast.viewer, person_id=other) == []


def test_on_a_past_day_it_stands_as_it_stood(engine: sa.Engine, cast: Cast, handed_in: list[int]):
    then = found(engine, cast.viewer, day=DAY, stands=Stands.waiting)
    assert [handed_in.index(one.id) for one in then] == [3, 2, 1, 0]
    assert all(one.undecided for one in then)
    assert found(engine, cast.viewer, day=DAY, stands=Stands.accepted) == []


def test_nobody_finds_what_is_not_theirs(engine: sa.Engine, cast: Cast, handed_in: list[int]):
    assert found(engine, cast.piyaporn) == []
    with db.reading(engine) as session:
        of = item_id(session, "O6")
        assert found(engine, cast.piyaporn, item_id=of, text="รายงาน") == []
        assert [one.id for one in queries.list_pieces(session, cast.usa, handed_in)] == handed_in
        for ids in (handed_in, [handed_in[0]], [2**30], [handed_in[0], 2**30]):
            with pytest.raises(NotFound):
                queries.list_pieces(session, cast.piyaporn, ids)


def test_a_page_is_read_however_much_there_is(engine: sa.Engine, cast: Cast):
    """Of more than a page the rest is on the next one, and is asked for by as many statements."""
    asked = []
    for many in (range(100, 130), range(200, 230)):
        with db.writing(engine) as session:
            for number in many:
                submit(session, cast, number, f"{number}.pdf")
        with db.reading(engine) as session:
            who, facts = actor(session, cast.usa), queries.get_assessment(session)
            with statements(engine) as during:
                first = queries.find_evidence(session, who, facts, Wanted(), day=DAY)
            asked.append(len(during))
            last = queries.find_evidence(session, who, facts, Wanted(), day=DAY, page=99)
    assert asked[0] == asked[1]
    assert (first.count, first.page, first.pages, len(first.pieces), last.page, len(last.pieces)) == (
        60,
        1,
        2,
        50,
        2,
        10,
    )
    assert not {one.id for one in first.pieces} & {one.id for one in last.pieces}
