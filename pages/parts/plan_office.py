"""The office in the plan: names and target, posts and teams."""

from typing import Literal

import streamlit as st

from ita_core.language import _
from ita_core.plan import editing
from ita_core.plan.content import Content
from ita_core.plan.places import duty_places
from ita_core.plan.plan import Group
from ita_core.typed import LONGEST_NAME, LONGEST_NOTE, clean_text
from pages.parts import marks, pressing
from pages.parts.plan_desk import Desk, chosen, fresh

POST, TEAM = "+posts", "+teams"  # what is chosen to add one: no key of a party looks so
LONGEST_ABOUT = 5 * LONGEST_NOTE


def draw(desk: Desk) -> None:
    """The office itself, then its posts and teams."""
    _office(desk)
    st.header(_("Posts and teams"), anchor=False)
    _groups(desk)


def _office(desk: Desk) -> None:
    office, plan = desk.plan.office, desk.plan
    key = fresh("office", office.name, office.short, office.website, plan.target, plan.about)
    with st.form(key):
        name = st.text_input(_("Name of the office"), value=office.name, key=f"name-{key}")
        left, middle, right = st.columns([2, 2, 1])
        short = left.text_input(_("Short name"), value=office.short, key=f"short-{key}")
        website = middle.text_input(_("Website"), value=office.website, key=f"website-{key}")
        target = right.number_input(_("Target, of 100"), 0.0, 100.0, value=plan.target, step=0.5, key=f"target-{key}")
        about = st.text_area(_("What the plan says of itself"), value=plan.about, height=200, key=f"about-{key}")
        if st.form_submit_button(_("Keep the office"), type="primary"):
            with pressing.refusals_here():
                told = {
                    "name": clean_text(name, LONGEST_NAME), "short": clean_text(short, LONGEST_NAME),
                    "website": clean_text(website, LONGEST_NAME), "about": clean_text(about, LONGEST_ABOUT),
                }  # fmt: skip
                desk.edit(lambda draft: editing.set_office(draft, target=target, **told))


def _groups(desk: Desk) -> None:
    """One post or team at a time, or a new one."""
    posts, teams = desk.plan.posts, desk.plan.teams
    of_post, of_team = _("Post: {name}"), _("Team: {name}")
    names = {key: of_post.format(name=one.name) for key, one in posts.items()}
    names |= {key: of_team.format(name=one.name) for key, one in teams.items()}
    names |= {POST: _("a new post"), TEAM: _("a new team")}
    key = chosen(_("Post or team"), names, "group-of")
    one = posts.get(key) or teams.get(key)
    _group(desk, key, one)
    if one:
        with st.popover(_("Take it out"), icon=":material/delete:", key=f"group-out-{key}"):
            st.text(_("What it did stays in its name. Its duties must have gone to somebody else."))
            if st.button(_("Yes, take it out"), key=f"take-out-{key}"):
                desk.edit(lambda draft: editing.take_out_group(draft, key))


def _group(desk: Desk, key: str, one: Group | None) -> None:
    officers = {officer: f"{one.rank}{one.name}" for officer, one in desk.plan.officers.items()}
    place = fresh(f"group-{key}", str(one))
    with st.form(place):
        left, right = st.columns(2)
        name = left.text_input(_("Name"), value=one.name if one else "", key=f"name-{place}")
        title = right.text_input(_("Note"), value=one.title if one else "", key=f"title-{place}")
        members = st.multiselect(
            _("Who acts for it"), list(officers), default=one.members if one else (), key=f"members-{place}",
            format_func=officers.__getitem__, placeholder=_("Nobody yet"), select_all=False,
        )  # fmt: skip
        if one and (places := editing.places_of(desk.content, key)):
            st.caption(_("Duties in {places}").format(places=marks.plain(duty_places(places))))
        if st.form_submit_button(_("Keep this group"), type="primary"):
            with pressing.refusals_here():
                told = {"name": clean_text(name, LONGEST_NAME), "title": clean_text(title, LONGEST_NAME)}
                _keep(desk, key, told, members)


def _keep(desk: Desk, key: str, told: dict[str, str], members: list[str]) -> None:
    kinds: dict[str, Literal["posts", "teams"]] = {POST: "posts", TEAM: "teams"}

    def change(draft: Content) -> None:
        of = key
        if key in kinds:
            of = editing.add_group(draft, kinds[key], ever=desk.history.party_keys, **told)
        else:
            editing.correct_group(draft, key, **told)
        editing.set_members(draft, of, members)

    desk.edit(change)
