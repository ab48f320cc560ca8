"""People told what concerns them: once, at their hours, only what they may read, whatever a channel does."""

import dataclasses
import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import select

from ita_core import accounts, db, queries, workflow
from ita_core.accounts import addresses
from ita_core.board.notices import NoticeKind
from ita_core.board.reminding import MOST_ATTEMPTS, Choice
from ita_core.channels import faults, mail
from ita_core.days import BANGKOK
from ita_core.models import (
    Account,
    AddressCode,
    AddressEnd,
    AuditEntry,
    Channel,
    ChannelAddress,
    ChannelChoice,
    Decision,
    Person,
    Sending,
    SendingOutcome,
    SendingResult,
    SentSubject,
)
from ita_core.queries import Reminder
from ita_core.workflow import reminding
from tests.cast import Cast, actor, item_id
from tests.channels.conftest import Setting
from tests.channels.line_house import LineHouse
from tests.channels.post_office import PostOffice, answering
from tests.queries.writes import hand_in, officer

DAY = date(2025, 3, 15)
REASON, WORDS = "เหตุผลลับ", "ข้อความสั่งการลับ"
TEN = datetime(2025, 3, 15, 10, 0, tzinfo=BANGKOK)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BANGKOK)


def give(account: int, channel: Channel = Channel.mail, value: str = "") -> None:
    """A proved address, as it stands after a proof."""
    value = value or (f"account{account}@example.go.th" if channel is Channel.mail else f"U{account:032x}")
    with db.writing() as session:
        session.add(ChannelAddress(account_id=account, channel=channel, value=value, salt="x", proved_at=at(1)))


def run(when: datetime = TEN) -> reminding.Ran:
    return reminding.remind(lambda: when)


def send_back(cast: Cast, when: datetime) -> int:
    made = hand_in(db.engine(), cast)
    with db.writing() as session:
        workflow.review(
            session, by=cast.khanittha, evidence_id=made, decision=Decision.returned, reason=REASON, at=when
        )
    return made


def order(cast: Cast, when: datetime) -> None:
    with db.writing() as session:
        workflow.direct(
            session, by=cast.commander, assessment_id=queries.get_assessment(session).id, text=WORDS, at=when,
            party_ids=[officer(session, cast.usa)], due=date(2025, 4, 30), item_id=item_id(session, "O6"),
        )  # fmt: skip


def choose(account: int, **wanted: object) -> None:
    with db.writing() as session:
        workflow.choose_channels(session, by=account, choice=Choice(**wanted), at=TEN)  # type: ignore[arg-type]


def text_of(got: EmailMessage) -> str:
    return str(got.get_content()).replace("\r\n", "\n")


def told_to(office: PostOffice) -> Counter[str]:
    return Counter(office.recipients)


def test_each_gets_one_digest_a_day_with_titles_days_and_links(at_work: Cast, office: PostOffice, setting: Setting):
    setting(public_url="https://ita.example.go.th")
    give(at_work.usa)
    give(at_work.khanittha)
    send_back(at_work, TEN - timedelta(hours=1))
    order(at_work, TEN - timedelta(hours=1))
    ran = run()
    assert [one.outcome for one in ran.done] == [SendingOutcome.sent] * 2
    assert told_to(office) == {f"account{one}@example.go.th": 1 for one in (at_work.usa, at_work.khanittha)}
    assert run(TEN + timedelta(minutes=5)).done == ()
    assert run(at(19)).done == ()
    got = next(one for one in office.mails if f"account{at_work.usa}@" in one["To"])
    text = text_of(got)
    assert "เรียน " in text
    assert "• ตีกลับ: O6 " in text
    assert f"https://ita.example.go.th/item?item=O6&office={office_code()}&year=2568" in text
    assert "https://ita.example.go.th/directives?office=" in text
    assert re.search(r"\d+ มี\.ค\. 68", got["Subject"])
    for secret in (REASON, WORDS, "a.pdf"):
        assert secret not in text
        assert secret not in got["Subject"]


def office_code() -> str:
    with db.reading() as session:
        return queries.get_assessment(session).office_code


def test_the_next_day_has_a_digest_of_its_own_and_a_day_without_power_none(at_work: Cast, office: PostOffice):
    give(at_work.usa)
    assert len(run().done) == 1
    # The power was away on the 16th and came back at half past nine in the evening of the 17th: quiet until morning.
    assert run(at(21, 30, date(2025, 3, 17))).done == ()
    assert len(run(at(11, 0, date(2025, 3, 18))).done) == 1
    assert len(office.mails) == 2


@pytest.mark.parametrize(("hour", "comes"), [(7, False), (8, True), (19, True), (20, False), (3, False)])
def test_a_digest_comes_from_the_chosen_hour_on_and_not_at_night(
    at_work: Cast, office: PostOffice, hour: int, comes: bool
):
    give(at_work.usa)
    assert bool(run(at(hour)).done) is comes
    assert bool(office.mails) is comes


