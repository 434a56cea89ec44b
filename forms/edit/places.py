"""Places in a schema by JSON Pointer, and how everything that points follows when a part moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from forms.errors import FormError
from forms.pointers import MISSING, escape, get, put, split

Json = Any
Schema = dict[str, Any]


class First(Enum):
    """The place before all others; a field may be called anything, "" too."""

    FIRST = 0


FIRST = First.FIRST
#: Where a field goes among others: right after one by its name, before all, or None for the end.
After = str | First | None
#: Old pointer → new pointer, or None for a part that is gone. The longest prefix counts.
Moves = Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """The schema after an edit, and where the edited part stands now."""

    schema: Schema
    place: str


class EditRefused(FormError):
    """The edit can't be made. `why` is a word that the pages tell in a sentence, `names` are the fields concerned."""

    def __init__(self, why: str, *names: str) -> None:
        super().__init__(f"{why}: {', '.join(names)}" if names else why)
        self.why = why
        self.names = names


def part(schema: Schema, place: str) -> Schema:
    """Give the schema at a place. Raises EditRefused where there is none."""
    found = get(schema, place)
    if not isinstance(found, dict):
        raise EditRefused("no-such-place")
    return found


def is_field(place: str) -> bool:
    """Whether the place is a property of a container."""
    tokens = split(place)
    return len(tokens) >= 2 and tokens[-2] == "properties"


def container_of(place: str) -> str:
    """Give the place of the schema in whose properties a field stands."""
    return place.rpartition("/")[0].removesuffix("/properties")


def name_at(place: str) -> str:
    """Give the name of a field."""
    return split(place)[-1]


def field_at(container: str, name: str) -> str:
    """Give the place of a field of a container."""
    return f"{container}/properties/{escape(name)}"


def properties(schema: Schema, container: str) -> Schema:
    """Give the properties of a container; {} where it has none yet."""
    found = get(schema, f"{container}/properties")
    return found if isinstance(found, dict) else {}


def required(schema: Schema, container: str) -> list[str]:
    """Give the names that a container requires."""
    found = get(schema, f"{container}/required")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def with_properties(schema: Schema, container: str, changed: Schema) -> Schema:
    """Give the schema with these properties in a container."""
    edited: Schema = put(schema, f"{container}/properties", changed)
    return edited


def with_required(schema: Schema, container: str, name: str, *, wanted: bool) -> Schema:
    """Let a container require a name or not; a list that is empty goes, because older drafts forbid it."""
    names = required(schema, container)
    if wanted == (name in names):
        return schema
    changed = [*names, name] if wanted else [other for other in names if other != name]
    edited: Schema = put(schema, f"{container}/required", changed or MISSING)
    return edited


def data_path(place: str) -> tuple[str, ...]:
    """Give the names through which a place is reached in the answers; "*" stands for a row."""
    tokens, names, at = split(place), [], 0
    while at < len(tokens):
        if tokens[at] == "properties" and at + 1 < len(tokens):
            names.append(tokens[at + 1])
            at += 1
        elif tokens[at] == "items":
            names.append("*")
        at += 1
    return tuple(names)


def follow(pointer: str, moves: Moves) -> str | None:
    """Give where a pointer leads after the moves; None when its target is gone."""
    prefixes = [old for old in moves if pointer == old or pointer.startswith(old + "/")]
    if not prefixes:
        return pointer
    longest = max(prefixes, key=len)
    new = moves[longest]
    return None if new is None else new + pointer[len(longest) :]


def follow_all(pointer: str, trail: Sequence[Moves]) -> str | None:
    """Give where a pointer leads after moves that happened one after another."""
    for moves in trail:
        found = follow(pointer, moves)
        if found is None:
            return None
        pointer = found
    return pointer


def relocated(schema: Schema, moves: Moves) -> Schema:
    """Let translations and references inside the file follow parts that moved; translations of gone parts go."""
    if not moves:
        return schema
    made: Schema = _references(schema, moves)
    translations = made.get("x-translations")
    if isinstance(translations, dict):
        followed = {lang: _translated(texts, moves) for lang, texts in translations.items()}
        if followed != translations:
            made = {**made, "x-translations": followed}
    return made


def _translated(texts: Json, moves: Moves) -> Json:
    if not isinstance(texts, dict):
        return texts
    kept = ((follow(pointer, moves), text) for pointer, text in texts.items())
    return {pointer: text for pointer, text in kept if pointer is not None}


def _references(value: Json, moves: Moves) -> Json:
    """Copy only what holds a reference that has to follow."""
    if isinstance(value, list):
        items = [_references(item, moves) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if not isinstance(value, dict):
        return value
    made = {key: _references(item, moves) for key, item in value.items()}
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target = follow(reference[1:], moves)
        made["$ref"] = reference if target is None else f"#{target}"
    changed = any(made[key] is not item for key, item in value.items())
    return made if changed and made != value else value
