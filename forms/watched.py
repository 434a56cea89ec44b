"""Names of fields whose answer may change what else is asked or worked out: the page refreshes after them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.compile import Form
from forms.conditions import asked_names
from forms.graph import Schema

_NAME = re.compile(r"[^\W\d]\w*")
_EXPRESSIONS = ("x-visible", "x-computed")


def watched(form: Form) -> frozenset[str]:
    """Give the names that conditions and expressions of the form speak of."""
    names: frozenset[str] = form.remember(
        "watched", lambda: frozenset(name for schema in form.graph.every() for name in _names(schema))
    )
    return names


def _names(schema: Schema) -> Iterator[str]:
    if "if" in schema:
        yield from asked_names(schema["if"])
    for keyword in ("dependentSchemas", "dependencies"):
        yield from schema.get(keyword, {})
    for keyword in ("oneOf", "anyOf"):
        for branch in schema.get(keyword, ()):
            yield from asked_names(branch, only_values=True)
    for keyword in _EXPRESSIONS:
        text = schema.get(keyword)
        text = text.get("expression") if isinstance(text, dict) else text
        if isinstance(text, str):
            yield from _NAME.findall(text)
