"""The words people read for the codes of the domain, once for screens, exports and sentences.

Each dictionary goes from an enumeration (or a code of the plan) to an English msgid; show it through `_`.
"""

from ita_core import thai
from ita_core.board.directives import DirectiveState
from ita_core.board.progress import Slot, Stage, State
from ita_core.board.timeline import RowKind, RowState
from ita_core.evidence import hints
from ita_core.evidence.noticed import Noticed
from ita_core.language import N_, _
from ita_core.models import Cadence, Decision, DirectiveStep, EvidenceKind, ItemKind, Role

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

# The names that people know the formats by; translated where shown.
FORMATS = {
    "pdf": N_("PDF"),
    "word": N_("Word"),
    "excel": N_("Excel"),
    "slides": N_("PowerPoint"),
    "image": N_("Picture"),
    "video": N_("Video"),
}
DECISIONS = {Decision.accepted: N_("accepted"), Decision.returned: N_("returned")}

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
# What the audit records, by the code of the act.
DIFFERENCES = {
    "framework": N_("Framework"),
    "office": N_("Office"),
    "person": N_("Person"),
    "group": N_("Post or team"),
    "item": N_("Item"),
    "requirement": N_("Requirement"),
    "due": N_("Deadline"),
    "duty": N_("Duty"),
    "step": N_("Step"),
}
ACTIONS = {
    "plan.apply": N_("Plan applied"),
    "plan.edit": N_("Plan's draft changed"),
    "plan.baseline": N_("Baseline of the timeline named"),
    "plan.discard": N_("Plan's draft thrown away"),
    "person.leave": N_("Left the office"),
    "directive.hand_over": N_("Directive handed over"),
    "year.closed": N_("Fiscal year closed"),
    "year.reopened": N_("Opened again after the year was closed"),
    "evidence.submit": N_("Evidence handed in"),
    "evidence.withdraw": N_("Evidence withdrawn"),
    "evidence.accepted": N_("Evidence accepted"),
    "evidence.returned": N_("Evidence returned"),
    "message.write": N_("Question or answer written"),
    "upload.receive": N_("File received"),
    "upload.tick": N_("What a file covers was ticked"),
    "upload.discard": N_("File taken away before it was handed in"),
    "upload.clear": N_("Files cleared that nobody handed in"),
    "item.approve": N_("Item approved"),
    "item.publish": N_("Item published"),
    "item.file": N_("Item filed in ITAP"),
    "meeting.open": N_("Meeting opened"),
    "meeting.attend": N_("Attendance noted"),
    "meeting.end": N_("Meeting ended"),
    "directive.give": N_("Directive given"),
    "directive.reported": N_("Directive reported as carried out"),
    "directive.done": N_("Directive done"),
    "directive.cancelled": N_("Directive cancelled"),
    "directive.reopened": N_("Directive opened again"),
    "party.confirm": N_("Name confirmed"),
    "party.members": N_("Members changed"),
    "account.create": N_("Account made"),
    "account.invite": N_("Invitation made"),
    "account.join": N_("Invitation used"),
    "account.accept_password": N_("Password accepted"),
    "account.change_password": N_("Password changed"),
    "account.change_role": N_("Role changed"),
    "account.set_language": N_("Language chosen"),
    "account.disable": N_("Account disabled"),
    "account.enable": N_("Account enabled"),
    "session.begin": N_("Signed in"),
    "session.end": N_("Signed out"),
    "session.end_all": N_("Signed out everywhere"),
    "session.fail": N_("Sign-in failed"),
    "access.refuse": N_("Asked for what is not theirs to see"),
    "session.refuse": N_("Somebody else's session refused"),
    "rows.seal": N_("Records sealed"),
}
DIRECTIVE_STATES = {
    DirectiveState.open: N_("To do"),
    DirectiveState.reported: N_("Reported as done"),
    DirectiveState.done: N_("Done"),
    DirectiveState.cancelled: N_("Cancelled"),
}
DIRECTIVE_STEPS = {
    DirectiveStep.reported: N_("Reported as done"),
    DirectiveStep.done: N_("Done"),
    DirectiveStep.cancelled: N_("Cancelled"),
    DirectiveStep.reopened: N_("Opened again"),
}
ROW_STATES = {
    RowState.overdue: OVERDUE,
    RowState.running: N_("Going on"),
    RowState.ahead: N_("Ahead"),
    RowState.over: N_("Over"),
    RowState.complete: N_("Complete"),
}
ROW_KINDS = {
    RowKind.phase: N_("Phases"),
    RowKind.step: N_("Steps"),
    RowKind.item: N_("Disclosure items"),
    RowKind.measure: N_("The office's measures"),
}
ANSWERS = {True: N_("Yes"), False: N_("No")}


def format_word(code: str) -> str:
    """PDF, Word, รูปภาพ …; a code that is not known is shown as it is."""
    return _(FORMATS.get(code, code))


def language_word(code: str) -> str:
    """ไทย, อังกฤษ …; a code that is not known is shown as it is."""
    return _(LANGUAGES.get(code, code))


def noticed_words(noticed: Noticed) -> list[str]:
    """What was noticed in a file, in words: 3 หน้า, 2 แผ่นงาน, 1920×1080, 0:32, and when it says it was made."""
    counted = ((N_("{number} pages"), noticed.pages), (N_("{number} sheets"), noticed.sheets),
               (N_("{number} slides"), noticed.slides))  # fmt: skip
    said = [_(word).format(number=number) for word, number in counted if number]
    if noticed.width and noticed.height:
        said.append(f"{noticed.width}×{noticed.height}")
    if noticed.seconds is not None:
        said.append(f"{int(noticed.seconds) // 60}:{int(noticed.seconds) % 60:02}")
    if noticed.heic_sha256:
        said.append(_("made of a HEIC"))
    if made := hints.made_on(noticed):
        said.append(_("made on {day}").format(day=thai.date_text(made)))
    return said


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
