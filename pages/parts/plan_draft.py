"""Changing the plan: deadlines, duties and people; what is changed gathers in a draft, which is put in force below."""

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from ita_core import access, db, queries, thai, workflow
from ita_core.language import _
from ita_core.models import PartyKind
from ita_core.plan import editing
from ita_core.plan.content import Content, content_of
from ita_core.plan.difference import differences
from ita_core.plan.plan import Plan
from ita_core.queries import DraftFacts, PlanHistory
from ita_core.settings import settings
from ita_core.typed import LONGEST_NAME, clean_person_name, clean_text
from pages.parts import plan_history, pressing
from pages.parts.frame import Frame

FEW = 12  # differences that are shown without asking


def draw(here: Frame, history: PlanHistory) -> None:
    """The editors over the draft, or over the plan in force where there is none; then what the draft changes."""
    with db.reading() as session:
        draft = queries.find_draft(session, here.assessment.id)
    if not here.acts():
        st.caption(_("Nothing of this year can be changed here."))
        return
    if draft and draft.account_id != here.actor.account_id:
        _another(here, draft)
        return
    now = history.now
    content: Content = draft.content if draft else content_of(now.framework, now.plan)
    plan = draft.plan if draft else now.plan
    _put_in_force(here, history, draft)
    deadlines, duties, people = st.tabs([_("Deadlines"), _("Duties"), _("Persons")])
    with deadlines:
        _deadlines(here, content)
    with duties:
        _duties(here, content, plan)
    with people:
        _people(here, plan)
        if access.may_administer(here.actor):
            _leaving(here, history)


def _edit(here: Frame, change: Callable[[Content], None], *, take_over: bool = False) -> None:
    with pressing.writing(_("In the draft.")) as session:
        workflow.edit(
            session, change, by=here.actor.account_id, assessment_id=here.assessment.id, take_over=take_over,
            at=settings().now(),
        )  # fmt: skip


def _another(here: Frame, draft: DraftFacts) -> None:
    """A second person is told who is at it, and sees it."""
    st.info(_("{who} is changing this plan, last at {time}.").format(who=draft.by, time=thai.moment_text(draft.at)))
    with st.popover(_("Take the draft over"), icon=":material/swap_horiz:"):
        st.text(_("What was changed stays; from then on it is yours."))
        if st.button(_("Yes, take it over"), key="take-over"):
            _edit(here, lambda _as_it_is: None, take_over=True)


def _put_in_force(here: Frame, history: PlanHistory, draft: DraftFacts | None) -> None:
    """What the draft changes, in words; one act puts it in force."""
    if draft is None:
        st.caption(_("Change what you want: it gathers in a draft, and holds once you put that in force."))
        return
    now = history.now
    before, after = (now.framework, now.plan), (draft.framework, draft.plan)
    with db.reading() as session:
        snapshot = queries.current_snapshot(session, here.assessment)
        recount = queries.get_recount(session, here.assessment, after)
        lost = queries.list_recounted(session, here.actor, recount)
    number = len(differences(before, after))
    with st.container(border=True, key="plan-draft"):
        st.subheader(_("The draft changes {number} things").format(number=number), anchor=False)
        with st.expander(_("What differs"), expanded=number <= FEW):
            plan_history.changes(before, after, history, recount)
        plan_history.uncounted(lost, snapshot)
        with st.form("put-in-force", border=False):
            note = st.text_input(_("The order or note it rests on"), key="draft-note")
            if st.form_submit_button(_("Put in force"), type="primary", icon=":material/check:"):
                with pressing.writing(_("In force.")) as session:
                    workflow.put_draft_in_force(
                        session, by=here.actor.account_id, assessment_id=here.assessment.id,
                        seen=now.revision.number, note=note, at=settings().now(),
                    )  # fmt: skip
        with st.popover(_("Throw the draft away"), icon=":material/delete:"):
            if st.button(_("Yes, throw it away"), key="discard-draft"):
                with pressing.writing(_("Thrown away.")) as session:
                    workflow.discard_draft(
                        session, by=here.actor.account_id, assessment_id=here.assessment.id, at=settings().now()
                    )


def _deadlines(here: Frame, content: Content) -> None:
    """A row for each item and month; weekends and holidays are told."""
    before = editing.deadlines_of(content)
    titles = _titles(content)
    places = list(before)
    code, title, month, due, off = _("Item"), _("Title"), _("Month"), _("Due"), _("Day off")
    frame = pd.DataFrame({
        code: [item for item, _period in places],
        title: [titles[item] for item, _period in places],
        month: [thai.period_text(period) if period else "" for _item, period in places],
        due: [before[place] for place in places],
        off: [thai.day_off(before[place]) for place in places],
    })  # fmt: skip
    starts, ends = here.assessment.starts, here.assessment.ends
    chosen_day = st.column_config.DateColumn(due, min_value=starts, max_value=ends, required=True, format="DD/MM/YYYY")
    with st.form("deadlines", border=False):
        edited = st.data_editor(
            frame, hide_index=True, disabled=[code, title, month, off], width="stretch", height=420,
            key=f"deadlines-{hash(tuple(before.items()))}",
            column_config={due: chosen_day},
        )  # fmt: skip
        if st.form_submit_button(_("Keep these days"), type="primary"):
            after = {place: pd.Timestamp(day).date() for place, day in zip(places, edited[due], strict=True)}
            moved = {place: day for place, day in after.items() if day != before[place]}
            if moved:
                _edit(here, lambda draft: editing.move_deadlines(draft, moved))
    with st.form("move-all"):
        days, first, press = st.columns([1, 1, 1], vertical_alignment="bottom")
        by = days.number_input(_("Move all by so many days"), value=0, min_value=-366, max_value=366, step=1)
        since = first.date_input(
            _("that are due on or after"), value=here.today, min_value=here.assessment.starts,
            max_value=here.assessment.ends, format="DD/MM/YYYY",
        )  # fmt: skip
        if press.form_submit_button(_("Move"), width="stretch") and by:
            assert isinstance(since, date)
            _edit(here, lambda draft: editing.move_all(draft, int(by), first=since))


