"""Reads: functions of a session that return plain values and never commit; one file a subject.

Rights are asked here (`access.may_read`): what an account may not read, it does not get, and is told the same as of
what does not exist. The number of statements of each function does not grow with the rows.
"""

from ita_core.queries.accounts import AccountFacts, list_accounts, list_audit_entries
from ita_core.queries.actors import (
    get_actor,
    get_actor_on,
    get_item_people,
    has_duties,
)
from ita_core.queries.assessments import (
    AssessmentFacts,
    get_assessment,
    get_assessment_by_id,
    list_assessments,
    usual_year,
)
from ita_core.queries.calendar import YearEvents, list_calendar, list_events, whose
from ita_core.queries.campaigns import list_campaigns
from ita_core.queries.changes import ChangeFacts, Concern, list_changes
from ita_core.queries.clarifications import list_clarifications, list_disputes
from ita_core.queries.drafts import DraftFacts, find_draft
from ita_core.queries.evidence import (
    Event,
    EvidenceFacts,
    ItemDetail,
    find_same_content,
    get_evidence,
    get_item_detail,
    is_others,
    list_accepted,
    list_decided_lately,
    list_evidence,
    list_replaced,
    list_returns,
    list_review_queue,
    list_senders,
)
from ita_core.queries.evidence_list import (
    FILE_KINDS,
    Found,
    Order,
    Stands,
    Wanted,
    asked_evidence,
    find_evidence,
    list_pieces,
)
from ita_core.queries.examples import Example, Examples, get_examples
from ita_core.queries.forecasts import AssumedFacts, get_assumptions, get_forecast, list_forecasts, list_unknown
from ita_core.queries.framework import (
    IndicatorFacts,
    InstrumentFacts,
    list_indicators,
    list_instruments,
    list_levels,
)
from ita_core.queries.kept import current_snapshot, data_version
from ita_core.queries.lineage import Comparison, compare_years, year_before
from ita_core.queries.links import get_check, last_check_number, list_checks, list_links
from ita_core.queries.meetings import MeetingFacts, list_directives, list_meetings
from ita_core.queries.messages import MessageFacts, Question, list_messages, list_questions
from ita_core.queries.notices import CHANGES_SHOWN, list_notices, list_seen_notices
from ita_core.queries.parties import PartyFacts, PersonFacts, acting_for, list_persons
from ita_core.queries.plans import (
    DutyFacts,
    PlanFacts,
    PlanHistory,
    RevisionFacts,
    get_history,
    list_revisions,
)
from ita_core.queries.recounting import get_recount, list_recounted
from ita_core.queries.reminders import (
    ChannelTrouble,
    Reminder,
    Subject,
    Told,
    get_choice,
    list_last_told,
    list_reminders,
    list_subjects,
    list_told,
    list_troubles,
    list_unreachable,
)
from ita_core.queries.rounds import Decided, SentBackFacts, get_decided, key_of, list_send_backs
from ita_core.queries.scores import (
    ScoreFacts,
    ScoreFileFacts,
    find_score_file,
    list_estimates,
    list_item_points,
    list_scores,
    reports,
    results_by_year,
    what_scores_are_held_against,
)
from ita_core.queries.searching import EvidenceHit, Group, Hits, ItemHit, PartyHit, Sought, search
from ita_core.queries.snapshots import Snapshot, get_item_id, take_snapshot
from ita_core.queries.stakeholders import find_stakeholders
from ita_core.queries.steps import list_steps
from ita_core.queries.uploads import UploadFacts, count_waiting_uploads, find_upload, list_uploads
from ita_core.queries.visiting import get_visible, list_visible
from ita_core.queries.years import YearEventFacts, YearFacts, get_year, is_open, list_year_events, list_years
