"""Runs one Starlark text in this process. Only for texts that can't hurt, and inside the guarded process."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from types import NoneType

import starlark

from engine.errors import ScriptError
from engine.expressions.asking import LOOKUPS, Unanswered, answering
from engine.expressions.keeping import must_be_keepable
from engine.expressions.office import BUILTINS
from engine.expressions.reading import Reading, read
from engine.expressions.wrong import in_both, in_words
from engine.model import Json
from engine.said import Said

#: Seconds of computing.
SECONDS = 2.0
DEEPEST_CALL = 100
#: Characters of a sentence that says what went wrong.
LONGEST_SENTENCE = 500
#: Characters of JSON that a text may give back.
LARGEST_ANSWER = 4_000_000

_POSITION = re.compile(r"--> \w+:(\d+):(\d+)")
#: What the parser says of a text, beside all that it calls a parse error.
_ILL_PLACED = "cannot be used outside of"
_PYTHON_CLASS = re.compile(r"^(?:\w*Error|BadTime|Invalid\w*): ")

_TOO_LONG = Said("výraz se počítal déle, než smí", "the text computed longer than it may")

DIALECT = starlark.Dialect.extended()
DIALECT.enable_load = False
DIALECT.enable_top_level_stmt = True
DIALECT.enable_f_strings = True
_GLOBALS = starlark.Globals.standard()


@lru_cache(maxsize=4096)
def parsed(text: str) -> starlark.AstModule:
    """Parse a text. A deeply nested one would overflow the stack: parse it in the guarded process."""
    try:
        return starlark.parse("text", read(text).text, DIALECT)
    except starlark.StarlarkError as error:
        raise ScriptError(sentence(error, text)) from error


def run(text: str, given: Mapping[str, Json], known: Mapping[str, Json] | None = None) -> tuple[Json, dict[str, Json]]:
    """Give the value of the last expression and the variables that the text changed.

    `known`: what registers answered, by question; None = the text may ask none. Raises ScriptError; Unanswered for a
    question that isn't known.
    """
    asked: list[str] = []
    reading = read(text)
    module = starlark.Module()
    deadline = time.thread_time() + SECONDS
    options = starlark.EvalOptions(
        check_cancelled=lambda: time.thread_time() > deadline, max_callstack_size=DEEPEST_CALL
    )
    try:
        _provide(module, reading, given)
        if known is not None:
            _let_ask(module, reading, answering(known, asked))
        value = starlark.eval_with(options, module, parsed(text), _GLOBALS).value
        changed = dict(_changes(module, reading, given))
        must_be_keepable([value, *changed.values()])
        return value, changed
    except starlark.StarlarkError as error:
        if asked:
            raise Unanswered(asked[0]) from error
        late = time.thread_time() > deadline
        raise ScriptError(_TOO_LONG if late else sentence(error)) from error
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ScriptError(in_both(_plain(str(error)) or type(error).__name__)) from error


def _provide(module: starlark.Module, reading: Reading, given: Mapping[str, Json]) -> None:
    for name in reading.names:
        if name in BUILTINS and (name not in given or name in reading.only_called):
            module.add_callable(name, BUILTINS[name])
        elif name == "value_of" and name not in given:
            module.add_callable(name, partial(_value_of, given))
        elif name in given and name not in reading.only_called:
            module[name] = given[name]


def _let_ask(module: starlark.Module, reading: Reading, functions: Mapping[str, Callable[..., Json]]) -> None:
    for name in LOOKUPS & reading.only_called:
        module.add_callable(name, functions[name])


def _value_of(given: Mapping[str, Json], name: str, default: Json = None) -> Json:
    return given.get(name, default)


def _changes(module: starlark.Module, reading: Reading, given: Mapping[str, Json]) -> list[tuple[str, Json]]:
    """List what differs afterwards. A new name that begins with _ stays in the text; so do functions."""
    touched = reading.assigns if reading.light else reading.assigns | given.keys()
    changed = []
    for name in reading.names:
        if name not in touched or name in reading.only_called:
            continue
        is_json, value = _value(module, name)
        if name in given:
            if not same(value, given[name]):
                changed.append((name, value))
        elif not name.startswith("_") and (value is not None or (is_json and name in reading.surely)):
            changed.append((name, value))
    return changed


def _value(module: starlark.Module, name: str) -> tuple[bool, Json]:
    """Give whether a variable is JSON, and its value; a function has None, a name that got no value too."""
    try:
        return True, module[name]
    except starlark.StarlarkError as error:
        if "serde" in str(error):
            return False, None
        raise


def same(one: Json, other: Json) -> bool:
    """Compare as JSON does: true is not 1, 1.0 is not 1."""
    if type(one) is type(other) and isinstance(one, (str, int, NoneType)):
        return bool(one == other)
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def sentence(error: BaseException, source: str = "") -> str:
    """Give what a person needs of a Starlark error: the sentence and the line; of a text that can't be read also where
    in the line."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    text = next((line for line in lines if line.startswith("error: ")), lines[0]).removeprefix("error: ")
    text = _PYTHON_CLASS.sub("", text)
    position = _POSITION.search(str(error))
    line, column = (int(position[1]), int(position[2])) if position else (1, 1)
    if text.startswith("Parse error: ") or _ILL_PLACED in text:
        return in_words(text, source, read(source).text, line, column)
    return in_both(f"{_plain(text)} (line {line})" if line > 1 else _plain(text))


def _plain(text: str) -> str:
    """Give an error's own words, however much of the data it quotes."""
    if "integer string conversion" in text:
        return "a number has more digits than it may"
    return text if len(text) <= LONGEST_SENTENCE else f"{text[:LONGEST_SENTENCE]}…"
