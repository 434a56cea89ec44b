"""Schemas made elsewhere go through the builder: they open, every edit changes what it names, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from forms.compile import compile_form
from forms.edit import Edited, EditRefused, alternatives, document, fields, moving, rules, steps
from forms.edit.branches import ELSE
from forms.edit.conditions import Clause, Condition
from forms.edit.details import describe, rename, require
from forms.edit.difference import difference
from forms.edit.kinds import kind_of
from forms.edit.places import container_of, is_field, name_at
from forms.edit.texts import texts, translate
from forms.edit.tree import every, find, tree
from forms.edit.when import ask_when
from forms.pointers import MISSING, get, join, split
from tests.unit.forms.dog import WORDS
from tests.unit.forms.foreign import SCHEMAS

Schema = dict[str, Any]
#: Of a form of hundreds of questions these many are tried.
TRIED = 5
STRUCTURE = frozenset(("properties", "required", "allOf", "oneOf", "if", "then", "else"))
STRUCTURE |= {"x-steps", "x-rules", "x-translations", "dependencies", "dependentRequired", "x-prefill"}
#: Edits that name one part of a question → the end of what may differ after them.
NAMED = {"title": "", "sentence": "/x-messages"}
ANSWERED = Condition(clauses=(Clause(pointer="/nobody", operator="answered"),))
EDITS: dict[str, Callable[[Schema, str], Edited]] = {
    "title": lambda schema, place: describe(schema, place, {"title": "Jinak", "x-help": "Pomoc"}),
    "sentence": lambda schema, place: describe(schema, place, {"x-messages/required": "Napište to."}),
    "require": lambda schema, place: require(schema, place, True),
    "need not": lambda schema, place: require(schema, place, False),
    "remove": fields.remove,
    "duplicate": fields.duplicate,
    "up": lambda schema, place: moving.shift(schema, place, "up"),
    "down": lambda schema, place: moving.shift(schema, place, "down"),
    "into": lambda schema, place: moving.shift(schema, place, "into"),
    "out": lambda schema, place: moving.shift(schema, place, "out"),
    "rename": lambda schema, place: rename(schema, place, "jinak"),
    "when": lambda schema, place: ask_when(schema, place, ANSWERED),
    "when not": lambda schema, place: ask_when(schema, place, ANSWERED, ELSE),
    "always": lambda schema, place: ask_when(schema, place, None),
    "beside": lambda schema, place: fields.add(schema, "text", container_of(place), name_at(place), WORDS),
    "rule": lambda schema, place: rules.add(schema, "Nesedí."),
    "pages": lambda schema, place: steps.each_alone(schema),
    "variants": lambda schema, place: alternatives.named(schema, place),
}


def in_order(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def places(schema: Schema) -> list[str]:
    return [node.pointer for node in every(tree(schema)) if is_field(node.pointer)][:TRIED]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_foreign_schema_opens_and_is_written_again_as_it_was(name: str) -> None:
    schema = deepcopy(SCHEMAS[name])
    text = document.write(schema)
    assert in_order(document.read(text)) == in_order(SCHEMAS[name])
    compile_form(schema)
    nodes = tree(schema)
    for node in every(nodes):
        assert isinstance(get(schema, node.pointer), dict | bool), node.pointer
        assert find(nodes, node.pointer) == node, "a place is one line of the tree"
    assert list(texts(schema, "en")) is not None and difference(schema, deepcopy(schema)) == []
    assert in_order(schema) == in_order(SCHEMAS[name])


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_question_of_a_foreign_schema_has_a_line_in_the_tree(name: str) -> None:
    schema = SCHEMAS[name]
    lines = {node.pointer for node in every(tree(schema))}
    told = {f"{one.listed}/{at}/properties/{one.name}" for one in everywhere(schema) for at in range(len(one.values))}
    for place in asked_places(schema, ""):
        assert place in lines | told, place


def everywhere(schema: Schema) -> Iterator[alternatives.Alternatives]:
    for holder in ["", *(node.pointer for node in every(tree(schema)))]:
        yield from alternatives.alternatives(schema, holder)


def asked_places(schema: Any, place: str) -> Iterator[str]:
    """Properties that stand where answers are asked, by a walk of the test's own."""
    if not isinstance(schema, dict):
        return
    for name, part in schema.get("properties", {}).items():
        here = f"{place}/properties/{name.replace('~', '~0').replace('/', '~1')}"
        yield here
        if kind_of(part) in ("group", "advanced"):
            yield from asked_places(part, here)
    for keyword in ("then", "else"):
        if "if" in schema:
            yield from asked_places(schema.get(keyword), f"{place}/{keyword}")
    for keyword in ("allOf", "oneOf", "anyOf"):
        for at, part in enumerate(schema.get(keyword, ())):
            yield from asked_places(part, f"{place}/{keyword}/{at}")


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", SCHEMAS)
def test_an_edit_of_a_foreign_schema_changes_nothing_it_does_not_name(name: str, edit: str) -> None:
    schema, before = deepcopy(SCHEMAS[name]), in_order(SCHEMAS[name])
    for place in places(schema):
        try:
            made = EDITS[edit](schema, place)
        except EditRefused:
            continue
        assert in_order(schema) == before, "the schema that was given stays"
        compile_form(made.schema)
        assert document.read(document.write(made.schema)) == made.schema
        assert_kept(schema, made, place)
        if edit in NAMED:
            assert all(one.startswith(place + NAMED[edit]) for one in differing(schema, made.schema, ""))
        if edit in ("require", "need not"):
            assert set(differing(schema, made.schema, "")) <= {f"{container_of(place)}/required"}


