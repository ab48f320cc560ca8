"""Two years of one office: what was accepted then is an example now for who does it, and for nobody else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from ita_core import db, queries, workflow
from ita_core.errors import NotFound
from ita_core.evidence.objects import File
from ita_core.models import Account, Decision, Person, Role
from ita_core.plan.apply import apply_plan, revise
from ita_core.plan.content import Content
from ita_core.plan.plan import find_plan, load_with_framework
from ita_core.queries import Examples
from tests.cast import Cast, account
from tests.queries.test_statements import statements

pytestmark = pytest.mark.both

NOW = datetime(2025, 2, 27, 3, 0, tzinfo=UTC)
NEXT = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)
NEXT_DAY = date(2025, 12, 1)
EVERYBODY = ("usa", "pattama", "khanittha", "pramote", "piyaporn", "commander", "itap", "admin", "viewer")


def year(session: Session, number: int) -> queries.AssessmentFacts:
    return queries.get_assessment(session, f"prachuap-{number}")


def send(session: Session, cast: Cast, day: int, period: str = "2024-10", decided: Decision | None = None) -> int:
    """O6 of a month in PDF, by Usa; Khanittha decides an hour later."""
    at = NOW + timedelta(days=day)
    content = File(f"{day:x}" * 64, 1000, "application/pdf", "pdf", f"{day}.pdf")
    item = queries.take_snapshot(session, year(session, 2568)).of_item("O6").items[0]
    keys = [slot.key for slot in item.slots if (slot.key.period, slot.key.format) == (period, "pdf")]
    made = workflow.submit(session, by=cast.usa, item_id=item.id, slots=keys, content=content, at=at)
    if decided:
        reason = "ขาดลายมือชื่อ" if decided is Decision.returned else ""
        later = at + timedelta(hours=1)
        workflow.review(session, by=cast.khanittha, evidence_id=made, decision=decided, reason=reason, at=later)
    return made


@pytest.fixture
def sent(engine: sa.Engine, cast: Cast) -> dict[str, int]:
    """Of O6 last year: returned, then accepted, then replaced by a newer one; of another month, one that waits."""
    with db.writing(engine) as session:
        return {
            "returned": send(session, cast, 1, decided=Decision.returned),
            "replaced": send(session, cast, 2, decided=Decision.accepted),
            "accepted": send(session, cast, 3, decided=Decision.accepted),
            "waiting": send(session, cast, 4, "2024-11"),
        }


@pytest.fixture
def begun(engine: sa.Engine, cast: Cast, sent: dict[str, int]) -> None:
    """2569, in which Piyaporn alone prepares O6, and Usa, who did it last year, has no duty on it."""
    with db.writing(engine) as session:
        workflow.start_year(session, by=cast.admin, source_id=year(session, 2568).id, year=2569, at=NEXT)
        key = session.get_one(Person, session.get_one(Account, cast.piyaporn).person_id).key

        def hand_over(content: Content) -> None:
            content["plan"]["duties"]["O6"]["prepare"] = [{"who": key, "task": ""}]

        revise(session, year(session, 2569).id, hand_over, at=NEXT)


def examples(session: Session, by: int, code: str = "O6", **more: Any) -> Examples | None:
    here = year(session, 2569)
    return queries.get_examples(session, queries.get_actor(session, by, here.id), here, code, **more)


def opens(session: Session, by: int, evidence: int) -> bool:
    try:
        return queries.get_evidence(session, by, evidence).id == evidence
    except NotFound:
        return False


def test_who_does_it_now_sees_how_it_was_done_and_what_had_come_back(
    engine: sa.Engine, cast: Cast, sent: dict[str, int], begun: None
):
    with db.reading(engine) as session:
        found = examples(session, cast.piyaporn)
    assert found is not None
    [one] = found.listed
    assert (one.evidence.id, one.evidence.by, found.count) == (sent["accepted"], "อุษา มีนาม", 1)
    assert [(back.id, back.reviewed_by, back.reason) for back in one.returns] == [
        (sent["returned"], "ขนิษฐา แก้วโสภา", "ขาดลายมือชื่อ")
    ]
    assert found.readable == frozenset()  # last year's item stays closed to her


@pytest.mark.parametrize(
    ("what", "may"),
    [
        # who may see the item this year: its one preparer, its supervisors, who sees all; and who had the duty then
        ("accepted", set(EVERYBODY)),
        *((what, set(EVERYBODY) - {"piyaporn"}) for what in ("returned", "replaced", "waiting")),
    ],
)
def test_only_what_counts_at_the_years_end_is_opened_by_who_had_no_duty_then(
    engine: sa.Engine, cast: Cast, sent: dict[str, int], begun: None, what: str, may: set[str]
):
    with db.reading(engine) as session:
        assert {who for who in EVERYBODY if opens(session, getattr(cast, who), sent[what])} == may


def test_who_has_no_duty_on_it_in_any_year_gets_none(engine: sa.Engine, cast: Cast, sent: dict[str, int], begun: None):
    with db.writing(engine) as session:

        def take_away(content: Content) -> None:
            content["plan"]["duties"]["O6"]["prepare"] = [{"who": "suphawan", "task": ""}]

        revise(session, year(session, 2569).id, take_away, at=NEXT)
        assert not opens(session, cast.piyaporn, sent["accepted"])
        assert opens(session, cast.usa, sent["accepted"])  # it was hers
        for who in (cast.piyaporn, cast.usa):
            with pytest.raises(NotFound):
                examples(session, who)


def test_an_item_of_the_same_code_that_is_another_one_has_no_example_and_gives_no_right(
    engine: sa.Engine, cast: Cast, sent: dict[str, int], begun: None
):
    with db.writing(engine) as session:
        now = queries.get_history(session, year(session, 2569).id).now
        items = now.framework.items
        items = items | {
            "O6": items["O6"].model_copy(update={"lineage": "O6-2569"}),
            "O25": items["O7"].model_copy(update={"lineage": "O25-2569", "came_of": ("O6",)}),
        }
        duties = now.plan.duties | {"O25": now.plan.duties["O7"]}
        apply_plan(
            session, now.framework.model_copy(update={"items": items}),
            now.plan.model_copy(update={"duties": duties}), at=NEXT,
        )  # fmt: skip
        assert not opens(session, cast.piyaporn, sent["accepted"])
        found = examples(session, cast.piyaporn)
        assert found is not None
        assert (found.items, found.listed, found.count) == ((), (), 0)
        part = examples(session, cast.commander, "O25")
        assert part is not None
        assert [one.evidence.id for one in part.listed] == [sent["accepted"]]


def test_nothing_of_it_counts_this_year(engine: sa.Engine, cast: Cast, begun: None):
    with db.reading(engine) as session:
        data = queries.take_snapshot(session, year(session, 2569))
    assert data.records.hand_ins == []
    assert {one.tally.accepted for one in data.board(NEXT_DAY).items} == {0}


def test_the_first_year_has_no_example(engine: sa.Engine, cast: Cast, sent: dict[str, int]):
    with db.reading(engine) as session:
        here = year(session, 2568)
        who = queries.get_actor(session, cast.commander, here.id)
        assert queries.get_examples(session, who, here, "O6") is None
        assert queries.compare_years(session, who, here, date(2025, 3, 1)) is None
        assert not opens(session, cast.piyaporn, sent["accepted"])


def test_nobody_of_another_office_opens_an_example(engine: sa.Engine, cast: Cast, sent: dict[str, int], begun: None):
    rules, real = load_with_framework(find_plan("prachuap-2568"))
    office = real.office.model_copy(update={"code": "zone", "name": "ที่อื่น", "short": "ที่อื่น"})
    with db.writing(engine) as session:
        made = apply_plan(session, rules, real.model_copy(update={"office": office}), at=NOW).assessment
        other = account(session, NOW, "elsewhere", "ที่อื่น", Role.commander, made.office_id)
        workflow.start_year(session, by=other, source_id=made.id or 0, year=2569, at=NEXT)
        assert not opens(session, other, sent["accepted"])


def compared(session: Session, by: int) -> queries.Comparison:
    here = year(session, 2569)
    found = queries.compare_years(session, queries.get_actor(session, by, here.id), here, NEXT_DAY)
    assert found is not None
    return found


def test_the_years_are_compared_as_far_as_one_may_see_them(engine: sa.Engine, cast: Cast, begun: None):
    with db.reading(engine) as session:
        every, own, former = (compared(session, who) for who in (cast.commander, cast.piyaporn, cast.usa))
    assert len(every.items) == 44
    assert len(every.officers) > 10
    [o6] = [one for one in every.items if one.standing and one.standing.item.code == "O6"]
    assert o6.then is not None
    assert (o6.then.tally.accepted, o6.then.returned, o6.again) == (4, 1, True)
    assert {one.standing.item.code for one in own.items if one.standing} >= {"O6", "O11"}
    assert {len(own.officers), len(former.officers)} == {1}
    dropped_for_her = [one.earlier[0].item.code for one in former.items if one.standing is None]
    assert dropped_for_her == ["O6"]  # hers then, and no more
    assert all(one.then for one in own.items)


def test_more_evidence_asks_no_more_of_the_database(engine: sa.Engine, cast: Cast, begun: None):
    counts = []
    for days in ((5,), (6, 7, 8, 9)):
        with db.writing(engine) as session:
            for day in days:
                send(session, cast, day, f"2025-0{day % 3 + 1}", Decision.accepted)
        with db.reading(engine) as session, statements(engine) as asked:
            examples(session, cast.commander)
        with db.reading(engine) as session, statements(engine) as more:
            compared(session, cast.commander)
        counts.append((len(asked), len(more)))
    assert counts[1][0] <= counts[0][0]  # what is kept of this year was made the first time
    assert counts[1][1] == counts[0][1]