def test_what_came_back_or_was_ordered_is_told_at_once_and_once(at_work: Cast, office: PostOffice):
    give(at_work.usa)
    run()
    send_back(at_work, at(11))
    order(at_work, at(11))
    [one] = run(at(11, 5)).done
    assert {subject.notice.kind for subject in one.reminder.subjects} == {NoticeKind.returned, NoticeKind.ordered}
    assert not one.reminder.digest
    assert run(at(11, 10)).done == ()
    text = text_of(office.mails[-1])
    assert REASON not in text
    assert WORDS not in text
    [digest] = run(at(10, 0, date(2025, 3, 16))).done  # it still holds
    assert digest.reminder.digest
    assert run(at(10, 5, date(2025, 3, 16))).done == ()


def test_who_does_not_want_it_at_once_or_daily_or_here_is_not_told_so(at_work: Cast, office: PostOffice):
    give(at_work.usa)
    send_back(at_work, at(9))
    choose(at_work.usa, digest=False)
    [one] = run().done
    assert not one.reminder.digest
    choose(at_work.pattama, digest=False, at_once=False)
    give(at_work.pattama)
    choose(at_work.usa, channels=frozenset({Channel.line}))
    assert run(at(12)).done == ()


def test_hours_at_which_nothing_would_ever_come_are_refused(at_work: Cast):
    with pytest.raises(workflow.NeverDue):
        choose(at_work.usa, hour=21)
    with db.reading() as session:
        assert queries.get_choice(session, at_work.usa) == Choice()
    choose(at_work.usa, hour=21, digest=False)  # of no digest the hour says nothing
    choose(at_work.usa, hour=21, quiet_from=22)
    with db.reading() as session:
        assert queries.get_choice(session, at_work.usa) == Choice(hour=21, quiet_from=22)


def test_the_same_chosen_again_adds_nothing_and_another_choice_does(at_work: Cast):
    def kept() -> tuple[int, int]:
        with db.reading() as session:
            entries = select(AuditEntry).where(AuditEntry.action == "channel.choose")
            return len(session.exec(select(ChannelChoice)).all()), len(session.exec(entries).all())

    choose(at_work.usa)  # what one chooses holds as chosen, also where it is what holds by itself
    choose(at_work.usa)
    assert kept() == (1, 1)
    choose(at_work.pattama)
    choose(at_work.usa, hour=9, channels=frozenset({Channel.line}))
    choose(at_work.usa, hour=9, channels=frozenset({Channel.line}))
    assert kept() == (3, 3)
    choose(at_work.usa)
    assert kept() == (4, 4)


def test_an_account_that_is_disabled_a_person_who_left_and_an_address_that_ended_get_nothing(
    at_work: Cast, office: PostOffice
):
    for one in (at_work.usa, at_work.pattama, at_work.khanittha):
        give(one)
    with db.writing() as session:
        usa, pattama = session.get_one(Account, at_work.usa), session.get_one(Account, at_work.pattama)
        usa.disabled = True
        left = session.get_one(Person, pattama.person_id)
        left.until = date(2025, 3, 14)
        session.add_all([usa, left])
        khanittha = session.get_one(Account, at_work.khanittha)
        accounts.end_address(session, account=khanittha, channel=Channel.mail, why=AddressEnd.by_hand, now=TEN)
    assert run().done == ()
    assert office.mails == []


def test_an_account_that_is_disabled_or_an_address_that_ends_in_the_last_moment_gets_nothing(
    at_work: Cast, office: PostOffice
):
    give(at_work.usa)
    with db.reading() as session:
        [planned] = queries.list_reminders(session, at_work.usa, TEN)
    with db.writing() as session:
        accounts.end_address(
            session,
            account=session.get_one(Account, at_work.usa),
            channel=Channel.mail,
            why=AddressEnd.by_hand,
            now=TEN,
        )
        assert workflow.claim_reminder(session, reminder=planned, at=TEN) is None
    give(at_work.usa)
    with db.reading() as session:
        [planned] = queries.list_reminders(session, at_work.usa, TEN)
    with db.writing() as session:
        session.get_one(Account, at_work.usa).disabled = True
        session.flush()
        assert workflow.claim_reminder(session, reminder=planned, at=TEN) is None


def test_nobody_is_told_of_what_they_may_not_read(at_work: Cast, office: PostOffice):
    """For everybody: what is told is what their own page lists, and every item of it is one that they may read."""
    everybody = [getattr(at_work, one.name) for one in dataclasses.fields(at_work)]
    for one in everybody:
        give(one)
    send_back(at_work, at(9))
    order(at_work, at(9))
    done = run().done
    assert len({one.reminder.account_id for one in done}) > 4
    with db.reading() as session:
        year = queries.get_assessment(session)
        for one in done:
            who = actor(session, one.reminder.account_id)
            seen = queries.current_snapshot(session, year).on(DAY).visible_to(who)
            theirs = {item.item.code for item in seen.board(DAY).items}
            assert {subject.notice.item for subject in one.reminder.subjects} - {""} <= theirs
            listed = queries.list_notices(session, who, year, DAY)
            assert [subject.notice for subject in one.reminder.subjects] == listed
        assert REASON not in "".join(map(text_of, office.mails))
    of_no_duty = [one for one in done if one.reminder.account_id == at_work.piyaporn]
    assert "O6" not in {subject.notice.item for one in of_no_duty for subject in one.reminder.subjects}


