"""Which addresses lie outside: nothing of this machine or the office's network, under whatever name."""

import socket
from ipaddress import ip_address, ip_network

import pytest

from ita_core.links.outside import is_outside, is_own, plainly_inside

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "ff0e::1", "2400:cb00::5efe:7f00:1", "2400:cb00::200:5efe:808:808", "2606:4700::1%1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_lies_inside_or_leads_there_is_not_asked(address: str):
    assert not is_outside(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "203.150.1.1", "2606:4700::1", "2400:cb00:2048:1::6814:55"])
def test_what_is_public_is_asked(address: str):
    assert is_outside(ip_address(address))


def test_what_the_setting_names_is_asked_and_nothing_beside_it():
    allowed = (ip_network("10.1.2.0/24"), ip_network("fd00::/8"))
    asked = ["10.1.2.3", "fd00::7", "10.1.3.1", "127.0.0.1", "::ffff:10.1.2.3"]
    assert [is_outside(ip_address(one), allowed) for one in asked] == [True, True, False, False, False]


@pytest.mark.parametrize("host", ["127.1", "10.1", "0x7f.1", "192.168.257", "0300.0250.1.1"])
def test_a_number_in_short_lies_inside_too(host: str):
    assert plainly_inside(f"http://{host}/")
    assert not plainly_inside(f"http://{host}.go.th/")


def test_an_address_of_this_machine_is_known_as_its_own():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("203.0.113.1", 9))
        except OSError:
            pytest.skip("this machine has no network")
        own = probe.getsockname()[0]
    assert is_own(ip_address(own))
    assert is_own(ip_address("127.0.0.1"))
    assert not is_own(ip_address("203.0.113.1"))
