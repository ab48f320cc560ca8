"""The screens of a meeting, one subject each; what is longer than a screen goes on on the next one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from markupsafe import Markup

from ita_core import db, queries, thai, words
from ita_core.board import directives, headline, progress, timeline, turns, workload
from ita_core.board.directives import DirectiveFacts, DirectiveState
from ita_core.board.headline import Face
from ita_core.board.progress import Board, ItemStanding, SlotStanding, State
from ita_core.board.timeline import RowKind, RowState, Window
from ita_core.days import end_of, period_of
from ita_core.language import _
from ita_core.models import DirectiveStep
from ita_core.queries import MeetingFacts, Snapshot
from pages.parts import directive_list, headline_figures, marks, meeting_split
from pages.parts.day_choice import Earlier
from pages.parts.frame import Frame
from pages.parts.meeting_split import Row, lines

SOON = timedelta(days=14)
PANEL = 17.2  # em that the form to take down a directive takes of the screen's width, with the gap before it
WIDE = 45.0  # em of a line that is as wide as the screen
SIGNS = {RowState.over: "✓", RowState.running: "▶", RowState.ahead: "○"}
GAP = 0.8  # between two tables
LONGEST = 7  # lines of one directive on one screen


@dataclass(frozen=True, slots=True)
class Look:
    """What a meeting looks at: a day's board, or that of a meeting which is over, as it was shown."""

    here: Frame
    data: Snapshot
    board: Board
    before: Board
    earlier: Earlier
    ordered: Sequence[DirectiveFacts]
    moment: datetime  # at which it stood so
    kept: MeetingFacts | None = None
    directs: bool = False  # something can be done


