"""Announced scores put on record, also from a file that was looked at before, and retracted."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ita_core import access, audit, queries
from ita_core.errors import (
    GroundMissing,
    NoEstimate,
    NoScore,
    NotFound,
    NotYours,
    Refused,
    ReportChanged,
    ScoreChanged,
    ScoreFileChanged,
    TotalDiffers,
    TotalStands,
    WhyMissing,
)
from ita_core.models import Account, AnnouncedScore, ScoreFile
from ita_core.plan.scores import LONGEST_SOURCE, ScoreEntry, beside, checked, differing, new_of, total_fits
from ita_core.queries import ScoreFacts, ScoreFileFacts
from ita_core.typed import clean_file_name, clean_text
from ita_core.workflow.asking import acting, planning

CLARIFIED = "ผลการพิจารณาคำชี้แจง"  # the source of points after a clarification: Thai, as sources are


def announce_scores(
    session: Session, *, by: int | None, assessment_id: int, entries: Sequence[ScoreEntry], knowing: bool = False,
    at: datetime,
) -> int:  # fmt: skip
    """Record scores of the assessment's office, of its year or earlier ones; gives how many are new or other ones.

    Also in a closed year: scores are announced when it is over. `by` None is the server's own command. What stands
    already as it is given adds no record. A total that the instruments do not give by the weights known here, which may
    be assumed ones, only for who records it `knowing` that.

    Raises NotFound, NotYours, NoScore where none is given, TotalDiffers, PlanFaults with everything that is wrong: then
    nothing is recorded; BadText.
    """
    account = None if by is None else planning(session, by, assessment_id, closed=True)
    return _announce(session, account, assessment_id, entries, at, knowing=knowing)


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


def keep_score_file(
    session: Session, *, by: int, assessment_id: int, file_name: str, sha256: str, entries: Sequence[ScoreEntry],
    at: datetime,
) -> None:  # fmt: skip
    """Keep what was read of a file of scores, to be looked at before it is recorded; in place of one's file before.

    Nothing is announced by it. `entries` are as `plan.scores.read` gave them.

    Raises NotFound, NotYours, NoScore; BadText.
    """
    account = planning(session, by, assessment_id, closed=True)
    if not entries:
        raise NoScore
    kept = _find_file(session, by, assessment_id) or ScoreFile(
        assessment_id=assessment_id, account_id=by, file_name="", sha256="", entries=[], at=at
    )
    kept.file_name, kept.sha256, kept.at = clean_file_name(file_name), sha256, at
    kept.entries = [list(astuple(replace(one, source=clean_text(one.source, LONGEST_SOURCE)))) for one in entries]
    session.add(kept)
    session.flush()
    audit.record(
        session, actor=account, action="score.read", subject=f"assessment {assessment_id}", at=at,
        file_name=kept.file_name, sha256=sha256, scores=len(entries),
    )  # fmt: skip


def record_score_file(
    session: Session, *, by: int, assessment_id: int, shown: ScoreFileFacts, knowing: bool = False, at: datetime
) -> int:
    """Record one's file of scores exactly as it was shown; gives how many are new or other ones.

    Raises NotFound, also where none waits; NotYours, TotalDiffers and PlanFaults as `announce_scores` does;
    ScoreFileChanged where the file, or what stands beside it, is not what was shown any more.
    """
    account = planning(session, by, assessment_id, closed=True)
    audit.one_at_a_time(session)
    kept = _file(session, by, assessment_id)
    if queries.find_score_file(session, queries.get_actor(session, by, assessment_id), assessment_id) != shown:
        raise ScoreFileChanged
    session.delete(kept)
    session.flush()
    entries = [one.entry for one in shown.read]
    return _announce(session, account, assessment_id, entries, at, file=shown, knowing=knowing)


def discard_score_file(session: Session, *, by: int, assessment_id: int, at: datetime) -> None:
    """Put one's file of scores aside: nothing of it is recorded.

    Raises NotFound, also where none waits; NotYours.
    """
    account = planning(session, by, assessment_id, closed=True)
    kept = _file(session, by, assessment_id)
    session.delete(kept)
    session.flush()
    audit.record(
        session, actor=account, action="score.discard", subject=f"assessment {assessment_id}", at=at,
        file_name=kept.file_name, sha256=kept.sha256,
    )  # fmt: skip


def retract_score(
    session: Session, *, by: int, assessment_id: int, entry: ScoreEntry, why: str, at: datetime
) -> None:  # fmt: skip
    """Retract a recorded score of the assessment's office by a later record; what a plan tells is changed in the plan.

    Also in a closed year, as they are recorded. `entry` is the score as it was looked at.

    Raises NotFound, NotYours, WhyMissing, ScoreChanged where no such record stands any more, TotalStands where a
    recorded total is not what the instruments would give without it; BadText.
    """
    _retract(session, by, assessment_id, [entry], why, at=at, changed=ScoreChanged)


def retract_report(
    session: Session, *, by: int, assessment_id: int, entries: Sequence[ScoreEntry], why: str, at: datetime
) -> None:  # fmt: skip
    """Retract all that one press recorded of a year (`queries.reports`): a later record of each, in one act.

    `entries` are the scores as they were looked at: all of them are retracted, or none.

    Raises NotFound, NotYours, WhyMissing, NoScore where none is given, ReportChanged where they are not, all of them,
    what one press recorded of a year and still stands; TotalStands as `retract_score` does, BadText.
    """
    if not entries:
        raise NoScore
    _retract(session, by, assessment_id, entries, why, at=at, changed=ReportChanged)


def _announce(
    session: Session, account: Account | None, assessment_id: int, entries: Sequence[ScoreEntry], at: datetime,
    file: ScoreFileFacts | None = None, *, knowing: bool = False,
) -> int:  # fmt: skip
    """How many of the scores are new or other ones: those are recorded; `file` is what they were read from."""
    if not entries:
        raise NoScore
    audit.one_at_a_time(session)  # so that of two at once neither makes a total of both that does not add up
    here = queries.get_assessment_by_id(session, assessment_id)
    known = queries.what_scores_are_held_against(session, assessment_id)
    given = [replace(one, source=clean_text(one.source, LONGEST_SOURCE)) for one in entries]
    read = beside(checked(given, known, here.office_short), known.standing)
    new = new_of(read)
    if not new:
        return 0
    odd = differing(new, known)
    if odd and not knowing:
        raise TotalDiffers(**odd[0].told)
    told = [{"year": one.year, "total": one.total, "gives": one.gives} for one in odd]
    more: dict[str, Any] = {"differs": told} if told else {}
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
        scores=_told(new), file={"name": file.file_name, "sha256": file.sha256} if file else None,
        **more,
    )  # fmt: skip
    return len(new)


def _retract(
    session: Session, by: int, assessment_id: int, entries: Sequence[ScoreEntry], why: str, *, at: datetime,
    changed: type[Refused],
) -> None:  # fmt: skip
    account = planning(session, by, assessment_id, closed=True)
    why = clean_text(why, LONGEST_SOURCE)
    if not why:
        raise WhyMissing
    audit.one_at_a_time(session)
    here = queries.get_assessment_by_id(session, assessment_id)
    listed = queries.list_scores(session, assessment_id)
    standing = [one.entry for one in listed if not one.of_plan]
    whole = changed is not ReportChanged or _is_report(entries, listed)
    if not whole or not all(entry in standing for entry in entries):
        raise changed
    year = entries[0].fiscal_year
    total = next((one for one in standing if one.of == (year, "", None, "")), None)
    # Whoever takes an instrument away leaves a total that is wrong: the total goes first, or with it.
    parts = any(one.instrument and one.indicator is None and not one.item for one in entries)
    if parts and total and total not in entries:
        left = queries.what_scores_are_held_against(session, assessment_id, without=entries)
        if not total_fits(year, left):
            raise TotalStands(year=year, total=total.points)
    session.add_all(
        AnnouncedScore(
            office_id=here.office_id, fiscal_year=one.fiscal_year, instrument=one.instrument, indicator=one.indicator,
            item=one.item, points=one.points, source=why, retracted=True, account_id=by, at=at,
        )
        for one in entries
    )  # fmt: skip
    session.flush()
    audit.record(
        session, actor=account, action="score.retract", subject=f"assessment {assessment_id}", at=at, why=why,
        scores=_told(entries),
    )  # fmt: skip


def _is_report(entries: Sequence[ScoreEntry], listed: Sequence[ScoreFacts]) -> bool:
    """Whether these are, in any order, all that one press recorded of a year and that stands."""
    given = {one.of: one for one in entries}
    return any(given == {one.entry.of: one.entry for one in those} for those in queries.reports(listed))


def _told(entries: Sequence[ScoreEntry]) -> list[dict[str, object]]:
    """Scores as the audit tells them."""
    return [
        {"year": one.fiscal_year, "what": one.what, "points": one.points, "source": one.source} for one in entries
    ]  # fmt: skip


def _find_file(session: Session, by: int, assessment_id: int) -> ScoreFile | None:
    own = select(ScoreFile).where(ScoreFile.assessment_id == assessment_id, ScoreFile.account_id == by)
    return session.exec(own).first()


def _file(session: Session, by: int, assessment_id: int) -> ScoreFile:
    found = _find_file(session, by, assessment_id)
    if found is None:
        raise NotFound
    return found


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
