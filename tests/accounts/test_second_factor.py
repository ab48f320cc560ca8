"""The second factor: how one comes to it, what it is asked at, what is taken once only, and who may take it away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import accounts, db, settings
from ita_core.accounts.guessing import CODE_FREE, CODE_LONGEST
from ita_core.errors import NotYours
from ita_core.models import Account, AuditEntry, HalfSignIn, RecoveryCode, Role, SecondFactor, SignInFailure
from tests.accounts.acts import HERE, NOW, OTHER, actions, change_password, credential, joined, signed_in
from tests.cast import office

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER_SECRET = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
ELSEWHERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ITA_SECRET_KEY", "k" * 40)
    settings.settings.cache_clear()
    yield
    settings.settings.cache_clear()


def code(at: datetime, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(at, counter_offset=steps)


def with_factor(session: Session, username: str = "somchai", role: Role = Role.officer) -> tuple[Account, list[str]]:
    """Enrolled a minute ago, so that the code of NOW was not used."""
    account, before = joined(session, username, role), NOW - timedelta(minutes=1)
    codes = accounts.enrol(
        session, account=account, compared=credential(account), secret=SECRET, typed=code(before), now=before
    )
    return account, codes


def half(session: Session, account: Account, at: datetime = NOW) -> str:
    passed = accounts.pass_first_step(session, account_id=account.id or 0, now=at)
    assert not passed.whole
    return passed.token


def show(session: Session, account: Account, typed: str, at: datetime = NOW, address: str = HERE) -> accounts.Shown:
    counted = accounts.begin_own_code(session, account=account, typed=typed, address=address, clock=lambda: at)
    return accounts.show_factor(session, account=account, typed=typed, counted=counted, address=address, now=at)


def second(session: Session, token: str, typed: str, at: datetime = NOW, address: str = HERE) -> str:
    counted = accounts.begin_second_step(session, half=token, typed=typed, address=address, clock=lambda: at)
    return accounts.finish_second_step(session, half=token, typed=typed, counted=counted, address=address, now=at)


# --- coming to it -----------------------------------------------------------------------------------------------------


@pytest.mark.both("bare")
def test_it_is_there_only_after_a_code_of_it_was_right(session: Session) -> None:
    account = joined(session, "somchai")
    of = account.id or 0
    for wrong in (code(NOW, 2), code(NOW, -2), "", "12345", "ก", "0" * 1000):
        with pytest.raises(accounts.WrongFactorCode):
            accounts.enrol(session, account=account, compared=credential(account), secret=SECRET, typed=wrong, now=NOW)
    assert accounts.find_factor(session, of) is None
    assert accounts.pass_first_step(session, account_id=of, now=NOW).whole
    typed = " ".join(code(NOW, 1)).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    accounts.enrol(session, account=account, compared=credential(account), secret=SECRET, typed=typed, now=NOW)
    facts = accounts.find_factor(session, of)
    assert facts is not None
    assert (facts.since, facts.recovery_left, facts.usable) == (NOW, 10, True)
    assert not accounts.pass_first_step(session, account_id=of, now=NOW).whole


@pytest.mark.parametrize("stale", [accounts.Credential(None, accounts.NO_HASH), accounts.Credential(1, "before")])
def test_nobody_comes_to_it_or_from_it_without_the_password(session: Session, stale: accounts.Credential) -> None:
    account, codes = with_factor(session)
    shown = show(session, account, codes[0])
    for act in changes(session, account, stale, shown):
        with pytest.raises(accounts.WrongPassword):
            act()
    assert actions(session)[-1] == "account.use_recovery"


def changes(
    session: Session, account: Account, compared: accounts.Credential, shown: accounts.Shown | None
) -> list[Callable[[], object]]:
    """All that one can do to the factor that one has."""
    asked = {"account": account, "compared": compared, "shown": shown, "now": NOW}
    return [
        lambda: accounts.renew_recovery(session, **asked),
        lambda: accounts.enrol(session, secret=OTHER_SECRET, typed=pyotp.TOTP(OTHER_SECRET).at(NOW), **asked),
        lambda: accounts.remove_factor(session, **asked),
    ]


@pytest.mark.both("bare")
@pytest.mark.parametrize("which", [0, 1, 2])
def test_the_password_alone_changes_nothing_of_a_factor_that_is_there(session: Session, which: int) -> None:
    account, codes = with_factor(session)
    other, others = with_factor(session, "other")
    of_another = show(session, other, others[0])
    stale = show(session, account, codes[0])
    kept = session.exec(select(SecondFactor).where(SecondFactor.account_id == account.id)).one()
    for shown in (None, of_another, accounts.Shown(account.id or 0, "x")):
        with pytest.raises(accounts.WrongFactorCode):
            changes(session, account, credential(account), shown)[which]()
    assert session.exec(select(SecondFactor).where(SecondFactor.account_id == account.id)).one() is kept
    changes(session, account, credential(account), show(session, account, code(NOW)))[which]()
    if which == 1:  # what was shown of the one before says nothing of the one that took its place
        with pytest.raises(accounts.WrongFactorCode):
            changes(session, account, credential(account), stale)[2]()


def test_a_code_for_a_change_is_taken_once_and_guesses_at_it_are_slowed_as_at_the_door(session: Session) -> None:
    account, codes = with_factor(session)
    for typed in (codes[0], code(NOW)):
        show(session, account, typed)
        with pytest.raises(accounts.WrongFactorCode):
            show(session, account, typed)
    assert actions(session).count("account.use_recovery") == 1
    with pytest.raises(accounts.TooManyTries):
        for _each in range(CODE_FREE + 1):
            accounts.begin_own_code(session, account=account, typed="1", address=HERE, clock=lambda: NOW)
    with pytest.raises(accounts.TooManyTries):  # nor is there another try at the door
        second(session, half(session, account), code(NOW, 1))


@pytest.mark.both("bare")
@pytest.mark.parametrize("what", ["set up", "set up anew", "removed", "taken away"])
def test_a_change_of_it_ends_every_other_sign_in_ticket_and_invitation(session: Session, what: str) -> None:
    account = joined(session, "somchai") if what == "set up" else with_factor(session)[0]
    shown = None if what == "set up" else show(session, account, code(NOW, -1))
    of, compared = account.id or 0, credential(account)
    here, other = signed_in(session, account), signed_in(session, account)
    kept = accounts.find_visitor(session, token=here, now=NOW)
    assert kept is not None
    invitation = accounts.invite(session, by=None, account_id=of, now=NOW)
    ticket = accounts.issue_ticket(session, account_id=of, now=NOW)
    begun = "" if what == "set up" else half(session, account)
    keep = kept.sign_in_id
    if what == "removed":
        accounts.remove_factor(session, account=account, compared=compared, shown=shown, now=NOW, keep=keep)
    elif what == "taken away":
        accounts.take_factor_away(session, by=None, account_id=of, now=NOW)
    else:
        accounts.enrol(
            session, account=account, compared=compared, secret=SECRET, typed=code(NOW), now=NOW, keep=keep,
            shown=shown,
        )  # fmt: skip
    assert bool(accounts.find_visitor(session, token=here, now=NOW)) == (what != "taken away")
    assert accounts.find_visitor(session, token=other, now=NOW) is None
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    with pytest.raises(accounts.InvitationOver):
        accounts.join(session, token=invitation, password=OTHER, now=NOW)
    if begun:
        with pytest.raises(accounts.TicketOver):
            second(session, begun, code(NOW, 1))


@pytest.mark.both("bare")
def test_neither_the_secret_nor_a_code_stands_in_the_database(session: Session) -> None:
    account, codes = with_factor(session)
    token = half(session, account)
    tables = (SecondFactor, RecoveryCode, HalfSignIn, AuditEntry, Account)
    kept = str([session.exec(select(table)).all() for table in tables])
    assert SECRET not in kept
    assert token not in kept
    assert not [one for one in codes if one in kept or one.replace("-", "") in kept]


def test_the_secret_of_one_account_is_no_other_s_also_where_rows_are_exchanged(session: Session) -> None:
    """Who can write into the database, and has no key, cannot give somebody a secret that they know."""
    victim, _codes = with_factor(session, "victim")
    thief, _others = with_factor(session, "thief")
    rows = {one.account_id: one for one in session.exec(select(SecondFactor))}
    rows[victim.id or 0].secret = rows[thief.id or 0].secret
    session.flush()
    with pytest.raises(accounts.KeyGone):
        second(session, half(session, victim), code(NOW))


# --- at the door ------------------------------------------------------------------------------------------------------


@pytest.mark.both("bare")
def test_a_right_code_gives_a_ticket_and_the_half_sign_in_is_over(session: Session) -> None:
    account, _codes = with_factor(session)
    token = half(session, account)
    ticket = second(session, token, code(NOW))
    cookie = accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    assert accounts.find_visitor(session, token=cookie, now=NOW)
    with pytest.raises(accounts.TicketOver):
        second(session, token, code(NOW, 1))


@pytest.mark.both("bare")
def test_half_a_sign_in_opens_nothing_and_is_over_after_five_minutes(session: Session) -> None:
    account, _codes = with_factor(session)
    token = half(session, account)
    with pytest.raises(accounts.TicketOver):
        accounts.check_ticket(session, ticket=token, now=NOW)
    with pytest.raises(accounts.TicketOver):
        accounts.enter(session, ticket=token, address=HERE, now=NOW, hours=12)
    assert accounts.find_visitor(session, token=token, now=NOW) is None
    with pytest.raises(accounts.InvitationOver):
        accounts.join(session, token=token, password=OTHER, now=NOW)
    late = NOW + timedelta(seconds=accounts.HALF_SECONDS)
    with pytest.raises(accounts.TicketOver):
        second(session, token, code(late), at=late)
    for forged in ("", "a" * 43, "ก" * 43, "x" * 100_000):
        with pytest.raises(accounts.TicketOver):
            second(session, forged, code(NOW))


@pytest.mark.parametrize("what", ["password changed", "disabled"])
def test_half_a_sign_in_from_before_is_dead_after(session: Session, what: str) -> None:
    account, _codes = with_factor(session)
    token = half(session, account)
    if what == "disabled":
        accounts.disable(session, by=None, account_id=account.id or 0, now=NOW)
        accounts.enable(session, by=None, account_id=account.id or 0, now=NOW)
    else:
        change_password(session, account)
    with pytest.raises(accounts.TicketOver):
        second(session, token, code(NOW))


@pytest.mark.both("bare")
def test_no_code_is_taken_twice_nor_one_older_than_the_last(session: Session) -> None:
    account, _codes = with_factor(session)
    second(session, half(session, account), code(NOW))
    for again in (code(NOW), code(NOW, -1)):
        with pytest.raises(accounts.WrongFactorCode):
            second(session, half(session, account), again)
    assert second(session, half(session, account), code(NOW, 1))  # a telephone that is ahead
    with pytest.raises(accounts.WrongFactorCode):  # the next one, which that has used up
        second(session, half(session, account, NOW), code(NOW, 1), at=NOW + timedelta(seconds=30))


def test_the_code_that_enrolled_opens_nothing(session: Session) -> None:
    account, _codes = with_factor(session)
    before = NOW - timedelta(minutes=1)
    with pytest.raises(accounts.WrongFactorCode):
        second(session, half(session, account, before), code(before), at=before)


@pytest.mark.both("bare")
@pytest.mark.parametrize("recovery", [False, True])
def test_of_two_who_type_one_code_at_once_one_gets_in(engine: sa.Engine, recovery: bool) -> None:
    with db.writing(engine) as session:
        account, codes = with_factor(session)
        tokens = [half(session, account) for _two in range(8)]
    typed = codes[0] if recovery else code(NOW)

    def come(token: str) -> bool:
        with db.writing(engine) as session:
            counted = accounts.Counted("somchai", "")
            try:
                accounts.finish_second_step(session, half=token, typed=typed, counted=counted, address=HERE, now=NOW)
            except accounts.WrongFactorCode:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(come, tokens)) == [False] * 7 + [True]


@pytest.mark.both("bare")
def test_a_recovery_code_opens_once_and_what_is_left_is_known(session: Session) -> None:
    account, codes = with_factor(session)
    assert len(set(codes)) == 10
    typed = codes[3].lower().replace("-", " ").replace("o", "0").replace("i", "1")
    assert second(session, half(session, account), typed)
    with pytest.raises(accounts.WrongFactorCode):
        second(session, half(session, account), codes[3])
    facts = accounts.find_factor(session, account.id or 0)
    assert facts is not None
    assert facts.recovery_left == 9
    shown = show(session, account, codes[5])
    fresh = accounts.renew_recovery(session, account=account, compared=credential(account), shown=shown, now=NOW)
    with pytest.raises(accounts.WrongFactorCode):
        second(session, half(session, account), codes[4])
    assert second(session, half(session, account), fresh[4])


def test_a_recovery_code_of_another_opens_nothing(session: Session) -> None:
    victim, _codes = with_factor(session, "victim")
    _thief, codes = with_factor(session, "thief")
    with pytest.raises(accounts.WrongFactorCode):
        second(session, half(session, victim), codes[0])


def test_without_the_key_a_recovery_code_still_opens_and_it_is_set_up_anew(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, codes = with_factor(session)
    monkeypatch.setenv("ITA_SECRET_KEY", "another key, as a restored backup meets it")
    settings.settings.cache_clear()
    facts = accounts.find_factor(session, account.id or 0)
    assert facts is not None
    assert not facts.usable
    with pytest.raises(accounts.KeyGone):
        second(session, half(session, account), code(NOW))
    assert second(session, half(session, account), codes[0])
    shown = show(session, account, codes[1])
    accounts.enrol(
        session, account=account, compared=credential(account), secret=SECRET, typed=code(NOW), now=NOW, shown=shown
    )
    assert second(session, half(session, account), code(NOW, 1))


# --- guesses ----------------------------------------------------------------------------------------------------------


def tries_in(session: Session, account: Account, begin: datetime, long: timedelta, address: str) -> int:
    """How many tries somebody makes in this time who knows the password and never rests."""
    at, made = begin, 0
    while at < begin + long:
        token = half(session, account, at)
        try:
            accounts.begin_second_step(session, half=token, typed="000000", address=address, clock=lambda now=at: now)
        except accounts.TooManyTries as wait:
            at += timedelta(seconds=int(str(wait.facts["seconds"])))
        else:
            made += 1
    return made


def test_guesses_at_codes_are_39_on_the_first_day_and_then_one_an_hour(session: Session) -> None:
    account, _codes = with_factor(session)
    first = tries_in(session, account, NOW, timedelta(days=1), ELSEWHERE)
    second_day = tries_in(session, account, NOW + timedelta(days=1), timedelta(days=1), ELSEWHERE)
    assert (first, second_day) == (39, 24)
    # Three of a million codes are right at any moment: the chance of a year of it.
    year = first + 364 * second_day
    assert 1 - (1 - 3e-6) ** year < 0.027


def test_while_somebody_guesses_elsewhere_the_owner_gets_in(session: Session) -> None:
    account, codes = with_factor(session)
    signed_in(session, account)  # from HERE, lately
    tries_in(session, account, NOW - timedelta(hours=1), timedelta(hours=1), ELSEWHERE)
    assert second(session, half(session, account), code(NOW))
    # In a new place, by a recovery code.
    with pytest.raises(accounts.TooManyTries):
        second(session, half(session, account), code(NOW, 1), address="203.0.113.9")
    assert second(session, half(session, account), codes[0], address="203.0.113.9")


def test_the_owner_s_right_code_gives_whoever_guesses_elsewhere_no_new_tries(session: Session) -> None:
    account, _codes = with_factor(session)
    for address in [ELSEWHERE] * CODE_FREE:
        accounts.begin_second_step(
            session, half=half(session, account), typed="1", address=address, clock=lambda: NOW - timedelta(minutes=1)
        )
    assert second(session, half(session, account), code(NOW), address="203.0.113.9")
    left = len(session.exec(select(SignInFailure).where(SignInFailure.counter == "code")).all())
    assert left == CODE_FREE


def test_a_right_password_gives_no_new_tries_at_codes_and_an_hour_later_they_still_count(session: Session) -> None:
    account, _codes = with_factor(session)
    for _each in range(CODE_FREE):
        accounts.begin_second_step(session, half=half(session, account), typed="1", address=HERE, clock=lambda: NOW)
    compared = accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: NOW)
    passed = accounts.accept(session, compared=compared, username="somchai", address=HERE, now=NOW)
    assert not passed.whole
    with pytest.raises(accounts.TooManyTries):
        accounts.begin_second_step(session, half=passed.token, typed="1", address=HERE, clock=lambda: NOW)
    later = NOW + timedelta(hours=2)
    accounts.begin_try(session, username="somchai", address=HERE, clock=lambda: later)  # clears what is old
    assert len(session.exec(select(SignInFailure).where(SignInFailure.counter == "code")).all()) == CODE_FREE
    assert CODE_LONGEST == 3600


def test_many_accounts_from_one_address_are_slowed_together(session: Session) -> None:
    everybody = [with_factor(session, f"name{number}")[0] for number in range(6)]
    made = 0
    with pytest.raises(accounts.TooManyTries):
        for account in everybody * CODE_FREE:
            accounts.begin_second_step(
                session, half=half(session, account), typed="1", address=ELSEWHERE, clock=lambda: NOW
            )
            made += 1
    assert made == 20


# --- who must have one ------------------------------------------------------------------------------------------------


def must(session: Session, cookie: str) -> bool:
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here is not None
    return here.must_enrol


@pytest.mark.both("bare")
def test_whose_role_must_have_one_is_led_to_it_at_the_next_action_until_it_is_there(session: Session) -> None:
    admin, _codes = with_factor(session, "admin", Role.admin)
    officer, viewer = joined(session, "officer"), joined(session, "viewer", Role.viewer)
    theirs, others = signed_in(session, officer), signed_in(session, viewer)
    assert not must(session, theirs)
    here = office(session)
    accounts.demand(session, by=admin, office_id=here, roles=frozenset({Role.officer}), now=NOW)
    assert accounts.demanding_roles(session, here) == {Role.officer}
    assert (must(session, theirs), must(session, others)) == (True, False)
    kept = accounts.find_visitor(session, token=theirs, now=NOW)
    assert kept is not None
    accounts.enrol(
        session, account=officer, compared=credential(officer), secret=SECRET, typed=code(NOW), now=NOW,
        keep=kept.sign_in_id,
    )  # fmt: skip
    assert not must(session, theirs)
    with pytest.raises(accounts.FactorDemanded):
        accounts.remove_factor(session, account=officer, compared=credential(officer), shown=None, now=NOW)
    accounts.take_factor_away(session, by=admin, account_id=officer.id or 0, now=NOW)
    anew = signed_in(session, officer)
    assert must(session, anew)
    accounts.demand(session, by=admin, office_id=here, roles=frozenset(), now=NOW)
    assert not must(session, anew)
    accounts.demand(session, by=admin, office_id=here, roles=frozenset(), now=NOW)
    assert actions(session).count("office.demand_factor") == 2


def test_a_sign_in_by_a_provider_that_asked_for_two_is_enough(session: Session) -> None:
    account = joined(session, "somchai")
    accounts.demand(session, by=None, office_id=office(session), roles=frozenset({Role.officer}), now=NOW)
    assert must(session, signed_in(session, account))
    passed = accounts.pass_first_step(session, account_id=account.id or 0, now=NOW, by_two=True)
    assert passed.whole
    assert not must(session, accounts.enter(session, ticket=passed.token, address=HERE, now=NOW, hours=1))


def test_who_demands_it_of_others_has_one_and_administers_the_office(session: Session) -> None:
    here, wanted = office(session), frozenset({Role.commander})
    admin = joined(session, "admin", Role.admin)
    with pytest.raises(accounts.OwnFactorFirst):
        accounts.demand(session, by=admin, office_id=here, roles=wanted, now=NOW)
    for role in (Role.commander, Role.officer, Role.viewer):
        with pytest.raises(NotYours):
            accounts.demand(session, by=joined(session, role.name, role), office_id=here, roles=wanted, now=NOW)
    assert accounts.demanding_roles(session, here) == frozenset()


def test_only_another_administrator_takes_a_lost_one_away(session: Session) -> None:
    admin, _codes = with_factor(session, "admin", Role.admin)
    somebody, _others = with_factor(session)
    of = somebody.id or 0
    for role in (Role.commander, Role.officer, Role.viewer):
        with pytest.raises(NotYours):
            accounts.take_factor_away(session, by=joined(session, role.name, role), account_id=of, now=NOW)
    with pytest.raises(accounts.OwnFactor):
        accounts.take_factor_away(session, by=admin, account_id=admin.id or 0, now=NOW)
    accounts.take_factor_away(session, by=admin, account_id=of, now=NOW)
    accounts.take_factor_away(session, by=admin, account_id=of, now=NOW)
    assert actions(session).count("account.take_factor") == 1
    assert accounts.pass_first_step(session, account_id=of, now=NOW).whole
    assert session.exec(select(RecoveryCode).where(RecoveryCode.account_id == of)).all() == []


def test_a_sign_in_that_stays_when_it_is_done_without_counts_no_more_as_by_two(session: Session) -> None:
    account, codes = with_factor(session)
    ticket = second(session, half(session, account), codes[0])
    cookie = accounts.enter(session, ticket=ticket, address=HERE, now=NOW, hours=12)
    here = accounts.find_visitor(session, token=cookie, now=NOW)
    assert here
    accounts.remove_factor(
        session, account=account, compared=credential(account), shown=show(session, account, codes[1]), now=NOW,
        keep=here.sign_in_id,
    )  # fmt: skip
    assert not must(session, cookie)
    accounts.demand(session, by=None, office_id=office(session), roles=frozenset({Role.officer}), now=NOW)
    assert must(session, cookie)


@pytest.mark.both("bare")
def test_half_of_a_sign_in_is_asked_for_by_reading_before_anybody_waits_for_the_lock(
    session: Session, engine: sa.Engine
) -> None:
    account, _codes = with_factor(session)
    accounts.check_half(session, half=half(session, account), now=NOW)
    session.commit()
    with db.reading(engine) as reading:
        for made_up in ("", "x" * 43, "ก"):
            with pytest.raises(accounts.TicketOver):
                accounts.check_half(reading, half=made_up, now=NOW)
