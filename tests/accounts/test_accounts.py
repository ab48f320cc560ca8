"""Accounts: invitations, passwords, sign-ins, and the slowing down of guesses."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import bcrypt
import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import accounts, audit, db
from ita_core.accounts import guessable, passwords
from ita_core.errors import BadText, NameMissing, NotFound, NotYours
from ita_core.evidence import child
from ita_core.models import (
    Account,
    Assessment,
    AuditEntry,
    Device,
    Invitation,
    Party,
    PartyKind,
    Role,
    SignIn,
    SignInFailure,
    Ticket,
)
from ita_core.typed import clean_person_name

NOW = datetime(2025, 3, 15, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HERE = "10.0.0.7"
ABOUT = ("somchai.police", "ร.ต.อ. สมชาย ใจดี", "ตม.จว.ประจวบคีรีขันธ์", "prachuap")
REAL_COST = accounts.BCRYPT_COST
# Hashed here: nothing that takes so long is done inside a write, as the fixture's session is.
NEW = accounts.NewPassword(bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode())
OTHER = accounts.NewPassword(bcrypt.hashpw(b"another new password", bcrypt.gensalt(4)).decode())


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "BCRYPT_COST", 4)


@pytest.fixture
def real_hashes(_quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "BCRYPT_COST", REAL_COST)


@pytest.fixture
def engine(bare: sa.Engine) -> sa.Engine:
    db.upgrade(bare)
    return bare


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with db.writing(engine) as opened:
        yield opened


def joined(session: Session, username: str, role: Role = Role.officer) -> Account:
    account = accounts.create_account(session, by=None, name=f"ร.ต.อ. {username}", role=role, now=NOW)
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    return accounts.join(session, token=token, username=username, password=NEW, now=NOW)


def signed_in(session: Session, account: Account, at: datetime = NOW) -> str:
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=at)
    return accounts.enter(session, ticket=ticket, address=HERE, now=at, hours=12)


def credential(account: Account) -> accounts.Credential:
    return accounts.Credential(account.id, account.password_hash or "")


def change_password(session: Session, account: Account, keep: str = "") -> None:
    accounts.set_password(session, account=account, compared=credential(account), new=OTHER, now=NOW, keep=keep)


def actions(session: Session) -> list[str]:
    return [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.number))]


def officer(session: Session, kind: PartyKind = PartyKind.officer) -> Party:
    assessment = Assessment(
        office_code="x",
        office="x",
        office_short="x",
        fiscal_year=2568,
        starts=date(2024, 10, 1),
        ends=date(2025, 9, 30),
        closes=date(2025, 4, 30),
        target=85,
        framework_code="x",
        plan_code="x",
        content_hash="",
    )
    session.add(assessment)
    session.flush()
    party = Party(assessment_id=assessment.id, key="a", kind=kind, name="ก", position=1)
    session.add(party)
    session.flush()
    return party


# --- passwords and names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "",
        "nine char",
        " " * 12,
        " leading space",
        "trailing space ",
        "ก" * 25,
        "a" * 73,
        "has a\0nul in it",
        "half of \ud83d a sign",
        "Somchai.Police",
        "1234567890",
        "password123",
        "p@ssw0rd2568",
        "a" * 72,
        "ก" * 24,
        "😀" * 10,
        "qwertyuiop",
        "ฟหกดด่าสวง",  # the middle row of a Thai keyboard
        "ๆไำพะัีรนย",  # the upper one
        "l;ylfu8iy[",  # สวัสดีครับ, with the keyboard left at English
        "สวัสดีครับ",
        "รหัสผ่าน1234",
        "รหัสผ่านของฉัน",
        "ประเทศไทย2568",
        "๑๕๐๓๒๕๖๘๑๑",
        "15/03/2568",
        "ตำรวจตำรวจตำรวจ",
        "somchai2510",
        "สมชายใจดี2510",
        "prachuap2568",
        "prachuap2568!",
        "prachuapkhirikhan",
        "ประจวบคีรีขันธ์68",
        "ตม.ประจวบ2568",
        "chiangmai2566",
        "huahin2568",
        "Wichai@2519",
        "15 มีนาคม 2568",
        "081-234-5678",
        "3-7704-00123-45-6",
    ],
)
def test_a_password_against_the_policy_is_refused_with_a_sentence(password: str) -> None:
    with pytest.raises(accounts.BadPassword) as refused:
        accounts.new_password(password, about=ABOUT)
    assert str(refused.value)


@pytest.fixture(autouse=True)
def _judged_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own for each password takes a second to start."""
    monkeypatch.setattr(guessable, "is_guessable", guessable.judged)


IN_ITS_OWN_PROCESS = guessable.is_guessable


@pytest.mark.parametrize(("password", "found"), [("1234567890", True), ("khoksamrong", True), ("xK9#mQ2vLp", False)])
def test_a_process_of_its_own_judges_alike(password: str, found: bool) -> None:
    assert IN_ITS_OWN_PROCESS(password, ["โคกสำโรง", "khoksamrong"]) is found
    assert guessable.judged(password, ["โคกสำโรง", "khoksamrong"]) is found