def differing(one: Any, other: Any, place: str) -> Iterator[str]:
    """Where two schemas differ, as near as can be said; the order of keywords counts."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (before, after) in enumerate(zip(one, other, strict=True)):
            yield from differing(before, after, join(place, at))
        return
    if not isinstance(one, dict) or not isinstance(other, dict):
        if in_order(one) != in_order(other):
            yield place
        return
    common = [name for name in one if name in other]
    if common != [name for name in other if name in one]:
        yield place
    for name in {**one, **other}:
        here = join(place, name)
        if name in one and name in other:
            yield from differing(one[name], other[name], here)
        else:
            yield here


def assert_kept(schema: Schema, made: Edited, place: str) -> None:
    """Keywords that no edit names stay, of the form and of every part that stands where it stood."""
    for keyword, value in schema.items():
        if keyword not in STRUCTURE and keyword != split(place)[0]:
            assert in_order(made.schema.get(keyword)) == in_order(value), keyword
    around = {place[: len(end)] for end in parts_of(place)}
    for node in every(tree(schema)):
        other = node.pointer
        if not is_field(other) or other.startswith(place) or other in around:
            continue
        now = get(made.schema, other)
        if now is not MISSING and container_of(other) != container_of(place):
            assert in_order(now) == in_order(get(schema, other)) or touched(made, other), other


def touched(made: Edited, other: str) -> bool:
    """Whether the edited part stands in another one now."""
    return made.place.startswith(other + "/") or "/".join(other.split("/")[:2]) in ("/allOf", "/oneOf")


def parts_of(place: str) -> Iterator[str]:
    while place:
        yield place
        place = place.rpartition("/")[0]


@pytest.mark.parametrize("name", SCHEMAS)
def test_taking_an_edit_back_by_its_opposite_gives_the_same_words(name: str) -> None:
    schema = SCHEMAS[name]
    for place in places(schema):
        if not isinstance(get(schema, place), dict):
            continue
        title = get(schema, f"{place}/title")
        changed = describe(schema, place, {"title": "Na chvíli"}).schema
        back = describe(changed, place, {"title": title}).schema
        assert (back == schema and in_order(back) == in_order(schema)) or title is MISSING
        said = translate(schema, "xx", {f"{place}/title": "for a while"}).schema
        assert translate(said, "xx", {f"{place}/title": ""}).schema == schema or "x-translations" in schema
