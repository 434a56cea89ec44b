"""Whole numbers as they stand in an address or come with a form."""

from __future__ import annotations

from flask import request

#: Digits of the longest number that any database of ours can keep.
LONGEST = 18


def whole(text: str, longest: int = 9) -> int | None:
    """The number written in digits; None where it is none, or longer than what is asked for."""
    # A superscript is a digit for isdigit() and none for int(), which refuses thousands of digits too.
    return int(text) if text.isdecimal() and len(text) <= longest else None


def page_number(name: str = "page") -> int:
    """Which page of a list the address asks for."""
    return whole(request.args.get(name, "")) or 1
