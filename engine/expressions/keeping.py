"""What a text may leave behind: values that every database keeps and every later reader stands."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import ScriptError
from engine.model import Json

#: Lists in lists: a text that wraps a variable once a round would otherwise end in what nobody can read any more.
DEEPEST_VALUE = 60
#: About a thousand digits; a number that is squared once a round has them soon.
MOST_BITS = 3_400
#: Items of one list, or fields of one record.
MOST_ITEMS = 500_000


def must_be_keepable(values: Iterable[Json]) -> None:
    """Raise ScriptError for a value that is nested too deeply, too long, or can't be kept otherwise."""
    waiting = [(value, 0) for value in values]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            if "\0" in value:
                raise ScriptError("a text has a NUL character, which can't be kept")
        elif isinstance(value, (list, tuple, dict)):
            if depth >= DEEPEST_VALUE:
                raise ScriptError("a value is nested too deeply")
            if len(value) > MOST_ITEMS:
                raise ScriptError("a list has more items than it may")
            inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value
            waiting += [(part, depth + 1) for part in inner]
        elif isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise ScriptError("a number has more digits than it may")
