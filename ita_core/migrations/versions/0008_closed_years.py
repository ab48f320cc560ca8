"""Years that are closed, and what of them is open again"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STEPS = sa.Enum("closed", "reopened", name="yearstep")


def upgrade() -> None:
    op.create_table(
        "yearevent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), sa.ForeignKey("assessment.id"), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), nullable=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("what", STEPS, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_yearevent_assessment_id", "yearevent", ["assessment_id"])


def downgrade() -> None:
    op.drop_table("yearevent")
    STEPS.drop(op.get_bind(), checkfirst=True)
