"""The real plan as values that may be changed."""

import pytest

from ita_core.plan.content import Content, content_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan


@pytest.fixture
def content(rules: Framework, real: Plan) -> Content:
    return content_of(rules, real)
