"""What pages share, as view data: state marks, bars, choices, whose turn it is. `templates/marks.html` draws them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from ita_core import thai, words
from ita_core.board import headline, listing, turns
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding, SlotStanding, State, Tally
from ita_core.board.turns import Then
from ita_core.language import N_, _
from ita_core.queries import PartyFacts

T = TypeVar("T")
THEN = {
    Then.look_again: N_("the commander sent it back"),
    Then.approve: N_("the commander: approve"),
    Then.publish: N_("ITAP officer: publish"),
    Then.file: N_("ITAP officer: enter in ITAP"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark with its word."""

    face: str
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a mark or a word of the page means; `badge` is how it stands there, None for a word alone."""

    name: str
    says: str
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Meanings:
    """What one kind of them means; `note` is what holds for all."""

    title: str
    of: tuple[Meaning, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a board; `says` is what it means."""

    face: str
    sign: str
    says: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Of a bar: so many percent of it."""

    face: str
    width: float
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """From 0 to 100 %; `planned` is where the plan is, None for none."""

    label: str
    text: str
    parts: tuple[Part, ...]
    planned: float | None
    address: str = ""  # where what it counts is listed


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose turn it is, by the names that colleagues say; `then` is what a whole item waits for, or that none does."""

    hand_in: tuple[str, ...]
    decide: tuple[str, ...]
    then: str = ""

    @property
    def text(self) -> str:
        """อุษา · ตรวจ: ขนิษฐา."""
        parts = [", ".join(self.hand_in)] if self.hand_in else []
        if self.decide:
            parts.append(_("review: {names}").format(names=", ".join(self.decide)))
        if self.then:
            parts.append(self.then)
        return " · ".join(parts) or _("nobody yet")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What sets `name` in the address."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where a list would: `says` what is empty or what it is for, `first` what to do or whom to ask.

    `ways` are addresses with their text; `done`: nothing is here because all of it is done.
    """

    says: str
    first: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    done: bool = False


def plain(text: str) -> str:
    """Text that Streamlit's Markdown, in labels too, shows as it stands, line by line: no link, emphasis or formula."""
    # What looks like an address becomes a link even when it is escaped; a space of no width keeps it from that.
    text = text.replace("://", ":\u200b//").replace("www.", "www\u200b.").replace("@", "@\u200b")
    text = "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|~$:/@" else sign for sign in text)
    return text.replace("\n", "  \n")  # Markdown takes a line's end alone for a blank


def word(face: Face) -> str:
    """รับแล้ว, รอตรวจ, ตีกลับ, เกินกำหนด, ยังไม่ส่ง."""
    return words.face_word(face)


def state_word(state: str) -> str:
    """Of a state by which slots are chosen (`listing.SLOTS`)."""
    return _("Not accepted") if state == listing.OPEN else word(Face(state))


def badge(face: Face, text: str = "") -> Badge:
    """The mark of a face with its own word, or another."""
    return Badge(face.value, words.SIGNS[face], text or word(face))


def legend() -> tuple[Badge, ...]:
    """The five marks with their words."""
    return tuple(map(badge, (Face.accepted, Face.waiting, Face.returned, Face.overdue, Face.missing)))


def meanings(title: str, names: Mapping[T, str], says: Mapping[T, str], faces: Mapping[T, Face]) -> Meanings:
    """Of states that stand as badges: each with its word and its sentence, neither translated yet."""
    of = (Meaning(_(names[one]), _(meant), badge(faces[one], _(names[one]))) for one, meant in says.items())
    return Meanings(title, tuple(of))


def face_meanings() -> Meanings:
    """Of the legend."""
    of = tuple(Meaning(word(one), _(says), badge(one)) for one, says in words.FACE_MEANINGS.items())
    return Meanings(_("What the marks mean"), of, _(words.FACE_NOTE))


def stage_meanings() -> Meanings:
    """Of an item's stages, in their order."""
    of = tuple(Meaning(_(words.STAGES[one]), _(says)) for one, says in words.STAGE_MEANINGS.items())
    return Meanings(_("What the stages mean"), of, _("Each stage follows from the records; nobody types it in."))


def cells(standing: ItemStanding, day: date) -> tuple[Cell, ...]:
    """An item's cells on the board."""
    return tuple(map(_cell, headline.cells(standing, day)))


def _cell(one: headline.Cell) -> Cell:
    what = thai.period_text(one.period) if one.period else one.label
    says = f"{what}: {word(one.face)}" + (f" {one.accepted}/{one.slots}" if one.slots > 1 else "")
    return Cell(one.face.value, "" if one.ahead else words.SIGNS[one.face], says, one.ahead)


def whose_turn(standing: ItemStanding, slots: Sequence[SlotStanding], people: Mapping[int, PartyFacts]) -> Whose:
    """Whose turn it is with these slots of the item."""
    turn = turns.turn(standing.item, slots, sent_back=standing.sent_back)
    hand_in, decide = (tuple(people[officer].short for officer in ids) for ids in (turn.hand_in, turn.decide))
    says = not (hand_in or decide) or standing.sent_back
    return Whose(hand_in, decide, _then(standing, slots) if says else "")


def _then(standing: ItemStanding, slots: Sequence[SlotStanding]) -> str:
    """What is to be done with them once all are accepted; "" before."""
    if not slots or any(slot.state is not State.accepted for slot in slots):
        return ""
    waits = turns.then(standing)
    return _(THEN[waits]) if waits else "–"


def stage(standing: ItemStanding) -> str:
    """ครบถ้วน, อนุมัติแล้ว …; of what the commander sent back, that."""
    return words.stage_word(standing)


def bar(
    label: str, shares: Iterable[tuple[Face, float]], text: str, *, planned: float | None = None, address: str = ""
) -> Bar:
    """A bar of these shares of 1."""
    parts = tuple(Part(face.value, share * 100, word(face)) for face, share in shares)
    return Bar(label, text, parts, None if planned is None else planned * 100, address)


def work_bar(label: str, tally: Tally, text: str = "", *, address: str = "") -> Bar:
    """How far somebody's work is: what is accepted, what waits, what is overdue and theirs to do."""
    parts = [(Face.accepted, tally.accepted), (Face.waiting, tally.waiting), (Face.overdue, tally.overdue_open)]
    shares = [(face, count / tally.slots) for face, count in parts if tally.slots]
    return bar(label, shares, text or f"{tally.progress:.0%}", address=address)


def choice(name: str, options: Mapping[str, str], chosen: str) -> Choice:
    """Values with their texts; "" takes `name` out of the address."""
    return Choice(name, tuple(Option(value, text, value == chosen) for value, text in options.items()))


def more(number: int) -> str:
    """That a list goes on, and by how many."""
    return _("and {number} more").format(number=number)


def due_text(standing: ItemStanding) -> str:
    """The item's deadline; for those without one of their own, how often it is due."""
    if standing.item.due:
        return thai.date_text(standing.item.due)
    return _(words.CADENCES[standing.item.cadence])


def late_text(days: int) -> str:
    """ช้า 15 วัน."""
    return _("{days} days late").format(days=days)
