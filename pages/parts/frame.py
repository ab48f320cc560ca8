"""What every page stands in: who is here, which assessment, which day, and the head of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import NoReturn

import streamlit as st
from markupsafe import Markup

from ita_core import access, accounts, db, language, queries, thai
from ita_core.access import Actor
from ita_core.accounts import Visitor
from ita_core.board import notices
from ita_core.board.progress import shown_day, until
from ita_core.db import Session
from ita_core.errors import NotFound
from ita_core.language import _
from ita_core.queries import AssessmentFacts, MeetingFacts, Snapshot
from ita_core.settings import settings
from pages.parts import day_choice, manual, marks, pressing, templates, visiting, year_choice
from pages.parts.marks import Empty


@dataclass(frozen=True, slots=True)
class Frame:
    """`day` is the one looked at, from the address; `today` the one that is shown at first."""

    visitor: Visitor
    actor: Actor
    assessments: tuple[AssessmentFacts, ...]  # all that the visitor may look at, their own office's first
    assessment: AssessmentFacts
    today: date
    day: date
    meetings: tuple[MeetingFacts, ...]  # held until the end of that day, the newest first
    closed: bool  # the year is, but for the items that were opened again
    reopened: frozenset[int]
    unseen: int  # of what concerns the visitor today, what they have not seen

    @property
    def before(self) -> datetime | None:
        """The moment before which records count here; None: all do."""
        return until(self.day, self.assessment.ends) if self.past else None

    @property
    def past(self) -> bool:
        """Whether this is a look back, at which nothing can be done."""
        return self.day < self.today

    def acts(self, item_id: int | None = None) -> bool:
        """Whether anything can be done here and now, or on this item."""
        return not self.past and (not self.closed or item_id in self.reopened)


def frame() -> Frame:
    """Who is here and what they look at, asked anew on every run; the run ends where the sign-in has ended."""
    visitor = visiting.visitor()
    if visitor is None:
        st.rerun()
    with db.reading() as session:
        assessments = tuple(queries.list_visible(session, visitor.account_id))
        try:
            assessment = asked(session, visitor)
        except NotFound:
            assessment = None
        if assessment is not None:
            actor = queries.get_actor(session, visitor.account_id, assessment.id)
            meetings = queries.list_meetings(session, assessment.id)
            year = queries.get_year(session, assessment)
            today = shown_day(settings().day(), assessment.starts, assessment.ends)
            seen = queries.list_seen_notices(session, visitor.account_id, assessment.id)
            unseen = len(notices.unseen(queries.list_notices(session, actor, assessment, today), seen))
    if assessment is None:
        nothing_there(assessments)
    # A press belongs to the office and year that it was drawn for: it does nothing once the address names another.
    if st.session_state.setdefault("assessment", assessment.id) != assessment.id:
        st.session_state["assessment"] = assessment.id
        st.rerun()
    day = day_choice.asked("day", assessment.starts, today) or today
    held = tuple(one for one in meetings if one.day <= day)
    return Frame(visitor, actor, assessments, assessment, today, day, held, not year.open, year.reopened, unseen)


def asked(session: Session, visitor: Visitor) -> AssessmentFacts:
    """The office and year that the address names; the visitor's own and that of today where it names none.

    Raises NotFound where the visitor may look at none such.
    """
    office, year = (st.query_params.get(name, "") for name in ("office", "year"))
    return queries.get_visible(session, visitor.account_id, office=office, year=year, day=settings().day())


def find_assessment(session: Session, visitor: Visitor) -> AssessmentFacts | None:
    """The office and year that the address names, or else the visitor's own; None where they may look at none."""
    try:
        return asked(session, visitor)
    except NotFound:
        listed = queries.list_visible(session, visitor.account_id)
        return listed[0] if listed else None


def tab(page: str, assessment: AssessmentFacts | None) -> None:
    """What the browser's tab says: the page (or what is open on it), whose, of which year."""
    whose = f"{assessment.office_short} · ITA {assessment.fiscal_year}" if assessment else "ITA"
    st.set_page_config(page_title=f"{page} · {whose}")


def nothing_there(assessments: Sequence[AssessmentFacts]) -> NoReturn:
    """Says that the address names no plan that there is here, and which there are; the run ends."""
    if assessments:
        empty = Empty(_("There is no plan of this office and year here."), _("These are there:"))
    else:
        first = _("The administrator gives roles on the page “People”: ask them.")
        empty = Empty(_("You have no role in any office yet."), first)
    templates.show("empty", one=empty)
    templates.show("years", years=year_choice.years(assessments, None))
    st.stop()


