"""Evidence as pages show it: its name, what is known of it, the way to open it, and its pages as pictures."""

from collections.abc import Iterable
from datetime import date

import streamlit as st
from markupsafe import Markup

from ita_core import access, db, queries, thai, workflow
from ita_core.board.headline import Face
from ita_core.board.progress import ItemFacts, ItemStanding, SlotKey
from ita_core.days import day_of
from ita_core.evidence import hints
from ita_core.evidence.drawing import PAGES
from ita_core.evidence.noticed import Noticed
from ita_core.language import _
from ita_core.models import Decision, EvidenceKind
from ita_core.queries import EvidenceFacts, ItemDetail, UploadFacts
from ita_core.settings import settings
from ita_core.words import EVIDENCE_KINDS, WITHDRAWN, format_word, noticed_words, slot_place
from pages.parts import frame, marks
from pages.parts.frame import Frame

TWINS = 3  # places named where the same content was handed in


def name(one: EvidenceFacts) -> str:
    """The file's name, the link's address, or the kind of statement."""
    return one.file_name or one.url or _(EVIDENCE_KINDS[one.kind])


def link(one: EvidenceFacts) -> Markup:
    """A link that opens it: a file by our own route, which asks for the right each time."""
    if one.kind is EvidenceKind.file:
        return Markup('<a href="/evidence/{}" download>{}</a>').format(one.id, name(one))
    if one.kind is EvidenceKind.link:
        return Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(one.url)
    return Markup("{}").format(name(one))


def state(one: EvidenceFacts) -> Markup:
    """Its state as a badge."""
    if one.withdrawn_at:
        return marks.badge(Face.missing, _(WITHDRAWN))
    if one.decision is None:
        return marks.badge(Face.waiting)
    return marks.badge(Face.accepted if one.decision is Decision.accepted else Face.returned)


def received(one: UploadFacts) -> Markup:
    """A file that waits to be handed in: its name and what was noticed in it."""
    about = [_("received {when}").format(when=thai.moment_text(one.at)), *_what(one.format, one.size, one.noticed)]
    return _lines([Markup("<b>{}</b>").format(one.file_name), Markup("<small>{}</small>").format(" · ".join(about))])


def doubts(here: Frame, noticed: Noticed, slots: Iterable[SlotKey], item: ItemFacts, day: date) -> Markup:
    """What one should look at twice before the assessor does: for its sender, and for who decides on it."""
    keys = list(slots)
    said = hints.hints(
        noticed,
        periods=sorted({key.period for key in keys if key.period}),
        fiscal_year=here.assessment.fiscal_year,
        wants_date=hints.wants_date(one.title for one in item.requirements),
        handed_in_on=day,
        languages={key.language for key in keys},
    )
    return marks.joined(Markup('<p class="ita-doubt">⚠ {}</p>').format(one) for one in said)


def twins(found: Iterable[EvidenceFacts]) -> Markup:
    """Where the same content was handed in."""
    listed = list(found)
    said = [_twin(one) for one in listed[:TWINS]]
    if left := listed[TWINS:]:
        said.append(_("and {number} more").format(number=len(left)))
    return marks.joined(Markup('<p class="ita-doubt">⚠ {}</p>').format(text) for text in said)


def _twin(one: EvidenceFacts) -> str:
    said = {"item": one.item_code, "file": name(one), "by": one.by, "day": thai.date_text(day_of(one.at))}
    if one.decision is Decision.returned:
        return _("Exactly this content was returned: {item} “{file}”, {by}, {day}.").format(**said)
    return _("Exactly this content is handed in already: {item} “{file}”, {by}, {day}.").format(**said)


def _what(fmt: str, size: int, noticed: Noticed) -> list[str]:
    """Kind, size, and what the file says of itself."""
    large = f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"
    return [format_word(fmt), large, *noticed_words(noticed)] if size else []


