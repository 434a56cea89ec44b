"""Numbers and amounts as people write them: "1 234,50", "1.234,50", "1 234.50 Kč"."""

from __future__ import annotations

import re
from decimal import Context, Decimal

NBSP = "\u00a0"
MINUS = "\u2212"
_STORED = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{2}")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_SPACES = re.compile(r"[\s\u2009\u202f']")
_CURRENCY = re.compile(r"(?:[,.]\s*[-–])?\s*(?:Kč|CZK)?$", re.IGNORECASE)
#: Longer than any number in a form; Python's own conversion slows down beyond.
MAX_LENGTH = 60


def parse(text: str, *, thousands: str = "") -> Decimal | None:
    """Read a number with a decimal comma or point and grouped digits; None when it isn't one.

    `thousands` is the mark that groups digits when a single one with three digits behind it could be either.
    """
    tight = _SPACES.sub("", text.strip()).replace(MINUS, "-")
    if len(tight) > MAX_LENGTH:
        return None
    tight = _one_mark(tight, thousands)
    return Decimal(tight) if _PLAIN.fullmatch(tight) else None


def _one_mark(text: str, thousands: str) -> str:
    """Leave one decimal point: of two kinds of marks the last one is decimal, a repeated one groups."""
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return text
    mark, other = text[last], "," if text[last] == "." else "."
    groups = re.fullmatch(rf"[+-]?(?:0|[1-9][0-9]{{0,2}})(?:{re.escape(mark)}[0-9]{{3}})+", text)
    may_group = mark == thousands and text.lstrip("+-")[0] != "0"
    if groups and (text.count(mark) > 1 or may_group):
        return text.replace(mark, "")
    if other in text and not re.fullmatch(
        rf"[+-]?[0-9]{{1,3}}(?:{re.escape(other)}[0-9]{{3}})+{re.escape(mark)}[0-9]+", text
    ):
        return text
    return text.replace(other, "").replace(mark, ".")


def is_stored(text: str) -> bool:
    """Say whether this is an amount as it is stored: crowns, a point, two digits."""
    return bool(_STORED.fullmatch(text)) and text != "-0.00"


def tidy(text: str) -> str:
    """Bring an amount as typed to the stored spelling; what isn't one stays as it was typed."""
    return _tidy(text, thousands=".")


def tidy_english(text: str) -> str:
    """The same of an amount typed on an English page, where 14,500 is no fourteen and a half."""
    return _tidy(text, thousands=",")


def _tidy(text: str, thousands: str) -> str:
    number = parse(_CURRENCY.sub("", text.strip()), thousands=thousands)
    # The size first: rounding what has more digits than a Decimal reckons with is an error.
    if number is None or abs(number) >= 10**15 or not has_places(number, 2):
        return text.strip()
    return f"{number.quantize(Decimal('0.01')) + 0:f}"


def has_places(number: Decimal, places: int) -> bool:
    """Say whether a number has no more than so many decimals, however long it is."""
    shifted = number.scaleb(places, Context(prec=MAX_LENGTH * 2))
    return shifted == shifted.to_integral_value()


def show(text: str) -> str:
    """Show a stored amount for reading: 7 620,00 with hard spaces."""
    return grouped(Decimal(text), places=2) if is_stored(text) else text


def show_english(text: str) -> str:
    """Show a stored amount as English writes it: 7,620.00."""
    return f"{Decimal(text):,.2f}".replace("-", MINUS) if is_stored(text) else text


def grouped(number: Decimal, *, places: int | None = None, mark: str = ",", least: int = 4) -> str:
    """Write a number with groups of three; up to `least` whole digits stay together unless they are money.

    With a decimal point the groups are marked by commas, as English does it.
    """
    text = f"{number:.{places}f}" if places is not None else f"{number:f}"
    whole, _, part = text.lstrip("-").partition(".")
    if len(whole) > (3 if places is not None else least):
        whole = f"{int(whole):,}".replace(",", NBSP if mark == "," else ",")
    sign = MINUS if text.startswith("-") else ""
    return f"{sign}{whole}{mark}{part}" if part else f"{sign}{whole}"
