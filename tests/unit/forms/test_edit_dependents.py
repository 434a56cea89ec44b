"""What another answer brings along, made a condition: the same is asked and the same is right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.compile import compile_form
from forms.edit import EditRefused
from forms.edit.branches import condition_of
from forms.edit.dependents import as_condition, is_dependent
from forms.edit.tree import every, tree
from forms.pointers import put
from forms.validate import validate
from tests.unit.forms.foreign import SCHEMAS
from tests.unit.forms.test_edit_alternatives import asked

Schema = dict[str, Any]
CARD: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {"card": {"type": "string", "title": "Karta"}, "name": {"type": "string", "title": "Jméno"}},
    "dependencies": {
        "name": ["card"],
        "card": {
            "required": ["address"],
            "properties": {"address": {"$ref": "#/dependencies/card/definitions/line"}},
            "definitions": {"line": {"type": "string", "minLength": 2}},
        },
    },
    "x-translations": {"en": {"/dependencies/card/properties/address/title": "Address"}},
}
PLACE = "/dependencies/card"


def test_it_becomes_a_condition_that_can_be_read_and_what_points_at_it_follows() -> None:
    made = as_condition(CARD, PLACE)
    assert made.place == "/allOf/0/then" and made.schema["dependencies"] == {"name": ["card"]}
    assert made.schema["allOf"][0]["if"] == {"required": ["card"]}
    assert made.schema["allOf"][0]["then"]["properties"]["address"] == {"$ref": "#/allOf/0/then/definitions/line"}
    assert made.schema["x-translations"]["en"] == {"/allOf/0/then/properties/address/title": "Address"}
    assert condition_of(made.schema, f"{made.place}/properties/address") is not None
    alone = put(CARD, "/dependencies", {"card": CARD["dependencies"]["card"]})
    assert "dependencies" not in as_condition(alone, PLACE).schema


@given(st.dictionaries(st.sampled_from(["card", "name", "address"]), st.sampled_from(["", "a", "ab"])))
def test_the_same_is_asked_and_the_same_is_wrong(data: dict[str, Any]) -> None:
    made = as_condition(CARD, PLACE).schema
    assert asked(CARD, data) == asked(made, data)
    before, after = (validate(compile_form(schema), data) for schema in (CARD, made))
    assert {(one.pointer, one.message) for one in before} == {(one.pointer, one.message) for one in after}


def test_a_draft_without_conditions_and_other_places_are_left_alone() -> None:
    old = SCHEMAS["draft 4 with dependencies of both kinds"]
    place = next(one.pointer for one in every(tree(old)) if is_dependent(one.pointer))
    with pytest.raises(EditRefused, match="no-conditions"):
        as_condition(old, place)
    for wrong in ("/properties/card", "/dependencies", ""):
        with pytest.raises(EditRefused):
            as_condition(CARD, wrong)
