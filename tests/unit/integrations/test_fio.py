"""What Fio's API answers is read to the haléř or refused whole."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import StatementRefused
from integrations.bank.fio import parse_fio
from integrations.bank.reading import read_statements
from tests.fio import a_statement

OWN = ["2600000003/2010"]


def movement(identity: int, amount: float, **columns: Any) -> dict[str, Any]:
    return {"id": identity, "amount": amount} | columns


def content(*rows: dict[str, Any], **info: Any) -> bytes:
    return json.dumps(a_statement(*rows, **info)).encode()


def test_a_statement_is_read_to_the_haler() -> None:
    found = parse_fio(
        content(
            movement(11, 1234.1, vs="0026000018", ks="0558", ss="7", account="1265098001", bank="5500", name="Jan"),
            movement(12, -0.3, message="Poplatek", kind="Poplatek"),
            opening=100.2,
        )
    )
    first, second = found.transactions
    assert (found.opening_balance, found.closing_balance, found.number) == (10_020, 133_400, "260302-12")
    assert (first.key, first.amount, first.variable_symbol, first.counter_account) == (
        *("fio:11", 123_410, "26000018", "1265098001/5500"),
    )
    assert (first.constant_symbol, first.specific_symbol, first.counter_name) == ("0558", "7", "Jan")
    assert (second.amount, second.message, second.reversal) == (-30, "Poplatek", False)


def test_the_order_of_movements_makes_no_other_statement() -> None:
    rows = [movement(11, 10), movement(12, 20)]
    one, other = parse_fio(content(*rows)), parse_fio(content(*reversed(rows)))
    assert one.sha256 == other.sha256 and one.number == other.number


@pytest.mark.parametrize("nothing", [None, {}, {"transaction": None}, {"transaction": []}])
def test_a_period_without_movements_is_a_statement(nothing: Any) -> None:
    body = a_statement()
    body["accountStatement"]["transactionList"] = nothing
    (found,) = read_statements(json.dumps(body).encode())
    assert found.transactions == [] and found.opening_balance == found.closing_balance


def changed(path: str, value: Any) -> bytes:
    body: Any = deepcopy(a_statement(movement(11, 10.5), movement(12, 20)))
    *way, last = path.split("/")
    place = body["accountStatement"]
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return json.dumps(body).encode()


ROW = "transactionList/transaction/1/"


@pytest.mark.parametrize(
    ("body", "reason", "place"),
    [
        (b"{", "no-json", None),
        (b"[]", "no-json", None),
        (b"{}", "no-json", None),
        (b'{"accountStatement": null}', "no-json", None),
        (b"\xff\xfe" + content(), "no-json", None),
        (content(movement(1, 1))[:-40], "no-json", None),
        (b'{"a":' * 100_000, "no-json", None),
        (content(movement(1, float("nan"))), "no-json", None),
        (content(movement(1, 1), movement(1, 1)), "repeated", 2),
        (changed("info/closingBalance", 1), "items", None),
        (changed("info/openingBalance", "12"), "field", None),
        (changed("info/currency", "EUR"), "currency", None),
        (changed("info/iban", "CZ6508000000192000145398"), "field", None),
        (changed("info/dateStart", "2026-02-30"), "field", None),
        (changed(ROW + "column1", {"value": 20.005}), "field", 2),
        (changed(ROW + "column1", {"value": 10**300}), "field", 2),
        (changed(ROW + "column1", None), "field", 2),
        (changed(ROW + "column5", {"value": "12x"}), "field", 2),
        (changed(ROW + "column5", {"value": "12345678901"}), "field", 2),
        (changed(ROW + "column5", {"value": {"a": 1}}), "field", 2),
        (changed(ROW + "column14", {"value": "EUR"}), "currency", 2),
        (changed(ROW + "column22", None), "field", 2),
        (changed(ROW + "column0", {"value": "zítra"}), "field", 2),
        (changed("transactionList/transaction", "nic"), "no-json", None),
        (changed("transactionList/transaction", [1]), "field", 1),
    ],
)
def test_what_does_not_fit_is_refused_with_the_movement(body: bytes, reason: str, place: int | None) -> None:
    with pytest.raises(StatementRefused) as refusal:
        parse_fio(body)
    assert (refusal.value.facts["reason"], refusal.value.facts["movement"]) == (reason, place)


def test_a_statement_of_another_account_is_refused() -> None:
    assert parse_fio(content(), own=OWN)
    with pytest.raises(StatementRefused) as refusal:
        parse_fio(content(), own=["19-2000145399/0800"])
    assert refusal.value.facts["reason"] == "other-account"


def test_sums_of_many_small_amounts_stay_exact() -> None:
    rows = [movement(n, 0.1) for n in range(1, 1001)]
    found = parse_fio(content(*rows, opening=0.3))
    assert sum(item.amount for item in found.transactions) == 10_000
    assert Decimal(found.closing_balance) == 10_030
