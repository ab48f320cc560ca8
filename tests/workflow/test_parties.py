"""Names that are settled and teams that get their members."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, queries, workflow
from ita_core.errors import NotFound, NotYours
from ita_core.evidence.objects import File
from ita_core.models import Party
from tests.cast import Cast, actor, item_id, slots
from tests.workflow.work import NOW, hand_in


@pytest.mark.both
def test_the_administrator_settles_a_name_and_the_other_spelling_is_kept(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        party = session.exec(select(Party).where(Party.key == "khanittha")).one()
        workflow.confirm_name(session, by=cast.admin, party_id=party.id, rank="พ.ต.ท.หญิง", name="ชนิษฐา แก้วโสภา", at=NOW)
        settled = queries.get_history(session, queries.get_assessment(session).id).now.parties[party.id]
        assert (settled.name, settled.confirm) == ("ชนิษฐา แก้วโสภา", False)
        assert "ขนิษฐา แก้วโสภา" in settled.aliases
        with pytest.raises(NotYours):
            workflow.confirm_name(session, by=cast.khanittha, party_id=party.id, rank="", name="x", at=NOW)


@pytest.mark.both
def test_a_member_of_a_team_gets_the_teams_duties(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        team = session.exec(select(Party).where(Party.key == "supply")).one()
        officer = actor(session, cast.piyaporn).officer_id
        sign = item_id(session, "1.4")
        with pytest.raises(NotFound):
            hand_in(session, cast.piyaporn, "1.4", ordinal=1)
        workflow.set_members(session, by=cast.admin, group_id=team.id, officer_ids=[officer], at=NOW)
        keys = slots(session, "1.4")
        assert workflow.submit(
            session, by=cast.piyaporn, item_id=sign, slots=keys, at=NOW,
            content=File("c" * 64, 5, "image/jpeg", "image", "ป้าย.jpg"),
        )  # fmt: skip
        with pytest.raises(NotYours):
            workflow.set_members(session, by=cast.piyaporn, group_id=team.id, officer_ids=[], at=NOW)
