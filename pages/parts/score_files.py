"""Scores from a file: the empty form to take away, the file brought back, what it would record, and then the press."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ita_core import db, queries, workflow
from ita_core.errors import TotalDiffers
from ita_core.language import N_, _
from ita_core.plan.scores import Read, Reading, ScoreEntry
from ita_core.queries import IndicatorFacts, ScoreFileFacts
from ita_core.settings import settings
from pages.parts import drop_zone, marks, pressing, score_told, templates
from pages.parts.frame import Frame

PLACE = "score-file"  # where a refusal of a press stands
MOST_ROWS = 200  # that are shown: of ten years an office has some 400 scores
_WORDS = {
    Reading.other: ("≠", N_("differs from what is recorded")),
    Reading.new: ("+", N_("new")),
    Reading.same: ("=", N_("recorded already")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A score of the file; `stands` is "" where nothing is recorded of the same."""

    year: int
    what: str
    title: str
    points: str
    source: str
    stands: str
    stands_source: str
    sign: str
    says: str
    same: bool


def draw(here: Frame, indicators: Sequence[IndicatorFacts]) -> None:
    """Open where a file waits: what it would record stands there, and nothing of it is recorded before the press."""
    with db.reading() as session:
        waits = queries.find_score_file(session, here.actor, here.assessment.id)
    label = _("By a file: take the form away, fill it in, bring it back")
    with st.expander(label, icon=":material/table_view:", expanded=waits is not None):
        templates.show("score_form", name=here.assessment.name, year=here.assessment.fiscal_year)
        st.caption(_(
            "First it is shown what the file would record, and nothing is recorded before you press. Every fault is "
            "named with its cell; then nothing of the file is taken."
        ))  # fmt: skip
        drop_zone.scores_zone(here.assessment.name)
        pressing.refusal_at(PLACE)
        if waits:
            _draw_waiting(here, waits, indicators)


def _draw_waiting(here: Frame, waits: ScoreFileFacts, indicators: Sequence[IndicatorFacts]) -> None:
    titles = {one.number: one.title for one in indicators}
    order = list(Reading)  # what differs first: that is what one must look at
    lines = [_line(one, titles) for one in sorted(waits.read, key=lambda one: order.index(one.reading))]
    counts = {reading: sum(one.reading is reading for one in waits.read) for reading in order}
    told = [f"{_(_WORDS[reading][1])} {count}" for reading, count in counts.items() if count]
    templates.show(
        "score_file", name=waits.file_name, told=" · ".join(told), lines=lines[:MOST_ROWS], more=len(lines[MOST_ROWS:])
    )
    knows = not waits.differing
    for one in waits.differing:
        st.warning(marks.plain(str(TotalDiffers(**one.told))))
    if waits.differing:
        knows = st.checkbox(_("I have looked again: it is recorded as it was announced"), key=f"knowing-{waits.sha256}")
    left, right = st.columns([1, 1])
    if new := counts[Reading.new] + counts[Reading.other]:
        left.button(
            _("Record these {count} scores").format(count=new), type="primary", icon=":material/check:",
            key="record-score-file", on_click=_record, args=(here, waits, knows), width="stretch",
        )  # fmt: skip
    right.button(
        _("Put this file aside, record nothing"), icon=":material/delete:", key="discard-score-file",
        on_click=_discard, args=(here,), width="stretch",
    )  # fmt: skip


def _line(one: Read, titles: dict[int, str]) -> Line:
    entry, stands = one.entry, one.stands
    sign, says = _WORDS[one.reading]
    title = titles.get(entry.indicator, "") if entry.indicator is not None and not entry.item else ""
    return Line(
        entry.fiscal_year, what(entry), title, f"{entry.points:.2f}", entry.source,
        f"{stands.points:.2f}" if stands else "", stands.source if stands else "", sign, _(says),
        one.reading is Reading.same,
    )  # fmt: skip


def what(entry: ScoreEntry) -> str:
    """คะแนนรวม, IIT, IIT 3, O6."""
    return entry.what or _("Total")


def _record(here: Frame, shown: ScoreFileFacts, knows: bool) -> None:
    """What was shown when the button was drawn, and nothing else."""

    def write(session: db.Session) -> None:
        workflow.record_score_file(
            session, by=here.actor.account_id, assessment_id=here.assessment.id, shown=shown, knowing=knows,
            at=settings().now(),
        )  # fmt: skip

    if pressing.write_first(write, place=PLACE):
        score_told.tell(N_("Recorded."))


def _discard(here: Frame) -> None:
    def write(session: db.Session) -> None:
        workflow.discard_score_file(
            session, by=here.actor.account_id, assessment_id=here.assessment.id, at=settings().now()
        )

    pressing.write_first(write, N_("Put aside: nothing was recorded."), place=PLACE)
