"""The words people read for the codes of the domain, once for screens, exports and sentences.

Each dictionary goes from an enumeration (or a code of the plan) to an English msgid; show it through `_`.
"""

from ita_core import thai
from ita_core.language import N_, _
from ita_core.models import Cadence, DutyKind, EvidenceKind, ItemKind, PartyKind, Role
from ita_core.progress import Slot, Stage, State
from ita_core.workflow import DECISIONS, FORMATS

__all__ = [
    "ANSWERS",
    "CADENCES",
    "DECISIONS",
    "DUTIES",
    "EVENTS",
    "EVIDENCE_KINDS",
    "FORMATS",
    "KINDS",
    "LANGUAGES",
    "OVERDUE",
    "PARTIES",
    "ROLES",
    "STAGES",
    "STATES",
    "WITHDRAWN",
    "format_word",
    "language_word",
    "slot_label",
    "slot_place",
]

STATES = {
    State.accepted: N_("Accepted"),
    State.waiting: N_("Waiting for review"),
    State.returned: N_("Returned"),
    State.missing: N_("Not handed in"),
}
OVERDUE = N_("Overdue")  # no state of its own: a slot in any state but accepted can be it (design, section 2)
WITHDRAWN = N_("Withdrawn")  # of an evidence only

STAGES = {
    Stage.not_started: N_("Not started"),
    Stage.preparing: N_("In preparation"),
    Stage.in_review: N_("In review"),
    Stage.complete: N_("Complete"),
    Stage.approved: N_("Approved"),
    Stage.published: N_("Published"),
    Stage.filed: N_("Filed in ITAP"),
}

KINDS = {
    ItemKind.oit: N_("OIT disclosure"),
    ItemKind.service: N_("One-stop service"),
    ItemKind.communication: N_("Communication"),
    ItemKind.website: N_("Website"),
    ItemKind.supervision: N_("Supervision"),
    ItemKind.preparation: N_("Preparation"),
}

CADENCES = {
    Cadence.once: N_("Once"),
    Cadence.monthly: N_("Monthly"),
    Cadence.continuous: N_("Continuous"),
}

LANGUAGES = {"th": N_("Thai"), "en": N_("English"), "foreign": N_("Foreign language")}

ROLES = {
    Role.admin: N_("Administrator"),
    Role.commander: N_("Commander"),
    Role.officer: N_("Officer"),
    Role.viewer: N_("Viewer"),
}

PARTIES = {PartyKind.officer: N_("Officer"), PartyKind.post: N_("Post"), PartyKind.team: N_("Team")}
DUTIES = {DutyKind.supervise: N_("Supervises"), DutyKind.prepare: N_("Prepares")}
EVIDENCE_KINDS = {
    EvidenceKind.file: N_("File"),
    EvidenceKind.link: N_("Link"),
    EvidenceKind.nil: N_("Nothing to report"),
}
EVENTS = {
    "handed_in": N_("Handed in"),
    "withdrawn": WITHDRAWN,
    "accepted": N_("Accepted"),
    "returned": N_("Returned"),
    "approved": N_("Approved"),
    "published": N_("Published"),
    "filed": N_("Filed in ITAP"),
}
ANSWERS = {True: N_("Yes"), False: N_("No")}


def format_word(code: str) -> str:
    """PDF, Word, รูปภาพ …; a code that is not known is shown as it is."""
    return _(FORMATS.get(code, code))


def language_word(code: str) -> str:
    """ไทย, อังกฤษ …; a code that is not known is shown as it is."""
    return _(LANGUAGES.get(code, code))


def slot_place(slot: Slot) -> str:
    """Where in its requirement a slot stands: ต.ค. 67 · PDF; the number only where several of a kind are wanted."""
    key = slot.key
    parts = [
        thai.period_text(key.period) if key.period else "",
        format_word(key.format),
        language_word(key.language),
        f"{key.ordinal}/{slot.requirement.minimum}" if slot.requirement.minimum > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def slot_label(slot: Slot) -> str:
    """A slot in words: งานสืบสวนปราบปราม · ต.ค. 67 · PDF."""
    return " · ".join(part for part in (slot.requirement.title, slot_place(slot)) if part)
