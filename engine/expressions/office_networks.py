"""Addresses of the network in Starlark: networks in CIDR notation, paths of web addresses."""

from __future__ import annotations

import ipaddress
import posixpath
from collections.abc import Callable
from urllib.parse import unquote

from engine.model import Json

#: No address of a page is longer.
_LONGEST = 4_000


def network_size(network: Json) -> int:
    """Give how many addresses a network has: `network_size("192.0.2.0/24")` is 256; 0 for what is no network."""
    found = _network(network)
    return found.num_addresses if found else 0


def in_network(address: Json, network: Json) -> bool:
    """Say whether an IP address lies in a network; a name, or what can't be read, lies in none."""
    found = _network(network)
    try:
        return found is not None and ipaddress.ip_address(str(address)) in found
    except ValueError:
        return False


def path_of(address: Json) -> str:
    """Give the path of a web address as a server understands it: `https://a.cz/x/../y%20z?q` is `/y z`."""
    text = str(address)[:_LONGEST]
    _scheme, found, rest = text.partition("://")
    place = (rest if found else text).partition("#")[0].partition("?")[0]
    path = unquote("/" + place.partition("/")[2])
    # Two slashes at the beginning would stay as they are.
    return posixpath.normpath("/" + path.lstrip("/"))


def _network(text: Json) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if not isinstance(text, str) or "/" not in text:
        return None
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


BUILTINS: dict[str, Callable[..., Json]] = {
    "network_size": network_size,
    "in_network": in_network,
    "path_of": path_of,
}
