"""A small office of the real plan with a little work in it."""

import dataclasses
import json
from datetime import UTC, date, datetime

from sqlmodel import Session

from ita_core import accounts, queries, workflow
from ita_core.evidence.objects import File
from ita_core.exports import tables
from ita_core.exports.tables import Table, as_json
from ita_core.models import Role

DAY = date(2025, 3, 15)


def at(day: int, hour: int = 9, month: int = 3) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


class Office:
    """Piyaporn prepares O11, Khanittha supervises it; the first is asked for by key, as the plan names them."""

    def __init__(self, session: Session, sheet: File) -> None:
        self.session, self.sheet = session, sheet
        self.assessment = queries.get_assessment(session)
        self.parties = {
            person.key: person for person in queries.get_history(session, self.assessment.id).now.parties.values()
        }

    def account(self, key: str, role: Role = Role.officer) -> int:
        person = self.parties[key]
        made = accounts.create_account(
            self.session,
            office_id=self.assessment.office_id,
            by=None,
            name=person.full,
            role=role,
            person_id=person.person_id,
            now=datetime(2024, 10, 1, tzinfo=UTC),
        )
        assert made.id is not None
        return made.id

    @property
    def snapshot(self) -> queries.Snapshot:
        return queries.take_snapshot(self.session, self.assessment)

    def evidence(self, day: date = DAY) -> Table:
        return tables.evidence(self.snapshot, queries.list_evidence(self.session, None, self.assessment.id), day)

    def items(self, day: date = DAY) -> dict[str, dict[str, object]]:
        snapshot = self.snapshot
        return {row["code"]: row for row in json.loads(as_json(tables.items(snapshot, snapshot.board(day).items)))}

    def officers(self, day: date = DAY) -> dict[str, dict[str, object]]:
        snapshot = self.snapshot
        return {row["name"]: row for row in tables.officers(snapshot, snapshot.board(day)).rows}

    def hand_in(
        self, by: int, *, name: str = "แผนการใช้จ่าย.pdf", key: str = "budget-plan", moment: datetime, note: str = ""
    ) -> int:
        item = next(item for item in self.snapshot.items if item.code == "O11")
        file = dataclasses.replace(self.sheet, name=name)
        slots = [slot.key for slot in item.slots if slot.requirement.key == key and slot.key.format in {"", "pdf"}]
        return workflow.submit(self.session, by=by, item_id=item.id, slots=slots, content=file, note=note, at=moment)
