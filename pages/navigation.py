"""The script that Streamlit runs: who is here, and which pages they get."""

import streamlit as st

from ita_core import access, accounts, db, queries
from ita_core.access import Actor
from ita_core.language import _
from ita_core.models import Role
from ita_core.queries import AssessmentFacts
from ita_core.settings import settings
from ita_core.web.routes import ICON
from pages import ADDRESSES, page
from pages.parts import (
    frame,
    links,
    manual,
    mending,
    my_second_step,
    noticing,
    searching,
    templates,
    to_decide,
    visiting,
)

Menu = dict[str, dict[str, tuple[str, str, bool]]]  # groups: address → title, icon, whether it is shown


def signed_out() -> None:
    script = "join.py" if "invite" in st.query_params else "sign_in.py"
    title = _("Sign in")
    frame.tab(title, None)
    found = [page(script, title, default=True), *(page(script, title, path=path) for path in ADDRESSES)]
    chosen = st.navigation(found, position="hidden")
    mending.mend()
    chosen.run()


def only_the_second_step(here: accounts.Visitor) -> None:
    """At every address, which stays: what somebody came for is there once they have it."""
    title = _("Second step at sign-in")
    frame.tab(title, None)
    script = "must_enrol.py"
    found = [page(script, title, default=True), *(page(script, title, path=path) for path in ADDRESSES)]
    chosen = st.navigation(found, position="hidden")
    with visiting.as_found(here):
        chosen.run()


def signed_in(
    here: accounts.Visitor,
    at: AssessmentFacts | None,
    who: Actor | None,
    *,
    prepares: bool,
    supervises: bool,
    waiting: int,
    judged: bool,
) -> None:
    """Everybody's address book is the same, so that a link always opens; the menu shows what one's role uses."""
    sees_all = who is not None and access.sees_all(who)
    officer = who is None or who.role is Role.officer
    # address: title, icon, whether the menu shows it; in the menu's groups
    menu: Menu = {
        "": {
            "overview": (_("Overview"), ":material/dashboard:", True),  # everybody's trail leads there
            "my_turn": (
                _("Waiting for you") + (f" {waiting}" if waiting else ""),
                ":material/verified:",
                who is not None and access.may_direct(who),
            ),
            "my_work": (_("My work"), ":material/checklist:", prepares),
            "review": (_("Review"), ":material/rule:", supervises),
            "item": (_("Items"), ":material/list_alt:", True),
            "itap": (_("Filing in ITAP"), ":material/task_alt:", who is not None and access.may_publish(who)),
        },
        _("Views"): {
            "evidence": (_("Evidence"), ":material/description:", True),
            "indicators": (_("Indicators"), ":material/speed:", sees_all or supervises),
            "campaigns": (_("IIT / EIT surveys"), ":material/bar_chart:", True),
            "clarifications": (_("OIT verdict"), ":material/rule:", judged),
            "officers": (_("Officers"), ":material/groups:", sees_all or supervises),
            "timeline": (_("Timeline"), ":material/view_timeline:", True),
            "readiness": (_("Readiness for ITAP"), ":material/rule:", False),  # the list of items leads there
            "notices": (_("What concerns you"), ":material/notifications:", False),  # the trail leads there
            "search": (_("Search"), ":material/search:", False),  # so does its field
            "months": (_("Month by month"), ":material/calendar_month:", True),
        },
        _("Meeting"): {
            "meeting": (_("Meeting mode"), ":material/present_to_all:", sees_all),
            "directives": (_("Directives"), ":material/assignment_turned_in:", True),
        },
        _("More"): {
            "export": (_("Export"), ":material/download:", True),
            "plan": (_("Plan"), ":material/edit_calendar:", who is not None and access.may_plan(who)),
            "people": (_("People"), ":material/group:", who is not None and access.may_administer(who)),
            "account": (_("My account"), ":material/key:", False),
            "help": (_("Manual"), ":material/description:", False),  # each page's trail leads to its chapter
        },
    }
    pages = {
        path: page(f"{path}.py", title, icon=icon, path=path, shown=shown)
        for group in menu.values()
        for path, (title, icon, shown) in group.items()
    }
    home = "overview" if not officer or supervises else "my_work" if prepares else "item"

    def front_door() -> None:
        st.switch_page(pages[home])

    # Streamlit's default page answers at "/" only, not at an address of its own; so none of ours is it.
    front = st.Page(front_door, default=True, visibility="hidden")
    # One row of links, not a drop-down for each group: a page is one click away, and the row takes no more height.
    chosen = st.navigation([front, *pages.values()], position="top")
    shown = [[path for path, (_title, _icon, seen) in group.items() if seen] for group in menu.values()]
    templates.show("menu", firsts=[group[0] for group in shown[1:] if group])
    frame.tab(chosen.title, at)
    if chosen is not pages["notices"]:
        noticing.left()
    links.follow()
    searching.follow(_found_by_name(menu))
    mending.mend()
    with visiting.as_found(here), manual.on(chosen.url_path):
        chosen.run()


def _found_by_name(menu: Menu) -> list[tuple[str, str]]:
    """The pages that the search leads to: those of the menu, and those that something else on each page leads to."""
    listed = {path: one for group in menu.values() for path, one in group.items()}
    return [
        (path, title)
        for path, (title, _icon, shown) in listed.items()
        if shown or path in {"readiness", "notices", "account"}
    ]


st.set_page_config(page_icon=ICON, layout="wide")
templates.style("look.css")
with db.reading() as session:
    visitor = visiting.find(session)
    assessment = visitor and frame.find_assessment(session, visitor)
    actor = visitor and assessment and queries.get_actor(session, visitor.account_id, assessment.id)
    directs = actor is not None and access.may_direct(actor)
    waiting = to_decide.number(session, assessment, actor) if directs and assessment and actor else 0
    prepares, supervises = queries.has_duties(session, actor) if actor else (False, False)
    # Before the assessor has said anything, only who would record it is led there, once the window has closed.
    over = assessment is not None and assessment.closes < settings().day() <= assessment.ends
    records = actor is not None and access.may_record_verdict(actor)
    judged = (over and records) or (assessment is not None and bool(queries.list_item_points(session, assessment.id)))
if visitor is None or "invite" in st.query_params:  # a link is opened also by whoever is signed in, perhaps as another
    signed_out()
elif my_second_step.keeps_at_the_door(visitor):
    only_the_second_step(visitor)
else:
    signed_in(visitor, assessment, actor, prepares=prepares, supervises=supervises, waiting=waiting, judged=judged)
