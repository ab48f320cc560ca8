"""What one should look at twice before the assessor does: for its sender, and for who decides on it."""

from collections.abc import Iterable
from datetime import date

from ita_core import thai
from ita_core.board.progress import ItemFacts, SlotKey
from ita_core.days import day_of
from ita_core.evidence import hints
from ita_core.evidence.noticed import Noticed
from ita_core.language import _
from ita_core.models import Decision
from ita_core.queries import EvidenceFacts
from pages.parts import evidence_card, marks
from pages.parts.frame import Frame

TWINS = 3  # places named where the same content was handed in


def doubts(here: Frame, noticed: Noticed, slots: Iterable[SlotKey], item: ItemFacts, day: date) -> list[str]:
    """What doesn't fit between what was noticed in a file and what it is to cover."""
    keys = list(slots)
    return hints.hints(
        noticed,
        periods=sorted({key.period for key in keys if key.period}),
        fiscal_year=here.assessment.fiscal_year,
        wants_date=hints.wants_date(one.title for one in item.requirements),
        handed_in_on=day,
        languages={key.language for key in keys},
    )


def twins(found: Iterable[EvidenceFacts]) -> list[str]:
    """Where the same content was handed in."""
    listed = list(found)
    left = listed[TWINS:]
    return [_twin(one) for one in listed[:TWINS]] + ([marks.more(len(left))] if left else [])


def _twin(one: EvidenceFacts) -> str:
    said = {"item": one.item_code, "file": evidence_card.name(one), "by": one.by, "day": thai.date_text(day_of(one.at))}
    if one.decision is Decision.returned:
        return _("Exactly this content was returned: {item} “{file}”, {by}, {day}.").format(**said)
    return _("Exactly this content is handed in already: {item} “{file}”, {by}, {day}.").format(**said)
