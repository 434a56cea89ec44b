r"""What ECMA 262 writes otherwise than Python in regular expressions: named groups, `\p{L}` and code points.

JSON Schema recommends patterns of ECMA 262 with its `u` flag. Whatever both languages write alike is left alone.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

_ESCAPE = re.compile(
    r"\\(?:(?P<kind>[pP])\{(?P<category>[^}]*)\}|u\{(?P<point>[0-9A-Fa-f]{1,6})\}|k<(?P<again>\w+)>|c(?P<control>[A-Za-z])|(?s:.))"
    r"|\(\?<(?P<group>[A-Za-z_$][\w$]*)>"
    r"|(?P<bracket>\[\^?|\])",
    re.ASCII,
)
#: Names of categories that are written in words.
_LONG = {"Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Number": "N", "Decimal_Number": "Nd"}
_LONG |= {"Punctuation": "P", "Separator": "Z", "Space_Separator": "Zs", "Symbol": "S", "Mark": "M"}
#: Properties that are no category but what people write for letters.
_LIKE = {"Alphabetic": "L", "Alpha": "L", "Lowercase": "Ll", "Uppercase": "Lu"}


def translated(pattern: str) -> str:
    """Give the pattern as Python writes it. Raises re.error where it names a property that we don't know."""
    inside = False

    def write(found: re.Match[str]) -> str:
        nonlocal inside
        if found["bracket"]:
            inside = found["bracket"] != "]"
            return found[0]
        return _written(found, inside)

    return _ESCAPE.sub(write, pattern)


def _written(found: re.Match[str], inside: bool) -> str:
    if found["kind"]:
        ranges = _ranges(found["category"], found["kind"] == "P")
        return ranges if inside else f"[{ranges}]"
    writers: dict[str, Callable[[str], str]] = {
        "point": lambda point: re.escape(chr(int(point, 16))),
        "again": lambda name: f"(?P={name})",
        "control": lambda letter: f"\\x{ord(letter.upper()) - 64:02x}",
        "group": lambda name: f"(?P<{name.replace('$', '_')}>",
    }
    return next((write(found[name]) for name, write in writers.items() if found[name] is not None), found[0])


@cache
def _ranges(named: str, others: bool) -> str:
    """Write the characters of a category, or all others, as the inside of a class."""
    key, _, value = named.rpartition("=")
    if key and key not in ("General_Category", "gc"):
        raise re.error(f"the property {named} is not known here")
    category = _LIKE.get(value, _LONG.get(value, value))
    fits = [category in (found, found[:1]) for found in map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))]
    if not any(fits):
        raise re.error(f"the property {named} is not known here")
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _runs([fit is not others for fit in fits]))


def _runs(fits: list[bool]) -> Iterator[tuple[int, int]]:
    """Give first and last of each run of what fits."""
    start = None
    for point, fit in enumerate([*fits, False]):
        if fit and start is None:
            start = point
        elif not fit and start is not None:
            yield start, point - 1
            start = None
