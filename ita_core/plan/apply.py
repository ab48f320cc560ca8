"""Bringing the rows of an assessment to what a framework and a plan say."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from ita_core import audit, models
from ita_core.days import fiscal_bounds
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.models import DutyKind
from ita_core.plan.faults import named
from ita_core.plan.framework import Framework, Step
from ita_core.plan.plan import PARTIES, Duties, Group, Officer, Plan, PlannedItem, PlannedRequirement, planned_items

# Grows when `planned_items` makes other rows of the same files: every plan is then applied anew.
_DERIVATION = 1


class WorkHangsOn(Refused):
    says = N_(
        "The plan no longer has {what}, but work has been recorded on it, and records are never removed. "
        "Put it back into the plan. Nothing was changed."
    )


Row = TypeVar("Row", bound=models.Base)
Name = TypeVar("Name")


def apply_plan(session: Session, framework: Framework, plan: Plan, *, at: datetime) -> tuple[models.Assessment, bool]:
    """Bring the rows of the assessment to what framework and plan say; the assessment, and whether anything changed.

    Rows are found by what names them in the files (an item's code, an officer's key …) and keep their ids, so what
    hangs on them stays. What an administrator settled in the app stays too: the spelling of a name, the members of a
    post or a team. Scores are taken for earlier years only. Changes nothing, and writes no audit entry, where the same
    files were applied before.

    Raises WorkHangsOn, before anything is changed, where something that records hang on is no longer in the files.
    """
    # Of several processes that apply at once, the second waits here and then finds that nothing is left to do.
    audit.one_at_a_time(session)
    content = f"{_DERIVATION}\n{framework.model_dump_json()}\n{plan.model_dump_json()}"
    content_hash = hashlib.sha256(content.encode()).hexdigest()
    found = session.exec(
        select(models.Assessment).where(
            models.Assessment.office_code == plan.office.code, models.Assessment.fiscal_year == plan.fiscal_year
        )
    ).first()
    if found is not None and found.content_hash == content_hash:
        return found, False

    have = _Rows() if found is None else _rows(session, _id(found), before=plan.fiscal_year)
    items = planned_items(framework, plan)
    _refuse_to_lose(session, have, framework, plan, items)
    writer = _Writer(session)
    assessment = writer.write_assessment(found, framework, plan, content_hash)
    _write(writer, _id(assessment), have, framework, plan, items)
    writer.remove_the_rest()
    audit.record(
        session,
        actor=None,
        action="plan.apply",
        subject=f"assessment {plan.office.code} {plan.fiscal_year}",
        at=at,
        touches=assessment.id,
        plan=plan.code,
        framework=framework.code,
        content=content_hash,
        changes=writer.changes,
    )
    return assessment, True


@dataclass
class _Rows:
    """The rows of one assessment by what names them in the files."""

    levels: dict[int, models.Level] = field(default_factory=dict)
    instruments: dict[str, models.Instrument] = field(default_factory=dict)
    scores: dict[tuple[int, str | None], models.Score] = field(default_factory=dict)
    indicators: dict[int, models.Indicator] = field(default_factory=dict)
    parties: dict[str, models.Party] = field(default_factory=dict)
    members: dict[tuple[str, str], models.Membership] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)  # groups whose members an administrator chose in the app
    items: dict[str, models.Item] = field(default_factory=dict)
    requirements: dict[tuple[str, str], models.Requirement] = field(default_factory=dict)
    phases: dict[int, models.Phase] = field(default_factory=dict)
    steps: dict[int, models.Step] = field(default_factory=dict)
    duties: dict[tuple[str, str | int, DutyKind], models.Duty] = field(default_factory=dict)


def _rows(session: Session, assessment_id: int, *, before: int) -> _Rows:
    """What is there now; of the scores, those of fiscal years before this one (the year's own are the app's)."""
    here = assessment_id
    rows = _Rows()
    rows.levels = {
        row.position: row for row in session.exec(select(models.Level).where(models.Level.assessment_id == here))
    }
    rows.instruments = {
        row.code: row for row in session.exec(select(models.Instrument).where(models.Instrument.assessment_id == here))
    }
    rows.scores = {
        (row.fiscal_year, row.instrument_code): row
        for row in session.exec(
            select(models.Score).where(models.Score.assessment_id == here, models.Score.fiscal_year < before)
        )
    }
    rows.indicators = {
        row.number: row for row in session.exec(select(models.Indicator).where(models.Indicator.assessment_id == here))
    }
    rows.parties = {
        row.key: row for row in session.exec(select(models.Party).where(models.Party.assessment_id == here))
    }
    rows.items = {row.code: row for row in session.exec(select(models.Item).where(models.Item.assessment_id == here))}
    rows.phases = {
        row.position: row for row in session.exec(select(models.Phase).where(models.Phase.assessment_id == here))
    }
    keys, codes = ({row.id: name for name, row in part.items()} for part in (rows.parties, rows.items))
    in_phases = select(models.Step).where(col(models.Step.phase_id).in_([row.id for row in rows.phases.values()]))
    rows.steps = {row.position: row for row in session.exec(in_phases)}
    numbers = {row.id: number for number, row in rows.steps.items()}
    of_groups = select(models.Membership).where(col(models.Membership.group_id).in_(keys))
    rows.members = {(keys[row.group_id], keys[row.officer_id]): row for row in session.exec(of_groups)}
    of_items = select(models.Requirement).where(col(models.Requirement.item_id).in_(codes))
    rows.requirements = {(codes[row.item_id], row.key): row for row in session.exec(of_items)}
    for row in session.exec(select(models.Duty).where(col(models.Duty.party_id).in_(keys))):
        place = codes[row.item_id] if row.item_id is not None else numbers[row.step_id]
        rows.duties[keys[row.party_id], place, row.kind] = row
    subjects = {f"party {key}": key for key in rows.parties}
    chosen = select(models.AuditEntry.subject).where(models.AuditEntry.action == "party.members")
    rows.settled = {subjects[subject] for subject in session.exec(chosen) if subject in subjects}
    return rows


# What the files themselves fill; every other table that refers to one of them holds records of work, accounts, ….
_FILLED = {
    model.__tablename__
    for model in (
        models.Level,
        models.Instrument,
        models.Score,
        models.Indicator,
        models.Item,
        models.Requirement,
        models.Party,
        models.Membership,
        models.Phase,
        models.Step,
        models.Duty,
    )
}


def _refuse_to_lose(session: Session, have: _Rows, framework: Framework, plan: Plan, items: list[PlannedItem]) -> None:
    """Raises WorkHangsOn where records refer to a row that is about to go."""
    codes = {item.code for item in items}
    requirements = {(item.code, key) for item in items for key in item.requirements}
    # An officer who becomes a team is another party: nobody signs in as a team.
    parties = {(key, kind) for part, kind in PARTIES.items() for key in getattr(plan, part)}
    going: list[tuple[str, dict[int, str]]] = [
        ("item", {_id(row): code for code, row in have.items.items() if code not in codes}),
        (
            "requirement",
            {_id(row): " › ".join(name) for name, row in have.requirements.items() if name not in requirements},
        ),
        ("party", {_id(row): key for key, row in have.parties.items() if (key, row.kind) not in parties}),
        ("step", {_id(row): f"step {number}" for number, row in have.steps.items() if number not in framework.steps}),
    ]
    lost: dict[str, None] = {}
    for table in models.Base.metadata.sorted_tables:
        if table.name in _FILLED:
            continue
        for reference in table.foreign_keys:
            for name, rows in going:
                if rows and reference.column.table.name == name:
                    used = session.exec(select(reference.parent).where(reference.parent.in_(rows)).distinct())
                    lost.update(dict.fromkeys(rows[row] for row in sorted(used)))
    if lost:
        raise WorkHangsOn(what=named(lost))


class _Writer:
    """Brings rows to what is wanted, table after table, and counts what it did."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._going: list[models.Base] = []
        self.changes: dict[str, dict[str, int]] = {}  # table → how many rows were added, changed, removed

    def bring(
        self, model: type[Row], there: Mapping[Name, Row], wanted: Mapping[Name, dict[str, Any]]
    ) -> dict[Name, Row]:
        """Add and change rows; those not wanted go in `remove_the_rest`. Gives the rows by their names."""
        rows: dict[Name, Row] = {}
        added = changed = 0
        for name, values in wanted.items():
            row = there.get(name)
            if row is None:
                row, added = model(**values), added + 1
            else:
                new = {key: value for key, value in values.items() if getattr(row, key) != value}
                changed += bool(new)
                for key, value in new.items():
                    setattr(row, key, value)
            self._session.add(row)
            rows[name] = row
        self._session.flush()
        gone = [row for name, row in there.items() if name not in wanted]
        self._going.extend(gone)
        numbers = {"added": added, "changed": changed, "removed": len(gone)}
        if any(numbers.values()):
            self.changes[str(model.__tablename__)] = numbers
        return rows

    def write_assessment(
        self, found: models.Assessment | None, framework: Framework, plan: Plan, content_hash: str
    ) -> models.Assessment:
        """The assessment's own row."""
        starts, ends = fiscal_bounds(plan.fiscal_year)
        values: dict[str, Any] = {
            "office_code": plan.office.code, "office": plan.office.name, "office_short": plan.office.short,
            "fiscal_year": plan.fiscal_year, "starts": starts, "ends": ends, "closes": framework.closes,
            "target": plan.target, "framework_code": framework.code, "plan_code": plan.code,
            "content_hash": content_hash, "website": plan.office.website,
        }  # fmt: skip
        return self.bring(models.Assessment, {} if found is None else {"": found}, {"": values})[""]

    def remove_the_rest(self) -> None:
        """Take away what was not wanted: what refers to others was brought last and goes first."""
        for row in reversed(self._going):
            self._session.delete(row)
            self._session.flush()  # one by one, because no relationship orders them


