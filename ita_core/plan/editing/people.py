"""PURE: the officers of a plan: who comes, what they are called, who leaves."""

from collections.abc import Collection
from datetime import date
from typing import Any

from ita_core.errors import NotFound
from ita_core.plan.content import Content
from ita_core.plan.editing.duties import say_nobody
from ita_core.plan.plan import PARTS
from ita_core.plan.shape import free_key


def add_officer(content: Content, *, rank: str, name: str, title: str, ever: Collection[str] = ()) -> str:
    """Somebody new in the plan; gives the key that they are known by from now on, officer-2568-1.

    The year is in it, because a person is known by their key in every year of the office: nobody new in another year's
    plan may get it. `ever`: keys of those who were in an earlier revision: theirs is not given to another.
    """
    officers = content["plan"]["officers"]
    taken = {*officers, *content["plan"]["posts"], *content["plan"]["teams"], *ever}
    key = free_key(f"officer-{content['plan']['fiscal_year']}", taken)
    officers[key] = _officer(rank, name, title)
    return key


def bring_back(content: Content, key: str, *, rank: str, name: str, title: str) -> None:
    """Somebody of the office who was in a plan of it before, in this year or another, comes back under their key.

    Raises NotFound where the key is a post's or a team's now, or the officer is in the plan.
    """
    plan = content["plan"]
    if key in {*plan["officers"], *plan["posts"], *plan["teams"]}:
        raise NotFound
    plan["officers"][key] = _officer(rank, name, title)


def _officer(rank: str, name: str, title: str) -> dict[str, object]:
    return {"rank": rank, "name": name, "since": None, "title": title, "aliases": [], "confirm": False}


def correct_officer(
    content: Content, key: str, *, rank: str, name: str, title: str | None = None, since: date | None
) -> None:
    """Rank, name and title (None: as it is) of an officer from a day on; None: from the day that this is put in force.

    The spelling that no longer holds stays among the aliases. Raises NotFound.
    """
    officer = content["plan"]["officers"].get(key)
    if officer is None:
        raise NotFound
    rename(officer, name)
    officer |= {"rank": rank, "since": since.isoformat() if since else None}
    if title is not None:
        officer["title"] = title


def rename(party: dict[str, Any], name: str) -> None:
    """Call an officer, post or team so; the name before stays among the aliases: a paper with it is understood."""
    before = party["name"]
    if name != before:
        party["aliases"] = [*(alias for alias in party["aliases"] if alias not in {name, before}), before]
    party["name"] = name


def hand_over(content: Content, key: str, to: str) -> None:
    """Let an officer's duties and places in posts and teams be another's; the officer leaves the plan.

    `to` is the key of an officer, or "" for nobody: what is then without anybody says so. Raises NotFound.
    """
    plan = content["plan"]
    if key not in plan["officers"] or key == to or (to and to not in plan["officers"]):
        raise NotFound
    for duties in (*plan["duties"].values(), *plan["measures"].values(), *plan["steps"].values()):
        for kind in PARTS:
            hands = [hand | {"who": to} if hand["who"] == key else hand for hand in duties[kind]]
            duties[kind] = [
                hand for place, hand in enumerate(hands)
                if hand["who"] and hand["who"] not in {one["who"] for one in hands[:place]}
            ]  # fmt: skip
        say_nobody(duties)
    for group in (*plan["posts"].values(), *plan["teams"].values()):
        members = [to if member == key else member for member in group["members"]]
        group["members"] = [member for member in dict.fromkeys(members) if member]
    del plan["officers"][key]
