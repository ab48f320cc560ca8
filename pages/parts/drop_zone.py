"""Where files are dropped: a small component that sends each by itself to our own streaming route (`web/uploads.py`).

Streamlit's own uploader would hold every file in memory until its session ends (streamlit.md, Uploads).
"""

import streamlit as st

from ita_core.evidence.kinds import SUFFIXES
from ita_core.language import _
from ita_core.settings import settings
from pages.parts import templates

_zone = st.components.v2.component(
    "ita_drop", html=str(templates.render("drop_zone")), js=templates.script("drop_zone.js"), isolate_styles=False
)


def zone(item_id: int) -> None:
    """The place to drop files for an item; the page runs again when one has arrived."""
    limit = settings().max_upload_mb
    _zone(
        key=f"drop-{item_id}",
        data={
            "address": f"/uploads/{item_id}",
            "limit": limit,
            "accept": ",".join(SUFFIXES),
            "words": {
                "choose": _("Drop files here, or choose them"),
                "which": _(
                    "PDF, Word, Excel, PowerPoint, pictures, MP4 · up to {limit} MB each, several at once"
                ).format(limit=limit),
                "waits": _("waits its turn"),
                "checking": _("is being checked …"),
                "stop": _("Stop"),
                "again": _("Try again"),
                "away": _("Take away"),
                "lost": _("The connection was lost. The file is still here: try again."),
                "large": _("Larger than {limit} MB: make it smaller or split it.").format(limit=limit),
                "empty": _("This file is empty (0 bytes)."),
            },
        },
        on_received_change=lambda: None,
    )
