"""The headline: one sentence, five figures, and what changed."""

from dataclasses import dataclass

from ita_core import access, db, queries, thai
from ita_core.board import headline, scoring, workload
from ita_core.board.headline import Face, Figures, Forecast, Since
from ita_core.board.progress import Board, until
from ita_core.language import _
from ita_core.queries import PlanHistory
from pages.parts import item_list, marks
from pages.parts.day_choice import Earlier
from pages.parts.frame import Frame
from pages.parts.marks import Badge


@dataclass(frozen=True, slots=True)
class Sentence:
    """ณ 15 มี.ค. 68 รับแล้ว 61% ช้ากว่าแผน 8 จุด · เกินกำหนด 7 ช่องใน 4 ข้อ ของ 3 นาย · เหลือ 46 วัน."""

    day: str
    accepted: str
    plan: str
    overdue: str  # "" where nothing is
    left: str
    overdue_at: str = ""  # where that is listed, "" where nothing is to be opened


@dataclass(frozen=True, slots=True)
class Card:
    """A figure, what is to be said of it, and where what it counts is listed; `why` is how it is counted."""

    name: str
    face: str  # colours the figure
    figure: str
    note: str
    address: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened since another day: of how many, and to which items; or with where to read of it."""

    badge: Badge | None
    text: str
    items: tuple[str, ...] = ()
    address: str = ""


def sentence(here: Frame, now: Figures, *, overdue_at: str = "") -> Sentence:
    """The whole in one sentence."""
    points = round((now.accepted - now.planned) * 100)
    plan = _("as planned")
    if points:
        plan = _("{points} points behind plan") if points < 0 else _("{points} points ahead of plan")
    overdue = _("{slots} slots overdue in {items} items of {officers} officers").format(
        slots=now.overdue_slots, items=now.overdue_items, officers=now.overdue_officers
    )
    left, closes = (here.assessment.closes - here.day).days, thai.date_text(here.assessment.closes)
    return Sentence(
        _("On {day}").format(day=thai.date_text(here.day)),
        f"{_('accepted')} {now.accepted * 100:.0f}%",
        plan.format(points=abs(points)),
        overdue if now.overdue_slots else "",
        _("{days} days until the OIT window closes").format(days=left) if left >= 0
        else _("the OIT window closed on {day}").format(day=closes),
        overdue_at,
    )  # fmt: skip


def cards(here: Frame, board: Board, now: Figures, before: Figures, earlier: Earlier) -> list[Card]:
    """The five figures, each with what changed since the day compared with."""
    since = _("since {day}").format(day=thai.date_text(earlier.day, year=False))
    slots, at = workload.totals(board.oit), item_list.address
    pieces = _("nothing waits")
    if now.waiting:
        oldest = _("the oldest for {days} days").format(days=now.waiting_days)
        pieces = f"{oldest} · " + _("in {slots} slots").format(slots=slots.waiting)
    change = _change(round((now.accepted - before.accepted) * 100), _("points"), since)
    return [
        Card(_("Accepted against planned"), "", f"{now.accepted:.0%} / {now.planned:.0%}",
             f"{change} · " + _("by slots {share:.0%}").format(share=slots.progress), at(),
             _("{mean:.0%} is the mean of the items, each counting alike; of all slots, each counting alike, "
               "{accepted} of {slots} are accepted: {share:.0%}.").format(
                 mean=now.accepted, accepted=slots.accepted, slots=slots.slots, share=slots.progress)),
        Card(_("Overdue"), "overdue", _("{slots} slots").format(slots=now.overdue_slots),
             _change(now.overdue_slots - before.overdue_slots, "", since), at(Face.overdue.value)),
        Card(_("Waiting for review"), "waiting", _("{pieces} pieces").format(pieces=now.waiting), pieces,
             at(Face.waiting.value), pieces_and_slots() if now.waiting else ""),
        Card(_("Waiting for the commander"), "waiting", _("{items} items").format(items=len(now.to_approve)),
             " · ".join(now.to_approve) or _("nothing waits"), at("approve")),
        Card(_("All accepted, at the pace of four weeks"), "",
             *_when(here, headline.forecast(board.oit, board.day)), at("open")),
    ]  # fmt: skip


def pieces_and_slots() -> str:
    """Why pieces, the slots that they fill and the supervisors' numbers differ."""
    return _("One piece may fill several slots. Where several supervisors may decide on it, it waits for each of them.")


def _when(here: Frame, forecast: Forecast) -> tuple[str, str]:
    """When everything will be accepted, and what is to be said of it: last year's result is what it is for."""
    if not forecast.left:
        return _("All accepted"), _last_year(here)
    if forecast.day is None:
        says = _("too little to tell: {accepted} slots in four weeks, {left} left")
        return "–", f"{says.format(accepted=forecast.accepted, left=forecast.left)} · {_last_year(here)}"
    days = (forecast.day - here.assessment.closes).days
    window = (
        _("{days} days after the window closes").format(days=days) if days > 0
        else _("{days} days before the window closes").format(days=-days)
    )  # fmt: skip
    return thai.date_text(forecast.day), f"{window} · {_last_year(here)}"


def _last_year(here: Frame) -> str:
    with db.reading() as session:
        scores = queries.scores_by_year(session, here.assessment.id).get(here.assessment.fiscal_year - 1, {})
        rules = [scoring.LevelRule(*rule) for rule in queries.list_levels(session, here.assessment.id)]
    points = {code: value for code, value in scores.items() if code}
    if not scores or not rules:
        return _("target {target:g}").format(target=here.assessment.target)
    lacking = " · ".join(f"{code} {points[code]:.2f}" for code in scoring.below(points, here.assessment.target))
    reached = scoring.level(scores[""], points, rules).title
    last = _("last year {points:.2f}/{target:g} {level}").format(
        points=scores[""], target=here.assessment.target, level=reached
    )
    return f"{last} ({lacking})" if lacking else last


def _change(difference: int, unit: str, since: str) -> str:
    sign = "▲" if difference > 0 else "▼" if difference < 0 else "="
    return " ".join(part for part in (sign, str(abs(difference)), unit, since) if part)


def changes(since: Since) -> list[Change]:
    """What happened since then: how many slots, and of which items."""
    found = [
        Change(marks.badge(face, title), _("{slots} slots").format(slots=sum(slots.values())), tuple(slots))
        for face, title, slots in (
            (Face.accepted, _("accepted"), since.accepted),
            (Face.returned, _("came back"), since.returned),
            (Face.overdue, _("went overdue"), since.overdue),
        )
        if slots
    ]
    return found + ([Change(None, _("approved"), tuple(since.approved))] if since.approved else [])


def plan_changes(here: Frame, history: PlanHistory, before: Earlier) -> list[Change]:
    """The revisions put in force since then, for whoever sees everything."""
    since = before.moment or until(before.day, here.assessment.ends)
    found = [
        one.revision for one in history.plans[1:]
        if since and one.revision.at >= since and (here.before is None or one.revision.at < here.before)
    ]  # fmt: skip
    if not found or not access.sees_all(here.actor):
        return []
    last = found[-1]
    text = _("the plan: revision {number}").format(number=last.number)
    if last.note:
        text = f"{text} ({last.note})"
    if len(found) > 1:
        text = _("the plan: {number} revisions").format(number=len(found))
    return [Change(None, text, address=f"/plan?revision={last.number}" if access.may_plan(here.actor) else "")]
