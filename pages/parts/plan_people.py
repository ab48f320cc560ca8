"""People in the plan: rank and name, somebody new, and who leaves."""

from datetime import timedelta

import streamlit as st

from ita_core import access, db, queries, workflow
from ita_core.language import _
from ita_core.models import PartyKind
from ita_core.plan import editing
from ita_core.queries import PlanHistory
from ita_core.settings import settings
from ita_core.typed import LONGEST_NAME, clean_person_name, clean_text
from pages.parts import pressing, thai_date
from pages.parts.frame import Frame
from pages.parts.plan_desk import Desk, chosen, fresh


def draw(desk: Desk) -> None:
    """Names gather in the draft; leaving is at once."""
    _names(desk)
    if access.may_administer(desk.here.actor):
        _leaving(desk.here, desk.history)


def _names(desk: Desk) -> None:
    """Rank and name from a day on, somebody new, and somebody who was of the office before."""
    with db.reading() as session:
        persons = queries.list_persons(session, desk.here.assessment.office_id)
    former = {one.key: one for one in persons if one.key not in desk.plan.officers}
    names = {"": _("somebody new"), **{key: f"{one.rank}{one.name}" for key, one in desk.plan.officers.items()}}
    back = _("{name} (was here before, comes back)")
    names |= {key: back.format(name=one.full) for key, one in former.items()}
    who = chosen(_("Whose name"), names, "person")
    one, before = desk.plan.officers.get(who), former.get(who)
    shown = (one.rank, one.name, one.title) if one else (before.rank, before.name, "") if before else ("", "", "")
    key = fresh(f"person-{who}", desk.here.assessment.id, len(names), *shown)  # empty again once somebody came
    with st.form(key):
        rank = st.text_input(_("Rank"), value=shown[0], key=f"rank-{key}")
        name = st.text_input(_("Name"), value=shown[1], key=f"name-{key}")
        title = st.text_input(_("Position"), value=shown[2], key=f"title-{key}")
        today, since = desk.here.today, None
        if one:
            since = thai_date.field(_("Rank and name are so from"), today, key=f"since-{key}", last=today)
        if st.form_submit_button(_("Keep"), type="primary") and (since or not one):
            with pressing.refusals_here():
                told = {
                    "rank": clean_text(rank, LONGEST_NAME), "name": clean_person_name(name),
                    "title": clean_text(title, LONGEST_NAME),
                }  # fmt: skip
                if not told["rank"]:
                    raise workflow.RankMissing
                if one:
                    assert since is not None
                    renamed = (told["rank"], told["name"]) != shown[:2]
                    day = since if renamed else one.since  # a position says nothing of when the name came to be
                    desk.edit(lambda draft: editing.correct_officer(draft, who, **told, since=day))
                elif before:
                    desk.edit(lambda draft: editing.bring_back(draft, who, **told))
                else:
                    desk.edit(lambda draft: editing.add_officer(draft, **told, ever=desk.history.party_keys))


def _leaving(here: Frame, history: PlanHistory) -> None:
    """Who leaves hands over in one act, at once."""
    st.header(_("Somebody leaves"), anchor=False)
    st.caption(_(
        "Duties, places in posts and teams and open directives go to whom you name; the account is closed, the past "
        "stays in their name. It takes effect at once, not with the draft."
    ))  # fmt: skip
    officers = {one.id: one.full for one in history.now.parties.values() if one.kind is PartyKind.officer}
    leaving, taking = {0: _("Choose"), **officers}, {0: _("nobody for now"), **officers}
    with st.form("leave"):
        who = st.selectbox(_("Who leaves"), list(leaving), format_func=leaving.__getitem__, key="leaves")
        to = st.selectbox(_("To whom"), list(taking), format_func=taking.__getitem__, key="takes")
        earliest = here.today - timedelta(days=366)
        last = thai_date.field(_("Last day here"), here.today, key="last-day", first=earliest, last=here.today)
        note = st.text_input(_("The order or note it rests on"), key="leave-note")
        sure = st.checkbox(_("Yes: it takes effect at once, and the account is closed"), key="leave-sure")
        if st.form_submit_button(_("Hand over and close the account")):
            if last is None:
                return
            if not (who and sure):
                st.error(_("Choose who leaves, and tick that it takes effect at once."))
                return
            with pressing.writing(_("Handed over.")) as session:
                workflow.leave(
                    session, by=here.actor.account_id, party_id=who, to_id=to or None, day=last, note=note,
                    at=settings().now(),
                )  # fmt: skip
