"""Money out: ordered once, carried to the bank once, and paid only when a statement shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from engine.banking import BankTransaction, SendBankOrders
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.queries import bank_orders, payments
from engine.store.cases import KeptMessageRow
from tests.integration.casework.office import APPLICANT, TREASURER, Office, payment

PAYEE = "1265098001/5500"
ORDER = {"amount": "1234.50", "account": PAYEE, "variable_symbol": "77", "name": "Spolek Obec", "message": "Dotace"}


def out(amount: int, symbol: str = "77", account: str = PAYEE, key: str = "out-1") -> BankTransaction:
    """A movement out of our account."""
    return BankTransaction(
        key=key,
        amount=-amount,
        currency="CZK",
        booked_on=date(2026, 3, 2),
        counter_account=account,
        variable_symbol=symbol,
    )


def send(office: Office, *orders: str, **changes: Any) -> Any:
    facts = {"tenant": office.home, "actor": TREASURER, "orders": orders} | changes
    return office.engine.execute(SendBankOrders(**facts))


def states(office: Office) -> dict[str, str]:
    with office.read() as session:
        return {
            one.id: state
            for state in ("prepared", "sent", "confirmed", "returned", "cancelled")
            for one in bank_orders.orders(session, office.home, state).items
        }


def messages(office: Office) -> list[tuple[str, Any]]:
    with office.read() as session:
        rows = session.scalars(select(KeptMessageRow).where(KeptMessageRow.name.like("bank.order.%")))
        return [(row.name, row.correlation) for row in rows]


def test_an_order_goes_to_the_bank_in_one_file_and_is_paid_once_a_statement_says_so(office: Office) -> None:
    started = office.start()
    order = office.inside(started.instance_id, "bank.order", **ORDER)["order"]
    assert states(office) == {order: "prepared"}
    sent = send(office, order)
    assert (sent.batch, sent.count, sent.total) == ("PRIKAZ-2026-0001", 1, 123_450)
    with pytest.raises(Conflict):
        send(office, order)
    office.bring(out(123_450))
    assert states(office) == {order: "confirmed"}
    assert messages(office) == [("bank.order.confirmed", {"order": order})]
    with office.read() as session:
        line = payments.transactions(session, office.home).items[0]
        (batch,) = bank_orders.batches(session, office.home).items
    assert (line.state, line.business_key) == ("matched", started.business_key)
    assert (batch.number, batch.count, batch.total, batch.confirmed) == ("PRIKAZ-2026-0001", 1, 123_450, 1)


@pytest.mark.parametrize(
    "other",
    [out(123_451), out(123_450, symbol="78"), out(123_450, account="222885/5500")],
    ids=["amount", "symbol", "account"],
)
def test_another_movement_out_confirms_nothing(office: Office, other: BankTransaction) -> None:
    order = office.inside(office.start().instance_id, "bank.order", **ORDER)["order"]
    office.bring(other)
    assert states(office) == {order: "prepared"}


def test_two_equal_orders_are_confirmed_one_by_one_and_a_repeated_statement_confirms_no_more(office: Office) -> None:
    case = office.start().instance_id
    first, second = (office.inside(case, "bank.order", **ORDER)["order"] for _ in range(2))
    office.bring(out(123_450))
    office.bring(out(123_450))
    office.bring(out(123_450), number="2")
    assert sorted(states(office).values()) == ["confirmed", "prepared"]
    office.bring(out(123_450, key="out-2"), number="3")
    assert states(office) == {first: "confirmed", second: "confirmed"}


def test_money_the_bank_brings_back_is_told_to_the_case_and_waits_for_a_person(office: Office) -> None:
    order = office.inside(office.start().instance_id, "bank.order", **ORDER)["order"]
    office.bring(out(123_450))
    back = replace(out(123_450, key="back"), amount=123_450, reversal=True)
    result = office.bring(back, number="2")
    assert states(office) == {order: "returned"}
    assert result.unmatched == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, "bad-amount"),
        ({"amount": "-1"}, "bad-amount"),
        ({"amount": 10**12}, "bad-amount"),
        ({"account": "1265098002/5500"}, "refused"),
        ({"account": "19-2000145399/0800"}, "own-account"),
        ({"from": "1265098001/5500"}, "foreign-account"),
        ({"variable_symbol": "12345678901"}, "bad-symbol"),
    ],
)
def test_an_impossible_order_is_refused(office: Office, change: dict[str, Any], code: str) -> None:
    case = office.start().instance_id
    with pytest.raises(Invalid) as refusal:
        office.inside(case, "bank.order", **(ORDER | change))
    assert refusal.value.facts["code"] == code
    assert states(office) == {}


def test_an_order_can_be_taken_back_until_the_bank_paid_it(office: Office) -> None:
    case = office.start().instance_id
    first, second = (office.inside(case, "bank.order", **ORDER)["order"] for _ in range(2))
    office.inside(case, "bank.cancel_order", order=first)
    assert states(office) == {first: "cancelled", second: "prepared"}
    office.bring(out(123_450))
    with pytest.raises(Invalid):
        office.inside(case, "bank.cancel_order", order=second)
    with pytest.raises(Invalid):
        office.inside(office.start().instance_id, "bank.cancel_order", order=second)


def test_money_goes_back_only_where_it_came_from_and_never_more_of_it(office: Office) -> None:
    case = office.start().instance_id
    office.bring(replace(payment("999", 5_000), counter_account=PAYEE, counter_name="Jan Plátce"))
    with office.read() as session:
        came = payments.transactions(session, office.home).items[0].id
    back = office.inside(case, "bank.refund", transaction=came, amount=2_000)
    assert (back["account"], back["amount"], back["variable_symbol"]) == (PAYEE, 2_000, "999")
    with pytest.raises(Invalid) as refusal:
        office.inside(case, "bank.refund", transaction=came, amount=3_001)
    assert refusal.value.facts["code"] == "too-much"
    assert office.inside(case, "bank.refund", transaction=came)["amount"] == 3_000
    with pytest.raises(Invalid):
        office.inside(case, "bank.refund", transaction=came)
    office.inside(case, "bank.cancel_order", order=back["order"])
    assert office.inside(case, "bank.refund", transaction=came)["amount"] == 2_000


def test_what_went_out_or_has_no_source_is_not_sent_back(office: Office) -> None:
    case = office.start().instance_id
    office.bring(out(100), replace(payment("5", 200, key="in"), counter_account=""))
    with office.read() as session:
        ids = [one.id for one in payments.transactions(session, office.home).items]
    for each in (*ids, "unknown"):
        with pytest.raises(Invalid):
            office.inside(case, "bank.refund", transaction=each)


def test_a_file_is_of_one_account_of_ours_and_of_this_office(office: Office) -> None:
    case = office.start().instance_id
    first = office.inside(case, "bank.order", **ORDER)["order"]
    second = office.inside(case, "bank.order", **ORDER, **{"from": "222885/5500"})["order"]
    with pytest.raises(Invalid):
        send(office, first, second)
    with pytest.raises(Invalid):
        send(office)
    with pytest.raises(NotFound):
        send(office, first, "elsewhere")
    with pytest.raises(NotAllowed):
        send(office, first, actor=APPLICANT)
    assert set(states(office).values()) == {"prepared"}