def _write(writer: _Writer, here: int, have: _Rows, framework: Framework, plan: Plan, items: list[PlannedItem]) -> None:
    """Everything that hangs on the assessment with the id `here`."""
    indicators = _write_measuring(writer, here, have, framework, plan)
    parties = writer.bring(models.Party, have.parties, _wanted_parties(here, have, plan))
    writer.bring(models.Membership, have.members, {
        (group, officer): {"group_id": _id(parties[group]), "officer_id": _id(parties[officer])}
        for group, officer in _wanted_members(have, plan)
    })  # fmt: skip
    rows = _write_items(writer, here, have, items, indicators)
    steps = _write_calendar(writer, here, have, framework, plan)
    places: dict[str | int, tuple[Duties, dict[str, int | None]]] = {
        item.code: (item.duties, {"item_id": _id(rows[item.code]), "step_id": None}) for item in items
    }
    places |= {number: (plan.steps[number], {"item_id": None, "step_id": _id(steps[number])}) for number in steps}
    writer.bring(models.Duty, have.duties, {
        (hand.who, place, kind): {
            "party_id": _id(parties[hand.who]), **on, "kind": kind, "task": hand.task, "position": position,
        }
        for place, (duties, on) in places.items()
        for kind, hands in ((DutyKind.supervise, duties.supervise), (DutyKind.prepare, duties.prepare))
        for position, hand in enumerate(hands, start=1)
    })  # fmt: skip


