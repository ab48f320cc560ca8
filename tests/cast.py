"""The people whom the tests speak of: officers of the real plan, each with what the test needs to know of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, select

from ita_core import accounts, queries
from ita_core.access import Actor
from ita_core.board.progress import SlotKey
from ita_core.models import Account, Grant, Office, Person, PersonName, Role
from ita_core.plan.apply import revise

BEGINNING = datetime(2024, 10, 1, 3, 0, tzinfo=UTC)


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
    office = queries.get_assessment(session).office_id
    for key, name in NAMES.items():
        person = session.exec(select(PersonName.person_id).where(PersonName.name == name)).one()
        role = Role.commander if key == "commander" else Role.officer
        made[key] = account(session, now, key, name, role, office, person_id=person, keeps_itap=key == "itap")
    for key, role in (("admin", Role.admin), ("viewer", Role.viewer)):
        made[key] = account(session, now, key, key, role, office)
    return Cast(**made)


def compared(session: Session, account: Account) -> accounts.Credential:
    """That somebody has just typed the account's password; one that has none gets one that nobody knows."""
    account.password_hash = account.password_hash or accounts.NO_HASH
    session.add(account)
    session.flush()
    return accounts.Credential(account.id, account.password_hash)


def office(session: Session) -> int:
    """The id of the office; of one without a plan where there is none yet."""
    found = session.exec(select(Office.id).order_by(Office.id)).first()
    if found is None:
        made = Office(code="test", name="ทดสอบ", short="ทดสอบ")
        session.add(made)
        session.flush()
        found = made.id
    assert found is not None
    return found


def actor(session: Session, account_id: int) -> Actor:
    """Who an account is in the only assessment."""
    return queries.get_actor(session, account_id, queries.get_assessment(session).id)


def replan(session: Session, change: Callable[[dict[str, Any]], None], at: datetime) -> None:
    """Put in force what a change makes of the only assessment's plan."""
    revise(session, queries.get_assessment(session).id, lambda content: change(content["plan"]), at=at)


def give_duty(session: Session, account_id: int, code: str, kind: str = "prepare") -> None:
    """Another duty for an account's officer, since the beginning."""
    key = session.get_one(Person, session.get_one(Account, account_id).person_id).key

    def change(plan: dict[str, Any]) -> None:
        hands = plan["duties"][code][kind]
        if key not in {hand["who"] for hand in hands}:
            hands.append({"who": key, "task": ""})

    replan(session, change, BEGINNING)


def set_role(session: Session, account_id: int, role: Role) -> None:
    """Another role in the only office."""
    session.exec(select(Grant).where(Grant.account_id == account_id)).one().role = role


def account(
    session: Session, now: datetime, username: str, name: str, role: Role, office_id: int, *,
    person_id: int | None = None, keeps_itap: bool = False, **more: Any,
) -> int:  # fmt: skip
    """The id of a new account with a role in an office."""
    made = Account(person_id=person_id, username=username, name=name, created_at=now, **more)
    session.add(made)
    session.flush()
    assert made.id is not None
    session.add(Grant(account_id=made.id, office_id=office_id, role=role, keeps_itap=keeps_itap))
    session.flush()
    return made.id


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
