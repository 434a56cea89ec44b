"""Where the server may connect on its own: named hosts on the public internet and nowhere else."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Collection

import httpx

from integrations.failures import Interrupted, Permanent, Unreachable

#: Biggest answer taken in, in bytes.
MAX_ANSWER = 5_000_000
TIMEOUT = httpx.Timeout(8.0, connect=3.0)
#: Seconds that a whole answer may take: one that trickles never runs into the limit of a single piece.
LONGEST_ANSWER = 60.0
ANY_HOST = "*"

Resolve = Callable[[str, int], list[str]]


class AddressRefused(Permanent):
    """The address is not among those this installation may connect to."""


def resolve(host: str, port: int) -> list[str]:
    """Give the addresses of a host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable("The name of the server could not be resolved.") from error
    return [str(entry[4][0]) for entry in found]


class GuardedTransport(httpx.HTTPTransport):
    """Connects to the very address it has checked, so a name can't be switched between the check and the use."""

    def __init__(
        self, hosts: Collection[str], *, allow_private: bool = False, resolve: Resolve = resolve, verify: bool = True
    ) -> None:
        super().__init__(verify=verify, trust_env=False, retries=0)
        self._hosts = frozenset(host.lower() for host in hosts)
        self._allow_private = allow_private
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to a checked address; the certificate is still the host's. Raises AddressRefused."""
        host = request.url.host
        address = self._checked(request.url)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return super().handle_request(request)

    def _checked(self, url: httpx.URL) -> str:
        if url.scheme != "https" and not (self._allow_private and url.scheme == "http"):
            raise AddressRefused
        if url.userinfo or not (ANY_HOST in self._hosts or url.host.lower() in self._hosts):
            raise AddressRefused
        addresses = self._resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        if not addresses or not (self._allow_private or all(is_public(address) for address in addresses)):
            raise AddressRefused
        return addresses[0]


def is_public(address: str) -> bool:
    """Say whether an IP address lies on the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    checked = inner or found
    return checked.is_global and not checked.is_multicast


def guarded_client(hosts: Collection[str], *, allow_private: bool = False) -> httpx.Client:
    """Give a client that connects only to these hosts, follows no redirect and knows no proxy of the environment."""
    transport = GuardedTransport(hosts, allow_private=allow_private)
    return httpx.Client(
        transport=transport, timeout=TIMEOUT, follow_redirects=False, headers={"User-Agent": "Radnice"}, trust_env=False
    )


def ask(
    client: httpx.Client, method: str, url: str, *, longest: float = LONGEST_ANSWER, **options: object
) -> httpx.Response:
    """Send a request and read its answer up to the limits; whatever breaks on the way is Unreachable."""
    until = time.monotonic() + longest
    try:
        with client.stream(method, url, **options) as response:  # type: ignore[arg-type]
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER:
                    raise Permanent("The answer is too long.")
                if time.monotonic() > until:
                    raise Interrupted("The server answers too slowly.")
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL) as error:
        raise Unreachable("The server did not answer in time or the connection broke.") from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise Interrupted("The server did not answer in time or the connection broke.") from error
    return httpx.Response(response.status_code, headers=_plain(response.headers), content=bytes(body))


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Headers of a body that is already decoded."""
    return {name: value for name, value in headers.items() if name not in {"content-encoding", "content-length"}}
