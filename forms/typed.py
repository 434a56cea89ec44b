"""What a person typed, freed of what no keyboard writes and no database, page or PDF can hold."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any, NoReturn

from forms.pointers import MISSING

Json = Any

#: Deeper JSON is no answer of a person; pages and checks walk through it.
DEEPEST = 40
#: Line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """Leave out control characters and write line ends as one character."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def typed_json(text: str) -> Json:
    """Read JSON; MISSING where the text is none, is too deep, or has a number that would be rounded."""
    try:
        return _clean(json.loads(text, parse_constant=_refuse, parse_float=_exact), DEEPEST)
    except (ValueError, RecursionError):
        return MISSING


def _clean(value: Json, deeper: int) -> Json:
    # JSON can write as \u0000 or \ud83c what the wire can't carry.
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict | list) and not deeper:
        raise ValueError("too deep")
    if isinstance(value, dict):
        return {clean(name): _clean(inner, deeper - 1) for name, inner in value.items()}
    return [_clean(inner, deeper - 1) for inner in value] if isinstance(value, list) else value


def _exact(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or Decimal(repr(number)) != Decimal(text):
        raise ValueError("would be rounded")
    return number


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
