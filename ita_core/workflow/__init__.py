"""Writes: each function here is one use case, one audit entry, and one transaction of the caller's `db.writing()`.

Who acts is named by account id (`by`) and looked up here, so that a role that was just taken away no longer acts.
`at` is the moment of the record (aware, UTC). What is work or a decision is never edited or deleted: every act is a row
of its own.
"""

from ita_core.workflow.asking import EvidenceChanged, YearClosed, note_refused
from ita_core.workflow.campaigns import Falls, NoCampaign, count_responses, set_campaign
from ita_core.workflow.channels import (
    NeverDue,
    NoSuchHour,
    choose_channels,
    claim_reminder,
    note_interrupted,
    note_sending,
)
from ita_core.workflow.clarifications import (
    LONGEST_CLARIFICATION,
    ClarificationChanged,
    DueMissing,
    NotDisputed,
    NotProposed,
    clarify,
    decide_clarification,
    give_up_clarification,
    record_result,
)
from ita_core.workflow.decisions import (
    AddressesChanged,
    LinkBroken,
    approve,
    publish,
    record_filing,
    review,
    take_off,
)
from ita_core.workflow.directives import direct, report, settle
from ita_core.workflow.drafts import (
    DraftOfAnother,
    NotInTheFuture,
    OtherPlan,
    discard_draft,
    edit,
    leave,
    put_draft_in_force,
)
from ita_core.workflow.evidence import Content, Link, Nil, Received, submit, withdraw
from ita_core.workflow.exporting import may_take_whole, note_export
from ita_core.workflow.links import NotPublished, TooManyChecks, may_check, note_check
from ita_core.workflow.meetings import attend, end_meeting, open_meeting
from ita_core.workflow.messages import (
    MOST_AN_HOUR,
    MOST_OF_EVIDENCE,
    NothingWritten,
    ThreadFull,
    TooManyMessages,
    write_message,
)
from ita_core.workflow.notices import see_notices
from ita_core.workflow.offices import OfficeKnown, OnlyInOneOffice, start_office
from ita_core.workflow.parties import RankMissing, confirm_name, set_members
from ita_core.workflow.scores import (
    announce_scores,
    discard_score_file,
    estimate_score,
    keep_score_file,
    record_score_file,
    record_verdict,
    retract_report,
    retract_score,
)
from ita_core.workflow.sending_back import NobodySupervises, NotSentBack, answer_that_it_stands, send_back
from ita_core.workflow.stakeholders import (
    check_stakeholders,
    clear_stakeholders,
    delete_stakeholders,
    due_stakeholders,
    export_stakeholders,
    import_stakeholders,
    open_stakeholders,
)
from ita_core.workflow.steps import NotTicked, StepDone, StepMoved, tick_step, untick_step
from ita_core.workflow.undoing import ActedOn, TooLateToUndo, undo_approval, undo_review
from ita_core.workflow.uploads import (
    LEFT_DAYS,
    MOST_WAITING,
    check_hand_in,
    check_waiting,
    clear_left,
    discard,
    receive,
    tick,
    unnamed,
)
from ita_core.workflow.years import (
    NothingChanges,
    NotLater,
    PlanMoved,
    YearBegun,
    close_year,
    confirm_items,
    go_back,
    name_baseline,
    next_plan,
    put_in_force,
    reopen,
    start_year,
)
