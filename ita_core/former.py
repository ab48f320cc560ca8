"""The tables that held plans up to revision 0006, as they were then: read to make revisions of plans out of them."""

import sqlalchemy as sa

TABLES = sa.MetaData()


def _table(name: str, *columns: sa.Column[object]) -> sa.Table:
    return sa.Table(name, TABLES, sa.Column("id", sa.Integer, primary_key=True), *columns)


def _integers(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Integer) for name in names]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.String) for name in names]


def _kind(name: str, *values: str) -> sa.Column[object]:
    return sa.Column("kind", sa.Enum(*values, name=name))


assessment = _table(
    "assessment", *_texts("office_code", "office", "office_short"), *_integers("fiscal_year"),
    sa.Column("starts", sa.Date), sa.Column("ends", sa.Date), sa.Column("closes", sa.Date),
    sa.Column("target", sa.Float), *_texts("framework_code", "plan_code", "content_hash", "website"),
)  # fmt: skip
level = _table(
    "level", *_integers("assessment_id", "position"), *_texts("title"), sa.Column("total_min", sa.Float),
    sa.Column("each_min", sa.Float),
)  # fmt: skip
instrument = _table(
    "instrument", *_integers("assessment_id"), *_texts("code", "title"), sa.Column("weight", sa.Float),
    *_integers("position"),
)  # fmt: skip
score = _table(
    "score", *_integers("assessment_id", "fiscal_year"), *_texts("instrument_code"), sa.Column("points", sa.Float)
)
indicator = _table("indicator", *_integers("assessment_id", "instrument_id", "number"), *_texts("title", "improve"))
item = _table(
    "item", *_integers("assessment_id", "indicator_id"), *_texts("instrument_code", "code", "title"),
    _kind("itemkind", "oit", "service", "communication", "website", "supervision", "preparation"), *_texts("demand"),
    sa.Column("cadence", sa.Enum("once", "monthly", "continuous", name="cadence")), sa.Column("due", sa.Date),
    *_texts("nobody"), *_integers("position"),
)  # fmt: skip
requirement = _table(
    "requirement", *_integers("item_id"), *_texts("key", "title", "note"),
    sa.Column("cadence", sa.Enum("once", "monthly", "continuous", name="cadence")), sa.Column("periods", sa.JSON),
    sa.Column("formats", sa.JSON), sa.Column("languages", sa.JSON), *_integers("minimum"),
    sa.Column("nil_allowed", sa.Boolean), sa.Column("dues", sa.JSON), sa.Column("first_dues", sa.JSON),
    *_integers("position"),
)  # fmt: skip
party = _table(
    "party", *_integers("assessment_id"), *_texts("key"), _kind("partykind", "officer", "post", "team"),
    *_texts("rank", "name", "title"), sa.Column("aliases", sa.JSON), sa.Column("confirm", sa.Boolean),
    sa.Column("confirmed_at", sa.DateTime(timezone=True)), *_integers("position"),
)  # fmt: skip
membership = _table("membership", *_integers("group_id", "officer_id"))
phase = _table("phase", *_integers("assessment_id", "position"), *_texts("title"))
step = _table(
    "step", *_integers("phase_id", "position"), *_texts("row", "title", "work", "instrument_code"),
    sa.Column("starts", sa.Date), sa.Column("ends", sa.Date), sa.Column("first_starts", sa.Date),
    sa.Column("first_ends", sa.Date), *_texts("nobody"),
)  # fmt: skip
duty = _table(
    "duty", *_integers("party_id", "item_id", "step_id"), _kind("dutykind", "supervise", "prepare"), *_texts("task"),
    *_integers("position"),
)  # fmt: skip

# Those that are gone since; the others stayed with fewer columns.
GONE = (level, instrument, score, indicator, membership, phase, step, duty)
