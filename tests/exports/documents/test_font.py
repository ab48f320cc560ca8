"""The font of our PDFs: one glyph for a Thai letter with its marks, at the places that Sarabun's rules give."""

from itertools import product

import pytest
import uharfbuzz as hb

from tests.sarabun import CONSONANTS, FONTS, MARKS, shaped

WORDS = ("น้ำใจ", "ที่ปฏิบัติ", "สั่งการ", "ฝั่งป้ายฟ้า", "กิ๊กปั๊ม", "ญาติผู้ใหญ่", "กตัญญู", "พันธุ์", "ฎีกาฐาน", "ก็", "ณ์")


@pytest.fixture(scope="module", params=["Regular", "Bold"])
def font(request: pytest.FixtureRequest) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / f"Sarabun-ITA-{request.param}.ttf"))))


def test_every_letter_that_thai_can_write_is_one_glyph_that_is_not_moved(font: hb.Font):
    wrong = []
    for consonant, marks in product(CONSONANTS, MARKS):
        parts, _width = shaped(font, consonant + marks)
        if len(parts) != 1 or parts[0][1:] != (0, 0):
            wrong.append(consonant + marks)
    assert wrong == []


@pytest.mark.parametrize("word", WORDS)
def test_words_have_a_glyph_for_each_letter(font: hb.Font, word: str):
    parts, width = shaped(font, word)
    assert all(y == 0 for _name, _x, y in parts)
    assert width > 0


def test_the_license_lies_beside_it():
    text = (FONTS / "Sarabun-OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Reserved Font Name" not in text.split("-----")[0]
