"""Evidence as pages show it: its name, what is known of it, and the way to open it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core import thai
from ita_core.board.headline import Face
from ita_core.board.progress import SlotKey
from ita_core.evidence.noticed import Noticed
from ita_core.language import _
from ita_core.models import Decision, EvidenceKind
from ita_core.queries import EvidenceFacts, Snapshot, UploadFacts
from ita_core.words import EVIDENCE_KINDS, WITHDRAWN, format_word, noticed_words, slot_place
from pages.parts import marks
from pages.parts.marks import Badge


@dataclass(frozen=True, slots=True)
class Card:
    """`file` is the address of our route, which asks for the right each time; `link` one of the web; "" for none."""

    badge: Badge
    name: str
    file: str
    link: str
    about: str
    covers: str
    back: str
    note: str
    returned_by: str
    reason: str


def name(one: EvidenceFacts) -> str:
    """The file's name, the link's address, or the kind of statement."""
    return one.file_name or one.url or _(EVIDENCE_KINDS[one.kind])


def kind(one: EvidenceFacts) -> str:
    """PDF, Word, ลิงก์ …"""
    return format_word(one.format) if one.format else _(EVIDENCE_KINDS[one.kind])


def card(one: EvidenceFacts, within: Snapshot | None = None) -> Card:
    """Everything that is known of it; the slots that it covers, and that came back of it, where the plan is given."""
    return Card(
        _state(one),
        name(one),
        f"/evidence/{one.id}" if one.kind is EvidenceKind.file else "",
        one.url if one.kind is EvidenceKind.link else "",
        " · ".join([one.by, thai.moment_text(one.at), *_what(one.format, one.size, one.noticed)]),
        *("; ".join(named(keys, within) if within else ()) for keys in (one.slots, one.returned)),
        one.note,
        one.reviewed_by,
        one.reason,
    )


def _state(one: EvidenceFacts) -> Badge:
    if one.withdrawn_at:
        return marks.badge(Face.missing, _(WITHDRAWN))
    if one.decision is None:
        return marks.badge(Face.waiting)
    if one.returned:
        return marks.badge(Face.returned, _("Accepted in part"))
    return marks.badge(Face.accepted if one.decision is Decision.accepted else Face.returned)


def received(one: UploadFacts) -> str:
    """When a file came that waits to be handed in, and what was noticed in it."""
    when = _("received {when}").format(when=thai.moment_text(one.at))
    return " · ".join([when, *_what(one.format, one.size, one.noticed)])


def _what(fmt: str, size: int, noticed: Noticed) -> list[str]:
    """Kind, size, and what the file says of itself."""
    return [format_word(fmt), large(size), *noticed_words(noticed)] if size else []


def large(size: int) -> str:
    """A number of bytes as people say it: 12 KB, 3.4 MB."""
    return f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


def named(keys: Sequence[SlotKey], snapshot: Snapshot) -> list[str]:
    """Slots in words, those of one month and format together: ก.พ. 68 · PDF: งานสืบสวนปราบปราม, …"""
    known = {slot.key: slot for item in snapshot.items for slot in item.slots}
    groups: dict[str, list[str]] = {}
    for key in keys:
        if key in known:
            groups.setdefault(slot_place(known[key]), []).append(known[key].requirement.title)
    return [f"{place}: {', '.join(titles)}" if place else ", ".join(titles) for place, titles in groups.items()]
