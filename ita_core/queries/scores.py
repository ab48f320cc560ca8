"""Announced scores by year: those that a plan tells of earlier years, and what was recorded since."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import access
from ita_core.access import Actor
from ita_core.board import scoring
from ita_core.board.scoring import LevelRule, Result
from ita_core.days import happened
from ita_core.models import Account, AnnouncedScore, ScoreFile
from ita_core.plan.scores import Differing, Known, Read, ScoreEntry, beside, differing, new_of
from ita_core.plan.workbook.cells import folded
from ita_core.queries.assessments import get_assessment_by_id, list_assessments
from ita_core.queries.plans import get_history
from ita_core.queries.remembered import remembered
from ita_core.queries.wide import wide_select

OF_PLAN = "แผน"  # the source of what a plan tells: plan data is Thai


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """A score that stands, with who recorded it and when; of a plan's own, the moment it was put in force."""

    entry: ScoreEntry
    by: str
    at: datetime
    of_plan: bool = False
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class ScoreFileFacts:
    """A file of scores that was read and waits: each score beside the one that stands now, in the file's order.

    `differing` are the totals that the instruments would not give by their weights.
    """

    file_name: str
    sha256: str
    read: tuple[Read, ...]
    differing: tuple[Differing, ...] = ()


@remembered
def _recorded(session: Session, office_id: int, *, estimated: bool = False) -> list[ScoreFacts]:
    """Every record of the office, the first one first: of announced scores, or of estimates."""
    statement = (
        wide_select(
            AnnouncedScore.fiscal_year, AnnouncedScore.instrument, AnnouncedScore.indicator, AnnouncedScore.item,
            AnnouncedScore.points, AnnouncedScore.source, Account.name, AnnouncedScore.at, AnnouncedScore.retracted,
        )
        .outerjoin(Account, col(Account.id) == AnnouncedScore.account_id)
        .where(AnnouncedScore.office_id == office_id, col(AnnouncedScore.estimated).is_(estimated))
        .order_by(col(AnnouncedScore.at), col(AnnouncedScore.id))
    )  # fmt: skip
    return [
        ScoreFacts(ScoreEntry(*entry), by or "", at, retracted=retracted)
        for *entry, by, at, retracted in session.execute(statement)
    ]


def list_scores(
    session: Session, assessment_id: int, before: datetime | None = None, *, without: Collection[ScoreEntry] = ()
) -> list[ScoreFacts]:
    """The scores of the assessment's office that stood just before a moment (None: now), by year, the newest first.

    What the plan in force tells of earlier years is the first of each; of several records the last one holds, and
    where that retracts the score, only what the plan tells is left: so it is of `without`, as if those were retracted.
    """
    here = get_assessment_by_id(session, assessment_id)
    plan = get_history(session, assessment_id).before(before)
    of_plan: dict[object, ScoreFacts] = {}
    for one in plan.plan.scores:
        for instrument, points in {"": one.total, **one.instruments}.items():
            entry = ScoreEntry(one.fiscal_year, instrument, None, "", points, OF_PLAN)
            of_plan[entry.of] = ScoreFacts(entry, plan.revision.by, plan.revision.at, of_plan=True)
    last = {one.entry.of: one for one in _recorded(session, here.office_id) if before is None or one.at < before}
    gone = {one.of for one in without}
    stands = of_plan | {of: one for of, one in last.items() if not one.retracted and of not in gone}
    instruments = list(plan.framework.instruments)

    def place(one: ScoreFacts) -> tuple[object, ...]:
        entry = one.entry
        order = instruments.index(entry.instrument) + 1 if entry.instrument in instruments else 0
        number = int("".join(sign for sign in entry.item if sign.isdigit()) or 0)
        return -entry.fiscal_year, order, entry.indicator or 0, bool(entry.item), number, entry.item

    return sorted(stands.values(), key=place)


def reports(listed: Sequence[ScoreFacts]) -> list[tuple[ScoreFacts, ...]]:
    """Of the scores that stand those of a year that one press recorded, where it recorded more than one of it."""
    found: defaultdict[tuple[int, datetime, str], list[ScoreFacts]] = defaultdict(list)
    for one in listed:
        if not one.of_plan:
            found[one.entry.fiscal_year, one.at, one.by].append(one)
    return [tuple(those) for those in found.values() if len(those) > 1]


