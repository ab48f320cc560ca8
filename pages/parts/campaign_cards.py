"""What is known of a survey, as view data: its window, responses against the minimum, lines of work, its poster."""

from collections.abc import Sequence
from dataclasses import dataclass

from ita_core import thai, words
from ita_core.board import campaigns
from ita_core.board.campaigns import NO_LINE, CampaignFacts, Count, Pace, Standing, Terms
from ita_core.board.headline import Face
from ita_core.board.steps import StepFacts
from ita_core.exports.documents import poster
from ita_core.language import _
from ita_core.models import StepSign, Survey
from ita_core.typed import sent_address
from pages.parts import marks
from pages.parts.frame import Frame
from pages.parts.marks import Badge, Bar, Meanings, Part

MOST_COUNTS = 7  # the newest ones
FACES = {
    Pace.reached: Face.accepted, Pace.on_pace: Face.waiting, Pace.behind: Face.overdue, Pace.missed: Face.overdue,
    Pace.ahead: Face.missing, Pace.open: Face.missing, Pace.over: Face.missing,
}  # fmt: skip
FORMATS = {"pdf": "PDF", "png": "PNG"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of work with how many of it have answered; `said` is that nobody has."""

    name: str
    number: str
    said: str


@dataclass(frozen=True, slots=True)
class Day:
    day: str
    total: int
    more: str  # than on the day before that
    by: str


@dataclass(frozen=True, slots=True)
class Card:
    """One survey; without a badge nothing is recorded of it. `lower` are the counts that cannot be right, in words."""

    survey: str
    title: str
    steps: tuple[str, ...]
    badge: Badge | None = None
    facts: tuple[tuple[str, str], ...] = ()
    bar: Bar | None = None
    pace: str = ""
    lower: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    days: tuple[Day, ...] = ()
    left_out: int = 0
    url: str = ""
    code: str = ""  # the QR code as the address of a picture
    formats: tuple[tuple[str, str], ...] = tuple(FORMATS.items())


def card(one: CampaignFacts, here: Frame, steps: Sequence[StepFacts]) -> Card:
    """A survey on the day looked at."""
    terms = one.terms
    title = _(words.SURVEYS[one.survey])
    if terms is None:
        return Card(one.survey.value, title, _planned(one.survey, steps))
    known = [count for count in one.counts if count.day <= here.day]
    now = campaigns.standing(terms, known, here.day)
    face = FACES[now.pace]
    days = _days(known)
    return Card(
        one.survey.value,
        title,
        (),
        Badge(face.value, words.SIGNS[face], _(words.PACES[now.pace])),
        _facts(one, terms, now),
        _bar(terms, now),
        words.pace_text(now, terms),
        tuple(_fell(before, after) for before, after in campaigns.falls(known)),
        _lines(terms, now),
        days[:MOST_COUNTS],
        len(days[MOST_COUNTS:]),
        terms.url,
        poster.picture_address(sent_address(terms.url)) if terms.url else "",
    )


def _planned(survey: Survey, steps: Sequence[StepFacts]) -> tuple[str, ...]:
    """The plan's own steps for it, with their days: from them one enters when it runs."""
    instrument = words.SURVEY_CODES[survey].split(" ")[0]
    return tuple(
        f"{thai.date_text(step.starts)} – {thai.date_text(step.ends)} · {step.title}"
        for step in steps
        if step.instrument == instrument and not _of_another(step, survey)
    )


def _of_another(step: StepFacts, survey: Survey) -> bool:
    """Whether a step names another survey and not this one: what is to be done for EIT (2) alone is nothing of EIT (1),
    though both are of one instrument.
    """
    title = step.title.replace(" ", "")
    named = {one for one, code in words.SURVEY_CODES.items() if code.replace(" ", "") in title}
    if step.sign is StepSign.stakeholders_listed:
        named.add(Survey.eit_external)
    return bool(named) and survey not in named


def _facts(one: CampaignFacts, terms: Terms, now: Standing) -> tuple[tuple[str, str], ...]:
    def said(number: int | None) -> str:
        return _("not recorded") if number is None else f"{number:,}"

    counted = thai.date_text(now.last.day) if now.last else _("never")
    return (
        (_("How many there are"), said(terms.population)),
        (_("Minimum, as ITAP says"), said(terms.minimum)),
        (_("People can answer"), f"{thai.date_text(terms.opens)} – {thai.date_text(terms.closes)}"),
        (_("Last counted"), counted),
        (_("Dates and minimum recorded by"), f"{one.by} · {thai.moment_text(one.at)}" if one.at else ""),
    )


def _bar(terms: Terms, now: Standing) -> Bar:
    """Against the minimum; how many have answered alone where nobody said what that is: all need not answer."""
    whole = terms.minimum
    if not whole:
        return Bar(_("Responses"), f"{now.total:,}", (), None)
    text = _("{number} of {whole}").format(number=f"{now.total:,}", whole=f"{whole:,}")
    part = Part(Face.accepted.value, min(now.total / whole, 1) * 100, text)
    due = None if now.due is None or now.pace is Pace.reached else now.due / whole * 100
    return Bar(_("Responses"), text, (part,), due)


def _lines(terms: Terms, now: Standing) -> tuple[Line, ...]:
    of = now.last.of if now.last else {}
    found = []
    for line in terms.lines:
        if line in now.empty:
            found.append(Line(line, "0", _("nobody has answered yet")))
        else:
            found.append(Line(line, f"{of[line]:,}" if line in of else _("not counted yet"), ""))
    found += [Line(_("{line} (no longer named)").format(line=line), f"{of[line]:,}", "") for line in now.former]
    if found and of.get(NO_LINE):
        found.append(Line(_("in no line of work"), f"{of[NO_LINE]:,}", ""))
    return tuple(found)


def _days(counts: Sequence[Count]) -> tuple[Day, ...]:
    """The newest first."""
    before = [None, *counts]
    return tuple(
        Day(
            thai.date_text(one.day), one.total, f"{one.total - last.total:+,}" if last else "",
            f"{one.by} · {thai.moment_text(one.at)}",
        )
        for last, one in zip(before, counts, strict=False)
    )[::-1]  # fmt: skip


def _fell(before: Count, after: Count) -> str:
    says = _("{day}: {number}, fewer than the {earlier} of {before}. One of the two is wrong: record that day again.")
    return says.format(
        day=thai.date_text(after.day), number=after.total, earlier=before.total, before=thai.date_text(before.day)
    )


def meanings() -> Meanings:
    """What the badge beside a survey's name means."""
    return marks.meanings(_("What the states mean"), words.PACES, words.PACE_MEANINGS, FACES)
