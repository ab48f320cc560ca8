"""Announced scores year by year with the level and its reason; typed in and retracted by whoever may plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from ita_core import access, db, queries, thai, words, workflow
from ita_core.board.clarifications import Standing
from ita_core.board.forecast import Forecast
from ita_core.board.scoring import LevelRule, Result
from ita_core.days import day_of
from ita_core.errors import Refused
from ita_core.language import N_, _
from ita_core.plan.scores import ScoreEntry
from ita_core.queries import IndicatorFacts, InstrumentFacts, ScoreFacts
from ita_core.settings import settings
from pages.parts import empty, frame, marks, pressing, score_files, score_told, score_trend, templates
from pages.parts.frame import Frame
from pages.parts.marks import Meaning, Meanings

FIRST_YEAR = 2556  # of the assessment in Thailand
FORM = "scores"  # where a refusal of it stands


class NothingChosen(Refused):
    says = N_("Choose the score that is retracted.")


@dataclass(frozen=True, slots=True)
class Points:
    """Points of an instrument or the total; `change` is told since the year before, "" where that is not known."""

    text: str
    change: str
    below: bool  # the target
    about: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    total: Points
    instruments: tuple[Points, ...]
    level: str
    why: str


def draw(
    here: Frame,
    results: dict[int, Result],
    expected: Forecast | None,
    instruments: Sequence[InstrumentFacts],
    indicators: Sequence[IndicatorFacts],
) -> None:
    """What is expected of this year, then the years that are known, the newest first; a form, for whoever may."""
    table, trend = st.columns([1.7, 1], gap="medium")
    if results or (expected and expected.total.assumed):
        with table:
            _draw_table(here, results, expected, instruments)
    else:
        empty.draw(empty.scores(here))
    if access.may_plan(here.actor) and not here.past:
        with table:  # beneath it, where the picture beside it is the higher one
            with st.expander(_("Enter announced scores"), icon=":material/assignment_add:"):
                _form(here, results, instruments, indicators)
            score_files.draw(here, indicators)
            _retracting(here)
    with trend:  # the last: a server's first picture takes a second
        score_trend.draw(here, results, instruments)


def _draw_table(
    here: Frame, results: dict[int, Result], expected: Forecast | None, instruments: Sequence[InstrumentFacts]
) -> None:
    guessed, target = expected and expected.total.assumed, here.assessment.target
    templates.show(
        "score_years",
        heads=[
            (_("Fiscal year"), ""), (_("Total"), "number"), *((one.code, "number") for one in instruments),
            (_("Level"), "wide"),
        ],
        expected=_expected(expected, here) if expected and guessed else None,
        years=[_year(one, results.get(one.year - 1), instruments, target) for one in results.values()],
        news=score_told.news(),
        means=(_level_meanings(here),),
    )  # fmt: skip


def _level_meanings(here: Frame) -> Meanings:
    """From which points on each level is reached, by this year's framework."""
    with db.reading() as session:
        levels = [LevelRule(*one) for one in queries.list_levels(session, here.assessment.id)]
    of = tuple(Meaning(one.title, words.level_meaning(one)) for one in levels)
    return Meanings(_("What the levels mean"), of, _("The best level whose points are all there is the one reached."))


def _year(one: Result, before: Result | None, instruments: Sequence[InstrumentFacts], target: float) -> Year:
    return Year(
        one.year,
        replace(
            _points(one.total, before.total if before else None, target),
            about=words.gives_text(one.gives) if one.gives is not None else "",
        ),
        tuple(
            _points(one.points.get(each.code), before.points.get(each.code) if before else None, target)
            for each in instruments
        ),
        one.verdict.level.title if one.verdict else _("the level is not known yet"),
        " · ".join(map(words.shortfall_text, one.verdict.short)) if one.verdict else "",
    )


def _expected(found: Forecast, here: Frame) -> Year:
    parts = [found.total, *found.instruments.values()]
    target = here.assessment.target
    total, *instruments = (Points(words.band_text(one.points), "", one.points.high < target) for one in parts)
    likely = words.likely_text(found.total.points)
    return Year(here.assessment.fiscal_year, total, tuple(instruments), words.range_text(found.total), likely)


def _points(points: float | None, before: float | None, target: float) -> Points:
    if points is None:
        return Points("–", "", False)
    change = ""
    if before is not None:
        difference = round(points - before, 2)
        sign = "▲" if difference > 0 else "▼" if difference < 0 else "="
        change = f"{sign} {abs(difference):.2f}" if difference else sign
    return Points(f"{points:.2f}", change, points < target)


def _first_without(here: Frame, results: Mapping[int, Result]) -> int:
    """The year that the form begins with: the last that is over; where its result is known already, the shown one."""
    this = here.assessment.fiscal_year
    before = this - int(here.assessment.ends >= here.today)
    known = results.get(before)
    return this if known and known.total is not None else before


def _known(results: Mapping[int, Result], this: int) -> str:
    """What is on record of the shown year and the one before: ปี 2568 ยังไม่มี · ปี 2567 95.85."""
    said, nothing = [], _("nothing yet")
    for year in (this, this - 1):
        one = results.get(year)
        parts = {} if one is None else one.points if one.total is None else {"": one.total}
        listed = ", ".join(f"{code} {points:.2f}".strip() for code, points in parts.items())
        said.append(f"{year}: {listed or nothing}")
    return _("On record already: {years}").format(years=" · ".join(said))


