"""The words people read for the codes of the domain, once for screens, exports and sentences.

Each dictionary goes from an enumeration (or a code of the plan) to an English msgid; show it through `_`.
"""

import math
from collections.abc import Iterable
from datetime import date

from ita_core import thai
from ita_core.board import adding_up, clarifications
from ita_core.board.adding_up import Figures, Rise
from ita_core.board.campaigns import Pace, Standing, Terms
from ita_core.board.clarifications import Advice, Finding, What
from ita_core.board.directives import DirectiveState
from ita_core.board.forecast import Assumed, Basis, Forecast, Ground, Part, Points, Way
from ita_core.board.headline import Face
from ita_core.board.links import Fault
from ita_core.board.notices import Notice, NoticeKind
from ita_core.board.progress import ItemStanding, Slot, Stage, State
from ita_core.board.scoring import LevelRule, Result, Shortfall, Verdict
from ita_core.board.steps import StepStanding, StepState
from ita_core.board.timeline import RowKind, RowState
from ita_core.board.turns import Then
from ita_core.evidence import hints
from ita_core.evidence.noticed import Noticed
from ita_core.language import N_, _
from ita_core.models import (
    Cadence,
    Channel,
    ClarificationOutcome,
    Decision,
    DirectiveStep,
    EvidenceKind,
    ItemKind,
    LinkOutcome,
    Role,
    StakeholdersGone,
    StepSign,
    Survey,
)
from ita_core.plan import places
from ita_core.plan.plan import sign_of

STATES = {
    State.accepted: N_("Accepted"),
    State.waiting: N_("Waiting for review"),
    State.returned: N_("Returned"),
    State.missing: N_("Not handed in"),
}
SIGNS = {Face.accepted: "✓", Face.waiting: "◔", Face.returned: "↩", Face.overdue: "!", Face.missing: "○"}
OVERDUE = N_("Overdue")  # no state of its own: a slot in any state but accepted can be it (design, section 2)
WITHDRAWN = N_("Withdrawn")  # of an evidence only

NOTICES = {
    NoticeKind.returned: N_("Came back"),
    NoticeKind.sent_back: N_("Sent back by the commander"),
    NoticeKind.overdue: OVERDUE,
    NoticeKind.due_tomorrow: N_("Due tomorrow at the latest"),
    NoticeKind.ordered: N_("A directive for you"),
    NoticeKind.clarify_anew: N_("Clarification sent back to you"),
    NoticeKind.step: N_("Step past its last day"),
    NoticeKind.question: N_("A question for you to answer"),
    NoticeKind.clarify: N_("Clarification to approve"),
    NoticeKind.approve: N_("To approve"),
    NoticeKind.reported: N_("Directive reported as done"),
    NoticeKind.decide: N_("Evidence to review"),
    NoticeKind.lapsed: N_("Approval lapsed"),
    NoticeKind.broken_link: N_("Published address to look after"),
    NoticeKind.due_soon: N_("Due within seven days"),
    NoticeKind.plan: N_("The plan changed"),
}

CHANNELS = {Channel.mail: N_("E-mail"), Channel.line: N_("LINE")}
STAGES = places.STAGES

