"""PURE: who supervises and who prepares."""

from collections.abc import Sequence
from typing import Any

from ita_core.errors import NotFound
from ita_core.plan.content import Content
from ita_core.plan.following import NOBODY_YET
from ita_core.plan.plan import PARTS


def duties_at(content: Content, where: str) -> dict[str, Any]:
    """The duties of an item (O7), a measure (S1) or a step ("step 4").

    Raises NotFound.
    """
    plan = content["plan"]
    if where.startswith("step "):
        found = plan["steps"].get(where.removeprefix("step "))
    else:
        found = plan["measures"].get(where) or plan["duties"].get(where)
    if found is None:
        raise NotFound
    duties: dict[str, Any] = found
    return duties


def only_one(content: Content, where: str) -> bool:
    """Whether one and the same officer is all there is to prepare and to supervise: nobody reviews their own work.

    Posts and teams stand for their members (design, section 5). Raises NotFound.
    """
    duties = duties_at(content, where)
    supervise, prepare = (_acting(content, duties[kind]) for kind in PARTS)
    return bool(supervise and prepare) and len(supervise | prepare) == 1


def _acting(content: Content, hands: Sequence[dict[str, Any]]) -> set[str]:
    groups = content["plan"]["posts"] | content["plan"]["teams"]
    named = [groups[hand["who"]]["members"] if hand["who"] in groups else [hand["who"]] for hand in hands]
    return {who for members in named for who in members}


def set_duties(content: Content, where: str, supervise: Sequence[str], prepare: Sequence[str]) -> None:
    """Name who supervises and who prepares; who stays keeps the document's own word for their part.

    Raises NotFound.
    """
    duties = duties_at(content, where)
    for kind, keys in (("supervise", supervise), ("prepare", prepare)):
        tasks = {hand["who"]: hand["task"] for hand in duties[kind]}
        duties[kind] = [{"who": key, "task": tasks.get(key, "")} for key in dict.fromkeys(keys)]
    say_nobody(duties)


def no_duties() -> dict[str, Any]:
    """The duties of what is new: nobody's yet."""
    return {"supervise": [], "prepare": [], "nobody": NOBODY_YET}


def say_nobody(duties: dict[str, Any]) -> None:
    """A part without anybody says why; one that has somebody again says it no more."""
    if duties["supervise"] and duties["prepare"]:
        duties["nobody"] = ""
    else:
        duties["nobody"] = duties["nobody"] or NOBODY_YET
