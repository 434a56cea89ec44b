"""JSON of programs, read strictly: what no database of ours can keep is refused before anything happens."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

#: Deeper than any form; a thousand levels would exhaust the stack of whoever walks through them.
DEEPEST = 60


class BadJson(Exception):
    """The body is not JSON that can be taken; the message is the sentence."""


def read(body: bytes) -> Any:
    """Read a body. Raises BadJson."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_number)
    except RecursionError:
        raise BadJson(f"The body is nested deeper than {DEEPEST} levels.") from None
    except ValueError as error:
        raise BadJson(f"The body is not valid JSON: {error}.") from None
    check(value)
    return value


def check(value: Any) -> None:
    """Refuse what was read but can't be kept: texts with NUL or half a character, more levels than any form has.

    Raises BadJson.
    """
    for text in _texts(value):
        _refuse_text(text)


def _texts(value: Any) -> Iterator[str]:
    """All texts of a value, keys too."""
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise BadJson(f"The body is nested deeper than {DEEPEST} levels.")
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield from one
            waiting += [(inner, depth + 1) for inner in one.values()]
        elif isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one]


def _refuse_text(text: str) -> None:
    if "\0" in text:
        raise BadJson("A text of the body holds the NUL character, which can't be kept.")
    # JSON can write half of a pair of UTF-16; no text has it and no database takes it.
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadJson("A text of the body holds half of a character (a lone surrogate), which can't be kept.")


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    raise BadJson(f"{text[:40]} is no number that JSON has.")
