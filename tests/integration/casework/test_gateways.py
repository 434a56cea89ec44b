"""Money through a gateway counts once, pays what it is for, and what doesn't fit is a person's work."""

from __future__ import annotations

import pytest

from engine.errors import Invalid
from engine.model import Json
from engine.queries import payments
from tests.integration.casework.office import Office
from tests.integration.casework.test_payments import asked


def told(office: Office, case: str, symbol: str, amount: int, number: str = "300") -> Json:
    facts = {"gateway": "gopay", "id": number, "amount": amount, "variable_symbol": symbol}
    return office.inside(case, "payment.by_gateway", **facts)


def test_what_the_gateway_says_was_paid_pays_the_request_once(office: Office) -> None:
    started, symbol = asked(office)
    first = told(office, started.instance_id, symbol, 762_000)
    again = told(office, started.instance_id, symbol, 762_000)
    assert (first["state"], first["repeated"], again["repeated"]) == ("matched", False, True)
    assert again["transaction"] == first["transaction"]
    with office.read() as session:
        (request,) = payments.payments(session, office.home, started.instance_id)
        assert (request.state, request.credited) == ("paid", 762_000)
        assert payments.transactions(session, office.home).total == 1


def test_another_amount_or_a_second_payment_waits_for_a_person(office: Office) -> None:
    started, symbol = asked(office)
    assert told(office, started.instance_id, symbol, 761_999)["state"] == "unmatched"
    assert told(office, started.instance_id, symbol, 762_000, "301")["state"] == "matched"
    assert told(office, started.instance_id, symbol, 762_000, "302")["state"] == "unmatched"


@pytest.mark.parametrize("amount", [0, -1])
def test_a_gateway_brings_more_than_nothing(office: Office, amount: int) -> None:
    started, symbol = asked(office)
    with pytest.raises(Invalid):
        told(office, started.instance_id, symbol, amount)


def test_money_of_a_gateway_goes_back_by_the_gateway_and_never_more_of_it(office: Office) -> None:
    started, symbol = asked(office)
    came = told(office, started.instance_id, symbol, 762_000)["transaction"]
    with pytest.raises(Invalid):
        office.inside(started.instance_id, "bank.refund", transaction=came)
    back = {"gateway": "gopay", "id": "300", "amount": 762_000, "refund": "V1"}
    assert office.inside(started.instance_id, "payment.gateway_refund", **back)["state"] == "ignored"
    assert office.inside(started.instance_id, "payment.gateway_refund", **back)["repeated"]
    for wrong in ({"amount": 762_001}, {"id": "999"}, {"amount": 0}):
        with pytest.raises(Invalid):
            office.inside(started.instance_id, "payment.gateway_refund", **(back | wrong))