@pytest.mark.parametrize(
    "password",
    [
        *("Usa.Minam.2530", "Usa@prachuap2568", "ด่านสิงขร2568", "khaosamroiyod2568", "kuiburi-pranburi"),
        *("Songkran13042568", "nogiftpolicy2568", "tm47tm30tm28", "PoliceNo1Prachuap", "ตมประจวบ1178"),
    ],
)
def test_what_somebody_who_knows_the_place_and_the_owner_tries_is_guessed(password: str) -> None:
    assert guessable.judged(password, ["usa", "ด.ต.หญิง อุษา มีนาม", "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์", "ตม.จว.ประจวบคีรีขันธ์"])


def test_a_guessable_password_is_refused_with_what_to_do() -> None:
    assert "three or four words" in str(accounts.password_fault("1234567890"))


def test_a_password_that_could_not_be_judged_in_time_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(_password: str, _about: object) -> bool:
        raise child.Ended("killed", in_time=False)

    monkeypatch.setattr(guessable, "is_guessable", late)
    assert "server is busy" in str(accounts.password_fault("xK9#mQ2vLp"))


def test_what_is_known_of_the_owner_and_the_office_is_no_password(engine: sa.Engine) -> None:
    """The same words are good enough elsewhere: it is the names that make them guessable."""
    with db.writing(engine) as session:
        officer(session)
        session.exec(sa.update(Assessment).values(office="ตม.จว.โคกสำโรง", office_code="bmxkhoksamrong"))
    with db.reading(engine) as session:
        about = accounts.words_of_office(session)
    for password in ("bmxkhoksamrong", "bmxKhokSamrong68"):
        assert accounts.password_fault(password) is None
        assert accounts.password_fault(password, about)


@pytest.mark.parametrize(
    "password",
    [
        "two words and ไทย",
        "แมวนอนบนหลังคา",
        "กระต่ายเก้าอี้ฝนตก",
        "รหัสทดลอง 2568 ยาวพอ",
        "xK9#mQ2vLp",
        "kra tai khao kao yuk yai kra jok nam taan som oh blue wheels run seven89",
    ],
)
def test_a_password_within_the_policy_is_taken_and_matches_itself_only(password: str) -> None:
    assert accounts.password_fault(password, ABOUT) is None
    hashed = accounts.hash_password(password)
    assert accounts.password_matches(password, hashed)
    assert not accounts.password_matches(password[:-1], hashed)
    assert not accounts.password_matches(password + "x", hashed)


@pytest.mark.parametrize("typed", ["x" * 5000, "ก" * 100, "a\0b", "\ud800", ""])
def test_what_bcrypt_cannot_take_is_a_wrong_password_not_an_error(typed: str) -> None:
    assert not accounts.password_matches(typed, accounts.NO_HASH)


@pytest.mark.usefixtures("real_hashes")
def test_the_hash_nobody_has_costs_what_a_real_one_costs() -> None:
    assert accounts.NO_HASH.split("$")[2] == accounts.hash_password(PASSWORD).split("$")[2]


def test_known_and_unknown_names_are_compared_at_the_same_cost(engine: sa.Engine) -> None:
    """Each try costs one comparison of bcrypt, whose time is set by the cost that stands in the hash."""
    with db.writing(engine) as session:
        for name in ("somchai", "shut"):
            joined(session, name).password_hash = accounts.NO_HASH.replace("jvDg", "jvDh")
        accounts.disable(session, by=None, account_id=2, now=NOW)
        found = [
            accounts.begin_try(session, username=name, address=HERE, clock=lambda: NOW).password_hash
            for name in ("somchai", "nobody", "shut", "no such name at all")
        ]
    assert {one.split("$")[2] for one in found} == {str(REAL_COST)}
    assert [one == accounts.NO_HASH for one in found] == [False, True, True, True]


@pytest.mark.parametrize("username", ["", "ab", "x" * 33, "สมชาย", "a b c", "a/b", "<b>", "admin\0", "somchai\n\nx"])
def test_a_user_name_of_other_characters_is_refused(username: str) -> None:
    with pytest.raises(accounts.BadUsername):
        accounts.clean_username(username)


def test_a_user_name_is_kept_in_lower_case() -> None:
    assert accounts.clean_username(" Som.Chai-1_ ") == "som.chai-1_"


@pytest.mark.parametrize("name", ["", "   ", "ก" * 121])
def test_a_name_is_needed(name: str) -> None:
    with pytest.raises(NameMissing):
        clean_person_name(name)


@pytest.mark.parametrize("name", ["a\0b", "พ.ต.อ.\u202eกขค", "a\u200bb", "a\x1bb"])
def test_a_name_with_control_or_direction_characters_is_refused(name: str) -> None:
    with pytest.raises(BadText):
        clean_person_name(name)


