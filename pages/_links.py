"""Links inside our HTML open pages without a reload: a click is caught and handed to `st.switch_page`.

Without JavaScript, with a modifier key or in a new tab they are ordinary links to the same address.
"""

from urllib.parse import parse_qsl, urlsplit

import streamlit as st

_CATCH = """
export default function ({ setTriggerValue }) {
  const open = (event) => {
    const link = event.target.closest && event.target.closest("a.ita-go");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    setTriggerValue("address", link.getAttribute("href"));
  };
  document.addEventListener("click", open);
  return () => document.removeEventListener("click", open);
}
"""
_catcher = st.components.v2.component("ita_links", js=_CATCH)


def follow() -> None:
    """Go where a link was clicked, before the page behind it is drawn again."""
    clicked = _catcher(key="links", on_address_change=lambda: None).address
    if clicked:
        parts = urlsplit(clicked)
        st.switch_page(f"{parts.path.strip('/')}.py", query_params=dict(parse_qsl(parts.query)))