def _lines(lines: Iterable[Markup]) -> Markup:
    return Markup('<div style="line-height:1.7;overflow-wrap:anywhere">{}</div>').format(
        marks.joined(lines, Markup("<br>"))
    )


def facts(one: EvidenceFacts, *, covers: list[str]) -> Markup:
    """Name, state, who, when, what is in it, what it covers, what was said."""
    about = [one.by, thai.moment_text(one.at), *_what(one.format, one.size, one.noticed)]
    lines = [
        Markup("{} <b>{}</b>").format(state(one), link(one)),
        Markup("<small>{}</small>").format(" · ".join(about)),
    ]
    if covers:
        lines.append(Markup("<small>{}: {}</small>").format(_("Covers"), "; ".join(covers)))
    if one.note:
        lines.append(Markup("<small>“{}”</small>").format(one.note))
    if one.reason:
        lines.append(Markup("<small>{} {}: <b>{}</b></small>").format(_("Returned by"), one.reviewed_by, one.reason))
    return _lines(lines)


def covered(one: EvidenceFacts, snapshot: queries.Snapshot) -> list[str]:
    """The slots it covers in words, those of one month and format together: ก.พ. 68 · PDF: งานสืบสวนปราบปราม, …"""
    known = {slot.key: slot for item in snapshot.items for slot in item.slots}
    groups: dict[str, list[str]] = {}
    for key in one.slots:
        if key in known:
            groups.setdefault(slot_place(known[key]), []).append(known[key].requirement.title)
    return [f"{place}: {', '.join(titles)}" if place else ", ".join(titles) for place, titles in groups.items()]


def listing(here: Frame, detail: ItemDetail, standing: ItemStanding, most: int | None) -> None:
    """An item's evidence, newest first, each with the way to take it back while nobody has decided."""
    if not detail.evidence:
        st.caption(_("Nothing has been handed in yet."))
    in_use = {slot.evidence_id for slot in standing.slots}
    for one in detail.evidence[:most]:
        with st.container(border=True):
            marks.show(facts(one, covers=covered(one, detail.snapshot)))
            if one.decision is Decision.accepted and one.id not in in_use:
                st.caption(_("Replaced by a newer evidence."))
            undecided = one.decision is None and one.withdrawn_at is None
            people = queries.people_of(detail.item)
            if not here.past and undecided and access.may_withdraw(here.actor, people, one.account_id):
                _withdraw(here, one)
    if left := len(detail.evidence) - len(detail.evidence[:most]):
        marks.show(marks.more(left, "?all=1"))


def _withdraw(here: Frame, one: EvidenceFacts) -> None:
    with st.popover(_("Withdraw"), icon=":material/undo:"):
        st.write(_("Take this back? It stays in the history, and its slots are open again."))
        if st.button(_("Yes, withdraw it"), key=f"withdraw-{one.id}"):
            with frame.refusals_here():
                with db.writing() as session:
                    workflow.withdraw(session, by=here.actor.account_id, evidence_id=one.id, at=settings().now())
                frame.say_done(_("Withdrawn."))
                st.rerun()


def preview(one: EvidenceFacts, pages: int) -> Markup:
    """The document itself: a picture as it is, a PDF's first pages drawn by our route."""
    picture = Markup('<img class="ita-page" src="/evidence/{}{}" alt="{}" loading="lazy">')
    if one.format == "image":
        return picture.format(one.id, "/inline", name(one))
    if one.format == "video":
        return Markup('<video class="ita-page" src="/evidence/{}/inline" controls preload="metadata"></video>').format(
            one.id
        )
    shown = min(pages, PAGES)
    drawn = [picture.format(one.id, f"/page/{number}", f"{name(one)} {number}") for number in range(1, shown + 1)]
    if pages > shown:
        drawn.append(
            Markup("<small>{}</small>").format(
                _("{pages} pages in all: open the file to read the rest.").format(pages=pages)
            )
        )
    return marks.joined(drawn)
