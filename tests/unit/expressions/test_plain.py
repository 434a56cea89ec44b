"""The plainest texts mean the same without Starlark as with it, or are left to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.errors import ScriptError
from engine.expressions import evaluate_value
from engine.expressions.plain import Unsure, plain
from engine.expressions.running import run

NAMES = ("a", "b", "n", "today")
SCALARS = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-3, 3),
    some.sampled_from([0, 1, 2**63, -(2**64), 2**70]),
    some.sampled_from(["", "a", "A", "yes", "10", "9", "žluť"]),
    some.sampled_from([0.0, 1.0, 1.5]),
)
VALUES = some.one_of(
    SCALARS, some.lists(SCALARS, max_size=2), some.dictionaries(some.sampled_from(["a", "k"]), SCALARS, max_size=2)
)
GOOD = some.sampled_from(["0", "1", "2", "-1", "True", "False", "None", '"a"', "'yes'"])
ODD = some.sampled_from(["-True", "1_0", "0x1", '"ž"', '"a\\n"', '"a" "b"', "r'a'"])
LITERALS = some.one_of(*[GOOD] * 9, ODD)
NAMED = some.one_of(*[some.sampled_from(NAMES)] * 9, some.sampled_from(["missing", "load", "počet", "len", "_x"]))


def grown(inner: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    """Texts made of smaller ones."""
    signs = ["==", "!=", "<", "<=", ">", ">=", "and", "or", "+", "-", "in"]
    return some.one_of(
        some.tuples(inner, some.sampled_from(signs), inner).map(lambda parts: f"({' '.join(parts)})"),
        some.tuples(inner, some.sampled_from(signs), inner).map(" ".join),
        inner.map(lambda text: f"not {text}"),
        some.tuples(NAMED, some.sampled_from(["k", "a", "z"])).map(lambda pair: f'{pair[0]}["{pair[1]}"]'),
        some.tuples(inner, some.lists(LITERALS, max_size=3)).map(lambda pair: f"{pair[0]} in [{', '.join(pair[1])}]"),
    )


ASKED = some.recursive(some.one_of(LITERALS, NAMED), grown, max_leaves=6)
STEP = some.tuples(NAMED, ASKED).map(" = ".join)
TEXTS = some.one_of(ASKED, some.lists(STEP, min_size=1, max_size=3).map("\n".join))


def exact(value: Any) -> Any:
    """True is not 1."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    return (type(value), value)


@settings(max_examples=2_000, deadline=None)
@given(text=TEXTS, variables=some.dictionaries(some.sampled_from(NAMES), VALUES, max_size=4))
def test_what_is_done_here_is_what_starlark_does(text: str, variables: dict[str, Any]) -> None:
    simple = plain(text)
    if simple is None:
        return
    try:
        value, changed = simple(variables)
    except Unsure:
        return
    # Starlark agrees, and doesn't refuse it.
    by_starlark, changed_by_starlark = run(text, variables)
    assert (exact(value), exact(changed)) == (exact(by_starlark), exact(changed_by_starlark))


@pytest.mark.parametrize(
    ("text", "value", "changed"),
    [
        ("approved == True", True, {}),
        ('kind in ["grant", "gift"] and amount > 50000', True, {}),
        ('not (decision["result"] == "yes")', False, {}),
        ("n = n + 1", None, {"n": 8}),
        ("total = amount - 1\nn = 7", None, {"total": 50_000}),
    ],
)
def test_conditions_of_diagrams_are_plain(text: str, value: Any, changed: Any) -> None:
    variables = {"approved": True, "kind": "gift", "amount": 50_001, "decision": {"result": "yes"}, "n": 7}
    simple = plain(text)
    assert simple is not None
    assert simple(variables) == (value, changed) == run(text, variables)


@pytest.mark.parametrize(
    "text", ["len(a)", "a.b", "a * 2", "[a]", "a < b < 3", "1_000", '"\\u017e"', "load", "def f():\n  1"]
)
def test_the_rest_is_left_to_starlark(text: str) -> None:
    assert plain(text) is None


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("a == 1", {}),
        ("a < 1", {"a": "1"}),
        ("a == b", {"a": [1], "b": [1]}),
        ("a + 1", {"a": 2**65}),
        ("a", {"a": 1.0}),
    ],
)
def test_a_value_of_another_kind_is_left_to_starlark(text: str, variables: dict[str, Any]) -> None:
    simple = plain(text)
    assert simple is not None
    with pytest.raises(Unsure):
        simple(variables)


def test_starlark_tells_what_is_wrong_as_before() -> None:
    with pytest.raises(ScriptError):
        evaluate_value("missing == 1", {})
