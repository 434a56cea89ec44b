"""What a form of an agenda asks, for whoever answers it in a story."""

from __future__ import annotations

import json
from functools import lru_cache

from engine.model import Json
from forms.compile import Form, compile_form


@lru_cache(maxsize=200)
def compiled(schema: bytes) -> Form:
    """Compile a form's file; what was compiled is remembered."""
    return compile_form(json.loads(schema))


def property_names(schema: Json, *, only_shown: bool = False) -> set[str]:
    """Names of the form's fields, those under a condition too; perhaps only those that nobody may change."""
    properties = schema.get("properties", {})
    names = {name for name, part in properties.items() if not only_shown or part.get("readOnly") is True}
    for part in [*schema.get("allOf", []), schema.get("then"), schema.get("else")]:
        names |= property_names(part, only_shown=only_shown) if isinstance(part, dict) else set()
    return names
