"""Every text that people read in a form, and its translations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forms.edit.places import Edited, Schema
from forms.pointers import MISSING, get, join, put

Json = Any
_WORDS = ("title", "description", "x-help", "x-unit", "x-add-label", "x-item-label")
_MAPS = ("properties", "$defs", "definitions", "dependentSchemas", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = ("items", "then", "else")


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text of the author."""

    pointer: str
    text: str
    #: The keyword it stands at: title, description, message …
    role: str
    translation: str = ""


def texts(schema: Schema, lang: str) -> list[Text]:
    """Give all texts in the order of the file, with their translations."""
    found = get(schema, join("/x-translations", lang))
    known = found if isinstance(found, dict) else {}
    return [
        Text(pointer=pointer, text=text, role=role, translation=_plain(known.get(pointer)))
        for pointer, text, role in _all(schema, "")
    ]


def translate(schema: Schema, lang: str, said: dict[str, str]) -> Edited:
    """Say texts in another language, by pointer; an empty one falls back to the original."""
    for pointer, text in said.items():
        place = join("/x-translations", lang, pointer)
        if text.strip() != _plain(get(schema, place)):
            schema = put(schema, place, text.strip() or MISSING)
    for place in (f"/x-translations/{lang}", "/x-translations"):
        if get(schema, place) == {}:
            schema = put(schema, place, MISSING)
    return Edited(schema=schema, place="")


def _all(schema: Json, place: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(schema, dict):
        return
    yield from _own(schema, place)
    if place == "":
        yield from _of_steps(schema.get("x-steps"))
    for where, part in _parts(schema, place):
        yield from _all(part, where)


def _own(schema: Schema, place: str) -> Iterator[tuple[str, str, str]]:
    for keyword in _WORDS:
        yield from _one(schema.get(keyword), f"{place}/{keyword}", keyword)
    for keyword in ("x-messages", "x-labels"):
        for name, text in _items(schema.get(keyword)):
            yield from _one(text, join(place, keyword, name), keyword)
    for at, rule in enumerate(_list(schema.get("x-rules"))):
        if isinstance(rule, dict):
            yield from _one(rule.get("message"), f"{place}/x-rules/{at}/message", "x-messages")


def _parts(schema: Schema, place: str) -> Iterator[tuple[str, Json]]:
    for keyword in _MAPS:
        yield from ((join(place, keyword, name), part) for name, part in _items(schema.get(keyword)))
    for keyword in _LISTS:
        yield from ((f"{place}/{keyword}/{at}", part) for at, part in enumerate(_list(schema.get(keyword))))
    yield from ((f"{place}/{keyword}", schema.get(keyword)) for keyword in _SINGLES)


def _of_steps(steps: Json, place: str = "/x-steps") -> Iterator[tuple[str, str, str]]:
    for at, step in enumerate(_list(steps)):
        if isinstance(step, dict):
            yield from _one(step.get("title"), f"{place}/{at}/title", "title")
            yield from _one(step.get("description"), f"{place}/{at}/description", "description")
            yield from _of_steps(step.get("fields"), f"{place}/{at}/fields")


def _one(text: Json, pointer: str, role: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(text, str) and text.strip():
        yield pointer, text, role


def _plain(text: Json) -> str:
    return text if isinstance(text, str) else ""


def _items(value: Json) -> list[tuple[str, Json]]:
    return list(value.items()) if isinstance(value, dict) else []


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