def test_a_dry_run_lists_what_is_sent_and_sends_nothing(at_work: Cast, office: PostOffice, house: LineHouse):
    for one in (at_work.usa, at_work.khanittha, at_work.commander):
        give(one)
    give(at_work.usa, Channel.line)
    send_back(at_work, at(9))
    planned = reminding.plan(TEN)
    assert office.mails == []
    with db.reading() as session:
        assert session.exec(select(Sending)).all() == []

    def said(listed: list[Reminder]) -> set[tuple[object, ...]]:
        return {(one.person, one.channel, one.subjects) for one in listed if one.channel}

    assert said(planned) == said([one.reminder for one in run().done])
    assert len(said(planned)) == 4
    without = [one for one in planned if one.channel is None]
    assert at_work.pattama in {one.account_id for one in without}
    assert said(reminding.plan(at(11))) == set()


# --- what fails -------------------------------------------------------------------------------------------------------


def test_a_channel_that_fails_does_not_hold_up_the_other_and_is_named_with_since_when(
    at_work: Cast, office: PostOffice, house: LineHouse, monkeypatch: pytest.MonkeyPatch, setting: Setting
):
    monkeypatch.setattr(mail, "SECONDS", 1.0)
    everybody = [at_work.usa, at_work.pattama, at_work.khanittha, at_work.itap, at_work.commander]
    for one in everybody:
        give(one)
        give(one, Channel.line)
    with answering() as port:
        setting(mail_port=port)
        ran = run()
    assert len(house.pushed) == len(everybody)
    mails = [one for one in ran.done if one.reminder.channel is Channel.mail]
    assert len(mails) == reminding.BROKEN_AFTER or {one.fault.split()[0] for one in mails} <= {
        "ServerSlow",
        "ServerAway",
    }
    assert ran.left == len(everybody) - reminding.BROKEN_AFTER
    with db.reading() as session:
        [trouble] = queries.list_troubles(session)
    assert (trouble.channel, trouble.failures, trouble.since) == (Channel.mail, reminding.BROKEN_AFTER, TEN)
    setting(mail_port=office.port)
    assert len(run(at(10, 1)).done) == len(everybody) - reminding.BROKEN_AFTER  # those who were left; the others wait
    assert len(run(at(10, 5)).done) == reminding.BROKEN_AFTER
    assert set(told_to(office).values()) == {1}
    with db.reading() as session:
        assert queries.list_troubles(session) == []


def five(cast: Cast) -> list[int]:
    """Everybody with an address, in the order in which they are told."""
    everybody = sorted([cast.usa, cast.pattama, cast.khanittha, cast.itap, cast.commander])
    for one in everybody:
        give(one)
    return everybody


def test_a_full_mailbox_is_tried_again_and_is_no_trouble_of_the_channel(at_work: Cast, office: PostOffice):
    *_others, other, last = five(at_work)
    full = {last}
    office.says = lambda address: "452 4.2.2 full" if int(re.sub(r"\D", "", address)) in full else "250 OK"
    assert Counter(one.outcome for one in run().done) == {SendingOutcome.sent: 4, SendingOutcome.again: 1}
    assert [one.outcome for one in run(at(10, 5)).done] == [SendingOutcome.again]
    with db.reading() as session:
        assert queries.list_troubles(session) == []
        assert queries.list_unreachable(session) == {}
    full.add(other)
    tomorrow = date(2025, 3, 16)
    assert Counter(one.outcome for one in run(at(10, 0, tomorrow)).done)[SendingOutcome.again] == 2
    with db.reading() as session:
        [trouble] = queries.list_troubles(session)
    assert (trouble.since, trouble.failures) == (at(10, 0, tomorrow), 2)
    full.clear()
    assert {one.outcome for one in run(at(10, 5, tomorrow)).done} == {SendingOutcome.sent}
    with db.reading() as session:
        assert queries.list_troubles(session) == []


def test_full_mailboxes_hold_up_nobody(at_work: Cast, office: PostOffice):
    full = set(five(at_work)[:3])
    office.says = lambda address: "452 4.2.2 full" if int(re.sub(r"\D", "", address)) in full else "250 OK"
    ran = run()
    assert (len(ran.done), ran.left, len(office.mails)) == (5, 0, 2)


def test_a_server_that_refuses_everybody_without_a_code_is_the_channel_s_trouble_and_loses_nothing(
    at_work: Cast, office: PostOffice
):
    everybody = five(at_work)
    office.says = lambda _address: "550 relay not permitted"
    ran = run()
    assert ({one.outcome for one in ran.done}, len(ran.done), ran.left) == ({SendingOutcome.again}, 3, 2)
    with db.reading() as session:
        [trouble] = queries.list_troubles(session)
        assert queries.list_unreachable(session) == {}
    assert (trouble.failures, trouble.fault) == (3, "AddressUnclear 550")
    office.says = lambda _address: "250 OK"
    run(at(11))
    assert told_to(office) == {f"account{one}@example.go.th": 1 for one in everybody}
    with db.reading() as session:
        assert queries.list_troubles(session) == []


