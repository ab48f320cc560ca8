"""Where files are dropped: a small component that sends each by itself to our own streaming route (`web/uploads.py`).

Streamlit's own uploader would hold every file in memory until its session ends (streamlit.md, Uploads).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from ita_core import words
from ita_core.board.progress import ItemFacts
from ita_core.evidence.kinds import TAKEN, FileKind, taken_for
from ita_core.language import _
from ita_core.plan import exchange
from ita_core.plan.workbook.opening import LARGEST
from ita_core.settings import settings
from pages.parts import pressing, templates, visiting

_zone = st.components.v2.component(
    "ita_drop", html=str(templates.render("drop_zone")), js=templates.script("drop_zone.js"), isolate_styles=False
)


def zone(item: ItemFacts, *, goto: tuple[str, str], shown: bool) -> None:
    """The place to drop files for an item, of the kinds that its slots take; its open slots in the page take them too.

    The page runs again when a file has arrived. `goto`: the id of what the browser is to go to, once for each nonce.
    """
    limit = settings().max_upload_mb
    kinds = taken_for({slot.key.format for slot in item.slots})
    names = words.format_words(kind.format for kind in kinds)
    which = _("{kinds} · up to {{limit}} MB each, several at once").format(kinds=names)
    suffixes = {name: _suffixes(one for one in kinds if one.format == name) for name in {one.format for one in kinds}}
    _show(
        f"drop-{item.id}", f"/uploads/{item.id}", _suffixes(kinds), limit, _("Drop files here, or choose them"), which,
        kinds=suffixes, others=_suffixes(kind for kind in TAKEN if kind not in kinds),
        other=_("{item} takes {kinds} only.").format(item=item.code, kinds=names), goto=goto, shown=shown,
    )  # fmt: skip


def _suffixes(kinds: Iterable[FileKind]) -> list[str]:
    return [suffix for kind in kinds for suffix in kind.suffixes]


def plan_zone(name: str) -> None:
    """The place to drop a plan as a file, for prachuap-2568; the page runs again when it has become the draft."""
    choose, which = _("Drop the file here, or choose it"), _("A workbook (.xlsx) or YAML (.yaml) · up to {limit} MB")
    suffixes = (exchange.WORKBOOK, exchange.YAML, ".yml")
    _show(f"plan-{name}", f"/plans/{name}", suffixes, LARGEST // 1024**2, choose, which, single=_say_it_is_the_draft)


def scores_zone(name: str) -> None:
    """The place to drop a file of scores, for prachuap-2568; the page runs again when it was read, and waits."""
    choose, which = _("Drop the file here, or choose it"), _("A workbook (.xlsx) or CSV (.csv) · up to {limit} MB")
    suffixes = (exchange.WORKBOOK, ".csv")
    _show(f"scores-{name}", f"/scores/{name}", suffixes, LARGEST // 1024**2, choose, which, single=_say_it_was_read)


def _say_it_was_read() -> None:
    if visiting.visitor() is not None:
        pressing.say_done(_("The file was read: look at what it would record."))


def _say_it_is_the_draft() -> None:
    """A callback comes before the page asks who is here, and what they read."""
    if visiting.visitor() is not None:
        pressing.say_done(_("The file is the draft now: look at what differs."))


def _show(
    key: str, address: str, suffixes: Iterable[str], limit: int, choose: str, which: str, *,
    single: Callable[[], None] | None = None, kinds: Mapping[str, Sequence[str]] | None = None,
    others: Iterable[str] = (), other: str = "", goto: tuple[str, str] = ("", ""), shown: bool = True,
) -> None:  # fmt: skip
    """`kinds` are the endings of each format; `others` those that are refused at once, saying `other`.

    `single` is for a place that takes one file at a time, and is called when it has come."""
    _zone(
        key=key,
        data={
            "address": address,
            "limit": limit,
            "several": single is None,
            "accept": ",".join(suffixes),
            "kinds": {name: ",".join(listed) for name, listed in (kinds or {}).items()},
            "others": list(others),
            "goto": list(goto),
            "shown": shown,
            "words": {
                "choose": choose,
                "which": which.format(limit=limit),
                "waits": _("waits its turn"),
                "checking": _("is being checked …"),
                "stop": _("Stop"),
                "again": _("Try again"),
                "away": _("Take away"),
                "lost": _("The connection was lost. The file is still here: try again."),
                "large": _("Larger than {limit} MB: make it smaller or split it.").format(limit=limit),
                "other": other,
                "empty": _("This file is empty (0 bytes)."),
            },
        },
        on_received_change=single or (lambda: None),
    )
