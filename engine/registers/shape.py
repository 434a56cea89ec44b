"""The shape of `registers/<key>.json`: what an author may write there, and with which names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import normpath

from jsonschema import Draft202012Validator

from engine.errors import Invalid
from engine.model import Json
from engine.registers.misshapen import misshapen
from engine.said import Said

_NAME: Json = {"type": "string", "minLength": 1}
_NAMES: Json = {"type": "array", "items": _NAME}
_KEY: Json = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"}


def _only(properties: dict[str, Json], *required: str) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_DAY: Json = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_PERIOD: Json = {"type": "string", "pattern": r"^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$"}
#: Parts of the shape that are read and checked but that nothing carries out.
IDLE = ("label",)

_TEXTS: Json = {"type": "object", "additionalProperties": {"type": "string"}}
_BOARD = ("name", "posted", "until", "reference", "file_mark", "summary")
_OPEN_DATA = _only(
    {
        "description": _TEXTS,
        "keywords": {"type": "object", "additionalProperties": _NAMES},
        "theme": {"type": "string", "pattern": "^[A-Z]{4}$"},
        "frequency": {"type": "string", "pattern": "^[A-Z0-9_]+$"},
        "personal": {"type": "boolean"},
        # The register is an official notice board: which field holds what.
        "board": _only({name: {"type": "string"} for name in _BOARD}, "name", "posted", "until"),
    }
)

_DEFINITION = _only(
    {
        "key": _KEY,
        # The agenda whose register it is: where that one is published, its own definition holds.
        "owner": _KEY,
        "title": {"type": "object", "additionalProperties": {"type": "string"}},
        "schema": {"type": "object"},
        "caption": {"type": "string"},
        "unique": {"type": "array", "items": {"anyOf": [{"type": "string"}, _NAMES | {"minItems": 1}]}},
        "search": _NAMES,
        "index": _NAMES,
        "columns": _NAMES,
        "links": {
            "type": "object",
            "additionalProperties": _only(
                {
                    "to": _KEY,
                    "many": {"type": "boolean"},
                    "data": {"type": "object"},
                    "mostTogether": {"type": "object", "additionalProperties": {"type": "number"}},
                    "title": {"type": "object"},
                },
                "to",
            ),
        },
        "watch": {
            "type": "array",
            "items": _only(
                {
                    "date": {"type": "string"},
                    "changed": _NAMES,
                    "held": {"const": True},
                    "before": {"type": "array", "items": _PERIOD},
                    "start": {"type": "string"},
                    "message": {"type": "string"},
                    "once_per": {"type": "string"},
                }
            ),
        },
        "label": _only({"template": {"type": "string"}, "sheet": {"type": "string", "pattern": r"^\d{1,2}x\d{1,2}$"}}),
        "rules": {
            "type": "array",
            "items": _only(
                {
                    "check": _NAME,
                    "at": {"type": "string"},
                    "message": _TEXTS | {"minProperties": 1},
                    "as_of": {"type": "string"},
                    "values": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "array",
                            "minItems": 1,
                            "items": _only({"since": _DAY, "value": {}}, "since", "value"),
                        },
                    },
                    "facts": {"type": "object", "additionalProperties": _NAME},
                },
                "check",
                "message",
            ),
        },
        "retention": _PERIOD,
        "series": {"type": "boolean"},
        "rows": _only(
            {
                "under": _KEY,
                "kind": {"enum": ["counter", "amount"]},
                "jump": {"type": "integer", "minimum": 2},
            }
            | {
                "inbox": _only(
                    {
                        "set": _NAME,
                        "device": _NAME,
                        "time": _NAME,
                        "values": {"type": "object", "additionalProperties": {"type": "string"}},
                        "fixed": {"type": "object"},
                    },
                    "set",
                ),
                "label": _only(
                    {"shows_last": {"type": "boolean"}, "photo": {"type": "boolean"}, "lines": _NAMES}
                    | {"fixed": {"type": "object"}}
                ),
                "through": _only(
                    {"field": _NAME, "register": _KEY, "link": _NAME, "share": _NAME}, "field", "register", "link"
                ),
                "convert": _only(
                    {"register": _KEY, "match": _NAME, "from": _NAME, "factor": _NAMES | {"minItems": 1}},
                    "register",
                    "match",
                    "from",
                    "factor",
                ),
                "channels": {"type": "object", "additionalProperties": _TEXTS},
                "counts": _only(
                    {
                        "field": _NAME,
                        "of": {
                            "type": "object",
                            "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                        },
                    },
                    "field",
                    "of",
                ),
            }
            | {name: _NAME for name in ("by", "time", "value", "channel", "source_key", "digits", "times", "ended")},
            "under",
            "by",
            "time",
            "value",
        ),
        "rights": _only(
            {
                "read": _NAMES,
                "write": _NAMES,
                "fields": {"type": "object", "additionalProperties": _only({"read": _NAMES, "write": _NAMES})},
            }
        ),
        "public": _only(
            {
                "where": {"type": "string"},
                "until": _NAME,
                "fields": _NAMES,
                # Which fields say where the thing is, and which one holds its pictures: see docs/authoring.md.
                "position": _only({"lat": _NAME, "lon": _NAME}, "lat", "lon"),
                "pictures": _NAME,
                "page": {"type": "string"},
                "open_data": {"anyOf": [{"type": "boolean"}, _OPEN_DATA]},
            }
        ),
    },
    "key",
    "schema",
)
_VALIDATOR = Draft202012Validator(_DEFINITION)


def definition_in(path: str, files: Mapping[str, bytes]) -> dict[str, Json]:
    """Read a register with the schema it refers to in another file of its agenda. Raises Invalid."""
    definition = _json(path, files)
    schema = definition.get("schema")
    if isinstance(schema, dict) and set(schema) == {"$ref"} and not str(schema["$ref"]).startswith("#"):
        return definition | {"schema": _json(str(PurePosixPath(path).parent / str(schema["$ref"])), files)}
    return definition


def shape_problems(definition: Mapping[str, Json]) -> list[str]:
    """Say what is wrong with how a register is written: `/path: sentence`, in the order of the places."""
    found = sorted(_VALIDATOR.iter_errors(definition), key=lambda error: [str(part) for part in error.absolute_path])
    sentences: list[str] = [misshapen(error) for error in found]
    if not sentences:
        properties = definition["schema"].get("properties")
        fields = properties if isinstance(properties, Mapping) else {}
        unknown = [
            (place, name) for place in ("index", "columns") for name in definition.get(place, ()) if name not in fields
        ]
        sentences = [
            Said(f"/{place}: schéma nemá pole {name}.", f"/{place}: the schema has no field {name!r}.")
            for place, name in unknown
        ]
    return sentences


def groups_named(definition: Mapping[str, Json]) -> frozenset[str]:
    """Give every group that the rights of a register name; the register's shape is right."""
    rights = definition.get("rights") or {}
    places = [rights, *(rights.get("fields") or {}).values()]
    return frozenset(group for place in places for kind in ("read", "write") for group in place.get(kind) or ())


def _json(path: str, files: Mapping[str, bytes]) -> dict[str, Json]:
    try:
        content = json.loads(files[normpath(path)])
    except KeyError:
        raise Invalid(Said(f"Chybí soubor {path}.", f"The file {path} is missing.")) from None
    except (ValueError, RecursionError) as error:
        raise Invalid(Said(f"{path}: není to JSON ({error}).", f"{path}: not JSON ({error}).")) from error
    if not isinstance(content, dict):
        raise Invalid(Said(f"{path}: není to objekt JSON.", f"{path}: not a JSON object."))
    return content
