"""What accounts are called at the sign-in provider, which answers of it were used; sign-ins' browsers and last use"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("provider_name", sa.String(), nullable=True))
    op.create_index("ix_account_provider_name", "account", ["provider_name"], unique=True)
    op.add_column("signin", sa.Column("browser", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "lastseen",
        sa.Column("sign_in_id", sa.Integer(), sa.ForeignKey("signin.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sign_in_id"),
    )
    op.create_table(
        "provideranswer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("state_hash"),
    )


def downgrade() -> None:
    raise NotImplementedError("accounts would lose what the provider calls them: restore a backup of before")
