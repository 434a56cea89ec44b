"""Answers without those that a reader may not see: the values of x-sensitive questions as dots, in data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from forms.compile import Form
from forms.desk import HIDDEN, Desk
from forms.pointers import MISSING, get, put
from forms.tree import Answers, Evaluate, Field, unfold

Json = Any


def hidden_in(form: Form, data: Json, groups: Collection[str], evaluate: Evaluate | None = None) -> tuple[str, ...]:
    """Give the pointers of the answers that a reader of these groups may not see, the outermost first."""
    if not form.remember("sensitive", lambda: any("x-sensitive" in schema for schema in form.graph.every())):
        return ()
    answers = Answers(form=form, data=data if isinstance(data, dict) else {}, evaluate=evaluate)
    return tuple(_hidden(Desk(answers=answers, groups=groups), unfold(answers)))


def _hidden(desk: Desk, field: Field) -> Iterator[str]:
    for child in field.children:
        if desk.is_hidden(child):
            yield child.pointer
        else:
            yield from _hidden(desk, child)


def without(data: dict[str, Json], pointers: Collection[str]) -> dict[str, Json]:
    """Give the data with dots at these pointers where something stands there."""
    for pointer in pointers:
        if get(data, pointer) not in (MISSING, None, "", [], {}):
            data = put(data, pointer, HIDDEN)
    return data
