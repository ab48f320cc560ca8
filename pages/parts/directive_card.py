"""Directives as one reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ita_core import thai, words
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.headline import Face
from ita_core.language import _
from ita_core.models import PartyKind
from ita_core.queries import MeetingFacts, Snapshot
from pages.parts import marks
from pages.parts.marks import Badge, Meanings

_FACES = {
    DirectiveState.open: Face.missing,
    DirectiveState.reported: Face.waiting,
    DirectiveState.done: Face.accepted,
    DirectiveState.cancelled: Face.missing,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What became of it."""

    what: str
    by: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    badge: Badge
    text: str
    to: str
    due: str
    item: str  # its code, "" for none
    item_title: str
    opens_item: bool  # an officer may have been given one about an item that is not theirs to open
    by: str
    place: str
    meeting: int  # whose screens the place leads to, 0 where it leads nowhere
    at: str
    became: tuple[Step, ...]


def to_whom(one: DirectiveFacts, data: Snapshot, *, short: bool = False) -> str:
    """The parties as it was given; a post or team with who acts for it."""
    named = []
    for party in (data.people[party] for party in one.parties):
        acting = ", ".join(data.people[officer].short for officer in party.members)
        if party.kind is PartyKind.officer:
            named.append(party.short if short else party.full)
        else:
            named.append(f"{party.name} ({acting or _('nobody acts for it yet')})")
    return ", ".join(named)


def badge(one: DirectiveFacts, day: date) -> Badge:
    """How it stands, with the days that it is late."""
    state, late = one.state(), one.days_late(day)
    text = _(words.DIRECTIVE_STATES[state])
    if state is DirectiveState.open and late:
        return marks.badge(Face.overdue, marks.late_text(late))
    return marks.badge(_FACES[state], f"{text} · {marks.late_text(late)}" if late else text)


def meanings() -> Meanings:
    """What the badge beside a directive means."""
    return marks.meanings(_("What the states mean"), words.DIRECTIVE_STATES, words.DIRECTIVE_MEANINGS, _FACES)


def card(one: DirectiveFacts, day: date, data: Snapshot, held: Mapping[int, MeetingFacts], *, links: bool) -> Card:
    """Everything that is known of it; `links` to what its meeting showed, for whoever may see that."""
    meeting = held.get(one.meeting_id or 0)
    place = _("outside a meeting")
    if meeting:
        place = _("in the meeting of {day}").format(day=thai.date_text(meeting.day))
    titles = {item.code: item.title for item in data.items}
    return Card(
        badge(one, day),
        one.text,
        to_whom(one, data),
        thai.date_text(one.due),
        one.item_code,
        titles.get(one.item_code, ""),
        one.item_code in titles,
        _("Given by {who}").format(who=one.by),
        place,
        meeting.id if meeting and links else 0,
        thai.moment_text(one.at),
        tuple(
            Step(_(words.DIRECTIVE_STEPS[each.what]), each.by, thai.moment_text(each.at), each.note)
            for each in one.happenings
        ),
    )
