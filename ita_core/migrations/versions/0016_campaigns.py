"""IIT and EIT campaigns, and how many responses there are by day"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SURVEYS = ("iit", "eit_public", "eit_external")


def upgrade() -> None:
    survey: Any = sa.Enum(*SURVEYS, name="survey")
    if op.get_bind().dialect.name == "postgresql":  # one type for both tables
        survey = postgresql.ENUM(*SURVEYS, name="survey", create_type=False)
        survey.create(op.get_bind())
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), sa.ForeignKey("assessment.id"), nullable=False),
        sa.Column("survey", survey, nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_campaign_assessment_id", "campaign", ["assessment_id"])
    op.create_table(
        "responsecount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), sa.ForeignKey("assessment.id"), nullable=False),
        sa.Column("survey", survey, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_responsecount_assessment_id", "responsecount", ["assessment_id"])


def downgrade() -> None:
    raise NotImplementedError("what was recorded of campaigns would be lost: restore a backup of before")
