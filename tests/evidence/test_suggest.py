"""What a file is likely to cover, by its name."""

from datetime import UTC, date, datetime

import pytest

from ita_core import db, queries
from ita_core.board import progress
from ita_core.board.progress import HandIn, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.evidence import suggest
from ita_core.evidence.suggest import Guess
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind
from tests.cast import Cast

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
ASSETS = ItemFacts(
    4, "O22", "ทรัพย์สินของราชการ", ItemKind.oit, Cadence.once,
    tuple(
        RequirementFacts(number, str(number), title, Cadence.once)
        for number, title in enumerate(
            ("ดูแลรักษา ทรัพย์สินของราชการ", "แนวทางการยืมทรัพย์สิน (ดูแลรักษา)", "หลักเกณฑ์การรับของบริจาค"), 5
        )
    ),
)  # fmt: skip
NOTICES = ItemFacts(
    5, "O13", "จัดซื้อจัดจ้าง", ItemKind.oit, Cadence.monthly,
    (
        RequirementFacts(8, "plan", "ประกาศผลการจัดซื้อ", Cadence.monthly, MONTHS),
        RequirementFacts(9, "results", "ประกาศผลการจัดซื้อจัดจ้าง", Cadence.monthly, MONTHS),
    ),
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
    assert found == Guess((SlotKey(1, "2024-12", "pdf"), SlotKey(2, "2024-12", "pdf")), months=("2024-12",))


def test_a_name_that_speaks_of_one_line_of_work_is_taken_for_that():
    found = suggest.suggest(standing(REPORTS), "งานสืบสวนปราบปราม ธ.ค. 67.docx")
    assert found == Guess((SlotKey(1, "2024-12", "word"),), months=("2024-12",), words=("งานสืบสวนปราบปราม",))


def decided(*keys: SlotKey, decision: Decision | None = None) -> HandIn:
    at = NOW if decision else None
    return HandIn(1, 1, EvidenceKind.file, keys, NOW, 1, "x", reviewed_at=at, decision=decision)


def with_records(item: ItemFacts, *hand_ins: HandIn) -> progress.ItemStanding:
    return progress.board([item], Records(hand_ins), day=date(2025, 2, 1), year_ends=date(2025, 9, 30)).items[0]


DECEMBER = SlotKey(1, "2024-12", "pdf"), SlotKey(2, "2024-12", "pdf")


def test_a_named_month_is_meant_even_where_something_waits_for_it_already():
    found = suggest.suggest(with_records(REPORTS, decided(*DECEMBER)), "รายงาน ธ.ค. 67 แก้ไข.pdf")
    assert found.keys == DECEMBER


def test_what_is_accepted_is_never_ticked():
    one = with_records(REPORTS, decided(DECEMBER[0], decision=Decision.accepted))
    assert suggest.suggest(one, "รายงาน ธ.ค. 67.pdf").keys == DECEMBER[1:]
    both = with_records(REPORTS, decided(*DECEMBER, decision=Decision.accepted))
    assert suggest.suggest(both, "รายงาน ธ.ค. 67.pdf") == Guess()


def test_what_is_accepted_is_not_ticked_by_a_month_and_a_subject_that_are_ticked_for_others():
    """Of two months one subject is accepted in one of them: subject × month would tick that too."""
    one = with_records(REPORTS, decided(DECEMBER[0], decision=Decision.accepted))
    found = suggest.suggest(one, "รายงาน พ.ย. 67 และ ธ.ค. 67.pdf").keys
    assert found == (SlotKey(2, "2024-11", "pdf"), SlotKey(2, "2024-12", "pdf"))


NOTHING = [
    "IMG_20250228_101530.jpg", "ภาพถ่าย.jpg", "Book1.xlsx", "ตารางเวร.xlsx", "สแกน.pdf", "รายงาน.pdf", "scan 2568.pdf",
    "เอกสาร พ.ศ. 2568.pdf", "ตรวจสอบ.xlsx", "ประกาศ.pdf", "th.pdf", ".pdf", "1.docx", "x" * 255,
]  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_a_name_that_says_nothing_ticks_nothing(name: str):
    for item in (REPORTS, POLICY, NEWS, ASSETS):
        assert suggest.suggest(standing(item), name) == Guess(), item.code


@pytest.mark.parametrize("name", NOTHING)
def test_on_no_item_of_the_real_plan_does_such_a_name_tick_anything(at_work: Cast, name: str):
    with db.reading() as session:
        data = queries.take_snapshot(session, queries.get_assessment(session))
    for one in data.board(date(2025, 3, 15)).items:
        assert suggest.suggest(one, name) == Guess(), one.item.code


def test_a_subject_without_its_month_ticks_nothing():
    assert suggest.suggest(standing(REPORTS), "งานสืบสวนปราบปราม.pdf") == Guess()


def test_a_language_is_not_guessed_where_the_name_names_none():
    assert suggest.suggest(standing(POLICY), "ประกาศนโยบาย.pdf") == Guess()


def test_the_language_is_read_from_the_name():
    found = suggest.suggest(standing(POLICY), "นโยบาย ภาษาอังกฤษ.pdf")
    assert ([key.language for key in found.keys], found.languages) == (["en"], ("en",))


def test_only_words_that_no_other_subject_has_tell_the_subject():
    lent = suggest.suggest(standing(ASSETS), "แบบแนวทางการยืมทรัพย์สิน.pdf")
    assert ([key.requirement_id for key in lent.keys], lent.words) == ([6], ("แนวทางการยืมทรัพย์สิน",))
    assert suggest.suggest(standing(ASSETS), "แนวทางของราชการ ดูแลรักษา.pdf") == Guess()


def test_the_longer_of_two_subjects_that_begin_alike_is_meant():
    found = suggest.suggest(standing(NOTICES), "ประกาศผลการจัดซื้อจัดจ้าง ม.ค.68.pdf")
    assert [key.requirement_id for key in found.keys] == [9]


def test_one_activity_fills_one_place():
    assert [key.ordinal for key in suggest.suggest(standing(NEWS), "ข่าวกิจกรรม.jpg").keys] == [1]


def test_a_kind_that_the_item_does_not_want_covers_nothing():
    assert suggest.suggest(standing(REPORTS), "ภาพ ธ.ค. 67.jpg") == Guess()
