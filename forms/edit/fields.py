"""Adding, removing, copying and moving fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.edit import alternatives, branches, steps
from forms.edit.kinds import Beginning, new_schema, slug
from forms.edit.places import (
    FIRST,
    After,
    Edited,
    EditRefused,
    Moves,
    Schema,
    container_of,
    field_at,
    follow,
    follow_all,
    is_field,
    name_at,
    part,
    properties,
    relocated,
    required,
    with_properties,
    with_required,
)
from forms.graph import MAX_DEPTH
from forms.pointers import MISSING, get, join, put

Json = Any
Texts = Mapping[str, Mapping[str, Json]]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A field taken out of its place."""

    name: str
    schema: Json
    required: bool
    #: Its translations, by pointers from the field on.
    texts: Texts


def add(schema: Schema, kind: str, inside: str, after: After, words: Beginning) -> Edited:
    """Add a new question, group or shared part after another field, or at the end."""
    made = new_schema(kind, words)
    name = slug(words.title) if words.title else kind.rpartition(":")[2]
    return put_in(schema, Taken(name=name, schema=made, required=False, texts={}), inside, after)


def remove(schema: Schema, place: str) -> Edited:
    """Remove a field with everything in it and the parts it tells apart. Refused while others ask for its answer."""
    _refuse_other(place)
    _refuse_asked(schema, place)
    if alternatives.told_by(schema, place):
        schema = alternatives.dissolved(schema, place)
    inside = container_of(place)
    made, _, trail = take(schema, place)
    return Edited(schema=made, place=follow_all(inside, trail) or branches.home(inside))


def duplicate(schema: Schema, place: str) -> Edited:
    """Put a copy of a field right after it, under a name and with translations of its own."""
    _refuse_other(place)
    part(schema, place)
    _refuse_telling(schema, place)
    copy = _as_taken(schema, place)
    inside = container_of(place)
    entry = steps.entry_of(schema, name_at(place)) if inside == "" else None
    if entry:
        inside = entry.rpartition("/")[0].removesuffix("/fields")
    return put_in(schema, copy, inside, name_at(place))


def move(schema: Schema, place: str, inside: str, after: After) -> Edited:
    """Move a field into a container, step or section: after a field there, before all, or at the end."""
    _refuse_other(place)
    if inside == place or inside.startswith(place + "/"):
        raise EditRefused("into-itself")
    target = "" if steps.is_step(inside) else inside
    part(schema, inside)
    if target == container_of(place):
        return _reordered(schema, place, inside, after)
    _refuse_under_itself(schema, place, target)
    if told := alternatives.told_by(schema, place):
        return _with_parts(schema, place, told, inside, after)
    if branches.home(target) != branches.home(container_of(place)):
        _refuse_asked(schema, place)
    made, taken, trail = take(schema, place)
    return put_in(made, taken, follow_all(inside, trail) or inside, after)


def _with_parts(schema: Schema, place: str, told: alternatives.Alternatives, inside: str, after: After) -> Edited:
    """Move a question into another object with the parts it tells apart, which are found by its name there."""
    if inside.startswith((told.listed, container_of(place) + "/allOf/")):
        raise EditRefused("tells-apart")
    names = alternatives.on_their_own(schema, told)
    apart = alternatives.detached(schema, told)
    moved = move(apart.schema, place, inside, after)
    home = branches.home(container_of(moved.place))
    if taken := sorted(names & branches.names_taken(moved.schema, home)):
        raise EditRefused("name-taken", *taken)
    if name_at(moved.place) != told.name:
        raise EditRefused("name-taken", told.name)
    return alternatives.attached(moved.schema, moved.place, apart)


def take(schema: Schema, place: str) -> tuple[Schema, Taken, list[Moves]]:
    """Take a field out; gives the rest, the field, and how other parts moved because something was left empty."""
    container, name = container_of(place), name_at(place)
    if name not in properties(schema, container):
        raise EditRefused("no-such-place")
    _refuse_telling(schema, place)
    taken = _as_taken(schema, place)
    rest = {other: one for other, one in properties(schema, container).items() if other != name}
    made = with_required(with_properties(schema, container, rest), container, name, wanted=False)
    trail: list[Moves] = [{place: None}]
    made = relocated(made, trail[0])
    if branches.home(container) == "" and not _is_top(made, name):
        made, moves = steps.unnamed(made, name)
        made, further = steps.without_empty(made)
        trail += [moves, *further]
    made, moves = branches.without_empty(made, container)
    return made, taken, [*trail, moves]


