"""The way in by the office's sign-in provider, on the sign-in page: only where the settings name one."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from ita_core.accounts.provider import BY_KIND
from ita_core.language import _
from ita_core.settings import settings
from ita_core.web.provider import REFUSED, START
from pages.parts import marks, templates


def by_provider() -> None:
    """The button that leads to the provider, and back to where one came; and why the last try let nobody in."""
    chosen = settings()
    if not chosen.oidc_issuer:
        return
    query = st.query_params
    asked = urlencode([(name, value) for name in query if name != REFUSED for value in query.get_all(name)])
    then = (urlsplit(st.context.url or "/").path or "/") + (f"?{asked}" if asked else "")
    name = chosen.oidc_name or urlsplit(chosen.oidc_issuer).hostname or ""
    # In full: the provider sends the browser back there, and what it is known by is that name's.
    address = f"{chosen.public_url}{START}?{urlencode({'then': then})}"
    templates.show("way_in", address=address, text=_("Sign in with {provider}").format(provider=name))
    if refused := BY_KIND.get(st.query_params.get(REFUSED, "")):
        st.warning(marks.plain(str(refused())))
