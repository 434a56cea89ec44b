"""Statements of Fio banka as its API gives them: JSON with numbered columns."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.banking import BankTransaction
from integrations.bank.accounts import Account, BadAccount, account_of_digits, parse_account
from integrations.bank.statement import Statement, check_account, check_sum, refuse

MAX_BYTES = 20 << 20
#: Columns by what they hold.
DAY, AMOUNT, ACCOUNT, BANK, KS, VS, SS, NAME, CURRENCY, MESSAGE, ID = 0, 1, 2, 3, 4, 5, 6, 10, 14, 16, 22
COMMENT, USER = 25, 7
_MOST = Decimal(10) ** 11
_NUMBER = re.compile(r"(?:([0-9]{1,6})-)?([0-9]{1,10})")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})([+-]\d{2}:?\d{2}|Z)?")
#: Words of the type (column 8) by which the bank takes something back.
_REVERSALS = ("storno", "vrácená platba", "vratka inkasa")


def parse_fio(content: bytes, *, own: Sequence[str] = ()) -> Statement:
    """Read one answer of the API, whole or not at all. Raises StatementRefused with the movement and the reason."""
    if len(content) > MAX_BYTES:
        refuse("enormous")
    try:
        body = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
        told = body["accountStatement"]
        info, listed = told["info"], told["transactionList"]
        rows = (listed or {}).get("transaction") or []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        refuse("no-json")
    if not isinstance(info, dict) or not isinstance(rows, list):
        refuse("no-json")
    if info.get("currency") != "CZK":
        refuse("currency")
    account = _account(info)
    check_account(account, own)
    items = [_transaction(row, place) for place, row in enumerate(rows, start=1)]
    seen: set[str] = set()
    for place, item in enumerate(items, start=1):
        if item.key in seen:
            refuse("repeated", movement=place)
        seen.add(item.key)
    opening, closing = _halere(info.get("openingBalance")), _halere(info.get("closingBalance"))
    check_sum(opening, closing, items)
    opened_on, closed_on = _day(info.get("dateStart")), _day(info.get("dateEnd"))
    return Statement(
        account=account,
        holder="",
        number=_number(info, opened_on, rows),
        opened_on=opened_on,
        closed_on=closed_on,
        opening_balance=opening,
        closing_balance=closing,
        sha256=_print(items, account, opened_on, closed_on, opening, closing),
        transactions=items,
    )


def _print(items: Sequence[BankTransaction], *facts: object) -> str:
    """Print over what the statement says, so that another order of columns or movements makes no other statement."""
    told = [*map(str, facts), *sorted(map(str, items))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _account(info: Mapping[str, Any]) -> Account:
    """Give whose the statement is; check digits are no use here, the account is compared with those kept here."""
    number, bank = str(info.get("accountId") or ""), str(info.get("bankId") or "")
    found = _NUMBER.fullmatch(number)
    if found is None or not re.fullmatch(r"[0-9]{4}", bank):
        refuse("field", field="accountId")
    account = account_of_digits(f"{found[1] or '':0>6}{found[2]:0>10}", bank)
    iban = str(info.get("iban") or "")
    if iban and iban[4:] != bank + account.digits:
        refuse("field", field="iban")
    return account


def _number(info: Mapping[str, Any], opened_on: date, rows: Sequence[Any]) -> str:
    """Statements of the bank have a number, extracts of a period are named by the day and the last movement."""
    if info.get("idList"):
        return str(info["idList"])[:20]
    last = max((int(_value(row, ID, place)) for place, row in enumerate(rows, start=1)), default=0)
    return f"{opened_on:%y%m%d}-{last}"[:20]


def _transaction(row: Any, place: int) -> BankTransaction:
    if not isinstance(row, dict):
        refuse("field", movement=place)
    amount = _halere(_value(row, AMOUNT, place), place)
    if (_value(row, CURRENCY, place) or "CZK") != "CZK":
        refuse("currency", movement=place)
    identity = str(_value(row, ID, place) or "")
    if not re.fullmatch(r"\d{1,30}", identity):
        refuse("field", movement=place, field=f"column{ID}")
    kind = str(_value(row, 8, place) or "").lower()
    message = _text(row, MESSAGE, place) or _text(row, COMMENT, place) or _text(row, USER, place)
    return BankTransaction(
        key=f"fio:{identity}",
        amount=amount,
        currency="CZK",
        booked_on=_day(_value(row, DAY, place), place),
        counter_account=_counter(row, place),
        counter_name=_text(row, NAME, place),
        variable_symbol=_symbol(row, VS, place),
        constant_symbol=_symbol(row, KS, place),
        specific_symbol=_symbol(row, SS, place),
        message=message[:500],
        reversal=any(word in kind for word in _REVERSALS),
    )


def _counter(row: Mapping[str, Any], place: int) -> str:
    number, bank = _text(row, ACCOUNT, place), _text(row, BANK, place)
    text = f"{number}/{bank}" if bank else number
    try:
        return str(parse_account(text)) if text else ""
    except BadAccount:
        # Accounts abroad and of cards have other shapes.
        return text[:40]


def _symbol(row: Mapping[str, Any], column: int, place: int) -> str:
    text = _text(row, column, place)
    if not re.fullmatch(r"[0-9]{0,10}", text):
        refuse("field", movement=place, field=f"column{column}")
    return text if column == KS and text.strip("0") else text.lstrip("0")


def _text(row: Mapping[str, Any], column: int, place: int) -> str:
    value = _value(row, column, place)
    return "" if value is None else " ".join(str(value).split())


def _value(row: Any, column: int, place: int) -> Any:
    cell = row.get(f"column{column}") if isinstance(row, dict) else None
    if cell is None:
        return None
    if not isinstance(cell, dict) or isinstance(cell.get("value"), dict | list | bool):
        refuse("field", movement=place, field=f"column{column}")
    return cell.get("value")


def _halere(value: Any, place: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        refuse("field", movement=place)
    amount = Decimal(value)
    if not amount.is_finite() or abs(amount) > _MOST or amount * 100 % 1:
        refuse("field", movement=place)
    return int(amount * 100)


def _day(value: Any, place: int | None = None) -> date:
    found = _DAY.fullmatch(str(value))
    try:
        if found:
            return date.fromisoformat(found[1])
    except ValueError:
        pass
    refuse("field", movement=place, field="date")


def _no_number(text: str) -> Any:
    raise ValueError(text)
