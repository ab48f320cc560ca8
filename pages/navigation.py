"""The script that Streamlit runs: who is here, and which pages they get."""

from pathlib import Path

import streamlit as st

from ita_core import accounts, db, queries
from ita_core.access import Actor
from ita_core.language import _
from ita_core.models import Role
from ita_core.web.routes import ICON
from pages import ADDRESSES, _links, _session

HERE = Path(__file__).parent


def signed_out() -> None:
    script = "join.py" if "invite" in st.query_params else "sign_in.py"
    title = _("Sign in")
    pages = [st.Page(script, title=title, default=True)]
    pages += [st.Page(script, title=title, url_path=path) for path in ADDRESSES]
    st.navigation(pages, position="hidden").run()


def signed_in(here: accounts.Visitor) -> None:
    """Everybody's address book is the same, so that a link always opens; the menu shows what one's role uses."""
    who = Actor(here.account_id, here.role, here.party_id, here.keeps_itap)
    with db.reading() as session:
        prepares, supervises = queries.has_duties(session, who, queries.assessment(session).id)
    shown = {
        "overview": here.role is not Role.officer or supervises,
        "my_work": prepares,
        "review": supervises,
        "item": True,
        "export": True,
        "people": here.role is Role.admin,
        "account": False,
    }
    titles = {
        "overview": (_("Overview"), ":material/dashboard:"),
        "my_work": (_("My work"), ":material/checklist:"),
        "review": (_("Review"), ":material/rule:"),
        "item": (_("Items"), ":material/list_alt:"),
        "export": (_("Export"), ":material/download:"),
        "people": (_("People"), ":material/group:"),
        "account": (_("My account"), ":material/key:"),
    }
    home = "overview" if shown["overview"] else "my_work" if prepares else "item"
    pages = {
        path: st.Page(
            f"{path}.py", title=title, icon=icon, url_path=path, visibility="visible" if shown[path] else "hidden"
        )
        for path, (title, icon) in titles.items()
    }

    def front_door() -> None:
        st.switch_page(pages[home])

    # Streamlit's default page answers at "/" only, not at an address of its own; so none of ours is it.
    front = st.Page(front_door, default=True, visibility="hidden")
    page = st.navigation([front, *pages.values()], position="top")
    _links.follow(page.url_path)
    page.run()


st.set_page_config(page_title="ITA", page_icon=ICON, layout="wide")
st.html(HERE / "_look.css")
visitor = _session.visitor()
choose = _("Choose files")
st.html(f"<style>:root {{ --choose: '{choose}'; }}</style>")
if visitor is None:
    signed_out()
else:
    signed_in(visitor)
