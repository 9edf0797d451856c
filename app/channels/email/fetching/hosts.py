"""Which hosts the desk may be sent to: a mail server of the house may well stand inside it, but never is one of the
addresses by which machines talk to themselves about themselves (cloud metadata, link-local, multicast)."""

import ipaddress
import socket


class Forbidden(Exception):
    """The name leads to an address at which no mail server stands."""


def refuse_forbidden(host: str, port: int) -> None:
    """Raises Forbidden, and OSError for a name that leads nowhere."""
    for *_about, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if is_forbidden(address[0]):
            raise Forbidden(host)


METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")))
"""Of clouds whose metadata are not link-local: Alibaba, Oracle, Amazon, Google."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_forbidden(address: str) -> bool:
    found = _within(ipaddress.ip_address(address.partition("%")[0]))
    return found in METADATA or found.is_link_local or found.is_multicast or found.is_unspecified


def _within(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The old address that a new one stands for, however it is wrapped."""
    if address.version == 6 and address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