# --- invitations ------------------------------------------------------------------------------------------------------


@pytest.mark.both("bare")
def test_an_invitation_gives_user_name_and_password_once(session: Session) -> None:
    account = accounts.create_account(session, by=None, name="ร.ต.อ. สมชาย", role=Role.officer, now=NOW)
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    invited = accounts.check_invitation(session, token=token, now=NOW)
    assert (invited.name, invited.username) == ("ร.ต.อ. สมชาย", None)
    accounts.join(session, token=token, username="Somchai", password=NEW, now=NOW)
    assert account.username == "somchai"
    assert account.password_hash == NEW.password_hash
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)
    with pytest.raises(accounts.InvitationOver):
        accounts.join(session, token=token, username="other", password=NEW, now=NOW)


@pytest.mark.both("bare")
def test_an_invitation_is_over_after_seven_days(session: Session) -> None:
    account = joined(session, "somchai")
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    assert accounts.check_invitation(session, token=token, now=NOW + timedelta(days=6, hours=23))
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW + timedelta(days=7))


def test_an_invitation_made_while_the_clock_was_two_days_ahead_is_not_believed(session: Session) -> None:
    account = joined(session, "somchai")
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW + timedelta(days=2))
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)


def test_a_new_invitation_ends_the_one_before(session: Session) -> None:
    account = joined(session, "somchai")
    first = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    second = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=first, now=NOW)
    assert accounts.check_invitation(session, token=second, now=NOW)


@pytest.mark.both("bare")
@pytest.mark.parametrize("token", ["", "x", "a" * 43, "ก" * 43, "a" * 100_000, "' OR 1=1 --", "\ud800" * 43])
def test_an_unknown_invitation_opens_nothing(session: Session, token: str) -> None:
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)


def test_an_invitation_of_a_disabled_account_opens_nothing(session: Session) -> None:
    account = joined(session, "somchai")
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
    with pytest.raises(accounts.InvitationOver):
        accounts.check_invitation(session, token=token, now=NOW)
    with pytest.raises(NotFound):
        accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)


@pytest.mark.both("bare")
def test_who_forgot_the_password_keeps_the_user_name_and_loses_the_old_sign_ins(session: Session) -> None:
    account = joined(session, "somchai")
    cookie = signed_in(session, account)
    token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    accounts.join(session, token=token, username="something.else", password=OTHER, now=NOW)
    assert account.username == "somchai"
    assert account.password_hash == OTHER.password_hash
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None


@pytest.mark.both("bare")
def test_a_user_name_belongs_to_one(session: Session) -> None:
    joined(session, "somchai")
    with pytest.raises(accounts.UsernameTaken):
        joined(session, "SOMCHAI")


@pytest.mark.both("bare")
def test_a_refused_join_leaves_the_invitation_as_it_was(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        account = accounts.create_account(session, by=None, name="ก", role=Role.officer, now=NOW)
        token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    for wrong, name in (("x", "ข"), ("somchai", "a\0b")):
        with pytest.raises((accounts.BadUsername, BadText)), db.writing(engine) as session:
            session.get_one(Account, account.id).name = ""
            accounts.join(session, token=token, now=NOW, username=wrong, name=name, password=NEW)
    with db.reading(engine) as session:
        assert accounts.check_invitation(session, token=token, now=NOW).username is None


@pytest.mark.both("bare")
def test_of_two_who_use_one_invitation_at_once_one_wins(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        account = accounts.create_account(session, by=None, name="ก", role=Role.officer, now=NOW)
        token = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)

    def use(username: str) -> bool:
        try:
            with db.writing(engine) as session:
                accounts.join(session, token=token, username=username, password=NEW, now=NOW)
        except accounts.InvitationOver:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, ["one", "two", "three", "four"])) == [False, False, False, True]


@pytest.mark.both("bare")
def test_the_first_administrator_is_made_once_and_names_themselves(session: Session) -> None:
    assert not accounts.has_admin(session)
    first = accounts.create_first_admin(session, now=NOW)
    assert accounts.create_first_admin(session, now=NOW).id == first.id
    token = accounts.invite(session, by=None, account_id=first.id or 0, now=NOW)
    with pytest.raises(NameMissing):
        accounts.join(session, token=token, username="boss", password=NEW, now=NOW)
    accounts.join(session, token=token, username="boss", name="พ.ต.อ. วิชัย", password=NEW, now=NOW)
    assert accounts.has_admin(session)
    with pytest.raises(NotYours):
        accounts.create_first_admin(session, now=NOW)


# --- who may do what to accounts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.commander, Role.officer, Role.viewer])
def test_only_an_administrator_handles_accounts(session: Session, role: Role) -> None:
    by, other = joined(session, "clerk", role), joined(session, "other")
    of = other.id or 0
    for refused in (
        lambda: accounts.create_account(session, by=by, name="ก", role=Role.admin, now=NOW),
        lambda: accounts.invite(session, by=by, account_id=of, now=NOW),
        lambda: accounts.disable(session, by=by, account_id=of, now=NOW),
        lambda: accounts.enable(session, by=by, account_id=of, now=NOW),
        lambda: accounts.change_role(session, by=by, account_id=by.id or 0, role=Role.admin, now=NOW),
    ):
        with pytest.raises(NotYours):
            refused()