def test_one_address_that_is_refused_without_a_code_is_named_and_is_no_trouble_of_the_channel(
    at_work: Cast, office: PostOffice
):
    last = five(at_work)[-1]
    office.says = lambda address: "550 nobody" if f"account{last}@" in address else "250 OK"
    assert Counter(one.outcome for one in run().done) == {SendingOutcome.sent: 4, SendingOutcome.again: 1}
    for minute in (5, 25):
        assert len(run(at(10, minute)).done) == 1
    with db.reading() as session:
        assert list(queries.list_unreachable(session)) == [last]
        assert queries.list_troubles(session) == []


def test_an_address_that_is_refused_is_named_and_holds_up_nobody(at_work: Cast, office: PostOffice):
    everybody = [at_work.usa, at_work.pattama, at_work.khanittha, at_work.itap, at_work.commander]
    for one in everybody:
        give(one)
    office.says = lambda address: "550 5.1.1 nobody" if f"account{at_work.usa}@" in address else "250 OK"
    ran = run()
    assert Counter(one.outcome for one in ran.done) == {SendingOutcome.sent: 4, SendingOutcome.refused: 1}
    with db.reading() as session:
        assert list(queries.list_unreachable(session)) == [at_work.usa]
        told = queries.list_last_told(session, at_work.usa)[Channel.mail]
        assert (told.outcome, told.fault) == (SendingOutcome.refused, "AddressRefused")
        assert queries.list_troubles(session) == []
    assert run(at(18)).done == ()  # not again today
    office.says = lambda _address: "250 OK"
    run(at(10, 0, date(2025, 3, 16)))
    with db.reading() as session:
        assert queries.list_unreachable(session) == {}


def test_what_could_not_be_sent_is_sent_later_the_same_day_and_not_without_end(at_work: Cast, office: PostOffice):
    give(at_work.usa)
    office.says = lambda _address: "450 later"
    when, tries = at(8), 0
    while when < at(20):
        tries += len(run(when).done)
        when += timedelta(minutes=5)
    assert 3 < tries <= MOST_ATTEMPTS
    with db.reading() as session:
        assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "reminder.send")).all()) == tries
    office.says = lambda _address: "250 OK"
    assert len(run(at(10, 0, date(2025, 3, 16))).done) == 1
    assert len(office.mails) == 1


def through(when: datetime, until: datetime, minutes: int = 5) -> list[reminding.Done]:
    """What the runs of the timer did meanwhile."""
    done = []
    while when < until:
        done += run(when).done
        when += timedelta(minutes=minutes)
    return done


@pytest.mark.parametrize("digest", [False, True])
def test_what_is_told_at_once_is_told_after_a_channel_that_was_away_for_a_day(
    at_work: Cast, office: PostOffice, digest: bool
):
    give(at_work.usa)
    choose(at_work.usa, digest=digest)
    send_back(at_work, at(7))
    office.says = lambda _address: "450 later"
    tries = len(through(at(7), at(20)))
    assert MOST_ATTEMPTS <= tries <= 2 * MOST_ATTEMPTS
    tomorrow = date(2025, 3, 16)
    assert len(through(at(6, 0, tomorrow), at(6, 40, tomorrow))) == 3  # a message of its own, with the pauses of one
    office.says = lambda _address: "250 OK"
    mended = through(at(7, 30, tomorrow), at(20, 0, tomorrow))
    assert [one.reminder.digest for one in mended] == [False, True][: 1 + digest]
    later = through(at(6, 0, date(2025, 3, 17)), at(20, 0, date(2025, 3, 18)), 30)
    assert [one.reminder.digest for one in later] == [True] * 2 * digest  # it is told at once once
    assert len(office.mails) == len(mended) + len(later)


def test_what_an_address_refused_is_told_at_once_at_another_one_and_there_anew_the_next_day(
    at_work: Cast, office: PostOffice
):
    give(at_work.usa)
    choose(at_work.usa, digest=False)
    send_back(at_work, at(7))
    office.says = lambda _address: "550 5.1.1 nobody"
    assert [one.outcome for one in through(at(7), at(9))] == [SendingOutcome.refused]
    with db.writing() as session:
        usa = session.get_one(Account, at_work.usa)
        accounts.end_address(session, account=usa, channel=Channel.mail, why=AddressEnd.by_hand, now=at(9))
    give(at_work.usa, value="new@example.go.th")
    assert [one.outcome for one in through(at(9), at(20))] == [SendingOutcome.refused]
    office.says = lambda _address: "250 OK"
    [told] = through(at(6, 0, date(2025, 3, 16)), at(20, 0, date(2025, 3, 17)), 30)
    assert (told.outcome, told.reminder.attempt) == (SendingOutcome.sent, 3)
    with db.reading() as session:
        assert len(set(session.exec(select(Sending.retry_key)))) == 3
    assert told_to(office) == {"new@example.go.th": 1}


