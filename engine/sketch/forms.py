"""The forms of a sketch: a note where nothing is known, a choice, a date, a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model import Json


def form(title: str, fields: Mapping[str, Json], note: tuple[str, str]) -> dict[str, Json]:
    """Give a form that asks some fields and takes a note, (variable, title)."""
    name, label = note
    properties = {**fields, name: {"type": "string", "title": label, "x-widget": "textarea", "maxLength": 4000}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "required": list(fields),
    }


def one_of(title: str, choices: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """Ask for one of some ways."""
    return {"type": "string", "title": title, "oneOf": [{"const": key, "title": name} for key, name in choices]}


def some_of(title: str, choices: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """Ask for one or more of some ways."""
    items = {"oneOf": [{"const": key, "title": name} for key, name in choices]}
    return {"type": "array", "title": title, "items": items, "uniqueItems": True, "minItems": 1}


def day(title: str) -> dict[str, Json]:
    """Ask for a date."""
    return {"type": "string", "title": title, "format": "date"}


def number(title: str) -> dict[str, Json]:
    """Ask for a number of times."""
    return {"type": "integer", "title": title, "minimum": 1, "maximum": 100}


def yes_no(title: str) -> dict[str, Json]:
    """Ask yes or no."""
    return {"type": "boolean", "title": title}
