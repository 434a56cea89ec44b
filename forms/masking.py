"""Answers without those that a reader may not see: which they are, and data with dots in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from forms.compile import Form
from forms.desk import HIDDEN, Desk, is_kept_from
from forms.graph import Schema, in_place
from forms.patterns import matches
from forms.tree import Answers, Evaluate, Field, unfold

Json = Any


def hidden_in(form: Form, data: Json, groups: Collection[str], evaluate: Evaluate | None = None) -> tuple[str, ...]:
    """Give the pointers of the answers of a whole submission that a reader may not see, the outermost first."""
    if not _keeps_some(form):
        return ()
    answers = Answers(form=form, data=data if isinstance(data, dict) else {}, evaluate=evaluate)
    return tuple(_hidden(Desk(answers=answers, groups=groups), unfold(answers)))


def _hidden(desk: Desk, field: Field) -> Iterator[str]:
    for child in field.children:
        if desk.is_hidden(child):
            yield child.pointer
        else:
            yield from _hidden(desk, child)


def masked(forms: Iterable[Form], data: dict[str, Json], groups: Collection[str]) -> dict[str, Json]:
    """Give data with dots for every answer that one of the forms keeps from a reader of these groups.

    The data needn't be whole, as those of a line of the history are: a question that only some answers open is kept
    here whatever they are. Nothing is computed, so it costs a look at each value.
    """
    roots = [form.root for form in forms if _keeps_some(form)]
    made: dict[str, Json] = _masked(_applying(roots), data, groups) if roots else data
    return made


def _keeps_some(form: Form) -> bool:
    marks = form.remember("sensitive", lambda: [isinstance(one.get("x-sensitive"), dict) for one in form.graph.every()])
    return any(marks)


def _masked(schemas: Sequence[Schema], value: Json, groups: Collection[str]) -> Json:
    if isinstance(value, dict):
        return {name: _dotted(_applying(_of_name(schemas, name)), one, groups) for name, one in value.items()}
    if isinstance(value, list):
        return [_dotted(_applying(_of_item(schemas, at)), one, groups) for at, one in enumerate(value)]
    return value


def _dotted(schemas: Sequence[Schema], value: Json, groups: Collection[str]) -> Json:
    if not schemas or value in (None, "", [], {}):
        return value
    if any(is_kept_from(schema.get("x-sensitive"), groups) for schema in schemas):
        return HIDDEN
    return _masked(schemas, value, groups)


def _applying(schemas: Iterable[Any]) -> list[Schema]:
    """Give these schemas with all that may apply to the same value, whatever the value is."""
    found: list[Schema] = []
    waiting = [schema for schema in schemas if isinstance(schema, dict)]
    while waiting:
        schema = waiting.pop()
        found.append(schema)
        waiting.extend(in_place(schema))
    return found


def _of_name(schemas: Sequence[Schema], name: str) -> Iterator[Any]:
    for schema in schemas:
        own = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        fitting = [part for pattern, part in patterns.items() if matches(pattern, name)]
        yield from fitting
        if name in own:
            yield own[name]
        elif not fitting:
            yield schema.get("additionalProperties")


def _of_item(schemas: Sequence[Schema], at: int) -> Iterator[Any]:
    for schema in schemas:
        items = schema.get("items")
        first = schema.get("prefixItems") or (items if isinstance(items, list) else [])
        if at < len(first):
            yield first[at]
        else:
            yield schema.get("additionalItems") if isinstance(items, list) else items
        yield schema.get("contains")