def test_a_digest_tells_what_was_lost_at_once_too_and_it_comes_no_more(at_work: Cast, office: PostOffice):
    give(at_work.usa)
    choose(at_work.usa, hour=9)
    send_back(at_work, at(7))
    office.says = lambda _address: "550 5.1.1 nobody"
    run(at(7, 5))
    office.says = lambda _address: "250 OK"
    assert [one.reminder.digest for one in through(at(7, 10), at(20))] == [True]
    tomorrow = date(2025, 3, 16)
    assert [one.reminder.digest for one in through(at(6, 0, tomorrow), at(20, 0, tomorrow))] == [True]


def test_what_comes_back_before_a_digest_s_second_try_is_told_by_one_of_two_messages(at_work: Cast, office: PostOffice):
    give(at_work.usa)
    office.says = lambda _address: "450 later"
    assert len(run(at(8)).done) == 1
    send_back(at_work, at(8, 3))
    office.says = lambda _address: "250 OK"
    done = run(at(8, 5)).done
    assert [one.reminder.digest for one in done] == [True, False]
    kinds = [[subject.notice.kind for subject in one.reminder.subjects] for one in done]
    assert sum(listed.count(NoticeKind.returned) for listed in kinds) == 1
    assert len(kinds[0]) > 0
    assert run(at(8, 10)).done == ()


def test_what_a_clock_that_was_ahead_claimed_is_told_on_its_true_day(at_work: Cast, office: PostOffice):
    give(at_work.usa)
    assert len(run(at(9, 0, date(2025, 3, 17))).done) == 1  # at a start, before the time came from the network
    for day in (15, 16, 17):
        [told] = through(at(8, 0, date(2025, 3, day)), at(20, 0, date(2025, 3, day)), 30)
        assert (told.reminder.digest, told.outcome) == (True, SendingOutcome.sent)


def test_what_was_told_at_once_by_a_clock_that_was_ahead_is_told_and_by_one_that_was_right_not_again(
    at_work: Cast, office: PostOffice
):
    give(at_work.usa)
    choose(at_work.usa, digest=False)
    send_back(at_work, at(7))
    office.says = lambda _address: "450 later"
    run(at(9, 0, date(2025, 4, 14)))
    run(at(9, 5, date(2025, 4, 14)))
    office.says = lambda _address: "250 OK"
    [told] = through(at(9), at(12))
    assert (told.outcome, told.reminder.attempt) == (SendingOutcome.sent, 3)
    assert through(at(6, 0, date(2025, 4, 14)), at(20, 0, date(2025, 4, 15)), 30) == []
    assert len(office.mails) == 1


def test_a_second_try_at_another_line_is_a_message_of_its_own(at_work: Cast, house: LineHouse):
    give(at_work.usa, Channel.line)
    house.loses = 1  # LINE has it, under its retry key
    assert [one.outcome for one in run(at(8)).done] == [SendingOutcome.again]
    with db.writing() as session:
        usa = session.get_one(Account, at_work.usa)
        accounts.end_address(session, account=usa, channel=Channel.line, why=AddressEnd.by_hand, now=at(8, 1))
    give(at_work.usa, Channel.line, "U" + "f" * 32)
    assert [one.outcome for one in run(at(8, 5)).done] == [SendingOutcome.sent]
    assert [user for user, _text in house.pushed][-1] == "U" + "f" * 32
    assert len(set(house.asked)) == 2


def test_line_gets_what_it_lost_once_more_under_the_same_name_and_tells_it_once(at_work: Cast, house: LineHouse):
    give(at_work.usa, Channel.line)
    house.loses = 1
    [lost] = run().done
    assert lost.outcome is SendingOutcome.again
    [again] = run(at(10, 5)).done
    assert again.outcome is SendingOutcome.sent
    assert len(house.pushed) == 1
    assert len(set(house.asked)) == 1


def test_line_is_not_asked_again_once_it_may_have_forgotten_the_message(at_work: Cast, house: LineHouse):
    give(at_work.usa, Channel.line)
    run()
    send_back(at_work, at(11))
    house.loses = 1
    [lost] = run(at(11, 5)).done
    assert (lost.reminder.digest, lost.outcome) == (False, SendingOutcome.again)
    [digest] = run(at(8, 0, date(2025, 3, 17))).done  # the power was away meanwhile
    assert digest.reminder.digest
    assert len(house.pushed) == 3
    assert len(set(house.asked)) == 3


def test_a_spent_allowance_is_told(at_work: Cast, house: LineHouse):
    give(at_work.usa, Channel.line)
    house.allowance = 0
    [one] = run().done
    assert (one.outcome, one.fault) == (SendingOutcome.again, "AllowanceSpent")
    assert "LINE" in faults.sentence(one.fault)


