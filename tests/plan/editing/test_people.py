"""Somebody new in the plan."""

import pytest

from ita_core.errors import NotFound
from ita_core.plan import editing
from ita_core.plan.content import Content


def test_the_key_of_somebody_who_left_is_not_given_to_another(content: Content):
    told = {"rank": "ส.ต.ต.", "name": "ก ข", "title": ""}
    assert editing.add_officer(content, **told, ever={"officer-2568-1"}) == "officer-2568-2"
    assert content["plan"]["officers"]["officer-2568-2"]["name"] == "ก ข"


def test_who_comes_back_has_their_key_again(content: Content):
    editing.hand_over(content, "usa", "")
    told = {"rank": "ร.ต.ต.หญิง", "name": "อุษา มีนาม", "title": ""}
    editing.bring_back(content, "usa", **told)
    assert content["plan"]["officers"]["usa"] == told | {"since": None, "aliases": [], "confirm": False}
    team = next(iter(content["plan"]["teams"]))
    for key in ("usa", team):
        with pytest.raises(NotFound):
            editing.bring_back(content, key, **told)
