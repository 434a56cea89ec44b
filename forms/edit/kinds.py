"""Kinds of questions as a clerk knows them: what a new one begins with, and how one is recognized in a schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.compile import shared_library
from forms.controls import LONG_TEXT
from forms.edit.places import Edited, EditRefused, Schema, part
from forms.graph import LIBRARY
from forms.pointers import put

#: Widget by which a form judges the answers of another one.
REVIEWING = "field-review"
#: Kind → the schema a new question of the kind begins with.
NEW: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "long_text": {"type": "string", "x-widget": "textarea", "maxLength": 4000},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "money": {"type": "string", "format": "money"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "date-time": {"type": "string", "format": "date-time"},
    "email": {"type": "string", "format": "email"},
    "phone": {"type": "string", "format": "phone"},
    "yes_no": {"type": "boolean"},
    "choice": {"type": "string", "oneOf": []},
    "ticks": {"type": "array", "uniqueItems": True, "items": {"type": "string", "oneOf": []}},
    "consent": {"type": "boolean", "const": True},
    "file": {"type": "string", "format": "file"},
    "files": {"type": "array", "items": {"type": "string", "format": "file"}},
    "group": {"type": "object", "properties": {}},
    "rows": {"type": "array", "items": {"type": "object", "properties": {}}},
    "computed": {"type": "string", "format": "money", "x-computed": ""},
    "review": {
        "type": "array",
        "x-widget": REVIEWING,
        "items": {
            "type": "object",
            "required": ["pointer", "comment"],
            "properties": {"pointer": {"type": "string"}, "comment": {"type": "string"}},
        },
    },
}
LONGEST_NAME = 40
#: Kinds into which other fields go.
HOLDERS = ("group", "rows")
#: Formats that are kinds of their own; the others are texts with a format.
_FORMAT_KINDS = {name: name for name in ("money", "date", "email", "phone", "file", "time", "date-time")}
#: What says of which kind a question is; everything else stays when the kind changes.
_OF_KIND = frozenset(
    ("type", "format", "enum", "oneOf", "const", "items", "uniqueItems", "properties", "required", "x-computed")
) | {"minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern"}
_OF_KIND |= {"minItems", "maxItems", "x-widget", "x-unit", "x-accept", "x-max-size", "x-labels", "default"}
_OF_KIND |= {"x-options", "x-image-max", "x-sum", "x-of", "x-rows-kept"}


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Words a new part begins with, in the language of the form."""

    title: str = ""
    choices: tuple[str, ...] = ()
    #: The one question that a new group or step begins with; an empty one can't be asked.
    first: str = ""


def new_schema(kind: str, words: Beginning) -> Schema:
    """Give the schema of a new question or group."""
    if kind.removeprefix(LIBRARY) in shared_library() and kind.startswith(LIBRARY):
        return {"$ref": kind, "title": words.title} if words.title else {"$ref": kind}
    if kind not in NEW:
        raise EditRefused("no-such-kind")
    schema = {**NEW[kind], "title": words.title}
    offered = [{"const": slug(word), "title": word} for word in words.choices]
    first = {slug(words.first): {"type": "string", "title": words.first}}
    if kind == "choice":
        return {**schema, "oneOf": offered}
    if kind == "ticks":
        return {**schema, "items": {"type": "string", "oneOf": offered}}
    if kind == "group":
        return {**schema, "properties": first}
    return {**schema, "items": {"type": "object", "properties": first}} if kind == "rows" else schema


def slug(text: str) -> str:
    """Make a name for the answers out of a label: letters without accents, digits and underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME].strip("_")
    return words if words[:1].isalpha() else f"q_{words}".strip("_")


def turn(schema: Schema, place: str, kind: str, words: Beginning) -> Edited:
    """Make another kind of question of this one; its words stay."""
    old = part(schema, place)
    if kind in HOLDERS or kind_of(old) in HOLDERS or kind_of(old) in ("library", "reference", "advanced"):
        raise EditRefused("cannot-turn")
    kept = {keyword: value for keyword, value in old.items() if keyword not in _OF_KIND}
    made = {keyword: value for keyword, value in new_schema(kind, words).items() if keyword != "title"}
    return Edited(schema=put(schema, place, {**made, **kept}), place=place)


def kind_of(schema: Any) -> str:
    """Say what kind of question a schema asks; "advanced" for one that the builder only keeps."""
    if not isinstance(schema, dict):
        return "advanced"
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return "library" if reference.startswith(LIBRARY) else "reference"
    if schema.get("x-widget") == REVIEWING:
        return "review" if schema.get("type") == "array" else "advanced"
    if "x-computed" in schema:
        return "computed"
    if has_choices(schema):
        return "choice"
    judge = _BY_TYPE.get(str(schema.get("type")))
    return judge(schema) if judge else "group" if "properties" in schema else "advanced"


def has_choices(schema: Any) -> bool:
    """Whether a schema offers several values by enum, or by oneOf of constants."""
    if not isinstance(schema, dict):
        return False
    listed = schema.get("oneOf")
    constants = isinstance(listed, list) and all(isinstance(one, dict) and "const" in one for one in listed)
    return isinstance(schema.get("enum"), list) or (constants and "properties" not in schema)


def _text(schema: Schema) -> str:
    if schema.get("format") in _FORMAT_KINDS:
        return _FORMAT_KINDS[schema["format"]]
    longest = schema.get("maxLength")
    long = schema.get("x-widget") == "textarea" or (isinstance(longest, int) and longest > LONG_TEXT)
    return "long_text" if long and "format" not in schema else "text"


def _list(schema: Schema) -> str:
    items = schema.get("items")
    if not isinstance(items, dict):
        return "advanced"
    if items.get("format") == "file":
        return "files"
    if has_choices(items) and (schema.get("uniqueItems") or schema.get("x-widget") == "checkboxes"):
        return "ticks"
    return "rows"


_BY_TYPE: Mapping[str, Callable[[Schema], str]] = {
    "string": _text,
    "integer": lambda schema: "integer",
    "number": lambda schema: "number",
    "boolean": lambda schema: "consent" if schema.get("const") is True else "yes_no",
    "array": _list,
    "object": lambda schema: "group",
}
