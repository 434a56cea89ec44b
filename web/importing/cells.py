"""What a cell of a table means in a field: numbers, days, yes and no, choices by their words, as Czechs write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from forms.compile import Form
from forms.controls import parse, widget_of
from forms.naming import fold, names
from forms.pointers import MISSING
from forms.shape import Shape
from forms.shaping import shape_of

Json = Any
Read = Callable[[Json], Json]

YES = frozenset({"ano", "a", "yes", "y", "true", "pravda", "1", "x"})
NO = frozenset({"ne", "n", "no", "false", "nepravda", "0"})
#: Our own CSV puts an apostrophe before what a table program would take for a formula.
_HARMLESS = re.compile(r"'(?=[=+\-@\t\r])")
_LISTED = re.compile(r"[;\n|]")
#: Different cells of a column that are remembered.
_REMEMBERED = 20_000


def reader_of(form: Form, name: str) -> Read:
    """Give what reads the cells of a field: text to value, MISSING where there is none; values of JSON stay."""
    read = _reader(form, shape_of(form, form.root["properties"][name], MISSING))
    known: dict[str, Json] = {}

    def remember(cell: Json) -> Json:
        if not isinstance(cell, str):
            return MISSING if cell is None else cell
        text = _HARMLESS.sub("", cell.strip(), count=1)
        if not text:
            return MISSING
        if text not in known:
            if len(known) > _REMEMBERED:
                known.clear()
            known[text] = read(text)
        return known[text]

    return remember


def _reader(form: Form, shape: Shape) -> Callable[[str], Json]:
    if shape.choices:
        words = _words(form, shape)
        return lambda text: words.get(fold(text), text)
    if "boolean" in shape.types:
        return _yes_or_no
    if "array" in shape.types:
        return _list_reader(form, shape)
    return lambda text: parse(text, shape)


def _yes_or_no(text: str) -> Json:
    word = fold(text)
    return True if word in YES else False if word in NO else text


def _words(form: Form, shape: Shape) -> Mapping[str, Json]:
    """Choices by their values and by what they are called in every language."""
    found: dict[str, Json] = {}
    for lang in dict.fromkeys((form.language, "cs", "en", *form.schema.get("x-translations", {}))):
        for choice, name in zip(shape.choices, names(form, shape, lang), strict=True):
            found.setdefault(fold(name), choice.value)
    return {fold(str(choice.value)): choice.value for choice in shape.choices} | found


def _list_reader(form: Form, shape: Shape) -> Callable[[str], Json]:
    item = shape_of(form, shape.get("items"), MISSING)
    if widget_of(item) in ("group", "rows", "json") and not item.choices:
        return lambda text: parse(text, shape)
    read = _reader(form, item)
    return lambda text: [read(part.strip()) for part in _LISTED.split(text) if part.strip()]