def visible(here: Frame) -> Snapshot:
    """The records that this visitor may read, with the plan of the day looked at."""
    with db.reading() as session:
        return queries.current_snapshot(session, here.assessment).on(here.day).visible_to(here.actor)


def others_item(here: Frame, code: str) -> bool:
    """Whether the plan has this item, but it is not the visitor's to read."""
    with db.reading() as session:
        every = queries.current_snapshot(session, here.assessment).on(here.day)
        found = next((item.id for item in every.items if item.code == code), 0)
        return bool(found) and queries.is_others(session, here.actor.account_id, item_id=found)


def only_own(here: Frame, items: int) -> str:
    """For whoever doesn't see all: of how many items the page tells."""
    return "" if access.sees_all(here.actor) else _("only the {items} items of your duties").format(items=items)


def heading(
    here: Frame,
    title: str | Markup,
    caption: str = "",
    *,
    page: str = "",
    within: tuple[str, str] | None = None,
    any_day: bool = False,
    since: date | None = None,
    find: str | None = None,
) -> None:
    """The page's title (or a sentence in its place), with the visitor's own menu at the right.

    Above it the trail: office › year › page, and the caption. `page` is its name there where the title is not;
    `within` the name and the address of the page that it was opened from. `any_day`: the page can be drawn for every
    day of the year, and offers to; `since`: the day it is compared with; `find`: what is searched for, on that page.
    """
    with st.container(key="head"):
        several = len(here.assessments) > 1
        widths = [5.6, *([0.95] if since else []), *([0.95] if several else []), 0.95, 1.5]
        words, *compare, day, menu = st.columns(widths, vertical_alignment="bottom")
        year = compare.pop() if several else None
    with words:
        templates.show(
            "trail",
            office=here.assessment.office_short,
            year=_("ITA fiscal year {year}").format(year=here.assessment.fiscal_year),
            within=within,
            page=page or title,
            caption=caption,
            unseen=here.unseen,
            find=find,
            manual=manual.address(),
        )
        if isinstance(title, Markup):
            st.html(str(title))
        else:
            st.title(title, anchor=False)
    choice = partial(day_choice.choice, first=here.assessment.starts, meetings=here.meetings)
    if since:  # the key shuts it when the day changes
        with compare[0].popover(
            _("Compare with"), icon=":material/compare_arrows:", width="stretch", key=f"since-{since}"
        ):
            templates.show("days", days=choice("since", since, last=here.day))
    if year:
        name = year_choice.name(here.assessment, here.assessments)
        with year.popover(name, icon=":material/calendar_today:", width="stretch", key=f"year-{here.assessment.name}"):
            templates.show("years", years=year_choice.years(here.assessments, here.assessment))
    if any_day:
        with day.popover(thai.date_text(here.day), icon=":material/event:", width="stretch", key=f"day-{here.day}"):
            templates.show("days", days=choice("day", here.day, last=here.today))
    with menu.popover(marks.plain(here.visitor.name), icon=":material/person:", width="stretch"):
        _language(here)
        st.page_link("account.py", label=_("My account"), icon=":material/key:")
        visiting.sign_out_button(_("Sign out"))
    pressing.say_at_the_head()
    if here.past and any_day:
        templates.show("past", day=thai.long_date_text(here.day))
    if here.closed:
        says = _(
            "Fiscal year {year} is closed: it can be looked at, nothing of it can be changed. The commander can open "
            "single items again, in the plan."
        )
        st.caption(says.format(year=here.assessment.fiscal_year))
    if settings().day() < here.assessment.starts:
        st.caption(_("Fiscal year {year} begins on {day}: this is how it stands on its first day.").format(
            year=here.assessment.fiscal_year, day=thai.long_date_text(here.assessment.starts)
        ))  # fmt: skip
    elif here.assessment.ends < settings().day() and not here.closed:
        says = _("Fiscal year {year} is over: this is how it stands at its end, with what came in after.")
        if not access.may_plan(here.actor) and here.assessment.ends == max(one.ends for one in here.assessments):
            says += " " + _("The administrator or the commander begins the next one.")
        st.caption(says.format(year=here.assessment.fiscal_year))


def _language(here: Frame) -> None:
    names = {"th": "ไทย", "en": "English"}
    chosen = st.segmented_control(
        _("Language"), list(names), default=here.visitor.language, format_func=names.__getitem__, required=True
    )
    if chosen != here.visitor.language:
        with db.writing() as session:
            account = accounts.account_of(session, here.visitor)
            accounts.set_language(session, account=account, language=chosen, now=datetime.now(UTC))
        language.use(chosen)
        st.rerun()
