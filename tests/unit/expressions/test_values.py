"""What Starlark texts give and change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScriptError
from engine.expressions import evaluate, evaluate_value, names_in, problem_in, read

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


def changed(text: str, **variables: Any) -> dict[str, Any]:
    return evaluate(text, lambda name: (name in variables, variables.get(name)))[1]


def value(text: str, **variables: Any) -> Any:
    return evaluate_value(text, variables)


# --- values and changes ----------------------------------------------------------------------------------------------


def test_the_value_is_that_of_the_last_expression() -> None:
    assert value("x = 1\nx + 1") == 2


def test_a_text_that_ends_with_an_assignment_has_no_value() -> None:
    assert value("x = 1") is None


def test_a_script_changes_variables_by_assigning() -> None:
    assert changed("total = amount + fee", amount=1, fee=2) == {"total": 3}


def test_what_a_script_leaves_as_it_was_is_not_changed() -> None:
    assert changed("x = x\ny = 2", x=1) == {"y": 2}


@pytest.mark.parametrize(
    ("before", "text", "after"), [(1, "x = True", True), (1, "x = 1.0", 1.0), (0, "x = False", False)]
)
def test_a_change_of_the_kind_alone_is_a_change(before: Any, text: str, after: Any) -> None:
    found = changed(text, x=before)
    assert found == {"x": after} and type(found["x"]) is type(after)


def test_a_known_variable_can_be_set_to_nothing() -> None:
    assert changed("x = None", x=1) == {"x": None}


def test_a_script_changes_lists_and_records_in_place_on_a_copy() -> None:
    rows = [{"n": 1}]
    assert changed("rows.append({'n': 2})\nrows[0]['n'] += 10", rows=rows) == {"rows": [{"n": 11}, {"n": 2}]}
    assert rows == [{"n": 1}]


def test_a_name_that_begins_with_an_underscore_stays_in_the_script() -> None:
    assert changed("_half = x // 2\ny = _half", x=4) == {"y": 2}


def test_functions_of_a_script_are_no_variables() -> None:
    assert changed("def twice(n):\n    return 2 * n\ny = twice(x)", x=4) == {"y": 8}


@given(JSON)
def test_json_goes_in_and_comes_out_the_same(given_value: Any) -> None:
    assert value("x", x=given_value) == given_value


def test_an_unknown_name_is_an_error_that_names_it() -> None:
    with pytest.raises(ScriptError, match="nobody"):
        value("nobody + 1")


def test_an_error_says_the_line() -> None:
    with pytest.raises(ScriptError, match="line 2"):
        value("x = 1\ny = x + nobody")


def test_fail_gives_its_own_sentence() -> None:
    with pytest.raises(ScriptError, match="not today"):
        value('fail("not today")')


@pytest.mark.parametrize(
    "text", ["x = ", "if", "import os", "x ++", "class A: pass", "while True: pass", "1 +* 2", "\\"]
)
def test_what_is_no_starlark_is_refused_with_a_sentence(text: str) -> None:
    assert problem_in(text)
    with pytest.raises(ScriptError):
        value(text)


def test_a_text_that_can_be_read_has_no_problem() -> None:
    assert problem_in("for row in rows:\n    total = total + row['n']") is None


def test_a_script_may_be_indented_as_the_file_around_it() -> None:
    assert changed("\n      if a:\n        b = 1\n      c = 2\n    ", a=True) == {"b": 1, "c": 2}
    assert changed("b = 1\n      c = 2", a=True) == {"b": 1, "c": 2}


@pytest.mark.parametrize(
    "text", ["if a:\n\tb = 1\n\tc = 2", "if a:\r\n  b = 1\r\n  c = 2", "\tif a:\n\t\tb = 1\n\t\tc = 2"]
)
def test_tabs_and_line_ends_of_any_editor_are_read(text: str) -> None:
    assert changed(text, a=True) == {"b": 1, "c": 2}


def test_text_with_escapes_and_comments_is_read() -> None:
    assert value('# why\n"a\\n\\"b\\"" + x', x="!") == 'a\n"b"!'


# --- names -----------------------------------------------------------------------------------------------------------


def test_names_are_variables_read_and_assigned_without_functions_fields_and_texts() -> None:
    names = names_in('total = len(rows) + row.fee if kind == "other" else 0')
    assert set(names) == {"total", "rows", "row", "kind"}


def test_a_variable_may_be_called_like_a_function() -> None:
    assert names_in("date") == ("date",)
    assert value("date", date="2026-01-01") == "2026-01-01"
    assert value('date("2026-07-01T10:00")', date="2026-01-01") == "2026-07-01"


def test_a_variable_called_like_a_function_of_the_language_does_not_hide_it() -> None:
    assert value("len(rows) + 1", len=5, rows=[1, 2]) == 3


def test_what_may_be_missing_has_a_default() -> None:
    assert value('value_of("x", 7)') == 7
    assert value('value_of("x", 7)', x=3) == 3
    assert "x" in names_in('value_of("x", 7)')


def test_own_names_of_a_text_are_not_read_from_outside() -> None:
    reading = read("def f(a):\n    b = a\n    return b\n[x for x in rows if f(x)]")
    assert reading.reads == {"rows"}


def test_a_text_sees_only_the_variables_it_names() -> None:
    asked: list[str] = []

    def lookup(name: str) -> tuple[bool, Any]:
        asked.append(name)
        return True, 1

    evaluate("a + b", lookup)
    assert asked == ["a", "b"]


# --- which texts run here --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a == 1 and b != 'x'",
        "fee * months / 12",
        "money(divide(fee * 6, 12))",
        "a if b else c",
        "x = 1\ny = x + 2",
        'parameters["quorum"] <= votes_for',
        "not approved",
        'name.upper() + "!"',
        "f'{a}'",
        "if a:\n  b = 1\nelse:\n  b = 2",
    ],
)
def test_what_can_neither_spin_nor_grow_is_light(text: str) -> None:
    assert read(text).light


@pytest.mark.parametrize(
    "text",
    [
        "for x in y: pass",
        "[x for x in y]",
        "lambda: 1",
        "def f(): pass",
        '"a" * n',
        "a << b",
        "a.append(b)",
        "a[0] = a",
        '",".join(a)',
        "range(5)",
        "\n".join(["a = [a, a]"] * 30),
        "1" + " + a" * 70,
        "-" * 100 + "1",
        "x.replace(a, b)",
    ],
)
def test_what_may_grow_is_not_light(text: str) -> None:
    assert not read(text).light


@pytest.mark.parametrize(
    "text",
    [
        '# c \\\n"a" * 2000000000',
        'r"\\" * 2000000000 #"',
        '"\\d" * 9',
        "x\x0c* 3",
        '\'\\"\' + r"\\" * 2000000000 #"',
        "str(" * 5 + "x" + ")" * 5,
    ],
)
def test_what_python_reads_otherwise_than_starlark_is_not_light(text: str) -> None:
    assert not read(text).light


def test_a_product_is_light_only_of_numbers() -> None:
    reading = read("a * b + c")
    assert reading.growth and reading.growth.numbers == {"a", "b"}
    assert value("a * b", a="x", b=3) == "xxx"


@given(st.text(alphabet="ab+*=()[]{},.\"' \n0123xif:", max_size=40))
def test_light_texts_stay_small_whatever_they_are(text: str) -> None:
    if not read(text).light:
        return
    try:
        result, found = evaluate(text, lambda name: (True, [1, 2, 3]))
    except ScriptError:
        return
    assert len(repr((result, found))) < 20_000


@pytest.mark.parametrize("more", ["", "\nb = [n for n in [1]]"], ids=["plain", "in the guarded process"])
def test_a_script_sets_a_new_variable_to_nothing(more: str) -> None:
    assert changed("a = None" + more)["a"] is None
    assert "a" not in changed("if n > 1:\n    a = None" + more, n=1)
    assert "a" not in changed("a = len" + more)