def _write_measuring(
    writer: _Writer, here: int, have: _Rows, framework: Framework, plan: Plan
) -> dict[int, models.Indicator]:
    """Levels, instruments, announced scores and indicators; gives the indicators by their numbers."""
    writer.bring(models.Level, have.levels, {
        position: {"assessment_id": here, "position": position, **level.model_dump()}
        for position, level in enumerate(framework.levels, start=1)
    })  # fmt: skip
    instruments = writer.bring(models.Instrument, have.instruments, {
        code: {"assessment_id": here, "code": code, "position": position, **instrument.model_dump()}
        for position, (code, instrument) in enumerate(framework.instruments.items(), start=1)
    })  # fmt: skip
    writer.bring(models.Score, have.scores, {
        (year.fiscal_year, code): {
            "assessment_id": here, "fiscal_year": year.fiscal_year, "instrument_code": code, "points": points,
        }
        for year in plan.scores
        for code, points in ((None, year.total), *year.instruments.items())
    })  # fmt: skip
    return writer.bring(models.Indicator, have.indicators, {
        number: {
            "assessment_id": here, "instrument_id": _id(instruments[indicator.instrument]), "number": number,
            "title": indicator.title, "improve": indicator.improve,
        }
        for number, indicator in framework.indicators.items()
    })  # fmt: skip


