"""Changing what a question is and when it is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.compile import compile_form
from forms.edit import EditRefused
from forms.edit.branches import condition_of
from forms.edit.choices import Offer, offers, set_offers
from forms.edit.conditions import OPERATORS, Clause, Condition, read, written
from forms.edit.details import describe, rename, require
from forms.edit.kinds import turn
from forms.edit.when import ask_when
from forms.pointers import MISSING, get, put
from forms.validate import validate
from tests.unit.forms.dog import DOG, EXEMPT, PROOF, WORDS, names, said

Schema = dict[str, Any]

# --- details ---------------------------------------------------------------------------------------------------------


def test_details_change_only_what_they_name() -> None:
    made = describe(DOG, "/properties/size", {"title": "Jak velký", "x-messages/required": "Vyberte."}).schema
    assert made["properties"]["size"] == {
        **DOG["properties"]["size"],
        "title": "Jak velký",
        "x-messages": {"required": "Vyberte."},
    }
    assert {**made, "properties": DOG["properties"]} == DOG
    back = describe(made, "/properties/size", {"title": "Velikost", "x-messages/required": MISSING}).schema
    assert json.dumps(back) == json.dumps(DOG)


def test_required_names_go_when_none_is_left_because_older_drafts_forbid_an_empty_list() -> None:
    made = require(DOG, "/properties/owner/properties/name", False).schema
    assert "required" not in made["properties"]["owner"]
    assert require(made, "/properties/owner/properties/name", True).schema == DOG


def test_choices_keep_their_values_and_notes_through_renaming_and_another_order() -> None:
    wanted = [
        Offer(label="obrovský", value="l", was=1),
        Offer(label="malý", value="s", was=0),
        Offer(label="Střední pes"),
    ]
    made = set_offers(DOG, "/properties/size", wanted).schema
    assert made["properties"]["size"]["oneOf"] == [
        {"const": "l", "title": "obrovský"},
        {"const": "s", "title": "malý", "x-note": 1},
        {"const": "stredni_pes", "title": "Střední pes"},
    ]
    assert said(made, "/properties/size/oneOf/0/title") == "big"
    assert set_offers(DOG, "/properties/size", offers(DOG, "/properties/size")).schema == DOG


def test_choices_of_an_enum_stay_an_enum() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "enum": [1, 2], "x-labels": {"1": "jedna"}}}}
    wanted = [*offers(schema, "/properties/n"), Offer(label="tři", value="3")]
    made = set_offers(schema, "/properties/n", wanted).schema
    assert made["properties"]["n"] == {"type": "integer", "enum": [1, 2, 3], "x-labels": {"1": "jedna", "3": "tři"}}


def test_a_name_changes_everywhere_it_is_spoken_of() -> None:
    made = rename(DOG, "/properties/exempt", "free").schema
    assert made["allOf"][0]["if"] == {"properties": {"free": {"const": True}}, "required": ["free"]}
    assert made["x-steps"][1]["fields"][1]["fields"] == ["/free"] and made["required"] == ["owner", "free"]
    deep = rename(DOG, "/properties/owner/properties/name", "full/name")
    assert deep.schema["x-prefill"]["by"] == "/owner/full~1name"
    assert said(deep.schema, "/properties/owner/properties/full~1name/title") == "Name"
    with pytest.raises(EditRefused, match="name-taken"):
        rename(DOG, "/properties/exempt", "proof")


def test_another_kind_keeps_the_words_and_drops_what_belongs_to_the_old_one() -> None:
    made = turn(DOG, "/properties/size", "date", WORDS).schema
    assert made["properties"]["size"] == {"type": "string", "format": "date", "title": "Velikost"}
    with pytest.raises(EditRefused, match="cannot-turn"):
        turn(DOG, "/properties/owner", "text", WORDS)


# --- conditions ------------------------------------------------------------------------------------------------------

VALUES = st.one_of(st.booleans(), st.integers(-9, 9), st.text("abč", max_size=3))
TESTS = st.builds(
    lambda pointer, operator, value: Clause(
        pointer=pointer,
        operator=operator,
        value=None if "answered" in operator else [value] if operator == "one-of" else value,
    ),
    st.sampled_from(["/a", "/b", "/g/x", "/g/h/y", "/č~1d"]),
    st.sampled_from(OPERATORS),
    VALUES,
)


@given(st.lists(TESTS, min_size=1, max_size=4), st.booleans())
def test_a_condition_is_read_back_as_it_was_said(tests: list[Clause], any_of: bool) -> None:
    said_so = Condition(clauses=tuple(tests), any=any_of and len(tests) > 1)
    assert read(written(said_so)) == said_so


def test_a_condition_that_tests_cannot_say_is_left_alone() -> None:
    assert read({"properties": {"a": {"pattern": "^x"}}, "required": ["a"]}) is None
    assert read({"properties": {"a": {"const": 1}}}) is None
    assert read(True) is None


def test_a_question_goes_under_a_condition_and_out_of_it_with_its_translation() -> None:
    free = ask_when(DOG, PROOF, None)
    assert free.place == "/properties/proof" and "allOf" not in free.schema
    assert free.schema["x-steps"][1]["fields"][1]["fields"] == ["/exempt", "/proof"]
    assert said(free.schema, "/properties/proof/title") == "Proof" and "proof" in free.schema["required"]
    back = ask_when(free.schema, free.place, EXEMPT)
    assert back.place == PROOF and condition_of(back.schema, back.place) == EXEMPT
    assert back.schema["allOf"] == DOG["allOf"]


def test_two_questions_under_one_condition_share_it_and_part_when_one_of_them_changes() -> None:
    both = ask_when(DOG, "/properties/size", EXEMPT)
    assert names(both.schema, "/allOf/0/then") == ["proof", "size"]
    old = Condition(clauses=(Clause(pointer="/owner/age", operator="at-least", value=65),))
    parted = ask_when(both.schema, both.place, old)
    assert len(parted.schema["allOf"]) == 2 and condition_of(parted.schema, parted.place) == old


def test_a_conditional_question_is_required_only_when_it_is_asked() -> None:
    form = compile_form({**ask_when(DOG, PROOF, EXEMPT).schema, "x-prefill": {}})
    answers = {"owner": {"name": "Jana"}, "exempt": False}
    assert [error.pointer for error in validate(form, answers)] == []
    assert [error.pointer for error in validate(form, {**answers, "exempt": True})] == ["/proof"]


def test_expressions_follow_another_name_and_only_that_name() -> None:
    texts = {
        "sum": "times(exempt, 2) if exempt else obj.exempt",
        "key": "[row['exempt'] for row in dogs] + value_of(\"exempt\", None) + 'exempt'",
        "other": "exempted + not_exempt",
        "odd": "(exempt",
    }
    schema = {**DOG, "properties": {**DOG["properties"], **{n: {"x-computed": text} for n, text in texts.items()}}}
    schema = {**schema, "x-rules": [{"check": "exempt or size", "message": "Ne."}]}
    made = rename(schema, "/properties/exempt", "free").schema
    assert {name: made["properties"][name]["x-computed"] for name in texts} == {
        "sum": "times(free, 2) if free else obj.exempt",
        "key": '[row["free"] for row in dogs] + value_of("free", None) + \'exempt\'',
        "other": "exempted + not_exempt",
        "odd": "(exempt",
    }
    assert made["x-rules"] == [{"check": "free or size", "message": "Ne."}]
    with pytest.raises(EditRefused, match="named-in") as refused:
        rename(schema, "/properties/exempt", "free/of")
    assert "Ne." in refused.value.names


def test_a_choice_gets_an_explanation_and_one_listed_by_values_alone_keeps_its_words() -> None:
    place = "/properties/size"
    known = offers(DOG, place)
    said = [replace(known[0], hint="do 10 kg"), replace(known[1], hint=None)]
    made = set_offers(DOG, place, said).schema
    assert get(made, f"{place}/oneOf") == [
        {"const": "s", "title": "malý", "x-note": 1, "description": "do 10 kg"},
        {"const": "l", "title": "velký"},
    ]
    assert set_offers(made, place, [replace(one, hint="") for one in offers(made, place)]).schema == DOG
    listed = {"type": "integer", "enum": [1, 2, 3], "x-labels": {"1": "jeden"}, "title": "Kolik", "x-kept": True}
    plain = put(DOG, place, listed)
    plain = put(plain, "/x-translations/en", {f"{place}/x-labels/1": "one", f"{place}/title": "How many"})
    assert set_offers(plain, place, offers(plain, place)).schema == plain
    told = [replace(one, hint="hodně" if one.value == "3" else one.hint) for one in offers(plain, place)]
    made = set_offers(plain, place, told).schema
    assert get(made, place) == {
        "type": "integer",
        "oneOf": [{"const": 1, "title": "jeden"}, {"const": 2}, {"const": 3, "description": "hodně"}],
        "title": "Kolik",
        "x-kept": True,
    }
    assert made["x-translations"]["en"] == {f"{place}/oneOf/0/title": "one", f"{place}/title": "How many"}


def test_another_name_follows_into_every_part_that_asks_narrows_or_requires_the_answer() -> None:
    schema: Schema = {
        "type": "object",
        "required": ["old"],
        "properties": {"old": {"type": "string", "title": "Staré"}, "other": {"type": "string"}},
        "dependentRequired": {"other": ["old"], "old": ["other"]},
        "allOf": [
            {"if": {"required": ["other"]}, "then": {"required": ["old"], "properties": {"old": {"minLength": 3}}}}
        ],
        "x-translations": {"en": {"/properties/old/title": "Old", "/allOf/0/then/properties/old/title": "Longer"}},
    }
    made = rename(schema, "/properties/old", "new").schema
    assert json.dumps(made) == json.dumps(schema).replace('"old"', '"new"').replace("/old/", "/new/")
