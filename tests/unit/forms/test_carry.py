"""A draft written on an older version of its form."""

from __future__ import annotations

from typing import Any

from forms.carry import Carried, carried
from forms.compile import compile_form
from forms.posted import FileRef

TEXT = {"type": "string"}


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def taken(old: dict[str, Any], new: dict[str, Any], data: dict[str, Any]) -> Carried:
    return carried(compile_form(old), compile_form(new), data)


def said(found: Carried) -> list[tuple[str, str, str]]:
    return [(change.why, change.label, change.text) for change in found.changes]


def test_what_is_the_same_is_taken_over_without_a_word() -> None:
    form = of(name={**TEXT, "title": "Jméno"}, dogs={"type": "array", "items": of(name=TEXT)})
    data = {"name": "Jan", "dogs": [{"name": "Rek"}]}
    assert taken(form, form, data) == Carried(data=data, changes=())


def test_a_renamed_field_keeps_its_answer_in_groups_and_rows_too() -> None:
    old = of(jmeno=TEXT, owner=of(mail=TEXT), dogs={"type": "array", "items": of(nm=TEXT)})
    new = of(
        name={**TEXT, "x-was": "jmeno"},
        contact=of(email={**TEXT, "x-was": "/owner/mail"}),
        dogs={"type": "array", "items": of(name={**TEXT, "x-was": "nm"})},
    )
    found = taken(old, new, {"jmeno": "Jan", "owner": {"mail": "a@b.cz"}, "dogs": [{"nm": "Rek"}, {"nm": "Ben"}]})
    assert found.data["name"] == "Jan"
    assert found.data["contact"] == {"email": "a@b.cz"}
    assert found.data["dogs"] == [{"name": "Rek"}, {"name": "Ben"}]
    assert not [change for change in found.changes if change.why != "new"]


def test_a_field_and_what_it_lies_in_may_both_be_renamed() -> None:
    old = of(psi={"type": "array", "items": of(jm={**TEXT, "title": "Jméno psa"})})
    new = of(dogs={"type": "array", "x-was": "psi", "items": of(name={**TEXT, "x-was": "jm"})})
    assert taken(old, new, {"psi": [{"jm": "Rek"}]}) == Carried(data={"dogs": [{"name": "Rek"}]}, changes=())


def test_two_fields_may_change_their_names_for_each_other() -> None:
    old = of(a=TEXT, b=TEXT)
    new = of(a={**TEXT, "x-was": "b"}, b={**TEXT, "x-was": "a"})
    assert taken(old, new, {"a": "1", "b": "2"}).data == {"a": "2", "b": "1"}


def test_what_is_gone_is_told_with_its_answer_files_by_their_names() -> None:
    old = of(age={"type": "integer", "title": "Věk"}, scan={**TEXT, "format": "file", "title": "Průkaz"})
    files = {"id1": FileRef(id="id1", name="průkaz.pdf")}
    found = carried(compile_form(old), compile_form(of(name=TEXT)), {"age": 7, "scan": "id1"}, files=files)
    assert said(found) == [("gone", "Věk", "7"), ("gone", "Průkaz", "průkaz.pdf"), ("new", "Name", "")]


def test_what_is_no_longer_valid_stays_and_is_told() -> None:
    old = of(kind={"enum": ["a", "b"], "title": "Druh"}, qty={"type": "integer", "title": "Počet"})
    new = of(kind={"enum": ["a", "c"], "title": "Druh"}, qty={"type": "integer", "maximum": 3, "title": "Počet"})
    found = taken(old, new, {"kind": "b", "qty": 5})
    assert found.data == {"kind": "b", "qty": 5}
    assert said(found) == [("wrong", "Druh", "b"), ("wrong", "Počet", "5")]


def test_an_answer_of_another_kind_is_read_again_or_told() -> None:
    old = of(qty={**TEXT, "title": "Počet"}, seat={**TEXT, "title": "Sídlo"}, who=of(name={**TEXT, "title": "Jméno"}))
    new = of(qty={"type": "integer", "title": "Počet"}, seat=of(city=TEXT), who={**TEXT, "title": "Kdo"})
    found = taken(old, new, {"qty": "12", "seat": "Praha 1", "who": {"name": "Jan"}})
    assert found.data == {"qty": 12}
    assert ("gone", "Sídlo", "Praha 1") in said(found)
    assert ("gone", "Jméno", "Jan") in said(found)


def test_a_new_question_is_told_once_for_all_rows() -> None:
    old = of(dogs={"type": "array", "items": of(name=TEXT)})
    new = of(dogs={"type": "array", "items": of(name=TEXT, chip={**TEXT, "title": "Čip"})})
    found = taken(old, new, {"dogs": [{"name": "Rek"}, {"name": "Ben"}]})
    assert said(found) == [("new", "Čip", "")]


def test_a_form_that_contains_itself_is_carried_too() -> None:
    tree = {"type": "object", "properties": {"name": TEXT, "part": {"$ref": "#"}}}
    data = {"name": "a", "part": {"name": "b"}}
    assert taken(tree, tree, data).data == data
