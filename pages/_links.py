"""Links inside our HTML open pages without a reload: a click is caught and handed to `st.switch_page`.

Without JavaScript, with a modifier key or in a new tab they are ordinary links to the same address.
"""

from urllib.parse import parse_qsl, urlsplit

import streamlit as st

_CATCH = """
let shown = null;
export default function ({ data, setTriggerValue }) {
  const open = (event) => {
    const link = event.target.closest && event.target.closest("a.ita-go");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    setTriggerValue("address", link.getAttribute("href"));
  };
  document.addEventListener("click", open);
  // On a phone the menu lies over the page: a page that was just chosen shuts it.
  if (data && data.page !== shown) {
    if (shown !== null && window.innerWidth < 900) {
      const shut = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
      if (shut) shut.click();
    }
    shown = data.page;
  }
  return () => document.removeEventListener("click", open);
}
"""
_catcher = st.components.v2.component("ita_links", js=_CATCH)


def follow(page: str) -> None:
    """Go where a link was clicked, before the page behind it is drawn again; `page` is the one about to be drawn."""
    clicked = _catcher(data={"page": page}, key="links", on_address_change=lambda: None).address
    if clicked:
        parts = urlsplit(clicked)
        st.switch_page(f"{parts.path.strip('/')}.py", query_params=dict(parse_qsl(parts.query)))
