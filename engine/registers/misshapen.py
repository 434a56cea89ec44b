"""What a file's JSON Schema finds wrong with it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from engine.said import Said, placed

_KINDS = {
    "string": ("text", "a text"),
    "object": ("tabulka", "a table"),
    "array": ("seznam", "a list"),
    "boolean": ("ano nebo ne (true, false)", "true or false"),
    "integer": ("celé číslo", "a whole number"),
    "number": ("číslo", "a number"),
    "null": ("nic (null)", "null"),
}
#: Keyword → what it says of a value, with its limit.
_LIMITS = {
    "minimum": ("Nejmenší možná hodnota je {limit}.", "The least possible value is {limit}."),
    "maximum": ("Největší možná hodnota je {limit}.", "The greatest possible value is {limit}."),
    "minItems": ("Položek musí být aspoň {limit}.", "There have to be at least {limit} items."),
    "maxItems": ("Položek smí být nejvýš {limit}.", "There may be at most {limit} items."),
    "minLength": ("Text musí mít aspoň {limit} znaků.", "The text needs at least {limit} characters."),
    "maxLength": ("Text smí mít nejvýš {limit} znaků.", "The text may have at most {limit} characters."),
    "minProperties": ("Musí tu být uvedeno aspoň {limit}.", "At least {limit} have to be given here."),
    "pattern": ("Hodnota {value} nemá tvar {limit}.", "{value} has not the form {limit}."),
    "const": ("Má tu být {limit}.", "It should be {limit}."),
    "uniqueItems": ("Žádná položka tu nesmí být dvakrát.", "No item may be here twice."),
}


def misshapen(error: ValidationError) -> Said:
    """Give `/path: sentence` of what a validator has found."""
    return placed("/" + "/".join(str(part) for part in error.absolute_path), _sentence(error))


def _sentence(error: ValidationError) -> Said:
    keyword = str(error.validator)
    limit: Any = error.validator_value
    value: Any = error.instance
    if keyword == "required":
        missing = ", ".join(name for name in limit if name not in value)
        return Said(f"Chybí {missing}.", f"{missing} is missing.")
    if keyword == "additionalProperties":
        allowed = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        strange = ", ".join(name for name in value if name not in allowed)
        known = ", ".join(sorted(allowed)) or "–"
        return Said(f"{strange} sem nepatří; patří sem {known}.", f"{strange} doesn't belong here; {known} do.")
    if keyword == "type":
        kinds = [_KINDS.get(kind, (kind, kind)) for kind in ([limit] if isinstance(limit, str) else limit)]
        czech, english = " nebo ".join(kind[0] for kind in kinds), " or ".join(kind[1] for kind in kinds)
        return Said(f"Má tu být {czech}, je tu {_short(value)}.", f"It should be {english}, it is {_short(value)}.")
    if keyword == "enum":
        offered = ", ".join(map(str, limit))
        return Said(f"{_short(value)} není nic z: {offered}.", f"{_short(value)} is none of: {offered}.")
    if keyword == "oneOf" and (names := [name for one in limit for name in one.get("required", ())]):
        offered = ", ".join(names)
        return Said(f"Má tu být právě jedno z: {offered}.", f"Just one of these should be here: {offered}.")
    if keyword in _LIMITS:
        czech, english = _LIMITS[keyword]
        facts = {"limit": limit, "value": _short(value)}
        return Said(czech.format(**facts), english.format(**facts))
    return Said(f"{_short(value)} tu nemůže být.", f"{_short(value)} can't be here.")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
