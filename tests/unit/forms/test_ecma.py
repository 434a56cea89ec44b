"""Patterns of ECMA 262 as authors write them for other validators."""

from __future__ import annotations

import re

import pytest

from forms.compile import compile_form
from forms.ecma import translated
from forms.errors import FormSchemaError
from forms.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"^\p{L}+$", "Říčany", "R2"),
        (r"^\p{Lu}\p{Ll}+$", "Řím", "řím"),
        (r"^[\p{L} .-]+$", "Ústí n. L.", "Ústí 1"),
        (r"^[^\p{N}]+$", "abc", "a1"),
        (r"^\P{L}+$", "12 %", "a"),
        (r"^\p{General_Category=Nd}{2}$", "12", "1a"),
        (r"^(?<year>\d{4})/\k<year>$", "2024/2024", "2024/2025"),
        (r"^\u{158}$", "Ř", "u"),
        (r"^(?!000)\d{3}$", "001", "000"),
        (r"^\\p{2}$", r"\pp", "L"),
        (r"^(\p{L}+ ?)+$", "a b c", "a 1"),
        (r"^[\]x]\/\-$", "]/-", "a/-"),
    ],
)
def test_a_pattern_means_what_its_author_meant(pattern: str, right: str, wrong: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    compile_form(schema)
    assert matches(pattern, right)
    assert not matches(pattern, wrong)


@pytest.mark.parametrize("pattern", [r"\p{Klingon}", r"\p{Script=Latin}", "([a-z", r"(?<=a)+b(a*)*", "a{99999999999}"])
def test_a_pattern_that_cannot_be_read_is_refused_with_its_place(pattern: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    with pytest.raises(FormSchemaError) as refused:
        compile_form(schema)
    assert "/properties/a/pattern" in str(vars(refused.value)) + str(refused.value)


def test_what_both_write_alike_is_left_alone() -> None:
    for pattern in (r"^[0-9]{5}$", r"^\w+\s\d$", r"[\w.-]+@\.", r"a\\p", "^$"):
        assert translated(pattern) == pattern
        re.compile(pattern)
