"""What answers are called when people are told of changes."""

from __future__ import annotations

from typing import Any

import pytest

from forms.edit.called import Called, called

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"title": "Druh", "oneOf": [{"const": "f", "title": "Firma"}, {"const": 1, "title": "Člověk"}]},
        "seat": {"type": "object", "title": "Sídlo", "properties": {"city": {"type": "string", "title": "Obec"}}},
        "costs": {
            "type": "array",
            "title": "Náklady",
            "items": {"type": "object", "properties": {"price": {"type": "string", "title": "Cena"}}},
        },
        "bare": {"type": "string"},
    },
}


@pytest.mark.parametrize(
    ("names", "pointer", "label"),
    [
        (called(FORM), "/kind", "Druh"),
        (called(FORM), "/seat/city", "Sídlo › Obec"),
        (called(FORM).inside(("seat",)), "/city", "Obec"),
        # Pointers of a rule may begin at the top as well.
        (called(FORM).inside(("seat",)), "/kind", "Druh"),
        (called(FORM).inside(("costs", "*")), "/price", "Cena"),
        (called(FORM), "/bare", "Bare"),
        (called(FORM), "/gone/for/ever", "gone › for › ever"),
    ],
)
def test_an_answer_is_called_by_its_label(names: Called, pointer: str, label: str) -> None:
    assert names.answer(pointer) == label


def test_columns_and_values_have_labels_too() -> None:
    names = called(FORM)
    assert names.column("/costs", "price") == "Náklady › Cena"
    assert names.value("/kind", "f") == "Firma"
    assert names.value("/kind", 1) == "Člověk"
    assert names.value("/kind", True) is None
