"""Whatever is posted or stored, a page comes out and nothing that the form doesn't ask gets in."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.actions import act, revealed
from forms.compile import compile_form
from forms.decode import decode
from forms.pointers import name_of
from forms.summary import summary
from forms.tree import Answers, unfold, walk
from forms.validate import validate
from forms.view import view
from tests.unit.forms.made import EXAMPLES, Made, forms
from web.ui.forms import render_answers, render_page

LIMITS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=6,
)
ENDS = st.sampled_from(["", "~", "/0", "/0~", "/x", "~/y", "/-1", "/9999999999", "/__proto__", "~~", "/~2", "//"])
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "null", "{}", "[]", "true", "false", "~0", "~99", "\x00", "9" * 400, '""', "1e400", "off", "["]
    ),
)
DOS = st.sampled_from(["add:", "remove:", "refresh:", "prefill:", "remove-file:", "x:", ""])


@LIMITS
@given(forms(), st.data())
def test_any_post_ends_in_a_page_and_in_answers_the_form_asks_for(made: Made, data: st.DataObject) -> None:
    schema, answers = made
    form = compile_form(schema)
    known = [field.pointer for field in walk(unfold(Answers(form=form, data=answers)))]
    names = st.builds(lambda pointer, end: name_of(pointer) + end, st.sampled_from(known), ENDS)
    pairs = data.draw(st.lists(st.tuples(st.one_of(names, st.text(max_size=6)), VALUES), max_size=12))
    do = data.draw(DOS) + data.draw(st.sampled_from(known)) + data.draw(st.sampled_from(["", "/0", "?x"]))
    current = data.draw(st.one_of(st.none(), st.just(answers), JSON))
    acted = act(form, [*pairs, ("_do", do)], current=current)
    revealed(form, acted.data, pairs)
    page_of(form, acted.data)
    read = decode(form, pairs, current=current)
    json.dumps(read).encode()
    assert set(read) <= {field.name for field in unfold(Answers(form=form, data=read)).children}


@LIMITS
@given(forms(), JSON)
def test_any_data_can_be_shown_and_judged(made: Made, data: Any) -> None:
    schema, answers = made
    form = compile_form(schema)
    page_of(form, data if isinstance(data, dict) else {})
    page_of(form, {name: data for name in answers})
    validate(form, data)


def page_of(form: Any, data: Any) -> str:
    """Everything that is made of answers, with their errors."""
    errors = validate(form, data)
    assert all(error.message for error in errors)
    render_answers(summary(form, data))
    render_page(view(form, data, mode="read"))
    return render_page(view(form, data, errors=errors))
