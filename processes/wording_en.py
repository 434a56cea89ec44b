"""The filters of English letters: the same names as in `processes.wording`, written the English way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.calendar import PRAGUE
from engine.said import Said
from processes.wording import MINUS, NBSP, BadValue, decimal, hellers, when

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def money(value: Any) -> str:
    """Write `CZK 7,620.00`. A whole number is haléře, a text is crowns (`7620.00`)."""
    amount = hellers(value)
    return f"{MINUS if amount < 0 else ''}CZK{NBSP}{abs(amount) // 100:,}.{abs(amount) % 100:02}"


def money_dash(value: Any) -> str:
    """Write whole crowns short, `CZK 7,620`; others with their haléře."""
    return money(value).removesuffix(".00")


def number(value: Any) -> str:
    """Write a number with commas between thousands and a decimal point."""
    whole, _, rest = f"{decimal(value):,f}".partition(".")
    return whole.replace("-", MINUS) + (f".{rest}" if rest.strip("0") else "")


def date_cz(value: Any, form: str = "short") -> str:
    """Write an ISO date or moment: 1 July 2026, with `long` Monday 23 November 2026, with `moment` … at 10:58."""
    at = when(value)
    day = at.astimezone(PRAGUE).date() if isinstance(at, datetime) else at
    plain = f"{day.day}{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}"
    if form == "moment" and isinstance(at, datetime):
        local = at.astimezone(PRAGUE)
        return f"{plain} at{NBSP}{local.hour}:{local.minute:02}"
    if form not in ("short", "moment", "long", "words", "padded"):
        raise BadValue(Said(f"{form!r} není podoba data.", f"{form!r} is no form of a date."))
    return f"{_DAYS[day.weekday()]} {plain}" if form == "long" else plain


def nbsp(value: Any) -> Any:
    """English needs no help at the end of a line."""
    return value


def plural(count: int, one: str, *many: str) -> str:
    """Give the word for so many: 1 month, 2 months."""
    return one if abs(count) == 1 else many[-1]
