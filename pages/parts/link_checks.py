"""Published addresses with what the checks of them found, as view data; the press that has one checked now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ita_core import access, db, queries, thai
from ita_core.board import links
from ita_core.board.headline import Face
from ita_core.board.links import Check, Fault, Link
from ita_core.board.progress import Board
from ita_core.days import day_of
from ita_core.language import _
from ita_core.models import LinkOutcome
from ita_core.queries import Snapshot
from ita_core.settings import settings
from ita_core.words import FAULTS, LINK_OUTCOMES, NOT_CHECKED
from ita_core.workflow import checking
from pages.parts import marks, pressing, templates
from pages.parts.frame import Frame
from pages.parts.marks import Badge

NEWEST = 12  # checks of an item that are listed

FACES = {
    Fault.broken: Face.overdue, Fault.replaced: Face.overdue, Fault.changed: Face.returned, Fault.ending: Face.returned,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """An address with a mark, what was found in words, and when by whom."""

    url: str
    filed: bool
    badge: Badge
    found: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Line:
    """One check of a history."""

    when: str
    by: str
    url: str
    badge: Badge
    found: tuple[str, ...]


def of_item(here: Frame, item_id: int) -> list[Link]:
    """The published addresses of one item, as of the day looked at."""
    with db.reading() as session:
        found = queries.list_links(session, here.actor, here.assessment.id, item_id=item_id, before=here.before)
    return found


def checked(link: Link, day: date) -> Checked:
    """What is known of an address on a day."""
    last = link.last
    if last is None:
        about = _("It is checked once a day, or when you press the button.")
        return Checked(link.url, link.filed, marks.badge(Face.missing, _(NOT_CHECKED)), (), about)
    what = links.fault(link, day)
    badge = marks.badge(Face.accepted, _("Link opens")) if what is None else fault_badge(what)
    said = words(last)
    if what is Fault.changed and link.changed_at is not None:
        said = (_("other words than before since {moment}").format(moment=thai.moment_text(link.changed_at)), *said)
    by = last.by or _("the system")
    about = _("Checked {moment} by {who}").format(moment=thai.moment_text(last.at), who=by)
    return Checked(link.url, link.filed, badge, said, about)


def fault_badge(what: Fault) -> Badge:
    """The mark of what is wrong with an address."""
    face, text = FACES[what], FAULTS[what]
    return marks.badge(face, _(text))


def words(one: Check) -> tuple[str, ...]:
    """What a check found, in words."""
    if one.outcome is not LinkOutcome.reached:
        status = f" ({one.status})" if one.status else ""
        return (_(LINK_OUTCOMES[one.outcome]) + status, *([_elsewhere(one)] if one.final_url else []))
    said = [_elsewhere(one)] if one.final_url else []
    if one.evidence_id:
        said.append(_("byte for byte the accepted file"))
    if one.names_year is not None:
        said.append(_("names the fiscal year") if one.names_year else _("does not name the fiscal year"))
    if one.media_type:
        said.append(_kind(one))
    if one.certificate_ends:
        ends = thai.date_text(day_of(one.certificate_ends))
        said.append(_("the website's certificate ends on {day}").format(day=ends))
    return tuple(said)


def _elsewhere(one: Check) -> str:
    return _("it leads to {address}").format(address=one.final_url)


def _kind(one: Check) -> str:
    size = one.size or 0
    told = f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, round(size / 1024))} KB"
    return f"{one.media_type}, {told}"


def names(found: Sequence[Link]) -> list[str]:
    """What an item's addresses are called: those of the website `numbered`; those that only ITAP has, by that."""
    published = iter(numbered(sum(not link.filed for link in found)))
    return [_("Link in ITAP") if link.filed else next(published) for link in found]


def numbered(count: int) -> list[str]:
    """What so many addresses of one place are called: ลิงก์, of several ลิงก์ 1, ลิงก์ 2."""
    return [_("Link {number}").format(number=one) if count > 1 else _("Link") for one in range(1, count + 1)]


def draw(here: Frame, item_id: int) -> None:
    """An item's addresses with what was found, and the last checks; a press for who keeps ITAP."""
    found = of_item(here, item_id)
    for place, (link, name) in enumerate(zip(found, names(found), strict=True)):
        label = f"{name}: {link.url}" if len(found) > 1 else ""
        templates.show("link_checked", one=checked(link, here.day), label=label)
        _press(here, found, place, name)
    if found:
        _history(here, item_id)


def presses(here: Frame, found: Sequence[Link], called: Sequence[str]) -> None:
    """For who keeps ITAP a button for each address, which has it checked now; what the addresses are called."""
    for place, name in enumerate(called):
        _press(here, found, place, name)


def _press(here: Frame, found: Sequence[Link], place: int, name: str) -> None:
    link = found[place]
    if not (access.may_publish(here.actor) and here.acts(link.item_id)):
        return
    kind = "filed" if link.filed else "published"
    before = sum(one.filed is link.filed for one in found[:place])
    key = f"check-{kind}-{link.code}" + (f"-{before + 1}" if before else "")
    several = _("Check now: {link}").format(link=name)
    pressed = st.button(several if len(found) > 1 else _("Check the link now"), key=key, icon=":material/rule:")
    with st.container():  # it is there before a refusal is said
        if not pressed:
            return
        with pressing.refusals_here():
            with st.spinner(_("The website is asked; this takes up to half a minute.")):
                checking.check(here.assessment, link, by=here.actor.account_id, at=settings().now())
            pressing.say_done(_("The link has been checked."))
            st.rerun()


def _history(here: Frame, item_id: int) -> None:
    with db.reading() as session:
        every = queries.list_checks(session, here.actor, item_id, most=NEWEST, before=here.before)
    if not every:
        return
    with st.expander(_("What the last checks found")):
        templates.show("link_history", lines=[_line(one) for one in every])


def _line(one: Check) -> Line:
    fine = one.outcome is LinkOutcome.reached
    face, text = (Face.accepted, _("Link opens")) if fine else (Face.overdue, _(FAULTS[Fault.broken]))
    if fine and one.changed:
        face, text = Face.returned, _(FAULTS[Fault.changed])
    return Line(thai.moment_text(one.at), one.by or _("the system"), one.url, marks.badge(face, text), words(one))


@dataclass(frozen=True, slots=True)
class Group:
    """Items whose links have the same fault, and who recorded their addresses."""

    badge: Badge
    codes: tuple[str, ...]
    owners: tuple[str, ...]


def list_all(here: Frame, data: Snapshot, board: Board) -> list[Link]:
    """Every published address of the items that are seen, as of the board; asked once for what is kept of them.

    A check touches nothing of a snapshot: the last one's number says whether there was another since.
    """
    with db.reading() as session:
        last = queries.last_check_number(session)

    def ask() -> list[Link]:
        with db.reading() as session:
            return queries.list_links(session, here.actor, here.assessment.id, before=board.before)

    return data.once(ask, "links", board.day, last)


def groups(found: Iterable[Link], board: Board) -> list[Group]:
    """What somebody has to look after, the worst first: of the items of the board, one line for each kind of fault."""
    codes = {one.item.id: one.item.code for one in board.items}
    by_fault: dict[Fault, list[Link]] = {}
    for what, link in links.faults(found, board.day):
        if link.item_id in codes:
            by_fault.setdefault(what, []).append(link)
    return [
        Group(
            fault_badge(what),
            tuple(dict.fromkeys(codes[one.item_id] for one in listed)),
            tuple(dict.fromkeys(one.by for one in listed)),
        )
        for what, listed in by_fault.items()
    ]
