"""Symbols that somebody may have meant who mistyped one."""

from __future__ import annotations

DIGITS = "0123456789"
#: Shorter ones are near to too many.
SHORTEST, LONGEST = 6, 10


def near(symbol: str) -> set[str]:
    """Give symbols with one digit changed, added or left out, or two neighbours swapped; none for short ones."""
    if not SHORTEST <= len(symbol) <= LONGEST:
        return set()
    cuts = [(symbol[:at], symbol[at:]) for at in range(len(symbol) + 1)]
    changed = {head + digit + tail[1:] for head, tail in cuts if tail for digit in DIGITS}
    added = {head + digit + tail for head, tail in cuts for digit in DIGITS}
    left_out = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found = changed | added | left_out | swapped
    return {one.lstrip("0") for one in found if len(one) <= LONGEST} - {symbol, ""}
