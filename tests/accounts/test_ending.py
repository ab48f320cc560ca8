"""All that lets anybody in but passwords ended at once, as after a restore."""

import pytest
from sqlmodel import Session, select

from ita_core import accounts
from ita_core.accounts.ending import Ended, end_all_of_everybody
from ita_core.models import AuditEntry, Channel, ChannelAddress, TokenKind
from tests.accounts.acts import NOW, actions, joined, make_calendar_address, make_token, signed_in


def test_of_everybody_all_but_the_password_ends_with_an_entry_each(session: Session):
    usa, other, quiet = joined(session, "usa"), joined(session, "pramote"), joined(session, "viewer")
    cookie = signed_in(session, usa)
    token = make_token(session, other)
    calendar = make_calendar_address(session, usa)
    slip = accounts.invite(session, by=None, account_id=other.id or 0, now=NOW)
    before = len(actions(session))
    ended = end_all_of_everybody(session, now=NOW)
    assert ended == [Ended(usa.name, 1, 1, 0, 0), Ended(other.name, 0, 1, 1, 0)]
    assert actions(session)[before:] == ["session.end_all"] * 2
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == "session.end_all")).all()
    assert [(one.account_id, one.subject) for one in entries] == [
        (None, f"account {usa.id}"), (None, f"account {other.id}")
    ]  # fmt: skip
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None
    for one, kind in ((token, TokenKind.read), (calendar, TokenKind.calendar)):
        assert accounts.find_holder(session, token=one, kind=kind, now=NOW) is None
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=slip, now=NOW)
    assert quiet.password_hash
    assert end_all_of_everybody(session, now=NOW) == []  # once more is nothing more


@pytest.mark.parametrize("addresses", [False, True])
def test_what_was_proved_ends_only_where_that_is_asked_for(session: Session, addresses: bool):
    usa = joined(session, "usa")
    session.add(ChannelAddress(account_id=usa.id or 0, channel=Channel.mail, value="a@b.th", salt="x", proved_at=NOW))
    session.flush()
    end_all_of_everybody(session, now=NOW, addresses=addresses)
    assert bool(accounts.list_addresses(session, usa.id or 0)) is not addresses
