"""What an officer or supervisor should look at twice in a file, before somebody else does. Hints never refuse."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from ita_core import thai
from ita_core.days import ERA, day_of
from ita_core.evidence.noticed import Noticed
from ita_core.language import N_, _

_NOT_FOUND = {
    "th": N_("The slot wants Thai, but hardly any Thai text was found in the file."),
    "en": N_("The slot wants English, but hardly any English text was found in the file."),
}


def wants_date(titles: Iterable[str]) -> bool:
    """Whether a requirement, by its title, demands that day, month and year are shown."""
    return any("วัน/เดือน/ปี" in title for title in titles)


def hints(
    facts: Noticed,
    *,
    periods: Sequence[str],
    fiscal_year: int,
    wants_date: bool,
    handed_in_on: date,
    languages: Collection[str] = (),
) -> list[str]:
    """Sentences in the current language; none for a file that raises no question.

    `periods` (YYYY-MM) and `languages` are those of the slots that it is to cover; `fiscal_year` is of the Buddhist
    era.
    """
    found = [_about_years(facts, periods, fiscal_year)]
    if wants_date and facts.has_date is False and facts.has_text:
        found.append(_("No day, month and year was found in the text, but the item demands that they are shown."))
    if facts.pages and facts.has_text is False and len(facts.empty_pages) < facts.pages:
        found.append(
            _("The pages are pictures without text, so the assessor cannot search them. Send the original if you can.")
        )
    found.append(_about_empty_pages(facts))
    if facts.has_text:
        found += [_(_NOT_FOUND[code]) for code in _NOT_FOUND if code in languages and code not in facts.text_languages]
    made = made_on(facts)
    if made is not None and made > handed_in_on:
        found.append(
            _("The file says it was made on {day}, which is still to come. Check the computer's clock.").format(
                day=thai.date_text(made)
            )
        )
    return [hint for hint in found if hint]


def _about_years(facts: Noticed, periods: Sequence[str], fiscal_year: int) -> str:
    """A paper names its fiscal year, or the calendar years that this touches; one that names only others is odd."""
    if facts.fiscal_years and fiscal_year not in facts.fiscal_years:
        return _("The text speaks of fiscal year {years} only, not of {year}. Is it the right file?").format(
            years=_listed(facts.fiscal_years), year=fiscal_year
        )
    if periods:
        fitting = {int(period[:4]) + ERA for period in periods} | {fiscal_year}
    else:
        fitting = {fiscal_year - 1, fiscal_year}  # October to December lie in the year before
    if facts.years and not fitting & set(facts.years):
        return _("The text speaks of the year {years} only, not of {year}. Is it the right file?").format(
            years=_listed(facts.years), year=" / ".join(map(str, sorted(fitting)))
        )
    return ""


def _about_empty_pages(facts: Noticed) -> str:
    if not facts.empty_pages:
        return ""
    if facts.pages is not None and len(facts.empty_pages) >= facts.pages:
        return _("Every page of the file is empty.")
    return _("Empty pages: {pages}. Is something missing there?").format(pages=_listed(facts.empty_pages))


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def made_on(facts: Noticed) -> date | None:
    """The day in Thailand on which the file says it was made; None where it says nothing."""
    if facts.made_at is None:
        return None
    made = datetime.fromisoformat(facts.made_at)
    return made.date() if made.tzinfo is None else day_of(made)
