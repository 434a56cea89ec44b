"""Answers as people read them: on the check page, read-only, in a PDF and in the story of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.compile import Form
from forms.conditions import same
from forms.controls import show, show_number
from forms.formats import FORMATS
from forms.pointers import MISSING, join
from forms.posted import FileRef
from forms.shape import Choice, Shape
from forms.shaping import shape_of
from forms.tree import Field
from forms.units import amounts_said, unit_of, with_unit
from forms.words import localized, text_of, words

Json = Any
Files = Mapping[str, FileRef]


def display(form: Form, field: Field, lang: str, files: Files | None = None) -> str:
    """Give the answer to one question as text; "" when there is none."""
    value = field.value
    if value is MISSING or value is None or value == "" or value == []:
        return ""
    if field.widget in ("file", "files"):
        ids = value if isinstance(value, list) else [value]
        return "\n".join(file_name(str(one), files or {}) for one in ids)
    if field.widget == "checkboxes" and isinstance(value, list):
        item = shape_of(form, field.shape.get("items"), MISSING)
        return "\n".join(one_value(form, one, item, lang) for one in value)
    if field.widget == "review" and isinstance(value, list):
        return "\n".join(str(one.get("comment", "")) for one in value if isinstance(one, dict))
    return one_value(form, value, field.shape, lang)


def one_value(form: Form, value: Json, shape: Shape, lang: str) -> str:
    """Give one value as text, with its unit."""
    for choice in shape.choices:
        if same(choice.value, value):
            return choice_label(form, choice, shape, lang)
    if isinstance(value, bool):
        return words(lang)["yes" if value else "no"]
    if isinstance(value, int | float):
        return with_unit(show_number(value, shape, lang), unit_of(shape, lang))
    if isinstance(value, str) and shape.get("format") in FORMATS:
        known = FORMATS[shape.get("format")]
        return with_unit(known.shown(value, lang) if known.right(value) else value, unit_of(shape, lang))
    text = value if isinstance(value, str) else show(value, shape, lang)
    # What nobody could type was put together by the case.
    return amounts_said(text, lang) if shape.get("readOnly") else text


def choice_label(form: Form, choice: Choice, shape: Shape, lang: str) -> str:
    """Give the words of a choice: its title, else yes or no, else the value itself."""
    if choice.title:
        return text_of(form, choice.source, "title", lang) or choice.title
    named = shape.get("x-labels")
    if isinstance(named, dict) and str(choice.value) in named:
        document, pointer = form.graph.origin(shape.sources["x-labels"])
        return localized(document, join(pointer, "x-labels", choice.value), named[str(choice.value)], lang)
    if isinstance(choice.value, bool):
        return words(lang)["yes" if choice.value else "no"]
    return str(choice.value)


def file_name(identifier: str, files: Files) -> str:
    """Give the name of an attached file; its id when the name isn't known."""
    known = files.get(identifier)
    return known.name if known and known.name else identifier