def test_a_disabled_administrator_handles_nothing(session: Session) -> None:
    joined(session, "first", Role.admin)
    second = joined(session, "second", Role.admin)
    accounts.disable(session, by=None, account_id=second.id or 0, now=NOW)
    with pytest.raises(NotYours):
        accounts.create_account(session, by=second, name="ก", role=Role.admin, now=NOW)


@pytest.mark.both("bare")
def test_the_last_administrator_stays(session: Session) -> None:
    admin = joined(session, "admin", Role.admin)
    invited_only = accounts.create_account(session, by=admin, name="ข", role=Role.admin, now=NOW)
    assert invited_only.password_hash is None  # nobody who could take over yet
    with pytest.raises(accounts.LastAdmin):
        accounts.disable(session, by=admin, account_id=admin.id or 0, now=NOW)
    with pytest.raises(accounts.LastAdmin):
        accounts.change_role(session, by=admin, account_id=admin.id or 0, role=Role.viewer, now=NOW)
    joined(session, "second", Role.admin)
    accounts.change_role(session, by=admin, account_id=admin.id or 0, role=Role.viewer, now=NOW)
    assert admin.role is Role.viewer


@pytest.mark.both("bare")
def test_an_officer_has_one_account_and_a_team_none(session: Session) -> None:
    party = officer(session)
    accounts.create_account(session, by=None, name="ก", role=Role.officer, party_id=party.id, now=NOW)
    with pytest.raises(accounts.HasAccount):
        accounts.create_account(session, by=None, name="ข", role=Role.officer, party_id=party.id, now=NOW)
    party.kind = PartyKind.team
    with pytest.raises(accounts.NotAnOfficer):
        accounts.create_account(session, by=None, name="ค", role=Role.officer, party_id=party.id, now=NOW)


# --- signing in and out -----------------------------------------------------------------------------------------------


@pytest.mark.both("bare")
def test_a_ticket_becomes_a_cookie_once_within_a_minute(session: Session) -> None:
    account = joined(session, "somchai")
    late = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=late, address=HERE, now=NOW + timedelta(seconds=60), hours=12)
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    cookie = accounts.enter(session, ticket=ticket, address=HERE, now=NOW + timedelta(seconds=59), hours=12)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here is not None
    assert (here.account_id, here.name, here.role) == (account.id, account.name, Role.officer)
    assert accounts.find_visitor_by_public_id(session, public_id=here.sign_in_id, now=NOW) == here


@pytest.mark.both("bare")
def test_a_sign_in_ends_by_itself(session: Session) -> None:
    cookie = signed_in(session, joined(session, "somchai"))
    assert accounts.find_visitor(session, token=cookie, now=NOW + timedelta(hours=11, minutes=59))
    assert accounts.find_visitor(session, token=cookie, now=NOW + timedelta(hours=12)) is None


def test_a_sign_in_from_two_days_ahead_is_not_believed(session: Session) -> None:
    cookie = signed_in(session, joined(session, "somchai"), at=NOW + timedelta(days=2))
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None


@pytest.mark.both("bare")
def test_no_token_stands_in_the_database(session: Session) -> None:
    account = joined(session, "somchai")
    invitation = accounts.invite(session, by=None, account_id=account.id or 0, now=NOW)
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    cookie = signed_in(session, account)
    kept = str([session.exec(select(table)).all() for table in (Invitation, Ticket, SignIn, Account, AuditEntry)])
    assert not any(secret in kept for secret in (invitation, ticket, cookie, PASSWORD))


@pytest.mark.both("bare")
@pytest.mark.parametrize(
    "token", ["", "a" * 43, "ก", "x" * 100_000, "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6ImFkbWluIn0."]
)
def test_a_cookie_that_we_did_not_give_is_nobody(session: Session, token: str) -> None:
    assert accounts.find_visitor(session, token=token, now=NOW) is None
    assert accounts.find_visitor_by_public_id(session, public_id=token, now=NOW) is None


@pytest.mark.both("bare")
def test_signing_out_ends_this_sign_in_and_everywhere_ends_all(session: Session) -> None:
    account = joined(session, "somchai")
    first, second, third = (signed_in(session, account) for _ in range(3))
    here = accounts.find_visitor(session, token=first, now=NOW)
    assert here is not None
    accounts.sign_out(session, public_id=here.sign_in_id, now=NOW)
    assert accounts.find_visitor(session, token=first, now=NOW) is None
    assert accounts.find_visitor(session, token=second, now=NOW)
    assert accounts.sign_out_everywhere(session, account=account, now=NOW) == 2
    assert accounts.find_visitor(session, token=second, now=NOW) is None
    assert accounts.find_visitor(session, token=third, now=NOW) is None


