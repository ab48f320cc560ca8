"""What changes of the plan mean to one officer."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from ita_core.access import Actor
from ita_core.plan.difference import Difference, differences, told_once
from ita_core.plan.touched import Touched, place_of
from ita_core.queries.plans import RevisionFacts, get_history
from ita_core.queries.remembered import remembered


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that differs; `gains` of a duty or a group: whether it is theirs since."""

    difference: Difference
    gains: bool
    title: str  # of the item, measure or step, or the name of the group; "" for none
    requirement: str  # what of the item, "" for all of it


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What of a revision concerns an officer, in the plan's order."""

    revision: RevisionFacts
    concerns: tuple[Concern, ...]


@remembered
def list_changes(session: Session, who: Actor, *, since: datetime | None, before: datetime | None) -> list[ChangeFacts]:
    """The revisions of a span (None: without an end) that concern the actor, the newest first.

    Nothing for whoever is no officer of the plan.

    Only what is theirs to know: their items, and what they got or lost of duties and groups (`Touched.concerns`).
    """
    if who.officer_id is None:
        return []
    history = get_history(session, who.assessment_id)
    party = history.known.get(who.officer_id)
    found: list[ChangeFacts] = []
    for old, new in zip(history.plans, history.plans[1:], strict=False):
        at = new.revision.at
        if party is None or (since is not None and at < since) or (before is not None and at >= before):
            continue
        parts = (old.framework, old.plan), (new.framework, new.plan)
        touched = Touched(*parts)
        concerns = tuple(
            Concern(one, touched.gains(one, party.key), touched.title(one), _requirement(one, touched))
            for one in told_once(differences(*parts))
            if touched.concerns(one, party.key)
        )
        if concerns:
            found.append(ChangeFacts(new.revision, concerns))
    return found[::-1]


def _requirement(one: Difference, touched: Touched) -> str:
    code, part = place_of(one)
    return touched.requirement(code, part.partition(".")[0]) if one.what == "requirement" else ""
