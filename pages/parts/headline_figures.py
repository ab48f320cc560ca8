"""The headline: one sentence, five figures, and what changed."""

from dataclasses import dataclass

from ita_core import access, db, queries, thai, words
from ita_core.board import headline, listing, workload
from ita_core.board.headline import Face, Figures, Pace, Since
from ita_core.board.progress import Board, until
from ita_core.language import _
from ita_core.queries import PlanHistory, Snapshot, Stands
from pages.parts import evidence_search, item_list, marks
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
    overdue_whose: str  # whom it counts
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
        _("Officers whose turn it is: who has to hand in, or to decide."),
        overdue_at,
    )  # fmt: skip


def cards(
    here: Frame, data: Snapshot, board: Board, now: Figures, before: Figures, earlier: Earlier
) -> list[Card]:  # fmt: skip
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
             evidence_search.address(Stands.waiting, item=listing.OIT), pieces_and_slots() if now.waiting else ""),
        Card(_("Waiting for the commander"), "waiting", _("{items} items").format(items=len(now.to_approve)),
             " · ".join(now.to_approve) or _("nothing waits"), at("approve")),
        _expected(here, data, board) or Card(_("All accepted, at the pace of four weeks"), "",
                                       *_when(here, headline.pace(board.oit, board.day)), at("open")),
    ]  # fmt: skip


def _expected(here: Frame, data: Snapshot, board: Board) -> Card | None:
    """What the office may expect to score, None where too little is known, and for whoever does not see every item."""
    if not access.sees_all(here.actor):
        return None
    with db.reading() as session:
        found = queries.get_forecast(session, data, board)
    if found is None:
        return None
    total = found.total
    when, window = _when(here, headline.pace(board.oit, board.day))
    paced = f"{_('All accepted, at the pace of four weeks')}: {when} · {window}"
    return Card(
        _("Expected result, by assumptions") if total.assumed else _("Announced result"), "",
        words.band_text(total.points), words.likely_level_text(total) if total.assumed else words.range_text(total),
        "/indicators",
        "\n".join([words.range_text(total), *words.forecast_lines(found), paced] if total.assumed
                  else [*words.forecast_lines(found), paced]),
    )  # fmt: skip


def pieces_and_slots() -> str:
    """Why pieces, the slots that they fill and the supervisors' numbers differ."""
    return _(
        "One piece may fill several slots, several pieces one slot, or a piece replace what is accepted. Where several "
        "supervisors may decide on it, it waits for each of them."
    )


def _when(here: Frame, pace: Pace) -> tuple[str, str]:
    """When everything will be accepted, and what is to be said of it: last year's result is what it is for."""
    if not pace.left:
        return _("All accepted"), _last_year(here)
    if pace.day is None:
        says = _("too little to tell: {accepted} slots in four weeks, {left} left")
        return "–", f"{says.format(accepted=pace.accepted, left=pace.left)} · {_last_year(here)}"
    days = (pace.day - here.assessment.closes).days
    window = (
        _("{days} days after the window closes").format(days=days) if days > 0
        else _("{days} days before the window closes").format(days=-days)
    )  # fmt: skip
    return thai.date_text(pace.day), f"{window} · {_last_year(here)}"


def _last_year(here: Frame) -> str:
    with db.reading() as session:
        last = queries.results_by_year(session, here.assessment.id, here.before).get(here.assessment.fiscal_year - 1)
    if last is None:
        return _("target {target:g}").format(target=here.assessment.target)
    return _("last year {result}").format(result=words.result_text(last))


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
