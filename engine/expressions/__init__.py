"""Starlark, the one language for logic: compile, evaluate within limits, names a text uses.

Light texts run in this process, all others in a guarded one (`guard`). Variables are JSON, in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from engine.errors import ScriptError
from engine.expressions import pool
from engine.expressions.asking import LOOKUPS, lookups_in
from engine.expressions.office import BUILTINS as OFFICE
from engine.expressions.plain import Unsure, plain
from engine.expressions.reading import LONGEST_TEXT, Reading, read
from engine.expressions.running import parsed, run
from engine.expressions.wrong import in_both
from engine.model import Json
from engine.said import Said, said_by

__all__ = [
    "FUNCTIONS",
    "LOOKUPS",
    "evaluate",
    "evaluate_asking",
    "evaluate_value",
    "in_both",
    "interrupted",
    "lookups_in",
    "names_in",
    "problem_in",
    "read",
    "stop",
]

#: Every function a text may call.
FUNCTIONS = frozenset(OFFICE) | frozenset(
    [
        "value_of",
        "len",
        "str",
        "int",
        "bool",
        "float",
        "list",
        "dict",
        "tuple",
        "min",
        "max",
        "abs",
        "sorted",
        "reversed",
        "range",
        "enumerate",
        "zip",
        "any",
        "all",
        "fail",
        "type",
        "repr",
        "hash",
        "dir",
        "hasattr",
        "getattr",
        "chr",
        "ord",
    ]
)
#: A light text's variables may have this many parts (list items, record fields, 64 characters of text).
_MOST_PARTS = 2_000
#: Parts times the text's work: some 16 MB are made at most.
_MOST_WORK = 250_000
#: Parts where numbers are multiplied: a text of this length may be one number.
_MOST_MULTIPLIED = 200

stop = pool.stop
interrupted = pool.interrupted


def evaluate(text: str, lookup: Callable[[str], tuple[bool, Json]]) -> tuple[Json, dict[str, Json]]:
    """Run a text; `lookup(name)` gives (known, value).

    Gives the value of the last expression and the variables that the text changed. The values given are never
    touched. Raises ScriptError.
    """
    if len(text) > LONGEST_TEXT:
        raise ScriptError(_too_long())
    reading = read(text)
    found = {name: lookup(name) for name in reading.names}
    given = {name: value for name, (known, value) in found.items() if known}
    if simple := plain(text):
        with suppress(Unsure):
            return simple(given)
    if _harmless(reading, given):
        return run(text, given)
    try:
        answer = pool.ask({"do": "run", "text": text, "given": given})
    except (ValueError, TypeError, RecursionError) as error:
        raise ScriptError(f"the variables are no JSON: {error}") from error
    return answer["value"], answer["changed"]


def evaluate_value(text: str, variables: Mapping[str, Json]) -> Json:
    """Give the value of a text over some variables. Raises ScriptError."""
    return evaluate(text, lambda name: (name in variables, variables.get(name)))[0]


def evaluate_asking(
    text: str, variables: Mapping[str, Json], known: dict[str, Json], answer: Callable[[str], Json]
) -> Json:
    """Give the value of a text that may ask registers: `answer` is asked once for each question, `known` grows by it.

    A question is JSON: `["find", register, {field: value}]` or `["get", register, key]`. `answer` raises ScriptError
    for what may not be asked, and so ends also a text that never stops asking.
    """
    reading = read(text)
    if len(text) > LONGEST_TEXT or not LOOKUPS & reading.only_called:
        return evaluate_value(text, variables)
    given = {name: variables[name] for name in reading.names if name in variables}
    while True:
        try:
            found = pool.ask({"do": "run", "text": text, "given": given, "known": known})
        except (ValueError, TypeError, RecursionError) as error:
            raise ScriptError(f"the variables are no JSON: {error}") from error
        if "asks" not in found:
            return found["value"]
        known[found["asks"]] = answer(found["asks"])


def names_in(text: str) -> tuple[str, ...]:
    """List the names in a text that may be variables: read or assigned, without the functions it calls."""
    reading = read(text)
    return tuple(n for n in reading.names if not (n in FUNCTIONS and n in reading.only_called))


def problem_in(text: str) -> str | None:
    """Say why a text can't be read, in both languages (engine.said); None when it can."""
    if len(text) > LONGEST_TEXT:
        return _too_long()
    try:
        if read(text).light:
            parsed(text)
        else:
            pool.ask({"do": "parse", "text": text})
    except ScriptError as error:
        return said_by(error)
    return None


def _too_long() -> Said:
    return Said(f"je delší než {LONGEST_TEXT} znaků", f"the text is longer than {LONGEST_TEXT} characters")


def _harmless(reading: Reading, given: Mapping[str, Json]) -> bool:
    growth = reading.growth
    if growth is None or any(_text_or_table(given.get(name)) for name in growth.numbers):
        return False
    left = min(_MOST_PARTS, _MOST_WORK // max(1, growth.work))
    if growth.multiplies:
        left = min(left, _MOST_MULTIPLIED)
    for value in given.values():
        left = _left(value, left)
        if left < 0:
            return False
    return True


def _text_or_table(value: Json) -> bool:
    return isinstance(value, (str, list, dict, tuple))


def _left(value: Json, left: int) -> int:
    """Subtract a value's parts from what may be left; stop as soon as it is used up."""
    waiting = [value]
    while waiting and left >= 0:
        part = waiting.pop()
        left -= 1
        if isinstance(part, str):
            left -= len(part) // 64
        elif isinstance(part, int):
            left -= part.bit_length() // 512
        elif isinstance(part, dict):
            left -= len(part)
            waiting += part.values() if left >= 0 else ()
        elif isinstance(part, (list, tuple)):
            waiting += part if len(part) <= left else ()
            left -= 0 if len(part) <= left else left + 1
    return left
