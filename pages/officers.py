"""Officers: who carries what, who needs help first, who decides how quickly; posts and teams too."""

import streamlit as st

from ita_core import access, db, queries
from ita_core.board import directives, listing, progress, turns, workload
from ita_core.board.headline import Face
from ita_core.language import _
from ita_core.models import ItemKind
from pages.parts import (
    empty,
    exporting,
    frame,
    headline_figures,
    marks,
    officer_cards,
    officer_tables,
    templates,
    years_compared,
)  # fmt: skip

here = frame.frame()
data = frame.visible(here)
board = data.board(here.day)
sees_all = access.sees_all(here.actor)
frame.heading(here, _("Officers"), any_day=True)
if years_compared.chosen(here):
    years_compared.draw(here)
    st.stop()

kinds = {"": _("Disclosure items"), "measures": _("The office's measures"), "all": _("All")}
kind = st.query_params.get("kind", "")
items = [
    one
    for one in board.items
    if kind == "all" or (one.item.kind is ItemKind.oit) is (kind != "measures")
]  # fmt: skip
preparing = workload.preparing(items)
supervising = workload.supervising(items, progress.as_of(data.records, board.before), here.day)
if not sees_all:  # how colleagues do is for those who lead them
    st.caption(_("Only your own work is shown here."))
    preparing = [one for one in preparing if one.officer_id == here.actor.officer_id]
    supervising = [one for one in supervising if one.officer_id == here.actor.officer_id]
templates.show("links", choice=marks.choice("kind", kinds, kind), label=_("Kind"))
if not preparing and not supervising:
    empty.draw(empty.officers(here))
    st.stop()

chosen = next((one for one in data.officers if one.key == st.query_params.get("officer", "")), None)
shown_here = {one.officer_id for one in (*preparing, *supervising)}
if chosen and chosen.id in shown_here:
    with db.reading() as session:
        given = directives.as_of(queries.list_directives(session, here.assessment.id, here.actor), board.before)
    ordered = [one for one in directives.still_open(given) if chosen.id in one.officers]
    templates.show("officer", officer=officer_cards.card(chosen, items, data, board, ordered))
among = {"": listing.OIT, "all": ""}.get(kind, kind)
total, known = workload.totals(items), progress.as_of(data.records, board.before)
templates.show(
    "officers",
    preparers=officer_tables.preparers(preparing, data, among),
    total=officer_tables.work(total, len(items), officer_tables.lists(among)),
    mean=f"{progress.accepted_share(items):.0%}",
    pieces=len(turns.undecided((one.item for one in items), known.hand_ins)),
    explained=headline_figures.pieces_and_slots(),
    supervisors=officer_tables.supervisors(supervising, data, among),
    matrix=officer_tables.matrix(preparing, items, data) if sees_all else None,
    groups=officer_tables.groups(board.items, data) if sees_all else (),
    waiting=marks.word(Face.waiting),
    legend=marks.legend(),
    means=(marks.face_meanings(),),
    export=exporting.address(here, data),
)
