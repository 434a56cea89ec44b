"""Answers that come as JSON, from a program: only what the form asks now is taken, as with a post."""

from __future__ import annotations

from typing import Any

from forms.compile import Form
from forms.computed import computed
from forms.pointers import MISSING, get
from forms.tree import Answers, Evaluate, Field, unfold

Json = Any


def accepted(form: Form, data: Json, current: Json = None, *, evaluate: Evaluate | None = None) -> dict[str, Json]:
    """Leave out of answers what the form doesn't ask: unknown, hidden, worked out; read-only fields keep `current`."""
    before: Json = None
    taken: Json = data if isinstance(data, dict) else {}
    # What is left out may have opened something else; each round leaves out more, or is the last.
    while taken != before:
        before = taken
        taken = _taken(unfold(Answers(form=form, data=taken, evaluate=evaluate)), current)
        taken = taken if isinstance(taken, dict) else {}
    return computed(form, taken, evaluate)


def _taken(field: Field, current: Json) -> Json:
    if field.shape.get("readOnly") or field.shape.get("x-computed") is not None:
        return get(current, field.pointer) if isinstance(current, dict) else MISSING
    if field.widget == "group" and isinstance(field.value, dict):
        inner = {child.name: _taken(child, current) for child in field.children}
        return {name: value for name, value in inner.items() if value is not MISSING}
    if field.widget == "rows" and isinstance(field.value, list):
        rows = (_taken(child, current) for child in field.children)
        return [row for row in rows if row is not MISSING]
    return field.value