def test_a_channel_that_is_set_up_wrongly_loses_nothing(
    at_work: Cast, office: PostOffice, house: LineHouse, setting: Setting
):
    give(at_work.usa)
    give(at_work.usa, Channel.line)
    office.says = lambda _address: "550 5.7.1 relaying denied"  # as after a wrong password
    house.fails = [401]
    assert {one.outcome for one in run(at(8)).done} == {SendingOutcome.again}
    setting(mail_security="starttls")  # which is not offered there
    assert {one.outcome for one in run(at(8, 5)).done} == {SendingOutcome.again, SendingOutcome.sent}
    setting(mail_security="none")
    office.says = lambda _address: "250 OK"
    assert [one.outcome for one in run(at(8, 30)).done] == [SendingOutcome.sent]
    assert (len(office.mails), len(house.pushed)) == (1, 1)


def test_a_channel_that_is_not_set_up_claims_nothing(at_work: Cast, office: PostOffice, setting: Setting):
    give(at_work.usa)
    give(at_work.usa, Channel.line)
    setting(mail_host="")
    assert {one.channel for one in reminding.plan(TEN) if one.account_id == at_work.usa} == {None}
    assert run().done == ()
    setting(mail_host="127.0.0.1")
    [one] = run(at(10, 5)).done
    assert (one.reminder.channel, one.outcome) == (Channel.mail, SendingOutcome.sent)