def _write_items(
    writer: _Writer, here: int, have: _Rows, items: list[PlannedItem], indicators: dict[int, models.Indicator]
) -> dict[str, models.Item]:
    """Items and their requirements; gives the items by their codes."""
    rows = writer.bring(models.Item, have.items, {
        item.code: {
            "assessment_id": here, "indicator_id": _id(indicators[item.indicator]) if item.indicator else None,
            "instrument_code": item.instrument, "code": item.code, "title": item.title, "kind": item.kind,
            "demand": item.demand, "cadence": item.cadence, "due": item.due, "nobody": item.duties.nobody,
            "position": position,
        }
        for position, item in enumerate(items, start=1)
    })  # fmt: skip
    writer.bring(models.Requirement, have.requirements, {
        (item.code, key): {
            "item_id": _id(rows[item.code]), "key": key, "position": position, "title": part.demand.title,
            "note": part.demand.note, "cadence": part.demand.cadence, "periods": list(part.demand.periods),
            "formats": list(part.demand.formats), "languages": list(part.demand.languages),
            "minimum": part.demand.minimum, "nil_allowed": part.demand.nil_allowed,
            **_dues(part, have.requirements.get((item.code, key))),
        }
        for item in items
        for position, (key, part) in enumerate(item.requirements.items(), start=1)
    })  # fmt: skip
    return rows


def _write_calendar(
    writer: _Writer, here: int, have: _Rows, framework: Framework, plan: Plan
) -> dict[int, models.Step]:
    """Phases and steps; gives the steps by their numbers."""
    phases = writer.bring(models.Phase, have.phases, {
        position: {"assessment_id": here, "position": position, "title": phase.title}
        for position, phase in enumerate(framework.phases, start=1)
    })  # fmt: skip
    return writer.bring(models.Step, have.steps, {
        number: {
            "phase_id": _id(phases[position]), "position": number, "nobody": plan.steps[number].nobody,
            "instrument_code": step.instrument, **step.model_dump(exclude={"instrument"}),
            **_first_dates(step, have.steps.get(number)),
        }
        for position, phase in enumerate(framework.phases, start=1)
        for number, step in phase.steps.items()
    })  # fmt: skip


def _dues(planned: PlannedRequirement, there: models.Requirement | None) -> dict[str, dict[str, str]]:
    """The dates now, and the first that each had: what the plan is compared with once a date was moved."""
    dues = {period: due.isoformat() for period, due in planned.dues.items()}
    return {"dues": dues, "first_dues": dues | (there.first_dues if there else {})}


def _first_dates(step: Step, there: models.Step | None) -> dict[str, date]:
    starts, ends = (there.first_starts, there.first_ends) if there else (step.starts, step.ends)
    return {"first_starts": starts, "first_ends": ends}


def _wanted_parties(assessment_id: int, have: _Rows, plan: Plan) -> dict[str, dict[str, Any]]:
    wanted: dict[str, dict[str, Any]] = {}
    for part, kind in PARTIES.items():
        parties: Mapping[str, Officer | Group] = getattr(plan, part)
        for key, party in parties.items():
            values: dict[str, Any] = {
                "assessment_id": assessment_id, "key": key, "kind": kind, "title": party.title,
                "position": len(wanted) + 1, "confirm": isinstance(party, Officer) and party.confirm,
            }  # fmt: skip
            there = have.parties.get(key)
            if there is None or there.confirmed_at is None:  # once confirmed, the administrator's spelling stays
                values["rank"] = party.rank if isinstance(party, Officer) else ""
                values |= {"name": party.name, "aliases": list(party.aliases)}
            wanted[key] = values
    return wanted


def _wanted_members(have: _Rows, plan: Plan) -> list[tuple[str, str]]:
    groups = {**plan.posts, **plan.teams}
    members = [(key, officer) for key, group in groups.items() for officer in group.members]
    return [pair for pair in members if pair[0] not in have.settled] + [
        (key, officer)
        for key, officer in have.members
        if key in have.settled and key in groups and officer in plan.officers
    ]


def _id(row: Any) -> int:
    """The id of a row that has been flushed."""
    assert isinstance(row.id, int)
    return row.id
