"""What a changed plan would count otherwise, of what has been handed in."""

from sqlmodel import Session, col

from ita_core import access
from ita_core.access import Actor
from ita_core.models import Evidence
from ita_core.plan import touched
from ita_core.queries.actors import item_people_by_id
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.evidence import EvidenceFacts, select_evidence
from ita_core.queries.kept import current_snapshot
from ita_core.queries.plans import PlanHistory


def get_recount(session: Session, assessment: AssessmentFacts, after: touched.Parts) -> touched.Recount:
    """Which evidence a plan in place of the one in force takes out of the count, and back into it."""
    snapshot = current_snapshot(session, assessment)
    now = snapshot.history.now
    standings = snapshot.board(assessment.ends).items
    return touched.recount(
        touched.demanded(now.framework, now.plan), touched.demanded(*after), standings, snapshot.records.hand_ins,
        _places(snapshot.history),
    )  # fmt: skip


def list_recounted(session: Session, who: Actor, recount: touched.Recount) -> list[EvidenceFacts]:
    """The pieces that would no longer count, of the items that the actor may read, oldest first."""
    persons = item_people_by_id(session, who.assessment_id)
    return [
        one for one in select_evidence(session, col(Evidence.id).in_(recount.all_lost))
        if one.item_id in persons and access.may_read(who, persons[one.item_id])
    ]  # fmt: skip


def _places(history: PlanHistory) -> dict[int, touched.Place]:
    """Where each requirement has its place, of all revisions."""
    return {
        requirement.id: (item.code, requirement.key)
        for plan in history.plans
        for item in plan.items
        for requirement in item.requirements
    }
