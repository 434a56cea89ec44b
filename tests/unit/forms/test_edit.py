"""What the builder does to a schema: every edit changes what it names and nothing else, and says so when it can't."""

from __future__ import annotations

from typing import Any

import pytest

from engine.expressions import evaluate_value
from forms.compile import compile_form
from forms.computed import computed
from forms.edit import EditRefused, fields, moving, steps
from forms.edit.branches import asked_by
from forms.edit.kinds import NEW, kind_of, slug
from forms.edit.places import part
from forms.edit.texts import texts, translate
from forms.edit.tree import every, tree
from forms.edit.when import ask_when
from forms.parts import Control
from forms.pointers import MISSING, put
from forms.validate import validate
from forms.view import view
from tests.unit.forms.dog import DOG, EXEMPT, PROOF, WORDS, names, said

Schema = dict[str, Any]

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
