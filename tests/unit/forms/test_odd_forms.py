"""Forms as offices write them, in every odd dialect of JSON Schema: each leaf is asked, nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from forms.actions import act
from forms.compile import compile_form
from forms.pointers import name_of
from forms.problems import problems
from forms.summary import summary
from forms.tree import Answers, unfold, walk
from forms.validate import validate
from forms.view import view
from tests.unit.forms.browser import Page
from tests.unit.forms.odd import FORMS
from web.ui.forms import render_answers, render_page


def opened(name: str) -> tuple[Any, dict[str, Any]]:
    odd = FORMS[name]
    return compile_form(odd.schema), odd.data


@pytest.mark.parametrize("name", FORMS)
def test_every_leaf_of_an_odd_form_is_reached_on_its_page(name: str) -> None:
    form, data = opened(name)
    page = Page(render_page(view(form, data)))
    asked = page.names | {pair[0] for pair in page.pairs}
    fields = walk(unfold(Answers(form=form, data=data)))
    leaves = {name_of(one.pointer) for one in fields if one.is_question and not one.fixed}
    assert leaves <= asked
    assert {f"/{leaf}" for leaf in FORMS[name].leaves} <= asked
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("name", FORMS)
def test_an_odd_form_empty_wrong_or_filled_is_a_page_without_the_validators_words(name: str) -> None:
    form, data = opened(name)
    for known in ({}, data, wrong(data)):
        errors = validate(form, known)
        html = render_page(view(form, known, errors=errors))
        render_answers(summary(form, known))
        assert not any(word in html for word in ("is not valid under", "is a required property", "does not match"))
    assert validate(form, data) == []


@pytest.mark.parametrize("name", FORMS)
def test_an_odd_form_is_checked_for_its_author(name: str) -> None:
    form, _data = opened(name)
    assert not [one for one in problems(form) if one.severity == "error"]


@pytest.mark.parametrize("name", FORMS)
def test_what_an_odd_form_shows_comes_back_as_it_was(name: str) -> None:
    form, data = opened(name)
    page = Page(render_page(view(form, data)))
    assert act(form, page.pairs, {}, data).data == data


def wrong(value: Any) -> Any:
    """The same shape with something else in every leaf."""
    if isinstance(value, dict):
        return {name: wrong(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [wrong(inner) for inner in value]
    return next(iter(_others(value)))


def _others(value: Any) -> Iterator[Any]:
    yield "×" if not isinstance(value, str) else "\u200b×"
