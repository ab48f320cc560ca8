"""HTML that pages share: state marks, badges, bars. Every value is escaped where it enters (markupsafe).

markupsafe is Jinja's own escaping, maintained by Pallets: `Markup.format` escapes whatever is put in.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from ita_core import thai, words
from ita_core.board.headline import Cell, Face
from ita_core.board.progress import ItemStanding, State
from ita_core.board.turns import Turn
from ita_core.language import _
from ita_core.queries import PartyFacts

HERE = Path(__file__).parent
SIGNS = {Face.accepted: "✓", Face.waiting: "◔", Face.returned: "↩", Face.overdue: "!", Face.missing: "○"}


def style(name: str) -> None:
    """Put one of this folder's style sheets onto the page."""
    st.html(HERE / name)


def show(markup: Markup) -> None:
    """Draw escaped HTML, where there is any."""
    if markup:
        st.html(str(markup))


def plain(text: str) -> str:
    """Text that Streamlit's Markdown, in labels too, shows as it stands: no link, no emphasis, no formula."""
    # What looks like an address becomes a link even when it is escaped; a space of no width keeps it from that.
    text = text.replace("://", ":\u200b//").replace("www.", "www\u200b.").replace("@", "@\u200b")
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|~$:/@" else sign for sign in text)


def names(short: Iterable[str]) -> Markup:
    """Names one after another, none broken in the middle at a line's end."""
    return Markup(", ").join(Markup('<span class="ita-name">{}</span>').format(one) for one in short)


def whose_turn(turn: Turn, people: Mapping[int, PartyFacts]) -> Markup:
    """Who has to hand in, and who has to decide: อุษา · ตรวจ: ขนิษฐา."""
    parts = []
    if turn.hand_in:
        parts.append(names(people[officer].short for officer in turn.hand_in))
    if turn.decide:
        deciding = names(people[officer].short for officer in turn.decide)
        parts.append(Markup("{}").format(_("review: {names}")).format(names=deciding))
    return joined(parts, " · ") or Markup("{}").format(_("nobody yet"))


def more(number: int, address: str = "") -> Markup:
    """That a list goes on, and by how many; a link to the rest where there is a page of it."""
    text = _("and {number} more").format(number=number)
    return Markup('<a class="ita-go" href="{}">{}</a>').format(address, text) if address else Markup("{}").format(text)


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """The parts one after another."""
    return Markup("{}").format(between).join(parts)


def word(face: Face) -> str:
    """รับแล้ว, รอตรวจ, ตีกลับ, เกินกำหนด, ยังไม่ส่ง."""
    return _(words.OVERDUE if face is Face.overdue else words.STATES[State[face.name]])


def badge(face: Face, text: str = "") -> Markup:
    """A mark with its word: never colour alone."""
    return Markup('<span class="ita-badge {}"><b aria-hidden="true">{}</b> {}</span>').format(
        face.value, SIGNS[face], text or word(face)
    )


def cell(one: Cell) -> Markup:
    """One cell of the board, its meaning in the tooltip and for screen readers."""
    what = thai.period_text(one.period) if one.period else one.label
    says = f"{what}: {word(one.face)}" + (f" {one.accepted}/{one.slots}" if one.slots > 1 else "")
    return Markup('<span class="ita-cell {}{}" role="img" aria-label="{}" title="{}">{}</span>').format(
        one.face.value, " ahead" if one.ahead else "", says, says, "" if one.ahead else SIGNS[one.face]
    )


def legend() -> Markup:
    """The five marks with their words."""
    order = [Face.accepted, Face.waiting, Face.returned, Face.overdue, Face.missing]
    return Markup('<div class="ita-legend">{}</div>').format(joined(badge(face) for face in order))


def item_address(code: str) -> str:
    """The address of an item's page."""
    return f"/item?item={code}"


def item_link(code: str, text: str = "") -> Markup:
    """A link to an item's page; `links.follow` opens it without a reload."""
    return Markup('<a class="ita-go" href="{}">{}</a>').format(item_address(code), text or code)


def bar(label: str, parts: Sequence[tuple[Face, float]], text: str, *, planned: float | None = None) -> Markup:
    """A bar from 0 to 100 %, its parts one after another, with a tick where the plan is."""
    piece = Markup('<em class="{}" style="width:{:.1f}%" title="{}"></em>')
    tick = Markup('<i style="left:{:.1f}%" title="{}"></i>')
    mark = tick.format(planned * 100, _("Planned")) if planned is not None else ""
    return Markup(
        '<div class="ita-bar"><span class="label" title="{0}">{0}</span>'
        '<span class="track" role="img" aria-label="{1}">{2}{3}</span><span class="value">{1}</span></div>'
    ).format(label, text, joined(piece.format(face.value, share * 100, word(face)) for face, share in parts), mark)


def picture(svg: str, says: str) -> Markup:
    """An SVG picture with what it says for those who cannot see it."""
    data = base64.b64encode(svg.encode()).decode()
    return Markup('<img class="ita-picture" src="data:image/svg+xml;base64,{}" alt="{}">').format(data, says)


def links(name: str, options: Mapping[str, str], chosen: str) -> Markup:
    """A choice of few, each a link that sets `name` in the address; "" takes it out."""
    link = Markup('<a class="ita-go" href="?{}={}"{}>{}</a>')
    here = Markup(' aria-current="true"')
    drawn = (link.format(name, value, here if value == chosen else "", text) for value, text in options.items())
    return Markup('<nav class="ita-links">{}</nav>').format(joined(drawn))


def select(label: str, name: str, options: Mapping[str, str], chosen: str) -> Markup:
    """A choice of many that sets `name` in the address; "" takes it out."""
    option = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    drawn = (option.format(value, selected if value == chosen else "", text) for value, text in options.items())
    return Markup('<label class="ita-select">{} <select data-param="{}">{}</select></label>').format(
        label, name, joined(drawn)
    )


def due_text(standing: ItemStanding) -> str:
    """The item's deadline; for those without one of their own, how often it is due."""
    if standing.item.due:
        return thai.date_text(standing.item.due)
    return _(words.CADENCES[standing.item.cadence])


def lateness(standing: ItemStanding, day: date) -> str:
    """ช้า 15 วัน."""
    return _("{days} days late").format(days=standing.days_late) if standing.tally.overdue else ""
