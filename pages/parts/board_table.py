"""The board and what stands beside it: a row for each item, what needs the reader, bars."""

from markupsafe import Markup

from ita_core import access, db, queries, thai, words
from ita_core.board import directives, headline, progress, turns, workload
from ita_core.board.directives import DirectiveState
from ita_core.board.headline import Face, Figures
from ita_core.board.progress import Board, ItemStanding
from ita_core.language import N_, _
from ita_core.models import Role
from ita_core.queries import Snapshot
from pages.parts import marks
from pages.parts.frame import Frame

LAPSED = N_("Approval lapsed: the evidence has changed since")
RISKS = 5
OVERDUE = "/timeline?kind=items&state=overdue"
OFFICERS = 6


def table(data: Snapshot, items: list[ItemStanding], board: Board) -> Markup:
    """A row for each item: its cells, its people, its due date, its stage."""
    row = Markup(
        '<tr class="{}"><td class="code">{}</td><td class="title" title="{title}">{}</td><td>{}</td>'
        '<td class="number">{}/{}</td><td class="people" title="{people}">{people}</td>'
        '<td class="soft due">{}</td><td class="soft">{}</td></tr>'
    )
    late = Markup(' <b class="ita-late" title="{0}" aria-label="{0}">!</b>')
    sign = Markup('<b class="ita-late" title="{0}" aria-label="{0}">↺</b>')
    rows = [
        row.format(
            "behind" if one.tally.overdue else "",
            Markup("{} {}").format(
                marks.item_link(one.item.code), late.format(_(words.OVERDUE)) if one.tally.overdue else ""
            ),
            marks.item_link(one.item.code, one.item.title),
            marks.joined(marks.cell(cell) for cell in headline.cells(one, board.day)),
            one.tally.accepted,
            one.tally.slots,
            marks.due_text(one),
            Markup("{} {}").format(_(words.STAGES[one.stage]), sign.format(_(LAPSED)) if one.approval_lapsed else ""),
            title=one.item.title,
            people=", ".join(data.people[officer].short for officer in one.item.preparers),
        )
        for one in items
    ]
    heads = ((_("Item"), "code"), (_("Title"), ""), (_("Slots"), ""), ("", ""), (_("Prepared by"), "people"),
             (_("Due"), "due"), (_("Stage"), ""))  # fmt: skip
    head = marks.joined(Markup('<th scope="col" class="{}">{}</th>').format(name, text) for text, name in heads)
    return Markup(
        '<div class="ita-scroll"><table class="ita-board"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, marks.joined(rows))


def needs_you(here: Frame, data: Snapshot, board: Board, now: Figures) -> Markup:
    """Approvals to give, then the worst risks with whose turn it is and how late they are; what waits for review."""
    line = Markup('<li><span>{} {}</span><span class="soft">{}</span></li>')
    lines = []
    lapsed = [one.item.code for one in board.oit if one.approval_lapsed]
    if here.actor.role is Role.commander and now.to_approve:
        links = marks.joined((marks.item_link(code) for code in now.to_approve), " · ")
        said = [_("complete since {day}").format(day=thai.date_text(now.to_approve_since, year=False))]
        if again := [code for code in lapsed if code in now.to_approve]:
            said.insert(0, _("approved before it changed: {items}").format(items=", ".join(again)))
            lapsed = [code for code in lapsed if code not in again]
        lines.append(line.format(marks.badge(Face.waiting, _("To approve")), links, " · ".join(said)))
    if lapsed:
        links = marks.joined((marks.item_link(code) for code in lapsed), " · ")
        badge = marks.badge(Face.returned, _("Approval lapsed"))
        lines.append(line.format(badge, links, _("the evidence has changed")))
    behind = progress.risks(board.oit)
    for one in behind[:RISKS]:
        turn = turns.turn(one.item, [slot for slot in one.slots if slot.overdue])
        who = marks.whose_turn(turn, data.people)
        text = marks.item_link(one.item.code, f"{one.item.code} {one.item.title}")
        count = _("{slots} slots").format(slots=one.tally.overdue)
        late = Markup("{} · {} · {}").format(marks.lateness(one, board.day), count, who)
        lines.append(line.format(marks.badge(Face.overdue, ""), text, late))
    if left := behind[RISKS:]:
        lines.append(line.format(marks.badge(Face.overdue), marks.more(len(left), OVERDUE), ""))
    pieces, days = _waiting(here, data, board, now)
    if pieces:
        text = _("{pieces} pieces, the oldest for {days} days").format(pieces=pieces, days=days)
        lines.append(line.format(marks.badge(Face.waiting), text, ""))
    if here.actor.role is Role.commander and (said := _directives(here, board)):
        lines.append(line.format(marks.badge(Face.waiting, _("Directives")), said, ""))
    if not lines:
        return Markup("<p>{}</p>").format(_("Nothing is overdue and nothing waits. Well done."))
    return Markup('<ul class="ita-list">{}</ul>').format(marks.joined(lines))


def _waiting(here: Frame, data: Snapshot, board: Board, now: Figures) -> tuple[int, int]:
    """How many pieces wait for review, and the oldest for how many days: for whoever sees not all, for themselves."""
    if access.sees_all(here.actor):
        return now.waiting, now.waiting_days
    listed = workload.supervising(board.oit, progress.as_of(data.records, board.before), board.day)
    own = next((one for one in listed if one.officer_id == here.actor.officer_id), None)
    return (own.waiting, own.waiting_days) if own else (0, 0)


def _directives(here: Frame, board: Board) -> Markup:
    """How many wait for the commander's word and how many are late; nothing where none is."""
    with db.reading() as session:
        known = directives.as_of(queries.list_directives(session, here.assessment.id), board.before)
    left = directives.still_open(known)
    reported = sum(one.state() is DirectiveState.reported for one in left)
    late = sum(one.days_late(here.day) > 0 for one in left)
    if not reported + late:
        return Markup("")
    return Markup('<a class="ita-go" href="/directives">{}</a>').format(
        _("reported as done {reported} · overdue {late}").format(reported=reported, late=late)
    )


def bars(here: Frame, data: Snapshot, board: Board) -> Markup:
    """The disclosure indicators and the officers who need help first."""
    with db.reading() as session:
        titles = {one.number: one.title for one in queries.list_indicators(session, here.assessment.id)}
    drawn = []
    for number, share in progress.indicator_shares(board.oit).items():
        planned = progress.planned_share([one.item for one in board.oit if one.item.indicator == number], board.day)
        drawn.append(marks.bar(f"{number} {titles[number]}", [(Face.accepted, share)], f"{share:.0%}", planned=planned))
    officers = workload.preparing(board.oit)
    for officer in officers[:OFFICERS]:
        person, tally = data.people[officer.officer_id], officer.tally
        parts = [(Face.accepted, tally.accepted), (Face.waiting, tally.waiting), (Face.overdue, tally.overdue_open)]
        shares = [(face, count / tally.slots) for face, count in parts]
        drawn.append(marks.bar(person.short, shares, f"{tally.accepted}/{tally.slots}"))
    if left := officers[OFFICERS:]:
        drawn.append(Markup('<p class="ita-more">{}</p>').format(marks.more(len(left), "/officers")))
    return marks.joined(drawn)
