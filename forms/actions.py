"""The buttons inside a form: add and remove rows, load from a register, remove a file, show again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.compile import Form
from forms.computed import computed
from forms.decode import Decoder, blank_item, decode
from forms.pointers import MISSING, get, join, put
from forms.posted import FileRef, Pairs, on_page
from forms.steps import names_on
from forms.tree import Answers, Evaluate, Field, unfold, walk

Json = Any

#: The name of every button inside a form.
DO = "_do"
KINDS = ("add", "remove", "prefill", "remove-file", "refresh")
#: More rows than this can't be added by a button.
MAX_ROWS = 2_000


@dataclass(frozen=True, kw_only=True)
class Action:
    """A pressed button: its kind, the place it is about, and a file's id."""

    kind: str
    pointer: str = ""
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Acted:
    """Answers after a post; `action` is None for an ordinary submit."""

    data: dict[str, Json]
    action: Action | None = None
    #: Pointer of the field to which the focus goes.
    focus: str | None = None


def action_in(pairs: Pairs) -> Action | None:
    """Find the pressed button; None when the form itself was submitted."""
    pressed = next((value for name, value in pairs if name == DO), "")
    kind, _, rest = pressed.partition(":")
    pointer, _, file = rest.rpartition("?") if kind == "remove-file" and "?" in rest else (rest, "", "")
    return Action(kind=kind, pointer=pointer, file=file) if kind in KINDS else None


def act(  # noqa: PLR0913 what a post is read by
    form: Form,
    pairs: Pairs,
    files: Mapping[str, Sequence[FileRef]] | None = None,
    current: Json = None,
    *,
    step: str | None = None,
    evaluate: Evaluate | None = None,
    lang: str = "cs",
) -> Acted:
    """Read a post and do what its button says. Raises PostTooLarge."""
    action = action_in(pairs)
    if action is None:
        return Acted(data=decode(form, pairs, files, current, step=step, evaluate=evaluate, lang=lang))
    decoder = Decoder(form, current, step=step, evaluate=evaluate, lang=lang)
    decoder.keep_blank = True
    data = decoder.read(pairs, files or {})
    changed, focus = _done(form, data, action, evaluate)
    return Acted(data=computed(form, changed, evaluate), action=action, focus=focus)


def _done(
    form: Form, data: dict[str, Json], action: Action, evaluate: Evaluate | None
) -> tuple[dict[str, Json], str | None]:
    answers = Answers(form=form, data=data, evaluate=evaluate)
    fields = {field.pointer: field for field in walk(unfold(answers))}
    if action.kind == "add":
        return _added(answers, fields.get(action.pointer))
    if action.kind == "remove":
        return _removed(data, action.pointer, fields)
    if action.kind == "remove-file":
        return _without_file(data, action, fields)
    return data, action.pointer or None


def _added(answers: Answers, field: Field | None) -> tuple[dict[str, Json], str | None]:
    if field is None or field.is_question or field.fixed:
        return answers.data, None
    if field.widget == "group":
        return (put(answers.data, field.pointer, {}), field.pointer) if field.closed else (answers.data, None)
    rows = field.value if isinstance(field.value, list) else []
    if field.shape.keeps_rows or len(rows) >= min(field.shape.limit("maxItems", MAX_ROWS), MAX_ROWS):
        return answers.data, field.pointer
    blanks = [blank_item(answers, field.shape, at) for at in range(len(rows), len(rows) + 1)]
    data = put(answers.data, field.pointer, [*rows, *blanks])
    return data, first_question(
        Answers(form=answers.form, data=data, evaluate=answers.evaluate), join(field.pointer, len(rows))
    )


def _removed(data: dict[str, Json], pointer: str, fields: Mapping[str, Field]) -> tuple[dict[str, Json], str | None]:
    above = pointer.rpartition("/")[0]
    rows = fields.get(above)
    if rows is None or rows.fixed or rows.widget != "rows" or rows.shape.keeps_rows or get(data, pointer) is MISSING:
        return data, None
    return put(data, pointer, MISSING), above


def _without_file(
    data: dict[str, Json], action: Action, fields: Mapping[str, Field]
) -> tuple[dict[str, Json], str | None]:
    field = fields.get(action.pointer)
    if field is None or field.fixed or field.widget not in ("file", "files"):
        return data, None
    left = [one for one in field.value if one != action.file] if isinstance(field.value, list) else []
    return put(data, action.pointer, left or MISSING), action.pointer


def first_question(answers: Answers, pointer: str) -> str:
    """Give the pointer of the first question in a part, to which the focus goes."""
    inside = (
        field for field in walk(unfold(answers)) if field.pointer == pointer or field.pointer.startswith(pointer + "/")
    )
    return next((field.pointer for field in inside if field.is_question and field.widget != "output"), pointer)


def revealed(
    form: Form, data: Json, pairs: Pairs, *, step: str | None = None, evaluate: Evaluate | None = None
) -> list[str]:
    """Give the questions that the answers opened and that weren't on the posted page: they have to be shown first."""
    root = unfold(Answers(form=form, data=data, evaluate=evaluate))
    page = form.step(step)
    here = names_on(form, page, root.children) if page else None
    shown = on_page(pairs)
    tops = (child for child in root.children if here is None or child.name in here)
    questions = (field for top in tops for field in walk(top) if _is_asked(field))
    return [field.pointer for field in questions if field.pointer not in shown]


def _is_asked(field: Field) -> bool:
    return field.widget not in ("group", "output", "review") and not field.fixed
