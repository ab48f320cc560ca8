"""Who may do what, said a second time: from design.md section 5, without asking `access.py`.

What the design leaves open was taken from the docstrings of `access.py`; such a line is marked "access".
"""

from collections.abc import Callable
from dataclasses import dataclass

from ita_core.models import Role

ADMIN, COMMANDER, OFFICER, VIEWER = Role.admin, Role.commander, Role.officer, Role.viewer


@dataclass(frozen=True)
class Case:
    """What the rules ask of whoever acts, and of what they act on."""

    role: Role
    prepares: bool = False  # the item, themselves or as a member of a team
    supervises: bool = False
    keeps_itap: bool = False
    own: bool = False  # they handed in the evidence themselves
    given: bool = False  # the directive was given to them
    everywhere: bool = False  # they have such a role in every office there is


Rule = Callable[[Case], bool]

RULES: dict[str, Rule] = {
    # "commander (sees all …), viewer (sees all …)"; access: the administrator too, and whoever keeps ITAP every item
    "see every item": lambda c: c.role in {ADMIN, COMMANDER, VIEWER} or c.keeps_itap,
    # "officer (what their duties give them)"
    "read an item": lambda c: c.role in {ADMIN, COMMANDER, VIEWER} or c.keeps_itap or c.prepares or c.supervises,
    # issue 11, 5: last year's accepted evidence stands beside this year's requirement; access: for who reads that
    "see an example": lambda c: c.role in {ADMIN, COMMANDER, VIEWER} or c.keeps_itap or c.prepares or c.supervises,
    # "its preparers hand in and withdraw"; "viewer (sees all, changes nothing)"
    "hand in": lambda c: c.prepares and c.role is not VIEWER,
    # the same; access: only what they handed in themselves
    "withdraw": lambda c: c.prepares and c.own and c.role is not VIEWER,
    # "its supervisors review; nobody reviews … what they handed in themselves, whatever their role"
    "review": lambda c: c.supervises and not c.own and c.role is not VIEWER,
    # issue 12, 10: officer and supervisor ask and answer; access: the commander too; a viewer only reads
    "write a message": lambda c: c.role is not VIEWER and (c.role is COMMANDER or c.prepares or c.supervises),
    # "commander (… approves …)", "nobody … approves what they handed in themselves"
    "approve": lambda c: c.role is COMMANDER and not c.own,
    # issue 12, 7: who decided undoes it, and only where they may decide; `own`: they made the decision
    "undo a review": lambda c: c.supervises and c.own and c.role is not VIEWER,
    "undo an approval": lambda c: c.role is COMMANDER and c.own,
    # the same: "the commander can send an item back with a reason to its supervisor"; access: who answers it,
    # and nobody of what they handed in themselves (design, section 5)
    "send back": lambda c: c.role is COMMANDER,
    "answer a send back": lambda c: c.supervises and not c.own and c.role is not VIEWER,
    # "the administrator of ITAP (an officer with that task) publishes and files"; access: whatever the role but viewer
    "publish and file": lambda c: c.keeps_itap and c.role is not VIEWER,
    # issue 14: supervisors, the commander and whoever keeps ITAP; "viewer (sees all, changes nothing)"
    "keep campaigns": lambda c: c.role is not VIEWER and (c.role is COMMANDER or c.keeps_itap or c.supervises),
    # issue 14: whoever leads the step (for a post or team too), and the commander; "viewer (… changes nothing)"
    "tick a step": lambda c: c.role is not VIEWER and (c.role is COMMANDER or c.given),
    # issue 14: the assessor's points are typed in by who keeps ITAP, and by who may plan, as other scores are
    "record a verdict": lambda c: c.role in {ADMIN, COMMANDER} or (c.keeps_itap and c.role is not VIEWER),
    # issue 14: who keeps ITAP, or a supervisor of the item, writes; "nobody approves what they … themselves"
    "clarify": lambda c: c.role is not VIEWER and (c.keeps_itap or c.supervises),
    "decide on a clarification": lambda c: c.role is COMMANDER and not c.own,
    # issue 14: "kept from everyone who needn't see it": the commander, and who keeps ITAP, into which it goes
    "keep stakeholders": lambda c: c.role is not VIEWER and (c.role is COMMANDER or c.keeps_itap),
    # "commander (… directs)"; access: meetings and settling too
    "direct": lambda c: c.role is COMMANDER,
    # access: what was ordered of others is read by who sees all by their role; keeping ITAP is no reason
    "read a directive": lambda c: c.role in {ADMIN, COMMANDER, VIEWER} or c.given,
    # access: whoever it was given to, viewers excepted
    "report": lambda c: c.given and c.role is not VIEWER,
    # "admin (people, plans, settings)"
    "administer": lambda c: c.role is ADMIN,
    # the same; "commander (… puts plans in force)"
    "plan": lambda c: c.role in {ADMIN, COMMANDER},
    # access: a year is closed, and opened again, by the commander
    "close a year": lambda c: c.role is COMMANDER,
    # access: it names everybody's acts, in all offices
    "export the audit": lambda c: c.role in {ADMIN, COMMANDER} and c.everywhere,
    # pages: meetings kept are shown to who sees all, whoever keeps ITAP among them
    "see meetings": lambda c: c.role in {ADMIN, COMMANDER, VIEWER} or c.keeps_itap,
    # one's own account, sign-ins and files on their way are one's own, whatever the role
    "one's own": lambda c: c.own,
    # whatever is of an office in which one has no role: "as if it did not exist"
    "another office's": lambda _c: False,
}

