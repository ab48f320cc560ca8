"""`select` of any number of columns."""

from typing import Any

import sqlalchemy as sa

wide_select: Any = sa.select  # SQLModel's own is typed for four columns at most