@pytest.mark.both("bare")
def test_a_changed_password_ends_the_other_sign_ins(session: Session) -> None:
    account = joined(session, "somchai")
    here, other = signed_in(session, account), signed_in(session, account)
    kept = accounts.find_visitor(session, token=here, now=NOW)
    assert kept is not None
    for stale in (accounts.Credential(None, accounts.NO_HASH), accounts.Credential(account.id, "the hash of before")):
        with pytest.raises(accounts.WrongPassword):
            accounts.set_password(session, account=account, compared=stale, new=OTHER, now=NOW)
    change_password(session, account, keep=kept.sign_in_id)
    assert accounts.find_visitor(session, token=here, now=NOW)
    assert accounts.find_visitor(session, token=other, now=NOW) is None


def test_a_disabled_account_is_out_at_once_and_comes_back_with_its_password(session: Session) -> None:
    account = joined(session, "somchai")
    cookie = signed_in(session, account)
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None
    assert accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: NOW).account_id is None
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    accounts.enable(session, by=None, account_id=account.id or 0, now=NOW)
    assert accounts.find_visitor(session, token=cookie, now=NOW) is None
    assert accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: NOW).account_id == account.id


def test_a_changed_role_and_language_hold_at_the_next_look(session: Session) -> None:
    account = joined(session, "somchai")
    cookie = signed_in(session, account)
    accounts.change_role(session, by=None, account_id=account.id or 0, role=Role.viewer, keeps_itap=True, now=NOW)
    accounts.set_language(session, account=account, language="en", now=NOW)
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here is not None
    assert (here.role, here.keeps_itap, here.language) == (Role.viewer, True, "en")
    accounts.set_language(session, account=account, language="../../etc", now=NOW)
    assert account.language == "th"


# --- guessing ---------------------------------------------------------------------------------------------------------


def guess(session: Session, at: datetime, username: str = "somchai", address: str = HERE, device: str = "") -> int:
    """One try; the seconds it was told to wait, 0 if it was let through."""
    try:
        accounts.begin_try(session, username=username, address=address, device=device, clock=lambda: at)
    except accounts.TooManyTries as slow:
        return int(str(slow.facts["seconds"]))
    return 0


def test_from_the_fifth_failure_on_a_name_waits_longer_each_time_but_never_more_than_a_minute(session: Session) -> None:
    at, waits = NOW, []
    for number in range(14):
        assert guess(session, at, address=f"10.1.0.{number}") == 0
        wait = accounts.wait_before_next_try(session, username="somchai", address="10.9.9.9", now=at)
        waits.append(wait)
        at += timedelta(seconds=wait)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_an_address_waits_from_its_twentieth_failure_whatever_the_names(session: Session) -> None:
    for number in range(20):
        assert guess(session, NOW, username=f"name{number}") == 0
    assert guess(session, NOW, username="somebody.else") == 1
    assert guess(session, NOW, username="somebody.else", address="10.0.0.8") == 0
    assert accounts.wait_before_next_try(session, username="x", address=HERE, now=NOW + timedelta(seconds=1)) == 0


def test_a_line_of_ipv6_addresses_counts_as_one(session: Session) -> None:
    for number in range(20):
        guess(session, NOW, username=f"name{number}", address=f"2001:db8:1:2::{number:x}")
    assert guess(session, NOW, username="other", address="2001:db8:1:2:ffff::1") == 1
    assert guess(session, NOW, username="other", address="2001:db8:1:3::1") == 0


def test_an_address_of_ipv4_is_the_same_however_it_is_written(session: Session) -> None:
    for number in range(20):
        guess(session, NOW, username=f"name{number}", address="9.9.9.9")
    assert guess(session, NOW, username="other", address="::ffff:9.9.9.9") == 1


def test_tries_refused_while_waiting_do_not_make_the_wait_longer(session: Session) -> None:
    for _ in range(6):
        guess(session, NOW)
    for _ in range(1000):
        assert guess(session, NOW) == 1
    assert len(session.exec(select(SignInFailure)).all()) == 5
    assert guess(session, NOW + timedelta(seconds=1)) == 0


def test_nobody_is_locked_out_for_good(session: Session) -> None:
    at = NOW
    while at < NOW + timedelta(hours=3):
        at += timedelta(seconds=max(guess(session, at), 1))
    assert accounts.wait_before_next_try(session, username="somchai", address="10.0.0.8", now=at) <= 60
    assert accounts.wait_before_next_try(session, username="other", address=HERE, now=at) <= 300
    assert guess(session, at + timedelta(minutes=5)) == 0


@pytest.mark.trial
def test_ten_thousand_guesses_from_everywhere_take_more_than_six_days(session: Session) -> None:
    """Each from an address of its own, each as soon as it may: it is the name that slows them."""
    at, tried = NOW, 0
    while at < NOW + timedelta(hours=24):
        wait = guess(session, at, address=f"10.{tried >> 8 & 255}.{tried & 255}.1")
        tried += not wait
        at += timedelta(seconds=wait)
    assert tried < 10_000 / 6


