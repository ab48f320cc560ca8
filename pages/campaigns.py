"""IIT and EIT: when each survey runs, how many have answered, whether that is enough in time; its poster; the list of
stakeholders of EIT(2).
"""

import streamlit as st

from ita_core import access, db, queries
from ita_core.language import _
from ita_core.models import Survey
from pages.parts import campaign_cards, campaign_forms, campaign_stakeholders, empty, frame, templates

here = frame.frame()
with db.reading() as session:
    campaigns = queries.list_campaigns(session, here.assessment.id, here.before)
    listed = queries.find_stakeholders(session, here.assessment.id, here.before)
    steps = queries.current_snapshot(session, here.assessment).on(here.day).steps
    supervises = queries.has_duties(session, here.actor)[1]
frame.heading(here, _("IIT / EIT surveys"), _("how many have answered; no answer is kept here"), any_day=True)
keeps = access.may_keep_campaigns(here.actor, supervises) and here.acts()
for one in campaigns:
    with st.container(border=True):
        templates.show(
            "campaign", one=campaign_cards.card(one, here, steps), of=here.assessment, empty=empty.campaign(keeps=keeps)
        )
        if keeps:
            campaign_forms.draw(here, one, steps)
        if one.survey is Survey.eit_external:
            campaign_stakeholders.draw(here, one, listed)
templates.show("legend", badges=(), means=(campaign_cards.meanings(),))
