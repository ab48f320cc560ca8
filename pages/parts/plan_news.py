"""What changed in the plan for one officer, as sentences in their work."""

from dataclasses import dataclass
from datetime import date

from ita_core import db, queries, thai
from ita_core.board.progress import until
from ita_core.language import N_, _
from ita_core.plan.difference import Difference
from ita_core.plan.touched import place_of
from ita_core.queries import ChangeFacts, Concern
from pages.parts import frame, marks
from pages.parts.frame import Frame
from pages.parts.plan_differences import VALUES, part_text, value_text

MOST = 8  # sentences of one revision

CHANGED = N_("what must be shown has changed")
DUTIES = {  # (part, whether they have it now)
    ("prepare", True): N_("you prepare this now"),
    ("prepare", False): N_("no longer yours to prepare"),
    ("supervise", True): N_("you supervise this now"),
    ("supervise", False): N_("no longer yours to supervise"),
    ("members", True): N_("you act for it now"),
    ("members", False): N_("you no longer act for it"),
}


@dataclass(frozen=True, slots=True)
class News:
    """One revision: its moment, who and on what order; what of it concerns one, each with the item to open, or ""."""

    head: str
    lines: tuple[tuple[str, str, str], ...]  # code or place, the item's code where it can be opened, sentence
    more: str


def listed(here: Frame) -> list[News]:
    """The revisions of the last days that concern the visitor, the newest first."""
    since = until(here.day - queries.CHANGES_SHOWN, here.assessment.ends)
    readable = {item.code for item in frame.visible(here).items}
    with db.reading() as session:
        found = queries.list_changes(session, here.actor, since=since, before=here.before)
    return [_news(one, readable) for one in found]


def _news(one: ChangeFacts, readable: set[str]) -> News:
    said: dict[tuple[str, str, bool], list[str]] = {}  # by place; days of one item's months together
    for concern in one.concerns:
        told = said.setdefault((*_place(concern, readable), concern.difference.what == "due"), [])
        if (sentence := _sentence(concern)) not in told:
            told.append(sentence)
    lines = [
        (place, item, _together(told) if is_due else " · ".join(told)) for (place, item, is_due), told in said.items()
    ]
    by = _("revision {number}").format(number=one.revision.number)
    head = [thai.moment_text(one.revision.at), by, one.revision.by, one.revision.note]
    more = marks.more(len(lines) - MOST) if len(lines) > MOST else ""
    return News(" · ".join(part for part in head if part), tuple(lines[:MOST]), more)


def _together(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]} · {marks.more(len(days) - 1)}"


def _place(one: Concern, readable: set[str]) -> tuple[str, str]:
    place, _part = place_of(one.difference)
    if one.difference.what == "group":
        return one.title, ""
    if place.startswith("step "):
        return _("Step {number}: {title}").format(number=place.removeprefix("step ").rstrip("-"), title=one.title), ""
    if one.difference.what == "person":
        return "", ""
    return f"{place} {one.title}".strip(), place if place in readable else ""


def _sentence(one: Concern) -> str:
    differs = one.difference
    _of, part = place_of(differs)
    if (part, one.gains) in DUTIES:
        return _(DUTIES[part, one.gains])
    match differs.what:
        case "due":
            month = f"{thai.period_text(part)}: " if part else ""
            return month + _moved(_("due {after} instead of {before}"), differs)
        case "step" if part == "starts":
            return _moved(_("begins {after} instead of {before}"), differs)
        case "step" if part == "ends":
            return _moved(_("ends {after} instead of {before}"), differs)
        case "requirement" if not differs.before and "." not in part:
            return _("“{title}” must be shown, too").format(title=differs.after)
        case "requirement" if not differs.after and "." not in part:
            return _("“{title}” need no longer be shown").format(title=differs.before)
        case "requirement" if (what := part.rpartition(".")[2]) in {*VALUES, "minimum"}:
            before, after = (value_text(what, value) or _("any") for value in (differs.before, differs.after))
            says = _("“{title}”: {what} {after} instead of {before}")
            return says.format(title=one.requirement, what=part_text(what), after=after, before=before)
        case "person" if not part:
            return _("your name in the plan: {name}").format(name=differs.after)
        case "person":
            return _("your entry in the plan has changed")
    return _(CHANGED)


def _moved(says: str, differs: Difference) -> str:
    before, after = (
        ", ".join(thai.date_text(date.fromisoformat(day)) for day in days.split(", ") if day)
        for days in (differs.before, differs.after)
    )
    return says.format(before=before, after=after)
