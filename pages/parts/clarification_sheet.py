"""One item: the assessor's points beside what our records say, its clarification, and what one may do with it."""

from dataclasses import dataclass

import streamlit as st

from ita_core import thai, words
from ita_core.board.clarifications import Clarifying, Dispute
from ita_core.board.headline import Face
from ita_core.language import _
from pages.parts import clarification_forms, clarification_list, documents_list, marks, templates
from pages.parts.frame import Frame
from pages.parts.marks import Badge


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of its history: what was done, by whom and when, the words of it."""

    what: str
    about: str
    text: str


def draw(here: Frame, one: Dispute) -> None:
    """The whole item, with the forms of whoever may write, decide or record the answer."""
    item = one.ours.standing.item
    templates.show("clarification_way", back=_("All items"))
    st.header(marks.plain(f"{item.code} {item.title}"), anchor=False)
    left, right = st.columns([2, 3], gap="large")
    with left:
        templates.show(
            "clarification", facts=_facts(here, one), against=_found(one, against=True),
            supports=_found(one, against=False), judged=one.ours.judged, code=item.code,
        )  # fmt: skip
    with right:
        now = one.clarifying.now if one.clarifying else None
        templates.show(
            "clarification_text", badge=clarification_list.badge(one), paragraphs=now.text.split("\n") if now else [],
            about=f"{now.by} · {thai.moment_text(now.at)}" if now else "",
            word=_word(one.clarifying), answer=_answer(one.clarifying), of=here.assessment, day=here.day,
            code=item.code, formats=documents_list.FORMATS,
        )  # fmt: skip
        clarification_forms.draw(here, one)
        if one.clarifying:
            templates.show("clarification_past", past=_past(one.clarifying))


def _facts(here: Frame, one: Dispute) -> list[tuple[str, str]]:
    def told(points: float | None) -> str:
        return _("not recorded") if points is None else f"{points:g} / 100"

    facts = [(_("The assessor's points"), " · ".join(filter(None, (told(one.first), one.source))))]
    if one.points != one.first:
        facts.append((_("Points now"), told(one.points)))
    facts.append((
        (_("As it stands on {day}: the window is still open") if one.ours.still_open
         else _("As it stood when the window closed on {day}")).format(day=thai.date_text(one.ours.closed)),
        f"{marks.stage(one.ours.standing)} · {one.ours.standing.tally.accepted}/{one.ours.standing.tally.slots}",
    ))  # fmt: skip
    if said := clarification_list.left(one, here):
        facts.append((_("Last day to clarify"), said))
    return facts


def _found(one: Dispute, *, against: bool) -> list[tuple[Badge, str]]:
    face, word = (Face.overdue, _("Against us")) if against else (Face.accepted, _("For us"))
    badge = marks.badge(face, word)
    return [(badge, words.finding_text(each)) for each in one.findings if each.against is against]


def _word(clarifying: Clarifying | None) -> tuple[str, str]:
    """The commander's word with its reason; "" before it was said."""
    word = clarifying.now.decided if clarifying and clarifying.now else None
    if word is None:
        return "", ""
    says = _("Approved by {by}, {moment}") if word.approved else _("Sent back by {by}, {moment}")
    return says.format(by=word.by, moment=thai.moment_text(word.at)), word.reason


def _answer(clarifying: Clarifying | None) -> tuple[str, str]:
    answer = clarifying.answer if clarifying else None
    if answer is None:
        return "", ""
    points = _("points as before") if answer.points is None else _("{points:g} points").format(points=answer.points)
    about = f"{answer.by} · {thai.moment_text(answer.at)}"
    return f"{_(words.OUTCOMES[answer.outcome])} · {points} · {about}", answer.note


def _past(clarifying: Clarifying) -> list[Past]:
    """Everything that was written, decided and answered, the newest first; the version that holds stands above."""
    found = []
    for version in clarifying.versions:
        what = _("Given up") if version.withdrawn else _("Version {number}").format(number=version.number)
        if version.proposed:
            what = _("Version {number}, put before the commander").format(number=version.number)
        found.append((version.at, Past(what, version.by, version.text)))
        if word := version.decided:
            says = _("Approved") if word.approved else _("Sent back")
            found.append((word.at, Past(f"{says} ({version.number})", word.by, word.reason)))
    for answer in clarifying.answers:
        points = _("points as before") if answer.points is None else _("{points:g} points").format(points=answer.points)
        found.append((answer.at, Past(f"{_(words.OUTCOMES[answer.outcome])} · {points}", answer.by, answer.note)))
    found.sort(key=lambda one: one[0], reverse=True)
    return [Past(one.what, f"{one.about} · {thai.moment_text(at)}", one.text) for at, one in found]
