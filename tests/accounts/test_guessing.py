"""Guesses are slowed down, for a name and an address, and nobody's guesses keep the owner out."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import accounts, db
from ita_core.models import AuditEntry, Device, SignInFailure
from tests.accounts.acts import HERE, NOW, joined, signed_in

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
