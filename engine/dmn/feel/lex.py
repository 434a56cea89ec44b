"""Cuts a FEEL text into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.errors import DecisionError

#: Functions whose names hold spaces.
SPACED_FUNCTIONS = (
    "date and time",
    "years and months duration",
    "string length",
    "upper case",
    "lower case",
    "starts with",
    "ends with",
    "substring before",
    "substring after",
    "list contains",
    "round half up",
    "round half down",
    "round up",
    "round down",
    "distinct values",
    "index of",
    "insert before",
    "day of week",
    "day of year",
    "month of year",
    "week of year",
    "get value",
    "string join",
)
KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "true",
        "false",
        "null",
    ]
)
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      |(?P<number>\d+(?:\.\d+)?|\.\d+)
      |(?P<text>"(?:[^"\\]|\\.)*")
      |(?P<name>[^\W\d]\w*|\?)
      |(?P<sign>\*\*|\.\.|->|!=|<=|>=|[-+*/=<>()\[\]{},:.@])""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Token:
    #: number, text, name, word (a keyword), sign or end
    kind: str
    text: str
    position: int


def tokens(text: str, names: Iterable[str] = ()) -> Iterator[Token]:
    """Cut a text up; `names` are the names in reach, of which some may hold spaces. Raises DecisionError."""
    special = _special(frozenset(n for n in names if not _PLAIN.fullmatch(n)))
    position = 0
    while position < len(text):
        found = special.match(text, position)
        if found and found[0]:
            yield Token("name", " ".join(found[0].split()), position)
            position = found.end()
            continue
        plain = _TOKEN.match(text, position)
        if not plain:
            raise DecisionError(f"{text[:80]!r} can't be read at {text[position : position + 10]!r}")
        kind = plain.lastgroup or ""
        if kind == "name" and plain[0] in KEYWORDS:
            kind = "word"
        if kind != "space":
            yield Token(kind, plain[0], position)
        position = plain.end()
    yield Token("end", "", position)


@lru_cache(maxsize=256)
def _special(names: frozenset[str]) -> re.Pattern[str]:
    """Give a pattern for names that aren't one word, the longest first."""
    longest = sorted({*names, *SPACED_FUNCTIONS}, key=len, reverse=True)
    return re.compile("|".join(r"\s+".join(map(re.escape, n.split())) + r"(?!\w)" for n in longest if n.strip()))
