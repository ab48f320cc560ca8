"""One mail to one address: what arrives, and each way in which it can't."""

import socket
import time
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import sqlalchemy as sa
import trustme

from ita_core import db
from ita_core.channels import faults, mail
from ita_core.channels.mail import send_mail
from ita_core.typed import BadMailAddress, clean_mail_address
from tests.authority import tls
from tests.channels.conftest import Setting
from tests.channels.post_office import PostOffice, answering, post_office

TO = "usa@example.go.th"
HELLO, EHLO = b"220 here\r\n", b"250 here\r\n"


def send() -> None:
    send_mail(TO, "หัวเรื่อง", "ข้อความ\n")


def test_a_mail_arrives_whole_with_the_headers_of_a_machine(office: PostOffice):
    send_mail(TO, "แจ้งเตือน ITA 15 มี.ค. 68", "เรียน อุษา\n.\n..จบ\n", message_id="<k@ita.example>")
    [got] = office.mails
    assert office.recipients == [TO]
    assert (got["To"], got["Subject"]) == (TO, "แจ้งเตือน ITA 15 มี.ค. 68")
    [sender] = got["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("ITA ตม.", "ita@example.go.th")
    assert got.get_content().replace("\r\n", "\n") == "เรียน อุษา\n.\n..จบ\n"
    assert (got["Message-ID"], got["Auto-Submitted"]) == ("<k@ita.example>", "auto-generated")
    assert got.get_content_type() == "text/plain"
    assert abs(parsedate_to_datetime(got["Date"]).timestamp() - time.time()) < 60
    send()
    assert office.mails[1]["Message-ID"].endswith("@example.go.th>")


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: x@example.com", "a\nBcc: x@example.com\n\nbody", "a\u2028Bcc: x", "ก" * 500]
)
def test_no_subject_becomes_a_header_of_its_own(office: PostOffice, subject: str):
    send_mail(TO, subject, "x\n")
    [got] = office.mails
    assert got["Bcc"] is None
    assert got.get_content().strip() == "x"
    assert office.recipients == [TO]
    assert len(got["Subject"]) <= mail.LONGEST_SUBJECT


@pytest.mark.parametrize(
    "address",
    [
        "", "usa", "usa@localhost", "a@b@example.com", "a@example.com\r\nBcc: x@example.com", "a@example.com\n",
        "a@example.com,b@example.com", "A <a@example.com>", "a b@example.com", '"a b"@example.com', "a@[127.0.0.1]",
        "a@-x.example", "a@example..com", "อุษา@example.com", "a\x00@example.com", "a" * 65 + "@example.com",
        "a@" + "b" * 250 + ".com", ".a@example.com", "a@example.c0m.1",
    ],
)  # fmt: skip
def test_what_is_more_or_less_than_one_address_is_refused_before_anything_is_asked(office: PostOffice, address: str):
    with pytest.raises(BadMailAddress):
        send_mail(address, "x", "x")
    assert office.recipients == []


def test_an_address_is_kept_in_small_letters():
    assert clean_mail_address("  Usa.M+ita@Immigration.GO.TH ") == "usa.m+ita@immigration.go.th"


def test_without_settings_nothing_is_asked(setting: Setting):
    setting(mail_host="", mail_from="")
    with pytest.raises(mail.MailNotSetUp):
        send()
    assert not mail.is_set_up()


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ("550 5.1.1 no such user here", faults.AddressRefused),
        ("553 nobody", faults.AddressUnclear),
        ("550 5.0.0 no", faults.AddressUnclear),
        ("550 relay not permitted", faults.AddressUnclear),
        ("550 5.1.8 sender", faults.ServerRefuses),
        ("452 4.2.2 mailbox full", faults.AddressBusy),
        ("450 4.7.1 not yet", faults.ServerBusy),
        ("552 5.2.2 mailbox full", faults.AddressRefused),
        ("550 5.7.1 relaying denied", faults.ServerRefuses),
        ("450 4.2.0 greylisted", faults.AddressBusy),
        ("421 too many", faults.ServerBusy),
    ],
)
def test_what_the_server_says_to_an_address_is_told(office: PostOffice, says: str, kind: type[faults.NotSent]):
    office.says = lambda _address: says
    with pytest.raises(kind) as refused:
        send()
    assert refused.value.of_address is (kind is faults.AddressRefused)
    assert refused.value.again is (kind in {faults.ServerBusy, faults.AddressBusy})
    assert TO not in str(refused.value)
    assert office.mails == []


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ("554 spam", faults.ServerRefuses),
        ("452 no room", faults.ServerBusy),
        ("552 5.2.2 mailbox full", faults.AddressRefused),
        ("452 4.2.2 mailbox full", faults.AddressBusy),
    ],
)
def test_what_the_server_says_to_the_mail_is_told(office: PostOffice, says: str, kind: type[faults.NotSent]):
    office.says_data = says
    with pytest.raises(kind):
        send()


