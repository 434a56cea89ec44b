"""Texts that ask registers: `find(register, field=value)` gives records, `get(register, key)` one of them or None.

A text runs where no database is. What it asks and nobody has answered yet ends it; it is answered, and the text runs
again, so every answer a text gets is of the same moment.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from engine.errors import ScriptError
from engine.expressions.reading import tree_of
from engine.model import Json

#: Functions that ask registers.
LOOKUPS = frozenset({"find", "get"})
#: Functions over a table whose second argument is the name of a column.
_OVER_TABLES = frozenset({"column", "sum_of", "count_where", "rows_where", "find_row"})


class Unanswered(ScriptError):
    """A text asked what isn't among its answers."""

    def __init__(self, question: str) -> None:
        super().__init__("a register has not been asked yet")
        self.question = question


def answering(known: Mapping[str, Json], asked: list[str]) -> dict[str, Callable[..., Json]]:
    """Give `find` and `get` over known answers, by question; what isn't known goes to `asked` and fails."""

    def answer(function: str, register: Json, what: Json) -> Json:
        question = json.dumps([function, register, what], sort_keys=True)
        if question not in known:
            asked.append(question)
            raise Unanswered(question)
        return known[question]

    def find(register: Json, where: Json = None, **more: Json) -> Json:
        return answer("find", register, {**(where or {}), **more})

    return {"find": find, "get": partial(answer, "get")}


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """A call that asks a register, as far as it is written out."""

    #: None: only running it will tell.
    register: str | None
    fields: tuple[str, ...]


def lookups_in(text: str) -> list[Lookup]:
    """List what a text asks of registers, with the fields it names there; nothing of a text that can't be read."""
    tree = tree_of(text)
    nodes = list(ast.walk(tree)) if tree else []
    asking = [node for node in nodes if _is_lookup(node)]
    return [
        Lookup(
            register=next((_text(one) for one in call.args[:1]), None),
            fields=tuple(dict.fromkeys([*_asked_by(call), *_taken_from(call, nodes)])),
        )
        for call in asking
        if isinstance(call, ast.Call)
    ]


def _is_lookup(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKUPS


def _asked_by(call: ast.Call) -> Iterator[str]:
    yield from (one.arg for one in call.keywords if one.arg)
    for given in call.args[1:]:
        if isinstance(given, ast.Dict):
            yield from (name for key in given.keys if key and (name := _text(key)))


def _taken_from(call: ast.Call, nodes: list[ast.AST]) -> Iterator[str]:
    """Give the fields that are read from a call's answer right where it stands."""
    for node in nodes:
        name: ast.expr | None = None
        match node:
            case ast.Subscript(value=value, slice=part) if value is call:
                name = part
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[first, *_]) if value is call:
                name = first
            case ast.Call(func=ast.Name(id=function), args=[first, second, *_]) if first is call:
                name = second if function in _OVER_TABLES else None
        if name is not None and (found := _text(name)):
            yield found


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
