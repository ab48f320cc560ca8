"""Clarifications of disputed items, the commander's word on them, and what came of them"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DECISIONS = ("accepted", "returned")


def upgrade() -> None:
    decision: Any = sa.Enum(*DECISIONS, name="decision")
    if op.get_bind().dialect.name == "postgresql":  # it has this type since the first tables
        decision = postgresql.ENUM(*DECISIONS, name="decision", create_type=False)
    op.create_table(
        "clarification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "number"),
    )
    op.create_index("ix_clarification_item_id", "clarification", ["item_id"])
    op.create_table(
        "clarificationdecision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clarification_id", sa.Integer(), sa.ForeignKey("clarification.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("decision", decision, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("clarification_id"),
    )
    op.create_table(
        "clarificationresult",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clarification_id", sa.Integer(), sa.ForeignKey("clarification.id"), nullable=False),
        sa.Column("outcome", sa.Enum("granted", "partly", "refused", name="clarificationoutcome"), nullable=False),
        sa.Column("score_id", sa.Integer(), sa.ForeignKey("announcedscore.id"), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_clarificationresult_clarification_id", "clarificationresult", ["clarification_id"])


def downgrade() -> None:
    raise NotImplementedError("what was written to the assessor would be lost: restore a backup of before")
