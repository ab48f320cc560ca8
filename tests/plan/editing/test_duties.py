"""Who supervises and who prepares."""

import pytest

from ita_core.errors import NotFound
from ita_core.plan import editing
from ita_core.plan.content import Content

TEAM = "team-of-two"


@pytest.mark.parametrize(("supervise", "prepare", "alone"), [
    (["usa"], ["usa"], True),
    (["usa"], ["patthama"], False),
    (["usa", "patthama"], ["usa"], False),
    ([TEAM], ["usa"], True),  # of the team only she is a member
    ([TEAM], ["patthama"], False),
    ([], ["usa"], False),  # that is told otherwise: nobody supervises
])  # fmt: skip
def test_whether_one_and_the_same_does_all_of_it(
    content: Content, supervise: list[str], prepare: list[str], alone: bool
):
    content["plan"]["teams"][TEAM] = {"name": "คณะทดสอบ", "title": "", "aliases": [], "members": ["usa"]}
    editing.set_duties(content, "O7", supervise, prepare)
    assert editing.only_one(content, "O7") is alone


def test_there_is_nobody_to_ask_of_what_is_not_there(content: Content):
    with pytest.raises(NotFound):
        editing.only_one(content, "O99")
