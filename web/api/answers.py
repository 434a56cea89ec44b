"""A program's answers to a form, taken and checked as a person's would be."""

from __future__ import annotations

from typing import Any

from flask import Response

from forms.accept import accepted
from forms.compile import Form
from forms.validate import validate
from web.errors import problem
from web.ui.form_flow import evaluate


def taken(form: Form, data: dict[str, Any], current: Any = None) -> dict[str, Any]:
    """What the form asks of what was sent."""
    return accepted(form, data, current, evaluate=evaluate)


def refusal(form: Form, data: dict[str, Any]) -> Response | None:
    """422 with a pointer and a sentence for everything that doesn't fit the form."""
    errors = validate(form, data, evaluate=evaluate)
    if not errors:
        return None
    told = [{"pointer": one.pointer, "message": one.message} for one in errors]
    return problem(422, "The answer doesn't fit the form.", errors=told)
