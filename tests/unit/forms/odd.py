"""Forms of offices, each written in another odd way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.unit.forms.odd_offices import OFFICES
from tests.unit.forms.odd_shape import Odd

Json = Any
TEXT = {"type": "string"}
HEIR = {"type": "object", "properties": {"name": TEXT}}

WORD = "Nejneobhospodařovávatelnějšímizemědělskopotravinářskýmispolečnostmi"
SENTENCE = (
    f"Prohlášení žadatele o tom, že v minulých třech obdobích {WORD} podporu malého rozsahu neposkytly ani nedostaly"
)
LINE = {
    "type": "object",
    "required": ["what"],
    "properties": {
        "what": {**TEXT, "title": WORD},
        "price": {**TEXT, "format": "money", "title": SENTENCE, "x-sum": True},
        "sure": {"type": "boolean", "x-widget": "checkbox", "title": SENTENCE},
    },
}
#: Words that no line of a phone holds.
ENDLESS: dict[str, Json] = {
    "type": "object",
    "title": SENTENCE,
    "description": WORD,
    "required": ["text", "kind"],
    "properties": {
        "text": {**TEXT, "title": WORD * 2, "description": SENTENCE},
        "kind": {"title": SENTENCE, "oneOf": [{"const": "a", "title": SENTENCE, "description": WORD}, {"const": WORD}]},
        "long": {"title": WORD, "enum": [f"{at} {SENTENCE}" for at in range(40)]},
        "size": {"type": "number", "title": WORD, "x-unit": "metrů krychlových za hodinu"},
        "ticks": {"type": "array", "uniqueItems": True, "title": SENTENCE, "items": {"enum": [WORD, SENTENCE, "x"]}},
        "table": {"type": "array", "title": WORD, "x-widget": "table", "x-item-label": WORD, "items": LINE},
        "cards": {"type": "array", "title": WORD, "x-item-label": SENTENCE, "minItems": 1, "items": LINE},
        "fixed": {**TEXT, "title": WORD, "readOnly": True},
        WORD * 2: {"type": "object", "title": SENTENCE, "properties": {"in": {**TEXT, "title": WORD}}},
    },
}


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
    **OFFICES,
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
    "words without end": Odd(
        schema=ENDLESS,
        data={
            "text": WORD * 3,
            "kind": WORD,
            "long": f"7 {SENTENCE}",
            "table": [{"what": WORD, "price": "123456789012.00", "sure": True}],
            "cards": [{"what": SENTENCE, "price": "1.00", "sure": False}],
            WORD * 2: {"in": WORD},
        },
        leaves=("text", "kind", "long", "size", "ticks", "table/0/what", "cards/0/price", f"{WORD * 2}/in"),
    ),
    "in itself": Odd(
        schema={
            "type": "object",
            "title": "Organizace",
            "properties": {"name": {**TEXT, "title": "Název"}, "owner": {"title": "Vlastník", "$ref": "#"}},
            "if": {"properties": {"owner": {"$ref": "#"}}, "required": ["owner"]},
            "then": {"properties": {"share": {"type": "integer", "title": "Podíl"}}},
        },
        data={"name": "Obec", "owner": {"name": "Kraj"}, "share": 5},
        leaves=("name", "owner/name", "share"),
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
