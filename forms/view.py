"""The form as a page shows it now: answers, errors, comments and buttons put together into parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms.compile import Form, Section, Step
from forms.computed import computed
from forms.desk import Desk
from forms.groups import Groups
from forms.messages import summary_title
from forms.parts import Comment, Control, ErrorLink, Group, Part, Rows, StepLink, View
from forms.pointers import element_id, split
from forms.posted import FileRef
from forms.steps import names_on
from forms.tree import Answers, Evaluate, Field, unfold
from forms.validate import FieldError
from forms.words import localized, words

Json = Any


def view(  # noqa: PLR0913 the whole context of a page
    form: Form,
    data: Json,
    *,
    errors: Sequence[FieldError] = (),
    lang: str = "cs",
    step: str | None = None,
    mode: str = "edit",
    evaluate: Evaluate | None = None,
    **around: Any,
) -> View:
    """Make the page of a form (of one step of it) over the present answers.

    `around` is what Desk takes besides: comments, files, notes, reviewed; `focus`, a pointer; and `extras`, to show
    also data that the schema doesn't describe.
    """
    known = computed(form, data or {}, evaluate)
    answers = Answers(form=form, data=known, evaluate=evaluate, extras=around.pop("extras", False))
    focus = around.pop("focus", None)
    desk = Desk(answers=answers, lang=lang, read_only=mode == "read", errors=_by_pointer(errors), **around)
    root = unfold(answers)
    page = form.step(step)
    parts = tuple(_page(Groups(desk), root, page))
    shown = dict(_places(parts))
    document = form.schema
    return View(
        # A page without a heading can't be found by those who don't see it.
        title=localized(document, "/title", document.get("title"), lang) or words(lang)["form"],
        description=localized(document, "/description", document.get("description"), lang),
        parts=parts,
        lang=lang,
        words=words(lang),
        steps=_step_links(form, page, lang) if page else (),
        step=page.key if page else None,
        errors=tuple(_links(errors, root, shown, desk)),
        errors_title=summary_title(len(errors), lang) if errors else "",
        read_only=mode == "read",
        focus=shown.get(focus, element_id(focus)) if focus else "",
        has_files=any(isinstance(part, Control) and part.widget in ("file", "files") for part in _all(parts)),
    )


def _by_pointer(errors: Sequence[FieldError]) -> dict[str, str]:
    return {error.pointer: error.message for error in reversed(errors)}


def _page(groups: Groups, root: Field, page: Step | None, level: int = 2) -> Iterator[Part]:
    if page is None:
        yield from _whole(groups, root)
        return
    here = names_on(groups.desk.form, page, root.children)
    fields = {field.name: field for field in root.children if field.name in here}
    listed = [name for entry in page.entries for name in ([entry] if isinstance(entry, str) else entry.names)]
    loose: list[Field] = [field for name, field in fields.items() if name not in listed]
    run: list[Field] = []
    for index, entry in enumerate(page.entries):
        if isinstance(entry, str):
            run += [fields[entry]] if entry in fields else []
            continue
        yield from groups.parts(root, _with_opened(run, loose), level=level)
        run = []
        named = [fields[name] for name in entry.names if name in fields]
        yield from _section(groups, root, entry, _with_opened(named, loose), (page, index, level))
    yield from groups.parts(root, [*_with_opened(run, loose), *loose], level=level)


def _whole(groups: Groups, root: Field) -> Iterator[Part]:
    """Give the whole form at once: its steps one under another, each under its heading."""
    form, lang = groups.desk.form, groups.desk.lang
    if not form.steps:
        yield from groups.parts(root, root.children, level=2)
    for at, step in enumerate(form.steps):
        yield Group(
            kind="section",
            pointer="",
            id=f"krok-{at}",
            label=localized(form.schema, f"/x-steps/{at}/title", step.title, lang),
            hint=localized(form.schema, f"/x-steps/{at}/description", step.description, lang),
            level=2,
            name="",
            parts=tuple(_page(groups, root, step, 3)),
        )


def _with_opened(fields: list[Field], loose: list[Field]) -> list[Field]:
    """Take to the fields those that their answers open."""
    together = list(fields)
    for field in list(loose):
        if field.opener and any(field.opener.name == other.name for other in together):
            together.append(field)
            loose.remove(field)
    return together


def _section(
    groups: Groups, root: Field, section: Section, fields: list[Field], place: tuple[Step, int, int]
) -> Iterator[Part]:
    step, index, level = place
    parts = tuple(groups.parts(root, fields, level=level + 1))
    if not parts:
        return
    form, lang = groups.desk.form, groups.desk.lang
    pointer = f"/x-steps/{form.steps.index(step)}/fields/{index}"
    yield Group(
        kind="section",
        pointer="",
        id=f"cast-{form.steps.index(step)}-{index}",
        label=localized(form.schema, pointer + "/title", section.title, lang),
        hint=localized(form.schema, pointer + "/description", section.description, lang),
        level=level,
        name="",
        parts=parts,
    )


def _step_links(form: Form, page: Step, lang: str) -> tuple[StepLink, ...]:
    now = form.steps.index(page)
    return tuple(
        StepLink(
            key=step.key,
            title=localized(form.schema, f"/x-steps/{at}/title", step.title, lang),
            description=localized(form.schema, f"/x-steps/{at}/description", step.description, lang),
            number=at + 1,
            state="done" if at < now else "now" if at == now else "next",
        )
        for at, step in enumerate(form.steps)
    )


def _all(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        inner: list[Sequence[Part]] = []
        if isinstance(part, Control):
            inner = [part.reveal, *(option.reveal for option in part.options)]
        elif isinstance(part, Group):
            inner = [part.parts]
        elif isinstance(part, Rows):
            inner = [row.parts for row in part.rows]
        for below in inner:
            yield from _all(below)


def _places(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Give the id to go to for every pointer on the page: of a list its add button."""
    for part in _all(parts):
        if isinstance(part, Rows) and part.add:
            yield part.pointer, f"{part.id}.add"
        elif part.pointer:
            yield part.pointer, part.id


def _links(errors: Sequence[FieldError], root: Field, shown: Mapping[str, str], desk: Desk) -> Iterator[ErrorLink]:
    for error in errors:
        pointer = error.pointer
        while pointer and pointer not in shown:
            pointer = pointer.rpartition("/")[0]
        yield ErrorLink(target=shown.get(pointer, "pole"), text=_row_before(error.pointer, root, desk) + error.message)


def _row_before(pointer: str, root: Field, desk: Desk) -> str:
    """Give the name of the row an error is in, so that the summary says which one."""
    field, said = root, ""
    for token in split(pointer):
        below = next((child for child in field.children if token in (child.name, str(child.index))), None)
        if below is None:
            break
        if field.widget == "rows" and below.index is not None and not below.is_question:
            said += desk.row_title(field, below.index) + " – "
        field = below
    return said


__all__ = ["Comment", "FileRef", "View", "view"]
