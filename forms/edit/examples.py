"""Answers under which a part of the form is asked: what the preview begins with when that part is chosen."""

from __future__ import annotations

from typing import Any

from forms.edit.branches import home
from forms.edit.conditions import Clause, Condition, read
from forms.edit.kinds import kind_of
from forms.edit.places import Schema, data_path
from forms.pointers import MISSING, get, join, put, split

Json = Any


def answers_for(schema: Schema, place: str) -> dict[str, Json]:
    """Give answers that satisfy the conditions around a place, as far as they can be said and stand in no row.

    What is repeated has one row, where that place is it or stands in it.
    """
    data: dict[str, Json] = {}
    tokens = split(place)
    rows = next((end for end in range(len(tokens) + 1) if _repeats(get(schema, join("", *tokens[:end])))), None)
    if rows is not None:
        data = put(data, join("", *data_path(join("", *tokens[:rows]))), [{}])
    for end in range(len(tokens)):
        holder = join("", *tokens[:end])
        if tokens[end] != "then" or "items" in tokens[:end]:
            continue
        condition = read(get(schema, f"{holder}/if"))
        if condition is not None:
            data = _with(data, join("", *data_path(home(holder))), condition)
    return data


def _repeats(part: Json) -> bool:
    return isinstance(part, dict) and kind_of(part) == "rows" and kind_of(part.get("items")) == "group"


def _with(data: dict[str, Json], above: str, condition: Condition) -> dict[str, Json]:
    for clause in condition.clauses[:1] if condition.any else condition.clauses:
        value = _value(clause)
        data = put(data, above + clause.pointer, value) if value is not MISSING else data
    return data


def _value(clause: Clause) -> Json:
    value = clause.value
    if clause.operator in ("is", "at-least", "at-most"):
        return value
    if clause.operator in ("over", "under") and isinstance(value, int | float):
        return value + (1 if clause.operator == "over" else -1)
    if clause.operator == "contains":
        return [value]
    return value[0] if clause.operator == "one-of" and isinstance(value, list) and value else MISSING
