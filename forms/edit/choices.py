"""The answers on offer: their words, the values that are stored, their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms.edit.kinds import has_choices, slug
from forms.edit.places import Edited, EditRefused, Schema, part, relocated
from forms.edit.steps import unique
from forms.pointers import MISSING, get, join, put

Json = Any


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One answer on offer."""

    label: str
    #: As a clerk types it; "" = made of the label.
    value: str = ""
    #: Its number before the edit; None for a new one.
    was: int | None = None
    #: The sentence under it; None leaves it as it is.
    hint: str | None = None


def home_of(schema: Schema, place: str) -> str:
    """Give the place of the schema that lists the choices: of ticked boxes it is the items'."""
    items = get(schema, f"{place}/items")
    return f"{place}/items" if has_choices(items) else place


def offers(schema: Schema, place: str) -> list[Offer]:
    """Give the choices of a question."""
    home = part(schema, home_of(schema, place))
    if "enum" in home:
        labels = home.get("x-labels")
        labels = labels if isinstance(labels, dict) else {}
        listed = [(value, labels.get(str(value), value), "") for value in home["enum"]]
    else:
        listed = [
            (one.get("const"), one.get("title", one.get("const")), one.get("description", ""))
            for one in home.get("oneOf", [])
        ]
    return [
        Offer(label=_text(label), value=_text(value), was=at, hint=hint if isinstance(hint, str) else None)
        for at, (value, label, hint) in enumerate(listed)
    ]


def stored_values(schema: Schema, place: str) -> list[Json]:
    """Give the stored values of the choices, in their order."""
    holder = part(schema, home_of(schema, place))
    return list(holder["enum"]) if "enum" in holder else [one.get("const") for one in holder.get("oneOf", [])]


def set_offers(schema: Schema, place: str, wanted: Sequence[Offer]) -> Edited:
    """Offer these choices; those that were there before keep everything else that is said of them."""
    known = offers(schema, place)
    # An answer may be nothing at all: such a row is only kept when it was there.
    blank = {offer.was for offer in known if not (offer.label.strip() or offer.value.strip())}
    hints = {offer.was: offer.hint for offer in known}
    wanted = [replace(one, hint=hints.get(one.was, "")) if one.hint is None else one for one in wanted]
    named = [one for one in wanted if one.label.strip() or one.value.strip() or one.was in blank - {None}]
    if named == known:
        return Edited(schema=schema, place=place)
    if len(named) < 2:
        raise EditRefused("two-choices")
    home = home_of(schema, place)
    holder = part(schema, home)
    values = values_of(stored_values(schema, place), named, str(holder.get("type", "string")))
    if len({(type(value).__name__, str(value)) for value in values}) < len(values):
        raise EditRefused("same-value", *{str(value) for value in values if values.count(value) > 1})
    if "enum" in holder and not any(offer.hint for offer in named):
        return Edited(schema=_as_enum(schema, home, named, values), place=place)
    if "enum" in holder:
        if "oneOf" in holder:
            raise EditRefused("no-such-edit")
        schema = _described(schema, home)
        holder = part(schema, home)
    old = holder.get("oneOf", [])
    made = [_as_one(old, offer, value) for offer, value in zip(named, values, strict=True)]
    moves: dict[str, str | None] = {f"{home}/oneOf/{at}": None for at in range(len(old))}
    moves |= {
        f"{home}/oneOf/{offer.was}": f"{home}/oneOf/{at}" for at, offer in enumerate(named) if offer.was is not None
    }
    if all(moved == was for was, moved in moves.items()):
        moves = {}
    return Edited(schema=relocated(put(schema, f"{home}/oneOf", made), moves), place=place)


def values_of(old: Sequence[Json], wanted: Sequence[Offer], type_name: str) -> list[Json]:
    values: list[Json] = []
    for offer in wanted:
        was = old[offer.was] if offer.was is not None and offer.was < len(old) else MISSING
        if was is not MISSING and offer.value == _text(was):
            values.append(was)
        elif offer.value.strip():
            values.append(_typed(offer.value.strip(), type_name))
        else:
            values.append(unique(slug(offer.label), values))
    return values


def _typed(text: str, type_name: str) -> Json:
    """Read a value as the question's type; what isn't a number stays a text, and the check says so."""
    try:
        return int(text) if type_name == "integer" else float(text) if type_name == "number" else text
    except ValueError:
        return text


def _as_one(old: list[Json], offer: Offer, value: Json) -> Schema:
    before = old[offer.was] if offer.was is not None and offer.was < len(old) else {}
    made = {**before, "const": value}
    label = offer.label.strip() or _text(value)
    unchanged = "title" not in before and label == _text(before.get("const"))
    made = made if unchanged or made.get("title") == label else {**made, "title": label}
    hint = (offer.hint or "").strip()
    if offer.hint is None or hint == _text(before.get("description")).strip():
        return made
    return {**made, "description": hint} if hint else {key: one for key, one in made.items() if key != "description"}


def _described(schema: Schema, home: str) -> Schema:
    """Write an `enum` with its words as `oneOf`, where each choice has room for a sentence; translations follow."""
    made: Schema = {}
    labels = get(schema, f"{home}/x-labels")
    words = labels if isinstance(labels, dict) else {}
    listed = [_entitled(value, words) for value in part(schema, home)["enum"]]
    for keyword, value in part(schema, home).items():
        made |= {"oneOf": listed} if keyword == "enum" else {} if keyword == "x-labels" else {keyword: value}
    moves = {join(f"{home}/x-labels", str(one["const"])): f"{home}/oneOf/{at}/title" for at, one in enumerate(listed)}
    return relocated(put(schema, home, made), moves)


def _entitled(value: Json, words: Schema) -> Schema:
    return {"const": value, "title": words[str(value)]} if str(value) in words else {"const": value}


def _as_enum(schema: Schema, home: str, wanted: Sequence[Offer], values: list[Json]) -> Schema:
    labels = {
        _text(value): offer.label.strip()
        for offer, value in zip(wanted, values, strict=True)
        if offer.label.strip() and offer.label.strip() != _text(value)
    }
    made: Schema = put(schema, f"{home}/enum", values)
    before = get(schema, f"{home}/x-labels")
    if labels or before is not MISSING:
        made = put(made, f"{home}/x-labels", labels or MISSING)
    return made


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
