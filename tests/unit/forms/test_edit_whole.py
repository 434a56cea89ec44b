"""Editing loses nothing: order, what an edit does not name, what a difference tells."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.compile import compile_form
from forms.edit import EditRefused, document, fields, moving
from forms.edit.details import describe, rename, require
from forms.edit.difference import difference
from forms.edit.places import Edited, is_field
from forms.edit.tree import every, find, tree
from forms.pointers import MISSING, get
from tests.unit.forms.dog import DOG, PROOF, WORDS
from tests.unit.forms.made import EXAMPLES, forms

Schema = dict[str, Any]


def in_order(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@settings(max_examples=EXAMPLES * 3)
@given(forms(), st.data())
def test_an_edit_changes_nothing_it_does_not_name(made: tuple[Schema, Any], data: st.DataObject) -> None:
    schema, before = made[0], in_order(made[0])
    places = [node.pointer for node in every(tree(schema)) if is_field(node.pointer)]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    edited = data.draw(st.sampled_from(sorted(EDITS)))
    try:
        after = EDITS[edited](schema, place)
    except EditRefused:
        after = Edited(schema=schema, place=place)
    assert in_order(schema) == before
    compile_form(after.schema)
    untouched = [other for other in places if not other.startswith(place) and not place.startswith(other)]
    parents = {place.rpartition("/properties/")[0]}
    for other in untouched:
        if other.rpartition("/properties/")[0] not in parents and get(after.schema, other) is not MISSING:
            assert in_order(get(after.schema, other)) == in_order(get(schema, other))


EDITS: dict[str, Any] = {
    "title": lambda schema, place: describe(schema, place, {"title": "Jinak", "x-help": "Pomoc"}),
    "require": lambda schema, place: require(schema, place, True),
    "remove": fields.remove,
    "duplicate": fields.duplicate,
    "up": lambda schema, place: moving.shift(schema, place, "up"),
    "down": lambda schema, place: moving.shift(schema, place, "down"),
    "into": lambda schema, place: moving.shift(schema, place, "into"),
    "out": lambda schema, place: moving.shift(schema, place, "out"),
    "rename": lambda schema, place: rename(schema, place, "jinak"),
}


@settings(max_examples=EXAMPLES * 3)
@given(forms())
def test_a_form_opens_and_is_written_again_with_everything_in_its_order(made: tuple[Schema, Any]) -> None:
    schema = {**made[0], "x-unknown": {"b": 1, "a": [None, True, 1.5, "\u2028\x00"]}}
    text = document.write(schema)
    assert in_order(document.read(text)) == in_order(schema)
    assert document.write(document.read(text)) == text
    described = {node.pointer for node in every(tree(schema)) if is_field(node.pointer)}
    assert {
        f"/properties/{name.replace('~', '~0').replace('/', '~1')}" for name in schema.get("properties", {})
    } <= described


@settings(max_examples=EXAMPLES * 3)
@given(forms(), st.data())
def test_moving_up_and_down_again_gives_the_same_form(made: tuple[Schema, Any], data: st.DataObject) -> None:
    schema = made[0]
    places = [node.pointer for node in every(tree(schema)) if is_field(node.pointer)]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    try:
        moved = moving.shift(schema, place, "down")
    except EditRefused:
        return
    assert in_order(moving.shift(moved.schema, moved.place, "up").schema) == in_order(schema)


@settings(max_examples=EXAMPLES * 3)
@given(forms(), forms())
def test_a_difference_tells_every_field_that_came_or_went(one: tuple[Schema, Any], other: tuple[Schema, Any]) -> None:
    assert difference(one[0], deepcopy(one[0])) == []
    if one[0] != other[0]:
        assert difference(one[0], other[0])


def test_a_difference_is_told_field_by_field() -> None:
    changed = describe(fields.remove(DOG, PROOF).schema, "/properties/size", {"title": "Jak velký"}).schema
    changed = fields.add(changed, "text", "/x-steps/0", None, WORDS).schema
    told = [(change.kind, change.label) for change in difference(DOG, changed)]
    assert ("removed", "Průkaz") in told and ("added", "Nová") in told and ("changed", "Jak velký") in told
    moved = moving.shift(DOG, "/properties/owner/properties/name", "down").schema
    assert [(change.kind, change.label) for change in difference(DOG, moved)] == [("moved", "Věk")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"{", "readable JSON"),
        (b"[]", "JSON object"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": NaN}', "no number"),
        (b"\xff\xfe", "readable JSON"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_a_file_that_would_lose_something_is_refused_with_a_sentence(text: bytes, why: str) -> None:
    with pytest.raises(Exception, match=why):
        document.read(text)


def test_a_place_that_is_not_there_is_refused() -> None:
    for edit in EDITS.values():
        with pytest.raises(EditRefused):
            edit(DOG, "/properties/nothing")
    assert find(tree(DOG), "/properties/nothing") is None
