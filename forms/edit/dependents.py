"""What is asked as soon as another question is answered, said as a condition that can be edited."""

from __future__ import annotations

from forms.compile import compile_form
from forms.edit.branches import THEN
from forms.edit.conditions import ANSWERED, Clause, Condition, written
from forms.edit.places import Edited, EditRefused, Schema, part, relocated
from forms.errors import FormSchemaError
from forms.pointers import MISSING, get, join, put, split

KEYWORDS = ("dependentSchemas", "dependencies")


def is_dependent(place: str) -> bool:
    """Whether a part is asked because another question is answered, by a keyword of its own."""
    tokens = split(place)
    return len(tokens) >= 2 and tokens[-2] in KEYWORDS and tokens[-3:-2] != ["properties"]


def as_condition(schema: Schema, place: str) -> Edited:
    """Say it by `if` and `then`, which mean the same; what refers to the part or translates it follows."""
    asked = part(schema, place) if is_dependent(place) else None
    if asked is None:
        raise EditRefused("no-such-edit")
    if not _has_conditions(schema):
        raise EditRefused("no-conditions")
    *above, keyword, name = split(place)
    container = join("", *above)
    if container and part(schema, container).get("type") != "object":
        raise EditRefused("no-such-edit")
    found = get(schema, f"{container}/allOf")
    listed = found if isinstance(found, list) else []
    answered = written(Condition(clauses=(Clause(pointer=join("", name), operator=ANSWERED),)))
    made = put(schema, f"{container}/allOf", [*listed, {"if": answered, THEN: asked}])
    made = put(made, place, MISSING)
    if get(made, f"{container}/{keyword}") == {}:
        made = put(made, f"{container}/{keyword}", MISSING)
    now = f"{container}/allOf/{len(listed)}/{THEN}"
    return Edited(schema=relocated(made, {place: now}), place=now)


def _has_conditions(schema: Schema) -> bool:
    """Whether the draft in which the form is written knows `if`; older ones would pass it over."""
    try:
        return compile_form(schema).graph.understands("if")
    except FormSchemaError:
        return False
