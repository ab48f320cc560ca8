"""PURE: what is demanded: words and requirements of the framework's items and of the office's own measures.

What the office demands of an item of the framework stands beside it (`plan.items`, a Departure) and never in it; where
both say the same there is no departure.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ita_core.errors import NotFound
from ita_core.models import ItemKind
from ita_core.plan.content import Content
from ita_core.plan.editing.deadlines import own_days_that_are
from ita_core.plan.editing.duties import no_duties
from ita_core.plan.shape import free_key, new_lineage

Values = Mapping[str, Any]  # of a Requirement, as JSON

# What a kind's codes begin with where the plan has none of it yet, as in the plan of 2568.
_STEMS = {
    ItemKind.service: "1.", ItemKind.communication: "C", ItemKind.website: "W", ItemKind.supervision: "S",
    ItemKind.preparation: "P",
}  # fmt: skip


class Whose(Enum):
    """Whose word a requirement of an item is."""

    framework = "framework"
    changed = "changed"  # the framework's, in other words or numbers
    own = "own"  # the office's, not in the framework
    dropped = "dropped"  # the framework's, which the office does not demand


@dataclass(frozen=True, slots=True)
class Demand:
    """A requirement as it is demanded; a dropped one as the framework has it."""

    key: str
    values: dict[str, Any]
    whose: Whose


def titles_of(content: Content) -> dict[str, str]:
    """Every item and measure by its code, in their order, with the title that people read."""
    codes = (*content["framework"]["items"], *content["plan"]["measures"])
    return {code: words_of(content, code)[0] for code in codes}


def words_of(content: Content, code: str) -> tuple[str, str]:
    """Title and demand of an item or measure, the office's own where it has them.

    Raises NotFound.
    """
    item, departure = _item(content, code), content["plan"]["items"].get(code, {})
    return departure.get("title") or item["title"], departure.get("demand") or item["demand"]


def set_words(content: Content, code: str, *, title: str, demand: str) -> None:
    """Title and demand; of an item of the framework "" is the framework's own.

    Raises NotFound.
    """
    item, told = _item(content, code), {"title": title.strip(), "demand": demand.strip()}
    if code in content["plan"]["measures"]:
        item |= told
        return
    departure = _departure(content, code)
    departure |= {name: "" if text == item[name].strip() else text for name, text in told.items()}
    _settle(content, code)


def demands_of(content: Content, code: str) -> list[Demand]:
    """The requirements of an item or measure in their order, those that the office has dropped in their place.

    Raises NotFound.
    """
    item = _item(content, code)
    if code in content["plan"]["measures"]:
        return [Demand(key, values, Whose.own) for key, values in item["requirements"].items()]
    own = content["plan"]["items"].get(code, {}).get("requirements", {})
    found = []
    for key, values in item["requirements"].items():
        whose = Whose.framework if key not in own else Whose.dropped if own[key] is None else Whose.changed
        found.append(Demand(key, own.get(key) or values, whose))
    added = [(key, values) for key, values in own.items() if key not in item["requirements"] and values is not None]
    return found + [Demand(key, values, Whose.own) for key, values in added]


def set_requirement(content: Content, code: str, key: str, values: Values) -> None:
    """Let a requirement be so; one that was dropped is demanded again.

    Raises NotFound, PlanFaults.
    """
    if key not in {one.key for one in demands_of(content, code)}:
        raise NotFound
    _put(content, code, key, dict(values))


def add_requirement(content: Content, code: str, values: Values, *, ever: Collection[str] = ()) -> str:
    """One more requirement; gives its key. `ever`: keys that work may hang on from an earlier revision, not to be used.

    Raises NotFound, PlanFaults.
    """
    taken = {*_item(content, code)["requirements"], *content["plan"]["items"].get(code, {}).get("requirements", {})}
    key = free_key("own", taken | set(ever))
    _put(content, code, key, dict(values))
    return key


def take_out_requirement(content: Content, code: str, key: str) -> None:
    """Demand it no more; what was handed in for it stays, and counts again where it comes back.

    Raises NotFound, and PlanFaults where nothing would be demanded.
    """
    if key not in {one.key for one in demands_of(content, code)}:
        raise NotFound
    _put(content, code, key, None)


def take_framework_back(content: Content, code: str, key: str | None = None) -> None:
    """Demand what the framework demands: of one requirement, or (None) of the item as a whole.

    Raises NotFound where the office does not depart from it.
    """
    departure = content["plan"]["items"].get(code)
    if departure is None or (key is not None and key not in departure["requirements"]):
        raise NotFound
    if key is None:
        del content["plan"]["items"][code]
    else:
        del departure["requirements"][key]
        _settle(content, code)
    own_days_that_are(content)


def add_measure(
    content: Content, *, kind: ItemKind, title: str, demand: str, instrument: str | None, first: Values,
    ever: Collection[str] = (),
) -> str:  # fmt: skip
    """One more measure of the office with its first requirement, nobody's yet, after the others of its kind; its code.

    The code is the next one of its kind (S3 after S2); `ever`: codes that work may hang on, not to be used.
    """
    measures: dict[str, Any] = content["plan"]["measures"]
    alike = [code for code, one in measures.items() if one["kind"] == kind.value]
    stem = re.sub(r"[0-9]+$", "", alike[-1]) if alike else _STEMS[kind]
    taken = {*measures, *content["framework"]["items"], *ever}
    numbers = [int(code.removeprefix(stem)) for code in taken if re.fullmatch(re.escape(stem) + "[0-9]+", code)]
    code = f"{stem}{max(numbers, default=0) + 1}"
    made = no_duties() | {
        "kind": kind.value, "instrument": instrument, "title": title, "demand": demand, "cadence": "continuous",
        "requirements": {"own-1": dict(first)}, "lineage": new_lineage(code, content["plan"]["fiscal_year"]),
    }  # fmt: skip
    listed = list(measures.items())
    place = list(measures).index(alike[-1]) + 1 if alike else len(listed)
    content["plan"]["measures"] = dict([*listed[:place], (code, made), *listed[place:]])
    return code


def take_out_measure(content: Content, code: str) -> None:
    """The plan names it no more; its work stays, and counts again where the measure comes back.

    Raises NotFound.
    """
    if content["plan"]["measures"].pop(code, None) is None:
        raise NotFound
    for duties in content["plan"]["steps"].values():
        if duties.get("shown_by", "").partition(" ")[2] == code:  # nothing shows that step any more
            del duties["shown_by"]
    own_days_that_are(content)


def _item(content: Content, code: str) -> dict[str, Any]:
    found = content["plan"]["measures"].get(code) or content["framework"]["items"].get(code)
    if found is None:
        raise NotFound
    item: dict[str, Any] = found
    return item


def _put(content: Content, code: str, key: str, values: dict[str, Any] | None) -> None:
    item = _item(content, code)
    if code in content["plan"]["measures"]:
        demanded = item["requirements"]
    else:
        demanded = _departure(content, code)["requirements"]
    is_framework_s = demanded is not item["requirements"] and key in item["requirements"]
    if (values is None and not is_framework_s) or (is_framework_s and values == item["requirements"][key]):
        demanded.pop(key, None)
    else:
        demanded[key] = values
    _settle(content, code)
    own_days_that_are(content)


def _departure(content: Content, code: str) -> dict[str, Any]:
    """What the office has of its own on an item, an empty one where it has nothing yet."""
    found: dict[str, Any] = content["plan"]["items"].setdefault(code, {"title": "", "demand": "", "requirements": {}})
    return found


def _settle(content: Content, code: str) -> None:
    """A departure that departs in nothing is none."""
    if not any(content["plan"]["items"].get(code, {"": True}).values()):
        del content["plan"]["items"][code]
