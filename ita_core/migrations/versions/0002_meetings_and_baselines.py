"""Meetings, directives, and the first dates of the plan"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STEPS = sa.Enum("reported", "done", "cancelled", "reopened", name="directivestep")


def upgrade() -> None:
    # What stands in the plan now is the first that is known of each date. With a default, because SQLite could make the
    # columns NOT NULL afterwards only by copying the tables, which the foreign keys of a database in use forbid.
    op.add_column("requirement", sa.Column("first_dues", sa.JSON(), nullable=False, server_default="{}"))
    op.execute("UPDATE requirement SET first_dues = dues")
    op.add_column("step", sa.Column("instrument_code", sa.String(), nullable=True))
    for first, now in (("first_starts", "starts"), ("first_ends", "ends")):
        op.add_column("step", sa.Column(first, sa.Date(), nullable=False, server_default="1970-01-01"))
        op.execute(f"UPDATE step SET {first} = {now}")  # noqa: S608

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), sa.ForeignKey("assessment.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("guests", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_meeting_assessment_id", "meeting", ["assessment_id"])
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meeting.id"), nullable=False),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("party.id"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "officer_id"),
    )
    op.create_index("ix_attendance_meeting_id", "attendance", ["meeting_id"])
    op.create_table(
        "directive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), sa.ForeignKey("assessment.id"), nullable=False),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meeting.id"), nullable=True),
        sa.Column("item_id", sa.Integer(), sa.ForeignKey("item.id"), nullable=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_directive_assessment_id", "directive", ["assessment_id"])
    op.create_index("ix_directive_item_id", "directive", ["item_id"])
    op.create_index("ix_directive_meeting_id", "directive", ["meeting_id"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), sa.ForeignKey("directive.id"), nullable=False),
        sa.Column("party_id", sa.Integer(), sa.ForeignKey("party.id"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("directive_id", "party_id"),
    )
    op.create_index("ix_assignment_directive_id", "assignment", ["directive_id"])
    op.create_index("ix_assignment_party_id", "assignment", ["party_id"])
    op.create_table(
        "directiveevent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), sa.ForeignKey("directive.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("what", STEPS, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_directiveevent_directive_id", "directiveevent", ["directive_id"])


def downgrade() -> None:
    for table in ("directiveevent", "assignment", "directive", "attendance", "meeting"):
        op.drop_table(table)
    STEPS.drop(op.get_bind(), checkfirst=True)
    op.drop_column("requirement", "first_dues")
    for name in ("instrument_code", "first_starts", "first_ends"):
        op.drop_column("step", name)
