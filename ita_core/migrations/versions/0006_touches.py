"""Which assessment an entry of the audit touched: what was kept of it is told so"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("auditentry", sa.Column("touches", sa.Integer(), nullable=True))
    op.create_index("ix_auditentry_touches", "auditentry", ["touches", "number"])


def downgrade() -> None:
    op.drop_index("ix_auditentry_touches", "auditentry")
    op.drop_column("auditentry", "touches")
