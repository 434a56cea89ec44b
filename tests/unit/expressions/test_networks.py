import pytest

from engine.expressions import evaluate_value
from engine.model import Json


@pytest.mark.parametrize(
    ("address", "network", "lies"),
    [
        ("192.0.2.17", "192.0.2.0/24", True),
        ("192.0.3.17", "192.0.2.0/24", False),
        ("2001:db8::5", "2001:db8::/112", True),
        ("2001:db8::5", "192.0.2.0/24", False),
        ("www.mesto.cz", "192.0.2.0/24", False),
        ("192.0.2.17", "192.0.2.17", False),
        # Bits beyond the prefix: somebody meant something else.
        ("192.0.2.17", "192.0.2.9/24", False),
        ("192.0.2.17", "0.0.0.0/33", False),
        (None, None, False),
    ],
)
def test_an_address_lies_in_a_network(address: Json, network: Json, lies: bool) -> None:
    assert evaluate_value("in_network(a, n)", {"a": address, "n": network}) is lies


@pytest.mark.parametrize(
    ("network", "size"),
    [("192.0.2.0/24", 256), ("10.0.0.0/8", 2**24), ("2001:db8::/64", 2**64), ("192.0.2.1", 0), (5, 0)],
)
def test_a_network_has_so_many_addresses(network: Json, size: int) -> None:
    assert evaluate_value("network_size(n)", {"n": network}) == size


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://a.cz", "/"),
        ("https://a.cz:8443/admin/?x=/b#c", "/admin"),
        ("https://a.cz//platby", "/platby"),
        ("https://a.cz/x/../platby/", "/platby"),
        ("https://a.cz/%70latby", "/platby"),
        ("a.cz/platby", "/platby"),
        ("/platby", "/platby"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_the_path_is_the_one_that_a_server_understands(address: Json, path: str) -> None:
    assert evaluate_value("path_of(a)", {"a": address}) == path
