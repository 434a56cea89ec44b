"""Ten forms of offices, each written in another odd way; `leaves` are questions that have to be on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
TEXT = {"type": "string"}
HEIR = {"type": "object", "properties": {"name": TEXT}}


@dataclass(frozen=True, kw_only=True)
class Odd:
    """A form, answers that are right, and what must be asked with them."""

    schema: Mapping[str, Json]
    data: dict[str, Json]
    leaves: tuple[str, ...]


def deep(levels: int) -> dict[str, Json]:
    """A question so many groups down."""
    inner: dict[str, Json] = {**TEXT, "title": "Úplně dole"}
    for level in range(levels, 0, -1):
        inner = {"type": "object", "title": f"Patro {level}", "properties": {"in": inner}}
    return {"type": "object", "title": "Spisovna", "properties": {"in": inner}}


def at_the_bottom(levels: int) -> dict[str, Json]:
    """The answer to it."""
    inner: Json = "spis"
    for _ in range(levels + 1):
        inner = {"in": inner}
    return dict(inner)


FORMS: Mapping[str, Odd] = {
    "draft 4": Odd(
        schema={
            "$schema": "http://json-schema.org/draft-04/schema#",
            "id": "http://urad.example/dog",
            "type": "object",
            "title": "Přihláška psa",
            "required": ["chip", "age"],
            "definitions": {"chip": {"type": "string", "title": "Čip", "pattern": "^[0-9]{15}$"}},
            "properties": {
                "chip": {"$ref": "#/definitions/chip"},
                "age": {"type": "number", "title": "Stáří", "minimum": 0, "exclusiveMinimum": True},
                "holder": {"type": "object", "title": "Držitel", "properties": {"name": {**TEXT, "title": "Jméno"}}},
            },
            "dependencies": {"holder": ["age"]},
        },
        data={"chip": "123456789012345", "age": 3, "holder": {"name": "Marie"}},
        leaves=("chip", "age", "holder/name"),
    ),
    "references in references": Odd(
        schema={
            "type": "object",
            "title": "Ohlášení stavby",
            "$defs": {
                "place": {"type": "object", "properties": {"plot": {"$ref": "#/$defs/plot"}}, "title": "Místo"},
                "plot": {"allOf": [{"$ref": "#/$defs/number"}, {"title": "Parcela"}]},
                "number": {"type": "string", "maxLength": 12},
                "tree": {
                    "type": "object",
                    "properties": {"name": {**TEXT, "title": "Část"}, "part": {"$ref": "#/$defs/tree"}},
                },
            },
            "properties": {"place": {"$ref": "#/$defs/place"}, "tree": {"$ref": "#/$defs/tree"}},
        },
        data={"place": {"plot": "1204/3"}, "tree": {"name": "Dům", "part": {"name": "Garáž"}}},
        leaves=("place/plot", "tree/name", "tree/part/name"),
    ),
    "any of several": Odd(
        schema={
            "type": "object",
            "title": "Kontakt",
            "properties": {
                "mail": {**TEXT, "format": "email", "title": "E-mail"},
                "phone": {**TEXT, "format": "phone", "title": "Telefon"},
                "who": {"title": "Kdo", "anyOf": [{"const": "owner", "title": "Vlastník"}, {"const": "tenant"}]},
            },
            "anyOf": [{"required": ["mail"]}, {"required": ["phone"]}],
        },
        data={"phone": "+420601234567", "who": "owner"},
        leaves=("mail", "phone", "who"),
    ),
    "names by a pattern": Odd(
        schema={
            "type": "object",
            "title": "Odečty",
            "properties": {"meter": {**TEXT, "title": "Měřidlo"}},
            "patternProperties": {"^m[0-9]+$": {"type": "integer", "title": "Stav"}},
            "additionalProperties": False,
        },
        data={"meter": "A1"},
        leaves=("meter",),
    ),
    "parts that depend": Odd(
        schema={
            "type": "object",
            "title": "Zábor",
            "properties": {"car": {"type": "boolean", "title": "Přijede auto?"}},
            "dependentSchemas": {
                "car": {"properties": {"plate": {**TEXT, "title": "Značka"}}, "dependentRequired": {"plate": ["car"]}}
            },
        },
        data={"car": True, "plate": "1L2 3456"},
        leaves=("car", "plate"),
    ),
    "a list of different things": Odd(
        schema={
            "type": "object",
            "title": "Souřadnice",
            "properties": {
                "point": {
                    "type": "array",
                    "title": "Bod",
                    "prefixItems": [{"type": "number", "title": "X"}, {"type": "number", "title": "Y"}],
                    "items": False,
                }
            },
        },
        data={"point": [14.5, 50]},
        leaves=(),
    ),
    "perhaps nothing": Odd(
        schema={
            "type": "object",
            "title": "Dědictví",
            "properties": {
                "died": {"type": ["string", "null"], "format": "date", "title": "Zemřel"},
                "share": {"anyOf": [{"type": "number", "title": "Podíl"}, {"type": "null"}], "title": "Podíl"},
                "heir": {
                    "oneOf": [{"type": "null"}, {"type": "object", "properties": {"name": TEXT}}],
                    "title": "Dědic",
                },
            },
        },
        data={"died": "2026-01-05", "share": 0.5},
        leaves=("died", "share"),
    ),
    "choices of every type": Odd(
        schema={
            "type": "object",
            "title": "Sazba",
            "required": ["rate", "kind"],
            "properties": {
                "rate": {"title": "Sazba", "enum": [0, "0", False, 1.5, "osvobozeno"]},
                "kind": {"const": "fee", "title": "Je to poplatek"},
                "ready": {"enum": [True, False, None], "title": "Hotovo"},
            },
        },
        data={"rate": "0", "kind": "fee", "ready": False},
        leaves=("rate", "kind", "ready"),
    ),
    "very deep": Odd(schema=deep(14), data=at_the_bottom(14), leaves=("/".join(["in"] * 15),)),
    "told apart by one answer": Odd(
        schema={
            "type": "object",
            "title": "Žadatel",
            "properties": {"kind": {"title": "Kdo", "enum": ["person", "firm"]}},
            "required": ["kind"],
            "oneOf": [
                {"properties": {"kind": {"const": "person"}, "born": {**TEXT, "format": "date", "title": "Narozen"}}},
                {"properties": {"kind": {"const": "firm"}, "ico": {**TEXT, "format": "cz-ico", "title": "IČO"}}},
            ],
            "if": {"properties": {"kind": {"const": "firm"}}, "required": ["kind"]},
            "then": {"required": ["ico"]},
            "else": {"properties": {"note": {**TEXT, "title": "Poznámka"}}},
        },
        data={"kind": "firm", "ico": "05129061"},
        leaves=("kind", "ico"),
    ),
}
