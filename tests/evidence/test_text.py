"""Years, dates and languages in a text, as papers write them."""

import pytest

from ita_core.days import MONTHS, SHORT_MONTHS
from ita_core.evidence.examine import text


@pytest.mark.parametrize(
    ("words", "years", "dated"),
    [
        ("พ.ศ. 2568", (2568,), False),
        ("ปีงบประมาณ 2567", (2567,), False),
        ("ปีงบประมาณ พ.ศ. ๒๕๖๗", (2567,), False),
        ("ประจำปี 2568", (2568,), False),
        ("28 ก.พ. 68", (2568,), True),
        ("๒๘ ก.พ. ๖๘", (2568,), True),
        ("มกราคม 2568", (2568,), False),
        ("วันที่ 1 เดือน ตุลาคม พ.ศ. 2567", (2567,), True),
        ("ต.ค.67 – ก.ย.68", (2567, 2568), False),
        ("15/03/2568", (2568,), True),
        ("15/3/68", (), True),
        ("ครั้งที่ 3/2568", (2568,), False),
        ("March 2025", (2568,), False),
        ("15 March 2025", (2568,), True),
        ("March 15th, 2025", (2568,), True),
        ("2025-03-15", (2568,), True),
        ("fiscal year 2025", (2568,), False),
        ("แผน 5 ปี พ.ศ. 2566-2570", (2566, 2567, 2568, 2569, 2570), False),
        ("28 กมภาพ ุ นธั 2568 ์", (2568,), True),  # as pdfium reads กุมภาพันธ์
        ("28 ม\uf701ถ\uf718นายน 2568", (2568,), True),
        ("พระราชบัญญัติคนเข้าเมือง พ.ศ. 2522", (), False),
        ("ระเบียบสำนักนายกรัฐมนตรี ว่าด้วยงานสารบรรณ พ.ศ. 2526 ลงวันที่ 1 ม.ค. 68", (2568,), True),
        ("โทร 032-123-2568 จำนวน 2,568 คน เลขที่ 25681", (), False),
        ("192.168.1.20 รุ่น 1.2.68", (), False),
        ("", (), False),
    ],
)
def test_years_and_dates_are_read_as_papers_write_them(words: str, years: tuple[int, ...], dated: bool):
    assert (text.years(words), text.has_date(words)) == (years, dated)


def test_the_names_of_months_are_those_of_the_rest_of_the_program():
    assert (text.MONTHS, text.SHORT_MONTHS) == (MONTHS, SHORT_MONTHS)


def test_a_language_counts_when_a_fair_part_is_written_in_it():
    assert text.languages("รายงานผลการปฏิบัติงานประจำเดือนมีนาคม PDF") == ("th",)
    assert text.languages("รายงานผลการปฏิบัติงานประจำเดือน monthly report of the office") == ("th", "en")
    assert text.languages("12 34") == ()
