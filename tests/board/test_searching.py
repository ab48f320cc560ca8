"""Words found in running text, whatever the two ways of writing it."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ita_core.board import searching
from ita_core.board.searching import asked, excerpt, fold, marked

THAI = st.text(st.sampled_from([chr(sign) for sign in range(0x0E01, 0x0E5C)] + list(" \u200bO017.-aB")), max_size=60)
ANY = st.one_of(THAI, st.text(max_size=60))


def finds(typed: str, text: str) -> bool:
    return searching.stands_in(asked(typed), fold(text))


@given(ANY)
@example("น้ำ")
@example("น\u0e4d\u0e49า")
@example("เเเ")
@example("ก\u0e48\u0e34\u0e48\u0e34")
@example("ﬁ①Ⅷ\u2126\uff9e")
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)


@given(ANY)
@example("a \u200b b")
@example("เ\u200bเ")
@example("\u0e49น้ำ")
@example("ｶﾞ각")
def test_a_text_in_pieces_is_the_very_text_and_its_parts_fold_as_the_whole(text: str):
    units = list(searching._units(text))
    assert "".join(units) == text
    assert "".join(map(fold, units)) == fold(text)
    assert "".join(one.text for one in marked(text, asked(text))) == text


@given(ANY, ANY, ANY)
@example("", "O01", "")
@example("งาน", "น้ำ", "ประปา")
def test_every_word_of_a_text_is_found_in_it_and_marked(before: str, text: str, after: str):
    """Each as it stands between blanks, the signs before and after it whatever they are."""
    for word in text.split():
        whole = f"{before} {word} {after}"
        for known in asked(word):
            assert known.stands_in(fold(whole))
            assert any(one.found for one in marked(whole, [known]))


@given(THAI, st.data())
def test_any_part_of_thai_running_text_is_found(text: str, data: st.DataObject):
    units = [one for one in searching._units(text) if fold(one).strip() and not fold(one).isascii()]
    whole = "".join(units)
    start = data.draw(st.integers(0, len(units)))
    part = "".join(units[start : data.draw(st.integers(start, len(units)))])
    assert all(word.stands_in(fold(whole)) for word in asked(part))


SAME: Sequence[tuple[str, str]] = [
    ("จัดทำ", "การจัดท\u0e4dา"), ("จัดท\u0e4dา", "จัดทำงบ"), ("น้ำ", "น\u0e4d\u0e49า"), ("น\u0e49\u0e4dา", "น้ำ"),
    ("ที่", "ท\u0e48\u0e35"), ("๒๕๖๘", "ปี 2568"), ("2568", "ปี ๒๕๖๘"), ("e-service", "E-Service"), ("PDF", "ｐｄｆ"),
    ("แผน", "เเผน"), ("งบประมาณ", "งบ\u200bประมาณ"), ("งบ\u202eประมาณ", "งบประมาณ"), ("งบ", "แผนการใช้จ่ายงบประมาณ"),
    ("O1", "O1"), ("o1", "ไฟล์ O1"), ("o 1", "O1 โครงสร้าง"), ("O1", "o 1"), ("O1", "O-01"), ("O07", "O7"),
    ("O7", "O07-คู่มือ.pdf"), ("O๗", "o7"), ("  แผน \t งบ ", "งบและแผน"),
    ("ข้อ 7", "O7"), ("ข้อ๗", "ข้อ O07"), ("ข้อ 7", "ตามข้อ ๗ ของระเบียบ"), ("ข้อ O7", "O7 คู่มือ"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "text"), SAME)
def test_what_is_written_in_two_ways_is_the_same(typed: str, text: str):
    assert finds(typed, text)
    assert any(one.found for one in marked(text, asked(typed)))


@pytest.mark.parametrize(
    ("typed", "text"),
    [("O1", "O10"), ("O1", "O11 O12"), ("o1", "ISO1"), ("O10", "O1 0x"), ("แผน งบ", "แผน"), ("%", "ร้อยละ"),
     ("_", "ก"), ("งบ*", "งบประมาณ"), ("งบ OR แผน", "งบ"), ("ข้อ 7", "ข้อ 71 O17 O10")],
)  # fmt: skip
def test_what_is_another_thing_is_not_found(typed: str, text: str):
    assert not finds(typed, text)


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u202e\x00", "\n\t"])
def test_nothing_typed_asks_for_nothing(typed: str):
    assert asked(typed) == ()


def test_what_is_asked_is_bounded():
    assert asked("ก" * 5000) == asked("ก" * searching.LONGEST)
    assert len(asked(" ".join(f"{number}" for number in range(90)))) == searching.MOST_WORDS


def test_a_mark_takes_the_signs_of_its_letter_with_it():
    """ "ที" stands in "ที่": the tone is not left alone."""
    assert [(one.text, one.found) for one in marked("หน้าที่ของ", asked("ที"))] == [
        ("หน้า", False), ("ที่", True), ("ของ", False),
    ]  # fmt: skip


@given(ANY, ANY, THAI.filter(lambda text: bool(fold(text).strip())))
def test_a_long_text_is_cut_around_what_was_found(before: str, after: str, word: str):
    words = asked(word)
    long = f"{before * 9} {word} {after * 9}"
    shown = excerpt(long, words)
    assert any(one.found for one in shown)
    plain = "".join(one.text for one in shown)
    assert "".join(plain.removeprefix("…").removesuffix("…").split()) in "".join(long.split()) + "…"
    assert excerpt("สั้น งบ", asked("งบ")) == marked("สั้น งบ", asked("งบ"))
