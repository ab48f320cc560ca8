"""What applying a plan does to the rows of an assessment, and what it refuses to lose."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from ita_core import audit, db
from ita_core.models import (
    Account,
    Assessment,
    Duty,
    DutyKind,
    Evidence,
    EvidenceKind,
    EvidenceSlot,
    Item,
    Membership,
    Party,
    PartyKind,
    Requirement,
    Role,
    Score,
    Step,
)
from ita_core.plan.apply import WorkHangsOn
from ita_core.plan.faults import PlanFaults
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan
from ita_core.thai import rank_and_name
from tests.plan.changing import AT, LATER, everything, put, put_in
from tests.plan.document import DUTIES, REPORTED


def party(session: Session, key: str) -> Party:
    return session.exec(select(Party).where(Party.key == key)).one()


def hand_in(session: Session, code: str, key: str, by: str = "usa") -> Evidence:
    """An evidence for one requirement, handed in by an officer with an account."""
    account = Account(party_id=party(session, by).id, username=by, name=by, role=Role.officer, created_at=AT)
    session.add(account)
    item = session.exec(select(Item).where(Item.code == code)).one()
    session.flush()
    assert item.id is not None
    assert account.id is not None
    evidence = Evidence(item_id=item.id, kind=EvidenceKind.link, url="https://x.example", account_id=account.id, at=AT)
    session.add(evidence)
    requirement = session.exec(select(Requirement).where(Requirement.item_id == item.id, Requirement.key == key)).one()
    session.flush()
    assert evidence.id is not None
    assert requirement.id is not None
    session.add(EvidenceSlot(evidence_id=evidence.id, requirement_id=requirement.id))
    return evidence


def test_applying_fills_the_tables_and_writes_one_audit_entry(empty: sa.Engine, rules: Framework, real: Plan):
    assert put_in(empty, rules, real)
    rows = everything(empty)
    assert {name: len(found) for name, found in rows.items()} == {
        "Assessment": 1, "Level": 5, "Instrument": 3, "Score": 4, "Indicator": 10, "Item": 44, "Requirement": 107,
        "Party": 26, "Membership": 2, "Phase": 4, "Step": 14, "Duty": 136, "AuditEntry": 1,
    }  # fmt: skip
    [assessment], [entry] = rows["Assessment"], rows["AuditEntry"]
    assert (assessment["starts"], assessment["ends"], assessment["closes"]) == (
        date(2024, 10, 1), date(2025, 9, 30), date(2025, 4, 30),
    )  # fmt: skip
    assert (assessment["framework_code"], assessment["plan_code"]) == ("immigration-2568", "prachuap-2568")
    assert (entry["action"], entry["subject"], entry["actor"]) == ("plan.apply", "assessment prachuap 2568", "system")
    with db.reading(empty) as session:
        assert audit.faults(session) == []


def test_the_rows_say_what_the_document_says(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    with db.reading(empty) as session:
        found: dict[str, tuple[list[str], list[str]]] = {code: ([], []) for code in DUTIES}
        duties = select(Item.code, Duty.kind, Party.rank, Party.name).join(Duty, col(Duty.item_id) == Item.id)
        for code, kind, rank, name in session.exec(
            duties.join(Party, col(Party.id) == Duty.party_id).order_by(col(Duty.position))
        ):
            found[code][kind is DutyKind.prepare].append(rank_and_name(rank, name))
        assert found == DUTIES
        reports = session.exec(
            select(Requirement).join(Item, col(Item.id) == Requirement.item_id).where(Item.code == "O6")
        ).all()
        for report in reports:
            assert report.dues == {period: day.isoformat() for period, day in REPORTED.items()}
            assert report.formats == ["pdf", "word"]
        items = session.exec(select(Item.code).order_by(col(Item.position))).all()
        assert list(items)[:24] == [f"O{number}" for number in range(1, 25)]
        steps = session.exec(select(Step).order_by(col(Step.position))).all()
        assert [step.position for step in steps] == list(range(1, 15))
        scores = {(row.fiscal_year, row.instrument_code): row.points for row in session.exec(select(Score))}
        assert scores == {(2567, None): 95.85, (2567, "IIT"): 93.45, (2567, "EIT"): 95.21, (2567, "OIT"): 98.13}
        kinds = [row.kind for row in session.exec(select(Party).order_by(col(Party.position)))]
        assert kinds == [PartyKind.officer] * 17 + [PartyKind.post] * 2 + [PartyKind.team] * 7


def test_applying_the_same_plan_twice_changes_nothing(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    before = everything(empty)
    assert not put_in(empty, rules, real, LATER)
    assert everything(empty) == before


def test_a_changed_plan_changes_rows_in_place_and_evidence_stays(
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
    for name in ("Item", "Requirement", "Party", "Step", "Indicator"):
        assert [row["id"] for row in after[name]] == [row["id"] for row in before[name]]
    assert {row["code"]: row["due"] for row in after["Item"]}["O9"] == date(2025, 2, 15)
    o9 = next(row["id"] for row in after["Item"] if row["code"] == "O9")
    assert {tuple(row["dues"].values()) for row in after["Requirement"] if row["item_id"] == o9} == {("2025-02-15",)}
    assert len(after["Duty"]) == len(before["Duty"]) + 1
    (applied,) = [row["detail"]["changes"] for row in after["AuditEntry"][1:] if row["action"] == "plan.apply"]
    assert applied == {
        "assessment": {"added": 0, "changed": 1, "removed": 0},
        "item": {"added": 0, "changed": 1, "removed": 0},
        "requirement": {"added": 0, "changed": 4, "removed": 0},
        "party": {"added": 0, "changed": 1, "removed": 0},
        "duty": {"added": 1, "changed": 1, "removed": 0},
    }
    with db.reading(empty) as session:
        assert session.get_one(Evidence, evidence["id"]).model_dump() == evidence


def test_going_back_to_the_first_plan_restores_it(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    before = everything(empty)

    def change(raw: Any) -> None:
        del raw["measures"]["S2"]
        del raw["officers"]["suphawan"]
        raw["duties"]["O6"]["prepare"].remove("suphawan")
        raw["posts"]["commander"]["members"] = ["thianchai"]
        raw["scores"] = []

    put_in(empty, rules, changed(change), LATER)
    without = everything(empty)
    gone = {name: len(before[name]) - len(without[name]) for name in ("Item", "Requirement", "Party", "Membership")}
    assert gone == {"Item": 1, "Requirement": 1, "Party": 1, "Membership": 1}
    assert without["Score"] == []
    assert put_in(empty, rules, real, LATER)
    again = everything(empty)
    assert {name: len(rows) for name, rows in again.items() if name != "AuditEntry"} == {
        name: len(rows) for name, rows in before.items() if name != "AuditEntry"
    }


def without_item(raw: Any) -> None:
    del raw["measures"]["S2"]


def without_officer(raw: Any) -> None:
    del raw["officers"]["usa"]
    for duties in raw["duties"].values():
        duties["prepare"] = [who for who in duties["prepare"] if who != "usa"] or ["patthama"]


def officer_into_team(raw: Any) -> None:
    raw["teams"]["usa"] = {"name": raw["officers"].pop("usa")["name"]}


def other_key(raw: Any) -> None:
    raw["measures"]["S2"]["requirements"] = {"pictures": {"title": "ภาพ"}}


@pytest.mark.parametrize(
    ("change", "lost"),
    [(without_item, "S2, S2 › photographs"), (other_key, "S2 › photographs"), (without_officer, "usa"),
     (officer_into_team, "usa")],
)  # fmt: skip
def test_a_plan_that_would_lose_what_work_hangs_on_is_refused_and_changes_nothing(
    empty: sa.Engine,
    rules: Framework,
    real: Plan,
    changed: Callable[..., Plan],
    change: Callable[[Any], None],
    lost: str,
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        hand_in(session, "S2", "photographs")
    before = everything(empty)
    with pytest.raises(WorkHangsOn, match=f"The plan no longer has {lost}, but"):
        put_in(empty, rules, changed(change), LATER)
    assert everything(empty) == before


def test_the_spelling_that_an_administrator_confirmed_stays(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        chosen = party(session, "thanet")
        chosen.name, chosen.aliases, chosen.confirmed_at = "ธเนศ จุนทการ", ["ธเนศ จันทการ"], LATER
        session.add(chosen)
    assert put_in(empty, rules, changed(put("officers", "usa", "title", value="ผบ.หมู่")), LATER)
    with db.reading(empty) as session:
        kept = party(session, "thanet")
        assert (kept.name, kept.aliases) == ("ธเนศ จุนทการ", ["ธเนศ จันทการ"])
        assert kept.confirmed_at is not None
        assert party(session, "usa").title == "ผบ.หมู่"


def test_the_members_that_an_administrator_chose_stay(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        left = session.exec(select(Membership).where(Membership.officer_id == party(session, "setthaphat").id)).one()
        session.delete(left)
        audit.record(session, actor=None, action="party.members", subject="party commander", at=LATER)
    assert put_in(empty, rules, changed(put("target", value=96)), LATER)
    with db.reading(empty) as session:
        [member] = session.exec(select(Membership)).all()
        assert member.officer_id == party(session, "thianchai").id


def test_the_years_own_scores_are_not_the_plans(
    empty: sa.Engine, rules: Framework, real: Plan, changed: Callable[..., Plan]
):
    put_in(empty, rules, real)
    with db.writing(empty) as session:
        here = session.exec(select(Assessment)).one()
        assert here.id is not None
        session.add(Score(assessment_id=here.id, fiscal_year=2568, points=97.1))
    put_in(empty, rules, changed(put("scores", value=[])), LATER)
    with db.reading(empty) as session:
        assert [(row.fiscal_year, row.points) for row in session.exec(select(Score))] == [(2568, 97.1)]


def test_a_step_moves_to_another_phase_and_keeps_its_id(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    before = {row["position"]: row["id"] for row in everything(empty)["Step"]}
    first, second, *others = rules.phases
    joined = second.model_copy(update={"steps": first.steps | second.steps})
    assert put_in(empty, rules.model_copy(update={"phases": (joined, *others)}), real, LATER)
    after = everything(empty)
    assert {row["position"]: row["id"] for row in after["Step"]} == before
    assert len(after["Phase"]) == 3


def test_two_years_of_one_office_stand_side_by_side(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    before = everything(empty)
    assert put_in(empty, rules, real.model_copy(update={"fiscal_year": 2569}), LATER)
    after = everything(empty)
    for name, rows in before.items():
        if name != "AuditEntry":
            assert [row for row in after[name] if row in rows] == rows
            assert len(after[name]) == 2 * len(rows)


def test_steps_serve_the_instrument_that_their_title_names(empty: sa.Engine, rules: Framework, real: Plan):
    put_in(empty, rules, real)
    served: dict[str | None, list[int]] = {}
    with db.reading(empty) as session:
        for row in session.exec(select(Step).order_by(col(Step.position))):
            served.setdefault(row.instrument_code, []).append(row.position)
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
