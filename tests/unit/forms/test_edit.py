"""What the builder does to a schema: every edit changes what it names and nothing else, and says so when it can't."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expressions import evaluate_value
from forms.compile import compile_form
from forms.computed import computed
from forms.edit import EditRefused, document, fields, moving, steps
from forms.edit.branches import asked_by, condition_of
from forms.edit.choices import Offer, offers, set_offers
from forms.edit.conditions import OPERATORS, Clause, Condition, read, written
from forms.edit.details import describe, rename, require
from forms.edit.difference import difference
from forms.edit.kinds import NEW, Beginning, kind_of, slug, turn
from forms.edit.places import Edited, is_field, part
from forms.edit.texts import texts, translate
from forms.edit.tree import every, find, tree
from forms.edit.when import ask_when
from forms.parts import Control
from forms.pointers import MISSING, get, put
from forms.validate import validate
from forms.view import view
from tests.unit.forms.made import EXAMPLES, forms

Schema = dict[str, Any]
WORDS = Beginning(title="Nová", choices=("jedna", "dvě"), first="První")

DOG: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Pes",
    "type": "object",
    "x-unknown": {"kept": [1, 2.5, None]},
    "x-steps": [
        {"key": "a", "title": "Držitel", "fields": ["/owner"]},
        {"key": "b", "title": "Pes", "fields": ["/size", {"title": "Osvobození", "fields": ["/exempt"]}]},
    ],
    "required": ["owner", "exempt"],
    "properties": {
        "owner": {
            "type": "object",
            "title": "Držitel",
            "x-strange": True,
            "required": ["name"],
            "properties": {"name": {"type": "string", "title": "Jméno"}, "age": {"type": "integer", "title": "Věk"}},
        },
        "size": {
            "type": "string",
            "title": "Velikost",
            "oneOf": [{"const": "s", "title": "malý", "x-note": 1}, {"const": "l", "title": "velký"}],
        },
        "exempt": {"type": "boolean", "title": "Osvobození"},
    },
    "allOf": [
        {
            "if": {"properties": {"exempt": {"const": True}}, "required": ["exempt"]},
            "then": {
                "required": ["proof"],
                "properties": {"proof": {"type": "string", "format": "file", "title": "Průkaz"}},
            },
        }
    ],
    "x-prefill": {"source": "ares", "by": "/owner/name", "map": {"/size": "x"}},
    "x-translations": {
        "en": {
            "/properties/owner/title": "Owner",
            "/properties/owner/properties/name/title": "Name",
            "/properties/size/oneOf/1/title": "big",
            "/allOf/0/then/properties/proof/title": "Proof",
            "/x-steps/1/fields/1/title": "Exemption",
        }
    },
}
PROOF = "/allOf/0/then/properties/proof"
EXEMPT = Condition(clauses=(Clause(pointer="/exempt", operator="is", value=True),))


def names(schema: Schema, place: str = "") -> list[str]:
    return list(get(schema, f"{place}/properties"))


def said(schema: Schema, pointer: str) -> Any:
    return schema["x-translations"]["en"].get(pointer)


# --- the tree --------------------------------------------------------------------------------------------------------


def test_the_tree_shows_steps_headings_groups_and_conditions_behind_the_answer_they_ask_for() -> None:
    lines = [(node.kind, node.title) for node in every(tree(DOG))]
    assert lines == [
        ("step", "Držitel"),
        ("group", "Držitel"),
        ("text", "Jméno"),
        ("integer", "Věk"),
        ("step", "Pes"),
        ("choice", "Velikost"),
        ("section", "Osvobození"),
        ("yes_no", "Osvobození"),
        ("condition", ""),
        ("file", "Průkaz"),
    ]


@pytest.mark.parametrize("kind", NEW)
def test_a_new_question_is_recognized_as_what_it_was_made_as_and_can_be_asked(kind: str) -> None:
    made = fields.add({"type": "object", "properties": {}}, kind, "", None, WORDS)
    assert kind_of(part(made.schema, made.place)) == kind
    compile_form(made.schema)


# --- adding, removing, moving ----------------------------------------------------------------------------------------


def test_a_question_is_added_after_another_one_and_named_in_the_same_step() -> None:
    made = fields.add(DOG, "text", "/x-steps/1", "size", WORDS)
    assert made.place == "/properties/nova"
    assert made.schema["x-steps"][1]["fields"] == ["/size", "/nova", {"title": "Osvobození", "fields": ["/exempt"]}]
    assert fields.add(made.schema, "text", "/x-steps/1", "size", WORDS).place == "/properties/nova_2"


def test_what_others_ask_for_is_not_removed() -> None:
    with pytest.raises(EditRefused) as refused:
        fields.remove(DOG, "/properties/exempt")
    assert refused.value.names == ("proof",)
    computed = put(DOG, "/properties/fee", {"type": "string", "x-computed": "size", "title": "Poplatek"})
    assert asked_by(computed, "/properties/size") == ["Poplatek"]


def test_removing_the_last_question_of_a_condition_takes_the_condition_away_with_its_translation() -> None:
    made = fields.remove(DOG, PROOF).schema
    assert "allOf" not in made
    assert said(made, f"{PROOF}/title") is None and said(made, "/properties/owner/title") == "Owner"
    assert fields.remove(made, "/properties/exempt").schema["x-steps"][1]["fields"] == ["/size"]


def test_removing_the_only_question_of_a_step_takes_the_step_away_and_translations_follow_the_others() -> None:
    free = put(DOG, "/x-prefill", MISSING)
    made = fields.remove(free, "/properties/owner").schema
    assert [step["key"] for step in made["x-steps"]] == ["b"]
    assert said(made, "/x-steps/0/fields/1/title") == "Exemption"
    assert made["required"] == ["exempt"]


def test_a_copy_has_its_own_name_its_own_translations_and_stands_right_behind() -> None:
    made = fields.duplicate(DOG, "/properties/owner")
    assert names(made.schema) == ["owner", "owner_2", "size", "exempt"]
    assert made.schema["x-steps"][0]["fields"] == ["/owner", "/owner_2"]
    assert said(made.schema, "/properties/owner_2/properties/name/title") == "Name"
    assert made.schema["properties"]["owner_2"] == DOG["properties"]["owner"]


def test_up_and_down_stay_in_a_group_and_cross_the_border_of_a_step() -> None:
    down = moving.shift(DOG, "/properties/owner/properties/name", "down").schema
    assert names(down, "/properties/owner") == ["age", "name"]
    crossed = moving.shift(DOG, "/properties/size", "up").schema
    assert crossed["x-steps"][0]["fields"] == ["/owner", "/size"]
    entered = moving.shift(DOG, "/properties/size", "down").schema
    assert entered["x-steps"][1]["fields"] == [{"title": "Osvobození", "fields": ["/size", "/exempt"]}]


def test_into_and_out_of_a_group_carry_what_belongs_to_the_question() -> None:
    flat = put(put(DOG, "/x-steps", MISSING), "/x-prefill", MISSING)
    into = moving.shift(flat, "/properties/size", "into")
    assert into.place == "/properties/owner/properties/size"
    assert said(into.schema, "/properties/owner/properties/size/oneOf/1/title") == "big"
    out = moving.shift(into.schema, into.place, "out")
    assert out.place == "/properties/size" and names(out.schema) == ["owner", "size", "exempt"]
    assert out.schema["properties"] == flat["properties"]


def test_a_step_moves_with_its_translations_and_the_border_of_a_step_can_be_taken_away() -> None:
    moved = moving.shift(DOG, "/x-steps/1", "up").schema
    assert [step["key"] for step in moved["x-steps"]] == ["b", "a"]
    assert said(moved, "/x-steps/0/fields/1/title") == "Exemption"
    joined = steps.dissolve(DOG, "/x-steps/1").schema
    assert joined["x-steps"] == [{**DOG["x-steps"][0], "fields": ["/owner", *DOG["x-steps"][1]["fields"]]}]
    assert said(joined, "/x-steps/0/fields/2/title") == "Exemption"


def test_a_group_does_not_go_into_itself_nor_a_question_under_its_own_answer() -> None:
    with pytest.raises(EditRefused, match="into-itself"):
        fields.move(DOG, "/properties/owner", "/properties/owner", None)
    with pytest.raises(EditRefused, match="into-itself"):
        fields.move(DOG, "/properties/exempt", "/allOf/0/then", None)
    with pytest.raises(EditRefused, match="into-itself"):
        ask_when(DOG, "/properties/exempt", EXEMPT)


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


# --- nothing is lost -------------------------------------------------------------------------------------------------


def in_order(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@settings(max_examples=EXAMPLES * 3)
@given(forms(), st.data())
def test_an_edit_changes_nothing_it_does_not_name(made: tuple[Schema, Any], data: st.DataObject) -> None:
    schema, before = made[0], in_order(made[0])
    places = [node.pointer for node in every(tree(schema)) if is_field(node.pointer)]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    edited = data.draw(st.sampled_from(sorted(EDITS)))
    try:
        after = EDITS[edited](schema, place)
    except EditRefused:
        after = Edited(schema=schema, place=place)
    assert in_order(schema) == before
    compile_form(after.schema)
    untouched = [other for other in places if not other.startswith(place) and not place.startswith(other)]
    parents = {place.rpartition("/properties/")[0]}
    for other in untouched:
        if other.rpartition("/properties/")[0] not in parents and get(after.schema, other) is not MISSING:
            assert in_order(get(after.schema, other)) == in_order(get(schema, other))


EDITS: dict[str, Any] = {
    "title": lambda schema, place: describe(schema, place, {"title": "Jinak", "x-help": "Pomoc"}),
    "require": lambda schema, place: require(schema, place, True),
    "remove": fields.remove,
    "duplicate": fields.duplicate,
    "up": lambda schema, place: moving.shift(schema, place, "up"),
    "down": lambda schema, place: moving.shift(schema, place, "down"),
    "into": lambda schema, place: moving.shift(schema, place, "into"),
    "out": lambda schema, place: moving.shift(schema, place, "out"),
    "rename": lambda schema, place: rename(schema, place, "jinak"),
}


@settings(max_examples=EXAMPLES * 3)
@given(forms())
def test_a_form_opens_and_is_written_again_with_everything_in_its_order(made: tuple[Schema, Any]) -> None:
    schema = {**made[0], "x-unknown": {"b": 1, "a": [None, True, 1.5, "\u2028\x00"]}}
    text = document.write(schema)
    assert in_order(document.read(text)) == in_order(schema)
    assert document.write(document.read(text)) == text
    described = {node.pointer for node in every(tree(schema)) if is_field(node.pointer)}
    assert {
        f"/properties/{name.replace('~', '~0').replace('/', '~1')}" for name in schema.get("properties", {})
    } <= described


@settings(max_examples=EXAMPLES * 3)
@given(forms(), st.data())
def test_moving_up_and_down_again_gives_the_same_form(made: tuple[Schema, Any], data: st.DataObject) -> None:
    schema = made[0]
    places = [node.pointer for node in every(tree(schema)) if is_field(node.pointer)]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    try:
        moved = moving.shift(schema, place, "down")
    except EditRefused:
        return
    assert in_order(moving.shift(moved.schema, moved.place, "up").schema) == in_order(schema)


@settings(max_examples=EXAMPLES * 3)
@given(forms(), forms())
def test_a_difference_tells_every_field_that_came_or_went(one: tuple[Schema, Any], other: tuple[Schema, Any]) -> None:
    assert difference(one[0], deepcopy(one[0])) == []
    if one[0] != other[0]:
        assert difference(one[0], other[0])


def test_a_difference_is_told_field_by_field() -> None:
    changed = describe(fields.remove(DOG, PROOF).schema, "/properties/size", {"title": "Jak velký"}).schema
    changed = fields.add(changed, "text", "/x-steps/0", None, WORDS).schema
    told = [(change.kind, change.label) for change in difference(DOG, changed)]
    assert ("removed", "Průkaz") in told and ("added", "Nová") in told and ("changed", "Jak velký") in told
    moved = moving.shift(DOG, "/properties/owner/properties/name", "down").schema
    assert [(change.kind, change.label) for change in difference(DOG, moved)] == [("moved", "Věk")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"{", "readable JSON"),
        (b"[]", "JSON object"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": NaN}', "no number"),
        (b"\xff\xfe", "readable JSON"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_a_file_that_would_lose_something_is_refused_with_a_sentence(text: bytes, why: str) -> None:
    with pytest.raises(Exception, match=why):
        document.read(text)


# --- texts -----------------------------------------------------------------------------------------------------------


def test_translations_stand_beside_every_text_and_an_empty_one_goes() -> None:
    listed = {one.pointer: one for one in texts(DOG, "en")}
    assert listed["/properties/size/oneOf/0/title"].text == "malý"
    assert [one.pointer for one in texts(DOG, "en") if not one.translation][:2] == ["/title", "/x-steps/0/title"]
    made = translate(DOG, "en", {"/title": "Dog", f"{PROOF}/title": " "}).schema
    assert said(made, "/title") == "Dog" and said(made, f"{PROOF}/title") is None
    assert translate({"title": "a"}, "en", {"/title": ""}).schema == {"title": "a"}


@pytest.mark.parametrize(
    ("label", "name"), [("Jméno psa", "jmeno_psa"), ("2 psi", "q_2_psi"), ("…", "q"), ("Č. p./č. o.", "c_p_c_o")]
)
def test_a_label_gives_a_name_that_expressions_can_use(label: str, name: str) -> None:
    assert slug(label) == name


def test_a_place_that_is_not_there_is_refused() -> None:
    for edit in EDITS.values():
        with pytest.raises(EditRefused):
            edit(DOG, "/properties/nothing")
    assert find(tree(DOG), "/properties/nothing") is None


def test_the_shared_budget_counts_what_is_missing_and_de_minimis_asks_for_the_aid_received() -> None:
    parts = {"budget": {"$ref": "library:budget"}, "aid": {"$ref": "library:de_minimis"}}
    form = compile_form({"type": "object", "properties": parts})
    costs = [{"item": "Míče", "quantity": 3, "price": "100.00"}]
    answers = {"budget": {"costs": costs}, "aid": {"received": True, "correct": True}}
    assert computed(form, answers, evaluate_value)["budget"]["missing"] == "300.00"
    incomes = [{"source": "Vstupné", "amount": "50.00"}]
    richer = put(answers, "/budget/incomes", incomes)
    assert computed(form, richer, evaluate_value)["budget"]["missing"] == "250.00"
    assert [error.pointer for error in validate(form, answers)] == ["/aid/supports"]


def test_words_of_values_are_translated_like_all_others() -> None:
    kind = {"enum": ["A", "B"], "x-labels": {"A": "ano", "B": "ne"}}
    schema = translate({"type": "object", "properties": {"k": kind}}, "en", {"/properties/k/x-labels/A": "yes"}).schema
    assert [one.text for one in texts(schema, "en")] == ["ano", "ne"]
    control = view(compile_form(schema), {}, lang="en").parts[0]
    assert isinstance(control, Control) and [option.label for option in control.options] == ["yes", "ne"]