# Each rule of access.py and the one it has to agree with.
OF_ACCESS = {
    "sees_all": "see every item",
    "may_read": "read an item",
    "may_see_example": "see an example",
    "may_hand_in": "hand in",
    "may_withdraw": "withdraw",
    "may_review": "review",
    "may_write_message": "write a message",
    "may_approve": "approve",
    "may_undo_review": "undo a review",
    "may_undo_approval": "undo an approval",
    "may_send_back": "send back",
    "may_answer_send_back": "answer a send back",
    "may_publish": "publish and file",
    "may_keep_campaigns": "keep campaigns",
    "may_tick_step": "tick a step",
    "may_record_verdict": "record a verdict",
    "may_clarify": "clarify",
    "may_decide_clarification": "decide on a clarification",
    "may_keep_stakeholders": "keep stakeholders",
    "may_direct": "direct",
    "reads_directives": "read a directive",  # of others: `given` is false
    "may_report": "report",
    "may_administer": "administer",
    "may_plan": "plan",
    "may_close": "close a year",
    "may_name_baseline": "close a year",
    "may_export_audit": "export the audit",
}

DOES, NOTHING = "does", "nothing"  # NOTHING: it is so already, a second click adds no record

# What whoever has the right meets in each state: DOES, NOTHING, or the name of the refusal.
EVIDENCE_STATES = {  # of an evidence that is to be reviewed or withdrawn
    "waiting": DOES,
    "beside an accepted one": DOES,
    "accepted": "AlreadyReviewed",
    "returned": "AlreadyReviewed",
    "replaced": "AlreadyReviewed",
    "withdrawn": "AlreadyWithdrawn",
}
APPROVE = {
    "not started": "NotComplete",
    "preparing": "NotComplete",
    "in review": "NotComplete",
    "complete": DOES,
    "approved": NOTHING,
    "lapsed": DOES,
    "published": NOTHING,
    "filed": NOTHING,
}
UNDO_APPROVAL = {"approved": DOES, "lapsed": DOES, "published": "ActedOn", "filed": "ActedOn"}
SEND_BACK = {state: "NotComplete" if outcome == "NotComplete" else DOES for state, outcome in APPROVE.items()}
PUBLISH = {state: DOES if state in {"approved", "published", "filed"} else "NotApproved" for state in APPROVE}
FILE = {state: DOES if state in {"published", "filed"} else "NotApproved" for state in APPROVE}
CHECK = {state: DOES if state in {"published", "filed"} else "NotPublished" for state in APPROVE}
REPORT = {"open": DOES, "reported": DOES, "done": "AlreadySettled", "cancelled": "AlreadySettled"}
SETTLE = {
    "done": REPORT,
    "cancelled": REPORT,
    "reopened": {"open": NOTHING, "reported": DOES, "done": DOES, "cancelled": DOES},
}
MEETING = {"going on": DOES, "over": "MeetingOver"}
CLOSED = "YearClosed"  # by whatever is written in a year that is closed, or on an item of it

# How somebody is refused who has no right: never by a state, which would tell what is there.
NO_RIGHT = {"NotFound", "NotYours", "NotYourItem", "OwnEvidence"}
