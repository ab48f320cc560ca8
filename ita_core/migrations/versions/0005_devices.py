"""Browsers that an account signed in with, and the counters of wrong passwords that are theirs alone"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signinfailure", sa.Column("counter", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "token_hash"),
    )
    op.create_index("ix_device_account_id", "device", ["account_id"])
    op.create_index("ix_device_token_hash", "device", ["token_hash"])


def downgrade() -> None:
    op.drop_table("device")
    op.drop_column("signinfailure", "counter")
