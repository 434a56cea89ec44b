"""Czech money: amounts in whole haléře, account numbers, IBAN. Never a float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from engine.errors import Invalid
from engine.model import Json

_ACCOUNT = re.compile(r"(?:(\d{0,6})-)?(\d{2,10})/(\d{4})")
#: More is a mistake; also keeps `1e999999` from filling the memory.
_MOST = Decimal(10) ** 13
_WEIGHTS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
#: CZ as digits of ISO 7064: C is 12, Z is 35.
_CZ = "1235"


def amount_of(value: Json) -> int:
    """Read an amount in haléře: a whole number as it is, a text as decimal crowns `7620.00`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise Invalid("An amount is a whole number of haléře or a decimal text in crowns.")
    try:
        crowns = Decimal(re.sub(r"[\s\u00a0]", "", value).replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        raise Invalid(f"{value!r} is not an amount of money.") from None
    if not crowns.is_finite() or abs(crowns) > _MOST or crowns * 100 % 1:
        raise Invalid(f"{value!r} is not an amount in whole haléře.")
    return int(crowns * 100)


def amount_text(halere: int) -> str:
    """Write an amount as people read it, with no-break spaces: `7 620,00 Kč`."""
    crowns, rest = divmod(abs(halere), 100)
    return f"{'−' if halere < 0 else ''}{crowns:,}".replace(",", "\u00a0") + f",{rest:02}\u00a0Kč"


def account_of(text: str) -> str:
    """Check a Czech account number and give it in one form: no leading zeros, no empty prefix."""
    parts = _ACCOUNT.fullmatch(re.sub(r"\s", "", text))
    if not parts:
        raise Invalid(f"{text!r} is not an account number like 19-2000145399/0800.")
    prefix, number, bank = (parts[1] or "").lstrip("0"), parts[2].lstrip("0"), parts[3]
    if not number or not (_passes(prefix) and _passes(number)):
        raise Invalid(f"The account number {text!r} has a wrong digit.")
    return f"{prefix}-{number}/{bank}" if prefix else f"{number}/{bank}"


def iban_of(account: str) -> str:
    """Give the IBAN of a Czech account: `19-2000145399/0800` → `CZ6508000000192000145399`."""
    before, _, bank = account_of(account).partition("/")
    prefix, _, number = before.rpartition("-")
    digits = f"{bank}{prefix:0>6}{number:0>10}"
    return f"CZ{98 - int(digits + _CZ + '00') % 97:02}{digits}"


def _passes(part: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(reversed(part), _WEIGHTS, strict=False)) % 11 == 0
