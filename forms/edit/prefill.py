"""Filling other questions from a register by the answer of one: `x-prefill` of the object that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.edit.places import Edited, EditRefused, Schema, container_of, name_at
from forms.pointers import MISSING, get, join, put

Json = Any


#: What of a spec says where the values come from.
_ORIGIN = ("source", "register", "key", "title")


@dataclass(frozen=True, kw_only=True)
class Prefill:
    """Which source is asked, and where its values go: path in the answer → pointer of the question."""

    source: str
    targets: Mapping[str, str]
    #: Of the office's own register: which one, by which of its fields, what people call it.
    register: str = ""
    key: str = ""
    title: str = ""


def prefill(schema: Schema, place: str) -> Prefill | None:
    """Give what the answer of a question fills in; None when it fills nothing."""
    spec = get(schema, f"{container_of(place)}/x-prefill")
    if not isinstance(spec, dict) or spec.get("by") != join("", name_at(place)):
        return None
    found = spec.get("map")
    targets = {path: pointer for pointer, path in (found if isinstance(found, dict) else {}).items()}
    return Prefill(targets=targets, **{name: str(spec.get(name, "")) for name in _ORIGIN})


def fill(schema: Schema, place: str, wanted: Prefill) -> Edited:
    """Fill questions by the answer of this one; "" as a target fills none. Paths that aren't named stay as they are,

    unless the values come from elsewhere now.
    """
    where = f"{container_of(place)}/x-prefill"
    spec, now = get(schema, where), prefill(schema, place)
    if spec is not MISSING and now is None:
        raise EditRefused("filled-by-another")
    stays = now is not None and (now.source, now.register) == (wanted.source, wanted.register)
    before = spec.get("map") if stays else None
    made = _mapped(before or {}, wanted.targets)
    if not made:
        return Edited(schema=put(schema, where, MISSING), place=place)
    own = spec if stays else {"by": join("", name_at(place))}
    origin = {name: getattr(wanted, name) for name in _ORIGIN if getattr(wanted, name)}
    changed = {**own, **origin, "map": made} if stays else {**origin, **own, "map": made}
    return Edited(schema=put(schema, where, changed), place=place)


def _mapped(before: Mapping[str, str], targets: Mapping[str, str]) -> dict[str, str]:
    """Give the questions that are filled with the paths, in the order in which they stood."""
    kept = {pointer: path for pointer, path in before.items() if path not in targets}
    wanted = {pointer: path for path, pointer in targets.items() if pointer}
    if len(wanted) < sum(1 for pointer in targets.values() if pointer) or kept.keys() & wanted.keys():
        raise EditRefused("filled-twice")
    listed = {**kept, **wanted}
    order = [pointer for pointer in before if pointer in listed]
    return {pointer: listed[pointer] for pointer in dict.fromkeys([*order, *listed])}


def clear(schema: Schema, place: str) -> Edited:
    """Let the question fill nothing in."""
    where = f"{container_of(place)}/x-prefill"
    return Edited(schema=put(schema, where, MISSING) if prefill(schema, place) else schema, place=place)
