"""Units of numbers: behind them, but crowns before them where English is spoken."""

from __future__ import annotations

import re

from forms.money import MINUS, NBSP
from forms.shape import Shape

CROWNS = "CZK"
#: An amount as the engine and scripts write it: hard spaces tell it from what people type.
_AMOUNT = re.compile(rf"([-{MINUS}]?\d{{1,3}}(?:{NBSP}\d{{3}})*)(?:,(\d\d|-))?{NBSP}Kč")


def unit_of(shape: Shape, lang: str) -> str:
    """Give the unit of a field; amounts are in crowns, which English writes CZK."""
    unit = str(shape.get("x-unit") or ("Kč" if shape.get("format") == "money" else ""))
    return CROWNS if unit == "Kč" and lang == "en" else unit


def with_unit(text: str, unit: str) -> str:
    """Put a unit behind a number with a hard space; CZK stands before it, behind its minus."""
    if unit == CROWNS:
        digits = text.removeprefix(MINUS)
        return f"{MINUS if digits != text else ''}{CROWNS}{NBSP}{digits}"
    return f"{text}{NBSP}{unit}" if unit else text


def amounts_said(text: str, lang: str) -> str:
    """Write the amounts in a text that a case put together as the language does: CZK 1,000.00."""
    return _AMOUNT.sub(_english, text) if lang == "en" else text


def _english(amount: re.Match[str]) -> str:
    whole, part = amount[1].replace(NBSP, ",").replace("-", MINUS), (amount[2] or "-").strip("-")
    return with_unit(f"{whole}.{part}" if part else whole, CROWNS)
