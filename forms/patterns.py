"""Patterns of authors: read once, never able to take for ever on a hostile answer.

Python's matcher tries alternatives one by one and can need exponential time. A pattern in which a repetition holds
another one, or that repeats without a limit more than twice, is therefore matched by `linear`, which follows all
alternatives at once; what that can't read (references back, looking behind) is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

from forms.ecma import translated
from forms.errors import FormSchemaError
from forms.linear import TooHard, linear, risk

#: Longer texts are never matched against a pattern; validation says so.
MAX_TEXT = 10_000
#: Looking ahead walks through the text again at each place.
MAX_LOOKING = 2_000
#: So many repetitions without a limit stay quick on a text of that length.
_MOST_REPEATS = 1


@lru_cache(maxsize=2_000)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in the meaning of ECMA 262: classes are ASCII, $ is the very end."""
    pattern = translated(pattern)
    ends = re.search(r"(?<!\\)(?:\\\\)*\$$", pattern)
    return re.compile(pattern[:-1] + r"\Z" if ends else pattern, re.ASCII)


def matches(pattern: str, text: str) -> bool:
    """Say whether the pattern is found in the text."""
    if len(text) > (MAX_LOOKING if "(?=" in pattern or "(?!" in pattern else MAX_TEXT):
        return False
    if is_risky(pattern):
        return linear(translated(pattern))(text)
    return compiled(pattern).search(text) is not None


@lru_cache(maxsize=2_000)
def is_risky(pattern: str) -> bool:
    """Say whether trying alternatives one by one could take long. Raises TooHard."""
    nested, repeats = risk(translated(pattern))
    return nested or repeats > _MOST_REPEATS


def refuse_unsafe(pattern: str, pointer: str) -> None:
    """Raise FormSchemaError when the pattern can't be read, or not matched in bounded time."""
    try:
        compiled(pattern)
        if is_risky(pattern):
            linear(translated(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise FormSchemaError(
            f"Vzor {pattern[:80]} se nedá přečíst.", f"The pattern {pattern[:80]} can't be read: {error}", pointer
        ) from error
    except TooHard as error:
        raise FormSchemaError(
            f"Porovnávání se vzorem {pattern[:80]} by mohlo trvat věčně: {error.czech}",
            f"The pattern {pattern[:80]} could take for ever: {error}",
            pointer,
        ) from error
