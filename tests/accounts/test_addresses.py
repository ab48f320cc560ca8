"""Addresses proved by a code: what proves one, what does not, and how often anybody may try."""

from datetime import UTC, datetime, timedelta

import bcrypt
import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import accounts, db, start
from ita_core.accounts import addresses
from ita_core.accounts.tokens import hash_token
from ita_core.errors import NotFound, NotYours
from ita_core.models import Account, AddressCode, AddressEnd, AuditEntry, Channel, ChannelAddress, Role
from ita_core.typed import BadMailAddress
from tests.accounts.acts import NOW, actions, joined
from tests.cast import Cast

MAIL, OTHER = "usa@example.go.th", "usa@other.example"
CODE = accounts.MailCode("123456", bcrypt.hashpw(b"123456", bcrypt.gensalt(4)).decode())
USER = "U" + "a" * 32
DAY = timedelta(days=1)


@pytest.fixture
def usa(session: Session) -> Account:
    return joined(session, "usa")


def ask(session: Session, account: Account, address: str = MAIL, after: timedelta = timedelta()) -> str:
    return accounts.begin_mail_proof(session, account_id=account.id or 0, address=address, code=CODE, now=NOW + after)


def prove(session: Session, account: Account, after: timedelta = timedelta()) -> accounts.AddressFacts:
    of = account.id or 0
    tried = accounts.try_mail_code(session, account_id=of, now=NOW + after)
    return accounts.prove_mail(session, account_id=of, compared=tried, now=NOW + after)


def proved(session: Session, account: Account, address: str = MAIL) -> None:
    ask(session, account, address)
    prove(session, account)


def test_an_address_is_used_once_it_is_proved_and_not_before(session: Session, usa: Account):
    assert ask(session, usa, " Usa@Example.GO.th ") == MAIL
    assert accounts.proved_mail(session, usa.id or 0) is None
    assert accounts.accounts_of_mail(session, MAIL) == []
    prove(session, usa)
    assert accounts.proved_mail(session, usa.id or 0) == MAIL
    assert accounts.accounts_of_mail(session, "USA@example.go.th") == [usa.id]
    assert accounts.accounts_of_mail(session, "nobody@example.go.th") == []
    assert accounts.accounts_of_mail(session, "no address\r\n") == []
    assert actions(session)[-2:] == ["address.ask", "address.prove"]


def test_a_code_is_used_once_and_ends_with_the_next_one_and_its_time(session: Session, usa: Account):
    ask(session, usa)
    prove(session, usa)
    with pytest.raises(accounts.CodeOver):
        prove(session, usa)
    ask(session, usa, OTHER, timedelta(minutes=2))
    with pytest.raises(accounts.CodeOver):
        prove(session, usa, timedelta(minutes=2 + accounts.CODE_MINUTES))
    prove(session, usa, timedelta(minutes=1 + accounts.CODE_MINUTES))
    assert accounts.proved_mail(session, usa.id or 0) == OTHER


def test_a_code_compared_before_another_was_asked_for_proves_nothing(session: Session, usa: Account):
    ask(session, usa)
    tried = accounts.try_mail_code(session, account_id=usa.id or 0, now=NOW)
    ask(session, usa, OTHER, timedelta(minutes=2))
    with pytest.raises(accounts.CodeOver):
        accounts.prove_mail(session, account_id=usa.id or 0, compared=tried, now=NOW + timedelta(minutes=2))


def test_a_code_of_somebody_else_proves_nothing(session: Session, usa: Account):
    other = joined(session, "phailin")
    ask(session, usa)
    tried = accounts.try_mail_code(session, account_id=usa.id or 0, now=NOW)
    with pytest.raises(accounts.CodeOver):
        accounts.prove_mail(session, account_id=other.id or 0, compared=tried, now=NOW)
    with pytest.raises(accounts.CodeOver):
        accounts.try_mail_code(session, account_id=other.id or 0, now=NOW)


def test_of_a_code_five_tries_are_compared_and_no_more(session: Session, usa: Account):
    ask(session, usa)
    for _try in range(addresses.MOST_TRIES):
        accounts.try_mail_code(session, account_id=usa.id or 0, now=NOW)
    with pytest.raises(accounts.CodeOver):
        accounts.try_mail_code(session, account_id=usa.id or 0, now=NOW)


