"""Patterns of authors: refused when they can't be read or could take for ever on a hostile answer."""

from __future__ import annotations

import re
from functools import lru_cache

from forms.errors import FormSchemaError

#: Longer texts are never matched against a pattern; validation says so.
MAX_TEXT = 10_000


@lru_cache(maxsize=2_000)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in the meaning of ECMA 262: classes are ASCII, $ is the very end."""
    ends = re.search(r"(?<!\\)(?:\\\\)*\$$", pattern)
    return re.compile(pattern[:-1] + r"\Z" if ends else pattern, re.ASCII)


def matches(pattern: str, text: str) -> bool:
    """Say whether the pattern is found in the text."""
    return len(text) <= MAX_TEXT and compiled(pattern).search(text) is not None


def refuse_unsafe(pattern: str, pointer: str) -> None:
    """Raise FormSchemaError when the pattern can't be read."""
    try:
        compiled(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise FormSchemaError(f"The pattern {pattern[:80]} can't be read: {error}", pointer) from error
