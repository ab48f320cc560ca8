"""PURE: the office itself: names, target, and its posts and teams."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

from ita_core.errors import NotFound, Refused
from ita_core.language import N_, _
from ita_core.plan.content import Content
from ita_core.plan.editing.people import rename
from ita_core.plan.places import duty_places
from ita_core.plan.plan import PARTS
from ita_core.plan.shape import free_key


class StillNamed(Refused):
    """`places` as `places_of` has them."""

    says = N_("“{name}” still has a part in {places}. Give that to somebody else under Duties first.")

    def __init__(self, name: str, places: Sequence[str]) -> None:
        super().__init__(name=name)
        self.places = tuple(places)

    def __str__(self) -> str:
        return _(self.says).format(places=duty_places(self.places), **self.facts)


def set_office(content: Content, *, name: str, short: str, website: str, target: float, about: str) -> None:
    """What the office is called, its website, how many points of 100 it wants, and what the plan says of it."""
    content["plan"]["office"] |= {"name": name, "short": short, "website": website}
    content["plan"] |= {"target": target, "about": about}


def add_group(
    content: Content, kind: Literal["posts", "teams"], *, name: str, title: str, ever: Collection[str] = ()
) -> str:
    """A new post or team without members; gives its key. `ever`: keys that work may hang on, not to be used."""
    plan = content["plan"]
    taken = {*plan["officers"], *plan["posts"], *plan["teams"], *ever}
    key = free_key(kind.removesuffix("s"), taken)
    plan[kind][key] = {"name": name, "title": title, "aliases": [], "members": []}
    return key


def correct_group(content: Content, key: str, *, name: str, title: str) -> None:
    """What a post or team is called; the earlier name stays among the aliases, so that a paper with it is understood.

    Raises NotFound.
    """
    group = _group(content, key)
    rename(group, name)
    group["title"] = title


def set_members(content: Content, key: str, officers: Sequence[str]) -> None:
    """Which officers act for a post or team.

    Raises NotFound, of an officer too.
    """
    if not content["plan"]["officers"].keys() >= set(officers):
        raise NotFound
    _group(content, key)["members"] = list(dict.fromkeys(officers))


def places_of(content: Content, key: str) -> list[str]:
    """Where a party has a duty: items (O7), measures (S1) and steps ("step 4")."""
    plan = content["plan"]
    everywhere = plan["duties"] | plan["measures"] | {f"step {number}": its for number, its in plan["steps"].items()}
    return [
        place for place, its in everywhere.items()
        if any(hand["who"] == key for kind in PARTS for hand in its[kind])
    ]  # fmt: skip


def take_out_group(content: Content, key: str) -> None:
    """The plan has this post or team no more; what it did stays in its name.

    Raises NotFound, StillNamed.
    """
    group = _group(content, key)
    if places := places_of(content, key):
        raise StillNamed(group["name"], places)
    for kind in ("posts", "teams"):
        content["plan"][kind].pop(key, None)


def _group(content: Content, key: str) -> dict[str, Any]:
    found = content["plan"]["posts"].get(key) or content["plan"]["teams"].get(key)
    if found is None:
        raise NotFound
    group: dict[str, Any] = found
    return group
