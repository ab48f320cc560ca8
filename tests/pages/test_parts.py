"""What pages share, as view data: no page is drawn here, and no HTML is read."""

from datetime import date

import pytest

from ita_core import language
from ita_core.board.headline import Face
from ita_core.board.progress import Tally
from ita_core.board.timeline import Due, Row, RowKind, RowState, Window
from pages.parts import gantt_shapes, gantt_words, marks, meeting_split
from pages.parts.gantt_shapes import Shape
from pages.parts.marks import Whose
from pages.parts.meeting_split import ROOM, Part, Table

YEAR = Window(date(2024, 10, 1), date(2025, 9, 30))
TODAY = date(2025, 3, 15)


@pytest.fixture(autouse=True)
def _english():
    language.use("en")
    yield
    language.use("th")


# --- marks -----------------------------------------------------------------------------------------------------------


def test_a_mark_has_its_word():
    assert marks.badge(Face.overdue) == marks.Badge("overdue", "!", "Overdue")
    assert marks.badge(Face.waiting, "To approve").text == "To approve"
    assert [one.sign for one in marks.legend()] == ["✓", "◔", "↩", "!", "○"]


def test_lines_stand_one_below_another():
    """Markdown takes two blanks before a line's end for a new line, the line's end alone for a blank."""
    assert marks.plain("plan: target\nplan: about") == "plan\\: target  \nplan\\: about"


@pytest.mark.parametrize(
    ("hand_in", "decide", "said"),
    [
        (("A", "B"), (), "A, B"),
        ((), ("C",), "review: C"),
        (("A",), ("C", "D"), "A · review: C, D"),
        ((), (), "nobody yet"),
    ],
)
def test_whose_turn_it_is_in_words(hand_in: tuple[str, ...], decide: tuple[str, ...], said: str):
    assert Whose(hand_in, decide).text == said


def test_a_bar_of_work_has_its_parts_in_order_and_none_without_slots():
    bar = marks.work_bar("A", Tally(slots=8, accepted=4, waiting=2, overdue_open=1))
    assert [(part.face, part.width) for part in bar.parts] == [("accepted", 50), ("waiting", 25), ("overdue", 12.5)]
    assert (bar.text, bar.planned) == ("50%", None)
    assert marks.work_bar("A", Tally()).parts == ()


def test_a_choice_knows_which_is_chosen():
    chosen = marks.choice("state", {"": "All", "open": "Open"}, "open")
    assert [(one.value, one.chosen) for one in chosen.options] == [("", False), ("open", True)]


# --- the timeline ----------------------------------------------------------------------------------------------------


def step(starts: date, ends: date, state: RowState = RowState.ahead) -> Row:
    return Row(RowKind.step, "4", "step", state, starts=starts, ends=ends)


def test_a_step_has_its_bar_and_its_days_beside_it():
    bar, words = gantt_shapes.of(step(date(2025, 1, 1), date(2025, 1, 31)), YEAR, TODAY)
    assert (bar.tag, bar.name) == ("i", "b")
    assert words == Shape("em", "d", bar.left + bar.width, text="1 Jan – 31 Jan")


def test_words_stand_left_of_a_bar_near_the_end_and_within_one_that_fills_the_axis():
    near, _words = gantt_shapes.of(step(date(2025, 9, 1), date(2025, 9, 30)), YEAR, TODAY)
    assert _words == Shape("em", "d lf", near.left, text="1 Sep – 30 Sep")
    *_bar, within = gantt_shapes.of(step(date(2024, 10, 1), date(2025, 9, 30)), YEAR, TODAY)
    assert (within.name, within.left) == ("d mid", 50)


def test_a_step_outside_the_month_shown_leaves_a_sign():
    march = Window.of_month(date(2025, 3, 1))
    [sign] = gantt_shapes.of(step(date(2024, 12, 1), date(2024, 12, 31)), march, TODAY)
    assert sign == Shape("u", "cut", text="◂ 31 Dec", title="31 Dec 2024")


def test_a_moved_deadline_shows_where_it_stood_first():
    moved = Due(day=date(2025, 3, 20), first=date(2025, 2, 28), met=False, missed=False)
    row = Row(RowKind.item, "O7", "item", RowState.ahead, dues=(moved,))
    assert [shape.name for shape in gantt_shapes.of(row, YEAR, TODAY)] == ["j", "f", "m"]
    assert gantt_words.moves(row) == ["was 28 Feb → 20 Mar"]


# --- the meeting's screens -------------------------------------------------------------------------------------------


def rows(*lines: int) -> list[meeting_split.Row]:
    return [meeting_split.Row(number, height) for number, height in enumerate(lines)]


def test_a_table_goes_on_on_the_next_screen_and_its_lead_stands_on_the_first():
    parts = meeting_split.tables("overdue", rows(*[2] * 12), lead="so many")
    assert len(parts) > 1
    assert [part.view.lead for part in parts if isinstance(part.view, Table)] == ["so many", *[""] * (len(parts) - 1)]
    shown = [row for part in parts if isinstance(part.view, Table) for row in part.view.rows]
    assert shown == list(range(12))
    assert all(part.height <= ROOM for part in parts)


def test_a_heading_stands_on_the_screen_of_the_row_it_leads_to():
    tall = meeting_split.Row("row", 6)
    heading = meeting_split.Row("heading", 1, leads=True)
    [first, second] = meeting_split.screens([tall, heading, tall], room=tall.height + heading.height + 1)
    assert [row.view for row in first] == ["row"]
    assert [row.view for row in second] == ["heading", "row"]


def test_no_rows_make_no_table():
    assert meeting_split.tables("overdue", []) == []


def test_parts_that_fit_together_stand_on_one_screen():
    half, small = Part("a", None, ROOM / 2), Part("b", None, 3)
    assert meeting_split.together([half, small, half]) == [[half, small], [half]]
    assert meeting_split.together([Part("record", None), small]) == [[Part("record", None)], [small]]
