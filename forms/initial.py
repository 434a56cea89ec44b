"""Answers of a form that nobody has touched yet: the authors' defaults, never a declaration ticked in advance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.compile import Form
from forms.pointers import MISSING, put
from forms.tree import Answers, unfold, walk

Json = Any


def initial(form: Form, given: Mapping[str, Json] | None = None) -> dict[str, Json]:
    """Give the defaults, and over them what is known already (variables of a case by the names of fields)."""
    root = unfold(Answers(form=form, data={}))
    data: dict[str, Json] = {}
    for field in walk(root):
        default = field.shape.get("default", MISSING)
        if field.is_question and default is not MISSING and field.widget not in ("checkbox", "output"):
            data = put(data, field.pointer, default)
    names = {member.name for member in Answers(form=form, data=data).shape(form.root, data).members}
    return data | {name: value for name, value in (given or {}).items() if name in names}