def _form(
    here: Frame, results: Mapping[int, Result], instruments: Sequence[InstrumentFacts],
    indicators: Sequence[IndicatorFacts],
) -> None:  # fmt: skip
    """What is left empty is not recorded; what was recorded before stays on record, the last one holds."""
    st.caption(_(
        "Points of 100 as they were announced; leave empty what you do not know. Nothing is overwritten: a correction "
        "is recorded beside what it corrects."
    ))  # fmt: skip
    this = here.assessment.fiscal_year
    with st.form("scores", border=False):
        left, right = st.columns([1, 3])
        years = range(this, FIRST_YEAR - 1, -1)
        first = years.index(_first_without(here, results))
        left.selectbox(_("Fiscal year"), years, index=first, key="scores-year")
        left.caption(_known(results, this))
        right.text_input(_("Source: the announcement or report"), max_chars=300, key="scores-source")
        fields: list[tuple[str, int | None]] = []
        columns = st.columns(len(instruments) + 1)
        names = {"": _("Total"), **{one.code: one.code for one in instruments}}
        for column, (code, name) in zip(columns, names.items(), strict=True):
            fields.append((code, None))
            column.number_input(name, value=None, step=0.01, format="%.2f", key=_field(code, None))
        columns = st.columns(5)
        for place, one in enumerate(indicators):
            fields.append((one.instrument, one.number))
            columns[place % 5].number_input(
                f"{one.number}. {one.title}",
                value=None,
                step=0.01,
                format="%.2f",
                key=_field(one.instrument, one.number),
            )
        score_told.ask(FORM)
        st.form_submit_button(_("Record these scores"), type="primary", on_click=_record, args=(here, fields))


def _record(here: Frame, fields: Sequence[tuple[str, int | None]]) -> None:
    """What was typed, recorded before the page is drawn: what came of it stands at the head of the table."""
    typed = st.session_state
    year, source = int(typed["scores-year"]), typed["scores-source"].strip()
    entries = [
        ScoreEntry(year, instrument, number, "", points, source)
        for instrument, number in fields
        if (points := typed[_field(instrument, number)]) is not None
    ]

    def write(session: db.Session, *, knowing: bool) -> int:
        return workflow.announce_scores(
            session, by=here.actor.account_id, assessment_id=here.assessment.id, entries=entries, knowing=knowing,
            at=settings().now(),
        )  # fmt: skip

    score_told.record(write, FORM)


def _field(instrument: str, number: int | None) -> str:
    return f"score-{instrument}" if number is None else f"score-of-{number}"


def _retracting(here: Frame) -> None:
    """What was recorded, to be retracted by a later record; nothing where nothing was."""
    with db.reading() as session:
        listed = queries.list_scores(session, here.assessment.id)
    together = {_recorded_together(those): [one.entry for one in those] for those in queries.reports(listed)}
    recorded = together | {_recorded(one): [one.entry] for one in listed if not one.of_plan}
    if not recorded:
        return
    with (
        st.expander(_("Retract a recorded score"), icon=":material/undo:"),
        st.form("retract-score", border=False),
    ):
        st.caption(_("Both stay on record: that it was recorded, and that it was retracted, by whom and why."))
        if codes := _being_clarified(here):
            says = _("Clarifications of {items} rest on recorded points. Where those are retracted, what was written "
                     "stays listed, without points.")  # fmt: skip
            st.warning(marks.plain(says.format(items=", ".join(codes))))
        chosen = st.selectbox(_("Score"), recorded, index=None, placeholder=_("Choose"), key="retracted")
        why = st.text_input(_("Why is it retracted?"), max_chars=300, key="retracted-why")
        if st.form_submit_button(_("Retract this score"), type="primary"):
            with pressing.refusals_here():
                if chosen is None:
                    raise NothingChosen
                entries = recorded[chosen]
                of = {
                    "by": here.actor.account_id, "assessment_id": here.assessment.id, "why": why, "at": settings().now()
                }  # fmt: skip
                with db.writing() as session:
                    if chosen in together:
                        workflow.retract_report(session, entries=entries, **of)
                    else:
                        workflow.retract_score(session, entry=entries[0], **of)
                score_told.tell(N_("Retracted."))
                st.rerun()


def _being_clarified(here: Frame) -> list[str]:
    """Codes of the items whose clarification is under way: nobody should take its points away unawares."""
    with db.reading() as session:
        known = queries.list_clarifications(session, here.actor, here.assessment.id)
    open_ = {of for of, one in known.items() if one.standing not in {None, Standing.answered}}
    return [one.code for one in frame.visible(here).items if one.id in open_]


def _recorded(one: ScoreFacts) -> str:
    """2568 IIT 94.10 · ประกาศ · 3 ต.ค. 68 ธุรการ."""
    entry = one.entry
    about = f"{thai.date_text(day_of(one.at))} {one.by}".strip()
    what = f"{entry.fiscal_year} {score_files.what(entry)} {entry.points:.2f}"
    return " · ".join([what, *filter(None, (entry.source, about))])


def _recorded_together(those: Sequence[ScoreFacts]) -> str:
    """2568 ทั้งรายงาน 14 คะแนน (คะแนนรวม, IIT, EIT, …) · 3 ต.ค. 68 ธุรการ."""
    names = [score_files.what(one.entry) for one in those]
    listed = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
    says = _("{year}: all {count} scores recorded together ({scores})")
    year = those[0].entry.fiscal_year
    when = f"{thai.moment_text(those[0].at)} {those[0].by}".strip()  # to the minute: two may come on one day
    return f"{says.format(year=year, count=len(those), scores=listed)} · {when}"
