"""Leaf by leaf through odd forms: what is answered can be reached, and what is spoilt is refused where it stands."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.compile import Form, compile_form
from forms.decode import decode
from forms.pointers import name_of
from forms.validate import validate
from forms.view import view
from tests.unit.forms.browser import Page
from tests.unit.forms.made import Made, forms
from tests.unit.forms.odd import FORMS
from web.ui.forms import render_page

Json = Any
LIMITS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
#: In place of any answer: another type, too much, too little, what only looks right.
SPOILT: tuple[Json, ...] = ("×", "", 10**30, -1, 0.5, None, True, [], {}, ["×"], {"×": 1}, "x" * 3_000)


def leaves(value: Json, pointer: str = "") -> Iterator[str]:
    """Pointers of all answers that have no parts."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{pointer}/{index}")
    elif not isinstance(value, dict | list):
        yield pointer


def at(pointer: str) -> list[str]:
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def with_leaf(data: Json, pointer: str, value: Json) -> Json:
    """The same answers with another one at a pointer."""
    changed = copy.deepcopy(data)
    *way, last = at(pointer)
    place = changed
    for token in way:
        place = place[int(token)] if isinstance(place, list) else place[token]
    place[int(last) if isinstance(place, list) else last] = value
    return changed


def is_near(told: str, pointer: str) -> bool:
    """Whether an error stands at the answer, in it, or at a part around it."""
    return (told + "/").startswith(pointer + "/") or (pointer + "/").startswith(told + "/")


@pytest.mark.parametrize("name", FORMS)
def test_every_answer_has_a_control_of_its_own_or_stands_in_one_around_it(name: str) -> None:
    page = Page(render_page(view(compile_form(FORMS[name].schema), FORMS[name].data)))
    asked = page.names | {pair[0] for pair in page.pairs}
    for pointer in leaves(FORMS[name].data):
        around = [
            name_of("/".join(["", *pointer.split("/")[1:][:depth]])) for depth in range(1, pointer.count("/") + 1)
        ]
        assert asked.intersection(around), pointer


@pytest.mark.parametrize("name", FORMS)
def test_a_spoilt_answer_of_an_odd_form_is_refused_at_its_place(name: str) -> None:
    form = compile_form(FORMS[name].schema)
    for pointer in leaves(FORMS[name].data):
        for value in SPOILT:
            refused_at_its_place(form, FORMS[name].data, pointer, value)


@LIMITS
@given(forms(), st.data())
def test_a_spoilt_answer_of_any_form_is_refused_at_its_place(made: Made, drawn: st.DataObject) -> None:
    schema, data = made
    known = [pointer for pointer in leaves(data) if pointer]
    if known:
        pointer = drawn.draw(st.sampled_from(known))
        refused_at_its_place(compile_form(schema), data, pointer, drawn.draw(st.sampled_from(SPOILT)))


def refused_at_its_place(form: Form, data: Json, pointer: str, value: Json) -> None:
    """Whatever the standard's own validator refuses has an error near the answer; a page still comes of it."""
    spoilt = with_leaf(data, pointer, value)
    errors = validate(form, spoilt)
    reference = validator_of(form)
    if reference is not None and reference.is_valid(data) and not reference.is_valid(spoilt):
        assert any(is_near(error.pointer, pointer) for error in errors), (pointer, value, errors)
    page = Page(render_page(view(form, spoilt, errors=errors)))
    decode(form, page.pairs, current=spoilt)


def validator_of(form: Form) -> Any:
    """The plain validator of the form's draft; None where it can't read the patterns."""
    if any("\\p{" in str(one.get("pattern")) or "(?<" in str(one.get("pattern")) for one in form.graph.every()):
        return None
    draft = jsonschema.validators.validator_for(form.schema, jsonschema.Draft202012Validator)
    return draft(form.schema)
