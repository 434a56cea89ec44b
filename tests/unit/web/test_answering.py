"""What a form begins with."""

from __future__ import annotations

from forms.compile import compile_form
from web.answering import only_shown, prefilled

FORM = compile_form(
    {
        "type": "object",
        "properties": {"order": {"type": "string", "readOnly": True}, "chosen": {"type": "string"}},
        "if": {"properties": {"chosen": {"const": "x"}}, "required": ["chosen"]},
        "then": {"properties": {"price": {"type": "number", "readOnly": True}, "why": {"type": "string"}}},
    }
)
KNOWN = {"order": "1. Levná energie", "chosen": "x", "price": 5, "why": None, "another": 1}


def test_a_form_begins_with_what_the_case_knows_by_the_same_names() -> None:
    assert prefilled(FORM, KNOWN) == {"order": "1. Levná energie", "chosen": "x", "price": 5}


def test_what_nobody_may_change_is_shown_also_where_answers_begin_empty() -> None:
    assert only_shown(FORM, KNOWN) == {"order": "1. Levná energie", "price": 5}
