"""Decisions are undone, made slot by slot, and items are sent back to their supervisors"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}  # SQLite gives none a name


def upgrade() -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("review", recreate="always" if lite else "never", naming_convention=NAMES) as batch:
        batch.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        batch.drop_constraint("uq_review_evidence_id" if lite else "review_evidence_id_key", type_="unique")
        batch.create_unique_constraint("review_evidence_id_round_key", ["evidence_id", "round"])
    with op.batch_alter_table("review") as batch:
        batch.alter_column("round", server_default=None)
    op.create_index("ix_review_account_id_at", "review", ["account_id", "at"])
    op.create_table(
        "returnedslot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), sa.ForeignKey("review.id"), nullable=False),
        sa.Column("requirement_id", sa.Integer(), sa.ForeignKey("requirement.id"), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id", "requirement_id", "period", "format", "language", "ordinal"),
    )
    op.create_index("ix_returnedslot_review_id", "returnedslot", ["review_id"])
    op.create_table(
        "undoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), sa.ForeignKey("review.id"), nullable=True),
        sa.Column("approval_id", sa.Integer(), sa.ForeignKey("approval.id"), nullable=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id"),
        sa.UniqueConstraint("approval_id"),
    )
    op.create_table(
        "sendback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sendback_item_id", "sendback", ["item_id"])
    op.create_table(
        "sendbackanswer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_back_id", sa.Integer(), sa.ForeignKey("sendback.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("send_back_id"),
    )


def downgrade() -> None:
    raise NotImplementedError("decisions that were undone or made slot by slot do not fit: restore a backup of before")
