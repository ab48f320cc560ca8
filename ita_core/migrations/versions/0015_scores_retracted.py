"""An announced score may be retracted by a later record, and the commander may estimate one"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("retracted", "estimated"):
        op.add_column("announcedscore", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise NotImplementedError("what was retracted or estimated would count as announced: restore a backup of before")
