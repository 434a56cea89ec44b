"""Values that the form works out itself: x-computed, a Starlark expression over the answers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from forms.compile import Form
from forms.controls import parse
from forms.pointers import MISSING, get, put
from forms.shape import Shape
from forms.tree import Answers, Evaluate, Field, namesakes, unfold, variables

Json = Any
#: A value worked out of others that are worked out too settles within this many rounds.
MAX_ROUNDS = 5


def computed(form: Form, data: dict[str, Json], evaluate: Evaluate | None) -> dict[str, Json]:
    """Give the answers with every x-computed value worked out anew; one that can't be worked out is left out."""
    if evaluate is None or not has_computed(form):
        return data
    for _ in range(MAX_ROUNDS):
        before = data
        for field, nearer in list(_inner_first(unfold(Answers(form=form, data=data, evaluate=evaluate)), ())):
            value = _worked_out(form, data, field, nearer, evaluate)
            if value != field.value:
                data = put(data, field.pointer, value)
        if data == before:
            break
    return data


def has_computed(form: Form) -> bool:
    """Say whether any field of the form is worked out."""
    return bool(form.remember("computed", lambda: any("x-computed" in schema for schema in form.graph.every())))


def _inner_first(field: Field, above: tuple[Field, ...]) -> Iterator[tuple[Field, tuple[Field, ...]]]:
    """Give the computed fields, rows before what is summed over them, with the enclosing objects."""
    inside = (*above, field) if field.widget == "group" else above
    for child in sorted(field.children, key=lambda child: child.is_question):
        yield from _inner_first(child, inside)
    if field.shape.get("x-computed") is not None:
        yield field, above


def _worked_out(form: Form, data: Json, field: Field, above: tuple[Field, ...], evaluate: Evaluate) -> Json:
    answers = Answers(form=form, data=data)
    levels = (level for one in above for level in (namesakes(answers, one), get(data, one.pointer)))
    names = variables(answers, *levels)
    text = field.shape.get("x-computed")
    expression = text.get("expression") if isinstance(text, dict) else text
    if not isinstance(expression, str):
        return MISSING
    try:
        value = evaluate(expression, names)
    except Exception:
        return MISSING
    return _fitted(value, field.shape)


def _fitted(value: Json, shape: Shape) -> Json:
    """Bring a result to the type of its field: amounts to two decimals, half up."""
    if value is None:
        return MISSING
    if shape.get("format") == "money" and not isinstance(value, bool):
        return _amount(value)
    if isinstance(value, str) and shape.types & {"integer", "number"}:
        return parse(value, shape)
    if isinstance(value, float) and "integer" in shape.types and value.is_integer():
        return int(value)
    return str(value) if isinstance(value, int | float) and shape.types == {"string"} else value


def _amount(value: Json) -> Json:
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        return MISSING
    return f"{amount + 0:f}"
