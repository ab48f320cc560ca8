"""What applying a plan does: a revision, and rows for what work hangs on, which are never lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import audit, db, queries
from ita_core.board.progress import State
from ita_core.models import DutyKind, Evidence, EvidenceKind, EvidenceSlot, Item, Party, PartyKind, Requirement, Role
from ita_core.plan.apply import OtherKind
from ita_core.plan.faults import PlanFaults
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from tests.cast import account, office
from tests.plan.changing import AT, LATER, everything, now, put, put_in
from tests.plan.document import DUTIES, REPORTED


def hand_in(session: Session, code: str, key: str, by: str = "usa") -> Evidence:
    """An evidence for one requirement, handed in by an officer with an account."""
    person = session.exec(select(Party.person_id).where(Party.key == by)).one()
    sender = account(session, AT, by, by, Role.officer, office(session), person_id=person)
    item = session.exec(select(Item).where(Item.code == code)).one()
    evidence = Evidence(item_id=item.id or 0, kind=EvidenceKind.link, url="https://x.example", account_id=sender, at=AT)
    session.add(evidence)
    requirement = session.exec(select(Requirement).where(Requirement.item_id == item.id, Requirement.key == key)).one()
    session.flush()
    session.add(EvidenceSlot(evidence_id=evidence.id or 0, requirement_id=requirement.id or 0, format="image"))
    return evidence


def test_applying_makes_a_revision_and_rows_and_writes_one_audit_entry(empty: sa.Engine, rules: Framework, real: Plan):
    assert put_in(empty, rules, real)
    rows = everything(empty)
    assert {name: len(found) for name, found in rows.items()} == {
        "Office": 1, "Person": 17, "PersonName": 17, "Assessment": 1, "Revision": 1, "Item": 44, "Requirement": 107,
        "Party": 26, "AuditEntry": 1,
    }  # fmt: skip
    [assessment], [entry], [revision] = rows["Assessment"], rows["AuditEntry"], rows["Revision"]
    assert (assessment["starts"], assessment["ends"]) == (date(2024, 10, 1), date(2025, 9, 30))
    assert (revision["number"], revision["at"], revision["account_id"]) == (1, AT, None)
    assert (entry["action"], entry["subject"], entry["actor"]) == ("plan.apply", "assessment prachuap 2568", "system")
    assert (entry["detail"]["content"], entry["detail"]["revision"]) == (revision["hash"], 1)
    with db.reading(empty) as session:
        assert audit.faults(session) == []


def test_what_is_read_says_what_the_document_says(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    plan = now(empty)
    found = {}
    for item in plan.items[:24]:
        named = {
            kind: [plan.parties[duty.party_id].full for duty in plan.duties[item.id] if duty.kind is kind]
            for kind in DutyKind
        }
        found[item.code] = (named[DutyKind.supervise], named[DutyKind.prepare])
    measures = {
        item.code: tuple(
            [plan.parties[duty.party_id].full for duty in plan.duties[item.id] if duty.kind is kind]
            for kind in (DutyKind.supervise, DutyKind.prepare)
        )
        for item in plan.items[24:]
    }
    assert found | measures == DUTIES
    o6 = next(item for item in plan.items if item.code == "O6")
    for report in o6.requirements:
        assert report.dues == REPORTED
        assert report.formats == ("pdf", "word")
    assert [item.code for item in plan.items][:24] == [f"O{number}" for number in range(1, 25)]
    assert [step.position for step in plan.steps(plan.parties)] == list(range(1, 15))
    kinds = [party.kind for party in plan.parties.values()]
    assert kinds == [PartyKind.officer] * 17 + [PartyKind.post] * 2 + [PartyKind.team] * 7
    with db.reading(empty) as session:
        here = queries.get_assessment(session)
        [last] = queries.results_by_year(session, here.id).values()
    assert (last.year, last.total, last.announced) == (2567, 95.85, True)
    assert last.points == {"IIT": 93.45, "EIT": 95.21, "OIT": 98.13}
    assert (here.closes, here.target, here.framework) == (date(2025, 4, 30), 95, "immigration-2568")


def test_applying_the_same_plan_twice_changes_nothing(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    before = everything(empty)
    assert not put_in(empty, rules, real, LATER)
    assert everything(empty) == before


def test_a_changed_plan_is_a_new_revision_and_the_old_one_and_the_evidence_stay(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        evidence = hand_in(session, "O9", "visa").model_dump()
    before = everything(empty)

    def change(raw: Any) -> None:
        raw["deadlines"]["once"][0]["due"] = "2025-02-15"
        raw["duties"]["O9"]["prepare"] = ["usa", "aithanya"]
        raw["officers"]["narisara"]["rank"] = "พ.ต.ต.หญิง"

    assert put_in(empty, rules, changed(change), LATER)
    after = everything(empty)
    for name in ("Item", "Requirement", "Party", "Person"):
        assert after[name] == before[name]
    assert after["Revision"][0] == before["Revision"][0]
    assert [one["number"] for one in after["Revision"]] == [1, 2]
    o9 = next(item for item in now(empty).items if item.code == "O9")
    assert {due for part in o9.requirements for due in (part.dues or {}).values()} == {date(2025, 2, 15)}
    with db.reading(empty) as session:
        assert session.get_one(Evidence, evidence["id"]).model_dump() == evidence
        data = queries.take_snapshot(session, queries.get_assessment(session))
    narisara = next(one for one in data.people.values() if one.key == "narisara")
    assert narisara.rank == "พ.ต.ต.หญิง"
    assert data.on(date(2025, 1, 5)).people[narisara.id].rank != "พ.ต.ต.หญิง"


def test_a_day_is_shown_by_the_revision_in_force_then(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)

    def change(raw: Any) -> None:
        raw["deadlines"]["once"][0]["due"] = "2025-02-15"
        raw["duties"]["O9"]["prepare"] = ["usa"]
        del raw["measures"]["S2"]

    put_in(empty, rules, changed(change), LATER)
    with db.reading(empty) as session:
        data = queries.take_snapshot(session, queries.get_assessment(session))
    before, after = data.on(date(2025, 1, 5)), data.on(date(2025, 1, 6))
    assert [len(part.items) for part in (before, after)] == [44, 43]
    dues = [next(slot.due for slot in part.board(part.day).by_code["O9"].item.slots) for part in (before, after)]
    assert dues == [date(2025, 1, 31), date(2025, 2, 15)]
    assert after.board(date(2025, 1, 5)).by_code["O9"].item == before.board(date(2025, 1, 5)).by_code["O9"].item
    o9 = after.board(after.day).by_code["O9"].item
    assert [after.people[who].key for who in o9.preparers] == ["usa"]
    # the moment itself, as a meeting asks for it
    assert len(data.board(date(2025, 1, 6), LATER).items) == 44


def without_item(raw: Any) -> None:
    del raw["measures"]["S2"]


def other_key(raw: Any) -> None:
    raw["measures"]["S2"]["requirements"] = {"pictures": {"title": "ภาพ"}}


@pytest.mark.parametrize("change", [without_item, other_key])
def test_work_on_what_a_revision_takes_away_is_kept_and_counts_again_when_it_comes_back(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan], change: Callable[[Any], None]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        made = hand_in(session, "S2", "photographs").model_dump()

    def states() -> list[State]:
        with db.reading(empty) as session:
            here = queries.get_assessment(session)
            found = queries.take_snapshot(session, here).board(here.ends).by_code.get("S2")
            assert session.get_one(Evidence, made["id"]).model_dump() == made
            assert len(queries.list_evidence(session, None, here.id)) == 1
        return [slot.state for slot in found.slots] if found else []

    assert states() == [State.waiting]
    put_in(empty, rules, changed(change), LATER)
    assert State.waiting not in states()
    put_in(empty, rules, real, LATER)
    assert states() == [State.waiting]


def test_an_officer_who_is_no_longer_in_the_plan_keeps_their_name_and_their_work(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        hand_in(session, "S2", "photographs")

    def without_officer(raw: Any) -> None:
        del raw["officers"]["usa"]
        for duties in raw["duties"].values():
            duties["prepare"] = [who for who in duties["prepare"] if who != "usa"] or ["patthama"]

    put_in(empty, rules, changed(without_officer), LATER)
    with db.reading(empty) as session:
        data = queries.take_snapshot(session, queries.get_assessment(session))
    [usa] = [one for one in data.people.values() if one.key == "usa"]
    assert (usa.full, usa.here) == ("ด.ต.หญิง อุษา มีนาม", False)
    assert usa.id not in {one.id for one in data.officers}
    assert data.records.hand_ins[0].officer_id == usa.id
    assert usa.id in {one.id for one in data.on(date(2025, 1, 5)).officers}


def test_an_officer_never_becomes_a_team(empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]):
    def officer_into_team(raw: Any) -> None:
        raw["teams"]["usa"] = {"name": raw["officers"].pop("usa")["name"]}

    put_in(empty, rules, real)
    before = everything(empty)
    with pytest.raises(OtherKind, match="“usa” was officer"):
        put_in(empty, rules, changed(officer_into_team), LATER)
    assert everything(empty) == before


def test_two_years_of_one_office_stand_side_by_side_with_the_same_persons(
    empty: sa.Engine, rules: Framework, real: Plan
):
    put_in(empty, rules, real)
    before = everything(empty)
    assert put_in(empty, rules, real.model_copy(update={"fiscal_year": 2569}), LATER)
    after = everything(empty)
    for name, rows in before.items():
        if name != "AuditEntry":
            assert [row for row in after[name] if row in rows] == rows
            assert len(after[name]) == len(rows) * (1 if name in {"Office", "Person", "PersonName"} else 2), name
    of_both = [row["person_id"] for row in after["Party"] if row["key"] == "usa"]
    assert len(of_both) == 2
    assert len(set(of_both)) == 1


def test_steps_serve_the_instrument_that_their_title_names(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    served: dict[str | None, list[int]] = {}
    plan = now(empty)
    for step in plan.steps(plan.parties):
        served.setdefault(step.instrument, []).append(step.position)
    assert served == {None: [1, 2, 12, 13, 14], "IIT": [3, 6], "EIT": [4, 7], "OIT": [5, 8, 9, 10, 11]}


@pytest.mark.parametrize(
    ("instrument", "fault"),
    [
        ("XIT", "phases[1].steps.4.instrument: there is no instrument XIT (IIT, EIT, OIT)"),
        (5, "phases[1].steps.4.instrument: must be text, but is 5 (put it in quotes)"),
    ],
)
def test_a_step_that_serves_an_unknown_instrument_is_told_where(
    other_rules: Callable[..., Framework], instrument: object, fault: str
):
    with pytest.raises(PlanFaults) as refused:
        other_rules(put("phases", 1, "steps", "4", "instrument", value=instrument))
    assert refused.value.faults == [f"framework.yaml: {fault}"]
