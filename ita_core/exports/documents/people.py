"""Who is responsible, as the office's measure writes it: the part underlined, the names below it."""

from collections.abc import Iterable

from ita_core.exports.documents.model import TABLE, Paragraph, Run
from ita_core.exports.documents.words import numbered
from ita_core.models import DutyKind
from ita_core.queries import Snapshot

CHECKS, MAKES = "ควบคุมและติดตามข้อมูล", "จัดทำข้อมูล"
CONTROLS = "ควบคุมการปฏิบัติ"  # what the measures for the service call it


def part(word: str, names: list[str]) -> list[Paragraph]:
    """A part and who has it; nothing where nobody has."""
    if not names:
        return []
    lead = Paragraph((Run("- "), Run(word, underline=True)), size=TABLE)
    return [lead, *(Paragraph((Run(name),), size=TABLE, indent=0.2, whole=True) for name in numbered(names))]


def of_item(snapshot: Snapshot, item_id: int, checks: str = CHECKS) -> list[Paragraph]:
    """Everybody with a duty on an item, as `part` writes each of `parts_of_item`."""
    return [
        paragraph for word, names in parts_of_item(snapshot, item_id, checks).items() for paragraph in part(word, names)
    ]


def parts_of_item(snapshot: Snapshot, item_id: int, checks: str = CHECKS) -> dict[str, list[str]]:
    """Each part and who has it, in the plan's order; one that the plan has a word for stands by itself."""
    parts: dict[str, list[str]] = {}
    for duty in snapshot.duties.get(item_id, ()):
        usual = checks if duty.kind is DutyKind.supervise else MAKES
        parts.setdefault(duty.task or usual, []).append(snapshot.people[duty.party_id].full)
    return parts


def of_step(supervisors: Iterable[str], preparers: Iterable[str]) -> list[Paragraph]:
    """Everybody with a part in a step of the calendar."""
    return [*part(CHECKS, list(supervisors)), *part(MAKES, list(preparers))]
