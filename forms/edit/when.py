"""Saying when a question is asked: the field goes under a condition, or out of one."""

from __future__ import annotations

from forms.conditions import opener_of, same
from forms.edit import alternatives, branches, fields, steps
from forms.edit.branches import SIDES, THEN
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
from forms.pointers import MISSING, get, put, split


def ask_when(schema: Schema, place: str, condition: Condition | None, side: str = THEN) -> Edited:
    """Ask a field only under a condition, or with `side` ELSE only when it does not hold; None = always."""
    if not is_field(place):
        raise EditRefused("no-such-place")
    container = container_of(place)
    if (condition, side) == (branches.condition_of(schema, place), branches.side_of(container)[1] or THEN):
        return Edited(schema=schema, place=place)
    branch = _own_branch(schema, container)
    if branch is None and condition is None:
        return Edited(schema=schema, place=place)
    if condition is None:
        return _always(schema, place, branch or "")
    stays = branch is not None and same(get(schema, f"{branch}/if"), written(condition))
    if stays and branches.side_of(container)[1] == side:
        return Edited(schema=schema, place=place)
    _refuse_own_answer(place, condition)
    told = alternatives.told_by(schema, place)
    if told is not None and not (branch is not None and not stays and _is_alone(schema, place, branch, side)):
        apart = alternatives.detached(schema, told)
        moved = ask_when(apart.schema, place, condition, side)
        return alternatives.attached(moved.schema, moved.place, apart)
    outside = branch.rpartition("/allOf/")[0] if branch is not None else container
    if branch is not None and not stays and _is_alone(schema, place, branch, side):
        return Edited(schema=put(schema, f"{branch}/if", written(condition)), place=place)
    return _under(schema, place, outside, condition, side)


def _is_alone(schema: Schema, place: str, branch: str, side: str) -> bool:
    """Whether a branch asks this field and nothing else, on this side."""
    asked = [field_at(f"{branch}/{one}", name) for one in SIDES for name in properties(schema, f"{branch}/{one}")]
    told = alternatives.told_by(schema, place)
    others = [get(schema, f"{branch}/{one}/oneOf") for one in SIDES]
    if any(one is not MISSING for one in others) and told is None:
        return False
    return asked == [place] and branches.side_of(container_of(place))[1] == side


def _own_branch(schema: Schema, container: str) -> str | None:
    """Give the place of the condition around a container, where it is one the builder may move fields out of."""
    holder, side = branches.side_of(container)
    in_list = bool(side) and "/allOf/" in holder and holder.rpartition("/allOf/")[2].isdigit()
    return holder if in_list and branches.is_simple(schema, holder) else None


def _always(schema: Schema, place: str, branch: str) -> Edited:
    """Ask the field always: it stands right after the question on which it depended."""
    if told := alternatives.told_by(schema, place):
        apart = alternatives.detached(schema, told)
        moved = _always(apart.schema, place, branch)
        return alternatives.attached(moved.schema, moved.place, apart)
    outside = branch.rpartition("/allOf/")[0]
    opener = opener_of(get(schema, f"{branch}/if"), holds=True)
    after = opener.name if opener else None
    made, taken, trail = fields.take(schema, place)
    inside = follow_all(outside, trail) or outside
    if outside == "" and after is not None and (entry := steps.entry_of(made, after)):
        inside = entry.rpartition("/")[0].removesuffix("/fields")
    return fields.put_in(made, taken, inside, after)


def _under(schema: Schema, place: str, outside: str, condition: Condition, side: str) -> Edited:
    made, taken, trail = fields.take(schema, place)
    outside = follow_all(outside, trail) or outside
    branch = branches.simple_branch(made, outside, condition)
    if branch is None:
        made, branch = branches.new_branch(made, outside, condition)
    if get(made, f"{branch}/{side}") is MISSING:
        made = put(made, f"{branch}/{side}", {"properties": {}})
    return fields.put_in(made, taken, f"{branch}/{side}", None)


def _refuse_own_answer(place: str, condition: Condition) -> None:
    if any(split(test.pointer)[0] == name_at(place) for test in condition.clauses):
        raise EditRefused("into-itself")


def ask_when_all(schema: Schema, side: str, condition: Condition | None) -> Edited:
    """Ask everything on a side of a branch under another condition; None = always, after what it depended on."""
    branch = _own_branch(schema, side)
    if branch is None:
        raise EditRefused("no-such-edit")
    if condition is not None:
        names = {name for one in SIDES for name in properties(schema, f"{branch}/{one}")}
        if any(split(test.pointer)[0] in names for test in condition.clauses):
            raise EditRefused("into-itself")
        return Edited(schema=put(schema, f"{branch}/if", written(condition)), place=side)
    place = ""
    for name in reversed(properties(schema, side)):
        made = ask_when(schema, field_at(side, name), None)
        schema, place = made.schema, made.place
    return Edited(schema=schema, place=place)
