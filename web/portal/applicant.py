"""Who the applicant is, as far as a form's answers say."""

from __future__ import annotations

from typing import Any

from engine.model import Applicant, Variables
from forms.compile import Form
from forms.pointers import MISSING, get
from forms.tree import Answers, unfold, walk
from web.i18n import language

#: Where a form says nothing: format of the field that holds it.
GUESSES = {"email": "email", "ico": "cz-ico"}


def applicant(form: Form, data: Variables) -> Applicant:
    """The applicant by the form's `x-applicant` {"name": pointer, …}, else by the formats of its fields.

    The language is the one in which the form is sent.
    """
    named = form.schema.get("x-applicant")
    facts = {
        part: said(form, data, named if isinstance(named, dict) else {}, part) for part in ("name", "email", "ico")
    }
    return Applicant(**facts, language=language())


def said(form: Form, data: Variables, named: dict[str, Any], part: str) -> str:
    """One fact about the applicant; "" where the form doesn't ask it."""
    pointer = named.get(part)
    value = get(data, pointer) if isinstance(pointer, str) else guessed(form, data, part)
    return value if isinstance(value, str) else ""


def guessed(form: Form, data: Variables, part: str) -> Any:
    """The first field of the fitting format, or named so."""
    for field in walk(unfold(Answers(form=form, data=data))):
        if field.name == part or (part in GUESSES and field.shape.get("format") == GUESSES[part]):
            return field.value
    return MISSING
