"""Somebody new in the plan."""

from ita_core.plan import editing
from ita_core.plan.content import Content


def test_the_key_of_somebody_who_left_is_not_given_to_another(content: Content):
    told = {"rank": "ส.ต.ต.", "name": "ก ข", "title": ""}
    assert editing.add_officer(content, **told, ever={"officer-1"}) == "officer-2"
    assert content["plan"]["officers"]["officer-2"]["name"] == "ก ข"
