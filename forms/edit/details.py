"""What is said of one field: its words, limits, whether it must be answered; and its name among the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.edit import branches, expressions, steps
from forms.edit.places import (
    Edited,
    EditRefused,
    Schema,
    container_of,
    data_path,
    field_at,
    is_field,
    name_at,
    part,
    properties,
    relocated,
    required,
    with_properties,
    with_required,
)
from forms.edit.tree import every, tree
from forms.pointers import MISSING, escape, get, join, put

Json = Any
#: Keywords that the tree and the choices show in their own way.
_STRUCTURE = frozenset(("type", "properties", "required", "items", "oneOf", "enum", "const", "$ref", "uniqueItems"))
_STRUCTURE |= {"x-labels"}


def describe(schema: Schema, place: str, changes: Mapping[str, Json]) -> Edited:
    """Set keywords of a part; MISSING takes one away. A pointer such as `x-messages/required` goes inside."""
    part(schema, place)
    for keyword, value in changes.items():
        pointer = f"{place}/{keyword}"
        if get(schema, pointer) is not value and not _same(get(schema, pointer), value):
            schema = put(schema, pointer, value)
        outer = pointer.rpartition("/")[0]
        if value is MISSING and outer != place and get(schema, outer) == {}:
            schema = put(schema, outer, MISSING)
    return Edited(schema=schema, place=place)


def require(schema: Schema, place: str, wanted: bool) -> Edited:
    """Say whether a field must be answered."""
    _refuse_missing(schema, place)
    made = with_required(schema, container_of(place), name_at(place), wanted=wanted)
    return Edited(schema=made, place=place)


def _refuse_missing(schema: Schema, place: str) -> None:
    if not is_field(place) or get(schema, place) is MISSING:
        raise EditRefused("no-such-place")


def is_required(schema: Schema, place: str) -> bool:
    """Whether a field must be answered where it is asked."""
    return is_field(place) and name_at(place) in required(schema, container_of(place))


def advanced(schema: Schema, place: str, shown: frozenset[str]) -> Schema:
    """Give what stands at a part and has no control: it is only kept. `shown` are the keywords that have one."""
    return {keyword: value for keyword, value in part(schema, place).items() if keyword not in shown | _STRUCTURE}


def rename(schema: Schema, place: str, name: str) -> Edited:
    """Give a field another name among the answers; conditions, steps, translations and prefills follow."""
    container, old = container_of(place), name_at(place)
    level = branches.home(container)
    _refuse_missing(schema, place)
    if name == old:
        return Edited(schema=schema, place=place)
    if not name.strip():
        raise EditRefused("name-needed")
    if name in branches.names_taken(schema, level):
        raise EditRefused("name-taken", name)
    schema = _in_expressions(schema, old, name)
    for holder in list(branches.holders(schema, level)):
        schema = _renamed_in(schema, holder, old, name)
    return Edited(schema=_followed(schema, level, old, name), place=field_at(container, name))


def _renamed_in(schema: Schema, holder: str, old: str, new: str) -> Schema:
    """Rename the answer in one of the parts that speak of it: a branch may ask it, narrow it or require it."""
    if old in properties(schema, holder):
        members = {new if other == old else other: one for other, one in properties(schema, holder).items()}
        schema = with_properties(schema, holder, members)
        schema = relocated(schema, {field_at(holder, old): field_at(holder, new)})
    if old in required(schema, holder):
        listed = get(schema, f"{holder}/required")
        schema = put(schema, f"{holder}/required", [new if other == old else other for other in listed])
    return schema


def _in_expressions(schema: Schema, old: str, new: str) -> Schema:
    """Let expressions follow. Refused where they name one of several answers of that name, or could not name it."""
    speaking = [label or old for text, label in expressions.texts(schema) if expressions.names(text, old)]
    if not speaking:
        return schema
    called_so = [node for node in every(tree(schema)) if is_field(node.pointer) and node.name == old]
    if len(called_so) > 1 or not new.isidentifier():
        raise EditRefused("named-in", *dict.fromkeys(speaking))
    return expressions.renamed(schema, old, new)


def _followed(schema: Schema, level: str, old: str, new: str) -> Schema:
    """Let everything that names the answer name it anew."""
    if level == "" and (entry := steps.entry_of(schema, old)):
        schema = put(schema, entry, f"/{escape(new)}")
    schema = _in_conditions(schema, level, old, new)
    path = data_path(level)
    for depth in range(len(path) + 1):
        holder = _holder(level, depth)
        before = join("", *path[depth:], old)
        schema = _in_pointers(schema, holder, before, join("", *path[depth:], new))
    return schema


def _holder(level: str, depth: int) -> str:
    """Give the ancestor of a level that stands for the first so many names of its path."""
    while len(data_path(level)) > depth:
        level = branches.home(level.rpartition("/")[0].removesuffix("/properties"))
    return level


def _in_conditions(schema: Schema, level: str, old: str, new: str) -> Schema:
    for place, asked in branches.conditions(schema, level):
        schema = put(schema, f"{place}/if", _renamed(asked, old, new))
    for holder in branches.holders(schema, level):
        for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
            found = get(schema, f"{holder}/{keyword}")
            if isinstance(found, dict) and (old in found or any(_names(one, old) for one in found.values())):
                made = {new if name == old else name: _listed(one, old, new) for name, one in found.items()}
                schema = put(schema, f"{holder}/{keyword}", made)
    return schema


def _names(one: Json, name: str) -> bool:
    return isinstance(one, list) and name in one


def _listed(one: Json, old: str, new: str) -> Json:
    return [new if name == old else name for name in one] if isinstance(one, list) else one


def _renamed(asked: Json, old: str, new: str) -> Json:
    if isinstance(asked, list):
        return [_renamed(one, old, new) for one in asked]
    if not isinstance(asked, dict):
        return asked
    made = dict(asked)
    if isinstance(made.get("properties"), dict):
        made["properties"] = {new if name == old else name: one for name, one in made["properties"].items()}
    if isinstance(made.get("required"), list):
        made["required"] = [new if name == old else name for name in made["required"]]
    return made | {keyword: _renamed(made[keyword], old, new) for keyword in _JOINS if keyword in made}


_JOINS = ("allOf", "anyOf", "oneOf", "not")


def _in_pointers(schema: Schema, holder: str, old: str, new: str) -> Schema:
    """Let x-prefill, x-applicant and x-rules of an object follow."""
    for keyword in ("x-prefill", "x-applicant", "x-rules"):
        found = get(schema, f"{holder}/{keyword}")
        changed = _pointers(found, old, new) if found is not MISSING else MISSING
        if changed is not MISSING and changed != found:
            schema = put(schema, f"{holder}/{keyword}", changed)
    return schema


def _pointers(value: Json, old: str, new: str) -> Json:
    if isinstance(value, list):
        return [_pointers(one, old, new) for one in value]
    if isinstance(value, dict):
        return {_pointers(key, old, new): _pointers(one, old, new) for key, one in value.items()}
    hit = isinstance(value, str) and (value == old or value.startswith(old + "/"))
    return new + value[len(old) :] if hit else value


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and bool(one == other)
