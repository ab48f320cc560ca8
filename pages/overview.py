"""The overview: one sentence, five figures, the board, what needs you, and progress against the plan."""

from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from ita_core import charts, db, language, overview, progress, queries, scoring, thai, words
from ita_core.language import _
from ita_core.models import Role
from ita_core.overview import Face, Figures
from ita_core.progress import Board, ItemStanding
from ita_core.queries import Snapshot
from pages import _frame, _marks
from pages._frame import Frame

RISKS = 5
OFFICERS = 6
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


def table(data: Snapshot, items: list[ItemStanding], board: Board) -> Markup:
    """A row for each item: its cells, its people, its due date, its stage."""
    row = Markup(
        '<tr class="{}"><td class="code">{}</td><td class="title" title="{title}">{}</td><td>{}</td>'
        '<td class="number">{}/{}</td><td class="people" title="{people}">{people}</td>'
        '<td class="soft due">{}</td><td class="soft">{}</td></tr>'
    )
    rows = [
        row.format(
            "behind" if one.tally.overdue else "",
            _marks.item_link(one.item.code),
            _marks.item_link(one.item.code, one.item.title),
            _marks.joined(_marks.cell(cell) for cell in overview.cells(one, board.day)),
            one.tally.accepted,
            one.tally.slots,
            _marks.due_text(one),
            _(words.STAGES[one.stage]),
            title=one.item.title,
            people=", ".join(data.people[officer].short for officer in one.item.preparers),
        )
        for one in items
    ]
    heads = ((_("Item"), "code"), (_("Title"), ""), (_("Slots"), ""), ("", ""), (_("Prepared by"), "people"),
             (_("Due"), "due"), (_("Stage"), ""))  # fmt: skip
    head = _marks.joined(Markup('<th scope="col" class="{}">{}</th>').format(name, text) for text, name in heads)
    return Markup(
        '<div class="ita-scroll"><table class="ita-board"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, _marks.joined(rows))


def needs_you(here: Frame, data: Snapshot, board: Board, now: Figures) -> Markup:
    """Approvals to give, then the worst risks with who is behind and by how much."""
    line = Markup('<li><span>{} {}</span><span class="soft">{}</span></li>')
    lines = []
    if here.actor.role is Role.commander and now.to_approve:
        links = _marks.joined((_marks.item_link(code) for code in now.to_approve), " · ")
        since = _("complete since {day}").format(day=thai.date_text(now.to_approve_since, year=False))
        lines.append(line.format(_marks.badge(Face.waiting, _("To approve")), links, since))
    for one in progress.risks(board.oit, RISKS):
        who = _marks.names(data.people[officer].short for officer in one.item.preparers)
        text = _marks.item_link(one.item.code, f"{one.item.code} {one.item.title}")
        count = _("{slots} slots").format(slots=one.tally.overdue)
        late = Markup("{} · {} · {}").format(_marks.lateness(one, board.day), count, who)
        lines.append(line.format(_marks.badge(Face.overdue, ""), text, late))
    if now.waiting:
        text = _("{pieces} pieces, the oldest for {days} days").format(pieces=now.waiting, days=now.waiting_days)
        lines.append(line.format(_marks.badge(Face.waiting), text, ""))
    if not lines:
        return Markup("<p>{}</p>").format(_("Nothing is overdue and nothing waits. Well done."))
    return Markup('<ul class="ita-list">{}</ul>').format(_marks.joined(lines))


def over_time(here: Frame, data: Snapshot, board: Board) -> None:
    """Accepted against planned, a line each."""
    items = [one.item for one in board.oit]
    ends = here.facts.ends
    until_today = overview.days(here.facts.starts, board.day)
    accepted = progress.accepted_over_time(items, data.records, until_today, ends)
    planned = [(day, progress.planned_share(items, day)) for day in overview.days(here.facts.starts, here.facts.closes)]
    st.vega_lite_chart(
        charts.accepted_against_planned(tuple(accepted), tuple(planned), board.day, language.current()),
        width="stretch",
        key="over_time",
    )


def bars(here: Frame, data: Snapshot, board: Board) -> Markup:
    """The disclosure indicators and the officers who need help first."""
    with db.reading() as session:
        titles = {one.number: one.title for one in queries.indicators(session, here.facts.id)}
    drawn = []
    for number, share in progress.indicator_shares(board.oit).items():
        planned = progress.planned_share([one.item for one in board.oit if one.item.indicator == number], board.day)
        drawn.append(
            _marks.bar(f"{number} {titles[number]}", [(Face.accepted, share)], f"{share:.0%}", planned=planned)
        )
    preparers = {officer for one in board.oit for officer in one.item.preparers}
    tallies = [(data.people[officer], progress.officer_tally(board.oit, officer)) for officer in preparers]
    tallies.sort(key=lambda pair: (-pair[1].overdue, pair[1].progress))
    for person, tally in tallies[:OFFICERS]:
        parts = [(Face.accepted, tally.accepted), (Face.waiting, tally.waiting), (Face.overdue, tally.overdue_open)]
        shares = [(face, count / tally.slots) for face, count in parts]
        drawn.append(_marks.bar(person.short, shares, f"{tally.accepted}/{tally.slots}"))
    return _marks.joined(drawn)


here = _frame.frame()
data = _frame.visible(here)
board = data.board(here.day)
place = f"{here.facts.office_short} · " + _("ITA fiscal year {year}").format(year=here.facts.fiscal_year)
if not board.oit:
    _frame.heading(here, _("Overview"), place)
    st.info(_("You have no duty on a disclosure item yet. The administrator gives duties in the plan."))
    st.stop()
now = overview.figures(board, data.records, year_ends=here.facts.ends)
earlier = overview.figures(data.board(here.day - SINCE), data.records, year_ends=here.facts.ends)
_frame.heading(here, sentence(here, now), place)
_marks.show(cards(here, now, earlier))
left, right = st.columns([8, 5], gap="medium")
with left:
    rows = st.empty()
    marks, order = st.columns([3, 2], vertical_alignment="center")
    orders = {"code": _("By code"), "urgency": _("By urgency")}
    chosen = order.segmented_control(
        _("Order"), list(orders), default="code", format_func=orders.__getitem__, required=True, key="order",
        bind="query-params", label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    with rows.container():
        _marks.show(table(data, overview.by_urgency(board.oit) if chosen == "urgency" else list(board.oit), board))
    with marks:
        _marks.show(_marks.legend())
with right:
    st.subheader(_("Needs you"), anchor=False)
    _marks.show(needs_you(here, data, board, now))
    st.subheader(_("Accepted against planned"), anchor=False)
    over_time(here, data, board)
    st.subheader(_("Indicators and officers"), anchor=False)
    _marks.show(bars(here, data, board))
