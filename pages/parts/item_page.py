"""The parts of an item's page: its head, its slots, its history."""

from markupsafe import Markup

from ita_core import thai, words
from ita_core.board import headline
from ita_core.board.progress import ItemStanding, SlotStanding
from ita_core.language import _
from ita_core.models import DutyKind
from ita_core.queries import Event, ItemDetail
from pages.parts import evidence_list, marks


def head(detail: ItemDetail, standing: ItemStanding) -> Markup:
    """Stage, numbers, deadline and people in two lines."""
    named = {
        _("Supervised by"): detail.snapshot.named(detail.item.id, DutyKind.supervise),
        _("Prepared by"): detail.snapshot.named(detail.item.id, DutyKind.prepare),
    }
    late = standing.tally.overdue
    overdue = f" · {_('Overdue')} " + _("{slots} slots").format(slots=late) if late else ""
    lines = [
        Markup("{} <b>{}/{}</b> · {} {}{}").format(
            _(words.STAGES[standing.stage]), standing.tally.accepted, standing.tally.slots, _("Due"),
            marks.due_text(standing), overdue,
        )
    ]  # fmt: skip
    lines += [
        Markup("{}: {}").format(label, ", ".join(person.full for person in people))
        for label, people in named.items()
        if people
    ]
    if detail.nobody:
        lines.append(Markup("{}").format(detail.nobody))
    return Markup('<div style="line-height:1.7">{}</div>').format(marks.joined(lines, Markup("<br>")))


def slots(standing: ItemStanding) -> Markup:
    """The requirements as rows; months as columns where the item has months."""
    months = list(dict.fromkeys(slot.slot.key.period for slot in standing.slots if slot.slot.key.period))
    columns = months or [""]
    rows = []
    for requirement in standing.item.requirements:
        mine = [slot for slot in standing.slots if slot.slot.requirement is requirement]
        cells = [
            Markup('<td class="mark">{}</td>').format(
                marks.joined(
                    _mark(slot)
                    for slot in mine
                    if slot.slot.key.period in {column, ""} and _here(slot, column, columns)
                )
            )
            for column in columns
        ]
        title = (
            Markup("{}<details><summary>{}</summary><small>{}</small></details>").format(
                requirement.title, _("Explanation"), requirement.note
            )
            if requirement.note
            else requirement.title
        )
        rows.append(Markup("<tr><td>{}</td>{}</tr>").format(title, marks.joined(cells)))
    heads = [Markup('<th scope="col">{}</th>').format(_("Must be shown"))]
    heads += [
        Markup('<th scope="col" class="mark">{}</th>').format(thai.period_text(one) if one else "") for one in columns
    ]
    return Markup(
        '<div class="ita-scroll"><table class="ita-board slots"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(marks.joined(heads), marks.joined(rows))


def _here(slot: SlotStanding, column: str, columns: list[str]) -> bool:
    """A requirement without months stands under the last one: it is due with the last report."""
    return slot.slot.key.period == column or (not slot.slot.key.period and column == columns[-1])


def _mark(slot: SlotStanding) -> Markup:
    face = headline.face(slot)
    key = slot.slot.key
    both = [words.format_word(key.format), words.language_word(key.language)]
    short = " ".join(part for part in both if part) or marks.word(face)
    says = f"{words.slot_label(slot.slot)}: {marks.word(face)} · {_('Due')} {thai.date_text(slot.slot.due)}"
    return Markup('<span title="{}">{}</span> ').format(says, marks.badge(face, short))


def history(events: tuple[Event, ...]) -> Markup:
    """What happened, newest first."""
    row = Markup('<tr><td class="when">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>')
    rows = [
        row.format(
            thai.moment_text(event.at),
            _(words.EVENTS[event.what]),
            event.by,
            " · ".join(
                part for part in (evidence_list.name(event.evidence) if event.evidence else "", event.text) if part
            ),
        )
        for event in events
    ]
    return Markup(
        '<div class="ita-scroll"><table class="ita-board slots ita-history"><tbody>{}</tbody></table></div>'
    ).format(marks.joined(rows))
