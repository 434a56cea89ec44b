"""Alternatives, each with questions of its own; and what is asked when a condition does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from forms.compile import compile_form
from forms.edit import EditRefused, alternatives, fields, rules
from forms.edit.branches import ELSE, THEN, condition_of, side_of
from forms.edit.choices import Offer
from forms.edit.conditions import Clause, Condition
from forms.edit.copying import copy_variant
from forms.edit.details import rename
from forms.edit.difference import difference
from forms.edit.kinds import Beginning
from forms.edit.places import container_of
from forms.edit.tree import every, tree
from forms.edit.when import ask_when, ask_when_all
from forms.parts import Control
from forms.pointers import put
from forms.validate import validate
from forms.view import view
from tests.unit.forms.dog import DOG, EXEMPT, PROOF

Schema = dict[str, Any]
WHO = "/properties/kdo"
WORDS = Beginning(title="Kdo", choices=("Člověk", "Firma"), first="Nová otázka")


def begun() -> Schema:
    empty = {"type": "object", "title": "Žádost", "properties": {"pes": {"type": "string", "title": "Pes"}}}
    asked = put(empty, WHO, {"type": "string", "title": "Kdo"})
    made = alternatives.begin(asked, WHO, WORDS).schema
    for at in (0, 1):
        made = fields.add(made, "text", f"/oneOf/{at}", None, Beginning(title="Nová otázka")).schema
    return made


def lines(schema: Schema) -> list[tuple[str, str]]:
    return [(node.kind, node.title) for node in every(tree(schema))]


def asked(schema: Schema, data: dict[str, Any]) -> set[str]:
    """Pointers of what a page asks for these answers."""
    found, waiting = set(), list(view(compile_form(schema), data).parts)
    while waiting:
        one = waiting.pop()
        found.add(one.pointer)
        waiting += [*getattr(one, "parts", ()), *getattr(one, "reveal", ())]
        waiting += [inner for option in getattr(one, "options", ()) for inner in option.reveal]
    return found


def test_a_choice_with_parts_of_its_own_is_one_question_with_its_variants_under_it() -> None:
    schema = begun()
    assert lines(schema) == [
        ("text", "Pes"),
        ("alternatives", "Kdo"),
        ("variant", "Člověk"),
        ("text", "Nová otázka"),
        ("variant", "Firma"),
        ("text", "Nová otázka"),
    ]
    assert asked(schema, {"kdo": "firma"}) == {"/pes", "/kdo", "/nova_otazka_2"}
    assert [error.pointer for error in validate(compile_form(schema), {})] == ["/kdo"]
    assert not validate(compile_form(schema), {"kdo": "clovek", "nova_otazka": "ano"})


def test_a_second_choice_in_the_same_form_stands_beside_the_first() -> None:
    more = put(begun(), "/properties/jak", {"type": "string", "title": "Jak"})
    schema = alternatives.begin(more, "/properties/jak", WORDS).schema
    assert [title for kind, title in lines(schema) if kind == "alternatives"] == ["Kdo", "Jak"]
    assert asked(schema, {"kdo": "firma", "jak": "clovek"}) >= {"/kdo", "/jak", "/nova_otazka_2"}


def test_variants_are_renamed_reordered_added_and_taken_away_and_keep_what_else_they_say() -> None:
    schema = put(begun(), "/oneOf/1/x-kept", [1, None])
    schema = put(schema, "/x-translations", {"en": {"/oneOf/1/title": "Company"}})
    wanted = [Offer(label="Společnost", value="firma", was=1), Offer(label="Úřad"), Offer(label="Člověk", was=0)]
    made = alternatives.set_variants(schema, WHO, wanted).schema
    assert [one["title"] for one in made["oneOf"]] == ["Společnost", "Úřad", "Člověk"]
    assert made["oneOf"][0] == {**schema["oneOf"][1], "title": "Společnost"}
    assert made["oneOf"][1] == {"title": "Úřad", "required": ["kdo"], "properties": {"kdo": {"const": "urad"}}}
    assert made["x-translations"]["en"] == {"/oneOf/0/title": "Company"}
    same = alternatives.set_variants(schema, WHO, alternatives.variants(schema, WHO)).schema
    assert same == schema
    with pytest.raises(EditRefused, match="two-choices"):
        alternatives.set_variants(schema, WHO, wanted[:1])
    with pytest.raises(EditRefused, match="same-value"):
        alternatives.set_variants(schema, WHO, [*wanted[:1], Offer(label="x", value="firma")])


def test_another_name_follows_into_every_variant_and_conditions_inside_a_variant_follow_too() -> None:
    made = rename(begun(), WHO, "who").schema
    assert [next(iter(one["properties"])) for one in made["oneOf"]] == ["who", "who"]
    assert [one["required"] for one in made["oneOf"]] == [["who"], ["who"]]
    inside = put(begun(), "/oneOf/0/properties/dalsi", {"type": "string"})
    inside = put(inside, "/oneOf/0/allOf", [{"if": {"required": ["nova_otazka"]}, "then": {"required": ["dalsi"]}}])
    followed = rename(inside, "/oneOf/0/properties/nova_otazka", "prvni").schema
    assert followed["oneOf"][0]["allOf"][0]["if"] == {"required": ["prvni"]}


def test_removing_the_choice_takes_its_parts_away_unless_their_answers_are_needed() -> None:
    plain = {"type": "object", "title": "Žádost", "properties": {"pes": {"type": "string", "title": "Pes"}}}
    assert fields.remove(begun(), WHO).schema == plain
    needed = put(begun(), "/properties/sum", {"type": "string", "x-computed": "nova_otazka", "title": "Součet"})
    with pytest.raises(EditRefused) as refused:
        fields.remove(needed, WHO)
    assert refused.value.names == ("Součet",)
    with pytest.raises(EditRefused, match="tells-apart"):
        fields.duplicate(begun(), WHO)


def test_foreign_branches_get_a_question_of_their_own_without_another_meaning() -> None:
    foreign: Schema = {
        "type": "object",
        "oneOf": [
            {"title": "Člověk", "properties": {"who": {"const": 1, "title": "Kdo"}, "born": {"type": "string"}}},
            {"properties": {"who": {"enum": [2], "title": "Firma"}, "ico": {"type": "string"}}},
        ],
    }
    made = alternatives.named(foreign, "/oneOf/1")
    assert made.schema == {**foreign, "properties": {"who": {"title": "Kdo"}}}
    assert lines(made.schema)[0] == ("alternatives", "Kdo")
    for data in ({}, {"who": 1}, {"who": 2, "ico": "1"}, {"who": 3}):
        assert asked(made.schema, data) == asked(foreign, data)


def test_a_question_is_asked_when_a_condition_does_not_hold_and_comes_back() -> None:
    other = ask_when(DOG, "/properties/size", EXEMPT, ELSE)
    assert other.place == "/allOf/0/else/properties/size"
    assert other.schema["allOf"][0]["then"] == DOG["allOf"][0]["then"]
    assert condition_of(other.schema, other.place) == EXEMPT
    assert {"/size"} <= asked(other.schema, {"exempt": False})
    assert "/size" not in asked(other.schema, {"exempt": True})
    told = [(one.kind, [word.name for word in one.keywords]) for one in difference(DOG, other.schema)]
    assert ("changed", ["if", "else"]) in told
    always = ask_when(other.schema, other.place, None)
    assert always.place == "/properties/size" and always.schema["allOf"] == DOG["allOf"]
    turned = ask_when(DOG, PROOF, EXEMPT, ELSE)
    assert side_of(container_of(turned.place)) == ("/allOf/0", ELSE) and "then" not in turned.schema["allOf"][0]
    assert ask_when(turned.schema, turned.place, EXEMPT, THEN).schema["allOf"] == DOG["allOf"]


def test_a_condition_stays_while_either_side_asks_something() -> None:
    both = ask_when(DOG, "/properties/size", EXEMPT, ELSE).schema
    one_side = fields.remove(both, PROOF).schema
    assert set(one_side["allOf"][0]) == {"if", "else"}
    assert "allOf" not in fields.remove(one_side, "/allOf/0/else/properties/size").schema
    freed = ask_when_all(both, "/allOf/0/else", None).schema
    assert freed["allOf"] == DOG["allOf"]


def test_alternatives_are_asked_under_a_condition_with_all_their_questions_and_come_back() -> None:
    schema = put(begun(), "/properties/exempt", {"type": "boolean", "title": "Osvobození"})
    schema = put(schema, "/x-translations", {"en": {"/oneOf/1/title": "Company", f"{WHO}/title": "Who"}})
    under = ask_when(schema, WHO, EXEMPT)
    assert under.place == "/allOf/0/then/properties/kdo" and "oneOf" not in under.schema
    then = under.schema["allOf"][0]["then"]
    assert then["oneOf"] == schema["oneOf"] and then["required"] == ["kdo"]
    assert under.schema["x-translations"]["en"] == {
        "/allOf/0/then/oneOf/1/title": "Company",
        "/allOf/0/then/properties/kdo/title": "Who",
    }
    assert ("alternatives", "Kdo") in lines(under.schema) and ("variant", "Firma") in lines(under.schema)
    assert asked(under.schema, {"exempt": False, "kdo": "firma"}) == {"/pes", "/exempt"}
    assert asked(under.schema, {"exempt": True, "kdo": "firma"}) == {"/pes", "/exempt", "/kdo", "/nova_otazka_2"}
    assert not validate(compile_form(under.schema), {"exempt": False})
    assert [error.pointer for error in validate(compile_form(under.schema), {"exempt": True})] == ["/kdo"]
    other = Condition(clauses=(Clause(pointer="/pes", operator="answered"),))
    turned = ask_when(under.schema, under.place, other)
    assert turned.schema["allOf"][0]["then"] == then, "the condition alone changes"
    assert ask_when(turned.schema, turned.place, EXEMPT, ELSE).schema["allOf"][0]["else"]["oneOf"] == then["oneOf"]
    back = ask_when(under.schema, under.place, None)
    assert back.schema["oneOf"] == schema["oneOf"] and "allOf" not in back.schema
    assert back.schema["x-translations"] == schema["x-translations"]


def test_a_variant_is_copied_under_another_answer_with_names_of_its_own() -> None:
    schema = put(begun(), "/oneOf/0/properties/dalsi", {"type": "string", "title": "Další"})
    branch = {"if": {"required": ["nova_otazka"]}, "then": {"required": ["dalsi"]}}
    schema = put(schema, "/oneOf/0/allOf", [branch])
    schema = put(schema, "/oneOf/0/x-kept", 1)
    texts = {"/oneOf/0/title": "Person", "/oneOf/0/properties/dalsi/title": "Next", "/oneOf/1/title": "Company"}
    schema = put(schema, "/x-translations", {"en": texts})
    made = copy_variant(schema, "/oneOf/0", "Člověk (kopie)")
    assert made.place == "/oneOf/1"
    copy = made.schema["oneOf"][1]
    assert copy["title"] == "Člověk (kopie)" and copy["x-kept"] == 1 and copy["required"] == ["kdo"]
    assert list(copy["properties"]) == ["kdo", "nova_otazka_3", "dalsi_2"]
    assert copy["properties"]["kdo"] == {"const": "clovek_kopie"}
    assert copy["allOf"] == [{"if": {"required": ["nova_otazka_3"]}, "then": {"required": ["dalsi_2"]}}]
    assert [made.schema["oneOf"][at] for at in (0, 2)] == schema["oneOf"]
    assert made.schema["x-translations"]["en"] == {
        "/oneOf/0/title": "Person",
        "/oneOf/0/properties/dalsi/title": "Next",
        "/oneOf/1/properties/dalsi_2/title": "Next",
        "/oneOf/2/title": "Company",
    }
    assert {**made.schema, "oneOf": 0, "x-translations": 0} == {**schema, "oneOf": 0, "x-translations": 0}
    with pytest.raises(EditRefused, match="no-such-edit"):
        copy_variant(schema, WHO, "x")


def test_differences_of_alternatives_and_rules_are_told_one_by_one() -> None:
    old = begun()
    wanted = [Offer(label="Společnost", value="firma", was=1), Offer(label="Úřad")]
    new = alternatives.set_variants(old, WHO, wanted).schema
    told = [(one.kind, one.what, one.label) for one in difference(old, new) if one.what == "variant"]
    assert told == [
        ("changed", "variant", "Společnost"), ("added", "variant", "Úřad"), ("removed", "variant", "Člověk"),
    ]  # fmt: skip
    assert not [word for one in difference(old, new) for word in one.keywords if word.name == "oneOf"]
    ruled = rules.add(rules.add(old, "první").schema, "druhá").schema
    other = rules.set_check(rules.remove(ruled, "/x-rules/0").schema, "/x-rules/0", "1 == 1", "/pes").schema
    assert [(one.kind, one.what, one.label) for one in difference(ruled, other)] == [
        ("changed", "rule", "druhá"), ("removed", "rule", "první"),
    ]  # fmt: skip


def test_the_hint_of_an_alternative_stands_under_its_choice() -> None:
    schema = put(begun(), "/oneOf/1/description", "s IČO, také spolek")
    (who,) = [part for part in view(compile_form(schema), {}).parts if part.pointer == "/kdo"]
    assert isinstance(who, Control)
    assert [option.hint for option in who.options] == ["", "s IČO, také spolek"]


GROUP = {"type": "object", "title": "Držitel", "properties": {"tel": {"type": "string", "title": "Telefon"}}}


def test_alternatives_go_into_a_group_with_their_parts_and_their_translations_and_back() -> None:
    schema = put(begun(), "/properties/drzitel", GROUP)
    schema = put(schema, "/x-translations", {"en": {"/oneOf/1/title": "Company", "/properties/pes/title": "Dog"}})
    moved = fields.move(schema, WHO, "/properties/drzitel", None)
    assert moved.place == "/properties/drzitel/properties/kdo"
    assert "oneOf" not in moved.schema
    firm = {"drzitel": {"kdo": "firma"}}
    assert asked(moved.schema, firm) >= {"/drzitel/kdo", "/drzitel/nova_otazka_2"}
    assert "/drzitel/nova_otazka" not in asked(moved.schema, firm)
    assert moved.schema["x-translations"]["en"]["/properties/drzitel/oneOf/1/title"] == "Company"
    assert not validate(compile_form(moved.schema), {"drzitel": {"kdo": "clovek", "nova_otazka": "ano"}})
    back = fields.move(moved.schema, moved.place, "", "pes")
    assert back.place == WHO
    assert back.schema["oneOf"] == schema["oneOf"]
    assert back.schema["x-translations"]["en"] == schema["x-translations"]["en"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"/properties/drzitel/properties/kdo": {"type": "string"}}, "name-taken"),
        ({"/properties/drzitel/properties/nova_otazka": {"type": "string"}}, "name-taken"),
        ({"/properties/cena": {"type": "string", "x-computed": 'value_of("nova_otazka", None)'}}, "asked-by"),
        ({"/properties/cena": {"type": "string", "x-computed": 'value_of("kdo", None)'}}, "asked-by"),
        (
            {"/oneOf/0/allOf": [{"if": {"properties": {"pes": {"const": "a"}}, "required": ["pes"]}, "then": {}}]},
            "tells-apart",
        ),
    ],
)
def test_alternatives_stay_where_something_would_be_lost(change: dict[str, Any], why: str) -> None:
    schema = put(begun(), "/properties/drzitel", GROUP)
    for place, value in change.items():
        schema = put(schema, place, value)
    with pytest.raises(EditRefused, match=why):
        fields.move(schema, WHO, "/properties/drzitel", None)
