"""Answers written on one version of a form, opened on another: nothing is lost without being told.

A field is found again by its name, or by `x-was`, its former name or pointer. An answer that has no place any more or
is no longer valid is listed as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.compare import told
from forms.compile import Form
from forms.controls import parse
from forms.desk import Desk
from forms.display import Files
from forms.graph import Schema, in_place
from forms.pointers import MISSING, get, join, put, split
from forms.tree import Answers, Evaluate, Field, unfold, walk
from forms.validate import validate

Json = Any
#: Stands for every row in a pointer.
EACH = "*"
#: Widgets whose answer is a list or an object.
_COMPOSED = ("json", "files", "checkboxes", "review", "hidden")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a person should know: `why` is gone, wrong or new; `text` is the former answer."""

    why: str
    pointer: str
    label: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The answers for the new form, and what became of them."""

    data: dict[str, Json]
    changes: tuple[Change, ...]


def carried(
    old: Form,
    new: Form,
    data: dict[str, Json],
    *,
    lang: str = "cs",
    evaluate: Evaluate | None = None,
    files: Files | None = None,
) -> Carried:
    """Take answers over from the old form to the new one."""
    moved, places = _moved(new, data)
    fitted = _fitted(new, moved, evaluate)
    before = told(old, data, lang, files)
    known = {_new_place(field.pointer, places) for field in walk(unfold(Answers(form=old, data=data)))}
    after = unfold(Answers(form=new, data=fitted, evaluate=evaluate))
    asked = {field.pointer for field in walk(after) if field.is_question}
    wrong = _wrong(new, fitted, evaluate) - _wrong(old, data, None)
    desk = Desk(answers=Answers(form=new, data=fitted), lang=lang)
    changes = []
    for pointer, (label, text) in before.items():
        place = _new_place(pointer, places)
        if text and (place not in asked or place in wrong):
            changes.append(Change(why="wrong" if place in asked else "gone", pointer=place, label=label, text=text))
    fresh = [Change(why="new", pointer=field.pointer, label=desk.label(field)) for field in _fresh(after, known)]
    return Carried(data=fitted, changes=(*changes, *fresh))


def _wrong(form: Form, data: Json, evaluate: Evaluate | None) -> set[str]:
    """Give the places with an answer that isn't valid; a missing one is no change of it."""
    found = validate(form, data, evaluate=evaluate)
    return {error.pointer for error in found if error.keyword != "required" and get(data, error.pointer) is not MISSING}


def _fresh(field: Field, known: set[str]) -> Iterator[Field]:
    """Give what the old form didn't ask, the uppermost of each, once for all rows."""
    children = field.children[:1] if field.widget == "rows" else field.children
    for child in children:
        if child.pointer in known:
            yield from _fresh(child, known)
        elif child.widget != "output":
            yield child


# --- renamed ---------------------------------------------------------------------------------------------------------


def _moved(new: Form, data: dict[str, Json]) -> tuple[dict[str, Json], Sequence[Mapping[str, str]]]:
    """Move renamed answers, the outer ones first; give them with the new places of old ones, level by level."""
    renames = list(_renames(new.root, "", ()))
    moved: dict[str, Json] = data
    levels = []
    for depth in sorted({len(split(now)) for _was, now in renames}):
        named = [(was, now) for was, now in renames if len(split(now)) == depth]
        moved, places = _moved_at(moved, [pair for was, now in named for pair in _concrete(moved, was, now)])
        levels.append(places)
    return moved, levels


def _moved_at(data: dict[str, Json], pairs: list[tuple[str, str]]) -> tuple[dict[str, Json], Mapping[str, str]]:
    values = {was: get(data, was) for was, _now in pairs}
    left: Json = data
    for was in values:
        left = put(left, was, MISSING)
    places = {}
    for was, now in pairs:
        free = get(left, now) is MISSING
        left = put(left, now if free else was, values[was])
        if free:
            places[was] = now
    return left, places


def _renames(schema: Schema, pointer: str, above: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    if id(schema) in above:
        return
    inside = (*above, id(schema))
    for name, part in schema.get("properties", {}).items():
        if not isinstance(part, dict):
            continue
        here, was = join(pointer, name), part.get("x-was")
        if isinstance(was, str) and was:
            yield (was if was.startswith("/") else join(pointer, was)), here
        yield from _renames(part, here, inside)
    items = schema.get("items")
    if isinstance(items, dict):
        yield from _renames(items, f"{pointer}/{EACH}", inside)
    for part in in_place(schema):
        yield from _renames(part, pointer, inside)


def _concrete(data: Json, was: str, now: str) -> Iterator[tuple[str, str]]:
    """Give the pair for each row that has the old answer."""
    head, each, tail = was.partition(f"/{EACH}")
    if not each:
        if get(data, was) is not MISSING and f"/{EACH}" not in now:
            yield was, now
        return
    rows = get(data, head)
    if now.partition(f"/{EACH}")[0] != head:
        return
    for index in range(len(rows) if isinstance(rows, list) else 0):
        yield from _concrete(data, f"{head}/{index}{tail}", now.replace(f"/{EACH}", f"/{index}", 1))


def _new_place(pointer: str, levels: Sequence[Mapping[str, str]]) -> str:
    """Give where an old place is now: it, or what it lies in, may have been renamed."""
    for places in levels:
        tokens = split(pointer)
        uppers = (join("", *tokens[:length]) for length in range(len(tokens), 0, -1))
        upper = next((one for one in uppers if one in places), None)
        if upper is not None:
            pointer = places[upper] + pointer.removeprefix(upper)
    return pointer


# --- other kinds -----------------------------------------------------------------------------------------------------


def _fitted(new: Form, data: dict[str, Json], evaluate: Evaluate | None) -> dict[str, Json]:
    """Take away what can't stand in the new control at all; read again what was only written in another type."""
    fitted: Json = data
    for field in walk(unfold(Answers(form=new, data=data, evaluate=evaluate))):
        if field.value is MISSING or not field.pointer:
            continue
        if not _can_hold(field):
            fitted = put(fitted, field.pointer, MISSING)
        elif field.is_question and get(fitted, field.pointer) is not MISSING:
            fitted = put(fitted, field.pointer, _typed(field))
    return dict(fitted)


def _can_hold(field: Field) -> bool:
    if field.widget in ("group", "rows"):
        return isinstance(field.value, dict if field.widget == "group" else list)
    if field.widget in ("files", "checkboxes", "review"):
        return isinstance(field.value, list)
    return field.widget in _COMPOSED or not isinstance(field.value, dict | list)


def _typed(field: Field) -> Json:
    value, types = field.value, field.shape.types
    if isinstance(value, str) and types & {"integer", "number"}:
        return parse(value, field.shape)
    if isinstance(value, int | float) and not isinstance(value, bool) and types == {"string"}:
        return str(value)
    return value
