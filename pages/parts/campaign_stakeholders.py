"""The list of external stakeholders for EIT(2): how many there are, for everybody; who, for whoever keeps it and asks.

Nobody's name is in the session's state: what is opened is drawn once, and the next run of the page draws it no more.
"""

from dataclasses import dataclass

import streamlit as st

from ita_core import access, db, thai, words, workflow
from ita_core.board import stakeholders
from ita_core.board.campaigns import CampaignFacts
from ita_core.board.headline import Face
from ita_core.board.stakeholders import ListFacts, State
from ita_core.language import N_, _
from ita_core.plan.lists import KINDS
from ita_core.plan.stakeholders import Form, load_form
from ita_core.plan.workbook.opening import LARGEST
from ita_core.settings import settings
from ita_core.workflow import forgetting
from pages.parts import marks, pressing, templates, visiting
from pages.parts.frame import Frame
from pages.parts.marks import Badge

MOST_SHOWN = 200  # rows of an opened list: more is read in the file
STATES = {
    State.none: (Face.missing, N_("No list yet")),
    State.there: (Face.accepted, N_("List imported")),
    State.over: (Face.overdue, N_("Its time is over")),
    State.deleted: (Face.missing, N_("Deleted")),
    State.lost: (Face.overdue, N_("Not restored")),
}

