"""PURE: what people change in a plan, as changes of its values (`content_of`); `checked` says if it still is one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ita_core.errors import NotFound
from ita_core.plan.content import Content, checked
from ita_core.plan.following import NOBODY_YET
from ita_core.plan.plan import due_days
from ita_core.plan.shape import free_key

Days = Mapping[tuple[str, str], date]  # (item, month or "") → the day by which


def deadlines_of(content: Content) -> dict[tuple[str, str], date]:
    """Every deadline that can be moved by itself: of each item and month, "" for what has no month."""
    return due_days(*checked(content, "plan"))


def move_deadlines(content: Content, days: Days) -> None:
    """Let these be due on these days; what the plan's groups say already is no day of an item's own."""
    own: dict[str, dict[str, str]] = content["plan"]["deadlines"].setdefault("own", {})
    for code, period in days:
        own.get(code, {}).pop(period, None)
    for code in [code for code, left in own.items() if not left]:
        del own[code]
    usual = deadlines_of(content)
    for (code, period), day in days.items():
        if (code, period) not in usual:
            raise NotFound
        if usual[code, period] != day:
            own.setdefault(code, {})[period] = day.isoformat()


def move_all(content: Content, by: int, *, first: date) -> None:
    """Let everything that is due on or after a day be due so many days later, or earlier."""
    days = {place: due + timedelta(days=by) for place, due in deadlines_of(content).items() if due >= first}
    move_deadlines(content, days)


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


def set_duties(content: Content, where: str, supervise: Sequence[str], prepare: Sequence[str]) -> None:
    """Name who supervises and who prepares; who stays keeps the document's own word for their part.

    Raises NotFound.
    """
    duties = duties_at(content, where)
    for kind, keys in (("supervise", supervise), ("prepare", prepare)):
        tasks = {hand["who"]: hand["task"] for hand in duties[kind]}
        duties[kind] = [{"who": key, "task": tasks.get(key, "")} for key in dict.fromkeys(keys)]
    _say_nobody(duties)


def add_officer(content: Content, *, rank: str, name: str, title: str) -> str:
    """Somebody new in the plan; gives the key that they are known by from now on."""
    officers = content["plan"]["officers"]
    taken = {*officers, *content["plan"]["posts"], *content["plan"]["teams"]}
    key = free_key("officer", taken)
    officers[key] = {
        "rank": rank, "name": name, "since": None, "title": title, "aliases": [], "confirm": False,
    }  # fmt: skip
    return key


def correct_officer(
    content: Content, key: str, *, rank: str, name: str, title: str | None = None, since: date | None
) -> None:
    """Rank, name and title (None: as it is) of an officer from a day on; None: from the day that this is put in force.

    The spelling that no longer holds stays among the aliases. Raises NotFound.
    """
    officer = content["plan"]["officers"].get(key)
    if officer is None:
        raise NotFound
    before = officer["name"]
    if name != before:
        officer["aliases"] = [*(alias for alias in officer["aliases"] if alias not in {name, before}), before]
    officer |= {"rank": rank, "name": name, "since": since.isoformat() if since else None}
    if title is not None:
        officer["title"] = title


def hand_over(content: Content, key: str, to: str) -> None:
    """Let an officer's duties and places in posts and teams be another's; the officer leaves the plan.

    `to` is the key of an officer, or "" for nobody: what is then without anybody says so. Raises NotFound.
    """
    plan = content["plan"]
    if key not in plan["officers"] or key == to or (to and to not in plan["officers"]):
        raise NotFound
    for duties in (*plan["duties"].values(), *plan["measures"].values(), *plan["steps"].values()):
        for kind in ("supervise", "prepare"):
            hands = [hand | {"who": to} if hand["who"] == key else hand for hand in duties[kind]]
            duties[kind] = [
                hand for place, hand in enumerate(hands)
                if hand["who"] and hand["who"] not in {one["who"] for one in hands[:place]}
            ]  # fmt: skip
        _say_nobody(duties)
    for group in (*plan["posts"].values(), *plan["teams"].values()):
        members = [to if member == key else member for member in group["members"]]
        group["members"] = [member for member in dict.fromkeys(members) if member]
    del plan["officers"][key]


def _say_nobody(duties: dict[str, Any]) -> None:
    """A part without anybody says why; one that has somebody again says it no more."""
    if duties["supervise"] and duties["prepare"]:
        duties["nobody"] = ""
    else:
        duties["nobody"] = duties["nobody"] or NOBODY_YET
