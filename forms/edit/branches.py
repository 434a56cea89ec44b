"""Parts of a schema that apply for some answers only: which there are, what they ask, and who depends on whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forms.conditions import same
from forms.edit import expressions
from forms.edit.conditions import Condition, read, written
from forms.edit.places import Moves, Schema, data_path, part, properties, relocated
from forms.pointers import MISSING, get, join, put, split

Json = Any
_INTO_DATA = ("properties", "$defs", "definitions", "patternProperties")
THEN, ELSE = SIDES = ("then", "else")
_JOINED, _DEPENDENT = ("allOf", "anyOf", "oneOf"), ("dependentSchemas", "dependencies")


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
    """Give the place of a branch that holds nothing but fields under this very condition."""
    for place, asked in conditionals(schema, container):
        if place != container and is_simple(schema, place) and same(asked, written(condition)):
            return place
    return None


def is_simple(schema: Schema, place: str) -> bool:
    """Whether a branch is only a condition over fields, so that it may go when the last of them does."""
    branch = get(schema, place)
    if not isinstance(branch, dict) or not {"if"} < branch.keys() <= {"if", *SIDES}:
        return False
    sides = [branch[side] for side in SIDES if side in branch]
    return all(_only_fields(side) for side in sides) and read(branch["if"]) is not None


def _only_fields(side: Json) -> bool:
    return isinstance(side, dict) and side.keys() <= {"properties", "required", "allOf", "oneOf"}


def side_of(container: str) -> tuple[str, str]:
    """Give the place of the branch and the side on which a container stands; ("", "") for none."""
    branch, _, last = container.rpartition("/")
    return (branch, last) if last in SIDES else ("", "")


def condition_of(schema: Schema, place: str) -> Condition | None:
    """Give the condition under which a field is asked; None where there is none that tests can say."""
    branch, side = side_of(place.rpartition("/")[0].removesuffix("/properties"))
    if not side or not isinstance(get(schema, branch + "/if"), dict):
        return None
    return read(get(schema, branch + "/if"))


def new_branch(schema: Schema, container: str, condition: Condition) -> tuple[Schema, str]:
    """Add a branch for a condition that asks nothing yet; gives the schema and the place of the branch."""
    listed = get(schema, f"{container}/allOf")
    count = len(listed) if isinstance(listed, list) else 0
    branch = {"if": written(condition)}
    if count:
        return put(schema, f"{container}/allOf/{count}", branch), f"{container}/allOf/{count}"
    return put(schema, f"{container}/allOf", [branch]), f"{container}/allOf/0"


def without_empty(schema: Schema, container: str) -> tuple[Schema, Moves]:
    """Take away a side of a condition that holds no field any more, and the condition with its last side.

    Gives how what stands behind it moved.
    """
    holder, side = side_of(container)
    listed, _, at = holder.rpartition("/")
    if not side or not listed.endswith("/allOf") or not is_simple(schema, holder) or properties(schema, container):
        return schema, {}
    if any(get(schema, f"{container}/{keyword}") is not MISSING for keyword in ("allOf", "oneOf")):
        return schema, {}
    if part(schema, holder).keys() >= {"if", *SIDES}:
        return relocated(put(schema, container, MISSING), {container: None}), {container: None}
    count, gone = len(get(schema, listed)), int(at)
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
        for where, asked in conditions(schema, level):
            if asks(asked, path) and not where.startswith(place + "/"):
                found += [*properties(schema, f"{where}/then"), *properties(schema, f"{where}/else")]
        if not level:
            break
        level = home(level.rpartition("/")[0].removesuffix("/properties"))
    return [*found, *_in_expressions(schema, place)]


def holders(schema: Schema, level: str) -> Iterator[str]:
    """Give the places that speak of the same answers and may hold conditions: branches and alternatives, inside too."""
    own = get(schema, level)
    if not isinstance(own, dict):
        return
    yield level
    for keyword in SIDES:
        yield from holders(schema, f"{level}/{keyword}")
    for keyword in _JOINED:
        for at in range(len(own[keyword]) if isinstance(own.get(keyword), list) else 0):
            yield from holders(schema, f"{level}/{keyword}/{at}")
    for keyword in _DEPENDENT:
        for name in own[keyword] if isinstance(own.get(keyword), dict) else ():
            yield from holders(schema, join(f"{level}/{keyword}", name))


def conditions(schema: Schema, level: str) -> Iterator[tuple[str, Json]]:
    """Give every condition that looks at the answers of a level, with the place of the schema that holds its `if`."""
    for holder in holders(schema, level):
        asked = get(schema, f"{holder}/if")
        if asked is not MISSING:
            yield holder, asked


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
    inner = [part for keyword in _JOINED for part in condition.get(keyword) or ()]
    return any(asks(one, path) for one in (*inner, condition.get("not")) if isinstance(one, dict))


def _in_expressions(schema: Schema, place: str) -> Iterator[str]:
    name = data_path(place)[-1]
    own = part(schema, place) if isinstance(get(schema, place), dict) else {}
    inside = [text for text, _label in expressions.texts(own)]
    for text, label in expressions.texts(schema):
        if text in inside:
            inside.remove(text)
        elif expressions.names(text, name):
            yield label or name


def names_taken(schema: Schema, home: str) -> set[str]:
    """Give the names that an object's answers may already have, whatever branch asks for them."""
    names, waiting = set(), [get(schema, home)]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            continue
        found = one.get("properties")
        names |= set(found if isinstance(found, dict) else ())
        for keyword in _JOINED:
            waiting += one[keyword] if isinstance(one.get(keyword), list) else []
        waiting += [one.get(keyword) for keyword in SIDES]
        for keyword in _DEPENDENT:
            waiting += one[keyword].values() if isinstance(one.get(keyword), dict) else []
    return names
