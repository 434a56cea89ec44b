"""GoPay and ComGate over real HTTP: begun, asked about, returned; down, refused and unreadable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.calendar import SettableClock
from integrations.bank_fakes import FakeComGate, FakeGoPay, listening
from integrations.failures import BusinessError, Permanent, Temporary
from integrations.gateway.comgate import ComGate
from integrations.gateway.gopay import GoPay
from integrations.gateway.shape import Gateway, Wanted
from integrations.guard import guarded_client

WANTED = Wanted(
    order="2600000018",
    amount=123_450,
    description="Platební portál",
    email="jan@platce.example",
    return_url="https://radnice.example/zpet",
    notify_url="https://radnice.example/brana",
)
CLOCK = SettableClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))


@pytest.fixture(params=["gopay", "comgate"])
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Gateway]]:
    fake: Any = FakeGoPay() if request.param == "gopay" else FakeComGate()
    with listening(fake), guarded_client(["127.0.0.1"], allow_private=True) as client:
        yield fake, gateway_of(fake, client)


def gateway_of(fake: Any, client: Any, secret: str = "secret") -> Gateway:
    if isinstance(fake, FakeGoPay):
        return GoPay(merchant="8123", client_id="client", secret=secret, client=client, clock=CLOCK, url=fake.url)
    return ComGate(merchant="1234", secret=secret, client=client, url=fake.url)


def move(fake: Any, payment: str, paid: bool = True) -> None:
    name = "state" if isinstance(fake, FakeGoPay) else "status"
    fake.payments[payment][name] = "PAID" if paid else "CANCELED" if name == "state" else "CANCELLED"


def test_a_payment_is_begun_asked_about_and_returned_no_further_than_paid(both: tuple[Any, Gateway]) -> None:
    fake, gateway = both
    begun = gateway.create(WANTED)
    assert begun.state == "initiated" and begun.url.startswith("https://")
    assert gateway.status(begun.id).state in ("initiated", "pending")
    with pytest.raises(BusinessError):
        gateway.refund(begun.id, 1)
    move(fake, begun.id)
    standing = gateway.status(begun.id)
    assert (standing.state, standing.amount, standing.order) == ("paid", 123_450, "2600000018")
    gateway.refund(begun.id, 100_000)
    with pytest.raises(BusinessError):
        gateway.refund(begun.id, 23_451)
    gateway.refund(begun.id, 23_450)


def test_a_cancelled_payment_is_told_as_such(both: tuple[Any, Gateway]) -> None:
    fake, gateway = both
    begun = gateway.create(WANTED)
    move(fake, begun.id, paid=False)
    assert gateway.status(begun.id).state == "cancelled"


@pytest.mark.parametrize("forged", ["", "1/../2", "1?x=1", "9" * 40, "AB12", "AB12-CD34-EF56/x", "PAID"])
def test_a_forged_number_never_reaches_the_gateway(both: tuple[Any, Gateway], forged: str) -> None:
    _fake, gateway = both
    with pytest.raises(BusinessError):
        gateway.status(forged)


def test_an_unknown_payment_is_refused(both: tuple[Any, Gateway]) -> None:
    _fake, gateway = both
    with pytest.raises(BusinessError):
        gateway.status("42" if gateway.name == "gopay" else "ZZ12-CD34-EF56")


def test_a_gateway_that_is_down_is_asked_later(both: tuple[Any, Gateway]) -> None:
    fake, gateway = both
    begun = gateway.create(WANTED)
    fake.down = True
    with pytest.raises(Temporary):
        gateway.status(begun.id)


def test_a_wrong_secret_is_no_temporary_trouble(both: tuple[Any, Gateway]) -> None:
    fake, _gateway = both
    with guarded_client(["127.0.0.1"], allow_private=True) as client, pytest.raises((Permanent, BusinessError)):
        gateway_of(fake, client, secret="wrong").create(WANTED)


def test_gopays_token_is_kept_and_renewed() -> None:
    fake = FakeGoPay()
    clock = SettableClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    with listening(fake), guarded_client(["127.0.0.1"], allow_private=True) as client:
        gateway = GoPay(merchant="8", client_id="client", secret="secret", client=client, clock=clock, url=fake.url)
        begun = gateway.create(WANTED)
        gateway.status(begun.id)
        assert fake.tokens == 1
        clock.set(clock.now() + timedelta(minutes=30))
        gateway.status(begun.id)
        assert fake.tokens == 2


def test_secrets_are_in_no_text() -> None:
    with guarded_client([]) as client:
        made = GoPay(merchant="8", client_id="c", secret="hush", client=client, clock=CLOCK)
        assert "hush" not in repr(made)
        assert "hush" not in repr(ComGate(merchant="8", secret="hush", client=client))
