"""What is found of an office: what one may read, as it stood on a day, whatever is typed."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, queries, workflow
from ita_core.errors import NotFound
from ita_core.models import Office, Role
from ita_core.queries import Group, Sought
from tests.cast import Cast, account, actor, replan
from tests.queries.test_evidence_list import submit
from tests.queries.test_statements import statements
from tests.queries.writes import NOW, officer

pytestmark = pytest.mark.both
DAY = NOW.date()
ALL = dict.fromkeys(Group, 50)
SIGNS = (
    "100%",
    "a_b",
    "it's",
    'so "it" is',
    "back\\slash",
    "x OR y",
    "ab*",
    "NEAR(a b)",
    "{a}",
    "-- ;",
    "a:b",
    "^ab",
    "(",
)


def found(engine: sa.Engine, who: int, typed: str, day: date = DAY + timedelta(days=3), **most: int) -> Sought:
    with db.reading(engine) as session:
        limits = ALL | {Group(name): number for name, number in most.items()}
        facts = queries.get_assessment(session)
        return queries.search(session, actor(session, who), facts, typed, day=day, most=limits)


def names(sought: Sought) -> list[str]:
    return [one.evidence.file_name for one in sought.evidence.shown]


def codes(sought: Sought) -> list[str]:
    return [one.item.code for one in sought.items.shown]


@pytest.fixture
def handed_in(engine: sa.Engine, cast: Cast) -> None:
    """Two pieces on the day, one of them withdrawn two days later, and a third piece a day later."""
    with db.writing(engine) as session:
        submit(session, cast, 1, "สรุปงบประมาณ ม.ค. ๒๕๖๘.pdf")
        back = submit(session, cast, 2, "ผลการจัดท\u0e4dาแผน.docx", fmt="word", note="แก้ไขตามคำสั่งที่ 7")
        submit(session, cast, 60 * 24, "งบเพิ่มเติม.pdf", month="2025-02")
        workflow.withdraw(session, by=cast.usa, evidence_id=back, at=NOW + timedelta(days=2))


@pytest.mark.usefixtures("handed_in")
def test_evidence_is_found_by_its_name_note_and_item_in_whatever_way_it_is_written(engine: sa.Engine, cast: Cast):
    def of(typed: str) -> list[str]:
        return names(found(engine, cast.viewer, typed))

    first, second, third = "สรุปงบประมาณ ม.ค. ๒๕๖๘.pdf", "ผลการจัดท\u0e4dาแผน.docx", "งบเพิ่มเติม.pdf"
    assert of("งบ") == [third, first]  # two letters inside of a word; the newest first
    assert of("2568") == of("๒๕๖๘") == of("งบ 2568") == of(" 2568\u200b  สรุป ") == [first]
    assert of("จัดทำ") == of("DOCX แผน") == of("คำสั่งที่") == [second]
    assert of("o 6") == of("O06") == [third, second, first]
    assert of("งบ แผน") == of("ไม่มีคำนี้") == []


@pytest.mark.usefixtures("handed_in")
def test_what_is_found_is_what_stood_on_the_day(engine: sa.Engine, cast: Cast):
    assert names(found(engine, cast.viewer, "งบ", DAY - timedelta(days=1))) == []
    assert len(names(found(engine, cast.viewer, "งบ", DAY))) == 1
    for days, withdrawn in ((1, False), (2, True)):
        [one] = found(engine, cast.viewer, "จัดทำ", DAY + timedelta(days=days)).evidence.shown
        assert bool(one.evidence.withdrawn_at) is withdrawn
    [first, second] = found(engine, cast.viewer, "งบ").evidence.shown
    assert (first.place, second.place) == (0, 2)
    with db.writing(engine) as session:
        replan(session, lambda plan: plan["measures"]["S2"].update(title="ผลงานเปลี่ยนชื่อ"), NOW)
    assert codes(found(engine, cast.viewer, "เปลี่ยนชื่อ")) == ["S2"]
    assert codes(found(engine, cast.viewer, "เปลี่ยนชื่อ", DAY - timedelta(days=1))) == []


@pytest.mark.usefixtures("handed_in")
def test_nobody_finds_what_they_may_not_read(engine: sa.Engine, cast: Cast):
    """Of every word of every item: what is found is of their items, and of the people whom those name."""
    with db.writing(engine) as session:
        workflow.direct(session, by=cast.commander, assessment_id=queries.get_assessment(session).id, text="เร่งงบ",
                        party_ids=[officer(session, cast.usa)], due=date(2025, 3, 7), at=NOW)  # fmt: skip
    for who in (cast.piyaporn, cast.usa, cast.khanittha, cast.viewer, cast.commander, cast.itap):
        with db.reading(engine) as session:
            reader = actor(session, who)
            data = queries.current_snapshot(session, queries.get_assessment(session)).visible_to(reader)
            mine = {item.code for item in data.items}
            given = {one.id for one in queries.list_directives(session, reader.assessment_id, reader)}
            pieces = {one.id for one in queries.list_evidence(session, reader, reader.assessment_id)}
        for typed in ("งบ", "การ", "o", "า", "พ.ต.", "O6", "เร่ง"):
            sought = found(engine, who, typed)
            assert set(codes(sought)) <= mine
            assert {one.id for one in sought.directives.shown} <= given
            assert {one.evidence.id for one in sought.evidence.shown} <= pieces
            assert all(set(one.items) <= mine for one in sought.parties.shown)
            if len(mine) < 44:
                assert all(one.items for one in sought.parties.shown)
    assert names(found(engine, cast.piyaporn, "งบ")) == []
    assert found(engine, cast.piyaporn, "O6").count == 0
    assert found(engine, cast.piyaporn, "อุษา").parties.count == found(engine, cast.piyaporn, "เร่งงบ").count == 0
    assert found(engine, cast.usa, "เร่งงบ").directives.count == 1
    assert len(found(engine, cast.usa, "ขนิษฐา").parties.shown) == 1


def test_other_spellings_of_a_name_are_for_those_who_see_all(engine: sa.Engine, cast: Cast):
    assert [one.party.name for one in found(engine, cast.commander, "ชนิษฐา").parties.shown] == ["ขนิษฐา แก้วโสภา"]
    assert found(engine, cast.usa, "ชนิษฐา").parties.count == 0


@pytest.mark.usefixtures("handed_in")
def test_another_office_finds_nothing_of_this_one(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        other = Office(code="other", name="อื่น", short="อื่น")
        session.add(other)
        session.flush()
        stranger = account(session, NOW, "stranger", "stranger", Role.commander, other.id or 0)
        assert session.exec(select(Office.id)).all() != [other.id]
    with db.reading(engine) as session, pytest.raises(NotFound):
        queries.search(session, actor(session, stranger), queries.get_assessment(session), "งบ", day=DAY, most=ALL)


def test_a_draft_is_not_found(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        facts = queries.get_assessment(session)
        workflow.edit(session, lambda content: content["plan"]["measures"]["S2"].update(title="ร่างลับ"),
                      by=cast.admin, assessment_id=facts.id, at=NOW)  # fmt: skip
        draft = queries.find_draft(session, facts.id)
        assert draft is not None
        assert "ร่างลับ" in str(draft)
    for who in (cast.commander, cast.admin):
        assert found(engine, who, "ร่างลับ").count == 0


@pytest.mark.parametrize("typed", SIGNS)
def test_signs_of_a_query_language_are_letters(engine: sa.Engine, cast: Cast, typed: str):
    with db.writing(engine) as session:
        submit(session, cast, 1, "สำเนา.pdf", note=f"ก่อน {typed} หลัง")
        submit(session, cast, 2, "abc xy.pdf", month="2025-02", note="100 aXb")
    assert names(found(engine, cast.viewer, typed)) == ["สำเนา.pdf"]


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\x00", "\n"])
def test_no_word_finds_nothing(engine: sa.Engine, cast: Cast, typed: str):
    assert found(engine, cast.viewer, typed).count == 0


@pytest.mark.usefixtures("handed_in")
def test_of_each_group_only_so_many_are_given_and_all_are_counted(engine: sa.Engine, cast: Cast):
    sought = found(engine, cast.viewer, "การ", items=2, evidence=1)
    assert len(sought.items.shown) == 2 < sought.items.count
    assert (
        len(found(engine, cast.viewer, "งบ", evidence=1).evidence.shown),
        found(engine, cast.viewer, "งบ").evidence.count,
    ) == (1, 2)


def test_the_item_of_that_very_code_comes_first(engine: sa.Engine, cast: Cast):
    for typed in ("o9", "ข้อ 9", "ข้อ O9"):
        assert codes(found(engine, cast.viewer, typed))[0] == "O9"
    assert codes(found(engine, cast.viewer, "1.1"))[0] == "1.1"
    assert "O10" not in codes(found(engine, cast.viewer, "O1"))


def test_more_evidence_asks_no_more_of_the_database_and_what_is_new_is_found(engine: sa.Engine, cast: Cast):
    counts = []
    for number in range(1, 41):
        with db.writing(engine) as session:
            submit(session, cast, number, f"รายงาน {number}.pdf")
        if number in {2, 40}:
            with statements(engine) as asked:
                assert found(engine, cast.viewer, "รายงาน").evidence.count == number
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert names(found(engine, cast.viewer, "รายงาน 40")) == ["รายงาน 40.pdf"]
