"""What looks at published addresses found"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OUTCOMES = (
    "reached", "refused", "unknown_name", "unreachable", "insecure", "slow", "too_large", "garbled", "circling",
    "inside", "not_asked",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "linkcheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="linkoutcome"), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("final_url", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("words_sha256", sa.String(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=True),
        sa.Column("names_year", sa.Boolean(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), sa.ForeignKey("evidence.id"), nullable=True),
        sa.Column("certificate_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_sha256", sa.String(), sa.ForeignKey("storedfile.sha256"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_linkcheck_item_id_at", "linkcheck", ["item_id", "at"])
    op.create_index("ix_linkcheck_account_id", "linkcheck", ["account_id"])


def downgrade() -> None:
    op.drop_index("ix_linkcheck_account_id", "linkcheck")
    op.drop_index("ix_linkcheck_item_id_at", "linkcheck")
    op.drop_table("linkcheck")
    sa.Enum(name="linkoutcome").drop(op.get_bind(), checkfirst=True)
