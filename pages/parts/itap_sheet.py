"""What the officer who keeps ITAP copies from, field by field, for one item; then it is recorded as filed."""

from dataclasses import dataclass

import streamlit as st

from ita_core import db, queries, thai
from ita_core.board import itap, links
from ita_core.board.links import Link
from ita_core.board.progress import ItemStanding, Stage
from ita_core.language import _
from ita_core.queries import ItemDetail
from ita_core.words import ANSWERS
from pages.parts import copying, link_checks, marks, publishing, templates
from pages.parts.frame import Frame
from pages.parts.link_checks import Checked

WIDE = 90  # letters in a line of a field


@dataclass(frozen=True, slots=True)
class Field:
    """One field as ITAP asks for it; `checked` what is known of an address."""

    id: str
    label: str
    text: str
    rows: int = 1
    checked: Checked | None = None


def draw(here: Frame, code: str, following: str) -> None:
    """The sheet of one item that is there; `following` is the next one to be filed, "" for none.

    Raises NotFound.
    """
    with db.reading() as session:
        detail = queries.get_item_detail(session, here.actor, here.assessment, code, day=here.day, newest=1)
    standing = detail.snapshot.board(here.day).items[0]
    found = [one for one in link_checks.of_item(here, detail.item.id) if links.is_shown(one, standing.stage)]
    st.header(marks.plain(f"{code} {detail.item.title}"), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        templates.show("itap_sheet", fields=fields(here, standing, detail, found), facts=facts(standing, detail))
        copying.follow()
    with right:
        if standing.stage in {Stage.published, Stage.filed}:
            link_checks.presses(here, found, link_checks.numbered(len(found)))
            publishing.mark_as_filed(here, standing, detail, explanation=explanation(here, detail))
        elif standing.stage is Stage.approved:  # recorded here, one goes on with the filing where one stands
            st.subheader(_("Published on the website?"), anchor=False)
            publishing.record_address(here, standing, detail)
        else:
            st.info(_("The commander has not approved it as it stands now: it cannot be entered in ITAP yet."))
            templates.show("item_link", code=code, text=_("Open {item}").format(item=code))

    if following:
        text = _("Next to be filed: {item}").format(item=following)
        templates.show("itap_way", code=following, text=text)


def fields(here: Frame, standing: ItemStanding, detail: ItemDetail, found: list[Link]) -> list[Field]:
    """Answer, addresses, explanation: of what is filed, as it was filed; before that, as it is to be."""
    filed = detail.filed if standing.stage is Stage.filed else None
    made = [Field("sheet-answer", _("Answer in ITAP"), _(ANSWERS[itap.answer(standing)]))]
    for number, (link, label) in enumerate(zip(found, link_checks.numbered(len(found)), strict=True), start=1):
        made.append(_field(f"sheet-link-{number}", label, link.url, link_checks.checked(link, here.day)))
    text = filed.explanation if filed else explanation(here, detail)
    return [*made, _field("sheet-explanation", _("Explanation"), text)]


def _field(id_: str, label: str, text: str, checked: Checked | None = None) -> Field:
    rows = sum(1 + len(line) // WIDE for line in text.splitlines()) or 1
    return Field(id_, label, text, min(rows, 12), checked)


def explanation(here: Frame, detail: ItemDetail) -> str:
    """What was explained the last time; before that, what the item shows, by the plan's words."""
    if detail.filed:
        return detail.filed.explanation
    said = _("{title}, fiscal year {year}").format(title=detail.item.title, year=here.assessment.fiscal_year)
    shown = [one.title for one in detail.item.requirements if one.title != detail.item.title]
    return "\n".join([said, *(f"{number}. {one}" for number, one in enumerate(shown, start=1))])


def facts(standing: ItemStanding, detail: ItemDetail) -> list[tuple[str, str]]:
    """Who approved it and when, where it was published and filed by whom."""
    said = [(_("Stage"), marks.stage(standing))]
    known = [(_("Approved by"), detail.approved)] if standing.stage in itap.APPROVED else []
    known += [(_("Published by"), detail.published)] if standing.stage in {Stage.published, Stage.filed} else []
    known += [(_("Filed by"), detail.filed)] if standing.stage is Stage.filed else []
    said += [(what, f"{one.by} · {thai.moment_text(one.at)}") for what, one in known if one]
    return said