def test_the_form_is_no_mail_cannon(session: Session, usa: Account, monkeypatch: pytest.MonkeyPatch):
    """So many of an account, to an address and in all a day, whoever asks and however they spell it."""
    minute = timedelta(minutes=1)
    ask(session, usa)
    with pytest.raises(accounts.CodeJustSent) as refused:
        ask(session, usa, OTHER, minute - timedelta(seconds=9))
    assert "10 seconds" in str(refused.value)
    for number in range(1, addresses.MOST_OF_ACCOUNT):
        ask(session, usa, f"a{number}@example.com", number * minute)
    with pytest.raises(accounts.TooManyCodes):
        ask(session, usa, "b@example.com", timedelta(hours=9))
    for number in range(2):
        ask(session, joined(session, f"other{number}"), MAIL.upper())
    with pytest.raises(accounts.TooManyCodes):
        ask(session, joined(session, "third"))
    for number in range(2):
        ask(session, joined(session, f"more{number}"), f"c{number}@example.com")
    monkeypatch.setattr(addresses, "MOST_IN_ALL", 9)  # five, two and two
    with pytest.raises(accounts.TooManyCodes):
        ask(session, joined(session, "last"), "d@example.com")
    ask(session, usa, MAIL, DAY + timedelta(hours=10))


def test_codes_asked_for_in_line_take_no_mails_away(session: Session, usa: Account):
    for _number in range(addresses.MOST_LINE_CODES):
        accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)
    with pytest.raises(accounts.TooManyCodes):
        accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)
    ask(session, usa)


def test_no_address_and_no_code_stands_in_the_audit_or_as_it_is_in_the_tables(session: Session, usa: Account):
    proved(session, usa)
    code = accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)
    for entry in session.exec(select(AuditEntry)):
        said = f"{entry.subject} {entry.detail} {entry.actor}"
        assert MAIL not in said
        assert code not in said
    assert all(one.code_hash not in {code, "123456"} for one in session.exec(select(AddressCode)))
    assert session.exec(select(ChannelAddress.salt)).one() != ""


def test_an_address_that_ends_is_forgotten(session: Session, usa: Account):
    proved(session, usa)
    assert accounts.end_address(session, account=usa, channel=Channel.mail, why=AddressEnd.by_hand, now=NOW)
    assert not accounts.end_address(session, account=usa, channel=Channel.mail, why=AddressEnd.by_hand, now=NOW)
    [row] = session.exec(select(ChannelAddress)).all()
    assert (row.value, row.salt, row.why_ended) == ("", "", AddressEnd.by_hand)
    assert accounts.proved_mail(session, usa.id or 0) is None
    assert accounts.accounts_of_mail(session, MAIL) == []


def test_a_disabled_account_asks_proves_and_is_found_by_nothing(session: Session, usa: Account):
    proved(session, usa)
    usa.disabled = True
    session.add(usa)
    session.flush()
    assert accounts.accounts_of_mail(session, MAIL) == []
    with pytest.raises(NotFound):
        ask(session, usa, OTHER, timedelta(hours=1))
    with pytest.raises(NotFound):
        accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)


def test_a_bad_address_costs_nothing(session: Session, usa: Account):
    with pytest.raises(BadMailAddress):
        ask(session, usa, "usa@example.com\r\nBcc: x@example.com")
    assert session.exec(select(AddressCode)).all() == []


def test_two_accounts_of_one_person_share_an_address(session: Session, usa: Account):
    other = joined(session, "usa2")
    proved(session, usa)
    ask(session, other)
    prove(session, other)
    assert accounts.accounts_of_mail(session, MAIL) == sorted([usa.id or 0, other.id or 0])


# --- LINE -------------------------------------------------------------------------------------------------------------


def heard(
    session: Session, text: str, user: str = USER, after: timedelta = timedelta()
) -> accounts.AddressFacts | None:
    return accounts.prove_line(session, text=text, line_user=user, now=NOW + after)


def test_the_code_that_stands_here_sent_in_line_links_whoever_sends_it(session: Session, usa: Account):
    code = accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)
    assert accounts.is_line_code(session, text=code.lower(), now=NOW)
    found = heard(session, f" {code[:5].lower()}-{code[5:]} ")
    assert found is not None
    assert (found.account_id, found.channel, found.value) == (usa.id, Channel.line, USER)
    assert heard(session, code, "U" + "b" * 32) is None  # used
    assert [one.value for one in accounts.list_addresses(session, usa.id or 0)] == [USER]


