"""Last year's accepted evidence of an item beside what it demands this year: to look at, never counted."""

from dataclasses import dataclass

import streamlit as st

from ita_core import db, queries, thai
from ita_core.language import _
from ita_core.queries import Example, Examples
from pages.parts import evidence_card, marks, templates
from pages.parts.evidence_card import Card
from pages.parts.frame import Frame

REASONS = 3  # for which most came back
MOST = 6  # examples that are drawn unless all are asked for


@dataclass(frozen=True, slots=True)
class Came:
    """Who returned what was there before, when and why."""

    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    card: Card
    accepted: str
    came_back: tuple[Came, ...]


def draw(here: Frame, code: str) -> None:
    """Closed at first; nothing where there is no year before."""
    most = None if st.query_params.get("all") else MOST
    with db.reading() as session:
        found = queries.get_examples(session, here.actor, here.assessment, code, most=most)
    if found is None:
        return
    year = found.last.assessment.fiscal_year
    if not found.items:
        st.caption(_("New: in fiscal year {year} there was no such item.").format(year=year))
        return
    templates.show("lesson", says=lesson(found))
    if not found.count:
        st.caption(_("In fiscal year {year} nothing was accepted for this.").format(year=year))
        return
    title = _("Accepted in fiscal year {year}, as an example: {pieces}").format(year=year, pieces=found.count)
    with st.expander(marks.plain(title), icon=":material/history:"):
        st.caption(_("It shows how it was done, and counts for nothing this year."))
        templates.show(
            "examples",
            then=[_item(found, one.item.code, one.item.title) for one in found.items],
            year=year,
            examples=[_shown(one, found) for one in found.listed],
        )
        if left := found.count - len(found.listed):
            templates.show("link", address="?all=1", text=marks.more(left))


def lesson(found: Examples) -> str:
    """How last year went with it: ปีงบประมาณ 2568: ตีกลับ 3 จาก 20 ชิ้น · ช้า 4 จาก 24 ช่อง; "" where all went well."""
    last = found.lesson
    said = []
    if last.returned:
        why = ", ".join(f"“{reason}” {times}" for reason, times in last.reasons[:REASONS])
        said.append(
            _("{returned} of {pieces} pieces came back: {why}").format(
                returned=last.returned, pieces=last.pieces, why=why
            )
        )
    if last.late:
        said.append(
            _("{late} of {slots} slots were late, by up to {days} days").format(
                late=last.late, slots=last.slots, days=last.days_late
            )
        )
    said += [_("the assessor gave {item} {points:g} points").format(item=item, points=of) for item, of in last.points]
    year = _("Fiscal year {year}").format(year=found.last.assessment.fiscal_year)
    return f"{year}: {' · '.join(said)}" if said else ""


def _item(found: Examples, code: str, title: str) -> tuple[str, str]:
    """The item as it was called then, with its address for who may read it there."""
    of = found.last.assessment
    address = f"?office={of.office_code}&year={of.fiscal_year}&item={code}&day=&all="
    return f"{code} {title}", address if code in found.readable else ""


def _shown(one: Example, found: Examples) -> Shown:
    evidence = one.evidence
    assert evidence.reviewed_at is not None, "it was accepted"
    return Shown(
        evidence_card.card(evidence, found.last),
        _("Accepted by {who}, {when}").format(who=evidence.reviewed_by, when=thai.moment_text(evidence.reviewed_at)),
        tuple(
            Came(back.reviewed_by, thai.moment_text(back.reviewed_at), back.reason)
            for back in one.returns
            if back.reviewed_at is not None
        ),
    )
