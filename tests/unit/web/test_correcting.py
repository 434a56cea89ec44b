"""What an operator writes in place of a value."""

from __future__ import annotations

import pytest

from engine.model import Json
from web.cockpit.intervening import value_of


@pytest.mark.parametrize(
    ("text", "known", "value"),
    [
        ("3", 2, 3),
        ("3", None, 3),
        ("true", False, True),
        ('["a"]', [], ["a"]),
        ("Horní Dolní", "Dolní", "Horní Dolní"),
        ('"12"', 11, "12"),
        ("null", "a", None),
    ],
)
def test_a_value_is_read_as_json_and_everything_else_as_text(text: str, known: Json, value: Json) -> None:
    assert value_of(text, known) == value


@pytest.mark.parametrize("text", ["500.00", " 500 ", "00276057", "5e2"])
def test_an_amount_stays_text_where_text_stood(text: str) -> None:
    assert value_of(text, "450.00") == text.strip()


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", "[" * 100_000, r'"\u0000"', r'"\ud800"'])
def test_what_no_database_can_keep_is_text(text: str) -> None:
    assert value_of(text, None) == text
