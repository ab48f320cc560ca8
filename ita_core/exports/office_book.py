"""The workbook that a commander forwards: one file with a summary in native charts, items, officers, months, what is
overdue, and an index of the evidence. `dressing` says how its sheets look, `book_charts` draws the charts.

Like the tables it is made of a snapshot that was restricted to who asks (`Snapshot.visible_to`), and of nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from ita_core import thai, words
from ita_core.board import headline, months, progress, timeline, turns, workload
from ita_core.board.headline import Face
from ita_core.board.progress import Board, ItemStanding, SlotStanding
from ita_core.days import period_of
from ita_core.exports import tables
from ita_core.exports.book_parts import Cell, Chart, Column, Series, Sheet, Summary
from ita_core.exports.tables import Value, in_thai
from ita_core.language import _
from ita_core.models import DutyKind
from ita_core.queries import EvidenceFacts, PartyFacts, Snapshot
from ita_core.waiting import Progress, silent

NAME = "workbook"  # as the command and the file call it
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FACES = (Face.accepted, Face.waiting, Face.returned, Face.overdue, Face.missing)


def make(
    snapshot: Snapshot, evidence: Iterable[EvidenceFacts], day: date, *, only: int | None = None, home: str = "",
    progress: Progress = silent,
) -> bytes:  # fmt: skip
    """The whole workbook as of `day`; Thai, with days of the Buddhist era whoever asks: it is read by others.

    `only` is the id of whoever sees some items only (`tables.officers`). `home` is where the app is served: with it,
    pieces of evidence are links. `progress` is told of rows.
    """
    from ita_core.exports import dressing  # openpyxl takes a moment: only who makes a workbook waits for it

    with in_thai():
        board = snapshot.board(day)
        overview = _summary(snapshot, board, all_items=only is None)
        sheets = [
            _items(snapshot, board), _officers(snapshot, board, only), _months(snapshot, board),
            _overdue(snapshot, board), _evidence(snapshot, evidence, day, home),
        ]  # fmt: skip
        footer = f"{snapshot.assessment.office} · {_('On {day}').format(day=thai.date_text(day))}"
        return dressing.make(overview, sheets, footer=footer, progress=progress)


# --- the summary -----------------------------------------------------------------------------------------------------


def _summary(snapshot: Snapshot, board: Board, *, all_items: bool) -> Summary:
    """Of the disclosure items, as the overview counts; of the measures for whoever has no other."""
    of, day = snapshot.assessment, board.day
    said = [of.office, _("As it stood at the end of {day}.").format(day=thai.long_date_text(day))]
    if not all_items:
        said.append(_("Only what belongs to your duties is in these files."))
    return Summary(
        _("ITA fiscal year {year}").format(year=of.fiscal_year),
        tuple(said),
        _counted(board),
        _figures(snapshot, board) if board.oit else [],
        _over_time(snapshot, board),
        _by_month(snapshot, board.oit or board.items),
        _indicators(snapshot, board) if all_items else None,
        _by_officer(snapshot, board) if all_items else None,
    )  # fmt: skip


def _counted(board: Board) -> str:
    if not board.oit:
        return _("There is no disclosure item (OIT) here: measures are counted.")
    return _("Figures and charts count the disclosure items (OIT), as the overview does; the other sheets have the "
             "office's measures too.")  # fmt: skip


def _figures(snapshot: Snapshot, board: Board) -> list[tuple[str, str, str, Face | None]]:
    of, now, slots = snapshot.assessment, snapshot.figures(board.day), workload.totals(board.oit)
    pace, left = headline.pace(board.oit, board.day), (of.closes - board.day).days
    points = round((now.accepted - now.planned) * 100)
    against = _("as planned")
    if points:
        against = _("{points} points behind plan") if points < 0 else _("{points} points ahead of plan")
    if not pace.left:
        told = _("All accepted"), ""
    elif pace.day is None:
        says = _("too little to tell: {accepted} slots in four weeks, {left} left")
        told = "–", says.format(accepted=pace.accepted, left=pace.left)
    else:
        days = (pace.day - of.closes).days
        after = _("{days} days after the window closes") if days > 0 else _("{days} days before the window closes")
        told = thai.date_text(pace.day), after.format(days=abs(days))
    overdue = _("{slots} slots overdue in {items} items of {officers} officers")
    closes = thai.date_text(of.closes)
    return [
        (_("Accepted against planned"), f"{now.accepted:.0%} / {now.planned:.0%}",
         against.format(points=abs(points)) + " · " + _("by slots {share:.0%}").format(share=slots.progress),
         Face.accepted),
        (_("Overdue"), _("{slots} slots").format(slots=now.overdue_slots),
         overdue.format(slots=now.overdue_slots, items=now.overdue_items, officers=now.overdue_officers)
         if now.overdue_slots else "", Face.overdue if now.overdue_slots else None),
        (_("Waiting for review"), _("{pieces} pieces").format(pieces=now.waiting),
         _("the oldest for {days} days").format(days=now.waiting_days) if now.waiting else _("nothing waits"),
         Face.waiting),
        (_("Waiting for the commander"), _("{items} items").format(items=len(now.to_approve)),
         " · ".join(now.to_approve) or _("nothing waits"), Face.waiting),
        (_("All accepted, at the pace of four weeks"), *told, None),
        (_("OIT window"), closes, _("{days} days until the OIT window closes").format(days=left) if left >= 0
         else _("the OIT window closed on {day}").format(day=closes), None),
        (_("Target"), f"{of.target:g}", "", None),
    ]  # fmt: skip


def _over_time(snapshot: Snapshot, board: Board) -> Chart:
    """Accepted against planned, as the overview draws it."""
    of, items = snapshot.assessment, [one.item for one in board.oit]
    if not items:
        return Chart(_("Accepted against planned"), [], [], share=True)
    past = dict(progress.accepted_over_time(board.oit, headline.days(of.starts, board.day), of.ends))
    until = headline.days(of.starts, of.closes)
    days = sorted({*past, *until})
    planned: list[float | None] = [progress.planned_share(items, one) if one <= of.closes else None for one in days]
    accepted = Series(_("Accepted"), [past.get(one) for one in days], Face.accepted)
    return Chart(_("Accepted against planned"), days, [accepted, Series(_("Planned"), planned)], share=True)


def _by_month(snapshot: Snapshot, items: Iterable[ItemStanding]) -> Chart:
    """What of these is due in each month, and how it stands."""
    firsts = timeline.months(snapshot.assessment.starts, snapshot.assessment.ends)
    due: dict[str, list[SlotStanding]] = {period_of(first): [] for first in firsts}
    for standing in items:
        for slot in standing.slots:
            if slot.slot.due and (month := period_of(slot.slot.due)) in due:
                due[month].append(slot)
    return Chart(_("Slots by the month they are due in"), [thai.period_text(one) for one in due], _faces(due.values()))


def _indicators(snapshot: Snapshot, board: Board) -> Chart:
    """Called as the revision in force on the day calls them."""
    titles = {number: one.title for number, one in snapshot.plan.framework.indicators.items()}
    shares = progress.indicator_shares(board.oit)
    planned: list[float | None] = [
        progress.planned_share([one.item for one in board.oit if one.item.indicator == number], board.day)
        for number in shares
    ]
    labels = [f"{number} {titles[number]}" for number in shares]
    accepted = Series(_("Accepted"), list(shares.values()), Face.accepted)
    return Chart(_("Indicators"), labels, [accepted, Series(_("Planned"), planned)], share=True)


def _by_officer(snapshot: Snapshot, board: Board) -> Chart:
    """The slots of the items that each prepares; whoever needs help first comes first."""
    listed = workload.preparing(board.oit)
    of_each = [[slot for standing in one.items for slot in standing.slots] for one in listed]
    return Chart(
        _("Officers: slots they prepare"), [snapshot.people[one.officer_id].short for one in listed], _faces(of_each)
    )


def _faces(groups: Iterable[Sequence[SlotStanding]]) -> list[Series]:
    counts = [Counter(map(headline.face, slots)) for slots in groups]
    return [Series(words.face_word(face), [float(one[face]) for one in counts], face) for face in FACES]


# --- the sheets ------------------------------------------------------------------------------------------------------


def _items(snapshot: Snapshot, board: Board) -> Sheet:
    columns = (
        Column(_("Item"), 7),
        Column(_("Title"), 36),
        Column(_("Indicator"), 9, Value.number, centred=True),
        Column(_("Kind"), 22),
        Column(_("Due"), 15, Value.date),
        Column(_("Stage"), 16),
        Column(_("State"), 13, centred=True),
        Column(_("Has to hand in"), 28),
        Column(_("Has to review"), 20),
        Column(_("Slots"), 11, Value.number),
        *(Column(words.face_word(face), 9, Value.number) for face in FACES if face is not Face.overdue),
        Column(_("Overdue"), 10, Value.number),
        Column(_("Progress"), 12, Value.share, bar=True),
        Column(_("Supervised by"), 44),
        Column(_("Prepared by"), 54),
    )
    rows: list[list[object]] = []
    for one in board.items:
        tally = one.tally
        face = Face.overdue if tally.overdue else headline.item_face(one)  # as lists mark it, whatever came late
        turn = turns.turn(one.item, one.slots, sent_back=one.sent_back)
        rows.append([
            one.item.code, one.item.title, one.item.indicator, _(words.KINDS[one.item.kind]),
            one.item.due or _(words.CADENCES[one.item.cadence]), _stage(one), _state(face),
            _short(snapshot, turn.hand_in), _short(snapshot, turn.decide), tally.slots, tally.accepted, tally.waiting,
            tally.returned, tally.missing, Cell(tally.overdue, Face.overdue if tally.overdue else None), one.progress,
            _full(snapshot.named(one.item.id, DutyKind.supervise)),
            _full(snapshot.named(one.item.id, DutyKind.prepare)),
        ])  # fmt: skip
    return Sheet(_("Items"), columns, rows)


def _officers(snapshot: Snapshot, board: Board, only: int | None) -> Sheet:
    made = tables.officers(snapshot, board, only)
    wide = {"name": 24, "rank": 13, "prepares": 36, "supervises": 36, "slots": 17}
    chosen = [one for one in made.columns if one.key not in {"aliases", "confirm"}]
    said = {"slots": _("Slots of OIT and measures")}
    columns = tuple(
        Column(said.get(one.key, _(one.heading)), wide.get(one.key, 11), one.value, bar=one.key == "on_time")
        for one in chosen
    )
    rows: list[list[object]] = []
    for row in made.rows:
        late = Cell(row["overdue"], Face.overdue if row["overdue"] else None)
        rows.append([late if one.key == "overdue" else one.shown(row[one.key]) for one in chosen])
    return Sheet(_("Officers"), columns, rows)


def _months(snapshot: Snapshot, board: Board) -> Sheet:
    """The monthly items: a column for each month reported on, as the page of the months has them."""
    data = months.strip(board.items, board.day)
    columns = (
        Column(_("Item"), 7),
        Column(_("Title"), 44),
        *(Column(thai.period_text(period), 11, centred=True) for period in data.periods),
    )
    rows: list[list[object]] = [
        [_to_item(snapshot, one.item.code), one.item.title, *(_month(cells.get(period)) for period in data.periods)]
        for one, cells in data.rows
    ]
    return Sheet(_("Month by month"), columns, rows, _("No item reports every month."))


def _month(cell: headline.Cell | None) -> object:
    if cell is None:
        return ""
    if cell.ahead:
        return Cell("–")
    return Cell(f"{words.SIGNS[cell.face]} {cell.accepted}/{cell.slots}", cell.face)


def _overdue(snapshot: Snapshot, board: Board) -> Sheet:
    columns = (
        Column(_("Item"), 7),
        Column(_("Title"), 34),
        Column(_("Kind"), 16),
        Column(_("Requirement"), 35),
        Column(_("Slot"), 20),
        Column(_("Due"), 15, Value.date),
        Column(_("Days late"), 10, Value.number),
        Column(_("State"), 15, centred=True),
        Column(_("Has to hand in"), 26),
        Column(_("Has to review"), 20),
    )
    late = [(standing, slot) for standing in board.items for slot in standing.slots if slot.overdue]
    rows: list[list[object]] = []
    for standing, slot in sorted(late, key=lambda one: -one[1].days_late):
        turn = turns.turn(standing.item, [slot])
        rows.append([
            _to_item(snapshot, standing.item.code), standing.item.title, _(words.KINDS[standing.item.kind]),
            slot.slot.requirement.title,
            words.slot_place(slot.slot), slot.slot.due, slot.days_late, _state(headline.face(slot)),
            _short(snapshot, turn.hand_in), _short(snapshot, turn.decide),
        ])  # fmt: skip
    return Sheet(_("Overdue"), columns, rows, _("Nothing is overdue."))


def _evidence(snapshot: Snapshot, handed_in: Iterable[EvidenceFacts], day: date, home: str) -> Sheet:
    """Every piece that is not withdrawn; a file is a link where the app is reached, a link one to where it leads."""
    columns = (
        Column(_("Item"), 7),
        Column(_("Evidence"), 32),
        Column(_("Kind"), 9),
        Column(_("Covers"), 40),
        Column(_("State"), 15, centred=True),
        Column(_("Handed in by"), 17),
        Column(_("Handed in at"), 20, Value.moment),
        Column(_("Reviewed by"), 17),
        Column(_("Reviewed at"), 20, Value.moment),
        Column(_("Reason"), 20),
    )
    made = tables.evidence(snapshot, handed_in, day)
    shown = {one.key: one.shown for one in made.columns}
    kinds = {"accepted": Face.accepted, "returned": Face.returned, "waiting": Face.waiting}
    rows: list[list[object]] = []
    places = {item.code: number for number, item in enumerate(snapshot.items)}
    for row in sorted(made.rows, key=lambda one: (places[one["item"]], one["at"])):
        if row["state"] == "withdrawn":
            continue
        link = f"{home}/evidence/{row['id']}" if home and row["sha256"] else row["url"] or ""
        kind = words.format_word(row["format"]) if row["format"] else shown["kind"](row["kind"])
        what = row["file_name"] or row["url"] or row["note"] or kind
        rows.append([
            _to_item(snapshot, row["item"]), Cell(what, link=link), kind, shown["slots"](row["slots"]),
            _state(kinds[row["state"]]), row["by"], shown["at"](row["at"]), row["reviewed_by"],
            shown["reviewed_at"](row["reviewed_at"]), row["reason"],
        ])  # fmt: skip
    return Sheet(_("Evidence index"), columns, rows, _("Nothing has been handed in yet."))


def _to_item(snapshot: Snapshot, code: str) -> Cell:
    """The item's code, which leads to its row on the sheet of the items."""
    row = next(number for number, item in enumerate(snapshot.items, start=2) if item.code == code)
    return Cell(code, link=f"#'{_('Items')}'!A{row}")


def _stage(one: ItemStanding) -> str:
    return words.stage_word(one) + (f" ↺ {_('Approval lapsed')}" if one.approval_lapsed else "")


def _state(face: Face) -> Cell:
    return Cell(f"{words.SIGNS[face]} {words.face_word(face)}", face)


def _short(snapshot: Snapshot, officers: Iterable[int]) -> str:
    return ", ".join(snapshot.people[one].short for one in officers)


def _full(parties: Iterable[PartyFacts]) -> str:
    return ", ".join(dict.fromkeys(one.full for one in parties))