def find_score_file(session: Session, who: Actor, assessment_id: int) -> ScoreFileFacts | None:
    """What somebody's own file would record, None where none of theirs waits or they may not plan."""
    own = select(ScoreFile).where(
        ScoreFile.assessment_id == assessment_id, ScoreFile.account_id == who.account_id
    )  # fmt: skip
    kept = session.exec(own).first() if access.may_plan(who) else None
    if kept is None:
        return None
    entries = [ScoreEntry(*fields) for fields in kept.entries]  # type: ignore[arg-type]  # as they were kept
    known = what_scores_are_held_against(session, assessment_id)
    read = beside(entries, known.standing)
    return ScoreFileFacts(kept.file_name, kept.sha256, read, tuple(differing(new_of(read), known)))


def list_estimates(session: Session, assessment_id: int, before: datetime | None = None) -> dict[str, ScoreFacts]:
    """Instrument → what the commander expected of it in the assessment's year just before a moment (None: now).

    The source of such an entry is what the estimate rests on.
    """
    here = get_assessment_by_id(session, assessment_id)
    last = {
        one.entry.instrument: one
        for one in _recorded(session, here.office_id, estimated=True)
        if one.entry.fiscal_year == here.fiscal_year and (before is None or one.at < before)
    }
    return {code: one for code, one in last.items() if not one.retracted}


def results_by_year(session: Session, assessment_id: int, before: datetime | None = None) -> dict[int, Result]:
    """What is known of each fiscal year's result, the newest first, by the weights and levels of its framework."""
    announced: dict[int, dict[str, float]] = {}
    for one in list_scores(session, assessment_id, before):
        if one.entry.indicator is None and not one.entry.item:
            announced.setdefault(one.entry.fiscal_year, {})[one.entry.instrument] = one.entry.points
    if not announced:
        return {}
    known = what_scores_are_held_against(session, assessment_id, before)
    found = {}
    for year, points in announced.items():
        rules, _own = known.framework(year)
        weights = {code: one.weight for code, one in rules.instruments.items()}
        levels = [LevelRule(one.title, one.total_min, one.each_min) for one in rules.levels]
        found[year] = scoring.result(year, points, weights, levels)
    return found


def what_scores_are_held_against(
    session: Session, assessment_id: int, before: datetime | None = None, *, without: Collection[ScoreEntry] = ()
) -> Known:
    """The office with its frameworks, and what stands (just before a moment; None: now; as if `without` were
    retracted): for scores handed over.
    """
    here = get_assessment_by_id(session, assessment_id)
    years = [one for one in list_assessments(session) if one.office_id == here.office_id]
    return Known(
        frozenset(map(folded, (here.office_code, here.office, here.office_short))),
        {one.fiscal_year: get_history(session, one.id).before(before).framework for one in years},
        [one.entry for one in list_scores(session, assessment_id, before, without=without)],
        here.fiscal_year,
    )


def list_totals(session: Session, assessment_id: int, before: datetime | None = None) -> list[ScoreFacts]:
    """Every record of the total of the assessment's year just before a moment (None: now), the first one first, those
    that were retracted too.
    """
    here = get_assessment_by_id(session, assessment_id)
    total = (here.fiscal_year, "", None, "")
    listed = _recorded(session, here.office_id)
    return [one for one in listed if one.entry.of == total and happened(one.at, before)]


def list_item_points(
    session: Session, assessment_id: int, before: datetime | None = None
) -> dict[str, tuple[ScoreFacts, ...]]:
    """Item's code → every record of its points in the assessment's year just before a moment (None: now), the first
    one first, those that were retracted too: the last one says what stands.
    """
    here = get_assessment_by_id(session, assessment_id)
    found: dict[str, tuple[ScoreFacts, ...]] = {}
    for one in _recorded(session, here.office_id):
        entry = one.entry
        if entry.item and entry.fiscal_year == here.fiscal_year and (before is None or one.at < before):
            found[entry.item] = (*found.get(entry.item, ()), one)
    return found