# What each of them means, in one sentence that must be true to how it is derived: faces by `headline.face`, stages by
# `progress._item_standing`, rows by `timeline.rows`, paces by `campaigns.standing`, faults by `links.fault`.
FACE_MEANINGS = {
    Face.accepted: N_("A supervisor accepted it; it stays so until a newer piece is accepted or it is returned later."),
    Face.waiting: N_("It was handed in and a supervisor has not decided yet, even where its day has passed."),
    Face.returned: N_("A supervisor returned it with a reason: mend it and hand it in anew."),
    Face.overdue: N_("Nothing is handed in, and the day it was due has passed."),
    Face.missing: N_("Nothing is handed in yet, and it is not due yet or has no day of its own."),
}
FACE_NOTE = N_(
    "A cell of several slots shows the most urgent of them. The number “overdue” counts every slot that is past its "
    "day and not accepted, also one that waits or came back."
)
STAGE_MEANINGS = {
    Stage.not_started: N_("Nothing of the item has been handed in."),
    Stage.preparing: N_("Something was handed in, but a slot is still empty or came back."),
    Stage.in_review: N_("Every slot has its evidence, and some of it waits for a supervisor."),
    Stage.complete: N_("Every slot is accepted: the commander’s turn to approve."),
    Stage.approved: N_("The commander approved exactly this evidence; where it changes, the approval lapses."),
    Stage.published: N_("After the approval its address on the office’s website was recorded."),
    Stage.filed: N_("After that it was recorded as entered in ITAP."),
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
THEN = {  # of items, each slot of which is accepted
    Then.look_again: N_("Sent back"),
    Then.approve: N_("To approve"),
    Then.publish: N_("To publish"),
    Then.file: N_("To enter in ITAP"),
}
EVENTS = {
    "handed_in": N_("Handed in"),
    "withdrawn": WITHDRAWN,
    "accepted": N_("Accepted"),
    "returned": N_("Returned"),
    "partly_returned": N_("Accepted, but some slots returned"),
    "acceptance_undone": N_("Acceptance undone"),
    "return_undone": N_("Return undone"),
    "approved": N_("Approved"),
    "approval_undone": N_("Approval undone"),
    "sent_back": N_("Sent back by the commander"),
    "stands": N_("Looked at again: it stands"),
    "published": N_("Published"),
    "unpublished": N_("Taken off the website"),
    "filed": N_("Filed in ITAP"),
}
CORRECTIONS = {
    "published": N_("Address of the publication corrected"),
    "filed": N_("Filing in ITAP corrected"),
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
    "score.read": N_("File of scores read, not yet recorded"),
    "score.discard": N_("File of scores put aside"),
    "score.announce": N_("Announced scores recorded"),
    "score.retract": N_("Announced score retracted"),
    "campaign.set": N_("Survey campaign recorded"),
    "campaign.count": N_("Responses to a survey recorded"),
    "step.tick": N_("Step of the calendar said to be done"),
    "step.untick": N_("Taken back that a step of the calendar is done"),
    "stakeholders.import": N_("List of stakeholders imported"),
    "stakeholders.open": N_("List of stakeholders opened"),
    "stakeholders.export": N_("List of stakeholders taken along"),
    "stakeholders.delete": N_("List of stakeholders deleted"),
    "score.estimate": N_("Score estimated"),
    "clarification.write": N_("Clarification written"),
    "clarification.decide": N_("Clarification approved or sent back"),
    "clarification.answer": N_("Answer to a clarification recorded"),
    "evidence.submit": N_("Evidence handed in"),
    "evidence.withdraw": N_("Evidence withdrawn"),
    "evidence.accepted": N_("Evidence accepted"),
    "evidence.returned": N_("Evidence returned"),
    "evidence.undo": N_("Decision on evidence undone"),
    "message.write": N_("Question or answer written"),
    "upload.receive": N_("File received"),
    "notice.see": N_("What concerns them was seen"),
    "upload.tick": N_("What a file covers was ticked"),
    "upload.discard": N_("File taken away before it was handed in"),
    "upload.clear": N_("Files cleared that nobody handed in"),
    "item.approve": N_("Item approved"),
    "item.undo": N_("Approval undone"),
    "item.send_back": N_("Item sent back to its supervisors"),
    "item.stands": N_("Answered that the item stands"),
    "item.publish": N_("Item published"),
    "item.withdraw": N_("Published address taken off the website"),
    "item.file": N_("Item filed in ITAP"),
    "link.check": N_("Published address checked"),
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
    "account.ask_reset": N_("Link for a forgotten password asked for"),
    "account.join": N_("Invitation used"),
    "account.pass_first_step": N_("Second step asked for"),
    "account.remove_factor": N_("Second step switched off"),
    "account.renew_recovery": N_("Recovery codes made anew"),
    "account.reset_password": N_("New password set by a link"),
    "account.send_reset": N_("Link for a forgotten password made"),
    "account.set_factor": N_("Second step set up"),
    "account.take_factor": N_("Second step taken away by the administrator"),
    "account.use_recovery": N_("Recovery code used"),
    "account.accept_password": N_("Password accepted"),
    "account.accept_code": N_("Code of the second step accepted"),
    "account.accept_provider": N_("The sign-in provider's word accepted"),
    "account.name_at_provider": N_("Name at the sign-in provider changed"),
    "account.change_password": N_("Password changed"),
    "account.change_role": N_("Role changed"),
    "account.set_language": N_("Language chosen"),
    "account.disable": N_("Account disabled"),
    "account.enable": N_("Account enabled"),
    "address.ask": N_("Code for an address asked for"),
    "address.prove": N_("Address proved"),
    "address.end": N_("Address used no more"),
    "channel.choose": N_("Chosen how to be told"),
    "reminder.send": N_("Told what concerns them"),
    "reminder.result": N_("What came of telling them"),
    "token.make_read": N_("Token for other programs made"),
    "token.end_read": N_("Token for other programs ended"),
    "token.make_calendar": N_("Calendar address made"),
    "token.end_calendar": N_("Calendar address ended"),
    "session.begin": N_("Signed in"),
    "session.end": N_("Signed out"),
    "session.end_all": N_("Signed out everywhere"),
    "office.demand_factor": N_("Second step demanded of a role, or no longer"),
    "session.fail": N_("Sign-in failed"),
    "session.fail_code": N_("Wrong code at the second step"),
    "export.take": N_("Exported, with people's names"),
    "access.refuse": N_("Asked for what is not theirs to see"),
    "session.refuse": N_("Somebody else's session refused"),
    "rows.seal": N_("Records sealed"),
}
SUBJECTS = {
    "account": N_("account {which}"), "assessment": N_("assessment {which}"), "directive": N_("directive {which}"),
    "answer": N_("answer to a clarification {which}"),
    "clarification": N_("clarification {which}"),
    "campaign": N_("survey campaign {which}"), "count": N_("responses {which}"),
    "check": N_("link check {which}"), "draft": N_("plan's draft {which}"), "evidence": N_("evidence {which}"),
    "export": N_("export {which}"), "door": N_("sign-in page ({which})"), "office": N_("office {which}"),
    "item": N_("item {which}"), "meeting": N_("meeting {which}"), "message": N_("message {which}"),
    "name": N_("user name (disguised) {which}"),
    "tick": N_("step of the calendar, record {which}"),
    "provider": N_("sign-in provider {which}"),
    "party": N_("party {which}"), "person": N_("person {which}"), "revision": N_("revision {which}"),
    "stakeholders": N_("list of stakeholders {which}"),
    "upload": N_("received file {which}"), "uploads": N_("received files {which}"),
}  # fmt: skip
STAKEHOLDERS_GONE = {
    StakeholdersGone.due: N_("its time was over"),
    StakeholdersGone.replaced: N_("another list took its place"),
    StakeholdersGone.by_hand: N_("deleted by hand"),
}
DIRECTIVE_STATES = {
    DirectiveState.open: N_("To do"),
    DirectiveState.reported: N_("Reported as done"),
    DirectiveState.done: N_("Done"),
    DirectiveState.cancelled: N_("Cancelled"),
}
DIRECTIVE_MEANINGS = {
    DirectiveState.open: N_("Nobody has reported it as done yet; past its day it is overdue."),
    DirectiveState.reported: N_("Somebody it was given to says that it is done: the commander’s turn to agree."),
    DirectiveState.done: N_("The commander agreed that it is done."),
    DirectiveState.cancelled: N_("The commander took it back, with a reason."),
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
ROW_MEANINGS = {
    RowState.overdue: N_(
        "A slot of the item is past its day and not accepted; the office’s step is past its last day and not done."
    ),
    RowState.running: N_(
        "Something of the item was handed in and nothing is overdue; a step or phase within its days."
    ),
    RowState.ahead: N_("Nothing of the item is handed in and nothing was due; a step or phase that has not begun."),
    RowState.over: N_("A phase, or a step that is nobody’s of the office, whose last day has passed."),
    RowState.complete: N_("Every slot of the item is accepted; the step is done."),
}
STEP_STATES = {
    StepState.overdue: OVERDUE,
    StepState.going_on: N_("Going on"),
    StepState.ahead: N_("Ahead"),
    StepState.over: N_("Over"),
    StepState.done: N_("Done"),
}
STEP_SIGNS = {
    StepSign.items_filed: N_("every disclosure item is entered in ITAP"),
    StepSign.iit_minimum: N_("as many have answered the IIT survey as ITAP wants"),
    StepSign.eit_minimum: N_("as many have answered the EIT survey as ITAP wants"),
    StepSign.evidence_of: N_("everything that {item} must show is accepted"),
    StepSign.meeting_held: N_("a meeting was held since the step began"),
    StepSign.scores_announced: N_("the year's announced total is on record"),
    StepSign.stakeholders_listed: N_("the list of external stakeholders is imported"),
}
ROW_KINDS = {
    RowKind.phase: N_("Phases"),
    RowKind.step: N_("Steps"),
    RowKind.item: N_("Disclosure items"),
    RowKind.measure: N_("The office's measures"),
}
LINK_OUTCOMES = {
    LinkOutcome.reached: N_("it opens"),
    LinkOutcome.refused: N_("the website answers with an error"),
    LinkOutcome.unknown_name: N_("there is no website of this name"),
    LinkOutcome.unreachable: N_("the website does not answer"),
    LinkOutcome.insecure: N_("browsers warn: the website's certificate is not valid"),
    LinkOutcome.slow: N_("the website takes too long"),
    LinkOutcome.too_large: N_("more is there than can be checked"),
    LinkOutcome.garbled: N_("the answer breaks off or makes no sense"),
    LinkOutcome.circling: N_("it redirects again and again"),
    LinkOutcome.inside: N_("it leads into the office's own network: not opened"),
    LinkOutcome.not_asked: N_("it leads to an address of another kind: not opened"),
}
ASSUMED = {  # of a forecast
    Assumed.worth: N_("what an item comes to from the stage that it is in"),
    Assumed.plain_mean: N_("that indicators are plain means of their items, and instruments of their indicators"),
    Assumed.as_before: N_("that an instrument comes out as it last did"),
    Assumed.estimate: N_("what the commander expects of an instrument"),
    Assumed.band: N_("how far it may be off"),
    Assumed.nothing_more: N_("that nothing more comes of what was not filed before the window closed"),
}
SURVEY_CODES = {Survey.iit: "IIT", Survey.eit_public: "EIT (1)", Survey.eit_external: "EIT (2)"}
SURVEYS = {
    Survey.iit: N_("IIT, those who work in the office"),
    Survey.eit_public: N_("EIT (1), those who come for a service"),
    Survey.eit_external: N_("EIT (2), external stakeholders"),
}
PACES = {
    Pace.ahead: N_("Ahead"),
    Pace.reached: N_("Minimum reached"),
    Pace.on_pace: N_("On pace"),
    Pace.behind: N_("Behind"),
    Pace.missed: N_("Closed below the minimum"),
    Pace.open: N_("Going on"),
    Pace.over: N_("Over"),
}
PACE_MEANINGS = {
    Pace.ahead: N_("The survey has not opened yet."),
    Pace.reached: N_("As many have answered as ITAP wants."),
    Pace.on_pace: N_("It is open, and as many have answered as an even way to the minimum wants by now."),
    Pace.behind: N_("It is open, and fewer have answered than an even way to the minimum wants by now."),
    Pace.missed: N_("It closed before as many had answered as ITAP wants."),
    Pace.open: N_("It is open; how many must answer is not recorded."),
    Pace.over: N_("It has closed; how many had to answer was never recorded."),
}
LOOK_AGAIN = N_("Look again")  # at what was accepted or published
NOT_CHECKED = N_("Not checked yet")  # of a published address
FAULTS = {
    Fault.broken: N_("Link does not open"),
    Fault.replaced: N_("No longer the accepted file"),
    Fault.changed: N_("Changed on the website"),
    Fault.ending: N_("Certificate ends soon"),
}
FAULT_MEANINGS = {
    Fault.broken: N_("The last check of a published address could not open it."),
    Fault.replaced: N_("The file at the address was the accepted one, byte for byte; now it is another."),
    Fault.changed: N_("A recent check found other words at the address than the one before."),
    Fault.ending: N_("The website’s certificate ends soon; browsers will then warn of it."),
}
LOOK_AGAIN_MEANS = N_("It is accepted or published, but an assessor could hold something against it.")
NOT_CHECKED_MEANS = N_("The address is recorded, and nobody has checked yet whether it opens.")
ANSWERS = {True: N_("Yes"), False: N_("No")}
CLARIFICATIONS = {
    clarifications.Standing.draft: N_("Draft"),
    clarifications.Standing.proposed: N_("Waits for the commander"),
    clarifications.Standing.returned: N_("Sent back"),
    clarifications.Standing.approved: N_("Approved: enter it in ITAP"),
    clarifications.Standing.answered: N_("Answered"),
}
CLARIFICATION_MEANINGS = {
    clarifications.Standing.draft: N_("It is being written, and nobody has proposed it yet."),
    clarifications.Standing.proposed: N_("The commander reads it, and approves it or sends it back."),
    clarifications.Standing.returned: N_("The commander sent it back with a reason: write it anew."),
    clarifications.Standing.approved: N_(
        "The commander approved it; whoever keeps ITAP enters it there by the last day."
    ),
    clarifications.Standing.answered: N_("The assessor’s answer is recorded: granted, granted in part, or not."),
}
OUTCOMES = {
    ClarificationOutcome.granted: N_("Granted as asked"),
    ClarificationOutcome.partly: N_("Granted in part"),
    ClarificationOutcome.refused: N_("Not granted"),
}
ADVICE = {
    Advice.unscored: N_("No points yet"),
    Advice.full: N_("Full points"),
    Advice.clarify: N_("Clarify it: it was there in time"),
    Advice.weigh: N_("It was there in time, but something speaks against it"),
    Advice.explained: N_("Our records say why"),
}
ADVICE_MEANINGS = {
    Advice.unscored: N_("The assessor’s points are not recorded yet."),
    Advice.full: N_("Nothing was lost: there is nothing to clarify."),
    Advice.clarify: N_("Points were lost, and nothing in our records explains it: the best to win back."),
    Advice.weigh: N_("It was published and entered in time, but something else was missing or late: read it first."),
    Advice.explained: N_("It was not published or not entered in time, so a clarification has little to rest on."),
}
_FINDINGS = {
    What.missing: N_("Not accepted when the window closed: {what}"),
    What.not_yet: N_("Not accepted yet: {what}"),
    What.late: N_("Handed in after it was due, the last on {day}: {what}"),
    What.not_approved: N_("The commander had not approved it"),
    What.approved_after: N_("Approved only on {day}, after the window closed ({name})"),
    What.not_published: N_("No address on the website was recorded"),
    What.published_after: N_("Published only on {day}, after the window closed ({name})"),
    What.not_filed: N_("Not recorded as entered in ITAP"),
    What.filed_after: N_("Entered in ITAP only on {day}, after the window closed ({name})"),
    What.answered_no: N_("Answered “no” in ITAP on {day} ({name})"),
    What.judged_moved: N_("The address in ITAP was changed on {day}, after the window closed: the one first given is "
                          "judged"),
    What.complete: N_("All of it accepted by {day}"),
    What.approved: N_("Approved on {day} by {name}"),
    What.published: N_("Published on {day} ({name})"),
    What.filed: N_("Entered in ITAP on {day} ({name})"),
}  # fmt: skip
_FOUND = {  # on one day; on several
    What.broken: (N_("The link did not open on {day}: {why} ({some} of {all} checks) {name}"),
                  N_("The link did not open from {day} to {until}: {why} ({some} of {all} checks) {name}")),
    What.opened: (N_("The link opened on {day} ({some} of {all} checks) {name}"),
                  N_("The link opened from {day} to {until} ({some} of {all} checks) {name}")),
    What.same: (N_("It was the accepted file, byte for byte, on {day} {name}"),
                N_("It was the accepted file, byte for byte, from {day} to {until} {name}")),
}  # fmt: skip


def face_word(face: Face) -> str:
    """รับแล้ว, รอตรวจ, ตีกลับ, เกินกำหนด, ยังไม่ส่ง."""
    return _(OVERDUE if face is Face.overdue else STATES[State[face.name]])


def level_meaning(level: LevelRule) -> str:
    """From which points on a level is reached, the best one first: รวมตั้งแต่ 95 และทุกเครื่องมือตั้งแต่ 95."""
    if level.each_min > 0:
        says = _("A total of {total:g} or more, and {each:g} or more in every instrument.")
        return says.format(total=level.total_min, each=level.each_min)
    if level.total_min > 0:
        return _("A total of {total:g} or more, whatever the instruments.").format(total=level.total_min)
    return _("Everything below that.")


def stage_word(standing: ItemStanding) -> str:
    """ครบถ้วน, อนุมัติแล้ว …; of what the commander sent back, that."""
    return _(THEN[Then.look_again] if standing.sent_back else STAGES[standing.stage])


def finding_text(one: Finding) -> str:
    """What the records say of an item, in a line: ลิงก์เปิดไม่ได้เมื่อ 3 พ.ค. 68."""
    day, until = thai.date_text(one.day), thai.date_text(one.until)
    if one.what in _FOUND:
        says = _FOUND[one.what][one.until != one.day]
        why = _(LINK_OUTCOMES[one.outcome]) if one.outcome else ""
        return _(says).format(day=day, until=until, why=why, some=one.times[0], all=one.times[1], name=one.name)
    places = [place for slot in one.slots if (place := slot_place(slot.slot))]
    what = one.slots[0].slot.requirement.title if one.slots else ""
    what = f"{what} ({', '.join(places)})" if places else what
    return _(_FINDINGS[one.what]).format(day=day, what=what, name=one.name)


def left_text(due: date, day: date) -> str:
    """How long there is: เหลือ 12 วัน, วันสุดท้าย, พ้นกำหนด 3 วัน."""
    left = clarifications.days_left(due, day)
    if left < 0:
        return _("{days} days past").format(days=-left)
    return _("{days} days left").format(days=left) if left else _("the last day")


def format_word(code: str) -> str:
    """PDF, Word, รูปภาพ …; a code that is not known is shown as it is."""
    return _(FORMATS.get(code, code))


def subject_text(subject: str) -> str:
    """What an entry of the audit was done to ("evidence 12"), in words: หลักฐาน 12; a kind not known, as it is kept."""
    kind, _space, which = subject.partition(" ")
    return _(SUBJECTS[kind]).format(which=which).strip() if kind in SUBJECTS else subject


def format_words(codes: Iterable[str]) -> str:
    """The formats named one after the other, each once."""
    return ", ".join(dict.fromkeys(map(format_word, codes)))


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


def shortfall_text(short: Shortfall, *, digits: int = adding_up.MOST_DIGITS) -> str:
    """IIT 93.45 ต่ำกว่า 95; cut, never up, to the digits of a guess: IIT 93 ต่ำกว่า 95."""
    return _("{what} {points} is below {needs:g}").format(
        what=short.code or _("total"), points=points_text(short.points, digits), needs=short.needs
    )


def points_text(points: float, digits: int) -> str:
    """Points cut to so many digits, never up: 93, 93.4."""
    return f"{adding_up.cut(points, digits):.{digits}f}"


def verdict_text(verdict: Verdict) -> str:
    """A level with its reason: ผ่านดี: IIT 93.45 ต่ำกว่า 95; the best one needs none."""
    why = " · ".join(map(shortfall_text, verdict.short))
    return f"{verdict.level.title}: {why}" if why else verdict.level.title


def shown_by_text(shown_by: str) -> str:
    """What the plan writes of it: ลงระบบ ITAP ครบทุกข้อแล้ว; "" where it is ticked by hand only."""
    found = sign_of(shown_by)
    return sign_text(*found) if found else ""


def sign_text(sign: StepSign, item: str = "") -> str:
    """What of the records shows a step done: ลงระบบ ITAP ครบทุกข้อแล้ว."""
    return _(STEP_SIGNS[sign]).format(item=item)


def done_text(standing: StepStanding) -> str:
    """Why a step is done: เพราะลงระบบ ITAP ครบทุกข้อแล้ว; by hand, who said so and when. "" where it is not."""
    if standing.sign is not None:
        return _("because {what}").format(what=sign_text(standing.sign, standing.step.item))
    tick = standing.by_hand
    if tick is None:
        return ""
    return _("recorded by {who}, {when}").format(who=tick.by, when=thai.moment_text(tick.at)) + (
        f": {tick.note}" if tick.note else ""
    )


def pace_text(standing: Standing, terms: Terms) -> str:
    """What a campaign's pace means: ต้องได้เพิ่มอีก 27 ราย ภายใน 30 มิ.ย. 68 (เหลือ 108 วัน); "" where its word says it.

    How many a day is said where that is more than one on most days: "one a day" of three in a hundred days is odd.
    """
    often = standing.missing is not None and standing.missing > standing.days
    says = {
        Pace.ahead: N_("People can answer from {opens} to {closes}."),
        Pace.on_pace: N_("{missing} more are needed until {closes} ({days} days left), at least {a_day} a day.")
        if often
        else N_("{missing} more are needed until {closes} ({days} days left)."),
        Pace.behind: N_(
            "{due} should be there by now. {missing} more are needed until {closes} ({days} days left), at least "
            "{a_day} a day."
        )
        if often
        else N_("{due} should be there by now. {missing} more are needed until {closes} ({days} days left)."),
        Pace.missed: N_("{missing} were still missing when it closed on {closes}."),
        Pace.open: N_("Until {closes} there are {days} days. How many are needed is not recorded yet: ITAP shows it."),
        Pace.over: N_("It closed on {closes}. How many were needed was not recorded."),
        Pace.reached: N_("As many as needed have answered. The last day is {closes}.")
        if standing.days
        else N_("As many as needed had answered when it closed on {closes}."),
    }[standing.pace]
    return _(says).format(
        opens=thai.date_text(terms.opens), closes=thai.date_text(terms.closes), days=standing.days,
        missing=standing.missing, a_day=standing.a_day, due=standing.due,
    )  # fmt: skip


def result_text(result: Result) -> str:
    """A year's result: 95.85 ผ่านดี: IIT 93.45 ต่ำกว่า 95; what is known of it where not all of it is."""
    if result.total is not None and result.verdict is not None:
        gives = f" ({gives_text(result.gives)})" if result.gives is not None else ""
        return f"{result.total:.2f}{gives} {verdict_text(result.verdict)}"
    parts = [f"{result.total:.2f}"] if result.total is not None else []
    parts += [f"{code} {points:.2f}" for code, points in result.points.items()]
    return " · ".join([*parts, _("the level is not known yet")])


def gives_text(gives: float) -> str:
    """What the instruments give, beside an announced total that is another: ตามน้ำหนักได้ 95.10."""
    return _("by the weights {points:.2f}").format(points=gives)


def basis_text(basis: Basis) -> str:
    """What an instrument's forecast rests on: ปี 2567 ได้ 93.45 คลาดเคลื่อน ±2; of several things, each."""
    if basis.ground in (Ground.announced, Ground.announced_total):
        return _("announced: {points:.2f}").format(points=basis.points)
    said = []
    if basis.indicators:
        listed = ", ".join(map(str, basis.indicators))
        said.append(_("announced of indicators {indicators}").format(indicators=listed))
    if basis.items:
        said.append(_("announced of items {items}").format(items=" ".join(basis.items)))
    if basis.stages:
        stages = ", ".join(f"{_(STAGES[stage])} {count}" for stage, count in basis.stages.items())
        said.append(_("of {items} items: {stages}").format(items=sum(basis.stages.values()), stages=stages))
    if basis.broken:
        says = _("the link of {items} does not open: counted as not published")
        said.append(says.format(items=" ".join(basis.broken)))
    if basis.estimated:
        says = _("the commander estimates {points:.2f}, give or take {band:g}")
        said.append(says.format(points=basis.points, band=basis.band))
    elif basis.year:
        said.append(
            _("{points:.2f} in fiscal year {year}, give or take {band:g}").format(
                points=basis.points, year=basis.year, band=basis.band
            )
        )
    return " · ".join(said)


def because_text(part: Part) -> str:
    """Why a part of a forecast is what it is: of the total what was announced of it, and the level with its reason."""
    if part.basis.ground is Ground.weighted:
        return level_text(part)
    if part.basis.ground is Ground.announced_total:  # its level may still rest on instruments that were not
        return f"{basis_text(part.basis)} · {level_text(part)}"
    return basis_text(part.basis)


def assumed_words(part: Part) -> list[str]:
    """What of a part of a forecast is assumed, empty where nothing is."""
    return [assumed_word(one) for one in part.assumed]


def assumed_word(one: Assumed) -> str:
    """คะแนนที่ข้อหนึ่งจะได้จากขั้นที่อยู่ …."""
    return _(ASSUMED[one])


def to_do_text(standing: ItemStanding, *, mend: bool, filing: bool) -> str:
    """What is left to do of an item, one after the other: ส่งอีก 4 ช่อง · ตรวจ 2 ช่อง · อนุมัติ · เผยแพร่ · ลงระบบ ITAP.

    `mend`: its address does not open; `filing`: it is to be filed, too.
    """
    tally, stage = standing.tally, list(Stage).index(standing.stage)
    parts = []
    if filing:
        if wanted := tally.missing + tally.returned:
            parts.append(_("hand in {slots} slots").format(slots=wanted))
        if tally.waiting:
            parts.append(_("review {slots} slots").format(slots=tally.waiting))
        for step, says in (
            (Stage.approved, _("approve")),
            (Stage.published, _("publish")),
            (Stage.filed, _("file in ITAP")),
        ):
            if stage < list(Stage).index(step):
                parts.append(says)
    return " · ".join([*parts, *([_("make its link open")] if mend else [])])


def way_text(way: Way) -> str:
    """What would bring points: O6 ลงระบบ ITAP (รออนุมัติ) +0.12; ผลสำรวจ IIT ต้องสูงขึ้น +1.55."""
    if not way.item or way.stage is None:
        says = _("the survey's result has to rise: {instrument} +{points:.2f}")
        return says.format(instrument=way.instrument, points=way.points)
    says = _("file {item}, now {stage}, {left} things to do: {instrument} +{points:.2f}")
    if way.mend:
        says = _("make the link of {item} open, now {stage}, {left} things to do: {instrument} +{points:.2f}")
    return says.format(
        item=way.item, stage=_(STAGES[way.stage]), left=way.left, instrument=way.instrument, points=way.points
    )


def band_text(points: Points) -> str:
    """84–98, or 96.08 where nothing is guessed: of guesses only whole points are told, the band never narrower."""
    if points.low == points.high:
        return f"{points.likely:.2f}"
    return f"{math.floor(points.low)}–{math.ceil(points.high)}"


def likely_text(points: Points) -> str:
    """น่าจะได้ 93: whole points, never up: what is likely to be short of a level must not look as if it were reached."""
    return _("likely {points}").format(points=math.floor(points.likely))


def likely_level_text(part: Part) -> str:
    """น่าจะได้ 93 ผ่านดี: with the level that those points have."""
    return f"{likely_text(part.points)} {part.verdict.level.title}"


def level_text(part: Part) -> str:
    """The level with its reason: ผ่านดี: IIT 93.45 ต่ำกว่า 95; of guesses ระหว่าง ผ่าน ถึง ผ่านดีเยี่ยม น่าจะ ผ่านดี: IIT 93 …."""
    if not part.assumed:
        return verdict_text(part.verdict)
    level = part.verdict.level.title
    if part.lowest != part.highest:
        says = _("between {lowest} and {highest}, likely {level}")
        level = says.format(lowest=part.lowest.title, highest=part.highest.title, level=level)
    why = " · ".join(shortfall_text(one, digits=0) for one in part.verdict.short)
    return f"{level}: {why}" if why else level


def range_text(part: Part) -> str:
    """The level where there is little room: ระหว่าง ผ่าน ถึง ผ่านดีเยี่ยม; where all guesses agree ผ่านดี · IIT ต่ำกว่า 95."""
    if part.lowest == part.highest:
        return below_text(part.verdict)
    return _("between {lowest} and {highest}").format(lowest=part.lowest.title, highest=part.highest.title)


def rise_text(rise: Rise, digits: int) -> str:
    """From what to what an instrument rises: OIT 91 → 95 (+4)."""
    before, after, gain = (f"{one:.{digits}f}" for one in (rise.before, rise.after, rise.gain))
    return f"{rise.instrument} {before} → {after} (+{gain})"


def ways_text(figures: Figures) -> str:
    """What leads up in short: OIT 91 → 95 (+4) ลงระบบ O2 O21 O1 · IIT 93 → 95 (+2) ผลสำรวจต้องสูงขึ้น."""
    parts = []
    for rise in figures.rises:
        acts = []
        for mend, says in ((True, _("make the links of {items} open")), (False, _("file {items}"))):
            if items := " ".join(way.item for way in rise.ways if way.item and way.mend is mend):
                acts.append(says.format(items=items))
        if any(not way.item for way in rise.ways):
            acts.append(_("the survey's result has to rise"))
        parts.append(f"{rise_text(rise, figures.digits)} {', '.join(acts)}")
    return " · ".join(parts)


def forecast_parts(forecast: Forecast) -> list[tuple[str, str]]:
    """A forecast explained, a heading with a text each: the level, what each instrument rests on, what nobody can
    change any more, and what of it is assumed.
    """
    total = forecast.total
    parts = [(_("Level"), because_text(total))]
    parts += [(f"{code} {band_text(part.points)}", because_text(part)) for code, part in forecast.instruments.items()]
    if forecast.fixed and total.assumed and total.verdict.next:
        says = _("What keeps {level} away and cannot be changed any more").format(level=total.verdict.next.title)
        parts.append((says, " · ".join(map(shortfall_text, forecast.fixed))))
    if assumed := assumed_words(total):
        parts.append((_("Assumed"), " · ".join(assumed)))
    return parts


def ways_head(forecast: Forecast) -> str:
    """What the ways lead to; "" where there are none."""
    better = forecast.total.verdict.next
    return _("To {level}, the cheapest first").format(level=better.title) if forecast.ways and better else ""


def forecast_lines(forecast: Forecast) -> list[str]:
    """A forecast explained in short, a line each, the ways in one."""
    lines = [f"{head}: {text}" for head, text in forecast_parts(forecast)]
    return [*lines, f"{ways_head(forecast)}: {ways_text(adding_up.figures(forecast))}"] if forecast.ways else lines


def below_text(verdict: Verdict) -> str:
    """A level with its reason where there is little room: ผ่านดี · IIT OIT ต่ำกว่า 95."""
    if verdict.next is None:
        return verdict.level.title
    codes = [one.code for one in verdict.short if one.code]
    says = _("{what} below {needs:g}").format(what=" ".join(codes) or _("total"), needs=verdict.short[0].needs)
    return f"{verdict.level.title} · {says}"


def notice_text(notice: Notice) -> str:
    """What a notice is about, in one line: the item's code and title, a directive's words, the revision of the plan."""
    if notice.kind is NoticeKind.plan:
        return notice.subject or _("revision {number}").format(number=notice.mark)
    return f"{notice.item} {notice.subject}".strip()
