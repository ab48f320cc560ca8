"""The headline: one sentence and five figures."""

from datetime import timedelta

from markupsafe import Markup

from ita_core import db, queries, scoring, thai
from ita_core.language import _
from ita_core.overview import Figures
from pages import _marks
from pages._frame import Frame

SINCE = timedelta(days=14)  # what the figures are compared with


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
    left = (here.facts.closes - here.day).days
    parts.append(Markup("{}").format(
        _("{days} days until the OIT window closes").format(days=left) if left >= 0
        else _("the OIT window closed on {day}").format(day=thai.date_text(here.facts.closes))
    ))  # fmt: skip
    return Markup('<p class="ita-sentence" role="heading" aria-level="1">{}</p>').format(_marks.joined(parts, " · "))


def cards(here: Frame, now: Figures, before: Figures) -> Markup:
    """The five figures, each with what changed since two weeks ago."""
    since = _("since {day}").format(day=thai.date_text(here.day - SINCE, year=False))
    with db.reading() as session:
        scores = queries.scores(session, here.facts.id).get(here.facts.fiscal_year - 1, {})
        rules = [scoring.LevelRule(*rule) for rule in queries.levels(session, here.facts.id)]
    points = {code: value for code, value in scores.items() if code}
    last_year = scoring.level(scores[""], points, rules).title if scores and rules else ""
    lacking = " · ".join(f"{code} {points[code]:.2f}" for code in scoring.below(points, here.facts.target))
    figures = [
        (_("Accepted against planned"), "", f"{now.accepted:.0%} / {now.planned:.0%}",
         _change(round((now.accepted - before.accepted) * 100), _("points"), since)),
        (_("Overdue"), "overdue", _("{slots} slots").format(slots=now.overdue_slots),
         _change(now.overdue_slots - before.overdue_slots, "", since)),
        (_("Waiting for review"), "waiting", _("{pieces} pieces").format(pieces=now.waiting),
         _("the oldest for {days} days").format(days=now.waiting_days) if now.waiting else _("nothing waits")),
        (_("Waiting for the commander"), "waiting", _("{items} items").format(items=len(now.to_approve)),
         " · ".join(now.to_approve) or _("nothing waits")),
        (_("Last year against the target"), "",
         f"{scores.get('', 0):.2f} / {here.facts.target:g}" if scores else f"– / {here.facts.target:g}",
         _("{level}; below target: {which}").format(level=last_year, which=lacking) if lacking else last_year),
    ]  # fmt: skip
    card = Markup(
        '<div class="ita-card"><div class="name">{}</div><div class="figure {}">{}</div>'
        '<div class="note">{}</div></div>'
    )
    return Markup('<div class="ita-cards">{}</div>').format(_marks.joined(card.format(*figure) for figure in figures))


def _change(difference: int, unit: str, since: str) -> str:
    sign = "▲" if difference > 0 else "▼" if difference < 0 else "="
    return " ".join(part for part in (sign, str(abs(difference)), unit, since) if part)
