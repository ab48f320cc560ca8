"""Which addresses of the internet protocol lie outside: what is asked on somebody's word must not be this machine, the
office's network, or anything that leads there under another name.

By what is given out to the public, not by what is known to be private: whatever IANA adds to its list of special
addresses (iana-ipv4-special-registry, iana-ipv6-special-registry) lies outside of it already, or is named here.
"""

import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_PUBLIC_V6 = IPv6Network("2000::/3")  # all global unicast that IANA gives out (RFC 4291)
# Of public looks; Python's own list differs from version to version.
_SPECIAL = [
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23",      # protocol assignments, Teredo among them: it carries an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",      # 6to4: it carries an IPv4 address
        "2620:4f:8000::/48", "3fff::/20",
    )
]  # fmt: skip
_ISATAP = {0x00005EFE, 0x02005EFE}  # in the middle of an address whose end is one of IPv4 (RFC 5214)


# Names that no public server of names answers for (RFC 6761, 6762, 8375; ICANN keeps .internal for this).
_NAMES_INSIDE = ("localhost", "local", "internal", "home.arpa", "lan", "intranet")


def networks(listed: str) -> tuple[Network, ...]:
    """The networks of a setting, by commas.

    Raises ValueError.
    """
    return tuple(ip_network(one) for one in listed.split(",") if one)


def plainly_inside(url: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a web address says by itself that nobody outside can open it; no name is looked up.

    Names for use inside are let pass where any network is allowed: which one they lie in is seen when they are asked.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not is_outside(_numeric(host), allowed)
    except ValueError:
        named = "." not in host or any(host.endswith(f".{one}") for one in _NAMES_INSIDE)
        return named and not allowed


def _numeric(host: str) -> Address:
    """The address that a host is, also as systems and browsers read numbers (127.1, 0x7f.1, 2130706433).

    Raises ValueError.
    """
    with suppress(OSError):
        return IPv4Address(socket.inet_aton(host))
    return ip_address(host)


def is_outside(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether an address may be asked: it is public and not this machine's own, or lies in a network that is allowed.

    An address of IPv4 that is dressed as one of IPv6 (mapped, compatible, 6to4, Teredo, NAT64, ISATAP) never is.
    """
    if is_allowed(address, allowed):
        return True
    if isinstance(address, IPv6Address):
        if address not in _PUBLIC_V6 or address.scope_id or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
            return False
    elif not address.is_global:
        return False
    return not any(address.version == network.version and address in network for network in _SPECIAL) and not is_own(
        address
    )


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether it lies in one of these networks."""
    return any(address.version == network.version and address in network for network in allowed)


def is_own(address: Address) -> bool:
    """Whether it is this machine's own: from nowhere else does one speak to it under that very address."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:  # of a datagram's socket nothing is sent
        probe.connect((str(address), 9))
        return str(probe.getsockname()[0]) == str(address)
    return False
