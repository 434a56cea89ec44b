"""JSON as text, as short as can be, and written fast: a command writes several small values."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder
from typing import Any


class Writer:
    """Writes JSON values as text. An object, no closure: psycopg makes a class anew for each use of a closure."""

    __slots__ = ("_chunks",)

    def __init__(self, chunks: Callable[[Any, int], Any]) -> None:
        self._chunks = chunks

    def __call__(self, value: Any) -> str:
        """Give the text; raises TypeError for a value that JSON hasn't and nothing stands for."""
        return "".join(self._chunks(value, 0))


def writer(default: Callable[[Any], Any] | None = None) -> Callable[[Any], str]:
    """Give what writes a JSON value as text; `default` gives what stands for a value that JSON hasn't."""
    plain = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=default)
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    # JSONEncoder.encode makes this anew for each value, which costs twice what a small value does.
    return Writer(make(None, plain.default, encoder.encode_basestring, None, ":", ",", False, False, True))
