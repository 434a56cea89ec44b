"""Schemas as other programs and other people write them: what the builder opens, changes a little and gives back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any
TEXT: dict[str, Json] = {"type": "string"}
D4, D6, D7, D19 = (
    *(f"http://json-schema.org/draft-0{number}/schema#" for number in (4, 6, 7)),
    "https://json-schema.org/draft/2019-09/schema",
)


def of(*, required: list[str] | None = None, **members: Json) -> dict[str, Json]:
    """An object with these members."""
    return {"type": "object", "properties": members} | ({"required": required} if required else {})


def many(count: int) -> dict[str, Json]:
    """So many questions of every plain kind."""
    kinds: list[dict[str, Json]] = [
        TEXT,
        {"type": "integer", "minimum": 0},
        {"type": "boolean"},
        {"type": "string", "enum": ["a", "b", "c"]},
        {"type": "string", "format": "date"},
    ]
    return of(**{f"q{at}": {**kinds[at % len(kinds)], "title": f"Otázka {at}"} for at in range(count)})


SCHEMAS: Mapping[str, dict[str, Json]] = {
    "nothing at all": {},
    "only an object": {"type": "object"},
    "draft 4 with its exclusive bounds": {
        "$schema": D4,
        "id": "http://urad.example/schema#",
        **of(age={"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 9, "exclusiveMaximum": False}),
    },
    "draft 4 with dependencies of both kinds": {
        "$schema": D4,
        **of(a=TEXT, b=TEXT),
        "dependencies": {"a": ["b"], "b": {"properties": {"c": TEXT}, "required": ["c"]}},
    },
    "draft 6 with contains and const": {
        "$schema": D6,
        **of(list={"type": "array", "items": TEXT, "contains": {"const": "x"}}, one={"const": 5}),
        "examples": [{"list": ["x"]}],
    },
    "draft 7 with if inside allOf inside then": {
        "$schema": D7,
        **of(a={"type": "boolean"}, b=TEXT),
        "if": {"properties": {"a": {"const": True}}},
        "then": {"allOf": [{"if": {"required": ["b"]}, "then": of(c=TEXT), "else": of(d=TEXT)}]},
        "else": {"not": {"required": ["b"]}},
    },
    "draft 7 with words beside a reference": {
        "$schema": D7,
        "definitions": {"name": {"type": "string", "title": "Jméno", "$comment": "sdílené"}},
        **of(first={"$ref": "#/definitions/name", "title": "Jméno", "minLength": 3}),
    },
    "2019-09 with its own words": {
        "$schema": D19,
        "$vocabulary": {"https://json-schema.org/draft/2019-09/vocab/core": True},
        **of(a={"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}),
        "unevaluatedProperties": False,
        "dependentRequired": {"a": []},
    },
    "a part that contains itself": {
        "$defs": {"node": of(name=TEXT, inner={"$ref": "#/$defs/node"}, more={"items": {"$ref": "#/$defs/node"}})},
        **of(tree={"$ref": "#/$defs/node"}),
    },
    "the whole contains itself": of(name=TEXT, children={"type": "array", "items": {"$ref": "#"}}),
    "references to references": {
        "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/c"}, "c": {"type": "integer"}},
        **of(x={"$ref": "#/$defs/a"}, y={"allOf": [{"$ref": "#/$defs/a"}, {"minimum": 1}]}),
    },
    "a reference into properties": of(a={"type": "string", "title": "A"}, b={"$ref": "#/properties/a"}),
    "a reference that leads nowhere": of(a={"$ref": "#/$defs/missing"}, b=TEXT),
    "names by patterns": {
        **of(known=TEXT),
        "patternProperties": {"^x-": {"type": "integer"}, "[0-9]+$": TEXT},
        "propertyNames": {"maxLength": 20},
        "additionalProperties": {"type": "boolean"},
    },
    "true and false for schemas": {
        **of(any=True, never=False, plain=TEXT),
        "additionalProperties": False,
        "not": False,
        "if": True,
        "then": of(always=TEXT),
    },
    "lists by place": of(
        point={"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "items": False},
        bare={"type": "array"},
        deep={"type": "array", "items": {"type": "array", "items": {"type": "array", "items": TEXT}}},
    ),
    "lists by place as they were told before": {
        "$schema": D7,
        **of(old={"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "additionalItems": True}),
    },
    "several types at once": of(
        a={"type": ["string", "null"], "title": "A"},
        b={"type": ["integer", "string", "boolean", "null"]},
        c={"type": ["object", "array"], "properties": {"d": TEXT}, "items": TEXT},
        d={"type": ["number"]},
    ),
    "any of objects": {
        "type": "object",
        "anyOf": [of(a=TEXT, required=["a"]), {"title": "Druhá", **of(b=TEXT, required=["b"])}, {"minProperties": 1}],
    },
    "one of objects with nothing to tell them apart": {
        "type": "object",
        "oneOf": [of(a=TEXT, c=TEXT), of(b=TEXT, c={"type": "integer"})],
    },
    "told apart by one answer, asked nowhere": {
        "type": "object",
        "oneOf": [
            {"title": "Pes", **of(kind={"const": "dog"}, breed=TEXT, required=["kind"])},
            {"title": "Kočka", **of(kind={"const": "cat"}, color=TEXT, required=["kind"])},
        ],
    },
    "told apart by numbers, in a list of lists": {
        **of(kind={"title": "Druh"}),
        "allOf": [
            {"oneOf": [of(kind={"enum": [1]}, a=TEXT), of(kind={"enum": [2]}, b=TEXT)], "x-kept": [None]},
            {"oneOf": [of(kind={"const": 1}, c=TEXT), of(kind={"const": 2}, c=TEXT)]},
        ],
    },
    "alternatives in alternatives": {
        **of(who={"type": "string", "title": "Kdo"}),
        "oneOf": [
            {
                **of(who={"const": "p"}, how={"type": "string"}),
                "oneOf": [of(how={"const": "x"}, a=TEXT), of(how={"const": "y"}, b=TEXT)],
            },
            of(who={"const": "f"}, ico={"type": "string", "format": "cz-ico"}),
        ],
    },
    "choices of every type": of(
        mixed={"enum": [0, "0", False, None, 1.5, [], {}]},
        one={"enum": ["only"]},
        none={"enum": [None]},
        titled={"oneOf": [{"const": 1, "title": "jedna", "x-n": 1}, {"const": "1"}, {"enum": [True], "title": "ano"}]},
    ),
    "names nobody would choose": of(
        **{
            "__proto__": TEXT,
            "a/b~c": TEXT,
            "": {"type": "string", "title": "Bez jména"},
            "🏛 věc": {"type": "object", "properties": {"%2F": TEXT, "then": TEXT, "properties": of(allOf=TEXT)}},
            "items": {"type": "array", "items": of(items=TEXT)},
            "if": TEXT,
            "0": TEXT,
        }
    ),
    "words of other builders": {
        **of(a={"type": "string", "ui:widget": "textarea", "options": {"inputAttributes": {"rows": 3}}}),
        "ui:order": ["a"],
        "format": "grid",
        "x-vendor": {"z": [1, {"y": None}], "a": "\u2028"},
        "$comment": "z jiného programu",
        "deprecated": True,
        "examples": [{"a": 1}],
    },
    "numbers at the edge": of(
        big={"type": "integer", "maximum": 10**30, "multipleOf": 3},
        small={"type": "number", "minimum": -1e-9, "multipleOf": 0.01, "default": 0.10},
        float_count={"type": "array", "items": TEXT, "minItems": 2.0, "maxItems": 3.0},
    ),
    "texts with every limit": of(
        a={"type": "string", "minLength": 2, "maxLength": 2, "pattern": "^[A-Z]{2}$", "format": "regex", "default": ""},
        b={"type": "string", "format": "nobody-knows-it"},
    ),
    "required names that nothing describes": {**of(a=TEXT), "required": ["a", "ghost", "a/b"]},
    "conditions that tests can't say": {
        **of(a=TEXT, b={"type": "integer"}, c=TEXT),
        "allOf": [
            {"if": {"properties": {"a": {"pattern": "^x"}}, "required": ["a"]}, "then": {"required": ["c"]}},
            {"if": {"properties": {"b": {"minimum": 1, "maximum": 5}}}, "then": of(d=TEXT), "$comment": "dvě meze"},
            {"if": {"not": {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}}, "else": of(e=TEXT)},
            {"then": of(f=TEXT)},
        ],
    },
    "steps that name what is not there": {
        **of(a=TEXT, b=TEXT, c=TEXT),
        "x-steps": [
            {"key": "one", "title": "Jedna", "fields": ["/a", "/ghost", {"title": "Nadpis", "fields": []}], "x-y": 1},
            {"key": "two", "fields": [{"fields": ["c"], "title": "Dole"}]},
        ],
    },
    "translations of everything and nothing": {
        **of(a={"type": "string", "title": "A", "x-messages": {"required": {"cs": "Ne", "en": "No"}, "*": "Jinak"}}),
        "title": "Česky",
        "x-language": "cs",
        "x-translations": {"en": {"/properties/a/title": "A", "/nowhere/title": "?"}, "de": {"/title": "D"}, "fr": {}},
    },
    "rules and sums of many kinds": {
        **of(a={"type": "integer"}, sum={"x-computed": {"expression": "a * 2", "note": "kept"}, "type": "integer"}),
        "x-rules": [{"check": {"expression": "a > 1"}, "message": {"cs": "Víc.", "en": "More."}}, "not a rule", {}],
        "x-registers": ["prices"],
        "x-prefill": {"source": "elsewhere", "by": "/a", "map": {"/sum": "x.y"}},
    },
    "a list of objects with conditions": of(
        rows={
            "type": "array",
            "x-widget": "table",
            "items": {
                **of(k={"enum": ["a", "b"]}, n={"type": "number", "x-sum": True}),
                "if": {"properties": {"k": {"const": "a"}}, "required": ["k"]},
                "then": of(m=TEXT),
            },
        }
    ),
    "fourteen floors": {
        "type": "object",
        "properties": {"in": {"type": "object", "properties": {"in": of(a=of(b=of(c=of(d=of(e=of(f=TEXT))))))}}},
    },
    "three hundred questions": many(300),
}
