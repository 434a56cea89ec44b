"""From one question to its control."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from forms.conditions import same
from forms.controls import show, token
from forms.desk import Desk
from forms.display import choice_label, display, file_name
from forms.formats import FORMATS, Format
from forms.naming import candidates, names, shown
from forms.parts import Attached, Button, Control, Option, Reviewed
from forms.pointers import MISSING, element_id, name_of
from forms.shape import Shape
from forms.shaping import shape_of
from forms.tree import Answers, Field, unfold, walk
from forms.units import unit_of
from forms.validate import label_of
from forms.watched import watched
from forms.words import text_of

Json = Any
_PLAIN = Format(right=lambda text: True)
#: Formats where an example says more than words; shown when the author gives no hint.
_WITH_EXAMPLE = ("date", "time", "date-time", "cz-account")
_WIDTHS = {"s": "w-s", "m": "w-m", "l": "w-l", "full": ""}


def control(desk: Desk, field: Field) -> Control:
    """Make the control of a question."""
    shape, words = field.shape, desk.words
    known = FORMATS.get(shape.get("format", ""), _PLAIN)
    identifier = element_id(field.pointer)
    example = words["example"].format(example=known.example) if shape.get("format") in _WITH_EXAMPLE else ""
    fixed = desk.read_only or field.fixed
    hint = desk.text(shape, "description") or ("" if fixed else example)
    unit = unit_of(shape, desk.lang)
    widget = "read" if fixed and field.widget != "output" else field.widget
    text = _text(desk, field, widget)
    if widget == "text" and "\n" in text:
        widget = "textarea"  # a line of input would drop the line ends
    made = Control(
        kind="control",
        widget=widget,
        pointer=field.pointer,
        id=identifier,
        name=name_of(field.pointer),
        label=desk.label(field),
        hint=hint,
        help=desk.text(shape, "x-help"),
        error=desk.error_at(field),
        comments=desk.comments_at(field.pointer),
        note=desk.notes.get(field.pointer, ""),
        text=text,
        options=tuple(_options(desk, field, identifier)),
        candidates=tuple(_candidates(desk, field, identifier)) if widget == "autocomplete" else (),
        choices_url=desk.offers[field.pointer].url if field.pointer in desk.offers else "",
        required=field.required,
        optional=not field.required and not fixed and widget not in ("output", "review"),
        readonly=fixed,
        unit=unit,
        width=_width(shape, known),
        input_type=known.input_type,
        input_mode=_input_mode(shape, known),
        autocomplete=str(shape.get("x-autocomplete", known.autocomplete)),
        max_length=shape.limit("maxLength") or None,
        rows=_lines(field),
        spellcheck=not shape.get("format") and "pattern" not in shape.keywords,
        number=bool(shape.types & {"integer", "number"}) or shape.get("format") == "money",
        marker=None if fixed or widget == "output" else marker(field),
        opens=field.name in watched(desk.form),
        files=tuple(_files(desk, field)),
        multiple=field.widget == "files",
        accept=_accept(shape),
        reviewed=tuple(_reviewed(desk, field, identifier)),
        sensitive=desk.is_sensitive(field),
    )
    return made


def described_by(part: Control) -> str:
    """Give the ids of the texts that describe a control; only of those that are on the page."""
    unit = part.unit if part.widget in ("text", "number") else ""
    ends = {"h": part.hint, "n": part.note, "c": part.comments, "u": unit, "e": part.error}
    return " ".join(f"{part.id}.{end}" for end, present in ends.items() if present)


def marker(field: Field) -> str | None:
    """Give the value of the hidden marker: what an unfilled control stands for; None where none is needed."""
    value, widget = field.value, field.widget
    if value is None:
        return "null"
    if widget == "checkbox" and not field.shape.choices:
        return "false" if value is False else "off" if field.required else ""
    if widget in ("checkboxes", "files", "review", "file"):
        return json.dumps(value, ensure_ascii=False) if isinstance(value, list) and widget != "review" else _bare(value)
    if value == "" and widget not in ("radio", "select"):
        return '""'
    if isinstance(value, str) and value != value.strip():
        return " "
    return "" if widget in ("radio", "checkbox") else None


def _bare(value: Json) -> str:
    return "[]" if value == [] else ""


def _text(desk: Desk, field: Field, widget: str) -> str:
    if widget in ("read", "output"):
        return desk.shown(field)
    if widget in ("radio", "select", "checkbox", "checkboxes", "file", "files", "review"):
        return ""
    if widget == "autocomplete":
        offered = desk.offers.get(field.pointer)
        known = offered.text if offered else ""
        return known or shown(desk.form, field.shape, field.value, desk.lang)
    return show(field.value, field.shape, desk.lang)


def _options(desk: Desk, field: Field, identifier: str) -> Iterator[Option]:
    if field.widget == "checkboxes":
        yield from _ticks(desk, field, identifier)
    elif field.shape.choices:
        for at, choice in enumerate(field.shape.choices):
            label = choice_label(desk.form, choice, field.shape, desk.lang)
            if field.widget == "autocomplete":
                label = names(desk.form, field.shape, desk.lang)[at]
            is_box = field.widget == "checkbox"
            if is_box and not choice.title:
                label = desk.label(field)
            yield Option(
                id=_numbered(identifier, at),
                value=token(field.shape, at),
                label=label,
                hint=desk.text(field.shape, "description") if is_box else _choice_hint(desk, choice.source),
                checked=same(choice.value, field.value),
            )
    elif field.widget in ("radio", "checkbox") and field.shape.types == {"boolean"}:
        yield from _yes_and_no(desk, field, identifier)


def _candidates(desk: Desk, field: Field, identifier: str) -> Iterator[Option]:
    offered = desk.offers.get(field.pointer)
    pairs = list(offered.candidates) if offered else []
    if field.shape.choices:
        called = names(desk.form, field.shape, desk.lang)
        found = candidates(desk.form, field.shape, field.value, desk.lang)
        pairs = [(token(field.shape, at), called[at]) for at in found]
    for at, (value, name) in enumerate(pairs):
        yield Option(id=f"{identifier}.p{at}", value=value, label=name)


def _choice_hint(desk: Desk, source: dict[str, Any]) -> str:
    return text_of(desk.form, source, "description", desk.lang) if "const" in source else ""


def _yes_and_no(desk: Desk, field: Field, identifier: str) -> Iterator[Option]:
    if field.widget == "checkbox":
        hint = desk.text(field.shape, "description")
        yield Option(id=identifier, value="true", label=desk.label(field), hint=hint, checked=field.value is True)
        return
    for at, (value, word) in enumerate(((True, "yes"), (False, "no"))):
        yield Option(
            id=_numbered(identifier, at),
            value="true" if value else "false",
            label=desk.words[word],
            checked=field.value is value,
        )


def _ticks(desk: Desk, field: Field, identifier: str) -> Iterator[Option]:
    item = shape_of(desk.form, field.shape.get("items"), MISSING)
    ticked = field.value if isinstance(field.value, list) else []
    for at, choice in enumerate(item.choices):
        yield Option(
            id=_numbered(identifier, at),
            value=token(item, at),
            label=choice_label(desk.form, choice, item, desk.lang),
            checked=any(same(choice.value, value) for value in ticked),
        )


def _numbered(identifier: str, at: int) -> str:
    return f"{identifier}.{at}" if at else identifier


def _width(shape: Shape, known: Format) -> str:
    wished = shape.get("x-width")
    if isinstance(wished, str) and wished in _WIDTHS:
        return _WIDTHS[wished]
    if isinstance(wished, int):
        return _width_for(wished)
    if known.width:
        return known.width
    if shape.types & {"integer", "number"}:
        return "w-m"
    return _width_for(shape.limit("maxLength"))


def _width_for(characters: int) -> str:
    """Give the width of a control for so many characters."""
    steps = ((10, "w-s"), (24, "w-m"), (50, "w-l"))
    return next((width for limit, width in steps if 0 < characters <= limit), "")


def _input_mode(shape: Shape, known: Format) -> str:
    if shape.types & {"integer", "number"} and "string" not in shape.types:
        return "numeric" if shape.types == {"integer"} and shape.get("minimum", -1) >= 0 else "decimal"
    return known.input_mode


def _lines(field: Field) -> int:
    return 8 if field.shape.limit("maxLength") > 2_000 else 4


def _accept(shape: Shape) -> str:
    items = shape.get("items")
    accept = shape.get("x-accept") or (items.get("x-accept") if isinstance(items, dict) else None)
    return ",".join(map(str, accept)) if isinstance(accept, list) else str(accept or "")


def _files(desk: Desk, field: Field) -> Iterator[Attached]:
    if field.widget not in ("file", "files"):
        return
    for identifier in field.value if isinstance(field.value, list) else [field.value]:
        if isinstance(identifier, str) and identifier:
            known = desk.files.get(identifier)
            name = file_name(identifier, desk.files)
            yield Attached(
                id=identifier,
                name=name,
                size=known.size_text(desk.lang) if known else "",
                url=known.url if known else "",
                remove=Button(
                    do=f"remove-file:{field.pointer}?{identifier}",
                    label=desk.words["remove"].format(name=name),
                    icon="trash",
                ),
            )


def _reviewed(desk: Desk, field: Field, identifier: str) -> Iterator[Reviewed]:
    """Give every answered question of the other form with what the clerk said about it."""
    other = desk.reviewed.get(str(field.shape.get("x-of", "")))
    if field.widget != "review" or other is None:
        return
    said = {c.get("pointer"): c.get("comment", "") for c in _objections(field.value)}
    form, data = other
    for question in walk(unfold(Answers(form=form, data=data, evaluate=desk.answers.evaluate))):
        if question.is_question:
            yield Reviewed(
                id=f"{identifier}.{element_id(question.pointer)}",
                name=f"{name_of(field.pointer)}~{name_of(question.pointer)}",
                label=label_of(form, question, desk.lang),
                text=desk.masked_text(question, display(form, question, desk.lang, desk.files)),
                comment=str(said.get(question.pointer, "")),
            )


def _objections(value: Json) -> list[dict[str, Json]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
