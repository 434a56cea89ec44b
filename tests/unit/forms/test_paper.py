"""A form on paper: everything that may be asked, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from forms.compile import compile_form
from forms.paper import Ask, Sheet, on_paper

KIND = {"title": "Druh", "oneOf": [{"const": value, "title": value} for value in ("obec", "kraj", "spolek")]}
FORM: dict[str, Any] = {
    "title": "Přihláška",
    "type": "object",
    "required": ["kind", "agree"],
    "properties": {
        "kind": KIND,
        "ico": {"type": "string", "title": "IČO", "format": "cz-ico"},
        "married": {"type": "boolean", "title": "Ženatý"},
        "agree": {"const": True, "title": "Souhlasím"},
        "rows": {
            "type": "array",
            "title": "Rozpočet",
            "x-widget": "table",
            "items": {"type": "object", "properties": {"what": {"title": "Co", "type": "string"}}},
        },
        "total": {"title": "Celkem", "type": "string", "x-computed": "sum(column(rows, 'what'))"},
    },
    "if": {"properties": {"kind": {"const": "obec"}}, "required": ["kind"]},
    "then": {"properties": {"inhabitants": {"type": "integer", "title": "Obyvatel"}}},
    "else": {"properties": {"members": {"type": "integer", "title": "Členů"}}},
    "dependentSchemas": {},
    "allOf": [
        {
            "if": {"properties": {"married": {"const": True}}, "required": ["married"]},
            "then": {
                "properties": {"spouse": {"type": "boolean", "title": "Manželka žádá také"}},
                "if": {"properties": {"spouse": {"const": True}}, "required": ["spouse"]},
                "then": {"properties": {"her_name": {"type": "string", "title": "Její jméno"}}},
            },
        }
    ],
}


def asks(sheets: Sequence[Sheet]) -> dict[str, Ask]:
    return {ask.label: ask for sheet in sheets for ask in every(sheet.asks)}


def every(found: Sequence[Ask]) -> Iterator[Ask]:
    for ask in found:
        yield ask
        yield from every(ask.asks)


def test_an_empty_sheet_asks_what_any_answer_would_open_and_says_when() -> None:
    found = asks(on_paper(compile_form(FORM)))
    assert found["Obyvatel"].when == "Jen když „Druh“: obec."
    assert found["Členů"].when == "Jen když „Druh“: kraj nebo spolek."
    assert found["Manželka žádá také"].when == "Jen když „Ženatý“: Ano."
    assert found["Její jméno"].when == "Jen když „Manželka žádá také“: Ano."
    assert found["IČO"].when == ""


def test_a_condition_on_nearly_every_answer_is_told_by_the_one_that_is_missing() -> None:
    many = [{"const": str(number), "title": f"druh {number}"} for number in range(6)]
    schema = {
        "type": "object",
        "properties": {"kind": {"title": "Druh", "oneOf": many}},
        "if": {"properties": {"kind": {"const": "5"}}, "required": ["kind"]},
        "else": {"properties": {"seat": {"type": "string", "title": "Sídlo"}}},
    }
    assert asks(on_paper(compile_form(schema), lang="en"))["Sídlo"].when == "Only when “Druh” is not: druh 5."


def test_what_was_opened_stands_right_behind_its_question() -> None:
    labels = [ask.label for sheet in on_paper(compile_form(FORM)) for ask in sheet.asks]
    assert labels[:3] == ["Druh", "Obyvatel", "Členů"]
    assert labels[labels.index("Ženatý") + 1 :][:2] == ["Manželka žádá také", "Její jméno"]


def test_every_kind_of_question_gets_its_room() -> None:
    found = asks(on_paper(compile_form(FORM)))
    assert (found["IČO"].kind, found["IČO"].room) == ("boxes", 8)
    assert [choice.label for choice in found["Druh"].choices] == ["obec", "kraj", "spolek"]
    assert found["Souhlasím"].kind == "tick"
    assert (found["Rozpočet"].columns, len(found["Rozpočet"].rows)) == (("Co",), 5)
    assert found["Celkem"].kind == "sum"
    assert found["Ženatý"].optional
    assert not found["Druh"].optional


def test_what_was_begun_on_the_screen_stands_on_the_sheet_and_nothing_that_is_not_asked() -> None:
    data = {"kind": "kraj", "ico": "05129061", "members": 12, "rows": [{"what": "stan"}], "agree": True}
    found = asks(on_paper(compile_form(FORM), data))
    assert [choice.ticked for choice in found["Druh"].choices] == [False, True, False]
    assert found["IČO"].text == "051\u00a029\u00a0061"
    assert found["Členů"].text == "12"
    assert found["Rozpočet"].rows == (("stan",),)
    assert found["Souhlasím"].choices[0].ticked
    assert "Obyvatel" not in found


def test_a_part_that_contains_itself_ends() -> None:
    schema = {
        "type": "object",
        "properties": {"person": {"$ref": "#/$defs/person", "title": "Osoba"}},
        "$defs": {
            "person": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "title": "Jméno"},
                    "child": {"$ref": "#/$defs/person", "title": "Dítě"},
                },
            }
        },
    }
    assert "Jméno" in asks(on_paper(compile_form(schema)))