@pytest.mark.parametrize("at_once", [False, True])
def test_over_tls_with_a_password(setting: Setting, authority: trustme.CA, at_once: bool):
    with post_office(tls(authority.issue_cert("localhost")), at_once=at_once, auth=True) as there:
        there.users["ita"] = "kite"
        security = "tls" if at_once else "starttls"
        setting(mail_host="localhost", mail_port=there.port, mail_security=security, mail_from="a@example.com")
        with pytest.raises(faults.NotSent):  # it lets nobody send who has not signed in
            send()
        setting(mail_user="ita", mail_password="lamp")
        with pytest.raises(faults.ServerRefuses) as refused:
            send()
        assert "lamp" not in str(refused.value)
        setting(mail_password="kite")
        send()
        assert there.over_tls == [True]


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("fault", ["another's", "nobody's"])
def test_a_certificate_that_proves_nothing_gets_neither_password_nor_mail(
    setting: Setting, authority: trustme.CA, at_once: bool, fault: str
):
    issuer, name = (trustme.CA(), "localhost") if fault == "nobody's" else (authority, "other.example")
    with post_office(tls(issuer.issue_cert(name)), at_once=at_once, auth=True) as there:
        tried: list[str] = []
        there.authenticate = lambda *_all: tried.append("x")  # type: ignore[method-assign,assignment,return-value]
        security = "tls" if at_once else "starttls"
        setting(mail_host="localhost", mail_port=there.port, mail_security=security, mail_from="a@example.com",
                mail_user="ita", mail_password="kite")  # fmt: skip
        with pytest.raises(faults.ServerInsecure):
            send()
    assert (there.mails, tried) == ([], [])


def test_a_server_that_offers_no_tls_where_it_must_gets_nothing(office: PostOffice, setting: Setting):
    setting(mail_security="starttls", mail_user="ita", mail_password="kite")
    with pytest.raises(faults.ServerInsecure):
        send()
    assert office.mails == []


@pytest.mark.parametrize(
    ("answers", "drip"),
    [
        ((), 0.0),  # it takes the connection and is silent
        ((b"220-",), 0.05),  # a byte now and then, for ever
        ((HELLO,), 0.0),
        ((HELLO, EHLO, b"250 ok\r\n", b"250 ok\r\n"), 0.0),  # silent at the word DATA: nothing was handed over
    ],
)
def test_a_server_that_hangs_is_left_in_time(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, answers: tuple[bytes, ...], drip: float
):
    monkeypatch.setattr(mail, "SECONDS", 0.6)
    with answering(*answers, drip=drip) as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security="none", mail_from="a@example.com")
        began = time.monotonic()
        with pytest.raises(faults.ServerSlow):
            send()
    assert time.monotonic() - began < 3


def test_a_server_that_hangs_in_the_handshake_of_tls_is_left_in_time(setting: Setting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "SECONDS", 0.6)
    with answering() as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security="tls", mail_from="a@example.com")
        began = time.monotonic()
        with pytest.raises(faults.ServerSlow):
            send()
    assert time.monotonic() - began < 3


HANDSHAKE = b"\x16\x03\x03\x40\x00"  # the head of a long record of TLS, of which a byte comes now and then


