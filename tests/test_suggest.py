"""What a file is likely to cover, by its name."""

from datetime import UTC, date, datetime

import pytest

from ita_core import progress, suggest
from ita_core.models import Cadence, EvidenceKind, ItemKind
from ita_core.progress import HandIn, ItemFacts, Records, RequirementFacts, SlotKey

NOW = datetime(2025, 1, 2, tzinfo=UTC)
MONTHS = ("2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03")
LINES = tuple(
    RequirementFacts(number, str(number), title, Cadence.monthly, MONTHS, ("pdf", "word"))
    for number, title in enumerate(("งานสืบสวนปราบปราม", "งานบริการคนต่างด้าว"), 1)
)
REPORTS = ItemFacts(1, "O6", "ผลการปฏิบัติงาน", ItemKind.oit, Cadence.monthly, LINES)
POLICY = ItemFacts(
    2, "O17", "ประกาศ", ItemKind.oit, Cadence.once,
    (RequirementFacts(3, "policy", "ประกาศนโยบาย", Cadence.once, languages=("th", "en")),),
)  # fmt: skip
NEWS = ItemFacts(
    3, "O18", "กิจกรรม", ItemKind.oit, Cadence.continuous,
    (RequirementFacts(4, "news", "ข่าวกิจกรรม", Cadence.continuous, minimum=5),),
)  # fmt: skip


def standing(item: ItemFacts) -> progress.ItemStanding:
    return progress.board([item], Records(), day=date(2025, 2, 1), year_ends=date(2025, 9, 30)).items[0]


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("รายงานผลการปฏิบัติงาน ต.ค.67.pdf", "2024-10"),
        ("รายงาน ตุลาคม 2567.pdf", "2024-10"),
        ("รายงานเดือนมกราคม พ.ศ.2568.pdf", "2025-01"),
        ("ผลงาน_มค68.pdf", "2025-01"),
        ("สรุป มี.ค. 68 1.pdf", "2025-03"),
        ("สรุป มี.ค.68 (2).pdf", "2025-03"),
        ("รายงาน ก.พ. พ.ศ. 2568.pdf", "2025-02"),
        ("report Feb 2025.pdf", "2025-02"),
        ("2568-02 รายงาน.pdf", "2025-02"),
        ("รายงาน 12-67.pdf", "2024-12"),
        ("รายงาน 2025-03.pdf", "2025-03"),
    ],
)
def test_the_month_is_read_from_the_name(name: str, period: str):
    assert suggest.periods_in(name, MONTHS) == [period]


@pytest.mark.parametrize("name", ["รายงาน.pdf", "1268.pdf", "คำสั่ง 1-2568.pdf ฉบับที่ 3", "10671.pdf", "ต.ค.66.pdf"])
def test_a_number_that_is_no_month_is_not_taken_for_one(name: str):
    assert [period for period in suggest.periods_in(name, MONTHS) if period != "2025-01"] == []


def test_a_monthly_pdf_is_taken_for_every_line_of_work_of_its_month():
    found = suggest.suggest(standing(REPORTS), "รายงาน ธ.ค. 67.pdf")
    assert found == [SlotKey(1, "2024-12", "pdf"), SlotKey(2, "2024-12", "pdf")]


def test_a_name_that_speaks_of_one_line_of_work_is_taken_for_that():
    found = suggest.suggest(standing(REPORTS), "งานสืบสวนปราบปราม ธ.ค. 67.docx")
    assert found == [SlotKey(1, "2024-12", "word")]


def test_a_named_month_is_meant_even_where_something_waits_for_it_already():
    waits = HandIn(1, 1, EvidenceKind.file, (SlotKey(1, "2024-12", "pdf"), SlotKey(2, "2024-12", "pdf")), NOW, 1, "x")
    board = progress.board([REPORTS], Records([waits]), day=date(2025, 2, 1), year_ends=date(2025, 9, 30))
    found = suggest.suggest(board.items[0], "รายงาน ธ.ค. 67 แก้ไข.pdf")
    assert {key.period for key in found} == {"2024-12"}


def test_without_a_month_the_oldest_open_one_is_meant():
    assert {key.period for key in suggest.suggest(standing(REPORTS), "รายงาน.pdf")} == {"2024-10"}


def test_the_language_is_read_from_the_name():
    assert [key.language for key in suggest.suggest(standing(POLICY), "นโยบาย ภาษาอังกฤษ.pdf")] == ["en"]


def test_one_activity_fills_one_place():
    assert [key.ordinal for key in suggest.suggest(standing(NEWS), "ข่าว.jpg")] == [1]


def test_a_kind_that_the_item_does_not_want_covers_nothing():
    assert suggest.suggest(standing(REPORTS), "ภาพ ธ.ค. 67.jpg") == []
