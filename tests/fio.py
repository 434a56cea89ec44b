"""Answers of Fio's API for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

COLUMNS = {
    "day": 0,
    "amount": 1,
    "account": 2,
    "bank": 3,
    "ks": 4,
    "vs": 5,
    "ss": 6,
    "kind": 8,
    "name": 10,
    "currency": 14,
    "message": 16,
    "id": 22,
}


def a_statement(*rows: dict[str, Any], opening: float = 1000, iban: str = "CZ7120100000002600000003") -> dict[str, Any]:
    """Give an answer whose balance adds up; rows name columns by COLUMNS."""
    moved = sum((Decimal(str(row["amount"])) for row in rows), Decimal(0))
    closing = Decimal(str(opening)) + moved
    ids = [row["id"] for row in rows]
    info = {
        "accountId": "2600000003",
        "bankId": "2010",
        "currency": "CZK",
        "iban": iban,
        "bic": "FIOBCZPPXXX",
        "openingBalance": opening,
        "closingBalance": float(closing),
        "dateStart": "2026-03-02+0100",
        "dateEnd": "2026-03-02+0100",
        "yearList": None,
        "idList": None,
        "idFrom": min(ids, default=None),
        "idTo": max(ids, default=None),
        "idLastDownload": None,
    }
    return {"accountStatement": {"info": info, "transactionList": {"transaction": [_row(row) for row in rows]}}}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    told = {"day": "2026-03-02+0100", "currency": "CZK"} | row
    empty: dict[str, Any] = {f"column{number}": None for number in COLUMNS.values()}
    return empty | {
        f"column{COLUMNS[name]}": {"value": value, "name": name, "id": COLUMNS[name]} for name, value in told.items()
    }