@pytest.mark.parametrize("text", ["", "สวัสดี", "2345678923", "O0O0O0O0O0", "A" * 5000, "2" * 9])
def test_other_words_in_line_link_nobody(session: Session, usa: Account, text: str):
    accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)
    assert not accounts.is_line_code(session, text=text, now=NOW)
    assert heard(session, text) is None


def test_a_code_for_line_ends_with_the_next_one_and_its_time(session: Session, usa: Account):
    first = accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)
    second = accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW)
    assert heard(session, first) is None
    assert heard(session, second, after=timedelta(minutes=accounts.CODE_MINUTES)) is None
    assert heard(session, second) is not None


def test_who_blocks_the_office_in_line_is_written_to_no_more_and_an_old_block_ends_nothing(
    session: Session, usa: Account
):
    heard(session, accounts.begin_line_proof(session, account_id=usa.id or 0, now=NOW))
    before = NOW - timedelta(seconds=1)
    assert accounts.end_line(session, line_user=USER, before=before, now=NOW) == 0
    assert accounts.end_line(session, line_user="U" + "b" * 32, before=NOW, now=NOW) == 0
    assert accounts.end_line(session, line_user=USER, before=NOW + DAY, now=NOW) == 1
    assert accounts.list_addresses(session, usa.id or 0) == []
    assert session.exec(select(ChannelAddress.why_ended)).one() is AddressEnd.blocked


def test_a_mail_s_code_is_none_in_line(session: Session, usa: Account):
    code = "ABCDEFGHJK"
    session.add(AddressCode(account_id=usa.id or 0, channel=Channel.mail, value=MAIL, code_hash=hash_token(code),
                            made_at=NOW, expires_at=NOW + DAY))  # fmt: skip
    assert heard(session, code) is None


def test_no_code_is_hashed_under_the_write_lock(engine: sa.Engine):
    with pytest.raises(db.SlowUnderLock), db.writing(engine):
        accounts.new_mail_code()
    assert len(accounts.new_mail_code().digits) == addresses.CODE_DIGITS


@pytest.mark.both("bare")
def test_an_administrator_ends_another_s_address_and_the_code_on_its_way_and_nobody_else_does(
    session: Session, usa: Account
):
    admin = joined(session, "admin", Role.admin)
    of = usa.id or 0
    code = accounts.begin_line_proof(session, account_id=of, now=NOW)
    accounts.prove_line(session, text=code, line_user=USER, now=NOW)
    later = accounts.begin_line_proof(session, account_id=of, now=NOW)
    with pytest.raises(NotYours):
        accounts.end_address_of(session, by=usa, account_id=admin.id or 0, channel=Channel.line, now=NOW)
    ended = [
        accounts.end_address_of(session, by=admin, account_id=of, channel=Channel.line, now=NOW) for _each in range(2)
    ]
    assert ended == [True, False]
    assert accounts.list_addresses(session, of) == []
    assert accounts.prove_line(session, text=later, line_user=USER, now=NOW) is None
    [entry] = [one for one in session.exec(select(AuditEntry)) if one.action == "address.end"]
    assert (entry.account_id, entry.subject) == (admin.id, f"account {of}")


def test_an_address_is_shown_to_be_recognised_and_not_to_be_copied():
    assert accounts.masked_mail("usa.meenam@example.go.th") == "us…@example.go.th"
    assert accounts.masked_mail("abc@example.go.th") == "a…@example.go.th"


def test_an_address_that_was_never_proved_is_forgotten_once_it_is_counted_no_more(session: Session, usa: Account):
    ask(session, usa, OTHER)
    accounts.forget_codes(session, NOW + DAY - timedelta(minutes=1))
    assert session.exec(select(AddressCode.value)).all() == [OTHER]
    accounts.forget_codes(session, NOW + DAY)
    assert session.exec(select(AddressCode.value)).all() == []


def test_the_server_itself_forgets_such_addresses(at_work: Cast):
    long_ago = datetime.now(UTC) - 2 * DAY
    with db.writing() as session:
        code = AddressCode(
            account_id=at_work.usa, channel=Channel.mail, value=OTHER, code_hash="x", made_at=long_ago,
            expires_at=long_ago,
        )  # fmt: skip
        session.add(code)
    start.clear_what_is_over()
    with db.reading() as session:
        assert session.exec(select(AddressCode.value)).all() == []