def _as_taken(schema: Schema, place: str) -> Taken:
    is_required = name_at(place) in required(schema, container_of(place))
    return Taken(name=name_at(place), schema=get(schema, place), required=is_required, texts=_texts(schema, place))


def put_in(schema: Schema, taken: Taken, inside: str, after: After) -> Edited:
    """Put a field into a container, step or section, under another name where its own is taken."""
    container = "" if steps.is_step(inside) else inside
    if get(schema, inside) is MISSING:
        raise EditRefused("no-such-place")
    if container.count("/") > MAX_DEPTH:
        raise EditRefused("too-deep")
    name = steps.unique(taken.name, branches.names_taken(schema, branches.home(container)))
    changed = inserted(properties(schema, container), name, taken.schema, after)
    made = with_properties(schema, container, changed)
    made = with_required(made, container, name, wanted=taken.required)
    if steps.is_step(inside):
        made = steps.named_in(made, name, inside, after)
    place = field_at(container, name)
    return Edited(schema=_with_texts(made, place, taken.texts), place=place)


def inserted(members: Schema, name: str, schema: Json, after: After) -> Schema:
    """Give the properties with one more, after another, before all, or at the end."""
    if after is FIRST:
        return {name: schema, **members}
    if not isinstance(after, str) or after not in members:
        return {**members, name: schema}
    made: Schema = {}
    for other, one in members.items():
        made[other] = one
        if other == after:
            made[name] = schema
    return made


def _reordered(schema: Schema, place: str, inside: str, after: After) -> Edited:
    name, container = name_at(place), container_of(place)
    if after == name:
        return Edited(schema=schema, place=place)
    if steps.is_step(inside):
        apart, moves = steps.unnamed(schema, name)
        made = steps.named_in(apart, name, follow(inside, moves) or inside, after)
        return Edited(schema=steps.without_empty(made)[0], place=place)
    members = properties(schema, container)
    rest = {other: one for other, one in members.items() if other != name}
    return Edited(schema=with_properties(schema, container, inserted(rest, name, members[name], after)), place=place)


def _refuse_other(place: str) -> None:
    if not is_field(place):
        raise EditRefused("no-such-place")


def _refuse_asked(schema: Schema, place: str) -> None:
    if names := branches.asked_by(schema, place):
        raise EditRefused("asked-by", *dict.fromkeys(names))


def _refuse_telling(schema: Schema, place: str) -> None:
    """What tells parts of its object apart stays beside them."""
    if alternatives.told_by(schema, place):
        raise EditRefused("tells-apart")


def _refuse_under_itself(schema: Schema, place: str, target: str) -> None:
    """A question can't depend on its own answer."""
    holder = target.removesuffix("/then").removesuffix("/else")
    while holder and holder != target:
        asked = get(schema, f"{holder}/if")
        same_answers = branches.home(holder) == branches.home(container_of(place))
        if asked is not MISSING and same_answers and branches.asks(asked, (name_at(place),)):
            raise EditRefused("into-itself")
        target = holder.rpartition("/")[0].removesuffix("/allOf")
        holder = target.removesuffix("/then").removesuffix("/else")


def _is_top(schema: Schema, name: str) -> bool:
    return name in branches.names_taken(schema, "")


def _texts(schema: Schema, place: str) -> Texts:
    """Give the translations of a part, by pointers from it on."""
    found = schema.get("x-translations")
    texts: dict[str, dict[str, Json]] = {}
    for lang, listed in (found if isinstance(found, dict) else {}).items():
        own = listed.items() if isinstance(listed, dict) else ()
        inner = {pointer[len(place) :]: text for pointer, text in own if pointer.startswith(place + "/")}
        texts |= {lang: inner} if inner else {}
    return texts


def _with_texts(schema: Schema, place: str, texts: Texts) -> Schema:
    for lang, listed in texts.items():
        for pointer, text in listed.items():
            schema = put(schema, join("/x-translations", lang, place + pointer), text)
    return schema


__all__ = ["Taken", "add", "duplicate", "inserted", "move", "put_in", "remove", "take"]
