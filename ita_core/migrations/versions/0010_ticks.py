"""What the sender of a file ticked and wrote so far, kept with it"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upload") as table:
        table.add_column(sa.Column("ticks", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("upload") as table:
        table.drop_column("note")
        table.drop_column("ticks")
