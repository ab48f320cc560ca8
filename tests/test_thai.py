"""Buddhist-era dates, fiscal years, names and ranks."""

from datetime import UTC, date, datetime

import pytest

from ita_core import language, thai
from ita_core.days import day_of, end_of, fiscal_bounds, fiscal_year, period_end


def test_dates_are_of_the_buddhist_era_in_thai_and_of_the_christian_in_english():
    assert thai.date_text(date(2025, 2, 28)) == "28 Feb 2025"
    language.use("th")
    assert thai.date_text(date(2025, 2, 28)) == "28 ก.พ. 68"
    assert thai.date_text(date(2025, 2, 28), year=False) == "28 ก.พ."
    assert thai.long_date_text(date(2025, 2, 28)) == "28 กุมภาพันธ์ 2568"
    assert thai.period_text("2024-10") == "ต.ค. 67"
    assert thai.moment_text(datetime(2025, 2, 27, 18, 5, tzinfo=UTC)) == "28 ก.พ. 68 01:05"


@pytest.mark.parametrize("spoken", ["th", "en"])
def test_a_day_and_a_moment_in_a_text_are_not_broken(spoken: str):
    language.use(spoken)
    day, moment = thai.date_text(date(2025, 2, 8)), thai.moment_text(datetime(2025, 2, 27, 18, 5, tzinfo=UTC))
    assert len(day.split()) == 3
    text = thai.unbroken(f"ปิด {day} 18 เม. ถึง {moment}, {day}.")
    assert text.split(" ") == [
        "ปิด", day.replace(" ", "\u00a0"), "18", "เม.", "ถึง", f"{moment},".replace(" ", "\u00a0"),
        f"{day}.".replace(" ", "\u00a0"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "year"), [(date(2024, 9, 30), 2567), (date(2024, 10, 1), 2568), (date(2025, 9, 30), 2568)]
)
def test_the_fiscal_year_begins_in_october(day: date, year: int):
    assert fiscal_year(day) == year


def test_the_bounds_of_a_fiscal_year_belong_to_it():
    first, last = fiscal_bounds(2568)
    assert (first, last) == (date(2024, 10, 1), date(2025, 9, 30))
    assert fiscal_year(first) == fiscal_year(last) == 2568


def test_a_day_in_thailand_ends_seven_hours_before_the_day_in_greenwich():
    assert end_of(date(2025, 3, 15)) == datetime(2025, 3, 15, 17, 0, tzinfo=UTC)
    assert day_of(datetime(2025, 3, 15, 17, 0, tzinfo=UTC)) == date(2025, 3, 16)


def test_a_leap_february_ends_on_the_29th():
    assert period_end("2024-02") == date(2024, 2, 29)


def test_names_are_written_with_their_rank_as_the_document_does():
    assert thai.rank_and_name("พ.ต.ท.", "ประโมทย์ พูลประเสริฐ") == "พ.ต.ท.ประโมทย์ พูลประเสริฐ"
    assert thai.rank_and_name("พ.ต.ท.หญิง", "ขนิษฐา แก้วโสภา") == "พ.ต.ท.หญิง ขนิษฐา แก้วโสภา"


def test_ranks_have_their_order_whatever_is_written_around_them():
    ranks = ["ด.ต.หญิง", "ร.ต.ท.หญิง", "พ.ต.ท.", "ว่าที่ พ.ต.อ.", "ร.ต.อ."]
    assert sorted(ranks, key=thai.rank_height) == ["ว่าที่ พ.ต.อ.", "พ.ต.ท.", "ร.ต.อ.", "ร.ต.ท.หญิง", "ด.ต.หญิง"]


def test_names_stand_in_thai_dictionary_order():
    assert thai.in_thai_order(["ไพลิน", "เทียนชัย", "ขนิษฐา", "แก้ว"]) == ["แก้ว", "ขนิษฐา", "เทียนชัย", "ไพลิน"]
