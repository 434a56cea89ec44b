"""JSON Pointers (RFC 6901): places in data, names of controls, ids of elements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

Json = Any


class Missing:
    """The one value that says "there is nothing here", because null is an answer too."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"~x([0-9a-f]{4})")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9_]")


def escape(token: str) -> str:
    """Escape one token of a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def join(pointer: str, *tokens: str | int) -> str:
    """Lengthen a pointer by tokens."""
    return pointer + "".join("/" + escape(str(token)) for token in tokens)


def split(pointer: str) -> list[str]:
    """Give the tokens of a pointer, unescaped."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def get(data: Json, pointer: str) -> Json:
    """Read the value at a pointer; MISSING when there is none."""
    for token in split(pointer):
        if isinstance(data, dict):
            data = data.get(token, MISSING)
        elif isinstance(data, list) and token.isascii() and token.isdigit() and int(token) < len(data):
            data = data[int(token)]
        else:
            return MISSING
    return data


def put(data: Json, pointer: str, value: Json) -> Json:
    """Give a copy of the data with the value at a pointer; objects on the way are made, MISSING removes."""
    tokens = split(pointer)
    return _put(data, tokens, value) if tokens else value


def _put(data: Json, tokens: list[str], value: Json) -> Json:
    token, rest = tokens[0], tokens[1:]
    if isinstance(data, list):
        return _put_row(data, int(token), rest, value)
    changed = dict(data) if isinstance(data, dict) else {}
    if rest:
        changed[token] = _put(changed.get(token, {}), rest, value)
    elif value is MISSING:
        changed.pop(token, None)
    else:
        changed[token] = value
    return changed


def _put_row(data: list[Json], index: int, rest: list[str], value: Json) -> list[Json]:
    rows = list(data)
    if rest:
        rows[index] = _put(rows[index], rest, value)
    elif value is MISSING:
        del rows[index]
    elif index == len(rows):
        rows.append(value)
    else:
        rows[index] = value
    return rows


def name_of(pointer: str) -> str:
    """Give the name of the control for a pointer: the pointer, with what a browser would change written as ~xNNNN."""
    return _UNSAFE.sub(lambda found: f"~x{ord(found.group()):04x}", pointer)


def pointer_of(name: str) -> str:
    """Give the pointer that a control's name stands for."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), name)


def element_id(pointer: str) -> str:
    """Give an id for the control of a pointer: unique, without spaces, readable where the names are.

    What belongs to the control (its hint, its error) has the same id with an end such as ".e", which no other id has.
    """
    tokens: Iterable[str] = split(pointer)
    return "f-" + "-".join(_NOT_IN_ID.sub(lambda found: f".{ord(found.group()):x}.", token) for token in tokens)
