"""The people whom the tests speak of: officers of the real plan, each with what the test needs to know of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from ita_core import queries
from ita_core.board.progress import SlotKey
from ita_core.models import Account, Party, Role


@dataclass(frozen=True)
class Cast:
    """Account ids. On O6: Usa and Pattama prepare, Khanittha and Pramote supervise, Piyaporn has no duty."""

    usa: int
    pattama: int
    khanittha: int
    pramote: int
    piyaporn: int
    commander: int
    itap: int  # Angsuson, who prepares O6 too and keeps ITAP
    admin: int
    viewer: int


NAMES = {
    "usa": "อุษา มีนาม",
    "pattama": "ปัทมา เทพทวี",
    "khanittha": "ขนิษฐา แก้วโสภา",
    "pramote": "ประโมทย์ พูลประเสริฐ",
    "piyaporn": "ปิยาภรณ์ หาญณรงค์",
    "commander": "เทียนชัย ชมภู",
    "itap": "อังศุศรณ์ เชาวเลิศ",
}


def people(session: Session, now: datetime) -> Cast:
    """An account for each."""
    made: dict[str, int] = {}
    for key, name in NAMES.items():
        party = session.exec(select(Party).where(Party.name == name)).one()
        role = Role.commander if key == "commander" else Role.officer
        account = Account(
            party_id=party.id, username=key, name=name, role=role, keeps_itap=key == "itap", created_at=now
        )
        session.add(account)
        session.flush()
        made[key] = account.id or 0
    for key, role in (("admin", Role.admin), ("viewer", Role.viewer)):
        account = Account(username=key, name=key, role=role, created_at=now)
        session.add(account)
        session.flush()
        made[key] = account.id or 0
    return Cast(**made)


def item_id(session: Session, code: str) -> int:
    return queries.get_item_id(session, queries.get_assessment(session).id, code)


def slots(session: Session, code: str, **wanted: object) -> list[SlotKey]:
    """Slots of an item by period, format, language or ordinal; `requirement` by its key."""
    part = queries.take_snapshot(session, queries.get_assessment(session), item_id(session, code))
    requirement = wanted.pop("requirement", None)
    return [
        slot.key
        for slot in part.items[0].slots
        if all(getattr(slot.key, name) == value for name, value in wanted.items())
        and requirement in {None, slot.requirement.key}
    ]
