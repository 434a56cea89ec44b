"""What the office asks the applicant to mend: its comments at fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.model import Variables
from forms.compile import Form
from forms.tree import Answers, unfold, walk
from forms.view import Comment
from forms.words import text_of
from web.i18n import _, language


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One thing to mend: the name of the field, what the office says."""

    label: str
    comment: str


def wishes(form: Form, data: Variables, said: Sequence[Comment]) -> list[Wish]:
    """The comments with the names of their fields."""
    labels = labels_of(form, data)
    return [Wish(label=labels.get(one.pointer) or _("The whole form"), comment=one.comment) for one in said]


def labels_of(form: Form, data: Variables) -> Mapping[str, str]:
    """Names of a form's fields by pointer."""
    fields = walk(unfold(Answers(form=form, data=data)))
    return {field.pointer: text_of(form, field.schema, "title", language()) or field.name for field in fields}
