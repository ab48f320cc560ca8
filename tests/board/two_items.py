"""A monthly item and one of five activities, with what was handed in for them."""

from datetime import UTC, date, datetime, timedelta

from ita_core.board import progress
from ita_core.board.progress import HandIn, ItemEvent, ItemFacts, Records, RequirementFacts, SlotKey
from ita_core.models import Cadence, Decision, EvidenceKind, ItemKind

ENDS = date(2025, 9, 30)
MONTHS = ("2024-10", "2024-11")
REPORT = RequirementFacts(
    id=1,
    key="report",
    title="งานสืบสวนปราบปราม",
    cadence=Cadence.monthly,
    periods=MONTHS,
    formats=("pdf", "word"),
    dues={"2024-10": date(2024, 11, 1), "2024-11": date(2024, 12, 1)},
)
NEWS = RequirementFacts(
    id=2, key="news", title="ข่าวกิจกรรม", cadence=Cadence.continuous, minimum=5, dues={"": date(2025, 4, 30)}
)
MONTHLY = ItemFacts(1, "O6", "ผลการปฏิบัติงาน", ItemKind.oit, Cadence.monthly, (REPORT,), 9, None, (10, 11), (20,))
ACTIVITIES = ItemFacts(2, "O18", "การมีส่วนร่วม", ItemKind.oit, Cadence.continuous, (NEWS,), 10, None, (11,), (20,))
ITEMS = (MONTHLY, ACTIVITIES)
OCTOBER_PDF = SlotKey(1, "2024-10", "pdf")


def at(day: date, hour: int = 9) -> datetime:
    """An hour of a day in Thailand."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=7)


def handed_in(number: int, *keys: SlotKey, on: date, item: int = 1, reviewed: date | None = None, **more) -> HandIn:
    decision = more.pop("decision", Decision.accepted) if reviewed else None
    return HandIn(
        number, item, EvidenceKind.file, keys, at(on), 10, f"content {number}", None,
        at(reviewed, 10) if reviewed else None, decision, **more,
    )  # fmt: skip


def board_on(day: date, *hand_ins: HandIn, **events: list[ItemEvent]) -> progress.Board:
    return progress.board(ITEMS, Records(hand_ins, **events), day=day, year_ends=ENDS)


def all_accepted(number: int = 1, day: date = date(2024, 10, 30)) -> HandIn:
    return handed_in(number, *[slot.key for slot in MONTHLY.slots], on=day, reviewed=day)