@dataclass(frozen=True, slots=True)
class Screen:
    subject: str
    number: int  # the key that opens it
    title: str
    parts: Sequence[Markup] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or a piece of one, that fits a screen."""

    markup: Markup
    height: float
    rows: int


def all_of(look: Look) -> list[Screen]:
    """Every subject in its order."""
    screens = [
        _standing(look), _since(look), _overdue(look), _soon(look), _people(look), _timeline(look),
        _directives_of(look),
    ]  # fmt: skip
    return [_record(look, look.kept), *screens] if look.kept else screens


def draw(look: Look) -> Markup:
    """All screens one after another; the browser shows one of them."""
    listed = all_of(look)
    pages = [(one, place, part) for one in listed for place, part in enumerate(one.parts, 1)]
    section = Markup(
        '<section class="ita-screen" data-screen="{}" data-subject="{}" data-number="{}" aria-label="{}">'
        '<header><h2>{}{}</h2><p>{}<span>{}</span> <b>{}/{}</b></p></header><div class="body">{}</div></section>'
    )
    stands = _stands(look)
    drawn = [
        section.format(
            one.subject if place == 1 else f"{one.subject}-{place}",
            one.subject,
            one.number if place == 1 else "",
            _("{title}, screen {number} of {all}").format(title=one.title, number=number, all=len(pages)),
            one.title,
            Markup(" <small>({}/{})</small>").format(place, len(one.parts)) if len(one.parts) > 1 else "",
            _chip(look),
            stands,
            number,
            len(pages),
            part,
        )
        for number, (one, place, part) in enumerate(pages, 1)
    ]
    return Markup('<div class="ita-meeting">{}</div>').format(marks.joined(drawn))


def _stands(look: Look) -> str:
    if look.here.past and not look.kept:
        return _("at the end of {day}").format(day=thai.date_text(look.here.day))
    return _("as of {moment}").format(moment=thai.moment_text(look.moment))


def _chip(look: Look) -> Markup:
    if not look.kept and not look.here.past:
        return Markup("")
    text = _("Record of the meeting") if look.kept else _("Looking back")
    return Markup('<em class="chip">{}</em> ').format(text)


# --- one subject each ------------------------------------------------------------------------------------------------


def _record(look: Look, kept: MeetingFacts) -> Screen:
    day = thai.long_date_text(kept.day)
    given = sum(one.meeting_id == kept.id for one in look.ordered)
    facts = [
        (_("Time"), directive_list.hours(kept)),
        (_("Held by"), kept.by),
        (_("Directives given"), str(given)),
        (_("Guests"), kept.guests or "–"),
    ]
    told = marks.joined(Markup("<dt>{}</dt><dd>{}</dd>").format(*fact) for fact in facts)
    there = [look.data.people[officer].full for officer in kept.officers]
    names = marks.joined(Markup("<li>{}</li>").format(name) for name in there)
    list_ = Markup("<h3>{}</h3><ul>{}</ul>").format(_("Who was there ({number})").format(number=len(there)), names)
    nobody = Markup("<p>{}</p>").format(_("Nobody was noted as being there."))
    body = Markup('<dl class="facts">{}</dl><div class="there">{}</div>').format(told, list_ if there else nobody)
    return Screen("record", 0, _("Meeting of {day}").format(day=day), [body])


def _standing(look: Look) -> Screen:
    before, moment = look.earlier.day, look.earlier.moment
    now = look.data.figures(look.here.day, look.kept.shown_at if look.kept else None)
    cards = headline_figures.cards(look.here, look.board, now, look.data.figures(before, moment), look.earlier)
    return Screen("standing", 1, _("Where we stand"), [headline_figures.sentence(look.here, now) + cards])


def _since(look: Look) -> Screen:
    title = _("Since {name}").format(name=look.earlier.name)
    since = headline.since(look.before, look.board)
    columns = [
        (Face.accepted, _("accepted"), since.accepted),
        (Face.returned, _("came back"), since.returned),
        (Face.overdue, _("went overdue"), since.overdue),
    ]
    row = Markup('<tr><th scope="row">{}</th><td>{}</td>{}<td class="number">{}</td></tr>')
    number = Markup('<td class="number">{}</td>')
    rows = []
    for one in look.board.oit:
        code = one.item.code
        counts = [(face, slots.get(code, 0)) for face, _title, slots in columns]
        if not any(count for _face, count in counts) and code not in since.approved:
            continue
        marked = (number.format(marks.badge(face, str(count)) if count else "") for face, count in counts)
        approved = marks.badge(Face.accepted, _("approved")) if code in since.approved else ""
        text = row.format(marks.item_link(code), one.item.title, marks.joined(marked), approved)
        rows.append(Row(text, lines(one.item.title, 20.6)))
    said = [f"{text} " + _("{slots} slots").format(slots=sum(slots.values())) for _face, text, slots in columns]
    said.append(_("approved") + " " + _("{items} items").format(items=len(since.approved)))
    heads = ["", _("Title"), *(text for _face, text, _slots in columns), _("approved")]
    nothing = _("Nothing was accepted, came back or went overdue since then.")
    return Screen("since", 2, title, _drawn(_tables("since", heads, rows, lead=" · ".join(said)), nothing))


def _overdue(look: Look) -> Screen:
    row = Markup('<tr><th scope="row">{}</th><td><b>{}</b><br>{}</td><td>{}</td><td class="number late">{}</td></tr>')
    rows = []
    for one in progress.risks(look.board.items):
        slots = [slot for slot in one.slots if slot.overdue]
        text, (who, said) = _what(slots), _who(look, one, slots)
        height = max(lines(one.item.title, 22.6) + lines(text, 24.6), lines(said, 10.8))
        rows.append(Row(row.format(marks.item_link(one.item.code), one.item.title, text, who, one.days_late), height))
    heads = ["", _("What is missing"), _("Whose turn it is"), _("Days late")]
    nothing = _("Nothing is overdue. Well done.")
    return Screen("overdue", 3, _(words.OVERDUE), _drawn(_tables("overdue", heads, rows), nothing))


def _soon(look: Look) -> Screen:
    groups: dict[tuple[date, int], tuple[ItemStanding, list[SlotStanding]]] = {}
    for place, one in enumerate(look.board.items):
        for slot in one.slots:
            if slot.slot.due and slot.slot.due >= look.here.day and slot.state is not State.accepted:
                groups.setdefault((slot.slot.due, place), (one, []))[1].append(slot)
    coming = sorted(groups)
    last, lead = look.here.day + SOON, ""
    if coming and coming[0][0] > last:  # then what comes next
        last = coming[0][0]
        lead = _("Nothing is due in the coming {days} days. The next is due on {day}: {items} items").format(
            days=SOON.days, day=thai.date_text(last), items=sum(due == last for due, _place in coming)
        )
    row = Markup('<tr><th scope="row">{}</th><td>{}</td><td><b>{}</b><br>{}</td><td>{}</td></tr>')
    rows, shown = [], None
    for due, place in coming:
        if due > last:
            break
        one, slots = groups[due, place]
        text, (who, said) = _what(slots), _who(look, one, slots)
        if lines(text, 26.4) > 1:  # many things fall due on one day
            text = _("{slots} slots").format(slots=len(slots))
        height = max(lines(one.item.title, 24.6) + 1, lines(said, 10.8))
        when, shown = "" if due == shown else thai.date_text(due, year=False), due
        rows.append(Row(row.format(when, marks.item_link(one.item.code), one.item.title, text, who), height))
    heads = [_("Due"), "", _("What is to be handed in"), _("Whose turn it is")]
    title = _("Due in the coming {days} days").format(days=SOON.days)
    tables = _tables("soon", heads, rows, lead=lead)
    if lead and len(tables) > 1:  # one screen is enough of what is not soon
        left = len(rows) - tables[0].rows
        tables = _tables("soon", heads, rows, lead=f"{lead} ({_('and {number} more').format(number=left)})")[:1]
    return Screen("soon", 4, title, _drawn(tables, _("Everything that has a due date is accepted.")))


def _people(look: Look) -> Screen:
    number = Markup('<td class="number{}">{}</td>')
    row = Markup('<tr><th scope="row">{}</th><td class="bar">{}</td>{}</tr>')
    rows = []
    for one in workload.preparing(look.board.oit):
        tally = one.tally
        parts = [(Face.accepted, tally.accepted), (Face.waiting, tally.waiting), (Face.overdue, tally.overdue_open)]
        shares = [(face, count / tally.slots) for face, count in parts if tally.slots]
        cells = [
            number.format("", f"{tally.accepted}/{tally.slots}"),
            number.format("", tally.waiting or "–"),
            number.format("", tally.returned or "–"),
            number.format(" late" if tally.overdue_open else "", tally.overdue_open or "–"),
        ]
        name = look.data.people[one.officer_id].full
        text = row.format(name, marks.bar("", shares, f"{tally.progress:.0%}"), marks.joined(cells))
        rows.append(Row(text, lines(name, 16)))
    states = (_(words.STATES[state]) for state in (State.accepted, State.waiting, State.returned))
    heads = [_("Who prepares"), "", *states, _(words.OVERDUE)]
    tables = _tables("preparers", heads, rows)
    supervisors = []
    row = Markup('<tr><th scope="row">{}</th>{}</tr>')
    for one in workload.supervising(
        look.board.oit, progress.as_of(look.data.records, look.board.before), look.here.day
    ):
        days = "–" if one.days_to_decide is None else f"{one.days_to_decide:g}"
        late = " late" if one.waiting_days > 7 else ""
        cells = [
            number.format("", len(one.items)),
            number.format("", one.waiting or "–"),
            number.format(late, one.waiting_days or "–"),
            number.format("", days),
        ]
        name = look.data.people[one.officer_id].full
        supervisors.append(Row(row.format(name, marks.joined(cells)), lines(name, 16)))
    heads = [
        _("Who supervises"), _("Items in hand"), _("Waiting for review"), _("The oldest (days)"),
        _("Days to decide (median)"),
    ]  # fmt: skip
    tables += _tables("supervisors", heads, supervisors, head_lines=2)
    shown = _drawn(tables, _("Nobody has a duty on these items."))
    return Screen("people", 5, _("By person: who needs help first"), shown)


def _timeline(look: Look) -> Screen:
    assessment, day = look.here.assessment, look.here.day
    with db.reading() as session:
        steps = queries.list_steps(session, assessment.id)
    window = Window(assessment.starts, assessment.ends)
    today = Markup('<i class="today" style="--at:{:.4f}"></i>').format(window.middle(day) / 100)
    span = Markup('{}<em style="--at:{:.4f};--for:{:.4f}" title="{}"></em>')
    phase = Markup('<tr class="phase"><th scope="rowgroup" colspan="3">{}{}</th></tr>')
    step = Markup(
        '<tr class="step {}"><td class="state" title="{state}" aria-label="{state}">{}</td>'
        '<th scope="row"><small>{}</small> {}</th><td class="span">{}</td></tr>'
    )
    rows = []
    for row in timeline.rows(steps, look.board):
        if row.kind not in {RowKind.phase, RowKind.step} or not row.starts or not row.ends:
            continue
        stands = window.span(row.starts, row.ends)
        if stands is None:
            continue
        says = f"{thai.date_text(row.starts)} – {thai.date_text(row.ends)}"
        drawn = span.format(today if window.holds(day) else "", stands.left / 100, stands.width / 100, says)
        if row.kind is RowKind.phase:
            rows.append(Row(phase.format(row.title, drawn), lines(row.title, WIDE), more=-0.2))
        else:
            text = step.format(
                row.state.value, SIGNS[row.state], row.code, row.title, drawn, state=_(words.ROW_STATES[row.state])
            )
            # Estimated closely, so that a phase stands on one screen: each has room for two lines more.
            rows.append(Row(text, lines(f"{row.code} {row.title}", 32.6), more=-0.2))
    quarters = [month for place, (month, _span) in enumerate(window.months()) if place % 3 == 0]
    tick = Markup('<span style="--at:{:.4f}">{}</span>')
    texts = (thai.period_text(period_of(month)) for month in quarters)
    axis = marks.joined(
        tick.format(window.middle(month) / 100, text if month.month in {1, 10} else text.split(" ")[0])
        for month, text in zip(quarters, texts, strict=True)
    )
    key = " ".join(f"{sign} {_(words.ROW_STATES[state])}" for state, sign in SIGNS.items())
    heads = ["", key, Markup('<div class="axis">{}</div>').format(axis)]
    title = _("Timeline: today is {day}").format(day=thai.date_text(day))
    return Screen("timeline", 6, title, _drawn(_tables("steps", heads, rows), _("The plan has no steps.")))


def _directives_of(look: Look) -> Screen:
    after = look.earlier.moment or end_of(look.earlier.day)
    width = meeting_split.WIDTH - (PANEL if look.directs else 13.0)
    rows: list[Row] = []
    for one in directives.still_open(look.ordered):
        rows += _directive(look, one, width, new=one.at >= after)
    settled = [
        one for one in look.ordered if one.state() not in directives.OPEN and one.happenings[-1].at >= after
    ]  # fmt: skip
    if settled:
        title = _("Settled since {name}").format(name=look.earlier.name)
        rows.append(Row(Markup("<tr class='between'><th>{}</th></tr>").format(title), lines(title, width)))
    for one in settled:
        rows += _directive(look, one, width, new=False)
    nothing = _("No directive is open. One that is given in the meeting appears here.")
    parts = _tables("directives" + (" narrow" if look.directs else ""), [], rows)
    return Screen("directives", 7, _("Directives"), _drawn(parts, nothing))


def _directive(look: Look, one: DirectiveFacts, width: float, *, new: bool) -> Iterable[Row]:
    """One directive; a long one goes on in further rows, the last of which has its buttons."""
    meta = [
        _("to {who}").format(who=directive_list.to_whom(one, look.data, short=True)),
        _("due {day}").format(day=thai.date_text(one.due)),
        one.item_code,
    ]
    said = one.happenings[-1] if one.happenings else None
    if said and said.what is DirectiveStep.reported and said.note:
        meta.append(f"“{said.note}”")
    about = " · ".join(part for part in meta if part)
    *first, last = meeting_split.pieces(one.text, width, LONGEST)
    row = Markup('<tr class="directive"><td><p>{}</p></td></tr>')
    for piece in first:
        yield Row(row.format(piece), lines(piece, width))
    *longer, about = meeting_split.pieces(about, width, LONGEST)
    row = Markup('<tr class="directive"><td><p>{}</p><p class="about">{}</p></td><td class="acts">{} {} {}</td></tr>')
    mark = Markup('<em class="chip">{}</em>').format(_("new")) if new else ""
    drawn = row.format(last, about, mark, directive_list.badge(one, look.here.day), _buttons(look, one))
    for piece in longer:
        yield Row(Markup('<tr class="directive"><td><p class="about">{}</p></td></tr>').format(piece), LONGEST)
    yield Row(drawn, lines(last, width) + lines(about, width), more=2.3 if look.directs else 0.0)


def _buttons(look: Look, one: DirectiveFacts) -> Markup:
    if not look.directs:
        return Markup("")
    button = Markup('<button type="button" data-settle="{}" data-directive="{}" title="{}">{}</button>')
    acts = [(DirectiveStep.reopened, _("Open again"))]
    if one.state() in directives.OPEN:
        done = _("Agreed: done") if one.state() is DirectiveState.reported else _("Done")
        acts = [(DirectiveStep.done, done), (DirectiveStep.cancelled, _("Cancel"))]
    return marks.joined(button.format(step.value, one.id, one.text, text) for step, text in acts)


# --- what they share -------------------------------------------------------------------------------------------------


def _tables(name: str, heads: Sequence[str], rows: Sequence[Row], *, lead: str = "", head_lines: int = 1) -> list[Part]:
    """A table for each screen that the rows need, with the headings on each; the lead on the first."""
    if not rows:
        return []
    cells = marks.joined(Markup('<th scope="col">{}</th>').format(text) for text in heads)
    head = Markup("<thead><tr>{}</tr></thead>").format(cells) if heads else ""
    told = Markup('<p class="lead">{}</p>').format(lead) if lead else ""
    above = (Row(Markup(""), head_lines).height if heads else 0) + (2 if lead else 0)
    table = Markup('{}<table class="{}">{}<tbody>{}</tbody></table>')
    return [
        Part(
            table.format("" if place else told, name, head, marks.joined(row.markup for row in part)),
            above + sum(row.height for row in part),
            len(part),
        )
        for place, part in enumerate(meeting_split.screens(rows, meeting_split.ROOM - above))
    ]


def _drawn(parts: Sequence[Part], nothing: str) -> list[Markup]:
    """What each screen shows: parts that fit together stand on one; a sentence where there is none."""
    if not parts:
        return [Markup('<p class="nothing">{}</p>').format(nothing)]
    shown = [parts[0]]
    for part in parts[1:]:
        last = shown[-1]
        if last.height + part.height + GAP <= meeting_split.ROOM:
            shown[-1] = Part(last.markup + part.markup, last.height + part.height + GAP, last.rows + part.rows)
        else:
            shown.append(part)
    return [part.markup for part in shown]


def _what(slots: Sequence[SlotStanding]) -> str:
    """Slots in words: their months, and what is to be shown."""
    months = dict.fromkeys(thai.period_text(one.slot.key.period) for one in slots if one.slot.key.period)
    titles = list(dict.fromkeys(one.slot.requirement.title for one in slots))
    return " · ".join(part for part in (", ".join(months), ", ".join(titles)) if part)


def _who(look: Look, one: ItemStanding, slots: Sequence[SlotStanding]) -> tuple[Markup, str]:
    """Whose turn it is: drawn, and as text."""
    drawn = marks.whose_turn(turns.turn(one.item, slots), look.data.people)
    return drawn, drawn.striptags()
