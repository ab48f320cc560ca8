"""What is known of the IIT and EIT surveys, and how many have answered; never who, nor what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlmodel import Session

from ita_core import access, audit, queries
from ita_core.board import campaigns, stakeholders
from ita_core.board.campaigns import NO_LINE, CampaignFacts, Count, Terms
from ita_core.days import day_of
from ita_core.errors import BadAddress, NotYours, Refused
from ita_core.language import N_, _
from ita_core.models import Account, Campaign, ResponseCount, Survey
from ita_core.settings import settings
from ita_core.thai import date_text
from ita_core.typed import clean_address, clean_text, sent_address
from ita_core.words import SURVEYS
from ita_core.workflow.asking import acting, new_id

LONGEST_ADDRESS = 300  # bytes: more make a QR code whose squares a phone cannot tell apart across a counter
LONGEST_LINE = 120
MOST_LINES = 20
LARGEST = 1_000_000  # people; a number with a digit too many is one more often than not


class BadNumber(Refused):
    says = N_("{what}: {number} cannot be right. Enter a number from {least} to {most}.")


class MoreThanAll(Refused):
    says = N_("{number} are more than the {population} there are. Check the number, or correct how many there are.")


class ClosesBefore(Refused):
    says = N_("The survey closes on {closes}, before it opens on {opens}.")


class OutsideYear(Refused):
    says = N_("{day} does not lie in this fiscal year, which runs from {first} to {last}.")


class NotBetween(Refused):
    says = N_("On {day} nobody could answer, so it has no number: the survey runs from {first} to {last}.")


class NotYet(Refused):
    says = N_("{day} is still to come: record what there is by today.")


class Falls(Refused):
    says = N_("{after}: {number}, fewer than the {earlier} of {before}. Whoever has answered stays, so one of the two "
              "is wrong. Check it; to record it all the same, press once more.")  # fmt: skip


class NoCampaign(Refused):
    says = N_("Of {survey} it is not known yet when it runs: record that first.")


class ListWouldGo(Refused):
    says = N_(
        "By this closing day the list of stakeholders could have been kept until {last} only, and would be deleted at "
        "once. Check the day; if it is right, whoever keeps the list deletes it first."
    )


class TooManyLines(Refused):
    says = N_("Name at most {most} lines of work, each once.")


def set_campaign(session: Session, *, by: int, assessment_id: int, survey: Survey, terms: Terms, at: datetime) -> bool:
    """Record what is known of a survey, in place of what was; whether that is new. It stands until the next record.

    What was counted must still be possible by it, except that nobody had answered on a day before the opening: so a
    day counted by mistake can be made good.

    Raises NotFound, YearClosed, NotYours, BadText, BadAddress, BadNumber, MoreThanAll, NotBetween, ClosesBefore,
    OutsideYear, TooManyLines, ListWouldGo.
    """
    account = _keeping(session, by, assessment_id)
    year = queries.get_assessment_by_id(session, assessment_id)
    cleaned = _cleaned(terms)
    if cleaned.closes < cleaned.opens:
        raise ClosesBefore(opens=date_text(cleaned.opens), closes=date_text(cleaned.closes))
    for day in (cleaned.opens, cleaned.closes):
        if not year.starts <= day <= year.ends:
            raise OutsideYear(day=date_text(day), first=date_text(year.starts), last=date_text(year.ends))
    audit.one_at_a_time(session)
    now = _campaign(session, assessment_id, survey)
    if now.terms == cleaned:
        return False
    if survey is Survey.eit_external:
        _check_list_stays(session, assessment_id, cleaned, day_of(at))
    for one in now.counts:
        if one.total or one.day > cleaned.closes:
            _check_possible(cleaned, one.day, one.total)
    row = Campaign(
        assessment_id=assessment_id, survey=survey, population=cleaned.population, minimum=cleaned.minimum,
        opens=cleaned.opens, closes=cleaned.closes, url=cleaned.url, lines=list(cleaned.lines), account_id=by, at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor=account, action="campaign.set", subject=f"campaign {new_id(row.id)}", at=at,
        assessment=assessment_id, survey=survey.value, population=row.population, minimum=row.minimum,
        opens=row.opens.isoformat(), closes=row.closes.isoformat(), url=row.url, lines=row.lines,
    )  # fmt: skip
    return True


def _check_list_stays(session: Session, assessment_id: int, terms: Terms, day: date) -> None:
    """A day typed wrongly must not delete for good what is in use, least of all by who may not see it.

    Raises ListWouldGo.
    """
    held = queries.find_stakeholders(session, assessment_id)
    last = stakeholders.last_day(terms, settings().stakeholder_days)
    if held and held.gone is None and last is not None and last < day:
        raise ListWouldGo(last=date_text(last))


def count_responses(
    session: Session, *, by: int, assessment_id: int, survey: Survey, day: date, counts: Mapping[str, int],
    knowing: bool = False, at: datetime,
) -> bool:  # fmt: skip
    """Record how many had answered by a day since the opening, by line of work; whether that is new.

    In place of what was recorded of that day. Fewer than on an earlier day, or more than on a later one, are taken of
    whoever says it `knowing` that: one of the two is wrong, and nobody can tell here which.

    Raises NotFound, YearClosed, NotYours, NoCampaign, NotYet, NotBetween, BadNumber, MoreThanAll, Falls.
    """
    account = _keeping(session, by, assessment_id)
    audit.one_at_a_time(session)
    now = _campaign(session, assessment_id, survey)
    terms = now.terms
    if terms is None:
        raise NoCampaign(survey=_(SURVEYS[survey]))
    if day > day_of(at):
        raise NotYet(day=date_text(day))
    known = {line: counts.get(line, 0) for line in (*terms.lines, NO_LINE)}
    for line, number in known.items():
        _check(line or _("Responses"), number, 0)
    _check_possible(terms, day, sum(known.values()))
    if any(one.day == day and one.of == known for one in now.counts):
        return False
    if not knowing:
        _check_rising(now.counts, Count(day, known, account.name, at))
    row = ResponseCount(assessment_id=assessment_id, survey=survey, day=day, counts=known, account_id=by, at=at)
    session.add(row)
    session.flush()
    audit.record(
        session, actor=account, action="campaign.count", subject=f"count {new_id(row.id)}", at=at,
        assessment=assessment_id, survey=survey.value, day=day.isoformat(), counts=known,
    )  # fmt: skip
    return True


def _keeping(session: Session, by: int, assessment_id: int) -> Account:
    """The account that acts. Raises NotFound, YearClosed, NotYours."""
    account, actor = acting(session, by, assessment_id)
    if not access.may_keep_campaigns(actor, queries.has_duties(session, actor)[1]):
        raise NotYours
    return account


def _campaign(session: Session, assessment_id: int, survey: Survey) -> CampaignFacts:
    return next(one for one in queries.list_campaigns(session, assessment_id) if one.survey is survey)


def _check_rising(counts: Sequence[Count], new: Count) -> None:
    """Raises Falls where this count, in place of its day's, is lower than the one before or higher than the next."""
    for before, after in campaigns.falls(campaigns.replaced([*counts, new])):
        if new in (before, after):
            raise Falls(after=date_text(after.day), number=after.total, earlier=before.total,
                        before=date_text(before.day))  # fmt: skip


