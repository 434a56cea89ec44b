"""A post is hostile until it is read: right values or clear refusals, nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from forms.compile import compile_form
from forms.decode import decode
from forms.errors import PostTooLarge
from forms.posted import FileRef
from forms.validate import validate
from tests.counting import calls_in

TOWN = {
    "type": "object",
    "required": ["name", "consent"],
    "properties": {
        "name": {"type": "string", "title": "Název"},
        "inhabitants": {"type": "integer", "title": "Počet obyvatel"},
        "share": {"type": "number"},
        "consent": {"type": "boolean", "x-widget": "checkbox"},
        "number": {"type": "string", "readOnly": True},
        "seat": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}},
        "file": {"type": "string", "format": "file"},
        "decided": {"type": "boolean"},
    },
    "if": {"properties": {"decided": {"const": True}}, "required": ["decided"]},
    "then": {"properties": {"when": {"type": "string", "format": "date", "title": "Kdy"}}, "required": ["when"]},
}


def read(*pairs: tuple[str, str], schema: dict[str, Any] = TOWN, **known: Any) -> Any:
    return decode(compile_form(schema), list(pairs), **known)


def test_numbers_with_a_comma_and_hard_spaces_are_numbers() -> None:
    assert read(("/inhabitants", "2\u00a0540"), ("/share", "1 234,50")) == {"inhabitants": 2540, "share": 1234.5}


def test_what_is_no_number_stays_as_typed_for_the_person_to_mend() -> None:
    form = compile_form(TOWN)
    data = decode(form, [("/inhabitants", "14,5 tis.")])
    assert data == {"inhabitants": "14,5 tis."}
    found = {error.pointer: error.message for error in validate(form, data)}
    assert found["/inhabitants"] == "Počet obyvatel: napište celé číslo, například 2540"


@pytest.mark.parametrize("text", ["0.1234567890123456789012345", "1" * 5000, "9" * 61, "nan", "inf", "1e999", "--1"])
def test_a_number_beyond_precision_is_refused_and_never_rounded(text: str) -> None:
    form = compile_form(TOWN)
    data = decode(form, [("/share", text)])
    assert data["share"] == text
    assert [error.keyword for error in validate(form, data) if error.pointer == "/share"] == ["type"]


def test_a_blank_text_is_no_answer() -> None:
    assert read(("/name", "  "), ("/inhabitants", "")) == {}


def test_a_foreign_field_is_left_out() -> None:
    assert read(("/name", "Brno"), ("/fee", "0"), ("fee", "0"), ("_do", ""), ("csrf_token", "x")) == {"name": "Brno"}


def test_of_a_doubled_field_the_last_one_counts() -> None:
    assert read(("/name", "a"), ("/name", "b")) == {"name": "b"}


def test_a_read_only_field_keeps_its_value() -> None:
    assert read(("/number", "9"), current={"number": "1"}) == {"number": "1"}
    assert read(("/number", "9")) == {}


def test_a_hidden_field_cannot_be_set() -> None:
    assert read(("/decided", "false"), ("/when", "1. 7. 2027")) == {"decided": False}
    assert read(("/decided", "true"), ("/when", "1. 7. 2027")) == {"decided": True, "when": "2027-07-01"}


def test_a_hidden_field_loses_the_answer_it_had() -> None:
    assert read(("/decided", "false"), current={"decided": True, "when": "2027-07-01"}) == {"decided": False}


def test_control_characters_are_left_out_and_line_ends_are_one_character() -> None:
    assert read(("/name", "a\x00b\x1b\r\nc\td\u2029")) == {"name": "ab\nc\td"}


def test_a_group_without_answers_is_left_out_unless_it_must_be_there() -> None:
    assert read(("/seat/city", "")) == {}
    required = {**TOWN, "required": ["seat"]}
    assert read(("/seat/city", ""), schema=required) == {"seat": {}}


def test_rows_come_in_the_order_of_their_numbers_and_blank_ones_fall_out() -> None:
    rows = [("/rows/10/a", "z"), ("/rows/2/a", "y"), ("/rows/3/a", " "), ("/rows/007/a", "no"), ("/rows/-1/a", "no")]
    assert read(*rows, ("/rows/99999999999/a", "no")) == {"rows": [{"a": "y"}, {"a": "z"}]}


def test_an_unticked_box_that_must_be_answered_means_no() -> None:
    assert read(("/consent~", "false")) == {"consent": False}
    assert read(("/consent~", "false"), ("/consent", "true")) == {"consent": True}


def test_a_file_of_somebody_else_cannot_be_taken_over() -> None:
    assert read(("/file~", ""), ("/file", "theirs")) == {}
    assert read(("/file~", ""), ("/file", "mine"), current={"file": "mine"}) == {"file": "mine"}
    uploads = {"/file": [FileRef(id="new")]}
    assert read(("/file~", ""), ("/file", "mine"), current={"file": "mine"}, files=uploads) == {"file": "new"}


def test_a_choice_that_is_not_on_offer_is_refused_by_name() -> None:
    form = compile_form({"type": "object", "properties": {"a": {"title": "Barva", "enum": ["červená", "bílá"]}}})
    data = decode(form, [("/a", "zelená")])
    assert [e.message for e in validate(form, data)] == ["Barva: vyberte jednu z nabízených možností"]


def test_a_deep_name_is_refused() -> None:
    with pytest.raises(PostTooLarge):
        read(("/a" * 200, "x"))


def test_too_many_fields_are_refused() -> None:
    with pytest.raises(PostTooLarge):
        read(*[("/name", "x")] * 60_001)


def test_a_form_that_contains_itself_ends_where_the_post_ends() -> None:
    person = {"type": "object", "properties": {"name": {"type": "string"}, "parent": {"$ref": "#/$defs/person"}}}
    schema = {"type": "object", "$defs": {"person": person}, "properties": {"who": {"$ref": "#/$defs/person"}}}
    pairs = [("/who/name", "a"), ("/who/parent/name", "b"), ("/who/parent/parent/name", "c")]
    assert read(*pairs, schema=schema) == {"who": {"name": "a", "parent": {"name": "b", "parent": {"name": "c"}}}}


def test_four_times_the_rows_take_about_four_times_the_work() -> None:
    def work(rows: int) -> int:
        pairs = [(f"/rows/{row}/a", f"text {row}") for row in range(rows)]
        kept, calls = calls_in(lambda: read(*pairs))
        assert len(kept["rows"]) == rows
        return calls

    work(10)
    assert work(1000) < 6 * work(250)


def test_fields_of_another_step_keep_their_answers() -> None:
    steps = {**TOWN, "x-steps": [{"key": "one", "fields": ["/name"]}, {"key": "two", "fields": ["/inhabitants"]}]}
    kept = read(("/name", "Brno"), ("/inhabitants", "5"), schema=steps, step="one", current={"inhabitants": 1})
    assert kept == {"name": "Brno", "inhabitants": 1}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r'{"a": "x\u0000y"}', {"a": "xy"}),
        (r'["\ud83c", "\ud83c\udfdb"]', ["", "🏛"]),
        ('{"a": 1.5, "b": [2, null]}', {"a": 1.5, "b": [2, None]}),
    ],
)
def test_json_is_kept_without_what_nothing_can_hold(typed: str, read: Any) -> None:
    form = compile_form({"type": "object", "properties": {"any": {}}})
    assert decode(form, [("/any", typed)]) == {"any": read}


@pytest.mark.parametrize(
    "typed", ["[" * 300 + "]" * 300, "[1e400]", "[0.1000000000000000000001]", "[NaN]", "[Infinity]"]
)
def test_json_that_is_too_deep_or_would_be_rounded_stays_as_typed(typed: str) -> None:
    form = compile_form({"type": "object", "properties": {"any": {}}})
    assert decode(form, [("/any", typed)]) == {"any": typed}


def test_numbers_of_an_english_page_are_read_as_english_writes_them() -> None:
    form = compile_form({"type": "object", "properties": {"n": {"type": "integer"}, "x": {"type": "number"}}})
    typed = [("/n", "2,540"), ("/x", "1,234.5")]
    assert decode(form, typed, lang="en") == {"n": 2540, "x": 1234.5}
    assert decode(form, [("/x", "1,234")]) == {"x": 1.234}
