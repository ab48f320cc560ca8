"""Evidence: all of it in one list, filtered by the address, several pieces chosen at once."""

from ita_core import db, queries
from ita_core.language import _
from pages.parts import empty, evidence_rows, evidence_search, exporting, frame, templates

here = frame.frame()
data = frame.visible(here)
wanted = evidence_search.asked(data)
with db.reading() as session:
    found = queries.find_evidence(
        session, here.actor, here.assessment, wanted, day=here.day, order=[item.id for item in data.items],
        page=evidence_search.page(),
    )  # fmt: skip
frame.heading(here, _("Evidence"), any_day=True)
templates.style("evidence.css")
templates.show("evidence_search", search=evidence_search.search(here, data, wanted))
if found.pieces:
    templates.show("evidence_rows", rows=evidence_rows.rows(here, data, found), export=exporting.address(here, data))
elif evidence_search.filtered():
    empty.draw(empty.not_found(_("Nothing fits. Take a filter away, or write fewer words."), "/evidence"))
else:
    empty.draw(empty.evidence(here))