_zone = st.components.v2.component(
    "ita_list", html=str(templates.render("list_zone")), js=templates.script("list_zone.js"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class View:
    """`take` is where whoever may takes the list along; `assumed` that nobody knows how ITAP wants it."""

    badge: Badge
    says: str
    facts: tuple[tuple[str, str], ...] = ()
    take: str = ""
    assumed: str = ""


def draw(here: Frame, campaign: CampaignFacts, one: ListFacts | None) -> None:
    """What is known of the list, and for whoever keeps it what they can do with it."""
    last = stakeholders.last_day(campaign.terms, settings().stakeholder_days)
    # The day that a past year is looked at is its last one; what can be opened goes by the real one.
    state = stakeholders.state(one, last, here.day if here.past else settings().day())
    keeps = access.may_keep_stakeholders(here.actor)
    form = load_form() if keeps else None
    take = f"/stakeholders/{here.assessment.name}.xlsx" if keeps and not here.past and state is State.there else ""
    face, word = STATES[state]
    until = thai.date_text(last) if last else ""
    view = View(
        Badge(face.value, words.SIGNS[face], _(word)), _says(state, one, until), _facts(state, one, until), take,
        form.assumed if form and take else "",
    )  # fmt: skip
    templates.show("stakeholders", view=view)
    if form is None:
        return
    if take:
        _open(here, form)
    if here.acts() and last is not None and settings().day() <= last:
        _bring(here, form, there=state is State.there)
    if not here.past and one is not None and one.gone is None:
        _delete(here, one)


def _says(state: State, one: ListFacts | None, until: str) -> str:
    if one is None:
        if not until:
            return _("Record first when EIT(2) runs: the list is deleted by itself some time after it closes.")
        return _("Whoever keeps ITAP, or the commander, imports it here.")
    if state is State.lost:
        return _("No backup holds the list, so after a restore it has to be imported again.")
    if one.gone:
        why, by, at = one.gone
        says = _("Deleted on {day} by {who}: {why}. Its names and numbers are no longer kept here.")
        return says.format(day=thai.moment_text(at), who=by or _("the system"), why=_(words.STAKEHOLDERS_GONE[why]))
    if state is State.over:
        return _("It opens no more, and is being deleted.")
    return _("Names and telephone numbers are seen by the commander and whoever keeps ITAP only, and by them when they "
             "open the list; that they did is noted.")  # fmt: skip


def _facts(state: State, one: ListFacts | None, until: str) -> tuple[tuple[str, str], ...]:
    if one is None:
        return ()
    kinds = " · ".join(f"{kind} {number:,}" for kind, number in one.kinds.items())
    facts = [
        (_("Stakeholders") if state is State.there else _("Stakeholders imported then"), f"{one.rows:,}"),
        (_("By kind"), kinds),
        (_("Imported by"), f"{one.by} · {thai.moment_text(one.at)}"),
    ]
    if state is State.there:
        facts.append((_("Deleted by itself after"), until))
    return tuple(facts)


def _open(here: Frame, form: Form) -> None:
    """A press shows who is on the list, and is noted; whatever is pressed next shuts it."""
    if not st.button(_("Open the list"), key="stakeholders-open", icon=":material/visibility:"):
        return
    with pressing.refusals_here():
        with db.writing() as session:
            people = workflow.open_stakeholders(
                session, by=here.actor.account_id, assessment_id=here.assessment.id,
                keep_days=settings().stakeholder_days, at=settings().now(),
            )  # fmt: skip
        heads = [("", "number"), *((column.known[0], "") for column in form.columns)]
        rows = [[one.get(column.key, "") for column in form.columns] for one in people[:MOST_SHOWN]]
        said = _("Opened, and noted in the record. Press anything to shut it.")
        templates.show("stakeholders_open", heads=heads, rows=rows, left=len(people) - len(rows), said=said)
        st.button(_("Shut the list"), key="stakeholders-shut", icon=":material/visibility_off:")


def _bring(here: Frame, form: Form, *, there: bool) -> None:
    with st.expander(_("Import a list"), icon=":material/table_view:", key=f"stakeholders-bring-{here.assessment.id}"):
        templates.show("stakeholders_form", kinds=" · ".join(kind[0] for kind in form.kinds))
        if there:
            st.caption(_("A new list takes the place of the one that is here, which is deleted."))
        limit = LARGEST // 1024**2
        _zone(
            key=f"stakeholders-{here.assessment.id}",
            data={
                "address": f"/stakeholders/{here.assessment.name}",
                "accept": ",".join(KINDS),
                "limit": limit,
                "words": {
                    "choose": _("Drop the list here, or choose it: it is looked over first"),
                    "which": _("A workbook (.xlsx) or CSV (.csv) · up to {limit} MB").format(limit=limit),
                    "checking": _("is being looked over …"),
                    "importing": _("is being imported …"),
                    "bring": _("Import it"),
                    "away": _("Take away"),
                    "lost": _("The connection was lost. Nothing was imported, as far as is known: choose it again."),
                    "large": _("Larger than {limit} MB: make it smaller or split it.").format(limit=limit),
                    "empty": _("This file is empty (0 bytes)."),
                },
            },
            on_imported_change=_say_it_is_imported,
        )


def _say_it_is_imported() -> None:
    """A callback comes before the page asks who is here, and what they read."""
    if visiting.visitor() is not None:
        pressing.say_done(_("The list is imported. Delete the file that you took it from, if nobody needs it."))


def _delete(here: Frame, one: ListFacts) -> None:
    box = st.expander(_("Delete the list"), icon=":material/delete:", key=f"stakeholders-gone-{one.id}")
    # The list's own button: pressed on a page that is stale, it is there no more, and takes no other list.
    with box, st.form(f"stakeholders-delete-{one.id}", border=False):
        says = _(
            "Deletes the names and numbers of {number} stakeholders for good: nobody can bring them back here. Files "
            "that were taken along stay where they are. That there was a list stays in the record."
        )
        st.markdown(marks.plain(says.format(number=f"{one.rows:,}")))
        if st.form_submit_button(_("Delete it for good")):
            with pressing.refusals_here():
                with db.writing() as session:
                    workflow.delete_stakeholders(
                        session, by=here.actor.account_id, assessment_id=here.assessment.id, list_id=one.id,
                        at=settings().now(),
                    )  # fmt: skip
                forgetting.wipe()
                pressing.say_done(_("The list is deleted."))
                st.rerun()
