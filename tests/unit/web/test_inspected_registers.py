"""What `radnice check` says of a register."""

from __future__ import annotations

import pytest

from engine.model import Json
from web.inspection import register_problems

DOGS: dict[str, Json] = {
    "key": "dogs",
    "schema": {"type": "object", "properties": {"tag": {"type": "string"}}},
    "rights": {"read": ["fees"], "write": ["fees"]},
}


def said(change: dict[str, Json]) -> list[tuple[str, str]]:
    found = register_problems(DOGS | change, "registers/dogs.json", frozenset({"fees"}))
    return [(problem.severity, problem.message) for problem in found]


def test_a_register_in_order_has_no_problems() -> None:
    assert said({"index": ["tag"], "unique": ["tag"]}) == []


@pytest.mark.parametrize(
    ("change", "severity", "words"),
    [
        ({"rights": {"read": ["nobody"]}}, "error", "no group nobody"),
        ({"rights": {"read": ["fees"], "fields": {"tag": {"write": ["boss"]}}}}, "error", "no group boss"),
        ({"rights": ["fees"]}, "error", "/rights"),
        ({"index": ["name"]}, "error", "name"),
        ({"serach": ["tag"]}, "error", "serach"),
        ({"retention": "P"}, "error", "/retention"),
        ({"retention": "P10Y"}, "warning", "retention"),
        ({"links": {"owners": {"to": "people", "many": True}}}, "warning", "links"),
    ],
)
def test_what_is_wrong_with_a_register_is_said(change: dict[str, Json], severity: str, words: str) -> None:
    [(how_bad, message)] = said(change)
    assert how_bad == severity and words in message