def test_failures_from_a_clock_two_days_ahead_lock_nobody_out(session: Session) -> None:
    for _ in range(5):
        guess(session, NOW + timedelta(days=2))
    assert guess(session, NOW) == 0
    assert len(session.exec(select(SignInFailure)).all()) == 1


@pytest.mark.both("bare")
@pytest.mark.parametrize(("names", "pass_"), [(1, 5), (40, 20)])
def test_many_tries_at_once_are_no_way_around_the_wait(engine: sa.Engine, names: int, pass_: int) -> None:
    """Each has the clock of its own process, which may be a little behind or ahead of the others'."""
    with db.writing(engine) as session:
        joined(session, "somchai")

    def one(number: int) -> int:
        at = NOW + timedelta(milliseconds=number * 17 % 40)
        with db.writing(engine) as session:
            return guess(session, at, username=f"somchai{number % names}")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(40))).count(0) == pass_


@pytest.mark.both("bare")
def test_the_moment_of_a_try_is_taken_when_the_others_are_done(engine: sa.Engine) -> None:
    order: list[str] = []
    with db.writing(engine) as session:
        joined(session, "somchai")

    def clock() -> datetime:
        order.append("the clock is read")
        return NOW

    def second() -> None:
        with db.writing(engine) as session:
            accounts.begin_try(session, username="somchai", address=HERE, clock=clock)

    with ThreadPoolExecutor(1) as pool:
        with db.writing(engine) as session:
            guess(session, NOW)
            waiting = pool.submit(second)
            time.sleep(0.2)  # time to be wrong in: what is right waits for the lock however long this is
            order.append("the first is done")
        waiting.result()
    assert order == ["the first is done", "the clock is read"]


def test_the_right_password_clears_what_was_failed_from_there_with_this_name(session: Session) -> None:
    """Not what others failed elsewhere: whoever guesses there would see the wait end, and that the name is real."""
    account = joined(session, "somchai")
    for _ in range(2):
        guess(session, NOW)
        guess(session, NOW, username="other")
        guess(session, NOW, address="10.9.9.9")
    found = accounts.begin_try(session, username="Somchai", address=HERE, clock=lambda: NOW)
    assert accounts.accept(session, compared=found, username="Somchai", address=HERE, now=NOW)
    left = session.exec(select(SignInFailure.name_hash, SignInFailure.address)).all()
    assert sorted(address for _name, address in left) == [HERE, HERE, "10.9.9.9", "10.9.9.9"]
    assert (accounts.guessing._name_hash("somchai"), HERE) not in left
    assert found.account_id == account.id


@pytest.mark.both("bare")
def test_old_failures_are_cleared_away(session: Session) -> None:
    guess(session, NOW)
    guess(session, NOW + timedelta(hours=1, seconds=1), username="other")
    assert len(session.exec(select(SignInFailure)).all()) == 1


@pytest.mark.both("bare")
def test_neither_name_nor_a_password_typed_as_name_stands_in_the_database(session: Session) -> None:
    for typed in ("somchai", "MyPassword!23"):
        guess(session, NOW, username=typed)
        accounts.note_failure(session, username=typed, address=HERE, now=NOW)
    kept = session.exec(select(SignInFailure).order_by(SignInFailure.id)).all()
    assert [bool(failure.name_hash) for failure in kept] == [True, False]
    everything = str(kept) + str(session.exec(select(AuditEntry)).all())
    assert "somchai" not in everything
    assert "MyPassword" not in everything


# --- the record -------------------------------------------------------------------------------------------------------


@pytest.mark.both("bare")
def test_every_act_stands_in_the_audit_and_the_chain_holds(session: Session) -> None:
    admin = joined(session, "admin", Role.admin)
    account = joined(session, "somchai")
    of, cookie = account.id or 0, signed_in(session, account)
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here is not None
    accounts.note_failure(session, username="somchai", address=HERE, now=NOW)
    change_password(session, account, keep=here.sign_in_id)
    accounts.change_role(session, by=admin, account_id=of, role=Role.viewer, now=NOW)
    accounts.sign_out(session, public_id=here.sign_in_id, now=NOW)
    accounts.sign_out(session, public_id=here.sign_in_id, now=NOW)  # over already: nothing to record
    accounts.sign_out_everywhere(session, account=account, now=NOW)
    accounts.disable(session, by=admin, account_id=of, now=NOW)
    accounts.enable(session, by=admin, account_id=of, now=NOW)
    assert actions(session) == [
        *(["account.create", "account.invite", "account.join"] * 2),
        "account.accept_password",
        "session.begin",
        "session.fail",
        "account.change_password",
        "account.change_role",
        "session.end",
        "session.end_all",
        "account.disable",
        "account.enable",
    ]
    assert audit.faults(session) == []


