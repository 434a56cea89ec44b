"""A copy of an alternative: the same questions for one more answer, under names of their own."""

from __future__ import annotations

from typing import Any

from forms.edit import alternatives, branches
from forms.edit.alternatives import Alternatives
from forms.edit.details import rename
from forms.edit.kinds import slug
from forms.edit.places import Edited, EditRefused, Schema, container_of, is_field, relocated
from forms.edit.steps import unique
from forms.edit.tree import every, tree
from forms.pointers import get, join, put

Json = Any
_TEXTS = "x-translations"


def copy_variant(schema: Schema, variant: str, title: str) -> Edited:
    """Put a copy of an alternative right after it, as a new answer of the question that tells them apart."""
    found = alternatives.variant_of(schema, variant)
    if found is None:
        raise EditRefused("no-such-edit")
    value = _another(found, title)
    alone = _renamed(_alone(schema, variant), found.name, _taken(schema, found))
    texts = alone.pop(_TEXTS, {})
    told = alone["properties"][found.name]
    own = {**told, "const": value} if "const" in told else {**told, "enum": [value]}
    own.pop("title", None)
    alone = {**alone, "title": title, "properties": {**alone["properties"], found.name: own}}
    at, count = int(variant.rpartition("/")[2]) + 1, len(found.values)
    listed = get(schema, found.listed)
    moves: dict[str, str | None] = {f"{found.listed}/{old}": f"{found.listed}/{old + 1}" for old in range(at, count)}
    made = relocated(put(schema, found.listed, [*listed[:at], alone, *listed[at:]]), moves)
    place = f"{found.listed}/{at}"
    return Edited(schema=_with_texts(made, place, texts), place=place)


def _another(found: Alternatives, title: str) -> Json:
    """Give a value that none of the alternatives has yet, of their type."""
    numbers = [one for one in found.values if isinstance(one, int) and not isinstance(one, bool)]
    if len(numbers) == len(found.values):
        return max(numbers) + 1
    if not all(isinstance(one, str) for one in found.values):
        raise EditRefused("no-such-edit")
    return unique(slug(title) or "variant", found.values)


def _taken(schema: Schema, found: Alternatives) -> set[str]:
    return branches.names_taken(schema, branches.home(found.listed.rpartition("/oneOf")[0]))


def _alone(schema: Schema, variant: str) -> Schema:
    """Give the alternative as a form of its own, with its translations."""
    known = schema.get(_TEXTS)
    texts = {
        lang: {pointer[len(variant) :]: text for pointer, text in listed.items() if pointer.startswith(variant + "/")}
        for lang, listed in (known if isinstance(known, dict) else {}).items()
        if isinstance(listed, dict)
    }
    return {**get(schema, variant), _TEXTS: texts}


def _renamed(alone: Schema, telling: str, taken: set[str]) -> Schema:
    """Give every question of it a name that is free where it goes."""
    names = [one.name for one in every(tree(alone)) if is_field(one.pointer) and _is_at_top(one.pointer)]
    if len(set(names)) < len(names):
        raise EditRefused("no-such-edit")
    for name in names:
        if name != telling:
            new = unique(name, taken)
            taken.add(new)
            place = next(one.pointer for one in every(tree(alone)) if one.name == name and _is_at_top(one.pointer))
            alone = rename(alone, place, new).schema
    return dict(alone)


def _is_at_top(place: str) -> bool:
    return is_field(place) and branches.home(container_of(place)) == ""


def _with_texts(schema: Schema, place: str, texts: Json) -> Schema:
    for lang, listed in texts.items():
        for pointer, text in listed.items():
            if pointer != "/title":
                schema = put(schema, join(f"/{_TEXTS}", lang, place + pointer), text)
    return schema
