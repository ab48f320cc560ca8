"""What a page or file of a website says: whether it names the year, and the hash of its words."""

from pathlib import Path

import pytest

from ita_core.links import reading
from ita_core.links.reading import Words, words
from tests import papers

PAGE = """<!doctype html><html><head><title>{title}</title><style>.x2568{{}}</style></head><body>
<script>var year = 2568, at = {noise};</script><!-- 2568 -->
<h1>ข้อมูลสถิติการให้บริการ</h1><p>{said}</p></body></html>"""


def read(folder: Path, content: bytes, kind: str = "text/html", charset: str = "") -> Words:
    path = folder / "body"
    path.write_bytes(content)
    return words(path, kind, charset, 2568)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("ปีงบประมาณ พ.ศ. ๒๕๖๘", True),
        ("ปีงบประมาณ 2568", True),
        ("ปี<b>256</b>8", False),  # as it is shown it would be one, but nobody writes so
        ("fiscal year 2025", False),
        ("โทร 032-112568", False),
        ("๑๒๕๖๘", False),
        ("๒๕๖7 ๒๕6๘", True),
        ("2567", False),
        ("&#3666;&#3669;&#3670;&#3672;", True),
    ],
)
def test_a_page_names_the_year_where_people_can_see_it(tmp_path: Path, said: str, named: bool):
    assert read(tmp_path, PAGE.format(title="ตม.", said=said, noise=1).encode()).names_year is named


def test_a_title_counts_and_nothing_that_is_not_shown(tmp_path: Path):
    assert read(tmp_path, PAGE.format(title="ITA 2568", said="", noise=1).encode()).names_year is True
    assert read(tmp_path, PAGE.format(title="", said="", noise=1).encode()).names_year is False


def test_what_nobody_sees_does_not_change_the_words(tmp_path: Path):
    made = [read(tmp_path, PAGE.format(title="ก", said="ข", noise=number).encode()).sha256 for number in (1, 2)]
    assert made[0] == made[1] != ""
    assert read(tmp_path, PAGE.format(title="ก", said="ค", noise=1).encode()).sha256 != made[0]


CLOCK = """<!doctype html><html><body><p>{day} เวลา {time} น.</p><h1>ข้อมูลสถิติ {said}</h1>
<footer>ผู้เข้าชม {count} คน</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "cp874"])
def test_who_visits_and_what_time_it_is_does_not_change_a_page(tmp_path: Path, charset: str):
    looks = [
        {"day": "วันศุกร์ที่ 31 มกราคม 2568", "time": "9:05", "count": "999"},
        {"day": "วันเสาร์ที่ ๑ กุมภาพันธ์ ๒๕๖๘", "time": "14:15:07", "count": "1,000"},
        {"day": "วันพฤหัสบดีที่ 6 ก.พ. 68", "time": "10.40", "count": "12,345,678"},
    ]
    made = [read(tmp_path, CLOCK.format(said="การให้บริการ", **one).encode(charset), charset=charset) for one in looks]
    assert len({one.sha256 for one in made}) == 1
    assert [one.names_year for one in made] == [True, True, False]
    other = CLOCK.format(said="การจับกุม", **looks[0]).encode(charset)
    assert read(tmp_path, other, charset=charset).sha256 not in {made[0].sha256, ""}


def test_english_days_do_not_change_a_page_and_words_like_them_do():
    assert reading.steady("Friday 31 January 2025, 9:05 am") == reading.steady("Sat 1 Feb 2025, 14:15 PM")
    assert reading.steady("a satellite") != reading.steady("an octopus")


def test_of_a_file_every_digit_counts(tmp_path: Path):
    made = [read(tmp_path, papers.pdf(f"ITA 2568: {number}"), "application/pdf").sha256 for number in (1, 2)]
    plain = [read(tmp_path, f"ITA 2568: {number}".encode(), "text/plain").sha256 for number in (1, 2)]
    assert len({*made, *plain} - {""}) == 4


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>ตม.</title><meta charset=utf-8><body><p>ปี ๒๕๖๘</p></body></html>",
        "<head><style>p{{}}</style><link rel=x href=y><p>ปี ๒๕๖๘</p>",
        "<html><head><title>ตม.</title><script>var a = 1;</script>ปี ๒๕๖๘</html>",
        "<head><noscript><p>x</p></noscript><div>ปี ๒๕๖๘</div>",
    ],
    ids=["a body", "a paragraph", "words", "after a noscript"],
)
def test_a_head_may_end_without_saying_so(tmp_path: Path, page: str):
    made = read(tmp_path, page.encode())
    assert made.names_year is True
    assert made.sha256 != read(tmp_path, page.replace("ปี", "ปีงบประมาณ").encode()).sha256


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        ("ปี ๒๕๖๘".encode("cp874"), "tis-620"),
        ("ปี ๒๕๖๘".encode("cp874"), "windows-874"),
        ("ปี ๒๕๖๘".encode("cp874"), ""),
        (b'<meta charset="tis-620">' + "ปี ๒๕๖๘".encode("cp874"), ""),
        ("ปี ๒๕๖๘".encode("utf-8-sig"), "no-such-charset"),
        ("ปี ๒๕๖๘".encode("utf-16"), "utf-16"),
    ],
)
def test_thai_is_read_however_it_is_written(tmp_path: Path, raw: bytes, charset: str):
    assert read(tmp_path, raw, charset=charset).names_year is True


def test_a_pdf_is_read_whatever_it_is_called(tmp_path: Path):
    for kind in ("application/pdf", "application/octet-stream", "text/html", ""):
        assert read(tmp_path, papers.pdf("ITA 2568"), kind).names_year is True
    assert read(tmp_path, papers.pdf("ITA 2567"), "application/pdf").names_year is False


def test_of_what_cannot_be_read_nothing_is_said(tmp_path: Path):
    assert read(tmp_path, papers.pdf(""), "application/pdf") == Words()
    assert read(tmp_path, b"", "text/html") == Words()
    assert read(tmp_path, b"%PDF-1.7 cut off", "application/pdf") == Words()
    assert read(tmp_path, b"\x89PNG", "image/png") == Words()
    assert read(tmp_path, b"PK\x03\x04", "application/zip") == Words()


def test_word_files_are_read_too(tmp_path: Path):
    import io

    import docx

    made, document = io.BytesIO(), docx.Document()
    document.add_paragraph("ประจำปีงบประมาณ พ.ศ. ๒๕๖๘")
    document.save(made)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert read(tmp_path, made.getvalue(), kind).names_year is True


@pytest.mark.parametrize(
    "page",
    [
        b"<" * 3_000_000,
        b"<a " + b"b='" * 1_000_000,
        b"<div>" * 500_000 + "๒๕๖๘".encode(),
        b"<!--" * 700_000,
        b"&#" + b"9" * 3_000_000,
        b"<![CDATA[" * 300_000,
    ],
    ids=["brackets", "quotes", "depth", "comments", "entity", "cdata"],
)
def test_a_page_made_to_do_harm_ends_and_harms_only_its_reader(tmp_path: Path, page: bytes):
    read(tmp_path, page)


def test_only_so_much_of_a_page_is_read(tmp_path: Path):
    long = b"x " * (reading.LARGEST_PAGE // 2) + b" 2568"
    assert read(tmp_path, long).names_year is None
    assert read(tmp_path, b"2568 " + long).names_year is True
