"""Pages of the form and headings inside them: `x-steps`, which names top fields in order."""

from __future__ import annotations

from typing import Any

from forms.edit.kinds import Beginning, slug
from forms.edit.places import FIRST, After, Edited, EditRefused, Moves, Schema, relocated
from forms.pointers import MISSING, escape, get, put, split
from forms.words import humanized

Json = Any
STEPS = "/x-steps"


def steps(schema: Schema) -> list[Json]:
    """Give the steps; [] for a form of one page."""
    found = schema.get("x-steps")
    return found if isinstance(found, list) else []


def is_step(place: str) -> bool:
    """Whether a place is a step or a section of one."""
    return place.startswith(STEPS + "/")


def entry_of(schema: Schema, name: str) -> str | None:
    """Give the place in x-steps where a field is named."""
    for at, step in enumerate(steps(schema)):
        fields = step.get("fields") if isinstance(step, dict) else None
        for number, entry in enumerate(fields if isinstance(fields, list) else []):
            here = f"{STEPS}/{at}/fields/{number}"
            if isinstance(entry, dict):
                inner = entry.get("fields")
                named = [_bare(one) for one in inner] if isinstance(inner, list) else []
                if name in named:
                    return f"{here}/fields/{named.index(name)}"
            elif _bare(entry) == name:
                return here
    return None


def named_in(schema: Schema, name: str, inside: str, after: After) -> Schema:
    """Name a field in a step or section: after another field, before all, or at the end."""
    found = get(schema, f"{inside}/fields")
    listed = found if isinstance(found, list) else []
    at = 0 if after is FIRST else len(listed)
    entry = entry_of(schema, after) if isinstance(after, str) else None
    if entry and entry.rpartition("/")[0] == f"{inside}/fields":
        at = int(split(entry)[-1]) + 1
    made: Schema = put(schema, f"{inside}/fields", [*listed[:at], f"/{escape(name)}", *listed[at:]])
    here = f"{inside}/fields"
    return relocated(made, {f"{here}/{old}": f"{here}/{old + 1}" for old in range(at, len(listed))})


def unnamed(schema: Schema, name: str) -> tuple[Schema, Moves]:
    """Take a field's name out of the steps, if it is there; gives how what stands behind it moved."""
    place = entry_of(schema, name)
    return without(schema, place) if place else (schema, {})


def without_empty(schema: Schema) -> tuple[Schema, list[Moves]]:
    """Take away sections and steps that an edit has left without fields."""
    trail: list[Moves] = []
    while (empty := _empty(schema)) is not None:
        schema, moves = without(schema, empty)
        trail.append(moves)
    return (schema if steps(schema) or not trail else put(schema, STEPS, MISSING)), trail


def _empty(schema: Schema) -> str | None:
    for at, step in enumerate(steps(schema)):
        fields = step.get("fields") if isinstance(step, dict) else None
        for number, entry in enumerate(fields if isinstance(fields, list) else []):
            if isinstance(entry, dict) and entry.get("fields") == []:
                return f"{STEPS}/{at}/fields/{number}"
        if fields == []:
            return f"{STEPS}/{at}"
    return None


def without(schema: Schema, place: str) -> tuple[Schema, Moves]:
    """Take an item out of a list; gives how those behind it moved."""
    listed, _, at = place.rpartition("/")
    gone, count = int(at), len(get(schema, listed))
    moves: dict[str, str | None] = {place: None}
    moves |= {f"{listed}/{old}": f"{listed}/{old - 1}" for old in range(gone + 1, count)}
    return relocated(put(schema, place, MISSING), moves), moves


def swapped(schema: Schema, place: str, by: int) -> Edited:
    """Exchange a step or section with its neighbour."""
    listed, _, number = place.rpartition("/")
    items, at = list(get(schema, listed)), int(number)
    to = at + by
    if not 0 <= to < len(items):
        raise EditRefused("at-the-edge")
    items[at], items[to] = items[to], items[at]
    moves = {f"{listed}/{at}": f"{listed}/{to}", f"{listed}/{to}": f"{listed}/{at}"}
    return Edited(schema=relocated(put(schema, listed, items), moves), place=f"{listed}/{to}")


def add_step(schema: Schema, words: Beginning) -> Edited:
    """Add a page at the end, with one question; what was there before becomes the first page."""
    listed = list(steps(schema))
    names = list(schema.get("properties", {}))
    if not listed and names:
        listed = [{"key": "step_1", "title": words.choices[0], "fields": [f"/{escape(name)}" for name in names]}]
    elif listed:
        listed[-1] = _with_rest(listed[-1], [name for name in names if entry_of(schema, name) is None])
    name = unique(slug(words.first), names)
    keys = [str(step.get("key", at)) for at, step in enumerate(listed) if isinstance(step, dict)]
    key = unique(f"step_{len(listed) + 1}", keys)
    listed.append({"key": key, "title": words.title, "fields": [f"/{escape(name)}"]})
    made = put(schema, f"/properties/{escape(name)}", {"type": "string", "title": words.first})
    return Edited(schema=put(made, STEPS, listed), place=f"{STEPS}/{len(listed) - 1}")


