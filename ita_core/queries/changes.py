"""What changes of the plan mean to one officer."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from ita_core import access
from ita_core.access import Actor
from ita_core.plan.difference import Difference, differences, told_once
from ita_core.plan.plan import PARTS
from ita_core.plan.touched import Touched, place_of
from ita_core.queries.plans import RevisionFacts, get_history
from ita_core.queries.remembered import remembered

OF_ITEMS = {"item", "requirement", "due", "duty"}


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that differs; `gains` of a duty or a group: whether it is theirs since."""

    difference: Difference
    gains: bool
    title: str  # of the item, measure or step, or the name of the group; "" for none, and for what one may not read
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

    Only what is theirs to know: their items, and what they got or lost of duties and groups (`Touched.concerns`). Of an
    item that they may not read now, whatever it was then, no more than its code and that it went.
    """
    history = get_history(session, who.assessment_id)
    party = history.known.get(who.officer_id) if who.officer_id is not None else None
    if party is None:
        return []
    readable = {item.code for item in history.now.items if access.may_read(who, history.people_of[item.id])}
    found: list[ChangeFacts] = []
    for old, new in zip(history.plans, history.plans[1:], strict=False):
        at = new.revision.at
        if (since is not None and at < since) or (before is not None and at >= before):
            continue
        parts = (old.framework, old.plan), (new.framework, new.plan)
        touched = Touched(*parts)
        told = (_concern(one, touched, party.key, readable) for one in told_once(differences(*parts)))
        concerns = tuple(one for one in told if one is not None)
        if concerns:
            found.append(ChangeFacts(new.revision, concerns))
    return found[::-1]


def _concern(one: Difference, touched: Touched, key: str, readable: set[str]) -> Concern | None:
    if not touched.concerns(one, key):
        return None
    place, part = place_of(one)
    gains = touched.gains(one, key)
    if one.what in OF_ITEMS and place not in readable:
        gone = part in PARTS and not gains
        return Concern(replace(one, before="", after=""), gains, "", "") if gone else None
    requirement = touched.requirement(place, part.partition(".")[0]) if one.what == "requirement" else ""
    return Concern(one, gains, touched.title(one), requirement)
