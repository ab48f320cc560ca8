"""What stands in the way of an item's points before it is filed."""

from datetime import date

from ita_core.board import readiness
from ita_core.board.headline import Face
from ita_core.models import Decision
from tests.board.two_items import ACTIVITIES, OCTOBER_PDF, all_accepted, board_on, handed_in

DAY = date(2024, 12, 5)


def test_what_is_not_accepted_stands_by_requirement_and_face_the_most_urgent_first():
    back = handed_in(1, OCTOBER_PDF, on=date(2024, 10, 30), reviewed=date(2024, 10, 31), decision=Decision.returned)
    news = handed_in(2, ACTIVITIES.slots[0].key, item=2, on=DAY)
    monthly, activities = board_on(DAY, back, news).items
    assert [(one.face, len(one.slots)) for one in readiness.gaps(monthly)] == [(Face.overdue, 3), (Face.returned, 1)]
    assert [(one.face, len(one.slots)) for one in readiness.gaps(activities)] == [(Face.waiting, 1), (Face.missing, 4)]


def test_of_a_whole_item_there_is_nothing_and_its_evidence_is_what_counts():
    board = board_on(DAY, all_accepted(7))
    assert readiness.gaps(board.items[0]) == []
    assert readiness.accepted_ids(board.items) == {7}
