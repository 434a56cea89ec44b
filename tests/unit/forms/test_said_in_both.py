"""What a form is refused for is said in Czech and in English."""

from __future__ import annotations

from typing import Any

import pytest

from forms.compile import compile_form
from forms.edit import document
from forms.errors import FormSchemaError


@pytest.mark.parametrize(
    ("schema", "czech"),
    [
        ({"type": "array"}, "Nejvýš ve formuláři musí být objekt"),
        ({"properties": {"a": {"type": 7}}}, "na místě /properties/a/type nesplňuje pravidlo"),
        ({"properties": {"a": {"pattern": "("}}}, "Vzor ( se nedá přečíst."),
        ({"properties": {"a": {"pattern": r"(?<=(a+)+)b"}}}, "Vzor"),
        ({"properties": {"a": {"$ref": "https://x.cz/a.json"}}}, "vede ven ze souboru"),
        ({"properties": {"a": {}}, "x-steps": [{"fields": ["/a", "/a"]}]}, "Pole a je v x-steps dvakrát."),
    ],
)
def test_a_schema_is_refused_in_both_languages(schema: Any, czech: str) -> None:
    with pytest.raises(FormSchemaError) as refused:
        compile_form(schema)
    assert czech in refused.value.said("cs")
    assert refused.value.said("en") == str(refused.value) != refused.value.said("cs")


@pytest.mark.parametrize(
    ("text", "czech"),
    [
        (b'{"a": 1,\n}', "chyba je na řádku 2, ve sloupci 1"),
        (b"\xff\xfe{}", "text není v kódování UTF-8"),
        (b'{"a": 1, "a": 2}', "„a“ je v jednom objektu dvakrát"),
        (b'{"a": NaN}', "NaN není číslo jazyka JSON"),
        (b'{"a": 1e999}', "číslo 1e999 je příliš velké"),
        (b"[]", "Formulář je objekt JSON."),
    ],
)
def test_a_file_is_refused_in_both_languages(text: bytes, czech: str) -> None:
    with pytest.raises(FormSchemaError) as refused:
        document.read(text)
    assert czech in refused.value.said("cs")
    assert refused.value.said("en") != refused.value.said("cs")
