"""The parts of the officers' page: tables of work, the matrix of officers and items, posts and teams."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from ita_core import thai, words
from ita_core.board import headline, workload
from ita_core.board.directives import DirectiveFacts
from ita_core.board.headline import Face
from ita_core.board.progress import ItemStanding, Tally
from ita_core.board.workload import Preparing, Supervising
from ita_core.language import _
from ita_core.models import DutyKind, PartyKind
from ita_core.queries import PartyFacts, Snapshot
from pages.parts import marks

_TABLE = Markup(
    '<div class="ita-scroll"><table class="ita-board ita-work"><thead><tr>{}</tr></thead>'
    "<tbody>{}</tbody>{}</table></div>"
)


def _heads(*titles: str) -> Markup:
    first, *rest = titles
    cells = [Markup('<th scope="col">{}</th>').format(first)]
    return marks.joined(cells + [Markup('<th scope="col" class="number">{}</th>').format(title) for title in rest])


def _name(person: PartyFacts) -> Markup:
    return Markup('<th scope="row"><a class="ita-go" href="?officer={}">{}</a></th>').format(person.key, person.full)


def _bar(tally: Tally) -> Markup:
    parts = [(Face.accepted, tally.accepted), (Face.waiting, tally.waiting), (Face.overdue, tally.overdue_open)]
    shares = [(face, count / tally.slots) for face, count in parts if tally.slots]
    return marks.bar("", shares, f"{tally.progress:.0%}")


def _numbers(tally: Tally) -> list[Markup]:
    """What is overdue and theirs to do comes first; what is late but waits for a decision stands beside it."""
    on_time = "–" if tally.on_time is None else f"{tally.on_time:.0%}"
    decide = tally.overdue - tally.overdue_open
    beside = _("{number} more wait for review").format(number=decide)
    overdue = Markup('{} <small title="{}">+{} {}</small>').format(
        tally.overdue_open, beside, decide, marks.word(Face.waiting)
    )
    numbers = [
        ("overdue" if tally.overdue_open else "", overdue if decide else tally.overdue_open),
        ("returned" if tally.returned else "", tally.returned),
        *(("", number) for number in (tally.waiting, tally.accepted, tally.slots, on_time)),
    ]
    return [Markup('<td class="number {}">{}</td>').format(*cell) for cell in numbers]


def preparers(listed: Sequence[Preparing], items: Sequence[ItemStanding], data: Snapshot) -> Markup:
    """A row each; the last one counts every slot once, however many share it."""
    heads = _heads(
        _("Officer"), _("Overdue"), _("Returned"), _("Waiting for review"), _("Accepted"), _("Slots in all"),
        _("On time"), _("Items in hand"), "",
    )  # fmt: skip
    row = Markup('<tr>{}{}<td class="number">{}</td><td class="wide">{}</td></tr>')
    rows = [
        row.format(
            _name(data.people[one.officer_id]), marks.joined(_numbers(one.tally)), len(one.items), _bar(one.tally)
        )
        for one in listed
    ]
    total = workload.totals(items)
    foot = Markup('<tfoot><tr><th scope="row">{}</th>{}<td class="number">{}</td><td class="wide">{}</td></tr></tfoot>')
    last = foot.format(_("All, a shared slot counted once"), marks.joined(_numbers(total)), len(items), _bar(total))
    return _TABLE.format(heads, marks.joined(rows), last)


def supervisors(listed: Sequence[Supervising], data: Snapshot) -> Markup:
    """A row each: what waits for them, and how quickly they decide."""
    heads = _heads(
        _("Officer"), _("Waiting for review"), _("The oldest (days)"), _("Days to decide (median)"), _("Decided"),
        _("Of these returned"), _("Items in hand"),
    )  # fmt: skip
    cell = Markup('<td class="number">{}</td>')
    rows = []
    for one in listed:
        days = "–" if one.days_to_decide is None else f"{one.days_to_decide:g}"
        numbers = [one.waiting, one.waiting_days or "–", days, one.decided, one.returned, len(one.items)]
        rows.append(Markup("<tr>{}{}</tr>").format(
            _name(data.people[one.officer_id]), marks.joined(cell.format(number) for number in numbers)
        ))  # fmt: skip
    return _TABLE.format(heads, marks.joined(rows), "")


def matrix(listed: Sequence[Preparing], items: Sequence[ItemStanding], data: Snapshot) -> Markup:
    """Officers × items: how each item stands with everybody who prepares it."""
    head = [Markup('<th scope="col">{}</th>').format(_("Officer"))]
    head += [
        Markup('<th scope="col" class="mark" title="{}">{}</th>').format(one.item.title, marks.item_link(one.item.code))
        for one in items
    ]
    cell = Markup(
        '<td class="mark"><a class="ita-go ita-cell {}" href="{}" title="{says}" aria-label="{says}">{}</a></td>'
    )
    rows = []
    for officer in listed:
        drawn = []
        for one in items:
            if officer.officer_id not in one.item.preparers:
                drawn.append(Markup("<td></td>"))
                continue
            face = headline.item_face(one)
            says = f"{one.item.code} {marks.word(face)} {one.tally.accepted}/{one.tally.slots}"
            drawn.append(cell.format(face.value, marks.item_address(one.item.code), marks.SIGNS[face], says=says))
        rows.append(Markup("<tr>{}{}</tr>").format(_name(data.people[officer.officer_id]), marks.joined(drawn)))
    table = _TABLE.format(marks.joined(head), marks.joined(rows), "")
    return Markup('<div class="ita-matrix">{}</div>').format(table) + marks.legend()


def groups(items: Sequence[ItemStanding], data: Snapshot) -> Markup:
    """Posts and teams with who acts for them, and what they have to do."""
    line = Markup('<li><span><b>{}</b> {}</span><span class="soft">{}</span></li>')
    lines = []
    for person in data.people.values():
        if person.kind is PartyKind.officer:
            continue
        members = ", ".join(data.people[one].short for one in person.members) or _("nobody acts for it yet")
        duties = [
            marks.item_link(one.item.code)
            for one in items
            if any(person.id == party.id for kind in DutyKind for party in data.named(one.item.id, kind))
        ]
        lines.append(line.format(person.name, marks.joined(duties, " "), members))
    return Markup('<ul class="ita-list">{}</ul>').format(marks.joined(lines))


def one(person: PartyFacts, items: Sequence[ItemStanding], day: date, ordered: Sequence[DirectiveFacts]) -> Markup:
    """One officer's items with their cells, what they prepare first; and the directives that are theirs to do."""
    row = Markup(
        '<tr><td class="code">{}</td><td class="title" title="{title}">{}</td><td>{}</td><td class="number">{}/{}</td>'
        '<td class="soft">{}</td><td class="soft">{}</td></tr>'
    )
    parts = []
    for title, mine in (
        (_("Prepares"), [item for item in items if person.id in item.item.preparers]),
        (_("Supervises"), [item for item in items if person.id in item.item.supervisors]),
    ):
        rows = [
            row.format(
                marks.item_link(item.item.code), marks.item_link(item.item.code, item.item.title),
                marks.joined(marks.cell(cell) for cell in headline.cells(item, day)), item.tally.accepted,
                item.tally.slots, marks.due_text(item), _(words.STAGES[item.stage]), title=item.item.title,
            )
            for item in mine
        ]  # fmt: skip
        if rows:
            parts.append(Markup("<h3>{}</h3>{}").format(title, _TABLE.format("", marks.joined(rows), "")))
    if ordered:
        line = Markup('<li><span>{}</span><span class="soft">{}</span></li>')
        lines = (line.format(each.text, _("due {day}").format(day=thai.date_text(each.due))) for each in ordered)
        parts.append(Markup('<h3>{}</h3><ul class="ita-list">{}</ul>').format(_("Directives"), marks.joined(lines)))
    shut = Markup('<a class="ita-go" href="?officer=">{}</a>').format(_("Close"))
    return Markup('<section class="ita-one"><h2>{} <small>{}</small></h2>{}</section>').format(
        person.full, shut, marks.joined(parts)
    )
