"""Addresses as people type them: one that leads elsewhere than it seems to is refused, with what to do."""

from datetime import date

import pytest

from ita_core import language
from ita_core.errors import BadAddress, BadDay, BadText, NameMissing
from ita_core.typed import clean_address, clean_addresses, clean_person_name, clean_typed_day


@pytest.mark.parametrize(
    "address",
    ["https://ตม.ไทย/ประกาศ", "https://www.ตม.ไทย", "https://xn--o3cw4h.com/", "http://10.0.0.1:8080/a", "http://[::1]/",
     "https://drive.google.com/d/แผน_ม.ค.?a=1#b", "https://medium.com/@police/a", "https://my_site.go.th",
     "https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/", "https://日本語テスト.jp/", "HTTPS://WWW.Go.TH./"],
)  # fmt: skip
def test_an_honest_address_is_taken_as_it_is(address: str):
    assert clean_address(f" {address}\n") == address


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://immigration.go.th@evil.example/", "โปรดลบ @"),
        ("https://@evil.example/", "โปรดลบ @"),
        ("https://a:b@evil.example", "โปรดลบ @"),
        ("https://evil.example\\@immigration.go.th/", "โปรดใช้ / แทน"),
        ("https:\\\\evil.example", "โปรดใช้ / แทน"),
        ("https://immi\u200bgration.go.th", r"U\+200B"),
        ("https://a.go.th/\u202egpj.exe", r"U\+202E"),
        ("https://a.go.th/a\u00adb", r"U\+00AD"),
        ("https://a.go.th/\u3164", r"U\+3164"),
        ("https://a.go.th/a\x00b", r"U\+0000"),
        ("https://a.go.th/a\tb", r"U\+0009"),
        ("https://g\u043eogle.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u03b1pple.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://xn--80ak6aa92e.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u0261oogle.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://paypa\u0131.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u1ecbmmigration.go.th", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://immigratio\u1e45.go.th", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u0d20\u0d20\u0d20.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u0e50\u0e50\u0e50.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u09e6\u09e6.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://\u07cb\u07cb\u07cb.com", "โปรดพิมพ์ชื่อเว็บไซต์ใหม่"),
        ("https://a.go.th/a\u180bb", r"U\+180B"),
        ("https://a.go.th/a\U000e0100b", r"U\+E0100"),
        ("https://a.go.th/\U0001d159", r"U\+1D159"),
        ("https://go.th/%E2%80%AE", r"U\+202E"),
        ("https://2130706433/", "โปรดคัดลอก"),
        ("https://0x7f.1/", "โปรดคัดลอก"),
        ("https://127.0.0.0x1/", "โปรดคัดลอก"),
        ("https://localhost/", "โปรดคัดลอก"),
        ("https://\uff47oogle.com", "โปรดคัดลอก"),
        ("https://xn--zz--.com", "โปรดคัดลอก"),
        ("https://a..go.th", "โปรดคัดลอก"),
        ("https://a.go.th:port/", "http://"),
        ("https://", "http://"),
        ("ftp://a.go.th", "http://"),
    ],
)
def test_an_address_that_seems_another_is_refused_with_what_to_do(address: str, says: str):
    language.use("th")
    with pytest.raises(BadAddress, match=says):
        clean_address(address)


@pytest.mark.parametrize("name", ["", "   ", "ก" * 121])
def test_a_name_is_needed(name: str) -> None:
    with pytest.raises(NameMissing):
        clean_person_name(name)


@pytest.mark.parametrize("name", ["a\0b", "พ.ต.อ.\u202eกขค", "a\u200bb", "a\x1bb"])
def test_a_name_with_control_or_direction_characters_is_refused(name: str) -> None:
    with pytest.raises(BadText):
        clean_person_name(name)


@pytest.mark.parametrize(
    "text",
    ["28 ก.พ. 68", "28ก.พ.68", " 28 กพ 2568 ", "28 กุมภาพันธ์ 2568", "วันศุกร์ที่ 28 กุมภาพันธ์ พ.ศ. 2568", "28/2/68",
     "28/02/2568", "28-2-68", "28.02.68", "๒๘/๒/๒๕๖๘", "๒๘ ก.พ. ๖๘", "٢٨/٢/٦٨",
     "28/2/2025", "2025-02-28", "2568-02-28", "28 Feb 2025"],
)  # fmt: skip
def test_a_day_is_understood_as_people_here_write_it(text: str):
    assert clean_typed_day(text) == date(2025, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["", "28", "28 ก.พ.", "31/2/68", "28/13/68", "28 กกก 68", "2/28/68", "28/2/0", "28/2/680", "x", "28 ² 68", "28 ①68",
     "²8/2/68", "0001-01-01", "1899-12-31", "31/12/2442", "31/12/9999", "9999-12-31"],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_how_to_write_one(text: str):
    with pytest.raises(BadDay, match=r"28 ก\.พ\. 68"):
        clean_typed_day(text)


def test_a_website_is_the_same_in_capitals_and_what_follows_it_is_not():
    typed = ["https://WWW.a.go.th/x", "https://www.a.go.th/x", "HTTPS://www.A.go.th/x", "https://www.a.go.th/X"]
    assert clean_addresses("\n".join(typed)) == [typed[0], typed[3]]
