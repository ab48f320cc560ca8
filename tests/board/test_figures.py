"""The figures of the overview, and the cells of an item."""

from datetime import date

from ita_core.board import headline, progress
from ita_core.board.headline import Face
from ita_core.board.progress import Records, SlotKey
from tests.board.two_items import ENDS, ITEMS, OCTOBER_PDF, all_accepted, board_on, handed_in


def test_the_board_shows_a_cell_for_each_month_and_for_each_of_a_number():
    standing = board_on(date(2024, 11, 10), handed_in(1, OCTOBER_PDF, on=date(2024, 11, 9))).by_code
    october, november = headline.cells(standing["O6"], date(2024, 11, 10))
    assert (october.period, october.face, october.slots, october.ahead) == ("2024-10", Face.overdue, 2, False)
    assert (november.face, november.ahead) == (Face.missing, True)
    assert len(headline.cells(standing["O18"], date(2024, 11, 10))) == 5


def test_the_figures_say_how_long_the_oldest_waits_and_what_awaits_approval():
    waits = handed_in(2, SlotKey(2, ordinal=1), item=2, on=date(2024, 11, 1))
    records = Records([all_accepted(), waits])
    day = date(2024, 11, 10)
    found = headline.figures(progress.board(ITEMS, records, day=day, year_ends=ENDS), records)
    assert (found.waiting, found.waiting_days) == (1, 9)
    assert (found.to_approve, found.to_approve_since) == (("O6",), date(2024, 10, 30))
    assert (found.accepted, found.planned, found.overdue_slots) == (0.5, 0.25, 0)


def test_the_longest_overdue_item_is_the_most_urgent():
    assert [one.item.code for one in headline.by_urgency(board_on(date(2025, 5, 1)).items)] == ["O6", "O18"]
