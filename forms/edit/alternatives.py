"""A choice of which each answer has questions of its own: `oneOf` told apart by one property, the discriminator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.conditions import asked_names, same, tested
from forms.edit import branches
from forms.edit.choices import Offer, values_of
from forms.edit.kinds import Beginning, slug
from forms.edit.places import (
    Edited,
    EditRefused,
    Schema,
    container_of,
    field_at,
    is_field,
    name_at,
    properties,
    relocated,
    with_required,
)
from forms.pointers import MISSING, get, join, put

Json = Any


@dataclass(frozen=True, kw_only=True)
class Alternatives:
    """Where the branches are listed (`…/oneOf`), which answer tells them apart, and its value in each of them."""

    listed: str
    name: str
    values: tuple[Json, ...]


def alternatives(schema: Schema, container: str) -> Iterator[Alternatives]:
    """Give the choices between parts that an object has, its own and those in its `allOf`."""
    yield from _listed_at(schema, f"{container}/oneOf")
    joined = get(schema, f"{container}/allOf")
    for at in range(len(joined) if isinstance(joined, list) else 0):
        yield from _listed_at(schema, f"{container}/allOf/{at}/oneOf")


def _listed_at(schema: Schema, listed: str) -> Iterator[Alternatives]:
    variants = get(schema, listed)
    if not isinstance(variants, list) or len(variants) < 2:
        return
    for name in _members(variants[0]):
        values = [tested(_members(one).get(name)) for one in variants]
        if all(len(one) == 1 for one in values) and _differ([one[0] for one in values]):
            yield Alternatives(listed=listed, name=name, values=tuple(one[0] for one in values))
            return


def _members(variant: Json) -> Schema:
    found = variant.get("properties") if isinstance(variant, dict) else None
    return found if isinstance(found, dict) else {}


def _differ(values: list[Json]) -> bool:
    return not any(same(one, other) for at, one in enumerate(values) for other in values[:at])


def told_by(schema: Schema, place: str) -> Alternatives | None:
    """Give what a question tells apart; None for every other question."""
    if not is_field(place):
        return None
    found = alternatives(schema, container_of(place))
    return next((one for one in found if one.name == name_at(place)), None)


def variant_of(schema: Schema, variant: str) -> Alternatives | None:
    """Give the choice to which a branch at `…/oneOf/1` belongs."""
    listed, _, at = variant.rpartition("/")
    return next(_listed_at(schema, listed), None) if at.isdigit() and listed.endswith("/oneOf") else None


def title_of(schema: Schema, found: Alternatives, at: int) -> str:
    """Give what a variant is called: its own title, else that of its value, else the value."""
    titles = (
        get(schema, f"{found.listed}/{at}/title"),
        get(schema, join(f"{found.listed}/{at}/properties", found.name, "title")),
    )
    return next((one for one in titles if isinstance(one, str) and one), _text(found.values[at]))


def variants(schema: Schema, place: str) -> list[Offer]:
    """Give the answers of a question that tells parts apart."""
    found = _found(schema, place)
    listed = enumerate(found.values)
    return [Offer(label=title_of(schema, found, at), value=_text(value), was=at) for at, value in listed]


def _found(schema: Schema, place: str) -> Alternatives:
    found = told_by(schema, place)
    if found is None:
        raise EditRefused("no-such-place")
    return found


def begin(schema: Schema, place: str, words: Beginning) -> Edited:
    """Let each of two answers of a new question have a part of the form of its own, which asks nothing yet."""
    container, name = container_of(place), name_at(place)
    made = [_variant(name, slug(word), word) for word in words.choices[:2]]
    schema = with_required(schema, container, name, wanted=True)
    return Edited(schema=_listed_in(schema, container, made)[0], place=place)


def _listed_in(schema: Schema, container: str, made: list[Json]) -> tuple[Schema, str]:
    """List alternatives in an object, beside those it has; gives the place of the list."""
    listed, joined = f"{container}/oneOf", get(schema, f"{container}/allOf")
    if get(schema, listed) is MISSING:
        return put(schema, listed, made), listed
    if not isinstance(joined, list):
        return put(schema, f"{container}/allOf", [{"oneOf": made}]), f"{container}/allOf/0/oneOf"
    return put(schema, f"{container}/allOf/{len(joined)}", {"oneOf": made}), f"{container}/allOf/{len(joined)}/oneOf"


def _variant(name: str, value: Json, title: str) -> Schema:
    return {"title": title, "required": [name], "properties": {name: {"const": value}}}


def set_variants(schema: Schema, place: str, wanted: Sequence[Offer]) -> Edited:
    """Offer these variants in this order; a new one asks nothing yet, one that is left out goes whole."""
    found = _found(schema, place)
    named = [offer for offer in wanted if offer.label.strip() or offer.value.strip()]
    if len(named) < 2:
        raise EditRefused("two-choices")
    values = values_of(found.values, named, "string")
    if not _differ(values):
        raise EditRefused("same-value", *{str(value) for value in values if values.count(value) > 1})
    _refuse_needed(schema, found, {offer.was for offer in named})
    made = [_said(schema, found, offer, value) for offer, value in zip(named, values, strict=True)]
    return Edited(schema=_placed(schema, found, named, made), place=place)


def _placed(schema: Schema, found: Alternatives, named: Sequence[Offer], made: list[Schema]) -> Schema:
    moves: dict[str, str | None] = {f"{found.listed}/{at}": None for at in range(len(found.values))}
    moves |= {
        f"{found.listed}/{one.was}": f"{found.listed}/{at}" for at, one in enumerate(named) if one.was is not None
    }
    changed: Schema = put(schema, found.listed, made)
    return changed if all(old == new for old, new in moves.items()) else relocated(changed, moves)


def _said(schema: Schema, found: Alternatives, offer: Offer, value: Json) -> Schema:
    """Give a new variant, or one that was there with what was typed of it changed and everything else as it is."""
    if offer.was is None or offer.was >= len(found.values):
        return _variant(found.name, value, offer.label.strip() or _text(value))
    variant: Schema = get(schema, f"{found.listed}/{offer.was}")
    if not same(value, found.values[offer.was]):
        own = _members(variant)[found.name]
        told = {**own, "const": value} if "const" in own else {**own, "enum": [value]}
        variant = {**variant, "properties": {**_members(variant), found.name: told}}
    label = offer.label.strip() or _text(value)
    return variant if label == title_of(schema, found, offer.was) else {**variant, "title": label}


def _refuse_needed(schema: Schema, found: Alternatives, kept: set[int | None]) -> None:
    """Refuse to take away a variant with questions on which others depend."""
    for at in range(len(found.values)):
        variant = f"{found.listed}/{at}"
        names = [name for name in properties(schema, variant) if name != found.name]
        if at in kept:
            continue
        if needed := [one for name in names for one in branches.asked_by(schema, field_at(variant, name))]:
            raise EditRefused("asked-by", *dict.fromkeys(one for one in needed if one not in names))


def on_their_own(schema: Schema, found: Alternatives) -> set[str]:
    """Give the names asked in the variants. Refused where others need them, or they look at what is beside them."""
    _refuse_needed(schema, found, set())
    variants = [get(schema, f"{found.listed}/{at}") for at in range(len(found.values))]
    names = {name for one in variants for name in branches.names_taken(one, "")} - {found.name}
    conditions = [asked for one in variants for _place, asked in branches.conditions(one, "")]
    looked_at = {name for one in conditions for name in asked_names(one)}
    if looked_at - names - {found.name} or any("x-rules" in one for one in variants):
        raise EditRefused("tells-apart")
    return names


def dissolved(schema: Schema, place: str) -> Schema:
    """Take away the parts that a question tells apart, before it goes itself."""
    found = _found(schema, place)
    _refuse_needed(schema, found, set())
    return _without(schema, found)


def _without(schema: Schema, found: Alternatives) -> Schema:
    holder = found.listed.removesuffix("/oneOf")
    listed, _, at = holder.rpartition("/")
    if get(schema, holder).keys() == {"oneOf"} and listed.endswith("/allOf"):
        gone, count = int(at), len(get(schema, listed))
        moves: dict[str, str | None] = {holder: None}
        moves |= {f"{listed}/{old}": f"{listed}/{old - 1}" for old in range(gone + 1, count)}
        return relocated(put(schema, listed if count == 1 else holder, MISSING), moves)
    return relocated(put(schema, found.listed, MISSING), {found.listed: None})


@dataclass(frozen=True, kw_only=True)
class Detached:
    """The parts that a question told apart, taken out of the form for as long as the question moves."""

    schema: Schema
    variants: list[Json]
    texts: Mapping[str, Mapping[str, Json]]


def detached(schema: Schema, found: Alternatives) -> Detached:
    """Take the parts that a question tells apart out, with their translations. Refused where others refer to them."""
    if _referred(schema, found.listed):
        raise EditRefused("tells-apart")
    known = schema.get("x-translations")
    texts = {
        lang: {
            pointer[len(found.listed) :]: text
            for pointer, text in said.items()
            if pointer.startswith(found.listed + "/")
        }
        for lang, said in (known if isinstance(known, dict) else {}).items()
        if isinstance(said, dict)
    }
    return Detached(schema=_without(schema, found), variants=get(schema, found.listed), texts=texts)


def attached(schema: Schema, place: str, apart: Detached) -> Edited:
    """Put the parts back beside their question, wherever it stands now."""
    schema, listed = _listed_in(schema, container_of(place), apart.variants)
    for lang, said in apart.texts.items():
        for pointer, text in said.items():
            schema = put(schema, join("/x-translations", lang, listed + pointer), text)
    return Edited(schema=schema, place=place)


def _referred(value: Json, listed: str) -> bool:
    if isinstance(value, list):
        return any(_referred(one, listed) for one in value)
    if not isinstance(value, dict):
        return False
    reference = value.get("$ref")
    own = isinstance(reference, str) and reference.startswith(f"#{listed}/")
    return own or any(_referred(one, listed) for one in value.values())


def named(schema: Schema, variant: str) -> Edited:
    """Let the answer that tells foreign branches apart be a question of its own, so that it can be worked with.

    Its words are those that the form shows already: of the first branch.
    """
    found = variant_of(schema, variant)
    if found is None:
        raise EditRefused("no-such-edit")
    container = found.listed.removesuffix("/oneOf")
    place = field_at(container, found.name)
    if get(schema, place) is not MISSING:
        return Edited(schema=schema, place=place)
    first = _members(get(schema, f"{found.listed}/0"))[found.name]
    words = {key: first[key] for key in ("title", "description", "x-help") if key in first}
    return Edited(schema=put(schema, place, words), place=place)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
