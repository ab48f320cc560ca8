"""Offices, persons and grants; a plan is a revision, and its tables keep only what work hangs on"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ita_core import former as old

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Rows = dict[str, list[dict[str, Any]]]
Refers = dict[tuple[str, str], dict[int, int]]  # table and column → id → the id that it refers to
ROLES = ("admin", "commander", "officer", "viewer")


def upgrade() -> None:
    connection = op.get_bind()
    before: Rows = {
        name: [dict(row._mapping) for row in connection.execute(sa.select(table).order_by(table.c.id))]
        for name, table in old.TABLES.tables.items()
    }
    accounts = [dict(row._mapping) for row in connection.execute(sa.text("SELECT * FROM account ORDER BY id"))]
    began = {
        row.subject: row.at
        for row in connection.execute(
            sa.text("SELECT subject, at FROM auditentry WHERE action = 'plan.apply' ORDER BY number DESC").columns(
                subject=sa.String, at=sa.DateTime(timezone=True)
            )
        )
    }
    _make_tables()
    made, refers = _filled(before, accounts, began)
    for name, rows in made.items():
        if rows:
            op.bulk_insert(_new(name), rows)
    _number_on(connection, made)
    _refer(refers)
    _take_columns()


def _make_tables() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("office.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), sa.ForeignKey("office.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "key"),
    )
    op.create_index("ix_person_office_id", "person", ["office_id"])
    op.create_table(
        "personname",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rank", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "since"),
    )
    op.create_index("ix_personname_person_id", "personname", ["person_id"])
    role: Any = sa.Enum(*ROLES, name="role")
    if op.get_bind().dialect.name == "postgresql":
        role = postgresql.ENUM(*ROLES, name="role", create_type=False)
    op.create_table(
        "officegrant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("office_id", sa.Integer(), sa.ForeignKey("office.id"), nullable=False),
        sa.Column("role", role, nullable=False),
        sa.Column("keeps_itap", sa.Boolean(), nullable=False),
        sa.Column("below", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "office_id"),
    )
    op.create_index("ix_officegrant_account_id", "officegrant", ["account_id"])
    op.create_index("ix_officegrant_office_id", "officegrant", ["office_id"])
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), sa.ForeignKey("assessment.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assessment_id", "number"),
    )
    op.create_index("ix_revision_assessment_id", "revision", ["assessment_id"])


def _new(name: str) -> sa.Table:
    """One of the new tables, with the types of its values."""
    types: dict[str, Any] = {
        "aliases": sa.JSON, "content": sa.JSON, "since": sa.Date, "until": sa.Date, "at": sa.DateTime(timezone=True),
        "keeps_itap": sa.Boolean, "below": sa.Boolean,
    }  # fmt: skip
    for number in ("id", "office_id", "person_id", "account_id", "assessment_id", "number", "parent_id"):
        types[number] = sa.Integer
    if op.get_bind().dialect.name == "postgresql":
        types["role"] = postgresql.ENUM(*ROLES, name="role", create_type=False)
    columns = {
        "office": ("id", "code", "name", "short", "website"),
        "person": ("id", "office_id", "key", "aliases"),
        "personname": ("id", "person_id", "since", "rank", "name"),
        "officegrant": ("id", "account_id", "office_id", "role", "keeps_itap", "below"),
        "revision": ("id", "assessment_id", "number", "at", "note", "content", "hash"),
    }
    return sa.Table(name, sa.MetaData(), *(sa.Column(one, types.get(one, sa.String)) for one in columns[name]))


def _filled(before: Rows, accounts: list[dict[str, Any]], began: dict[str, datetime]) -> tuple[Rows, Refers]:
    """The rows of the new tables, and which of them those of the tables that stay refer to."""
    offices: dict[str, dict[str, Any]] = {}
    for one in sorted(before["assessment"], key=lambda row: row["fiscal_year"]):  # names are those of the last year
        known = offices.setdefault(one["office_code"], {"id": len(offices) + 1, "code": one["office_code"]})
        known |= {"name": one["office"], "short": one["office_short"], "website": one["website"]}
    office_of = {one["id"]: offices[one["office_code"]]["id"] for one in before["assessment"]}
    persons, names, person_of = _people(before, office_of)
    party_office = {one["id"]: office_of[one["assessment_id"]] for one in before["party"]}
    grants = [
        {"account_id": one["id"], "office_id": office, "role": one["role"], "keeps_itap": bool(one["keeps_itap"]),
         "below": False}
        for one in accounts
        # whoever belonged to no plan saw every office
        for office in ([party_office[one["party_id"]]] if one["party_id"] else sorted(set(office_of.values())))
    ]  # fmt: skip
    revisions = [made for one in before["assessment"] for made in _revisions(one, before, began)]
    made: Rows = {"office": list(offices.values()), "person": persons, "personname": names, "officegrant": grants,
                  "revision": revisions}  # fmt: skip
    for name in ("personname", "officegrant", "revision"):
        for number, row in enumerate(made[name], start=1):
            row["id"] = number
    return made, {
        ("assessment", "office_id"): office_of,
        ("party", "person_id"): person_of,
        ("account", "person_id"): {one["id"]: person_of[one["party_id"]] for one in accounts if one["party_id"]},
    }


def _people(
    before: Rows, office_of: dict[int, int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[int, int]]:
    """Persons, their names, and which person each officer of a plan is: the same key and name, the same person."""
    starts = {one["id"]: one["starts"] for one in before["assessment"]}
    persons: dict[tuple[int, str], dict[str, Any]] = {}
    spelled: dict[int, set[str]] = {}
    last: dict[int, tuple[str, str]] = {}
    names: list[dict[str, Any]] = []
    person_of: dict[int, int] = {}
    officers = [one for one in before["party"] if one["kind"] == "officer"]
    for one in sorted(officers, key=lambda row: (starts[row["assessment_id"]], row["position"])):
        office, key = office_of[one["assessment_id"]], one["key"]
        spellings = {one["name"], *one["aliases"]}
        known = persons.get((office, key))
        if known is not None and not spellings & spelled[known["id"]]:
            key, known = f"{key}-{one['id']}", None
        if known is None:
            known = {"id": len(persons) + 1, "office_id": office, "key": key, "aliases": []}
            persons[office, key] = known
            spelled[known["id"]] = set()
        known["aliases"] = list(dict.fromkeys([*known["aliases"], *one["aliases"]]))
        spelled[known["id"]] |= spellings
        if last.get(known["id"]) != (one["rank"], one["name"]):
            last[known["id"]] = one["rank"], one["name"]
            names.append({
                "person_id": known["id"], "since": starts[one["assessment_id"]], "rank": one["rank"],
                "name": one["name"],
            })  # fmt: skip
        person_of[one["id"]] = known["id"]
    return list(persons.values()), names, person_of


def _revisions(one: dict[str, Any], before: Rows, began: dict[str, datetime]) -> list[dict[str, Any]]:
    """The plan as it is now, before it the same with its first dates where one was moved since.

    Both are in force from the beginning: until now, past days were shown by the plan of the day itself.
    """
    first_morning = datetime.combine(one["starts"], time(0), UTC) - timedelta(hours=7)
    at = began.get(f"assessment {one['office_code']} {one['fiscal_year']}", first_morning)
    contents = [_content(one, before, first=True), _content(one, before, first=False)]
    if contents[0] == contents[1]:
        del contents[0]
    return [
        {"assessment_id": one["id"], "number": number, "at": at, "note": "", "content": content,
         "hash": hashlib.sha256(
             json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
         ).hexdigest()}
        for number, content in enumerate(contents, start=1)
    ]  # fmt: skip


def _content(one: dict[str, Any], before: Rows, *, first: bool) -> dict[str, Any]:
    """Framework and plan as `plan/` reads them, of the rows; with the first dates, or those of now."""

    def of(table: str, key: str = "assessment_id", value: Iterable[int] = (one["id"],)) -> list[dict[str, Any]]:
        wanted = set(value)
        return sorted(
            (row for row in before[table] if row[key] in wanted), key=lambda row: (row.get("position") or 0, row["id"])
        )

    items, parties, phases = of("item"), of("party"), of("phase")
    steps = of("step", "phase_id", (row["id"] for row in phases))
    requirements = defaultdict(list)
    for row in of("requirement", "item_id", (row["id"] for row in items)):
        requirements[row["item_id"]].append(row)
    keys = {row["id"]: row["key"] for row in parties}
    duties: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for row in of("duty", "party_id", keys):
        place = ("item", row["item_id"]) if row["item_id"] is not None else ("step", row["step_id"])
        hand = {"who": keys[row["party_id"]], "task": row["task"]}
        duties[place].setdefault(row["kind"], []).append(hand)

    def hands(what: str, row: dict[str, Any]) -> dict[str, Any]:
        own = duties[what, row["id"]]
        return {"supervise": own.get("supervise", []), "prepare": own.get("prepare", []), "nobody": row["nobody"]}

    dues = {row["code"]: _dues(requirements[row["id"]], first=first) for row in items}
    oit = [row for row in items if row["kind"] == "oit"]
    own = [row for row in items if row["kind"] != "oit"]
    framework = {
        "framework": one["framework_code"], "title": one["framework_code"], "fiscal_year": one["fiscal_year"],
        "closes": one["closes"].isoformat(),
        "periods": sorted({period for row in oit for part in requirements[row["id"]] for period in part["periods"]}),
        **_measuring(of), "items": {row["code"]: _item(row, requirements, of) for row in oit},
        "phases": [
            {"title": row["title"], "steps": {
                str(step["position"]): _step(step, first=first) for step in steps if step["phase_id"] == row["id"]
            }}
            for row in phases
        ],
    }  # fmt: skip
    closes = _most([dues[row["code"]].get("") for row in own], one["ends"])
    plan = {
        "plan": one["plan_code"], "framework": one["framework_code"], "fiscal_year": one["fiscal_year"],
        "office": {"code": one["office_code"], "name": one["office"], "short": one["office_short"],
                   "website": one["website"]},
        "target": one["target"], "scores": _scores(of("score")),
        **_parties(parties, of("membership", "group_id", keys), keys),
        "deadlines": _deadlines(oit, own, dues, closes, one["closes"]),
        "duties": {row["code"]: hands("item", row) for row in oit},
        "measures_close": closes.isoformat(),
        "measures": {
            row["code"]: {
                "kind": row["kind"], "instrument": row["instrument_code"], "title": row["title"],
                "demand": row["demand"], "cadence": row["cadence"],
                "requirements": {part["key"]: _demand(part) for part in requirements[row["id"]]},
                **hands("item", row),
            }
            for row in own
        },
        "steps": {str(row["position"]): hands("step", row) for row in steps},
    }  # fmt: skip
    return {"framework": framework, "plan": plan}


def _measuring(of: Callable[..., list[dict[str, Any]]]) -> dict[str, Any]:
    instruments = of("instrument")
    codes = {row["id"]: row["code"] for row in instruments}
    return {
        "instruments": {row["code"]: {"title": row["title"], "weight": row["weight"]} for row in instruments},
        "levels": [{name: row[name] for name in ("title", "total_min", "each_min")} for row in of("level")],
        "indicators": {
            str(row["number"]): {
                "instrument": codes[row["instrument_id"]], "title": row["title"], "improve": row["improve"],
            }
            for row in sorted(of("indicator"), key=lambda row: row["number"])
        },
    }  # fmt: skip


def _item(row: dict[str, Any], requirements: dict[int, Any], of: Callable[..., list[dict[str, Any]]]) -> dict[str, Any]:
    numbers = {one["id"]: one["number"] for one in of("indicator")}
    return {
        "indicator": numbers.get(row["indicator_id"]), "title": row["title"], "cadence": row["cadence"],
        "demand": row["demand"], "requirements": {part["key"]: _demand(part) for part in requirements[row["id"]]},
    }  # fmt: skip


def _demand(part: dict[str, Any]) -> dict[str, Any]:
    names = ("title", "note", "cadence", "periods", "formats", "languages", "minimum", "nil_allowed")
    return {name: part[name] for name in names}


def _step(row: dict[str, Any], *, first: bool) -> dict[str, Any]:
    starts, ends = ("first_starts", "first_ends") if first else ("starts", "ends")
    return {
        "row": row["row"], "instrument": row["instrument_code"], "starts": row[starts].isoformat(),
        "ends": row[ends].isoformat(), "title": row["title"], "work": row["work"],
    }  # fmt: skip


def _scores(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    years: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (-row["fiscal_year"], row["id"])):
        year = years.setdefault(
            row["fiscal_year"], {"fiscal_year": row["fiscal_year"], "total": 0.0, "instruments": {}}
        )
        if row["instrument_code"] is None:
            year["total"] = row["points"]
        else:
            year["instruments"][row["instrument_code"]] = row["points"]
    return list(years.values())


def _parties(
    parties: list[dict[str, Any]], memberships: list[dict[str, Any]], keys: dict[int, str]
) -> dict[str, dict[str, Any]]:
    members = defaultdict(list)
    for row in memberships:
        members[row["group_id"]].append(keys[row["officer_id"]])
    found: dict[str, dict[str, Any]] = {"officers": {}, "posts": {}, "teams": {}}
    for row in parties:
        told = {"name": row["name"], "title": row["title"], "aliases": row["aliases"]}
        if row["kind"] == "officer":
            told |= {"rank": row["rank"], "confirm": bool(row["confirm"]) and row["confirmed_at"] is None}
        else:
            told["members"] = members[row["id"]]
        found[f"{row['kind']}s"][row["key"]] = told
    return found


def _dues(requirements: list[dict[str, Any]], *, first: bool) -> dict[str, date]:
    found: dict[str, date] = {}
    for row in requirements:
        listed = row["dues"] | (row["first_dues"] if first else {})
        found |= {period: date.fromisoformat(day) for period, day in listed.items()}
    return found


def _most(days: Iterable[Any], otherwise: Any) -> Any:
    counted = Counter(day for day in days if day is not None)
    return counted.most_common(1)[0][0] if counted else otherwise


def _month_ends(period: str) -> date:
    following = date.fromisoformat(f"{period}-01") + timedelta(days=31)
    return following.replace(day=1) - timedelta(days=1)


def _deadlines(
    oit: list[dict[str, Any]], own: list[dict[str, Any]], dues: dict[str, dict[str, date]], measures: date, closes: date
) -> dict[str, Any]:
    """The groups that say most of the due days, and by item and month what they do not say."""
    monthly = [row["code"] for row in oit if row["cadence"] == "monthly"]
    days = [
        (due - _month_ends(period)).days for code in monthly for period, due in dues[code].items() if period
    ]  # fmt: skip
    day = _most([day for day in days if 1 <= day <= 28], 1)
    once: dict[date, list[str]] = defaultdict(list)
    continuous: list[str] = []
    differs: dict[str, dict[str, str]] = defaultdict(dict)
    for row in (*oit, *own):
        code, listed = row["code"], dues[row["code"]]
        usual = {period: _month_ends(period) + timedelta(days=day) for period in listed if period}
        last = max(usual.values(), default=closes)
        if row["kind"] != "oit":
            usual[""] = measures
        elif row["cadence"] == "once":
            due = listed.get("", row["due"] or closes)
            once[due].append(code)
            usual[""] = due
        elif row["cadence"] == "monthly":
            usual[""] = last
        else:
            continuous.append(code)
            usual[""] = closes
        for period, due in listed.items():
            if due != usual[period]:
                differs[code][period] = due.isoformat()
    return {
        "once": [{"says": "", "due": due.isoformat(), "items": codes} for due, codes in sorted(once.items())],
        "monthly": {"says": "", "day": day, "items": monthly}, "continuous": {"says": "", "items": continuous},
        "own": dict(differs),
    }  # fmt: skip


def _number_on(connection: sa.Connection, made: Rows) -> None:
    if connection.dialect.name != "postgresql":
        return
    for name, rows in made.items():
        if rows:
            connection.execute(
                sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)").bindparams(
                    name=name, last=len(rows)
                )
            )


def _refer(refers: Refers) -> None:
    for (table, column), ids in refers.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
        changed = sa.table(table, sa.column("id", sa.Integer), sa.column(column, sa.Integer))
        for one, other in ids.items():
            op.execute(sa.update(changed).where(changed.c.id == one).values({column: other}))


def _take_columns() -> None:
    """Take from the tables that stay what stands in revisions and grants now, and the tables that are only that."""
    for table in (old.duty, old.membership, old.step, old.phase, old.score, old.level):
        op.drop_table(table.name)
    with op.batch_alter_table("assessment", recreate=_recreate()) as batch:
        batch.alter_column("office_id", existing_type=sa.Integer(), nullable=False)
        batch.add_column(sa.Column("baseline", sa.Integer(), nullable=False, server_default="1"))
        batch.create_foreign_key("assessment_office_id_fkey", "office", ["office_id"], ["id"])
        for name in ("office_code", "office", "office_short", "closes", "target", "framework_code", "plan_code",
                     "content_hash", "website"):  # fmt: skip
            batch.drop_column(name)
        batch.create_unique_constraint("assessment_office_id_fiscal_year_key", ["office_id", "fiscal_year"])
        batch.create_index("ix_assessment_office_id", ["office_id"])
    with op.batch_alter_table("party", recreate=_recreate()) as batch:
        batch.create_foreign_key("party_person_id_fkey", "person", ["person_id"], ["id"])
        for name in ("rank", "name", "title", "aliases", "confirm", "confirmed_at", "position"):
            batch.drop_column(name)
        batch.create_index("ix_party_person_id", ["person_id"])
    with op.batch_alter_table("account", recreate=_recreate()) as batch:
        batch.create_foreign_key("account_person_id_fkey", "person", ["person_id"], ["id"])
        for name in ("party_id", "role", "keeps_itap"):
            batch.drop_column(name)
        batch.create_index("ix_account_person_id", ["person_id"])
    with op.batch_alter_table("item", recreate=_recreate()) as batch:
        for name in ("indicator_id", "instrument_code", "title", "kind", "demand", "cadence", "due", "nobody",
                     "position"):  # fmt: skip
            batch.drop_column(name)
    with op.batch_alter_table("requirement", recreate=_recreate()) as batch:
        for name in ("title", "note", "cadence", "periods", "formats", "languages", "minimum", "nil_allowed", "dues",
                     "first_dues", "position"):  # fmt: skip
            batch.drop_column(name)
    for table in (old.indicator, old.instrument):
        op.drop_table(table.name)
    for kind in ("itemkind", "cadence", "dutykind"):
        sa.Enum(name=kind).drop(op.get_bind(), checkfirst=True)


def _recreate() -> Any:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def downgrade() -> None:
    raise NotImplementedError("revisions of plans do not fit into tables that know one: restore a backup of before")
