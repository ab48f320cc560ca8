"""Announced scores put on record, and retracted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.errors import GroundMissing, NoEstimate, NoScore, NotYours, ScoreChanged, TotalStands, WhyMissing
from ita_core.models import Account, AnnouncedScore
from ita_core.plan.scores import ScoreEntry, checked, total_fits
from ita_core.typed import clean_text
from ita_core.workflow.asking import acting, planning

LONGEST_SOURCE = 300
CLARIFIED = "ผลการพิจารณาคำชี้แจง"  # the source of points after a clarification: Thai, as sources are


def announce_scores(
    session: Session, *, by: int | None, assessment_id: int, entries: Sequence[ScoreEntry], at: datetime
) -> int:
    """Record scores of the assessment's office, of its year or earlier ones; gives how many are new or other ones.

    Also in a closed year: scores are announced when it is over. `by` None is the server's own command. What stands
    already as it is given adds no record.

    Raises NotFound, NotYours, NoScore where none is given, PlanFaults with everything that is wrong: then nothing is
    recorded; BadText.
    """
    account = None if by is None else planning(session, by, assessment_id, closed=True)
    return _announce(session, account, assessment_id, entries, at)


def record_verdict(
    session: Session, *, by: int, assessment_id: int, points: Mapping[str, float], source: str, at: datetime
) -> int:
    """Record the assessor's points for disclosure items of the assessment's year, by their codes; how many are new.

    They are announced scores like any other, so also recorded in a closed year. Who keeps ITAP reads them there, so
    they may record these, and no others.

    Raises NotFound, NotYours, NoScore where none is given, PlanFaults with everything that is wrong, BadText.
    """
    account, actor = acting(session, by, assessment_id, closed=True)
    if not access.may_record_verdict(actor):
        raise NotYours
    year = queries.get_assessment_by_id(session, assessment_id).fiscal_year
    entries = [ScoreEntry(year, "", None, code, value, source) for code, value in points.items() if code]
    return _announce(session, account, assessment_id, entries, at)


def record_points(
    session: Session, account: Account, assessment_id: int, code: str, points: float, at: datetime
) -> int | None:
    """Record an item's points after its clarification was answered; the id of the score that stands then.

    Its caller has asked for the right. Raises PlanFaults.
    """
    here = queries.get_assessment_by_id(session, assessment_id)
    known = queries.list_item_points(session, assessment_id).get(code, ())
    if not known or known[-1].retracted or known[-1].entry.points != points:
        entry = ScoreEntry(here.fiscal_year, "", None, code, points, CLARIFIED)
        _announce(session, account, assessment_id, [entry], at)
    of_item = select(AnnouncedScore.id).where(
        AnnouncedScore.office_id == here.office_id, AnnouncedScore.fiscal_year == here.fiscal_year,
        AnnouncedScore.item == code,
    )  # fmt: skip
    return session.exec(of_item.order_by(col(AnnouncedScore.at).desc(), col(AnnouncedScore.id).desc())).first()


def _announce(
    session: Session, account: Account | None, assessment_id: int, entries: Sequence[ScoreEntry], at: datetime
) -> int:
    """How many of the scores are new or other ones: those are recorded."""
    if not entries:
        raise NoScore
    audit.one_at_a_time(session)  # so that of two at once neither makes a total of both that does not add up
    here = queries.get_assessment_by_id(session, assessment_id)
    known = queries.what_scores_are_held_against(session, assessment_id)
    stands = {one.of: (one.points, one.source) for one in known.standing}
    given = [replace(one, source=clean_text(one.source, LONGEST_SOURCE)) for one in entries]
    new = [one for one in checked(given, known, here.office_short) if stands.get(one.of) != (one.points, one.source)]
    if not new:
        return 0
    session.add_all(
        AnnouncedScore(
            office_id=here.office_id, fiscal_year=one.fiscal_year, instrument=one.instrument, indicator=one.indicator,
            item=one.item, points=one.points, source=one.source, account_id=account.id if account else None, at=at,
        )
        for one in new
    )  # fmt: skip
    session.flush()
    audit.record(
        session, actor=account, action="score.announce", subject=f"assessment {assessment_id}", at=at,
        scores=[{"year": one.fiscal_year, "what": one.what, "points": one.points, "source": one.source} for one in new],
    )  # fmt: skip
    return len(new)


def retract_score(
    session: Session, *, by: int, assessment_id: int, entry: ScoreEntry, why: str, at: datetime
) -> None:  # fmt: skip
    """Retract a recorded score of the assessment's office by a later record; what a plan tells is changed in the plan.

    Also in a closed year, as they are recorded. `entry` is the score as it was looked at.

    Raises NotFound, NotYours, WhyMissing, ScoreChanged where no such record stands any more, TotalStands where a
    recorded total is not what the instruments would give without it; BadText.
    """
    account = planning(session, by, assessment_id, closed=True)
    why = clean_text(why, LONGEST_SOURCE)
    if not why:
        raise WhyMissing
    audit.one_at_a_time(session)
    here = queries.get_assessment_by_id(session, assessment_id)
    listed = queries.list_scores(session, assessment_id)
    if not any(one.entry == entry and not one.of_plan for one in listed):
        raise ScoreChanged
    year = entry.fiscal_year
    total = next((one for one in listed if one.entry.of == (year, "", None, "") and not one.of_plan), None)
    if entry.instrument and entry.indicator is None and not entry.item and total:  # a total itself goes, and first
        left = queries.what_scores_are_held_against(session, assessment_id, without=entry)
        if not total_fits(year, left):
            raise TotalStands(year=year, total=total.entry.points)
    session.add(
        AnnouncedScore(
            office_id=here.office_id, fiscal_year=entry.fiscal_year, instrument=entry.instrument,
            indicator=entry.indicator, item=entry.item, points=entry.points, source=why, retracted=True,
            account_id=by, at=at,
        )
    )  # fmt: skip
    session.flush()
    audit.record(
        session, actor=account, action="score.retract", subject=f"assessment {assessment_id}", at=at, why=why,
        scores=[{"year": entry.fiscal_year, "what": entry.what, "points": entry.points, "source": entry.source}],
    )  # fmt: skip


def estimate_score(
    session: Session, *, by: int, assessment_id: int, instrument: str, points: float | None, note: str, at: datetime
) -> None:
    """Record what the commander expects an instrument to come to this year, or (None) that they expect nothing more.

    Only of one whose score does not follow from items. A later record takes the place of an earlier one; all stay.
    Where nothing differs from what stands already none is added.

    Raises NotFound, YearClosed, NotYours, NoEstimate, GroundMissing (of None: WhyMissing) without a note; BadText.
    """
    account, actor = acting(session, by, assessment_id)
    if not access.may_direct(actor):
        raise NotYours
    framework = queries.get_history(session, assessment_id).now.framework
    of_items = {framework.indicators[item.indicator].instrument for item in framework.items.values()}
    surveys = [code for code in framework.instruments if code not in of_items]
    if instrument not in surveys or not (points is None or 0 <= points <= 100):
        raise NoEstimate(instruments=", ".join(surveys))
    note = clean_text(note, LONGEST_SOURCE)
    if not note:
        raise WhyMissing if points is None else GroundMissing
    audit.one_at_a_time(session)
    known = queries.list_estimates(session, assessment_id).get(instrument)
    stands = (known.entry.points, known.entry.source) if known else None
    if stands == (None if points is None else (points, note)):
        return
    here = queries.get_assessment_by_id(session, assessment_id)
    session.add(
        AnnouncedScore(
            office_id=here.office_id, fiscal_year=here.fiscal_year, instrument=instrument, points=points or 0.0,
            source=note, retracted=points is None, estimated=True, account_id=by, at=at,
        )
    )  # fmt: skip
    session.flush()
    audit.record(
        session, actor=account, action="score.estimate", subject=f"assessment {assessment_id}", at=at,
        instrument=instrument, points=points, note=note,
    )  # fmt: skip
