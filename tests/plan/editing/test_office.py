"""The office's names and target, its posts and teams."""

from copy import deepcopy

import pytest

from ita_core.errors import NotFound
from ita_core.plan import editing
from ita_core.plan.content import Content, checked


def test_names_website_target_and_what_the_plan_says_of_itself(content: Content):
    editing.set_office(content, name="ตม.ใหม่", short="ตม.", website="www.example.go.th", target=90.5, about="คำสั่ง")
    _framework, plan = checked(content, "x")
    assert (plan.office.name, plan.office.short, plan.office.website) == ("ตม.ใหม่", "ตม.", "www.example.go.th")
    assert (plan.target, plan.about, plan.office.code) == (90.5, "คำสั่ง", "prachuap")


def test_a_post_and_a_team_come_and_go(content: Content):
    before = deepcopy(content)
    post = editing.add_group(content, "posts", name="รอง สว.", title="")
    team = editing.add_group(content, "teams", name="งานสารบรรณ", title="", ever={"team-1"})
    assert (post, team) == ("post-1", "team-2")
    editing.set_members(content, team, ["usa", "phailin", "usa"])
    assert checked(content, "x")[1].teams[team].members == ("usa", "phailin")
    for key in (post, team):
        editing.take_out_group(content, key)
    assert content == before


def test_the_earlier_name_of_a_team_stays_among_its_aliases(content: Content):
    editing.correct_group(content, "supply", name="งานพัสดุ", title="")
    team = checked(content, "x")[1].teams["supply"]
    assert (team.name, team.aliases) == ("งานพัสดุ", ("งานส่งกำลังบำรุง",))
    editing.correct_group(content, "supply", name="งานส่งกำลังบำรุง", title="ฝ่ายอำนวยการ")
    team = checked(content, "x")[1].teams["supply"]
    assert (team.name, team.aliases, team.title) == ("งานส่งกำลังบำรุง", ("งานพัสดุ",), "ฝ่ายอำนวยการ")


def test_what_duties_still_name_is_not_taken_out_and_every_place_is_said(content: Content):
    assert editing.places_of(content, "inspector") == ["S1", "step 7"]
    with pytest.raises(editing.StillNamed, match="S1, step 7"):
        editing.take_out_group(content, "inspector")
    for place in ("S1", "step 7"):
        editing.set_duties(content, place, ["commander"], ["ita-team"])
    editing.take_out_group(content, "inspector")
    assert "inspector" not in checked(content, "x")[1].posts


def test_what_is_not_there_is_not_changed(content: Content):
    for change in (
        lambda: editing.correct_group(content, "usa", name="ก", title=""),
        lambda: editing.set_members(content, "supply", ["nobody"]),
        lambda: editing.set_members(content, "nothing", []),
        lambda: editing.take_out_group(content, "usa"),
    ):
        with pytest.raises(NotFound):
            change()
