"""Last year's assessment of the same office."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from ita_core import db
from ita_core.plan.apply import apply_plan
from ita_core.plan.framework import load_framework
from ita_core.plan.plan import find_plan, load_plan
from tests.cast import Cast
from tests.workflow.commanding import NOW, There, give, here, meet, officer


@pytest.fixture
def there(engine: sa.Engine, cast: Cast) -> There:
    with db.writing(engine) as session:
        meeting = meet(session, cast)
        return There(here(session), meeting, give(session, cast, meeting_id=meeting), officer(session, cast.usa))


@pytest.fixture
def last_year(engine: sa.Engine) -> int:
    """The assessment of the year before, with the same people and items in rows of their own."""
    rules = load_framework(Path("data/frameworks/immigration-2568.yaml"))
    chosen = load_plan(find_plan("prachuap-2568"), rules).model_copy(update={"fiscal_year": 2567})
    with db.writing(engine) as session:
        made = apply_plan(session, rules, chosen, at=NOW).assessment.id
        assert made is not None
        return made