@pytest.mark.parametrize(
    ("hour", "channels"), [(21, list(Channel)), (10, [Channel.line]), (10, [])], ids=["night", "another", "none"]
)
def test_what_concerns_somebody_is_looked_up_only_where_they_are_to_be_told(
    at_work: Cast, monkeypatch: pytest.MonkeyPatch, hour: int, channels: list[Channel]
):
    give(at_work.usa)
    asked: list[int] = []
    monkeypatch.setattr(queries.reminders, "list_subjects", lambda _session, who, _day: asked.append(who) or [])
    with db.reading() as session:
        assert queries.list_reminders(session, at_work.usa, at(hour), channels) == []
        assert queries.list_reminders(session, at_work.pattama, TEN) == []  # who has no address
        assert asked == []
        queries.list_reminders(session, at_work.usa, TEN, [Channel.mail])
    assert asked == [at_work.usa]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Whose notices were derived."""
    seen: list[int] = []
    real = queries.reminders.list_subjects

    def listed(session: Any, who: int, day: date) -> Any:
        seen.append(who)
        return real(session, who, day)

    monkeypatch.setattr(queries.reminders, "list_subjects", listed)
    return seen


def test_whom_nothing_can_be_told_now_is_not_looked_at(at_work: Cast, office: PostOffice, asked: list[int]):
    give(at_work.usa)
    give(at_work.khanittha)
    choose(at_work.usa, at_once=False)
    assert run(at(7)).done == ()  # before the hour: the other could be told at once
    assert asked == [at_work.khanittha]
    assert len(run().done) == 2
    asked.clear()
    assert run(at(10, 5)).done == ()  # the digest is sent
    assert asked == [at_work.khanittha]
    choose(at_work.khanittha, digest=False, at_once=False)
    asked.clear()
    assert run(at(10, 10)).done == ()
    assert asked == []
    assert len(run(at(8, 0, date(2025, 3, 16))).done) == 1  # the next day's
    assert asked == [at_work.usa]


def test_who_waits_for_a_second_try_is_looked_at_when_its_pause_is_over(
    at_work: Cast, office: PostOffice, setting: Setting, asked: list[int]
):
    give(at_work.usa)
    choose(at_work.usa, at_once=False)
    setting(mail_port=1)
    assert [one.outcome for one in run().done] == [SendingOutcome.again]
    setting(mail_port=office.port)
    asked.clear()
    assert run(at(10, 1)).done == ()
    assert asked == []
    assert [one.outcome for one in run(at(10, 5)).done] == [SendingOutcome.sent]
    assert asked == [at_work.usa]
    assert run(at(10, 30)).done == ()
    assert asked == [at_work.usa]


def test_of_years_of_messages_only_what_is_still_to_be_told_is_read(
    at_work: Cast, office: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    give(at_work.usa)
    for day in range(1, 6):
        run(at(10, 0, date(2025, 3, day)))
    read: list[int] = []
    past = queries.reminders._past

    def counted(*asked: Any) -> Any:
        read.append(len(found := past(*asked)))
        return found

    monkeypatch.setattr(queries.reminders, "_past", counted)
    assert len(run().done) == 1
    assert read == [0]


def test_what_comes_back_between_two_tries_holds_up_nothing(at_work: Cast, office: PostOffice):
    """Of two things that a message was to tell one ended before the second try, and is there again at the third."""
    give(at_work.usa)
    with db.reading() as session:
        [planned] = queries.list_reminders(session, at_work.usa, TEN)
    two = dataclasses.replace(planned, keys=(*planned.keys, "once 1 returned:O6:1"))
    with db.writing() as session:
        first = workflow.claim_reminder(session, reminder=two, at=TEN)
        assert first is not None
        workflow.note_sending(session, sending_id=first.id or 0, fault=faults.ServerBusy(), at=TEN)
        later = dataclasses.replace(planned, attempt=2, earlier=first.retry_key)
        second = workflow.claim_reminder(session, reminder=later, at=at(10, 5))
        assert second is not None
        workflow.note_sending(session, sending_id=second.id or 0, fault=faults.ServerBusy(), at=at(10, 5))
    with db.reading() as session:
        account = session.get_one(Account, at_work.usa)
        past = queries.reminders._past(session, at_work.usa, Channel.mail, two.keys, at(11, 0))
        assert planned.address is not None
        [again] = queries.reminders._retries(past, account, planned.address, list(planned.subjects), at(11, 0))
    assert (again.attempt, set(again.keys)) == (3, set(two.keys))


def test_a_mail_that_may_have_arrived_is_not_sent_again(
    at_work: Cast, office: PostOffice, setting: Setting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "SECONDS", 1.0)
    give(at_work.usa)
    ok = b"250 ok\r\n"
    with answering(b"220 here\r\n", ok, ok, ok, b"354 go\r\n") as port:
        setting(mail_port=port)
        [one] = run().done
    assert one.outcome is SendingOutcome.unsure
    setting(mail_port=office.port)
    assert run(at(11)).done == ()


@pytest.mark.parametrize("channel", list(Channel))
def test_what_was_interrupted_is_said_and_comes_once_in_line_and_at_most_once_by_mail(
    at_work: Cast, office: PostOffice, house: LineHouse, channel: Channel
):
    give(at_work.usa, channel)
    with db.reading() as session:
        [planned] = queries.list_reminders(session, at_work.usa, TEN)
    with db.writing() as session:
        claimed = workflow.claim_reminder(session, reminder=planned, at=TEN)
    assert claimed is not None  # and here the power went
    assert run(at(10, 5)).interrupted == 0  # it could still be on its way
    ran = run(at(10, 15))
    assert ran.interrupted == 1
    later = [*ran.done, *run(at(10, 30)).done]
    assert [one.outcome for one in later] == ([SendingOutcome.sent] if channel is Channel.line else [])
    assert house.asked == ([claimed.retry_key] if channel is Channel.line else [])
    assert office.mails == []
    assert run(at(11)).interrupted == 0
    with db.reading() as session:
        assert queries.list_troubles(session) == []  # none of the channel's own


def test_what_another_process_noted_as_interrupted_meanwhile_ends_no_run(
    at_work: Cast, office: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    give(at_work.usa)
    give(at_work.khanittha)
    real = reminding._handed_over
    hung: list[int] = []

    def hanging(*asked: Any) -> Any:
        fault = real(*asked)
        if not hung:
            with db.writing() as session:
                hung.append(workflow.note_interrupted(session, at=TEN + timedelta(minutes=11)))
        return fault

    monkeypatch.setattr(reminding, "_handed_over", hanging)
    assert [one.outcome for one in run().done] == [SendingOutcome.unsure, SendingOutcome.sent]
    assert hung == [1]
    with db.reading() as session:
        assert len(session.exec(select(SendingResult)).all()) == 2
    assert set(told_to(office).values()) == {1}


def test_a_fault_is_told_in_both_languages_with_its_fact_and_without_address_or_secret():
    for fault in (
        faults.ServerRefuses(status=554),
        faults.ServerInsecure(why="self-signed certificate"),
        mail.MailNotSetUp(),
    ):
        assert faults.sentence(faults.noted(fault)) == str(fault)
    assert "554" in faults.sentence("ServerRefuses 554")
    assert faults.sentence("of another version") == "The message was not sent."


# --- processes --------------------------------------------------------------------------------------------------------


def command(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "ita_core.cli", "remind", *arguments], env=dict(os.environ), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def whenever(cast: Cast) -> list[int]:
    """People who want it at whatever hour it is now."""
    everybody = [cast.usa, cast.pattama, cast.khanittha, cast.itap, cast.commander]
    for one in everybody:
        give(one)
        give(one, Channel.line)
        choose(one, hour=0, quiet_from=0, quiet_until=0)
    return everybody


def test_two_processes_at_once_tell_everything_once(at_work: Cast, office: PostOffice, house: LineHouse):
    everybody = whenever(at_work)
    send_back(at_work, at(1))
    house.hangs = 0.05
    both = [command(), command()]
    said = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert told_to(office) == {f"account{one}@example.go.th": 1 for one in everybody}
    assert Counter(user for user, _text in house.pushed) == {f"U{one:032x}": 1 for one in everybody}
    assert sum(out.count(": sent, ") for out, _error in said) == 2 * len(everybody)
    third = command()
    out, error = third.communicate(timeout=60)
    assert (third.returncode, out) == (0, "")
    assert "0 sent, 0 not sent." in error


def test_the_command_lists_as_json_and_says_by_its_status_what_could_not_be_sent(at_work: Cast, office: PostOffice):
    whenever(at_work)
    dry = command("--dry-run", "--format", "json")
    out, error = dry.communicate(timeout=60)
    assert (dry.returncode, error) == (0, "")
    listed = json.loads(out)
    assert {frozenset(one) for one in listed} == {frozenset({"person", "channel", "subjects"})}
    subjects = [subject for one in listed for subject in one["subjects"]]
    assert {frozenset(one) for one in subjects} == {frozenset({"kind", "item", "due"})}
    assert {one["channel"] for one in listed} == {"mail"}
    assert office.mails == []
    office.says = lambda _address: "550 5.7.1 relaying denied"
    failing = command()
    out, error = failing.communicate(timeout=60)
    assert failing.returncode == 1
    assert "5.7.1" not in out
    assert "mail fails since" in error
    assert "line is not set up here" in error
    assert "again: The server does not take this office's messages (it answered 550)" in error
    assert "554" not in error
    assert "@example.go.th" not in out + error


def test_a_process_killed_while_it_sends_loses_nothing_in_line(at_work: Cast, house: LineHouse):
    give(at_work.usa, Channel.line)
    choose(at_work.usa, hour=0, quiet_from=0, quiet_until=0)
    house.hangs = 30.0
    killed = command()
    asked = threading.Event()
    for _moment in range(600):
        if house.asked:
            asked.set()
            break
        asked.wait(0.1)
    killed.kill()
    killed.communicate(timeout=30)
    assert asked.is_set()
    house.hangs = 0.0
    with db.reading() as session:
        assert len(session.exec(select(Sending)).all()) == 1
        assert session.exec(select(SendingResult)).all() == []
        begun = session.exec(select(Sending.at)).one()
    reminding.remind(lambda: begun + timedelta(minutes=11))
    reminding.remind(lambda: begun + timedelta(minutes=30))
    with db.reading() as session:
        results = session.exec(select(SendingResult.outcome).order_by(SendingResult.id)).all()
        assert list(results) == [SendingOutcome.again, SendingOutcome.sent]
        assert len({one.key for one in session.exec(select(SentSubject))}) > 0
    assert len(house.pushed) == 1


def test_the_code_s_own_mail_says_the_code_and_whose_page(at_work: Cast, office: PostOffice):
    from ita_core.workflow import proving

    proving.ask_by_mail(by=at_work.usa, address="usa@example.go.th")
    [got] = office.mails
    digits = re.findall(r"\b\d{6}\b", text_of(got))
    assert len(digits) == 1
    with pytest.raises(accounts.WrongCode):
        proving.prove_by_mail(by=at_work.usa, digits=f"{(int(digits[0]) + 1) % 10**6:06}")
    for no_code in ("", "222", "usa@example.go.th", f"{digits[0]}0") * accounts.addresses.MOST_TRIES:  # none is a try
        with pytest.raises(accounts.WrongCode):
            proving.prove_by_mail(by=at_work.usa, digits=no_code)
    in_thai = digits[0].translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    proving.prove_by_mail(by=at_work.usa, digits=f" {in_thai[:3]} {in_thai[3:]}")
    with db.reading() as session:
        assert accounts.proved_mail(session, at_work.usa) == "usa@example.go.th"


def test_a_code_that_did_not_go_out_proves_nothing_keeps_nobody_waiting_and_counts(
    at_work: Cast, office: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    from ita_core.channels import mail
    from ita_core.channels.faults import AddressRefused, PerhapsSent, ServerAway
    from ita_core.workflow import proving

    def fails(fault: Exception) -> None:
        def send(*_message: object) -> None:
            raise fault

        monkeypatch.setattr(mail, "send_mail", send)

    for fault, told in ((ServerAway(), proving.CodeNotSent), (AddressRefused(), AddressRefused)):
        fails(fault)
        with pytest.raises(told):
            proving.ask_by_mail(by=at_work.usa, address="usa@example.go.th")
        with pytest.raises(accounts.CodeOver):
            proving.prove_by_mail(by=at_work.usa, digits="123456")
    fails(PerhapsSent())
    with pytest.raises(PerhapsSent):
        proving.ask_by_mail(by=at_work.usa, address="usa@example.go.th")
    with pytest.raises(accounts.WrongCode):  # it may be there
        proving.prove_by_mail(by=at_work.usa, digits="123456")
    with pytest.raises(accounts.CodeJustSent):
        proving.ask_by_mail(by=at_work.usa, address="usa@example.go.th")
    with db.reading() as session:
        assert len(session.exec(select(AddressCode)).all()) == 3


def test_of_many_guesses_at_once_five_are_compared(at_work: Cast, office: PostOffice):
    from ita_core.workflow import proving

    proving.ask_by_mail(by=at_work.usa, address="usa@example.go.th")
    said: list[str] = []

    def guess() -> None:
        try:
            proving.prove_by_mail(by=at_work.usa, digits="000000")
        except (accounts.WrongCode, accounts.CodeOver) as refused:
            said.append(type(refused).__name__)

    threads = [threading.Thread(target=guess) for _number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Counter(said) == {"WrongCode": addresses.MOST_TRIES, "CodeOver": 12 - addresses.MOST_TRIES}
