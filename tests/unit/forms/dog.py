"""The form of a dog fee, on which editing is tried."""

from __future__ import annotations

from typing import Any

from forms.edit.conditions import Clause, Condition
from forms.edit.kinds import Beginning
from forms.pointers import get

Schema = dict[str, Any]


WORDS = Beginning(title="Nová", choices=("jedna", "dvě"), first="První")

DOG: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Pes",
    "type": "object",
    "x-unknown": {"kept": [1, 2.5, None]},
    "x-steps": [
        {"key": "a", "title": "Držitel", "fields": ["/owner"]},
        {"key": "b", "title": "Pes", "fields": ["/size", {"title": "Osvobození", "fields": ["/exempt"]}]},
    ],
    "required": ["owner", "exempt"],
    "properties": {
        "owner": {
            "type": "object",
            "title": "Držitel",
            "x-strange": True,
            "required": ["name"],
            "properties": {"name": {"type": "string", "title": "Jméno"}, "age": {"type": "integer", "title": "Věk"}},
        },
        "size": {
            "type": "string",
            "title": "Velikost",
            "oneOf": [{"const": "s", "title": "malý", "x-note": 1}, {"const": "l", "title": "velký"}],
        },
        "exempt": {"type": "boolean", "title": "Osvobození"},
    },
    "allOf": [
        {
            "if": {"properties": {"exempt": {"const": True}}, "required": ["exempt"]},
            "then": {
                "required": ["proof"],
                "properties": {"proof": {"type": "string", "format": "file", "title": "Průkaz"}},
            },
        }
    ],
    "x-prefill": {"source": "ares", "by": "/owner/name", "map": {"/size": "x"}},
    "x-translations": {
        "en": {
            "/properties/owner/title": "Owner",
            "/properties/owner/properties/name/title": "Name",
            "/properties/size/oneOf/1/title": "big",
            "/allOf/0/then/properties/proof/title": "Proof",
            "/x-steps/1/fields/1/title": "Exemption",
        }
    },
}
PROOF = "/allOf/0/then/properties/proof"
EXEMPT = Condition(clauses=(Clause(pointer="/exempt", operator="is", value=True),))


def names(schema: Schema, place: str = "") -> list[str]:
    return list(get(schema, f"{place}/properties"))


def said(schema: Schema, pointer: str) -> Any:
    return schema["x-translations"]["en"].get(pointer)
