"""What every page stands in: who is here, which assessment, which day, and the head of the page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

import streamlit as st
from markupsafe import Markup

from ita_core import access, accounts, db, language, queries, thai
from ita_core.access import Actor
from ita_core.accounts import Visitor
from ita_core.board.progress import shown_day, until
from ita_core.language import _
from ita_core.queries import AssessmentFacts, MeetingFacts, Snapshot
from ita_core.settings import settings
from pages.parts import day_choice, marks, pressing, templates, visiting


@dataclass(frozen=True, slots=True)
class Frame:
    """`day` is the one looked at, from the address; `today` the one that is shown at first."""

    visitor: Visitor
    actor: Actor
    assessment: AssessmentFacts
    today: date
    day: date
    meetings: tuple[MeetingFacts, ...]  # held until the end of that day, the newest first

    @property
    def before(self) -> datetime | None:
        """The moment before which records count here; None: all do."""
        return until(self.day, self.assessment.ends) if self.past else None

    @property
    def past(self) -> bool:
        """Whether this is a look back, at which nothing can be done."""
        return self.day < self.today


def frame() -> Frame:
    """Who is here and what they look at, asked anew on every run; the run ends where the sign-in has ended."""
    visitor = visiting.visitor()
    if visitor is None:
        st.rerun()
    with db.reading() as session:
        assessment = queries.get_assessment(session)
        meetings = queries.list_meetings(session, assessment.id)
    today = shown_day(settings().day(), assessment.starts, assessment.ends)
    day = day_choice.asked("day", assessment.starts, today) or today
    return Frame(visitor, visitor.actor, assessment, today, day, tuple(one for one in meetings if one.day <= day))


def visible(here: Frame) -> Snapshot:
    """The plan and the records that this visitor may read."""
    with db.reading() as session:
        return queries.current_snapshot(session, here.assessment).visible_to(here.actor)


def place(here: Frame, items: int) -> str:
    """Whose work it is, of which year; and for whoever doesn't see all, of how many items."""
    said = f"{here.assessment.office_short} · " + _("ITA fiscal year {year}").format(year=here.assessment.fiscal_year)
    if access.sees_all(here.actor):
        return said
    return f"{said} · " + _("only the {items} items of your duties").format(items=items)


def heading(
    here: Frame, title: str | Markup, caption: str = "", *, any_day: bool = False, since: date | None = None
) -> None:
    """The page's title (or a sentence in its place), with the visitor's own menu at the right; the caption above it.

    `any_day`: the page can be drawn for every day of the year, and offers to; `since`: the day it is compared with.
    """
    with st.container(key="head"):
        words, *compare, day, menu = st.columns([5, *([1.1] if since else []), 1.1, 1.6], vertical_alignment="bottom")
    if caption:
        words.caption(caption)
    with words:
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
    if settings().day() < here.assessment.starts:
        st.caption(_("Fiscal year {year} begins on {day}: this is how it stands on its first day.").format(
            year=here.assessment.fiscal_year, day=thai.long_date_text(here.assessment.starts)
        ))  # fmt: skip
    if here.assessment.ends < settings().day():
        st.caption(_("Fiscal year {year} is over: this is how it stands at its end, with what came in after.").format(
            year=here.assessment.fiscal_year
        ))  # fmt: skip


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
