"""The workbook that a commander forwards: opened as a program reads it, and by LibreOffice as people do."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import Session, select

from ita_core import db, language, queries
from ita_core.access import Actor
from ita_core.board.headline import Face
from ita_core.evidence import printing
from ita_core.exports import dressing, making, workbook
from ita_core.exports.book_parts import Cell, Chart, Column, Series, Sheet, Summary
from ita_core.models import Account
from ita_core.plan.apply import revise
from ita_core.plan.content import Content

DAY = date(2025, 3, 15)
SHEETS = ["สรุปภาพรวม", "รายข้อ", "เจ้าหน้าที่", "รายเดือน", "เกินกำหนด", "ดัชนีหลักฐาน"]


@pytest.fixture
def reading(played: sa.Engine) -> Iterator[Session]:
    with db.reading(played) as session:
        yield session


def made(session: Session, username: str = "", day: date = DAY, home: str = "") -> bytes:
    data = queries.current_snapshot(session, queries.get_assessment(session)).on(day)
    who: Actor | None = None
    if username:
        account = session.exec(select(Account.id).where(Account.username == username)).one()
        who = queries.get_actor(session, account or 0, data.assessment.id)
        data = data.visible_to(who)
    return making.prepare_workbook(session, data, day, who, home=home).make()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def column(sheet: Worksheet, heading: str) -> list[object]:
    number = next(cell.column for cell in sheet[1] if cell.value == heading)
    return [row[number - 1] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_it_has_its_sheets_in_thai_whoever_asks(reading: Session) -> None:
    book = opened(made(reading))
    assert (language.current(), book.sheetnames) == ("en", SHEETS)
    assert book["สรุปภาพรวม"]["A1"].value == "การประเมิน ITA ปีงบประมาณ พ.ศ. 2568"
    assert "15 มีนาคม 2568" in str(book["สรุปภาพรวม"]["A2"].value)


def test_each_sheet_can_be_read_filtered_and_printed(reading: Session) -> None:
    book = opened(made(reading))
    for sheet in book.worksheets[1:6]:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.print_area.replace("$", "").endswith(sheet.dimensions)
        assert sheet["A2"].font.name == "TH Sarabun New"
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์ · ณ 15 มี.ค. 68" in sheet.oddFooter.left.text


def test_no_letters_on_paper_are_smaller_than_can_be_read(reading: Session) -> None:
    """Of 14 points, at what is left of them where a sheet is as wide as the paper."""
    for sheet in opened(made(reading)).worksheets[1:]:
        widths = [sheet.column_dimensions[get_column_letter(one)].width for one in range(1, sheet.max_column + 1)]
        again = sum(widths[:2]) * (sheet.page_setup.fitToWidth - 1)
        assert (sum(widths) + again) / sheet.page_setup.fitToWidth <= workbook.ACROSS, sheet.title


def test_what_the_charts_draw_takes_no_paper(reading: Session) -> None:
    sheet = opened(made(reading)).worksheets[0]
    printed = sheet[sheet.print_area.partition("!")[2].replace("$", "")]
    drawn = {
        str(one.val.numRef.f).rpartition("!")[2].replace("$", "") for chart in sheet._charts for one in chart.series
    }
    assert drawn
    assert {cell.coordinate for row in printed for cell in row}.isdisjoint(
        cell.coordinate for area in drawn for row in sheet[area] for cell in row
    )


def test_figures_and_charts_are_of_what_the_overview_counts_and_say_so(reading: Session) -> None:
    book = opened(made(reading))
    data = queries.current_snapshot(reading, queries.get_assessment(reading)).on(DAY)
    sheet = book["สรุปภาพรวม"]
    assert "นับเฉพาะข้อ OIT" in str(sheet["A3"].value)
    by_month = sheet._charts[1]
    drawn = sum(cell.value for one in by_month.series for (cell,) in sheet[str(one.val.numRef.f).rpartition("!")[2]])
    assert drawn == sum(one.slot.due is not None for item in data.board(DAY).oit for one in item.slots)
    kinds = dict(zip(column(book["รายข้อ"], "ข้อ"), column(book["รายข้อ"], "ประเภท"), strict=True))
    late = book["เกินกำหนด"]
    assert column(late, "ประเภท") == [kinds[code] for code in column(late, "ข้อ")]
    assert "ช่องหลักฐาน (OIT และมาตรการ)" in [cell.value for cell in book["เจ้าหน้าที่"][1]]


def test_an_item_with_an_overdue_slot_is_overdue_as_on_the_screen_whatever_came_late(reading: Session) -> None:
    sheet = opened(made(reading))["รายข้อ"]
    states = dict(zip(column(sheet, "ข้อ"), column(sheet, "สถานะ"), strict=True))
    late = dict(zip(column(sheet, "ข้อ"), column(sheet, "เกินกำหนด"), strict=True))
    assert {code for code, state in states.items() if state == "! เกินกำหนด"} == {
        code for code, one in late.items() if one
    }
    assert (states["O10"], states["O13"]) == ("! เกินกำหนด", "! เกินกำหนด")


def test_indicators_are_called_as_the_revision_of_the_day_called_them(played: sa.Engine) -> None:
    with db.writing(played) as session:
        of = queries.get_assessment(session)

        def rename(content: Content) -> None:
            for one in content["framework"]["indicators"].values():
                one["title"] = "ชื่อใหม่"

        revise(session, of.id, rename, at=datetime(2025, 3, 15, 12, tzinfo=UTC))
    with db.reading(played) as session:
        titles = {day: chart_labels(opened(made(session, day=day))) for day in (date(2025, 3, 14), DAY)}
    assert titles[DAY] == ["9 ชื่อใหม่", "10 ชื่อใหม่"]
    assert titles[date(2025, 3, 14)] == ["9 การเปิดเผยข้อมูล", "10 การป้องกันการทุจริต"]


def chart_labels(book: Workbook) -> list[object]:
    """Of the indicators."""
    sheet = book.worksheets[0]
    chart = sheet._charts[2].series[0]
    return [cell.value for (cell,) in sheet[str((chart.cat.strRef or chart.cat.numRef).f).rpartition("!")[2]]]


def test_a_sheet_has_no_more_links_than_excel_takes_of_whichever_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dressing, "MOST_LINKS", 3)
    rows: list[list[object]] = [[Cell("O6", link="#'ก'!A1"), Cell("x", link="https://x/")] for _row in range(4)]
    nothing = Chart("", [], [])
    target = io.BytesIO()
    dressing.dressed(
        Summary("", (), "", [], nothing, nothing, None, None), [Sheet("ก", (Column("a", 9), Column("b", 9)), rows)],
        footer="",
    ).save(target)  # fmt: skip
    sheet = opened(target.getvalue())["ก"]
    assert sum(bool(cell.hyperlink) for row in sheet.iter_rows() for cell in row) == 3
    assert sheet["B5"].value == "x"


def test_its_figures_are_those_of_the_tables(reading: Session) -> None:
    book = opened(made(reading))
    data = queries.current_snapshot(reading, queries.get_assessment(reading)).on(DAY)
    items = making.prepare(reading, "items", data, DAY)().rows
    assert column(book["รายข้อ"], "ข้อ") == [row["code"] for row in items]
    assert column(book["รายข้อ"], "รับแล้ว") == [row["accepted"] for row in items]
    slots = making.prepare(reading, "slots", data, DAY, query={"state": "overdue"})().rows
    late = column(book["เกินกำหนด"], "ช้า (วัน)")
    assert len(late) == len(slots)
    assert late == sorted(late, reverse=True)  # type: ignore[type-var]
    pieces = [row for row in making.prepare(reading, "evidence", data, DAY)().rows if row["state"] != "withdrawn"]
    assert len(column(book["ดัชนีหลักฐาน"], "หลักฐาน")) == len(pieces)
    assert book["สรุปภาพรวม"]["C5"].value == "10 ช่อง"


def test_dates_are_true_ones_of_the_buddhist_era_and_shares_are_numbers(reading: Session) -> None:
    book = opened(made(reading))
    due = next(cell for cell in book["เกินกำหนด"]["F"][1:])
    assert isinstance(due.value, datetime)
    assert due.number_format == "[$-107041E]d mmm yyyy"
    shares = column(book["รายข้อ"], "ความคืบหน้า")
    assert all(isinstance(one, int | float) and 0 <= one <= 1 for one in shares)


def test_states_have_the_colours_of_the_screen() -> None:
    css = (Path(__file__).parents[2] / "pages" / "parts" / "look.css").read_text(encoding="utf-8")
    roots = dict(re.findall(r"--(\w+):\s*(#[0-9A-Fa-f]{6})", css.split("}")[0]))
    for face, (fill, letters) in dressing.COLOURS.items():
        found = re.search(rf"\.{face.value}\.ita-badge {{ background: ([^;]+); color: (#\w+);", css)
        assert found is not None
        background = re.sub(r"var\(--(\w+)\)", lambda name: roots[name[1]], found[1])
        full = re.sub(r"^#(\w)(\w)(\w)$", r"#\1\1\2\2\3\3", found[2])
        assert (f"#{fill}".upper(), f"#{letters}".upper()) == (background.upper(), full.upper()), face


def test_a_state_is_seen_by_colour_sign_and_word(reading: Session) -> None:
    sheet = opened(made(reading))["รายข้อ"]
    seen = {cell.value: cell.fill.fgColor.rgb[-6:] for cell in sheet["G"][1:]}
    assert seen == {
        "✓ รับแล้ว": "00795A",
        "◔ รอตรวจ": "0072B2",
        "↩ ตีกลับ": "E69F00",
        "! เกินกำหนด": "B84F00",
        "○ ยังไม่ส่ง": "AEB6BF",
    }


def test_links_lead_to_the_evidence_where_the_app_is_known_and_to_the_item_s_row(reading: Session) -> None:
    sheet = opened(made(reading, home="https://ita.example"))["ดัชนีหลักฐาน"]
    links = [row[1].hyperlink.target for row in sheet.iter_rows(min_row=2) if row[1].hyperlink]
    assert any(re.fullmatch(r"https://ita\.example/evidence/\d+", one) for one in links)
    assert any(one.startswith("https://www.prachuap-immigration.com/") for one in links)
    assert sheet["A2"].hyperlink.location == "'รายข้อ'!A2"
    without = opened(made(reading))["ดัชนีหลักฐาน"]
    assert not [
        row for row in without.iter_rows(min_row=2) if row[1].hyperlink and "evidence/" in row[1].hyperlink.target
    ]


def test_the_charts_are_excel_s_own_and_draw_what_stands_beside_them(reading: Session) -> None:
    book = opened(made(reading))
    charts = book["สรุปภาพรวม"]._charts
    assert [type(one).__name__ for one in charts] == ["LineChart", "BarChart", "BarChart", "BarChart"]
    figures = {tuple(str(one.val.numRef.f).split("!")[0] for one in chart.series) for chart in charts}
    assert figures == {("'สรุปภาพรวม'",) * 2, ("'สรุปภาพรวม'",) * 5}
    colours = [one.spPr.solidFill.srgbClr for one in charts[1].series]
    assert colours == [fill for fill, _letters in dressing.COLOURS.values()]
    assert charts[0].x_axis.number_format.formatCode == "[$-107041E]mmm yy"


def test_somebody_gets_their_own_items_and_nothing_of_others(reading: Session) -> None:
    book = opened(made(reading, "usa"))
    assert set(column(book["รายข้อ"], "ข้อ")) < {"O5", "O6", "O9", "O10", "O12"} | {f"P{one}" for one in range(9)}
    assert column(book["เจ้าหน้าที่"], "ชื่อ") == ["อุษา มีนาม"]
    assert len(book["สรุปภาพรวม"]._charts) == 2  # of some items the indicators and other officers would look wrong
    assert "เฉพาะข้อที่อยู่ในหน้าที่ของท่าน" in str(book["สรุปภาพรวม"]["A2"].value)
    everybodys = {str(one) for one in column(opened(made(reading))["ดัชนีหลักฐาน"], "หลักฐาน")}
    assert {str(one) for one in column(book["ดัชนีหลักฐาน"], "หลักฐาน")} < everybodys


@pytest.mark.parametrize("day", [date(2024, 10, 1), date(2025, 9, 30)])
def test_before_anything_happened_and_at_the_end_it_is_whole(reading: Session, day: date) -> None:
    book = opened(made(reading, day=day))
    assert book.sheetnames == SHEETS
    if day.month == 10:
        assert [sheet["A2"].value for sheet in (book["เกินกำหนด"], book["ดัชนีหลักฐาน"])] == [
            "ไม่มีช่องที่เกินกำหนด", "ยังไม่มีการส่งหลักฐาน",
        ]  # fmt: skip


def test_nothing_in_it_runs_and_any_text_fits() -> None:
    language.use("th")
    texts = ["=1+1", "@SUM(A1)", "ก\x0bข", "ก" * 40_000]
    links = ["javascript:alert(1)", "https://x/" + "y" * 3000, 'https://x/?"&<', ""]
    rows = [[Cell(text, Face.overdue if not link else None, link)] for text, link in zip(texts, links, strict=True)]
    empty = Chart("=1", [], [])
    summary = Summary(
        "=1", ("=2",), "=6", [("=3", "=4", "=5", None)], empty, Chart("=1", ["=1"], [Series("=1", [1])]), None, None
    )
    target = io.BytesIO()
    dressing.dressed(summary, [Sheet("แผ่น", (Column("=9", 10),), rows)], footer="A & B").save(target)  # type: ignore[arg-type]
    book = opened(target.getvalue())
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert [bool(row[0].hyperlink) for row in book["แผ่น"].iter_rows(min_row=2)] == [False, False, True, False]
    assert book["แผ่น"].oddFooter.left.text == "A && B"


@pytest.mark.skipif(not printing.program(), reason="soffice (Debian: libreoffice-calc-nogui) is not installed")
def test_libreoffice_opens_it_and_prints_every_sheet(reading: Session, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(made(reading))
    with printing.as_pdf(tmp_path / "x.xlsx", ".xlsx") as paper:
        pages = pypdfium2.PdfDocument(paper.read_bytes())
        texts = [page.get_textpage().get_text_range() for page in pages]
        sizes = {tuple(round(one / 72 * 25.4) for one in page.get_size()) for page in pages}
    assert sizes == {(297, 210)}
    assert "63% / 45%" in texts[0]
    said = ["".join(text.split()) for text in texts]
    footers = [
        next((name for name in SHEETS if f"{name}·{number}/{len(said)}" in text), text)
        for number, text in enumerate(said, start=1)
    ]
    assert list(dict.fromkeys(footers)) == SHEETS
    assert footers.count("สรุปภาพรวม") == 1
