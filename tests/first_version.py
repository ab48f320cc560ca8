"""A database in use, made by the first version of this program."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import command

from ita_core import db

AT = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
REPORTS = {"2024-10": "2024-11-01", "2024-11": "2024-12-01"}

# Each table of revision 0001 with rows, in an order that its foreign keys allow.
FIRST: dict[str, list[dict[str, Any]]] = {
    "assessment": [{
        "id": 1, "office_code": "prachuap", "office": "ตม.", "office_short": "ตม.", "fiscal_year": 2568,
        "starts": date(2024, 10, 1), "ends": date(2025, 9, 30), "closes": date(2025, 4, 30), "target": 95.0,
        "framework_code": "immigration-2568", "plan_code": "prachuap-2568", "content_hash": "old", "website": "x",
    }],
    "level": [{"id": 1, "assessment_id": 1, "position": 1, "title": "ผ่าน", "total_min": 0.0, "each_min": 0.0}],
    "instrument": [{"id": 1, "assessment_id": 1, "code": "OIT", "title": "แบบตรวจ", "weight": 1.0, "position": 1}],
    "score": [{"id": 1, "assessment_id": 1, "fiscal_year": 2567, "instrument_code": None, "points": 95.85}],
    "indicator": [{"id": 1, "assessment_id": 1, "instrument_id": 1, "number": 9, "title": "ก", "improve": "ข"}],
    "item": [
        {"id": 1, "assessment_id": 1, "indicator_id": 1, "instrument_code": None, "code": "O9", "title": "E-Service",
         "kind": "oit", "demand": "แสดง", "cadence": "once", "due": date(2025, 1, 31), "nobody": "", "position": 1},
        {"id": 2, "assessment_id": 1, "indicator_id": 1, "instrument_code": None, "code": "O6", "title": "ผลงาน",
         "kind": "oit", "demand": "แสดง", "cadence": "monthly", "due": None, "nobody": "", "position": 2},
    ],
    "requirement": [
        {"id": 1, "item_id": 1, "key": "visa", "title": "วีซ่า", "note": "", "cadence": "once", "periods": [],
         "formats": [], "languages": ["th", "en"], "minimum": 1, "nil_allowed": False, "dues": {"": "2025-01-31"},
         "position": 1},
        {"id": 2, "item_id": 2, "key": "report", "title": "รายงาน", "note": "ก", "cadence": "monthly",
         "periods": list(REPORTS), "formats": ["pdf"], "languages": [], "minimum": 1, "nil_allowed": True,
         "dues": REPORTS, "position": 1},
    ],
    "party": [
        {"id": 1, "assessment_id": 1, "key": "usa", "kind": "officer", "rank": "ด.ต.หญิง", "name": "อุษา มีนาม",
         "title": "", "aliases": ["อุสา"], "confirm": True, "confirmed_at": AT, "position": 1},
        {"id": 2, "assessment_id": 1, "key": "thianchai", "kind": "officer", "rank": "พ.ต.อ.", "name": "เทียนชัย ชมภู",
         "title": "", "aliases": [], "confirm": False, "confirmed_at": None, "position": 2},
        {"id": 3, "assessment_id": 1, "key": "supply", "kind": "team", "rank": "", "name": "งานส่งกำลังบำรุง",
         "title": "", "aliases": [], "confirm": False, "confirmed_at": None, "position": 3},
    ],
    "membership": [{"id": 1, "group_id": 3, "officer_id": 1}],
    "phase": [{"id": 1, "assessment_id": 1, "position": 1, "title": "เตรียมการ"}],
    "step": [
        {"id": 1, "phase_id": 1, "position": 1, "row": "1", "title": "เตรียม", "work": "ก",
         "starts": date(2024, 10, 1), "ends": date(2024, 12, 31), "nobody": ""},
        {"id": 2, "phase_id": 1, "position": 2, "row": "", "title": "ลงทะเบียน", "work": "ข",
         "starts": date(2025, 1, 1), "ends": date(2025, 1, 31), "nobody": "ผู้ประเมิน"},
    ],
    "duty": [
        {"id": 1, "party_id": 1, "item_id": 2, "step_id": None, "kind": "prepare", "task": "", "position": 1},
        {"id": 2, "party_id": 3, "item_id": None, "step_id": 1, "kind": "supervise", "task": "ก", "position": 1},
    ],
    "account": [
        {"id": 1, "party_id": 1, "username": "usa", "name": "อุษา", "role": "officer", "keeps_itap": False,
         "password_hash": "h", "language": "th", "disabled": False, "created_at": AT},
        {"id": 2, "party_id": 2, "username": "thianchai", "name": "เทียนชัย", "role": "commander", "keeps_itap": False,
         "password_hash": "h", "language": "en", "disabled": False, "created_at": AT},
    ],
    "invitation": [
        {"id": 1, "account_id": 1, "token_hash": "i", "created_at": AT, "expires_at": AT, "used_at": AT},
    ],
    "signin": [
        {"id": 1, "account_id": 1, "token_hash": "s", "public_id": "p", "created_at": AT, "expires_at": AT,
         "ended_at": None, "address": "10.0.0.7"},
    ],
    "ticket": [{"id": 1, "account_id": 1, "token_hash": "t", "expires_at": AT, "used_at": None}],
    "signinfailure": [{"id": 1, "name_hash": "n", "address": "10.0.0.8", "at": AT}],
    "storedfile": [{"sha256": "a" * 64, "size": 9, "media_type": "application/pdf", "format": "pdf"}],
    "evidence": [
        {"id": 1, "item_id": 2, "kind": "file", "sha256": "a" * 64, "file_name": "รายงาน ต.ค. 67.pdf", "url": "",
         "note": "ก", "account_id": 1, "at": AT, "request_key": "k"},
        {"id": 2, "item_id": 1, "kind": "link", "sha256": None, "file_name": "", "url": "https://x.example", "note": "",
         "account_id": 1, "at": AT, "request_key": None},
    ],
    "evidenceslot": [
        {"id": 1, "evidence_id": 1, "requirement_id": 2, "period": "2024-10", "format": "pdf", "language": "",
         "ordinal": 1},
        {"id": 2, "evidence_id": 2, "requirement_id": 1, "period": "", "format": "", "language": "th", "ordinal": 1},
    ],
    "withdrawal": [{"id": 1, "evidence_id": 2, "account_id": 1, "at": AT}],
    "review": [{"id": 1, "evidence_id": 1, "account_id": 2, "decision": "accepted", "reason": "", "at": AT}],
    "approval": [{"id": 1, "item_id": 2, "account_id": 2, "fingerprint": "f", "at": AT}],
    "publication": [{"id": 1, "item_id": 2, "account_id": 2, "url": "https://x.example", "at": AT}],
    "filing": [
        {"id": 1, "item_id": 2, "account_id": 2, "answer": True, "url": "https://x.example", "explanation": "ก",
         "at": AT},
    ],
    "auditentry": [
        {"number": 1, "at": AT, "actor": "system", "account_id": None, "action": "plan.apply", "subject": "x",
         "detail": {"ก": 1}, "previous_hash": "0" * 64, "hash": "e"},
    ],
}  # fmt: skip
GONE = {"duty", "membership", "step", "phase", "score", "level", "indicator", "instrument"}  # what stands in revisions
FILLED = {"office", "person", "personname", "officegrant", "revision"}  # by the migration
NEW = FILLED | {
    "device", "meeting", "attendance", "directive", "assignment", "directiveevent", "upload", "yearevent", "draft",
    "message", "linkcheck", "returnedslot", "undoing", "sendback", "sendbackanswer", "announcedscore", "campaign",
    "responsecount", "seennotice", "scorefile", "steptick",
    "accesstoken", "tokenuse",
    "clarification", "clarificationdecision", "clarificationresult",
    "stakeholderlist", "stakeholderpeople", "stakeholderdeletion",
    "channeladdress", "addresscode", "channelchoice", "sending", "sentsubject", "sendingresult",
    "halfsignin", "secondfactor", "recoverycode", "factorrule",
    "lastseen", "provideranswer",
}  # fmt: skip


def rows(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table as the database has it."""
    found = {}
    with engine.connect() as connection:
        kept = sa.MetaData()
        kept.reflect(connection)
        for table in kept.sorted_tables:
            key = list(table.primary_key)
            found[table.name] = [dict(row._mapping) for row in connection.execute(sa.select(table).order_by(*key))]
    return found


def make_first(bare: sa.Engine) -> None:
    """The tables of revision 0001 with rows in each; nothing is sealed."""
    with bare.execution_options(ita_writes=True).begin() as connection:
        command.upgrade(db._alembic(connection), "0001")
        kept = sa.MetaData()
        kept.reflect(connection)
        for table, values in FIRST.items():
            connection.execute(sa.insert(kept.tables[table]), values)
        connection.execute(sa.update(kept.tables["audithead"]).values(number=1, hash="e"))
