"""Parts of a schema that apply for some answers only: which there are, what they ask, and who depends on whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from forms.conditions import same
from forms.edit.conditions import Condition, read, written
from forms.edit.places import Moves, Schema, data_path, part, properties, relocated
from forms.graph import schemas
from forms.pointers import MISSING, get, join, put, split

Json = Any
_INTO_DATA = ("properties", "$defs", "definitions", "patternProperties")
_EXPRESSIONS = ("x-computed", "x-visible")


def home(container: str) -> str:
    """Give the schema that stands for the same object: a branch of `then`, `allOf` … speaks of its parent's answers."""
    tokens, last, at = split(container), 0, 0
    while at < len(tokens):
        if tokens[at] in _INTO_DATA:
            at += 1
            last = at + 1
        elif tokens[at] == "items":
            last = at + 1
        at += 1
    return join("", *tokens[:last])


def conditionals(schema: Schema, container: str) -> Iterator[tuple[str, Json]]:
    """Give each condition of a container with the place of the schema that holds its `if`."""
    holder = get(schema, container)
    if not isinstance(holder, dict):
        return
    if "if" in holder:
        yield container, holder["if"]
    listed = holder.get("allOf")
    for at, one in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(one, dict) and "if" in one:
            yield f"{container}/allOf/{at}", one["if"]


def simple_branch(schema: Schema, container: str, condition: Condition) -> str | None:
    """Give the `then` of a branch that holds nothing but fields under this very condition."""
    for place, asked in conditionals(schema, container):
        if place != container and is_simple(schema, place) and same(asked, written(condition)):
            return f"{place}/then"
    return None


def is_simple(schema: Schema, place: str) -> bool:
    """Whether a branch is only a condition over fields, so that it may go when the last of them does."""
    branch = get(schema, place)
    if not isinstance(branch, dict) or branch.keys() != {"if", "then"}:
        return False
    then = branch["then"]
    return (
        isinstance(then, dict) and then.keys() <= {"properties", "required", "allOf"} and read(branch["if"]) is not None
    )


def condition_of(schema: Schema, place: str) -> Condition | None:
    """Give the condition under which a field is asked; None where there is none that tests can say."""
    container = place.rpartition("/")[0].removesuffix("/properties")
    holder = container.removesuffix("/then")
    if holder == container or not isinstance(get(schema, holder + "/if"), dict):
        return None
    return read(get(schema, holder + "/if"))


def new_branch(schema: Schema, container: str, condition: Condition) -> tuple[Schema, str]:
    """Add a branch for a condition; gives the schema and the place of its `then`."""
    listed = get(schema, f"{container}/allOf")
    count = len(listed) if isinstance(listed, list) else 0
    branch = {"if": written(condition), "then": {"properties": {}}}
    if count:
        return put(schema, f"{container}/allOf/{count}", branch), f"{container}/allOf/{count}/then"
    return put(schema, f"{container}/allOf", [branch]), f"{container}/allOf/0/then"


def without_empty(schema: Schema, then: str) -> tuple[Schema, Moves]:
    """Take away the branch of a `then` that holds no field any more; gives how the others moved."""
    holder = then.removesuffix("/then")
    listed, _, at = holder.rpartition("/")
    branch = get(schema, holder)
    if not listed.endswith("/allOf") or not is_simple(schema, holder) or properties(schema, then):
        return schema, {}
    if get(schema, then + "/allOf") is not MISSING:
        return schema, {}
    count, gone = len(get(schema, listed)), int(at)
    assert isinstance(branch, dict)
    moves: dict[str, str | None] = {f"{listed}/{gone}": None}
    moves |= {f"{listed}/{old}": f"{listed}/{old - 1}" for old in range(gone + 1, count)}
    return relocated(put(schema, listed if count == 1 else holder, MISSING), moves), moves


def asked_by(schema: Schema, place: str) -> list[str]:
    """Give the names of what depends on the answer of a field: questions under a condition, computed values, rules."""
    found: list[str] = []
    here = place.rpartition("/")[0].removesuffix("/properties")
    level = home(here)
    while True:
        path = data_path(place)[len(data_path(level)) :]
        for holder in holders(schema, level):
            for where, asked in conditionals(schema, holder):
                if asks(asked, path) and not where.startswith(place + "/"):
                    found += properties(schema, f"{where}/then") or properties(schema, f"{where}/else")
        if not level:
            break
        level = home(level.rpartition("/")[0].removesuffix("/properties"))
    return [*found, *_in_expressions(schema, place)]


def holders(schema: Schema, level: str) -> Iterator[str]:
    """Give the places that speak of the same answers and may hold conditions, branches inside branches too."""
    yield level
    for where, _ in conditionals(schema, level):
        for keyword in ("then", "else"):
            if isinstance(get(schema, f"{where}/{keyword}"), dict):
                yield from holders(schema, f"{where}/{keyword}")


def asks(condition: Json, path: tuple[str, ...]) -> bool:
    """Whether a condition looks at an answer, or into it."""
    if not isinstance(condition, dict) or not path:
        return bool(path) is False
    looked_at = condition.get("properties")
    deeper = looked_at.get(path[0]) if isinstance(looked_at, dict) else None
    if deeper is not None and (len(path) == 1 or asks(deeper, path[1:])):
        return True
    if len(path) == 1 and path[0] in (condition.get("required") or ()):
        return True
    inner = [part for keyword in ("allOf", "anyOf", "oneOf") for part in condition.get(keyword) or ()]
    return any(asks(one, path) for one in (*inner, condition.get("not")) if isinstance(one, dict))


def _in_expressions(schema: Schema, place: str) -> Iterator[str]:
    name, own = data_path(place)[-1], part(schema, place) if isinstance(get(schema, place), dict) else {}
    inside = {id(one) for one in schemas(own)}
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for one in schemas(schema):
        if id(one) in inside:
            continue
        texts = [one.get(keyword) for keyword in _EXPRESSIONS]
        rules = one.get("x-rules")
        texts += [rule.get("check") for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
        plain = (text.get("expression") if isinstance(text, dict) else text for text in texts)
        if any(isinstance(text, str) and word.search(text) for text in plain):
            title = one.get("title")
            yield title if isinstance(title, str) else name


def names_taken(schema: Schema, home: str) -> set[str]:
    """Give the names that an object's answers may already have, whatever branch asks for them."""
    names, waiting = set(), [get(schema, home)]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            continue
        found = one.get("properties")
        names |= set(found if isinstance(found, dict) else ())
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting += one[keyword] if isinstance(one.get(keyword), list) else []
        waiting += [one.get(keyword) for keyword in ("then", "else")]
        for keyword in ("dependentSchemas", "dependencies"):
            waiting += one[keyword].values() if isinstance(one.get(keyword), dict) else []
    return names
