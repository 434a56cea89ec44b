"""Large values beside the state: whoever keeps the state keeps them too, the state and the history only name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from engine.json_text import writer
from engine.kernel.state import Entry, State, Token
from engine.model import Json, Variables

#: Characters of JSON from which on a value has a row of its own. Reading and writing so much costs what the rest of a
#: completion does in memory; a smaller bound would cost a read for what every form of some length holds.
BOUND = 16_384
_KEY = "$large"
_MARK = f'"{_KEY}"'
_NAMED = re.compile(r'"\$large":"([0-9a-f]{64})"')
#: Characters of a list to go over, or of results, that a state over the bound holds itself; slices are as long.
_PIECE = BOUND // 2
#: What can't be large however it is written.
_SHORT = BOUND // 8


class Large(Protocol):
    """Keeps the large values of one case."""

    def get(self, name: str) -> Json:
        """Give the value of a name."""

    def keep(self, text: str) -> str:
        """Keep a value's JSON text and give its name; the same text has the same name."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Stands for a large value where a variable's value stands."""

    name: str

    def as_json(self) -> Json:
        """Give it as it is written. Nobody's value looks so: one that does is kept like a large one."""
        return {_KEY: self.name}


#: Gives the JSON text of a value that may hold references.
write = writer(Reference.as_json)


def is_small(value: Json) -> bool:
    """Whether a value surely isn't large; most aren't."""
    if isinstance(value, str):
        return len(value) < _SHORT
    return value is None or isinstance(value, (bool, int, float, Reference))


def text_if_large(value: Json) -> str | None:
    """Give a value's JSON text where it must be kept beside the state."""
    if is_small(value):
        return None
    text = write(value)
    return text if len(text) > BOUND or as_reference(value) else None


def as_reference(value: Json) -> Reference | None:
    """Read a reference as it was written; None for anything else."""
    named = isinstance(value, dict) and len(value) == 1 and isinstance(value.get(_KEY), str)
    return Reference(value[_KEY]) if named else None


def may_name(text: str) -> bool:
    """Whether a text could name large values; without looking closely."""
    return _MARK in text


def names_in(text: str) -> set[str]:
    """Give the names of the large values that a text refers to; also of what only looks so, deep in a value."""
    return set(_NAMED.findall(text)) if _MARK in text else set()


def take_names(state: State) -> None:
    """Put references where they are written in a state that was just read."""
    for variables in everywhere(state):
        for name, value in variables.items():
            if found := as_reference(value):
                variables[name] = found


def names(state: State) -> set[str]:
    """Give the names of the large values that a state refers to."""
    held = [value for variables in everywhere(state) for value in variables.values()]
    return {found.name for found in map(as_reference, held) if found}


def put_aside(state: State, large: Large) -> None:
    """Keep every large value of a state beside it, and lists that a multi-instance activity goes over in slices."""
    for token in state["tokens"].values():
        _slice(token, large)
    for variables in everywhere(state):
        for name, value in variables.items():
            if text := text_if_large(value):
                variables[name] = Reference(large.keep(text))


def _slice(token: Token, large: Large) -> None:
    """Of a long list a step reads the slice of its item only; results that are ready aren't written again."""
    if "items" in token and len(text := write(token["items"])) > _PIECE:
        items = token.pop("items")
        per = token["per"] = max(1, len(items) * _PIECE // len(text))
        slices = [items[begin : begin + per] for begin in range(0, len(items), per)]
        token["slices"] = {str(k): Reference(large.keep(write(part))) for k, part in enumerate(slices)}
    if "out" in token and len(text := write(token["out"])) > _PIECE:
        ready = token.setdefault("ready", {})
        ready[str(len(ready))] = Reference(large.keep(text))
        del token["out"]


def everywhere(state: State) -> Iterator[Variables]:
    """Give every place with values in it."""
    ran = [token["ran"] for token in state["tokens"].values() if "ran" in token]
    for scope in [*state["scopes"].values(), *ran]:
        yield scope["vars"]
        yield from _logged(scope.get("log", ()))
    for token in state["tokens"].values():
        for place in (token.get("vars"), token.get("out"), token.get("slices"), token.get("ready")):
            if place:
                yield place
        yield from _logged(token.get("log", ()))
        yield from _logged(token.get("undo", ()))
    if "data" in state:
        yield state["data"]


def _logged(log: Iterable[Entry]) -> Iterator[Variables]:
    for entry in log:
        if "vars" in entry:
            yield entry["vars"]
        yield from _logged(entry.get("log", ()))
