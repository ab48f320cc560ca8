"""The headline: one sentence, five figures, and what changed."""

from markupsafe import Markup

from ita_core import db, queries, thai
from ita_core.board import headline, scoring
from ita_core.board.headline import Face, Figures, Forecast, Since
from ita_core.board.progress import Board
from ita_core.language import _
from pages.parts import marks
from pages.parts.day_choice import Earlier
from pages.parts.frame import Frame


def sentence(here: Frame, now: Figures) -> Markup:
    """ณ 15 มี.ค. 68 รับแล้ว 61% ช้ากว่าแผน 8 จุด · เกินกำหนด 7 ช่องใน 4 ข้อ ของ 3 นาย · เหลือ 46 วัน."""
    points = round((now.accepted - now.planned) * 100)
    parts = [
        Markup('{} <span class="accepted">{} {:.0f}%</span> {}').format(
            _("On {day}").format(day=thai.date_text(here.day)),
            _("accepted"),
            now.accepted * 100,
            _("{points} points behind plan").format(points=-points) if points < 0
            else _("{points} points ahead of plan").format(points=points) if points > 0 else _("as planned"),
        )
    ]  # fmt: skip
    if now.overdue_slots:
        parts.append(Markup('<span class="overdue">{}</span>').format(
            _("{slots} slots overdue in {items} items of {officers} officers").format(
                slots=now.overdue_slots, items=now.overdue_items, officers=now.overdue_officers
            )
        ))  # fmt: skip
    left = (here.assessment.closes - here.day).days
    parts.append(Markup("{}").format(
        _("{days} days until the OIT window closes").format(days=left) if left >= 0
        else _("the OIT window closed on {day}").format(day=thai.date_text(here.assessment.closes))
    ))  # fmt: skip
    return Markup('<p class="ita-sentence" role="heading" aria-level="1">{}</p>').format(marks.joined(parts, " · "))


def cards(here: Frame, board: Board, now: Figures, before: Figures, earlier: Earlier) -> Markup:
    """The five figures, each with what changed since the day compared with."""
    since = _("since {day}").format(day=thai.date_text(earlier.day, year=False))
    figures = [
        (_("Accepted against planned"), "", f"{now.accepted:.0%} / {now.planned:.0%}",
         _change(round((now.accepted - before.accepted) * 100), _("points"), since)),
        (_("Overdue"), "overdue", _("{slots} slots").format(slots=now.overdue_slots),
         _change(now.overdue_slots - before.overdue_slots, "", since)),
        (_("Waiting for review"), "waiting", _("{pieces} pieces").format(pieces=now.waiting),
         _("the oldest for {days} days").format(days=now.waiting_days) if now.waiting else _("nothing waits")),
        (_("Waiting for the commander"), "waiting", _("{items} items").format(items=len(now.to_approve)),
         " · ".join(now.to_approve) or _("nothing waits")),
        (_("All accepted, at the pace of four weeks"), "", *_when(here, headline.forecast(board.oit, board.day))),
    ]  # fmt: skip
    card = Markup(
        '<div class="ita-card"><div class="name">{}</div><div class="figure {}">{}</div>'
        '<div class="note" title="{note}">{note}</div></div>'
    )
    drawn = (card.format(*figure, note=note) for *figure, note in figures)
    return Markup('<div class="ita-cards">{}</div>').format(marks.joined(drawn))


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


def changes(since: Since, name: str) -> Markup:
    """What happened since then, in one line: how many slots, and of which items."""
    parts = []
    for face, title, slots in (
        (Face.accepted, _("accepted"), since.accepted),
        (Face.returned, _("came back"), since.returned),
        (Face.overdue, _("went overdue"), since.overdue),
    ):
        if slots:
            items = marks.joined((marks.item_link(code) for code in slots), " ")
            count = _("{slots} slots").format(slots=sum(slots.values()))
            parts.append(Markup("{} {} <small>{}</small>").format(marks.badge(face, title), count, items))
    if since.approved:
        items = marks.joined((marks.item_link(code) for code in since.approved), " ")
        parts.append(Markup("{} <small>{}</small>").format(_("approved"), items))
    said = marks.joined(parts, " · ") if parts else Markup("{}").format(_("nothing has changed"))
    return Markup('<p class="ita-since"><b>{}</b> {}</p>').format(_("Since {name}:").format(name=name), said)
