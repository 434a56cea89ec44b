import httpx
import pytest

from integrations.failures import Temporary
from integrations.guard import AddressRefused, GuardedTransport, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
    ],
)
def test_addresses_of_our_own_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_an_address_of_the_internet_is_public() -> None:
    assert is_public("193.85.1.1")
    assert is_public("2a02:598::1")


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("https://zlo.cz/", ["193.85.1.1"]),
        ("https://ares.gov.cz.zlo.cz/", ["193.85.1.1"]),
        ("http://ares.gov.cz/", ["193.85.1.1"]),
        ("https://ares.gov.cz/", ["127.0.0.1"]),
        ("https://ares.gov.cz/", ["193.85.1.1", "10.0.0.1"]),
        ("https://ares.gov.cz/", []),
        ("https://user:pw@ares.gov.cz/", ["193.85.1.1"]),
        ("file:///etc/passwd", ["193.85.1.1"]),
    ],
)
def test_only_named_hosts_with_public_addresses_are_connected_to(url: str, addresses: list[str]) -> None:
    transport = GuardedTransport(["ares.gov.cz"], resolve=lambda host, port: addresses)
    with pytest.raises(AddressRefused):
        transport.handle_request(httpx.Request("GET", url))


def test_a_name_that_cannot_be_resolved_may_be_tried_later() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise Temporary("The name of the server could not be resolved.")

    with pytest.raises(Temporary):
        GuardedTransport(["ares.gov.cz"], resolve=nowhere).handle_request(httpx.Request("GET", "https://ares.gov.cz/"))
