"""The script that Streamlit runs: who is here, and which pages they get."""

import streamlit as st

from ita_core import access, accounts, db, queries
from ita_core.access import Actor
from ita_core.language import _
from ita_core.models import Role
from ita_core.web.routes import ICON
from pages import ADDRESSES, page
from pages.parts import frame, links, templates, visiting


def signed_out() -> None:
    script = "join.py" if "invite" in st.query_params else "sign_in.py"
    title = _("Sign in")
    found = [page(script, title, default=True), *(page(script, title, path=path) for path in ADDRESSES)]
    st.navigation(found, position="hidden").run()


def signed_in(here: accounts.Visitor, who: Actor | None, *, prepares: bool, supervises: bool) -> None:
    """Everybody's address book is the same, so that a link always opens; the menu shows what one's role uses."""
    sees_all = who is not None and access.sees_all(who)
    officer = who is None or who.role is Role.officer
    # address: title, icon, whether the menu shows it; in the menu's groups
    menu = {
        "": {
            "overview": (_("Overview"), ":material/dashboard:", not officer or supervises),
            "my_work": (_("My work"), ":material/checklist:", prepares),
            "review": (_("Review"), ":material/rule:", supervises),
            "item": (_("Items"), ":material/list_alt:", True),
            "itap": (_("Filing in ITAP"), ":material/task_alt:", who is not None and access.may_publish(who)),
        },
        _("Views"): {
            "evidence": (_("Evidence"), ":material/description:", True),
            "indicators": (_("Indicators"), ":material/speed:", sees_all or supervises),
            "officers": (_("Officers"), ":material/groups:", sees_all or supervises),
            "timeline": (_("Timeline"), ":material/view_timeline:", True),
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
        },
    }
    pages = {
        path: page(f"{path}.py", title, icon=icon, path=path, shown=shown)
        for group in menu.values()
        for path, (title, icon, shown) in group.items()
    }
    home = "overview" if menu[""]["overview"][2] else "my_work" if prepares else "item"

    def front_door() -> None:
        st.switch_page(pages[home])

    # Streamlit's default page answers at "/" only, not at an address of its own; so none of ours is it.
    front = st.Page(front_door, default=True, visibility="hidden")
    groups = {title: [pages[path] for path in group] for title, group in menu.items()}
    chosen = st.navigation({**groups, "": [front, *groups[""]]}, position="top")
    links.follow()
    with visiting.as_found(here):
        chosen.run()


st.set_page_config(page_title="ITA", page_icon=ICON, layout="wide")
templates.style("look.css")
with db.reading() as session:
    visitor = visiting.find(session)
    actor = visitor and frame.find_actor(session, visitor)
    prepares, supervises = queries.has_duties(session, actor) if actor else (False, False)
if visitor is None:
    signed_out()
else:
    signed_in(visitor, actor, prepares=prepares, supervises=supervises)