@pytest.mark.parametrize(
    ("security", "answers"),
    [
        ("tls", (HANDSHAKE,)),
        ("starttls", (HELLO, b"250-here\r\n250 STARTTLS\r\n", b"220 go\r\n", HANDSHAKE)),
    ],
)
def test_a_server_that_drips_in_the_handshake_of_tls_is_left_in_time(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, security: str, answers: tuple[bytes, ...]
):
    monkeypatch.setattr(mail, "SECONDS", 0.6)
    with answering(*answers, drip=0.1) as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security=security, mail_from="a@example.com")
        began = time.monotonic()
        with pytest.raises(faults.ServerSlow):
            send()
    assert time.monotonic() - began < 3


def test_a_server_that_says_goodbye_without_end_is_left_in_time_and_has_the_mail(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "SECONDS", 1.0)
    ok = b"250 ok\r\n"
    with answering(HELLO, EHLO, ok, ok, b"354 go\r\n", ok, b"221-", drip=0.1, most=80) as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security="none", mail_from="a@example.com")
        began = time.monotonic()
        send()
    assert time.monotonic() - began < 3


def test_a_name_that_is_found_too_late_is_asked_nothing(office: PostOffice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    found = socket.getaddrinfo

    def late(*asked: Any, **more: Any) -> Any:
        time.sleep(0.6)
        return found(*asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", late)
    with pytest.raises(faults.ServerSlow):
        send()
    assert office.mails == []


def test_a_mail_that_was_handed_over_without_an_answer_may_have_arrived(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "SECONDS", 0.6)
    ok = b"250 ok\r\n"
    with answering(HELLO, EHLO, ok, ok, b"354 go\r\n") as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security="none", mail_from="a@example.com")
        with pytest.raises(faults.PerhapsSent) as refused:
            send()
    assert refused.value.unsure


def test_a_mail_that_was_handed_over_and_answered_in_no_words_of_smtp_may_have_arrived(setting: Setting):
    ok = b"250 ok\r\n"
    with answering(HELLO, EHLO, ok, ok, b"354 go\r\n", b"queued, thanks\r\n") as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security="none", mail_from="a@example.com")
        with pytest.raises(faults.PerhapsSent):
            send()


def test_a_mail_that_was_taken_is_sent_though_the_server_says_no_goodbye(setting: Setting):
    ok = b"250 ok\r\n"
    with answering(HELLO, EHLO, ok, ok, b"354 go\r\n", ok, b"bye") as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security="none", mail_from="a@example.com")
        send()


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ((b"SSH-2.0-OpenSSH\r\n",), faults.ServerGarbles),
        ((b"\x00\xff\xfe\r\n",), faults.ServerGarbles),
        ((b"220 " + b"x" * 9000 + b"\r\n",), faults.ServerRefuses),
        ((HELLO, b"999 what\r\n", b"999 what\r\n"), faults.ServerGarbles),
        ((b"bye",), faults.ServerAway),
        ((b"554 go away\r\n",), faults.ServerRefuses),
        ((b"421 busy\r\n",), faults.ServerBusy),
    ],
)
def test_a_server_that_lies_is_a_sentence(setting: Setting, answers: tuple[bytes, ...], kind: type[faults.NotSent]):
    with answering(*answers) as port:
        setting(mail_host="127.0.0.1", mail_port=port, mail_security="none", mail_from="a@example.com")
        with pytest.raises(kind):
            send()


def test_no_server_at_all_is_a_sentence(setting: Setting):
    setting(mail_host="127.0.0.1", mail_port=1, mail_security="none", mail_from="a@example.com")
    with pytest.raises(faults.ServerAway):
        send()


def test_words_that_came_in_the_open_before_tls_are_not_believed(setting: Setting, authority: trustme.CA):
    """An answer put in behind that to STARTTLS, by whoever listens between (CVE-2011-0411), is gone after it."""
    injected = b"220 go\r\n250 injected\r\n250 injected\r\n"
    with answering(HELLO, b"250-here\r\n250 STARTTLS\r\n", injected, b"bye") as port:
        setting(mail_host="localhost", mail_port=port, mail_security="starttls", mail_from="a@example.com")
        with pytest.raises(faults.NotSent):
            send()


def test_nothing_is_sent_under_the_write_lock(office: PostOffice, engine: sa.Engine):
    with pytest.raises(db.SlowUnderLock), db.writing(engine):
        send()
    assert office.mails == []
