"""Numbers longer and finer than any machine reckons with: kept, shown, or refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from forms.compile import compile_form
from forms.decode import decode
from forms.summary import summary
from forms.validate import validate
from forms.view import view
from tests.unit.forms.browser import Page
from web.ui.forms import render_answers, render_page

NUMBER = {"type": "number", "x-unit": "Kč"}
SCHEMA = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "format": "money"},
        "number": NUMBER,
        "whole": {"type": "integer"},
        "rows": {
            "type": "array",
            "x-widget": "table",
            "items": {"type": "object", "properties": {"n": {"type": "number", "x-sum": True}}},
        },
    },
}
LONG = (
    "9" * 28,
    "9" * 30,
    "1" + "0" * 40,
    "0," + "3" * 40,
    "9" * 59,
    "-" + "9" * 31 + ",99",
    "1e30",
    "1e300",
    "9" * 400,
)


@pytest.mark.parametrize("typed", LONG)
def test_a_number_of_any_length_ends_in_a_page(typed: str) -> None:
    form = compile_form(SCHEMA)
    data = decode(form, [(name, typed) for name in ("/amount", "/number", "/whole", "/rows/0/n")])
    errors = validate(form, data)
    assert "/amount" in {error.pointer for error in errors}
    page = Page(render_page(view(form, data, errors=errors)))
    render_answers(summary(form, data))
    assert decode(form, page.pairs) == data


@pytest.mark.parametrize(
    ("step", "value", "fits"),
    [(0.01, 0.29, True), (0.01, 1.005, False), (0.1, 0.3, True), (2.5, 7.5, True), (3, 10**30, False), (1e-9, 1, True)],
)
def test_a_multiple_is_reckoned_as_people_do(step: float, value: Any, fits: bool) -> None:
    form = compile_form({"type": "object", "properties": {"a": {"type": "number", "multipleOf": step}}})
    assert (validate(form, {"a": value}) == []) is fits
