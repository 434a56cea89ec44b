"""The shape of `registers/<key>.json`: what an author may write there, and with which names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import normpath

from jsonschema import Draft202012Validator

from engine.errors import Invalid
from engine.model import Json

_NAMES: Json = {"type": "array", "items": {"type": "string", "minLength": 1}}
_KEY: Json = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"}


def _only(properties: dict[str, Json], *required: str) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_PERIOD: Json = {"type": "string", "pattern": r"^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$"}
#: Parts of the shape that are read and checked but that nothing carries out.
IDLE = ("links", "label", "retention", "series")

_DEFINITION = _only(
    {
        "key": _KEY,
        "title": {"type": "object", "additionalProperties": {"type": "string"}},
        "schema": {"type": "object"},
        "caption": {"type": "string"},
        "unique": {"type": "array", "items": {"anyOf": [{"type": "string"}, _NAMES | {"minItems": 1}]}},
        "search": _NAMES,
        "index": _NAMES,
        "links": {
            "type": "object",
            "additionalProperties": _only(
                {"to": _KEY, "many": {"type": "boolean"}, "data": {"type": "object"}, "title": {"type": "object"}}, "to"
            ),
        },
        "watch": {
            "type": "array",
            "items": _only(
                {
                    "date": {"type": "string"},
                    "changed": _NAMES,
                    "before": {"type": "array", "items": _PERIOD},
                    "start": {"type": "string"},
                    "message": {"type": "string"},
                    "once_per": {"type": "string"},
                }
            ),
        },
        "label": _only({"template": {"type": "string"}, "sheet": {"type": "string", "pattern": r"^\d{1,2}x\d{1,2}$"}}),
        "retention": _PERIOD,
        "series": {"type": "boolean"},
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
                "fields": _NAMES,
                "page": {"type": "string"},
                "open_data": {"type": "boolean"},
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
    sentences = [f"/{'/'.join(str(part) for part in error.absolute_path)}: {error.message}" for error in found]
    if not sentences:
        properties = definition["schema"].get("properties")
        fields = properties if isinstance(properties, Mapping) else {}
        unknown = [name for name in definition.get("index", ()) if name not in fields]
        sentences = [f"/index: the schema has no field {name!r}." for name in unknown]
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
        raise Invalid(f"The file {path} is missing.") from None
    except ValueError as error:
        raise Invalid(f"{path}: not JSON ({error}).") from error
    if not isinstance(content, dict):
        raise Invalid(f"{path}: not a JSON object.")
    return content
