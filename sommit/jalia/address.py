"""Where the till may be: Jalia's own domain over https, or a simulator on this machine."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from sommit.jalia.errors import BadAddress

DOMAIN: Final = "pragma-project.dev"
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """A checked base address, without its last slash."""

    url: str
    scheme: str
    loopback: bool


def checked(base_url: str) -> Address:
    """Check a base address. Raises BadAddress: only https to Jalia's domain, or a literal loopback, is read."""
    url = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress("unreadable address") from None
    loopback = host == "localhost" or _is_loopback(host)
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    jalia = (host == DOMAIN or host.endswith("." + DOMAIN)) and port in (None, 443) and parts.scheme == "https"
    if not plain or not (jalia or (loopback and parts.scheme in ("http", "https"))):
        raise BadAddress("not an https address of Jalia")
    return Address(url, parts.scheme, loopback)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def may_connect(peer: str, *, loopback: bool) -> bool:
    """Whether the address actually reached is one that the till's name may lead to (a second net against DNS)."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if loopback:
        return ip.is_loopback
    nat64 = isinstance(ip, IPv6Address) and ip in _NAT64
    return ip.is_global and not ip.is_multicast and not nat64
