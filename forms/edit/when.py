"""Saying when a question is asked: the field goes under a condition, or out of one."""

from __future__ import annotations

from forms.conditions import opener_of, same
from forms.edit import branches, fields, steps
from forms.edit.conditions import Condition, written
from forms.edit.places import (
    Edited,
    EditRefused,
    Schema,
    container_of,
    field_at,
    follow_all,
    is_field,
    name_at,
    properties,
)
from forms.pointers import get, put, split


def ask_when(schema: Schema, place: str, condition: Condition | None) -> Edited:
    """Ask a field only under a condition; None = always."""
    if not is_field(place):
        raise EditRefused("no-such-place")
    container = container_of(place)
    branch = _own_branch(schema, container)
    if branch is None and condition is None:
        return Edited(schema=schema, place=place)
    if branch is not None and condition is not None and same(get(schema, f"{branch}/if"), written(condition)):
        return Edited(schema=schema, place=place)
    outside = branch.rpartition("/allOf/")[0] if branch is not None else container
    if condition is None:
        return _always(schema, place, outside, branch or "")
    _refuse_own_answer(place, condition)
    if branch is not None and list(properties(schema, container)) == [name_at(place)]:
        return Edited(schema=put(schema, f"{branch}/if", written(condition)), place=place)
    return _under(schema, place, outside, condition)


def _own_branch(schema: Schema, container: str) -> str | None:
    """Give the place of the condition around a container, where it is one the builder may move fields out of."""
    holder = container.removesuffix("/then")
    in_list = holder != container and "/allOf/" in holder and holder.rpartition("/allOf/")[2].isdigit()
    return holder if in_list and branches.is_simple(schema, holder) else None


def _always(schema: Schema, place: str, outside: str, branch: str) -> Edited:
    """Ask the field always: it stands right after the question on which it depended."""
    opener = opener_of(get(schema, f"{branch}/if"), holds=True)
    after = opener.name if opener else None
    made, taken, trail = fields.take(schema, place)
    inside = follow_all(outside, trail) or outside
    if outside == "" and after is not None and (entry := steps.entry_of(made, after)):
        inside = entry.rpartition("/")[0].removesuffix("/fields")
    return fields.put_in(made, taken, inside, after)


def _under(schema: Schema, place: str, outside: str, condition: Condition) -> Edited:
    made, taken, trail = fields.take(schema, place)
    outside = follow_all(outside, trail) or outside
    then = branches.simple_branch(made, outside, condition)
    if then is None:
        made, then = branches.new_branch(made, outside, condition)
    return fields.put_in(made, taken, then, None)


def _refuse_own_answer(place: str, condition: Condition) -> None:
    if any(split(test.pointer)[0] == name_at(place) for test in condition.clauses):
        raise EditRefused("into-itself")


def ask_when_all(schema: Schema, then: str, condition: Condition | None) -> Edited:
    """Ask everything in a branch under another condition; None = always, right after what it depended on."""
    branch = _own_branch(schema, then)
    if branch is None:
        raise EditRefused("no-such-edit")
    if condition is not None:
        names = properties(schema, then)
        if any(split(test.pointer)[0] in names for test in condition.clauses):
            raise EditRefused("into-itself")
        return Edited(schema=put(schema, f"{branch}/if", written(condition)), place=then)
    place = ""
    for name in reversed(properties(schema, then)):
        made = ask_when(schema, field_at(then, name), None)
        schema, place = made.schema, made.place
    return Edited(schema=schema, place=place)