@pytest.mark.both("bare")
def test_naming_another_s_session_is_recorded_only_while_that_is_alive_and_another_s(session: Session) -> None:
    victim, attacker = joined(session, "victim"), joined(session, "attacker")
    theirs = accounts.find_visitor(session, token=signed_in(session, victim), now=NOW)
    mine = accounts.find_visitor(session, token=signed_in(session, attacker), now=NOW)
    assert theirs is not None
    assert mine is not None

    def note(who: accounts.Visitor | None, owner: str) -> None:
        accounts.note_intrusion(session, visitor=who, owner_id=owner, what="session", address=HERE, now=NOW)

    note(mine, theirs.sign_in_id)
    note(None, theirs.sign_in_id)
    note(mine, mine.sign_in_id)
    note(mine, "anonymous-x")
    accounts.sign_out(session, public_id=theirs.sign_in_id, now=NOW)
    note(None, theirs.sign_in_id)
    assert actions(session).count("session.refuse") == 2


# --- nobody's guesses keep the owner out ------------------------------------------------------------------------------


def attack(session: Session, username: str = "somchai", address: str = HERE, tries: int = 200) -> datetime:
    """So many guesses, each as soon as it may; the moment of the last."""
    at = NOW
    for _ in range(tries):
        at += timedelta(seconds=guess(session, at, username=username, address=address))
        guess(session, at, username=username, address=address)
    return at


@pytest.mark.both("bare")
def test_guesses_from_the_owner_s_own_address_do_not_keep_out_a_browser_that_signed_in_before(session: Session) -> None:
    account = joined(session, "somchai")
    signed_in(session, account)
    device = accounts.know_device(session, account_id=account.id or 0, device="", now=NOW)
    at = attack(session)
    for number in range(40):
        guess(session, at, username=f"name{number}")
    assert guess(session, at) > 0
    assert guess(session, at, username="somebody.new") > 0
    assert guess(session, at, device="x" * 43) > 0
    assert guess(session, at, device=device) == 0


def test_a_known_browser_is_slowed_by_its_own_wrong_tries_only_and_by_a_minute_at_most(session: Session) -> None:
    account = joined(session, "somchai")
    device = accounts.know_device(session, account_id=account.id or 0, device="", now=NOW)
    at, waits = NOW, []
    for _ in range(13):
        assert guess(session, at, device=device) == 0
        waits.append(accounts.wait_before_next_try(session, username="somchai", address=HERE, device=device, now=at))
        at += timedelta(seconds=waits[-1])
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert guess(session, NOW, address="10.0.0.8") == 0  # and others not by its tries


def test_a_browser_is_known_to_those_who_signed_in_with_it_for_half_a_year(session: Session) -> None:
    somchai, other = joined(session, "somchai"), joined(session, "other")
    device = accounts.know_device(session, account_id=somchai.id or 0, device="", now=NOW)
    for number in range(5):
        guess(session, NOW, address=f"10.9.0.{number}")
        guess(session, NOW, username="other", address=f"10.9.0.{number}")
    assert guess(session, NOW, device=device) == 0
    assert guess(session, NOW, username="other", device=device) > 0
    assert accounts.know_device(session, account_id=other.id or 0, device=device, now=NOW) == device
    assert guess(session, NOW, username="other", device=device) == 0
    later = NOW + timedelta(days=accounts.DEVICE_DAYS)
    for number in range(5):
        guess(session, later, address=f"10.9.0.{number}")
    assert guess(session, later, device=device) > 0
    assert accounts.know_device(session, account_id=somchai.id or 0, device=device, now=later) != device


@pytest.mark.parametrize("chosen", ["", "x", "a" * 43, "ก" * 43, "x" * 100_000])
def test_nobody_chooses_what_a_browser_is_known_by(session: Session, chosen: str) -> None:
    account = joined(session, "somchai")
    given = accounts.know_device(session, account_id=account.id or 0, device=chosen, now=NOW)
    assert given != chosen
    assert given not in str(session.exec(select(Device)).all())


def test_an_account_has_so_many_browsers_and_the_one_longest_unused_goes(session: Session) -> None:
    account = joined(session, "somchai")
    given = [
        accounts.know_device(session, account_id=account.id or 0, device="", now=NOW + timedelta(seconds=number))
        for number in range(accounts.MOST_DEVICES)
    ]
    later = NOW + timedelta(hours=1)
    accounts.know_device(session, account_id=account.id or 0, device=given[0], now=later)
    accounts.know_device(session, account_id=account.id or 0, device="", now=later)
    kept = set(session.exec(select(Device.token_hash)))
    assert len(kept) == accounts.MOST_DEVICES
    assert [accounts.tokens.hash_token(one) in kept for one in given[:3]] == [True, False, True]


