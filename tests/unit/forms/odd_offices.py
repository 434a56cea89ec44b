"""Forms as ministries, insurers and towns publish them, from the corners of three drafts of JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.unit.forms.odd_shape import Odd

Json = Any
TEXT = {"type": "string"}
DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"


def form(*, required: tuple[str, ...] = (), draft: str = DRAFT_2020, **properties: Json) -> dict[str, Json]:
    """A form of these questions."""
    return {
        "$schema": draft,
        "title": "Tiskopis",
        "type": "object",
        "required": list(required),
        "properties": properties,
    }


ADDRESS = {
    "type": "object",
    "required": ["street", "city"],
    "properties": {
        "street": {**TEXT, "minLength": 1, "maxLength": 50},
        "street2": TEXT,
        "city": {**TEXT, "maxLength": 30},
        "postalCode": {"oneOf": [{**TEXT, "pattern": "^\\d{5}$"}, {"type": "null"}]},
        "country": {**TEXT, "enum": ["CZ", "SK", "PL", "DE", "AT", "HU"]},
    },
}

OFFICES: Mapping[str, Odd] = {
    "draft 4 with an id and dependencies of two kinds": Odd(
        schema={
            "$schema": DRAFT_4,
            "id": "https://urad.example/schemas/registrace#",
            "type": "object",
            "definitions": {
                "phone": {"id": "#phone", "type": "string", "pattern": "^[0-9+ ]{9,16}$"},
                "ssn": {"type": "string", "minLength": 9, "maxLength": 11},
            },
            "properties": {
                "phone": {"$ref": "#/definitions/phone"},
                "ssn": {"$ref": "#/definitions/ssn"},
                "fax": {"$ref": "#phone"},
                "age": {"type": "integer", "minimum": 18, "exclusiveMinimum": False, "maximum": 120},
            },
            "dependencies": {"fax": ["phone"], "ssn": {"properties": {"reason": TEXT}, "required": ["reason"]}},
            "additionalProperties": False,
        },
        data={"phone": "601234567", "age": 18},
        leaves=("phone", "ssn", "fax", "age"),
    ),
    "draft 7 with comments, examples and read only": Odd(
        schema={
            **form(draft=DRAFT_7, name=TEXT, number={**TEXT, "readOnly": True, "examples": ["A-1"]}, note=TEXT),
            "$comment": "převzato z registru",
            "examples": [{"name": "Jana"}],
        },
        data={"name": "Jana", "note": "nic"},
        leaves=("name", "note"),
    ),
    "arrays of objects of arrays of objects": Odd(
        schema=form(
            buildings={
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "title": "Budova",
                    "properties": {
                        "number": {"type": "integer"},
                        "floors": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "level": {"type": "integer"},
                                    "rooms": {
                                        "type": "array",
                                        "items": {
                                            "type": "object",
                                            "properties": {"use": TEXT, "area": {"type": "number"}},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            }
        ),
        data={
            "buildings": [
                {"number": 1, "floors": [{"level": 0, "rooms": [{"use": "sklad", "area": 12.5}, {"use": "dílna"}]}]},
                {"number": 2, "floors": []},
            ]
        },
        leaves=("buildings/0/number", "buildings/0/floors/0/level", "buildings/0/floors/0/rooms/1/use"),
    ),
    "an array of arrays of numbers": Odd(
        schema=form(
            area={
                "type": "array",
                "title": "Hranice",
                "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
            }
        ),
        data={"area": [[14.1, 50.2], [14.3, 50.4]]},
        leaves=("area/0/0", "area/1/1"),
    ),
    "one of several objects without a mark": Odd(
        schema=form(
            identity={
                "oneOf": [
                    {"type": "object", "title": "Člověk", "required": ["born"], "properties": {"born": TEXT}},
                    {"type": "object", "title": "Firma", "required": ["ico"], "properties": {"ico": TEXT}},
                ]
            }
        ),
        data={"identity": {"ico": "05129061"}},
        leaves=("identity/born", "identity/ico"),
    ),
    "a text or an object": Odd(
        schema=form(
            owner={"oneOf": [TEXT, {"type": "object", "properties": {"name": TEXT, "share": {"type": "number"}}}]},
            other={"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]},
        ),
        data={"owner": "obec", "other": [1, 2]},
        leaves=(),
    ),
    "any of several shapes of a name": Odd(
        schema=form(
            applicant={
                "anyOf": [
                    {"type": "object", "required": ["first", "last"], "properties": {"first": TEXT, "last": TEXT}},
                    {"type": "object", "required": ["company"], "properties": {"company": TEXT}},
                ]
            }
        ),
        data={"applicant": {"first": "Jana", "last": "Malá"}},
        leaves=("applicant/first", "applicant/last", "applicant/company"),
    ),
    "all of, three parts deep": Odd(
        schema={
            "title": "Žádost",
            "type": "object",
            "$defs": {"base": {"properties": {"id": {**TEXT, "title": "Značka"}}, "required": ["id"]}},
            "allOf": [
                {"$ref": "#/$defs/base"},
                {"allOf": [{"properties": {"id": {"maxLength": 8}, "who": TEXT}}, {"properties": {"when": TEXT}}]},
                {"required": ["who"]},
            ],
        },
        data={"id": "A-1", "who": "Jana", "when": "zítra"},
        leaves=("id", "who", "when"),
    ),
    "a chain of if in else": Odd(
        schema={
            **form(kind={"enum": ["a", "b", "c"]}),
            "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
            "then": {"properties": {"one": TEXT}, "required": ["one"]},
            "else": {
                "if": {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
                "then": {"properties": {"two": {"type": "integer"}}, "required": ["two"]},
                "else": {"properties": {"three": {"type": "boolean"}}},
            },
        },
        data={"kind": "b", "two": 2},
        leaves=("kind", "two"),
    ),
    "several conditions beside each other": Odd(
        schema={
            **form(country={"enum": ["CZ", "US"]}, military={"type": "boolean"}),
            "allOf": [
                {
                    "if": {"properties": {"country": {"const": "US"}}, "required": ["country"]},
                    "then": {"properties": {"state": {"enum": ["AL", "NY"]}}, "required": ["state"]},
                },
                {
                    "if": {"properties": {"military": {"const": True}}, "required": ["military"]},
                    "then": {"properties": {"rank": TEXT}},
                    "else": {"properties": {"job": TEXT}},
                },
            ],
        },
        data={"country": "US", "state": "NY", "military": True, "rank": "plk."},
        leaves=("country", "military", "state", "rank"),
    ),
    "a condition on a nested answer": Odd(
        schema={
            **form(
                claim={
                    "type": "object",
                    "properties": {"spouse": {"type": "object", "properties": {"alive": {"type": "boolean"}}}},
                    "if": {
                        "properties": {
                            "spouse": {"properties": {"alive": {"const": False}}, "required": ["alive"]},
                        },
                        "required": ["spouse"],
                    },
                    "then": {"properties": {"died": {**TEXT, "format": "date"}}, "required": ["died"]},
                }
            )
        },
        data={"claim": {"spouse": {"alive": False}, "died": "2020-02-29"}},
        leaves=("claim/spouse/alive", "claim/died"),
    ),
    "values that are given": Odd(
        schema=form(
            required=("version",),
            version={"const": 3},
            agreed={"const": True, "title": "Souhlasím"},
            empty={"const": ""},
            nothing={"const": None},
            list={"const": ["a", 1]},
        ),
        data={"version": 3, "agreed": True},
        leaves=("version", "agreed"),
    ),
    "an enum of everything": Odd(
        schema=form(
            value={"enum": [1, "1", True, None, 0, False, "", 1.5, {"a": 1}, [1, 2], "true"]},
            only={"enum": ["jediná"]},
            many={"enum": [f"volba {at}" for at in range(180)]},
        ),
        data={"value": "1", "only": "jediná", "many": "volba 179"},
        leaves=("value", "only", "many"),
    ),
    "types in arrays": Odd(
        schema=form(
            a={"type": ["string", "number"]},
            b={"type": ["integer", "null"]},
            c={"type": ["boolean", "string", "null"]},
            d={"type": ["object", "null"], "properties": {"x": TEXT}},
            e={"type": ["array", "null"], "items": TEXT},
            f={"type": "null"},
        ),
        data={"a": 1.5, "b": None, "c": True, "d": {"x": "y"}, "e": ["z"]},
        leaves=("a", "b", "c", "d/x", "e/0"),
    ),
    "names by patterns of two kinds": Odd(
        schema={
            **form(fixed=TEXT),
            "patternProperties": {"^rok_[0-9]{4}$": {"type": "number"}, "_url$": {**TEXT, "format": "uri"}},
            "additionalProperties": TEXT,
        },
        data={"fixed": "a"},
        leaves=("fixed",),
    ),
    "an object of anything by name": Odd(
        schema=form(tags={"type": "object", "additionalProperties": {"type": "integer"}}, free={"type": "object"}),
        data={"tags": {"a": 1, "b": 2}, "free": {"x": [1, {"y": None}]}},
        leaves=(),
    ),
    "definitions with ids of their own": Odd(
        schema={
            **form(home={"$ref": "address"}, work={"$ref": "https://urad.example/address"}, tel={"$ref": "#tel"}),
            "$id": "https://urad.example/form",
            "$defs": {
                "address": {"$id": "address", "type": "object", "properties": {"city": TEXT}},
                "tel": {"$anchor": "tel", "type": "string", "pattern": "^[0-9]{9}$"},
            },
        },
        data={"home": {"city": "Praha"}, "work": {"city": "Brno"}, "tel": "601234567"},
        leaves=("home/city", "work/city", "tel"),
    ),
    "a reference into a property": Odd(
        schema=form(
            home=ADDRESS,
            mail={"$ref": "#/properties/home"},
            city={"$ref": "#/properties/home/properties/city", "title": "Jen město"},
        ),
        data={"home": {"street": "Dlouhá 1", "city": "Tanvald", "country": "CZ"}, "city": "Liberec"},
        leaves=("home/street", "home/postalCode", "home/country", "mail/street", "city"),
    ),
    "a reference with a tilde and a per cent sign": Odd(
        schema={
            **form(a={"$ref": "#/$defs/x~1y"}, b={"$ref": "#/$defs/p%25q"}),
            "$defs": {"x/y": {**TEXT, "title": "S lomítkem"}, "p%q": {"type": "integer", "title": "S procentem"}},
        },
        data={"a": "t", "b": 5},
        leaves=("a", "b"),
    ),
    "a tuple of draft 7 with more behind": Odd(
        schema=form(
            draft=DRAFT_7,
            rows={
                "type": "array",
                "items": [{**TEXT, "title": "Druh"}, {"type": "integer", "title": "Počet"}],
                "additionalItems": {"type": "number", "title": "Další"},
            },
        ),
        data={"rows": ["dům", 2, 5.5]},
        leaves=(),
    ),
    "prefix items that are objects": Odd(
        schema=form(
            pair={
                "type": "array",
                "prefixItems": [
                    {"type": "object", "title": "Od", "properties": {"day": {**TEXT, "format": "date"}}},
                    {"type": "object", "title": "Do", "properties": {"day": {**TEXT, "format": "date"}}},
                ],
                "minItems": 2,
                "maxItems": 2,
            }
        ),
        data={"pair": [{"day": "2024-01-01"}, {"day": "2024-12-31"}]},
        leaves=(),
    ),
    "no title anywhere": Odd(
        schema={
            "type": "object",
            "properties": {
                "veteranFullName": {"type": "object", "properties": {"first": TEXT, "middle_initial": TEXT}},
                "benefitsRelinquished": {"type": "array", "items": {"enum": ["chapter30", "unknown"]}},
                "PIN": {"type": "string"},
            },
        },
        data={"veteranFullName": {"first": "Jana"}, "benefitsRelinquished": ["unknown"], "PIN": "12"},
        leaves=("veteranFullName/first", "veteranFullName/middle_initial", "PIN"),
    ),
    "no type anywhere": Odd(
        schema={"properties": {"a": {"maxLength": 3}, "b": {"minimum": 2}, "c": {"properties": {"d": {}}}, "e": True}},
        data={"a": "abc", "b": 3, "c": {"d": "x"}, "e": "y"},
        leaves=("a", "b", "c/d", "e"),
    ),
    "true and false for schemas": Odd(
        schema={
            "type": "object",
            "properties": {"any": True, "never": False, "list": {"items": True, "type": "array"}},
        },
        data={"any": "x", "list": ["y"]},
        leaves=("any",),
    ),
    "three hundred questions": Odd(
        schema=form(
            **{
                f"part_{part}": {
                    "type": "object",
                    "title": f"Oddíl {part}",
                    "properties": {
                        f"q_{at}": [TEXT, {"type": "integer"}, {"type": "boolean"}, {"enum": ["a", "b"]}][at % 4]
                        for at in range(20)
                    },
                }
                for part in range(15)
            }
        ),
        data={"part_0": {"q_0": "x", "q_1": 1, "q_2": True, "q_3": "b"}, "part_14": {"q_19": "a"}},
        leaves=tuple(f"part_{part}/q_{at}" for part in range(15) for at in range(20)),
    ),
    "at least one of three, and not both": Odd(
        schema={
            **form(mail=TEXT, phone=TEXT, box=TEXT),
            "minProperties": 1,
            "anyOf": [{"required": ["mail"]}, {"required": ["phone"]}, {"required": ["box"]}],
            "not": {"required": ["mail", "box"]},
            "dependentRequired": {"box": ["phone"]},
        },
        data={"mail": "a@b.cz", "phone": "601"},
        leaves=("mail", "phone", "box"),
    ),
    "exactly one of required": Odd(
        schema={
            **form(draft=DRAFT_7, ico=TEXT, born=TEXT),
            "oneOf": [{"required": ["ico"]}, {"required": ["born"]}],
        },
        data={"ico": "05129061"},
        leaves=("ico", "born"),
    ),
    "a list of unlike things": Odd(
        schema=form(
            events={
                "type": "array",
                "items": {
                    "oneOf": [
                        {
                            "title": "Svatba",
                            "properties": {"type": {"const": "wedding"}, "spouse": TEXT},
                            "required": ["type", "spouse"],
                        },
                        {
                            "title": "Narození",
                            "properties": {"type": {"const": "birth"}, "child": TEXT},
                            "required": ["type", "child"],
                        },
                    ]
                },
            }
        ),
        data={"events": [{"type": "birth", "child": "Ota"}, {"type": "wedding", "spouse": "Eva"}]},
        leaves=("events/0/type", "events/0/child", "events/1/spouse"),
    ),
    "a family tree": Odd(
        schema={
            **form(person={"$ref": "#/definitions/person"}, draft=DRAFT_7),
            "definitions": {
                "person": {
                    "type": "object",
                    "properties": {
                        "name": TEXT,
                        "children": {"type": "array", "items": {"$ref": "#/definitions/person"}},
                    },
                }
            },
        },
        data={"person": {"name": "Anna", "children": [{"name": "Ema", "children": [{"name": "Jan"}]}]}},
        leaves=("person/name", "person/children/0/name", "person/children/0/children/0/name"),
    ),
    "two parts that contain each other": Odd(
        schema={
            **form(a={"$ref": "#/$defs/a"}),
            "$defs": {
                "a": {"type": "object", "properties": {"name": TEXT, "b": {"$ref": "#/$defs/b"}}},
                "b": {"type": "object", "properties": {"title": TEXT, "a": {"$ref": "#/$defs/a"}}},
            },
        },
        data={"a": {"name": "x", "b": {"title": "y", "a": {"name": "z"}}}},
        leaves=("a/name", "a/b/title", "a/b/a/name"),
    ),
    "names that would break a page": Odd(
        schema=form(
            **{
                "__proto__": TEXT,
                "constructor": TEXT,
                "class": TEXT,
                "typename": {"type": "integer"},
                "a.b": TEXT,
                "a/b": {"type": "object", "properties": {"c~d": TEXT, "": TEXT}},
                "řádek[0]": {"type": "array", "items": {"type": "object", "properties": {"🐕": TEXT}}},
                'uvozovky"<b>': TEXT,
                "_do": TEXT,
                "csrf_token": TEXT,
                "$ref": TEXT,
            }
        ),
        data={
            "__proto__": "1",
            "constructor": "2",
            "class": "3",
            "typename": 4,
            "a.b": "5",
            "a/b": {"c~d": "6", "": "7"},
            "řádek[0]": [{"🐕": "8"}],
            'uvozovky"<b>': "9",
            "_do": "10",
            "csrf_token": "11",
            "$ref": "12",
        },
        leaves=("__proto__", "constructor", "class", "typename", "a.b", "_do", "csrf_token"),
    ),
    "formats nobody here knows": Odd(
        schema=form(
            a={**TEXT, "format": "duration"},
            b={**TEXT, "format": "uuid"},
            c={**TEXT, "format": "regex"},
            d={**TEXT, "format": "json-pointer"},
            e={"type": "number", "format": "double"},
            f={"type": "integer", "format": "int64"},
            g={**TEXT, "contentEncoding": "base64", "contentMediaType": "image/png"},
            h={**TEXT, "format": "hostname"},
        ),
        data={"a": "P1Y", "b": "x", "e": 1e21, "f": 9007199254740993, "g": "aGVq", "h": "obec.example"},
        leaves=("a", "b", "c", "d", "e", "f", "g", "h"),
    ),
    "patterns of another dialect": Odd(
        schema=form(
            plate={**TEXT, "pattern": "^\\p{L}{1,3}-\\d+$"},
            code={**TEXT, "pattern": "^(?<year>[0-9]{2})/[\\w.]+$"},
            ssn={**TEXT, "pattern": "^(?!000)([0-6]\\d{2}|7([0-6]\\d|7[012]))\\d{6}$"},
        ),
        data={"plate": "ŘA-12", "code": "26/a.b", "ssn": "123456789"},
        leaves=("plate", "code", "ssn"),
    ),
    "limits that meet": Odd(
        schema=form(
            exact={**TEXT, "minLength": 3, "maxLength": 3},
            step={"type": "number", "multipleOf": 0.01, "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            some={"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2, "uniqueItems": True},
            has={"type": "array", "items": {"type": "integer"}, "contains": {"const": 7}, "minContains": 1},
            named={"type": "object", "propertyNames": {"maxLength": 3}, "properties": {"abc": TEXT}},
        ),
        data={"exact": "abc", "step": 0.29, "some": ["a", "b"], "has": [1, 7], "named": {"abc": "x"}},
        leaves=("exact", "step", "some/0", "some/1", "has/1", "named/abc"),
    ),
    "a period with a schema beside its reference": Odd(
        schema={
            **form(draft=DRAFT_7, from_to={"$ref": "#/definitions/range", "title": "V draftu 7 se nečte"}),
            "definitions": {
                "date": {"type": "string", "pattern": "^(\\d{4}|XXXX)-(0[1-9]|1[0-2]|XX)-(0[1-9]|[12]\\d|3[01]|XX)$"},
                "range": {
                    "type": "object",
                    "properties": {"from": {"$ref": "#/definitions/date"}, "to": {"$ref": "#/definitions/date"}},
                    "required": ["from"],
                },
            },
        },
        data={"from_to": {"from": "2020-XX-01", "to": "2021-01-31"}},
        leaves=("from_to/from", "from_to/to"),
    ),
    "what is left over is forbidden": Odd(
        schema={
            **form(name=TEXT),
            "allOf": [{"properties": {"born": TEXT}}],
            "unevaluatedProperties": False,
        },
        data={"name": "a", "born": "b"},
        leaves=("name", "born"),
    ),
    "defaults of every kind": Odd(
        schema=form(
            text={**TEXT, "default": "výchozí"},
            number={"type": "integer", "default": 5},
            yes={"type": "boolean", "default": True},
            list={"type": "array", "items": TEXT, "default": ["a"]},
            group={"type": "object", "default": {"x": "y"}, "properties": {"x": TEXT}},
            wrong={"type": "integer", "default": "pět"},
        ),
        data={"text": "t", "number": 1, "yes": False, "list": ["b"], "group": {"x": "z"}},
        leaves=("text", "number", "yes", "list/0", "group/x", "wrong"),
    ),
}
