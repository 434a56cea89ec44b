"""What `radnice check` says of a register."""

from __future__ import annotations

import pytest

from engine.model import Json
from engine.said import in_language
from web.inspection import Heard, form_problems, register_problems
from web.mending import mended

DOGS: dict[str, Json] = {
    "key": "dogs",
    "schema": {"type": "object", "properties": {"tag": {"type": "string"}}},
    "rights": {"read": ["fees"], "write": ["fees"]},
}


def said(change: dict[str, Json], lang: str = "en") -> list[tuple[str, str]]:
    heard = Heard(processes=frozenset({"renewal"}), messages=frozenset({"dog.changed"}))
    found = register_problems(DOGS | change, "registers/dogs.json", frozenset({"fees"}), heard)
    mends = [mended(problem, lang) for problem in found]
    assert all(problem.mend for problem in mends)
    return [(problem.severity, problem.message) for problem in mends]


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
        ({"watch": [{"date": "tag", "changed": [], "start": "renewal"}]}, "error", "names a date, what has changed"),
        ({"watch": [{"date": "tag"}]}, "error", "either starts a process or"),
        ({"label": {"template": "x", "sheet": "3x8"}}, "warning", "label"),
    ],
)
def test_what_is_wrong_with_a_register_is_said(change: dict[str, Json], severity: str, words: str) -> None:
    [(how_bad, message)], [(_, czech)] = said(change), said(change, "cs")
    assert how_bad == severity and words in message
    assert czech != message


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
    assert not {in_language(one, "cs") for one in found} & set(found)
    others = [one.message for one in form_problems(schema, "f.json", public) if one.severity == "warning"]
    assert others == ["The agenda has no register town_fees; another agenda has to publish it."]


@pytest.mark.parametrize(
    ("asked", "severity", "words"),
    [
        ({"x-prefill": {"source": "register", "register": "dogs", "key": "tag", "map": {"/name": "breed"}}}, None, ""),
        ({"x-prefill": {"source": "ares", "by": "/tag", "map": {"/name": "anything"}}}, None, ""),
        ({"x-prefill": {"source": "register", "register": "cats", "key": "tag"}}, "warning", "no register cats"),
        ({"x-prefill": {"source": "register", "register": "dogs", "key": "chip"}}, "error", "no public field chip"),
        (
            {"x-prefill": {"source": "register", "register": "dogs", "key": "tag", "map": {"/name": "owner.name"}}},
            "error",
            "no public field owner",
        ),
        ({"x-options": {"register": "secrets", "value": "id"}}, "error", "Nothing of the register secrets"),
        ({"x-options": {"register": "dogs", "value": "tag", "label": "nick"}}, "error", "no public field nick"),
    ],
)
def test_a_question_asks_only_what_registers_make_public(asked: Json, severity: str | None, words: str) -> None:
    fields = {"tag": {"type": "string"}, "name": {"type": "string"}}
    schema = {"type": "object", "properties": {"dog": {"type": "object", "properties": fields} | asked}}
    if "x-options" in asked or not asked["x-prefill"].get("by"):
        schema = {"type": "object", "properties": {"tag": {"type": "string"} | asked, "name": {"type": "string"}}}
    public = {"dogs": frozenset({"tag", "breed"}), "secrets": None}
    found = [one for one in form_problems(schema, "forms/f.json", public) if one.rule == "form-register"]
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(words in one.message and one.file == "forms/f.json" for one in found)
