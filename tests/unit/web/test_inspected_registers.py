"""What `radnice check` says of a register."""

from __future__ import annotations

import pytest

from engine.model import Json
from web.inspection import Heard, form_problems, register_problems

DOGS: dict[str, Json] = {
    "key": "dogs",
    "schema": {"type": "object", "properties": {"tag": {"type": "string"}}},
    "rights": {"read": ["fees"], "write": ["fees"]},
}


def said(change: dict[str, Json]) -> list[tuple[str, str]]:
    heard = Heard(processes=frozenset({"renewal"}), messages=frozenset({"dog.changed"}))
    found = register_problems(DOGS | change, "registers/dogs.json", frozenset({"fees"}), heard)
    return [(problem.severity, problem.message) for problem in found]


def test_a_register_in_order_has_no_problems() -> None:
    watch = [
        {"date": "tag", "before": ["P180D"], "start": "renewal", "once_per": "id"},
        {"changed": ["tag"], "message": "dog.changed"},
    ]
    assert said({"index": ["tag"], "unique": ["tag"], "watch": watch}) == []


@pytest.mark.parametrize(
    ("change", "severity", "words"),
    [
        ({"rights": {"read": ["nobody"]}}, "error", "no group nobody"),
        ({"rights": {"read": ["fees"], "fields": {"tag": {"write": ["boss"]}}}}, "error", "no group boss"),
        ({"rights": ["fees"]}, "error", "/rights"),
        ({"index": ["name"]}, "error", "name"),
        ({"serach": ["tag"]}, "error", "serach"),
        ({"retention": "P"}, "error", "/retention"),
        ({"watch": [{"date": "tag", "start": "reneval"}]}, "error", "reneval"),
        ({"watch": [{"date": "tag", "message": "dog.chnged"}]}, "error", "dog.chnged"),
        ({"watch": [{"date": "until", "start": "renewal"}]}, "error", "until"),
        ({"watch": [{"date": "tag", "once_per": "owner", "start": "renewal"}]}, "error", "owner"),
        ({"watch": [{"date": "tag", "changed": [], "start": "renewal"}]}, "error", "either a date or"),
        ({"watch": [{"date": "tag"}]}, "error", "either starts a process or"),
        ({"retention": "P10Y"}, "warning", "retention"),
        ({"links": {"owners": {"to": "people", "many": True}}}, "warning", "links"),
    ],
)
def test_what_is_wrong_with_a_register_is_said(change: dict[str, Json], severity: str, words: str) -> None:
    [(how_bad, message)] = said(change)
    assert how_bad == severity and words in message


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("get('prices', kind)['amount']", None),
        ("get('town_fees', kind)['anything']", None),
        ("find('dogs')", "name the register dogs"),
        ("knid == 'small' and today", "No question is called knid"),
        ("get('prices', kind)['amuont']", "no public field amuont"),
        ("find('prices', note='x')", "no public field note"),
        ("find('secrets')", "Nothing of the register secrets is public"),
    ],
)
def test_what_a_form_asks_of_registers_in_vain_is_said(expression: str, words: str | None) -> None:
    schema = {
        "type": "object",
        "x-registers": ["prices", "secrets", "town_fees"],
        "properties": {"kind": {"type": "string"}, "fee": {"type": "string"}},
        "x-rules": [{"check": expression, "message": "Ne."}],
    }
    public = {"prices": frozenset({"kind", "amount"}), "secrets": None}
    found = [one.message for one in form_problems(schema, "f.json", public) if one.severity == "error"]
    assert [words in one for one in found if words] == ([True] if words else []) and bool(found) == bool(words)
    others = [one.message for one in form_problems(schema, "f.json", public) if one.severity == "warning"]
    assert others == ["The agenda has no register town_fees; another agenda has to publish it."]