def each_alone(schema: Schema) -> Edited:
    """Ask one top question a page; what depends on it stays with it. Pages that were there go."""
    members = schema.get("properties")
    named = members if isinstance(members, dict) else {}
    keys: list[str] = []
    for name in named:
        keys.append(unique(slug(name) or "step", keys))
    pages = [
        {"key": key, "title": _heading(one, name), "fields": [f"/{escape(name)}"]}
        for key, (name, one) in zip(keys, named.items(), strict=True)
    ]
    if len(pages) < 2:
        raise EditRefused("one-question")
    return Edited(schema=relocated(put(schema, STEPS, pages), {STEPS: None}), place="")


def on_one_page(schema: Schema) -> Edited:
    """Ask everything on one page; headings go with the pages."""
    if not steps(schema):
        return Edited(schema=schema, place="")
    return Edited(schema=relocated(put(schema, STEPS, MISSING), {STEPS: None}), place="")


def _heading(one: Json, name: str) -> str:
    title = one.get("title") if isinstance(one, dict) else None
    return title if isinstance(title, str) and title else humanized(name)


def _with_rest(step: Json, names: list[str]) -> Json:
    """Name in the last step what stood there unnamed, so that it stays when another step follows."""
    if not names or not isinstance(step, dict):
        return step
    return {**step, "fields": [*step.get("fields", []), *(f"/{escape(name)}" for name in names)]}


def section_from(schema: Schema, place: str, title: str) -> Edited:
    """Put a top field of a step under a heading of its own, to which others can then be moved."""
    entry = entry_of(schema, split(place)[-1])
    if entry is None or entry.count("/") != 4:
        raise EditRefused("no-section-here")
    name = get(schema, entry)
    return Edited(schema=put(schema, entry, {"title": title, "fields": [name]}), place=entry)


def dissolve(schema: Schema, place: str) -> Edited:
    """Take a heading or the border of a step away; its fields stay, in the step before or where they were."""
    fields = get(schema, f"{place}/fields")
    if not isinstance(fields, list):
        raise EditRefused("no-such-place")
    listed, _, number = place.rpartition("/")
    at, items = int(number), list(get(schema, listed))
    if listed != STEPS:
        shift = len(fields) - 1
        moves: dict[str, str | None] = {place: None}
        moves |= {f"{listed}/{old}": f"{listed}/{old + shift}" for old in range(at + 1, len(items))}
        made = put(schema, listed, [*items[:at], *fields, *items[at + 1 :]])
        return Edited(schema=relocated(made, moves), place=listed.removesuffix("/fields"))
    return _joined(schema, at, items)


def _joined(schema: Schema, at: int, items: list[Json]) -> Edited:
    """Join a step to its neighbour; the last one dissolved leaves a form of one page."""
    if len(items) == 1:
        return Edited(schema=relocated(put(schema, STEPS, MISSING), {STEPS: None}), place="")
    into = at - 1 if at else 1
    first, second = (items[into], items[at]) if at else (items[at], items[into])
    moves: dict[str, str | None] = {f"{STEPS}/{at}": None}
    offset = len(first["fields"])
    kept, moved = (into, at) if at else (into, into)
    joined = {**items[kept], "fields": [*first["fields"], *second["fields"]]}
    shifted = range(len(items[moved]["fields"]))
    left = kept if at else kept - 1
    moves |= {f"{STEPS}/{old}": f"{STEPS}/{old - 1}" for old in range(at + 1, len(items))}
    moves |= {f"{STEPS}/{moved}/fields/{n}": f"{STEPS}/{left}/fields/{n + offset}" for n in shifted}
    if not at:
        moves |= {f"{STEPS}/0/fields/{n}": f"{STEPS}/0/fields/{n}" for n in range(offset)}
    items[kept] = joined
    del items[at]
    return Edited(schema=relocated(put(schema, STEPS, items), moves), place=f"{STEPS}/{left}")


def unique(name: str, taken: Any) -> str:
    """Give the name, or the name with a number where it is taken."""
    number = 1
    made = name
    while made in taken:
        number += 1
        made = f"{name}_{number}"
    return made


def _bare(name: Json) -> str:
    return str(name).removeprefix("/").replace("~1", "/").replace("~0", "~")


def leave_section(schema: Schema, name: str, section: str, *, behind: bool, place: str) -> Edited:
    """Take a field out of a heading and put it right before or behind it."""
    listed, _, number = section.rpartition("/")
    items, at = list(get(schema, listed)), int(number)
    inner = [one for one in items[at]["fields"] if _bare(one) != name]
    entry = f"/{escape(name)}"
    kept = [{**items[at], "fields": inner}] if inner else []
    around = [*kept, entry] if behind else [entry, *kept]
    shift = len(around) - 1
    moves: dict[str, str | None] = {section: f"{listed}/{at if behind else at + 1}" if inner else None}
    moves |= {f"{listed}/{old}": f"{listed}/{old + shift}" for old in range(at + 1, len(items))}
    made = put(schema, listed, [*items[:at], *around, *items[at + 1 :]])
    return Edited(schema=relocated(made, moves), place=place)