def test_a_name_known_at_a_network_has_a_counter_of_its_own_there(session: Session) -> None:
    """Neither guesses from elsewhere nor other names tried there keep it waiting."""
    signed_in(session, joined(session, "somchai"))
    at = attack(session, address="10.9.0.1")
    for number in range(40):
        guess(session, at, username=f"name{number}")
    assert guess(session, at, username="somebody.new") > 0
    assert guess(session, at, address="10.9.0.99") == 60
    assert [guess(session, at) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert guess(session, at + timedelta(seconds=1)) == 0


@pytest.mark.both("bare")
def test_known_and_unknown_names_are_slowed_alike_from_another_network_whatever_the_owner_does(
    session: Session,
) -> None:
    """Else a wait that begins too early, or ends, would say that somebody of that name has just signed in."""
    account = joined(session, "somchai")
    signed_in(session, account)
    device = accounts.know_device(session, account_id=account.id or 0, device="", now=NOW)
    seen = []
    for name, owner in (("somchai", True), ("nobody.here", False)):
        waits = []
        for number in range(12):
            at = NOW + timedelta(seconds=61 * number)
            if owner and number % 3 == 2:  # at the network that is known, and with the browser that is known elsewhere
                for address, held in ((HERE, ""), ("10.4.0.1", device)):
                    guess(session, at, address=address, device=held)
                    found = accounts.begin_try(
                        session, username=name, address=address, device=held, clock=lambda at=at: at
                    )
                    assert accounts.accept(session, compared=found, username=name, address=address, now=at)
            guess(session, at, username=name, address="10.9.0.1")
            waits.append(accounts.wait_before_next_try(session, username=name, address="10.9.0.2", now=at))
        seen.append(waits)
    assert seen[0] == seen[1]
    assert seen[0][-1] == 60


# --- what a changed password ends -------------------------------------------------------------------------------------


@pytest.mark.both("bare")
@pytest.mark.parametrize("what", ["password changed", "invited anew", "disabled"])
def test_a_ticket_and_an_invitation_from_before_are_dead_after(session: Session, what: str) -> None:
    account = joined(session, "somchai")
    of = account.id or 0
    invitation, ticket = "", accounts.issue_ticket(session, account_id=of, now=NOW)
    if what == "invited anew":
        token = accounts.invite(session, by=None, account_id=of, now=NOW)
        accounts.join(session, token=token, password=OTHER, now=NOW)
    else:
        invitation = accounts.invite(session, by=None, account_id=of, now=NOW)
        if what == "disabled":
            accounts.disable(session, by=None, account_id=of, now=NOW)
            accounts.enable(session, by=None, account_id=of, now=NOW)
        else:
            change_password(session, account)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    with pytest.raises(accounts.InvitationOver):
        accounts.join(session, token=invitation, password=OTHER, now=NOW)
    assert signed_in(session, account)  # what comes after is as good as ever


def test_a_changed_role_leaves_a_ticket_alone(session: Session) -> None:
    account = joined(session, "somchai")
    ticket = accounts.issue_ticket(session, account_id=account.id or 0, now=NOW)
    accounts.change_role(session, by=None, account_id=account.id or 0, role=Role.viewer, now=NOW)
    assert accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)


@pytest.mark.both("bare")
@pytest.mark.parametrize("what", ["password changed", "disabled", "the same"])
def test_a_password_that_was_right_a_moment_ago_opens_nothing(session: Session, what: str) -> None:
    """It was compared outside of every lock; meanwhile the account got another."""
    account = joined(session, "somchai")
    compared = accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: NOW)
    if what == "the same":
        assert accounts.accept(session, compared=compared, username="somchai", address=HERE, now=NOW)
        return
    if what == "disabled":
        accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
    else:
        change_password(session, account)
    with pytest.raises(accounts.WrongPassword):
        accounts.accept(session, compared=compared, username="somchai", address=HERE, now=NOW)


@pytest.mark.both("bare")
def test_of_two_who_change_one_password_at_once_the_second_is_told_that_it_is_another_now(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        account = joined(session, "somchai")
        compared = credential(account)

    def change(_number: int) -> bool:
        try:
            with db.writing(engine) as session:
                theirs = session.get_one(Account, account.id)
                new = accounts.NewPassword(f"hash {_number}")
                accounts.set_password(session, account=theirs, compared=compared, new=new, now=NOW)
        except accounts.WrongPassword:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, range(4))) == [False, False, False, True]


@pytest.mark.both("bare")
def test_of_many_who_make_an_officer_s_account_at_once_one_does_and_the_others_are_told(engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        party = officer(session).id

    def create(_number: int) -> bool:
        try:
            with db.writing(engine) as session:
                accounts.create_account(session, by=None, name="ก", role=Role.officer, party_id=party, now=NOW)
        except accounts.HasAccount:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(create, range(8))).count(True) == 1


def test_no_password_is_hashed_or_compared_under_the_write_lock(engine: sa.Engine) -> None:
    for slow in (
        lambda: accounts.hash_password(PASSWORD),
        lambda: accounts.new_password(PASSWORD),
        lambda: accounts.password_matches(PASSWORD, accounts.NO_HASH),
    ):
        with pytest.raises(db.SlowUnderLock), db.writing(engine):
            slow()