def _titles(content: Content) -> dict[str, str]:
    items = content["framework"]["items"] | content["plan"]["measures"]
    own = {code: one["title"] for code, one in content["plan"]["items"].items() if one["title"]}
    return {code: own.get(code, item["title"]) for code, item in items.items()}


def _duties(here: Frame, content: Content, plan: Plan) -> None:
    """Who supervises and who prepares an item, a measure or a step."""
    names = {key: f"{one.rank}{one.name}" for key, one in plan.officers.items()}
    names |= {key: group.name for key, group in (plan.posts | plan.teams).items()}
    steps = {f"step {number}": one for phase in content["plan"]["phases"] or content["framework"]["phases"]
             for number, one in phase["steps"].items()}  # fmt: skip
    places = {code: f"{code} {title}" for code, title in _titles(content).items()}
    numbered = _("Step {number}: {title}")
    places |= {key: numbered.format(number=key[5:], title=step["title"]) for key, step in steps.items()}
    both = {code: editing.duties_at(content, code) for code in places}
    lacking = [code for code, duties in both.items() if not (duties["supervise"] and duties["prepare"])]
    if lacking:
        st.warning(_("Without anybody: {places}").format(places=", ".join(lacking)))
    where = st.selectbox(_("Of what"), list(places), format_func=places.__getitem__, key="duties-of")
    duties = both[where]
    with st.form(f"duties-{where}"):
        supervise, prepare = (
            st.multiselect(
                label, list(names), default=[hand["who"] for hand in duties[kind]], format_func=names.__getitem__,
                placeholder=_("Nobody yet"), key=f"{kind}-{where}-{hash(str(duties))}", select_all=False,
            )
            for kind, label in (("supervise", _("Supervised by")), ("prepare", _("Prepared by")))
        )  # fmt: skip
        if st.form_submit_button(_("Keep these people"), type="primary"):
            _edit(here, lambda draft: editing.set_duties(draft, where, supervise, prepare))


def _people(here: Frame, plan: Plan) -> None:
    """Rank and name from a day on, and somebody new."""
    names = {"": _("somebody new"), **{key: f"{one.rank}{one.name}" for key, one in plan.officers.items()}}
    who = st.selectbox(_("Whose name"), list(names), format_func=names.__getitem__, key="person")
    one = plan.officers.get(who)
    with st.form(f"person-{who}"):
        rank = st.text_input(_("Rank"), value=one.rank if one else "", key=f"rank-{who}")
        name = st.text_input(_("Name"), value=one.name if one else "", key=f"name-{who}")
        title = st.text_input(_("Position"), value=one.title if one else "", key=f"title-{who}")
        since = st.date_input(_("Rank and name are so from"), value=here.today, max_value=here.today,
                              format="DD/MM/YYYY", key=f"since-{who}") if one else None  # fmt: skip
        if st.form_submit_button(_("Keep"), type="primary"):
            with pressing.refusals_here():
                told = {
                    "rank": clean_text(rank, LONGEST_NAME), "name": clean_person_name(name),
                    "title": clean_text(title, LONGEST_NAME),
                }  # fmt: skip
                if not told["rank"]:
                    raise workflow.RankMissing
                if one:
                    assert isinstance(since, date)
                    _edit(here, lambda draft: editing.correct_officer(draft, who, **told, since=since))
                else:
                    _edit(here, lambda draft: _add(draft, told))


def _add(draft: Content, told: dict[str, str]) -> None:
    editing.add_officer(draft, **told)


def _leaving(here: Frame, history: PlanHistory) -> None:
    """Who leaves hands over in one act, at once."""
    st.subheader(_("Somebody leaves"), anchor=False)
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
        last = st.date_input(
            _("Last day here"), value=here.today, min_value=earliest, max_value=here.today, format="DD/MM/YYYY",
            key="last-day",
        )  # fmt: skip
        note = st.text_input(_("The order or note it rests on"), key="leave-note")
        if st.form_submit_button(_("Hand over and close the account")) and who:
            assert isinstance(last, date)
            with pressing.writing(_("Handed over.")) as session:
                workflow.leave(
                    session, by=here.actor.account_id, party_id=who, to_id=to or None, day=last, note=note,
                    at=settings().now(),
                )  # fmt: skip
