"""Filters of documents and messages: money, dates and words as Czech offices write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup

from engine.calendar import PRAGUE
from engine.errors import Invalid
from engine.said import Said

NBSP = "\u00a0"
MINUS = "\u2212"
_DAYS = ("pondělí", "úterý", "středa", "čtvrtek", "pátek", "sobota", "neděle")
_MONTHS = (
    *("ledna", "února", "března", "dubna", "května", "června"),
    *("července", "srpna", "září", "října", "listopadu", "prosince"),
)
_LONELY_LETTER = re.compile(r"(?<![\w\u00a0])([ksvzouaiKSVZOUAI]) (?=\S)")
_BEFORE_UNIT = re.compile(r"(\d\.?) (?=[\d%]|(?:Kč|let|dní|dnů|dny|den|obyvatel\w*)\b)")
_ABBREVIATION = re.compile(r"\b(č\.|čl\.|odst\.|písm\.|str\.|např\.|IČO|PSČ) (?=\S)|(§) (?=\S)")


class BadValue(Invalid):
    """A template gives a filter a value it can't write."""


def money(value: Any) -> str:
    """Write `7 620,00 Kč`. A whole number is haléře, a text is crowns (`7620.00`)."""
    amount = hellers(value)
    return f"{_crowns(amount)},{abs(amount) % 100:02}{NBSP}Kč"


def money_dash(value: Any) -> str:
    """Write whole crowns the way resolutions do, `7 620,- Kč`; others with their haléře."""
    amount = hellers(value)
    return money(amount) if amount % 100 else f"{_crowns(amount)},-{NBSP}Kč"


def ico(value: Any) -> str:
    """Write `051 29 061`."""
    digits = str(value).strip().zfill(8)
    return f"{digits[:3]}{NBSP}{digits[3:5]}{NBSP}{digits[5:]}"


def date_cz(value: Any, form: str = "short") -> str:
    """Write an ISO date or moment.

    `short` 1. 7. 2026, `long` pondělí 23. 11. 2026, `words` 1. července 2026, `moment` 23. 11. 2026 v 10:58,
    `padded` 17.08.2021.
    """
    at = when(value)
    day = at.astimezone(PRAGUE).date() if isinstance(at, datetime) else at
    short = f"{day.day}.{NBSP}{day.month}.{NBSP}{day.year}"
    if form == "moment" and isinstance(at, datetime):
        local = at.astimezone(PRAGUE)
        return f"{short} v{NBSP}{local.hour}:{local.minute:02}"
    forms = {
        "short": short,
        "moment": short,
        "long": f"{_DAYS[day.weekday()]} {short}",
        "words": f"{day.day}.{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}",
        "padded": f"{day:%d.%m.%Y}",
    }
    if form not in forms:
        raise BadValue(Said(f"{form!r} není podoba data.", f"{form!r} is no form of a date."))
    return forms[form]


def nbsp(value: Any) -> str:
    """Keep on one line what a Czech sentence doesn't part: prepositions, numbers with units, abbreviations."""
    text = _LONELY_LETTER.sub(rf"\1{NBSP}", str(value))
    # Twice: "a v lese" has two letters, the second of which the first pass has eaten.
    text = _LONELY_LETTER.sub(rf"\1{NBSP}", text)
    text = _ABBREVIATION.sub(lambda found: (found[1] or found[2]) + NBSP, text)
    text = _BEFORE_UNIT.sub(rf"\1{NBSP}", text)
    return Markup(text) if isinstance(value, Markup) else text  # noqa: S704 - only spaces were changed


def plural(count: int, one: str, few: str, many: str) -> str:
    """Give the word for so many: 1 den, 2 dny, 5 dní."""
    return one if abs(count) == 1 else few if 2 <= abs(count) <= 4 else many


def number(value: Any) -> str:
    """Write a number with spaces between thousands and a decimal comma."""
    amount = decimal(value)
    whole, _, rest = f"{abs(amount):,f}".partition(".")
    sign = MINUS if amount < 0 else ""
    return sign + whole.replace(",", NBSP) + (f",{rest}" if rest.strip("0") else "")


def hellers(value: Any) -> int:
    """Give an amount in haléře. Raises BadValue."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, (str, Decimal)):
        return int((decimal(value) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    raise BadValue(Said("Částka jsou celé haléře nebo text v korunách.", "Money is whole haléře or a text in crowns."))


def decimal(value: Any) -> Decimal:
    """Give a number, also one written the Czech way. Raises BadValue."""
    try:
        amount = Decimal(str(value).replace(NBSP, "").replace(" ", "").replace(",", ".").replace(MINUS, "-"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > 10**15:
        raise BadValue(Said(f"{value!r} není číslo.", f"{value!r} is not a number."))
    return amount


def _crowns(hellers: int) -> str:
    return (MINUS if hellers < 0 else "") + f"{abs(hellers) // 100:,}".replace(",", NBSP)


def when(value: Any) -> date | datetime:
    """Give the day or moment of an ISO text. Raises BadValue."""
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(value) if "T" in str(value) else date.fromisoformat(str(value))
    except ValueError as error:
        raise BadValue(Said(f"{value!r} není datum.", f"{value!r} is not a date.")) from error
