"""The meeting's screen of the directives: those that are open, and what was settled since the meeting before."""

from collections.abc import Iterable
from dataclasses import dataclass

from ita_core import thai
from ita_core.board import directives
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.days import end_of
from ita_core.language import _
from ita_core.models import DirectiveStep
from pages.parts import directive_card, meeting_split
from pages.parts.marks import Badge
from pages.parts.meeting_look import Look, Subject, subject
from pages.parts.meeting_split import Row, lines

PANEL = 17.2  # em that the form to take down a directive takes of the screen's width, with the gap before it
ACTS = 13.0  # em of what stands right of a directive
BUTTONS = 2.3  # em of their height
LONGEST = 7  # lines of one directive on one screen


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive, or a piece of a long one: only the last has the badge and the buttons; or a heading."""

    heading: str = ""
    text: str = ""
    about: str = ""
    badge: Badge | None = None
    new: bool = False
    buttons: tuple[tuple[str, str], ...] = ()  # steps with their words
    id: int = 0
    whole: str = ""  # its text


def directives_of(look: Look) -> Subject:
    """Open ones first."""
    after = look.earlier.moment or end_of(look.earlier.day)
    width = meeting_split.WIDTH - (PANEL if look.directs else ACTS)
    rows: list[Row] = []
    for one in directives.still_open(look.ordered):
        rows += _directive(look, one, width, new=one.at >= after)
    settled = [
        one for one in look.ordered if one.state() not in directives.OPEN and one.happenings[-1].at >= after
    ]  # fmt: skip
    if settled:
        title = _("Settled since {name}").format(name=look.earlier.name)
        rows.append(Row(Directive(heading=title), lines(title, width), leads=True))
    for one in settled:
        rows += _directive(look, one, width, new=False)
    tables = meeting_split.tables("directives", rows, head=look.directs, head_lines=0)
    nothing = _("No directive is open. One that is given in the meeting appears here.")
    return subject("directives", 7, _("Directives"), tables, nothing)


def _directive(look: Look, one: DirectiveFacts, width: float, *, new: bool) -> Iterable[Row]:
    """One directive; a long one goes on in further rows, the last of which has its buttons."""
    *first, last = meeting_split.pieces(one.text, width, LONGEST)
    *longer, about = meeting_split.pieces(_about(look, one), width, LONGEST)
    for piece in first:
        yield Row(Directive(text=piece), lines(piece, width))
    for piece in longer:
        yield Row(Directive(about=piece), LONGEST)
    badge = directive_card.badge(one, look.here.day)
    view = Directive(
        text=last, about=about, badge=badge, new=new, buttons=_buttons(look, one), id=one.id, whole=one.text
    )
    yield Row(view, lines(last, width) + lines(about, width), more=BUTTONS if look.directs else 0.0)


def _about(look: Look, one: DirectiveFacts) -> str:
    """To whom, by when, about which item, and what was reported."""
    said = one.happenings[-1] if one.happenings else None
    parts = [
        _("to {who}").format(who=directive_card.to_whom(one, look.data, short=True)),
        _("due {day}").format(day=thai.date_text(one.due)),
        one.item_code,
        f"“{said.note}”" if said and said.what is DirectiveStep.reported and said.note else "",
    ]
    return " · ".join(part for part in parts if part)


def _buttons(look: Look, one: DirectiveFacts) -> tuple[tuple[str, str], ...]:
    if not look.directs:
        return ()
    if one.state() not in directives.OPEN:
        return ((DirectiveStep.reopened.value, _("Open again")),)
    done = _("Agreed: done") if one.state() is DirectiveState.reported else _("Done")
    return (DirectiveStep.done.value, done), (DirectiveStep.cancelled.value, _("Cancel"))
