"""Addresses of people, what they chose to be told by, and what was sent"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    channel = sa.Enum("mail", "line", name="channel")
    op.create_table(
        "channeladdress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("channel", channel, nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_ended", sa.Enum("by_hand", "replaced", "blocked", name="addressend"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_channeladdress_account_id", "channeladdress", ["account_id"])
    op.create_index("ix_channeladdress_value", "channeladdress", ["value"])
    known: sa.types.TypeEngine[str] = channel
    if op.get_bind().dialect.name == "postgresql":  # it has this type since the table before
        known = postgresql.ENUM("mail", "line", name="channel", create_type=False)
    op.create_table(
        "addresscode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("channel", known, nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_addresscode_account_id", "addresscode", ["account_id"])
    op.create_index("ix_addresscode_code_hash", "addresscode", ["code_hash"])
    op.create_table(
        "channelchoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_channelchoice_account_id", "channelchoice", ["account_id"])
    op.create_table(
        "sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("channel", known, nullable=False),
        sa.Column("address_id", sa.Integer(), sa.ForeignKey("channeladdress.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("retry_key", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sending_account_id", "sending", ["account_id"])
    op.create_index("ix_sending_retry_key", "sending", ["retry_key"])
    op.create_table(
        "sentsubject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), sa.ForeignKey("sending.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("channel", known, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "channel", "key", "attempt"),
    )
    op.create_index("ix_sentsubject_sending_id", "sentsubject", ["sending_id"])
    outcome = sa.Enum("sent", "unsure", "again", "refused", name="sendingoutcome")
    op.create_table(
        "sendingresult",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), sa.ForeignKey("sending.id"), nullable=False),
        sa.Column("outcome", outcome, nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sending_id"),
    )
    op.create_index("ix_sendingresult_at", "sendingresult", ["at"])


def downgrade() -> None:
    raise NotImplementedError("addresses would be gone, and who was told told again: restore a backup of before")
