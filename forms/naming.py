"""Choices that are written instead of picked: a typed text is matched with their names, accents and case aside."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from forms.compile import Form
from forms.conditions import same
from forms.controls import show, token
from forms.display import choice_label
from forms.shape import Shape

Json = Any
#: More than this many choices to pick from help nobody.
MOST_CANDIDATES = 12


def fold(text: str) -> str:
    """Write a text without accents, case and doubled spaces."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())


def names(form: Form, shape: Shape, lang: str) -> Sequence[str]:
    """Give the names of the choices in their order; those that would be the same have their value behind them."""

    def make() -> list[str]:
        labels = [choice_label(form, choice, shape, lang) for choice in shape.choices]
        count = Counter(fold(label) for label in labels)
        return [
            f"{label} ({choice.value})" if count[fold(label)] > 1 else label
            for label, choice in zip(labels, shape.choices, strict=True)
        ]

    sources = [choice.source for choice in shape.choices]
    told = (str(choice.value) for choice in shape.choices)
    key = ("names", lang, *zip(map(id, sources), told, strict=True))
    made: list[str] = form.remember(key, make, *sources)
    return made


def shown(form: Form, shape: Shape, value: Json, lang: str) -> str:
    """Give what stands in the control: the name of the choice, or what was typed."""
    for choice, name in zip(shape.choices, names(form, shape, lang), strict=True):
        if same(choice.value, value):
            return name
    return show(value, shape, lang)


def named(form: Form, shape: Shape, text: str) -> Json:
    """Give the value of the one choice that is called so in any language of the form, else the text."""
    for index, choice in enumerate(shape.choices):
        if token(shape, index) == text:
            return choice.value
    wanted = fold(text)
    for lang in (form.language, *form.schema.get("x-translations", {})):
        found = [at for at, name in enumerate(names(form, shape, lang)) if fold(name) == wanted]
        if len(found) == 1:
            return shape.choices[found[0]].value
    return text


def candidates(form: Form, shape: Shape, text: Json, lang: str) -> list[int]:
    """Give the choices whose names have every word of the text, those that begin with it first."""
    wanted = fold(text) if isinstance(text, str) else ""
    if not wanted or any(same(choice.value, text) for choice in shape.choices):
        return []
    folded = [fold(name) for name in names(form, shape, lang)]
    found = [at for at, name in enumerate(folded) if all(word in name for word in wanted.split())]
    return sorted(found, key=lambda at: not folded[at].startswith(wanted))[:MOST_CANDIDATES]
