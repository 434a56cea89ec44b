"""Data with dots for answers that are not for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from forms.compare import compare
from forms.compile import compile_form
from forms.masking import masked
from forms.posted import FileRef
from forms.summary import Line, summary
from forms.view import view
from web.ui.forms import render_form

KEPT: dict[str, Any] = {"type": "string", "x-sensitive": {"groups": ["board"]}}
PLAIN: dict[str, Any] = {"type": "string"}
DOTS = "••••"


def seen(properties: dict[str, Any], data: dict[str, Any], *groups: str, **more: Any) -> dict[str, Any]:
    return masked([compile_form({"type": "object", "properties": properties, **more})], data, groups)


def test_who_is_in_a_named_group_sees_the_answer_and_others_dots() -> None:
    assert seen({"a": KEPT, "b": PLAIN}, {"a": "x", "b": "y", "c": 1}, "fees") == {"a": DOTS, "b": "y", "c": 1}
    assert seen({"a": KEPT}, {"a": "x"}, "board") == {"a": "x"}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_what_is_empty_hides_nothing(nothing: Any) -> None:
    assert seen({"a": KEPT}, {"a": nothing}) == {"a": nothing}


@pytest.mark.parametrize("something", [0, False, {"x": 1}, ["x"]])
def test_every_other_answer_is_hidden_whole(something: Any) -> None:
    assert seen({"a": KEPT | {"type": ["integer", "boolean", "object", "array"]}}, {"a": something}) == {"a": DOTS}


def test_answers_inside_groups_rows_and_shared_parts_are_hidden_however_many_there_are() -> None:
    person = {"type": "object", "properties": {"name": PLAIN, "phone": KEPT}}
    properties = {
        "head": {"$ref": "#/$defs/person"},
        "others": {"type": "array", "items": {"$ref": "#/$defs/person"}},
        "deep": {"type": "array", "items": {"type": "object", "properties": {"who": {"$ref": "#/$defs/person"}}}},
    }
    one = {"name": "Jana", "phone": "777"}
    shown = {"name": "Jana", "phone": DOTS}
    data = {"head": one, "others": [one, one, one], "deep": [{"who": one}]}
    told = seen(properties, data, "fees", **{"$defs": {"person": person}})
    assert told == {"head": shown, "others": [shown, shown, shown], "deep": [{"who": shown}]}


def test_a_question_that_other_answers_open_is_kept_in_data_without_those_answers() -> None:
    opened = {"if": {"properties": {"kind": {"const": "x"}}}, "then": {"properties": {"why": KEPT}}}
    assert seen({"kind": PLAIN}, {"why": "debts"}, "fees", **opened) == {"why": DOTS}
    shown_when = {"reason": KEPT | {"x-visible": "kind == 'x'"}, "kind": PLAIN}
    assert seen(shown_when, {"reason": "debts"}, "fees") == {"reason": DOTS}
    either = {"oneOf": [{"properties": {"a": KEPT}}, {"properties": {"a": PLAIN}}]}
    assert seen({"b": PLAIN}, {"a": "x", "b": "y"}, "fees", **either) == {"a": DOTS, "b": "y"}


def test_columns_of_fixed_rows_and_names_by_pattern_are_looked_at() -> None:
    properties = {"pair": {"type": "array", "prefixItems": [PLAIN, KEPT], "items": PLAIN}}
    assert seen(properties, {"pair": ["a", "b", "c"]}, "fees") == {"pair": ["a", DOTS, "c"]}
    by_pattern = {"patternProperties": {"^x_": KEPT}, "additionalProperties": PLAIN}
    assert seen({}, {"x_1": "a", "y": "b"}, "fees", **by_pattern) == {"x_1": DOTS, "y": "b"}


def test_what_any_of_several_forms_keeps_is_kept() -> None:
    forms = [compile_form({"type": "object", "properties": {name: KEPT, "z": PLAIN}}) for name in ("a", "b")]
    assert masked(forms, {"a": "1", "b": "2", "z": "3"}, ["fees"]) == {"a": DOTS, "b": DOTS, "z": "3"}


def test_personal_data_are_dots_for_a_reader_they_are_not_for() -> None:
    schema = {"type": "object", "properties": {"born": {"type": "string", "format": "date", "x-sensitive": True}}}
    form = compile_form(schema)
    line = summary(form, {"born": "1980-02-01"}, masked=True)[0].lines[0]
    assert isinstance(line, Line) and (line.text, line.sensitive) == ("••••", True)
    assert "1980" not in render_form(view(form, {"born": "1980-02-01"}, mode="read", masked=True))


def test_some_data_are_only_for_readers_of_named_groups() -> None:
    born = {"type": "string", "format": "date", "x-sensitive": {"groups": ["registry"]}}
    scan = {"type": "string", "format": "file", "x-sensitive": {"groups": ["registry"]}}
    form = compile_form({"type": "object", "properties": {"born": born, "scan": scan}})
    data = {"born": "1980-02-01", "scan": "id1"}
    files = {"id1": FileRef(id="id1", name="rodny-list.pdf", url="/x")}

    def read(groups: list[str] | None) -> list[Any]:
        return list(summary(form, data, files=files, groups=groups)[0].lines)

    assert [line.text for line in read(["registry"])] == ["1. 2. 1980", "rodny-list.pdf"]
    assert [line.text for line in read(None)] == ["1. 2. 1980", "rodny-list.pdf"]
    for groups in ([], ["board"]):
        assert [(line.text, line.files) for line in read(groups)] == [("••••", ()), ("••••", ())]
    assert compare(form, data, {**data, "born": "1981-02-01"}, groups=["board"]) == []


def test_a_mark_on_a_group_or_rows_hides_everything_in_it_sums_and_changes_too() -> None:
    row = {"type": "object", "properties": {"what": PLAIN, "cost": {"type": "number", "x-sum": True}}}
    mark = {"x-sensitive": {"groups": ["board"]}}
    schema = {
        "type": "object",
        "properties": {
            "seat": {"type": "object", "properties": {"street": PLAIN}, **mark},
            "costs": {"type": "array", "items": row, "x-widget": "table", **mark},
            "files": {"type": "array", "items": {"type": "string", "format": "file"}, **mark},
        },
    }
    form = compile_form(schema)
    data = {"seat": {"street": "Dlouhá"}, "costs": [{"what": "bus", "cost": 1234.5}], "files": ["f1"]}
    files = {"f1": FileRef(id="f1", name="tajne.pdf")}
    secrets = ("Dlouhá", "bus", "234,5", "tajne")
    for groups, is_visible in (({"fees"}, False), ({"board"}, True)):
        told = str(summary(form, data, files=files, groups=groups))
        page = str(render_form(view(form, data, mode="read", files=files, groups=groups)))
        changes = str(compare(form, {}, data, files=files, groups=groups))
        for secret in secrets:
            assert [secret in text.replace("1\xa0", "1") for text in (told, page, changes)] == [is_visible] * 3
    assert not any(secret in str(summary(form, data, files=files, masked=True)) for secret in secrets)