def _check_possible(terms: Terms, day: date, total: int) -> None:
    """Raises NotBetween, MoreThanAll where so many cannot have answered by that day."""
    if not terms.opens <= day <= terms.closes:
        raise NotBetween(day=date_text(day), first=date_text(terms.opens), last=date_text(terms.closes))
    if terms.population is not None and total > terms.population:
        raise MoreThanAll(number=total, population=terms.population)


def _cleaned(terms: Terms) -> Terms:
    for what, number, least in ((_("How many there are"), terms.population, 1), (_("Minimum"), terms.minimum, 1)):
        if number is not None:
            _check(what, number, least)
    if terms.population is not None and terms.minimum is not None and terms.minimum > terms.population:
        raise MoreThanAll(number=terms.minimum, population=terms.population)
    lines = [" ".join(clean_text(line, LONGEST_LINE).split()) for line in terms.lines if line.strip()]
    if len(lines) > MOST_LINES or len(set(lines)) < len(lines):
        raise TooManyLines(most=MOST_LINES)
    return Terms(terms.opens, terms.closes, terms.population, terms.minimum, _address(terms.url), tuple(lines))


def _address(url: str) -> str:
    """The address; "" where none is known. Raises BadAddress, BadText."""
    if not url.strip():
        return ""
    cleaned = clean_address(url)
    if urlsplit(cleaned).scheme != "https":
        raise BadAddress(N_("The survey's address must start with https://, so that nobody can change it on its way."))
    length = len(sent_address(cleaned))  # a Thai letter is nine of them
    if length > LONGEST_ADDRESS:
        raise BadAddress(
            N_("This address is too long for a QR code that phones can read: {length} signs, {longest} at most."),
            length=length, longest=LONGEST_ADDRESS,
        )  # fmt: skip
    return cleaned


def _check(what: str, number: int, least: int) -> None:
    if not least <= number <= LARGEST:
        raise BadNumber(what=what, number=number, least=least, most=LARGEST)
