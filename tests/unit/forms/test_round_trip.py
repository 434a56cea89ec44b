"""Render, post as a browser would, decode: the same answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import jsonschema
from hypothesis import HealthCheck, given, settings

from forms.compile import compile_form
from forms.decode import decode
from forms.pointers import name_of
from forms.validate import validate
from forms.view import view
from tests.unit.forms.browser import Page
from tests.unit.forms.made import Made, forms
from web.ui.forms import render_page

LIMITS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def posted(page: Page) -> list[tuple[str, str]]:
    """The pairs after they went through the wire."""
    return parse_qsl(urlencode(page.pairs), keep_blank_values=True, encoding="utf-8")


@LIMITS
@given(forms())
def test_what_is_rendered_and_posted_comes_back_the_same(made: Made) -> None:
    schema, data = made
    jsonschema.validate(data, schema)
    form = compile_form(schema)
    page = Page(render_page(view(form, data)))
    back = decode(form, posted(page))
    assert typed(back) == typed(data)


@LIMITS
@given(forms())
def test_ids_are_unique_and_every_description_and_control_is_there(made: Made) -> None:
    schema, data = made
    form = compile_form(schema)
    page = Page(render_page(view(form, data, errors=validate(form, {}))))
    assert len(page.ids) == len(set(page.ids))
    assert page.described <= set(page.ids)
    assert set(page.links) <= set(page.ids)
    assert not page.inline
    for control in page.controls:
        assert control["id"] in page.labelled or control.get("aria-label")


def typed(value: Any) -> Any:
    """The value with booleans told from numbers."""
    if isinstance(value, dict):
        return {name: typed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return (isinstance(value, bool), value)


def test_names_of_controls_survive_what_browsers_change() -> None:
    assert name_of("/a\nb") == "/a~x000ab"
