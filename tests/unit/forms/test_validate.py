"""Errors: all of them, in form order, at the right field, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from forms.compile import compile_form
from forms.tree import Answers, unfold, walk
from forms.validate import validate
from tests.unit.forms.made import EXAMPLES, Made, forms

GRANT: dict[str, Any] = {
    "type": "object",
    "required": ["name", "ico", "amount", "seat", "people", "truth"],
    "properties": {
        "name": {"type": "string", "title": "Název", "minLength": 2, "maxLength": 20},
        "ico": {"type": "string", "format": "cz-ico", "title": "IČO", "x-messages": {"format": "Opište IČO znovu."}},
        "amount": {"type": "string", "format": "money", "title": "Částka"},
        "share": {"type": "number", "title": "Podíl", "minimum": 0, "maximum": 70, "x-unit": "%"},
        "seat": {
            "type": "object",
            "title": "Sídlo",
            "required": ["city", "zip"],
            "properties": {
                "street": {"type": "string"},
                "city": {"type": "string", "title": "Obec"},
                "zip": {"type": "string", "format": "cz-postal-code", "title": "PSČ"},
            },
        },
        "people": {
            "type": "array",
            "title": "Osoby",
            "minItems": 1,
            "items": {"type": "object", "required": ["who"], "properties": {"who": {"type": "string", "title": "Kdo"}}},
        },
        "email": {"type": "string", "format": "email"},
        "phone": {"type": "string", "format": "phone"},
        "truth": {"const": True, "title": "Údaje jsou pravdivé"},
    },
    "x-translations": {"en": {"/properties/name/title": "Name", "/properties/ico/x-messages/format": "Copy it again."}},
}


def errors(schema: dict[str, Any], data: Any, **more: Any) -> list[tuple[str, str]]:
    return [(error.pointer, error.keyword) for error in validate(compile_form(schema), data, **more)]


def messages(schema: dict[str, Any], data: Any, **more: Any) -> list[str]:
    return [error.message for error in validate(compile_form(schema), data, **more)]


def test_everything_that_is_missing_is_said_in_form_order_at_its_question() -> None:
    assert errors(GRANT, {}) == [
        *(("/name", "required"), ("/ico", "required"), ("/amount", "required")),
        *(("/seat/city", "required"), ("/seat/zip", "required"), ("/people", "required"), ("/truth", "required")),
    ]


def test_sentences_speak_of_the_field_and_never_in_the_validators_words() -> None:
    data = {"name": "x", "ico": "1", "amount": "moc", "share": 71.5, "seat": {"city": "Y", "zip": "1"}, "truth": False}
    assert messages(GRANT, {**data, "people": []}) == [
        "Název: napište aspoň 2 znaky",
        "Opište IČO znovu.",
        "Částka: částku napište jen číslem, například 7 620,00",
        "Podíl: nejvýš 70\u00a0%",
        "PSČ: napište PSČ jako pět číslic, například 512 44",
        "Osoby: přidejte aspoň 1",
        "Bez zaškrtnutí nejde pokračovat: Údaje jsou pravdivé",
    ]


def test_sentences_are_translated_field_by_field() -> None:
    assert messages(GRANT, {"ico": "1"}, lang="en")[:2] == ["Fill in: Name", "Copy it again."]
    assert "Fill in: Částka" in messages(GRANT, {}, lang="en")


def test_an_empty_text_is_missing_where_something_must_be_written() -> None:
    assert ("/seat/city", "required") in errors(GRANT, {"seat": {"city": "", "zip": "51244"}})


def test_control_characters_are_refused_whatever_their_way_in() -> None:
    assert ("/name", "characters") in errors(GRANT, {"name": "a\x00b"})


def test_a_condition_makes_other_fields_mandatory_only_when_it_holds() -> None:
    schema = {
        "type": "object",
        "properties": {"has": {"type": "boolean"}, "old": {"type": "string"}},
        "if": {"properties": {"has": {"const": True}}, "required": ["has"]},
        "then": {"properties": {"number": {"type": "string"}}, "required": ["number"]},
        "else": {"required": ["old"]},
    }
    assert errors(schema, {"has": True}) == [("/number", "required")]
    assert errors(schema, {"has": False}) == [("/old", "required")]


def test_errors_come_in_the_order_in_which_people_meet_the_fields() -> None:
    schema = {
        "type": "object",
        "required": ["last", "has"],
        "properties": {"has": {"type": "boolean"}, "last": {"type": "string"}},
        "if": {"properties": {"has": {"const": True}}, "required": ["has"]},
        "then": {"properties": {"opened": {"type": "string"}}, "required": ["opened"]},
    }
    assert errors(schema, {"has": True}) == [("/opened", "required"), ("/last", "required")]
    steps = [{"key": "one", "fields": ["/last"]}, {"key": "two", "fields": ["/has"]}]
    assert errors({**schema, "x-steps": steps}, {"has": True}) == [("/last", "required"), ("/opened", "required")]


def test_of_alternatives_the_one_the_answer_chose_is_judged() -> None:
    branches = [
        {
            "properties": {"kind": {"const": "person"}, "born": {"type": "string", "format": "date"}},
            "required": ["kind", "born"],
        },
        {
            "properties": {"kind": {"const": "firm"}, "ico": {"type": "string", "format": "cz-ico"}},
            "required": ["kind", "ico"],
        },
    ]
    schema = {"type": "object", "oneOf": branches}
    assert errors(schema, {"kind": "firm"}) == [("/ico", "required")]
    assert errors(schema, {"kind": "person", "born": "x"}) == [("/born", "format")]
    assert errors(schema, {}) == [("/kind", "required")]


def test_one_of_several_fields_is_asked_for_by_their_names() -> None:
    either = {**GRANT, "required": [], "anyOf": [{"required": ["email"]}, {"required": ["phone"]}]}
    assert messages(either, {}) == ["Vyplňte aspoň jedno z polí: Email, Phone"]
    only_one = {**GRANT, "required": [], "not": {"required": ["email", "phone"]}}
    both = {"email": "a@b.cz", "phone": "+420601234567"}
    assert messages(only_one, both) == ["Tato pole nejde vyplnit zároveň: Email, Phone"]


def test_dependent_fields_are_required_at_their_own_place() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "dependentRequired": {"a": ["b"]},
        "dependentSchemas": {"b": {"properties": {"c": {"type": "string"}}, "required": ["c"]}},
    }
    assert errors(schema, {"a": "x"}) == [("/b", "required")]
    assert errors(schema, {"a": "x", "b": "y"}) == [("/c", "required")]


def test_only_errors_of_the_step_are_given() -> None:
    steps = [{"key": "one", "fields": ["/name", "/ico"]}, {"key": "two", "fields": ["/amount", "/seat"]}]
    schema = {**GRANT, "x-steps": steps}
    assert errors(schema, {}, step="one") == [("/name", "required"), ("/ico", "required")]
    assert ("/truth", "required") in errors(schema, {}, step="two")


def _evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    return eval(text, {"__builtins__": {}}, dict(variables))


def test_a_rule_across_fields_says_the_authors_sentence_at_its_place() -> None:
    rule = {"check": "total <= limit", "message": {"cs": "Žádáte moc", "en": "Too much"}, "at": "/total"}
    schema = {
        "type": "object",
        "properties": {"limit": {"type": "integer"}, "total": {"type": "integer"}},
        "x-rules": [rule],
    }
    assert messages(schema, {"limit": 5, "total": 6}, evaluate=_evaluate) == ["Žádáte moc"]
    assert errors(schema, {"limit": 5, "total": 6}, evaluate=_evaluate) == [("/total", "x-rules")]
    assert errors(schema, {"limit": 7, "total": 6}, evaluate=_evaluate) == []
    assert errors(schema, {"limit": 7}, evaluate=_evaluate) == []


def test_a_rule_knows_a_field_that_a_condition_does_not_ask_for_as_unanswered() -> None:
    condition = {"properties": {"outcome": {"const": "levy"}}, "required": ["outcome"]}
    schema = {
        "properties": {"paid": {"type": "number", "readOnly": True}, "outcome": {"enum": ["levy", "none"]}},
        "allOf": [{"if": condition, "then": {"properties": {"levy": {"type": "number"}}, "required": ["levy"]}}],
        "x-rules": [{"check": "levy == None or levy <= paid", "at": "/levy", "message": "Moc"}],
    }
    assert errors(schema, {"paid": 5, "outcome": "none"}, evaluate=_evaluate) == []
    assert errors(schema, {"paid": 5, "outcome": "levy", "levy": 6}, evaluate=_evaluate) == [("/levy", "x-rules")]


def test_a_rule_that_fails_though_everything_is_filled_lets_nothing_through() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer"}},
        "x-rules": [{"check": "a.b", "message": "Ne"}],
    }
    assert messages(schema, {"a": 1}, evaluate=_evaluate) == ["Ne"]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms(), st.data())
def test_a_spoiled_answer_is_refused_at_its_own_field(made: Made, data: st.DataObject) -> None:
    schema, answers = made
    form = compile_form(schema)
    questions = [f for f in walk(unfold(Answers(form=form, data=answers))) if f.is_question and f.widget != "json"]
    assume(questions)
    spoiled = data.draw(st.sampled_from(questions))
    assume("kind" not in spoiled.pointer)
    found = validate(form, _with(answers, spoiled.pointer.split("/")[1:], {"no": "such answer"}))
    assert spoiled.pointer in [error.pointer for error in found]
    assert all(error.message and "{" not in error.message for error in found if error.pointer == spoiled.pointer)


def _with(value: Any, tokens: list[str], new: Any) -> Any:
    if not tokens:
        return new
    token = tokens[0].replace("~1", "/").replace("~0", "~")
    if isinstance(value, list):
        return [_with(item, tokens[1:], new) if at == int(token) else item for at, item in enumerate(value)]
    known = value if isinstance(value, dict) else {}
    return {**known, token: _with(known.get(token), tokens[1:], new)}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
def test_valid_answers_have_no_errors_but_blank_ones(made: Made) -> None:
    schema, answers = made
    found = validate(compile_form(schema), answers)
    assert [error for error in found if error.keyword != "required"] == []
