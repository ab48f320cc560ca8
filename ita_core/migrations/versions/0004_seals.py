"""The rows that a transaction wrote, sealed by its audit entry; `db.upgrade` then seals every row that is there"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("auditentry", sa.Column("seals", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("auditentry", "seals")
