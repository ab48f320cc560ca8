"""The board by month: what is due in a month, which steps lie in it, and the monthly reports."""

from datetime import UTC, date, datetime

import pytest

from ita_core.board import months, progress, timeline
from ita_core.board.headline import Face
from ita_core.board.months import StepPart
from ita_core.board.progress import Board, HandIn, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.board.steps import StepFacts
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind

DAY = date(2025, 3, 15)
YEAR = timeline.months(date(2024, 10, 1), date(2025, 9, 30))
PERIODS = ("2025-01", "2025-02", "2025-03")
REPORT = RequirementFacts(
    1, "report", "รายงาน", Cadence.monthly, PERIODS, ("pdf", "word"),
    dues={"2025-01": date(2025, 2, 1), "2025-02": date(2025, 3, 1), "2025-03": date(2025, 4, 1)},
)  # fmt: skip
FEBRUARY = {"": date(2025, 2, 28)}
CHART = RequirementFacts(2, "chart", "ผัง", Cadence.once, dues=FEBRUARY, first_dues={"": date(2025, 1, 31)})
LIST = RequirementFacts(3, "list", "รายชื่อ", Cadence.once, dues=FEBRUARY)
O1 = ItemFacts(11, "O1", "โครงสร้าง", ItemKind.oit, Cadence.once, (CHART, LIST), due=date(2025, 2, 28))
O6 = ItemFacts(16, "O6", "ผลการปฏิบัติงาน", ItemKind.oit, Cadence.monthly, (REPORT,))


def accepted(number: int, item: ItemFacts, on: date, *keys: SlotKey) -> HandIn:
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    return HandIn(number, item.id, EvidenceKind.file, keys, at, 1, "x", None, at, Decision.accepted, 2)


def january(fmt: str) -> SlotKey:
    return SlotKey(1, "2025-01", fmt)


def board(*hand_ins: HandIn, day: date = DAY) -> Board:
    return progress.board([O1, O6], Records(hand_ins), day=day, year_ends=date(2025, 9, 30))


def test_each_slot_counts_in_the_month_in_which_it_is_due():
    found = {one.name: one.tally for one in months.months(board().items, YEAR)}
    assert next(iter(found)) == "2024-10"
    assert len(found) == 12
    assert {name: tally.slots for name, tally in found.items() if tally.slots} == {
        "2025-02": 4, "2025-03": 2, "2025-04": 2,
    }  # fmt: skip
    assert [found[name].overdue for name in ("2025-02", "2025-03", "2025-04")] == [4, 2, 0]


def test_what_is_due_outside_these_months_is_in_none_of_them():
    assert [one.tally.slots for one in months.months(board().items, YEAR[:4])] == [0, 0, 0, 0]


def test_the_earliest_comes_first_an_item_once_for_each_day():
    found = months.due_in(board().items, "2025-02")
    assert [(one.standing.item.code, one.due, len(one.slots)) for one in found] == [
        ("O6", date(2025, 2, 1), 2), ("O1", date(2025, 2, 28), 2),
    ]  # fmt: skip
    assert months.due_in(board().items, "2025-07") == []


def test_a_group_says_what_is_open_and_how_late():
    report, chart = months.due_in(board(accepted(1, O6, date(2025, 2, 5), january("pdf"))).items, "2025-02")
    assert (report.face, report.tally.accepted, report.days_late) == (Face.overdue, 1, 42)
    assert (report.periods, report.open_titles) == (("2025-01",), ("รายงาน",))
    assert (chart.periods, chart.open_titles, chart.days_late) == ((), ("ผัง", "รายชื่อ"), 15)
    assert (chart.first_due, report.first_due) == (date(2025, 1, 31), date(2025, 2, 1))


def test_what_was_accepted_late_keeps_its_days():
    report, _chart = months.due_in(
        board(
            accepted(1, O6, date(2025, 2, 5), january("pdf")), accepted(2, O6, date(2025, 2, 1), january("word"))
        ).items,
        "2025-02",
    )  # fmt: skip
    assert (report.face, report.days_late, report.open_titles) == (Face.accepted, 4, ())


@pytest.mark.parametrize(
    ("month", "part"),
    [
        ("2024-12", None),
        ("2025-01", StepPart.begins),
        ("2025-02", StepPart.runs),
        ("2025-03", StepPart.ends),
        ("2025-04", None),
    ],
)
def test_the_steps_of_a_month_and_what_they_do_in_it(month: str, part: StepPart | None):
    step = StepFacts("ช่วง", 1, "ขั้น", "งาน", date(2025, 1, 15), date(2025, 3, 1), date(2025, 1, 15), date(2025, 3, 1))
    assert months.steps_in([step], month) == ([(step, part)] if part else [])


def test_a_step_within_one_month_begins_and_ends_in_it():
    days = date(2025, 6, 17), date(2025, 6, 24)
    assert months.steps_in([StepFacts("ช่วง", 9, "ขั้น", "", *days, *days)], "2025-06")[0][1] is StepPart.whole


def test_the_strip_has_the_monthly_items_with_their_months_and_totals():
    found = months.strip(board(accepted(1, O6, date(2025, 2, 1), january("pdf"), january("word"))).items, DAY)
    assert [standing.item.code for standing, _cells in found.rows] == ["O6"]
    assert found.periods == PERIODS
    cells = found.rows[0][1]
    assert [cells[period].face for period in PERIODS] == [Face.accepted, Face.overdue, Face.missing]
    assert [cells[period].ahead for period in PERIODS] == [False, False, True]
    assert [(found.totals[one].accepted, found.totals[one].overdue) for one in PERIODS] == [(2, 0), (0, 2), (0, 0)]


def test_without_a_monthly_item_the_strip_is_empty():
    assert months.strip([one for one in board().items if one.item.code == "O1"], DAY).rows == ()
