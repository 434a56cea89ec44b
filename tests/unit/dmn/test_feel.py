"""FEEL: expressions and the cells of tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dmn.feel import Scope, evaluate, from_json, parse_expression, parse_tests, passes, to_json
from engine.errors import DecisionError

NUMBERS = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2, allow_nan=False, allow_infinity=False)


def value(text: str, **variables: Any) -> Any:
    names = frozenset(variables)
    return to_json(evaluate(parse_expression(text, names), Scope(from_json(variables))))


def holds(cell: str, given_value: Any, **variables: Any) -> bool:
    return passes(parse_tests(cell, frozenset(variables)), from_json(given_value), Scope(from_json(variables)))


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("18", [18, 18.0], [17, "18", None, True]),
        ('"a"', ["a"], ["b", 1, None]),
        ("< 18", [17, 17.99], [18, 19, None, "1"]),
        (">= 18", [18], [17]),
        ("!= 5", [4], [5]),
        ("[1..10]", [1, 5, 10], [0, 11]),
        ("(1..10)", [2], [1, 10]),
        ("]1..10[", [2], [1, 10]),
        ("(1..10]", [10], [1]),
        ('"a", "b"', ["a", "b"], ["c"]),
        ("< 1, > 5, 3", [0, 3, 6], [2]),
        ('not("a", "b")', ["c"], ["a", "b"]),
        ("not(< 5)", [5], [4]),
        ("-", [1, "x", None], []),
        ("", [1, None], []),
        ("true", [True], [False, 1, None]),
        ("null", [None], [0, ""]),
        ("-5", [-5], [5]),
        ("[-10..-5]", [-7], [7]),
        ("? > 3 and ? < 6", [4, 5], [3, 6]),
        ('starts with(?, "Ro")', ["Rokytnice"], ["Praha"]),
        ('date("2026-07-01")', ["2026-07-01"], ["2026-07-02", 5]),
        ('>= date("2026-07-01")', ["2026-07-01", "2027-01-01"], ["2026-06-30"]),
        ('[date("2026-01-01")..date("2026-12-31")]', ["2026-06-01"], ["2027-01-01"]),
        ('<= duration("P30D")', ["P7D", "PT12H"], ["P31D"]),
        ('< @"P1Y"', ["P6M"], ["P2Y"]),
        ("limit", [10], [11]),
        ("< limit * 2", [19], [20]),
        ("[1, 2, 3]", [2], [4]),
        ("(5)", [5], [4]),
        # What can't be compared is neither in the range nor out of it.
        ("not(< 18)", [18], [None, "x"]),
        ("not([1..5])", [6], [None, "x"]),
        ('not("a")', [None], [5]),
        ("not(? > 5)", [5], [None]),
    ],
)
def test_a_cell_lets_through_what_it_says(cell: str, yes: list[Any], no: list[Any]) -> None:
    assert [v for v in yes if not holds(cell, v, limit=10)] == []
    assert [v for v in no if holds(cell, v, limit=10)] == []


@given(NUMBERS, NUMBERS, NUMBERS)
def test_an_interval_is_two_comparisons(number: Decimal, low: Decimal, high: Decimal) -> None:
    assert holds(f"[{low}..{high}]", float(number)) == (low <= number <= high)
    assert holds(f"]{low}..{high}[", float(number)) == (low < number < high)
    assert holds(f"not([{low}..{high}])", float(number)) != (low <= number <= high)


@given(st.text(max_size=30))
def test_any_text_is_a_cell_or_refused_with_a_sentence(text: str) -> None:
    for read in (parse_tests, parse_expression):
        try:
            read(text)
        except DecisionError as error:
            assert str(error)


@pytest.mark.parametrize(
    "text", ["<", "[1..", "1..2", "not(", '"a', "a b c d", "(1", "if a then b", "= =", "5 5", "@1"]
)
def test_what_is_no_cell_is_refused_with_the_place(text: str) -> None:
    with pytest.raises(DecisionError, match="can't be read"):
        parse_tests(text)


# --- expressions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("2 ** 3 ** 2", 64),
        ("-2 + 5", 3),
        ("5 - -3", 8),
        ("10 / 4", 2.5),
        ("1 / 3 * 3", 1),
        ("0.1 + 0.2", 0.3),
        ("7620 * 6 / 12", 3810),
        ("1 / 0", None),
        ("1 + null", None),
        ('1 + "a"', None),
        ('"a" + "b"', "ab"),
        ('"á\\n\\u0062\\""', 'á\nb"'),
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ('time("12:00:00") - time("10:30:00")', "PT1H30M"),
        ('time("23:30:00") + duration("PT1H")', "00:30:00"),
        ('duration("PT1H") + time("10:00:00")', "11:00:00"),
        ('time("12:00:00") - time("10:00:00Z")', None),
        ('date("2026-03-02").weekday', 1),
        ('time("10:00:00").weekday', None),
        ('date and time("2026-03-29T01:30:00@Europe/Prague") + duration("PT1H")', "2026-03-29T03:30:00+02:00"),
        (
            'date and time("2026-03-29T03:30:00@Europe/Prague") - date and time("2026-03-29T01:30:00@Europe/Prague")',
            "PT1H",
        ),
        ('date and time("2026-03-01T12:00:00@Nowhere/At_all")', None),
        ('date and time("2026-03-01T12:00:00") - date and time("2026-03-01T10:00:00Z")', "PT1H"),
        ("not(true)", False),
        ("not(null)", None),
        ("5 in [1..10]", True),
        ("5 in (1, 5)", True),
        ("5 between 1 and 4", False),
        ("if 1 < 2 then 3 else 4", 3),
        ("if null then 3 else 4", 4),
        ("for x in [1, 2, 3] return x * x", [1, 4, 9]),
        ("for x in 1..3, y in [10, 20] return x + y", [11, 21, 12, 22, 13, 23]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("[1, 2, 3, 4][item > 2]", [3, 4]),
        ("[1, 2, 3][-1]", 3),
        ("[{a: 1, b: 2}, {a: 3, b: 4}].b", [2, 4]),
        ("[{a: 1}, {a: 3}][a = 3].a", [3]),
        ("{a: 1, b: a + 1}.b", 2),
        ("sum([1, 2.5])", 3.5),
        ("count([1, 2])", 2),
        ("min(3, 1, 2)", 1),
        ("round half up(2.5, 0)", 3),
        ("decimal(2.345, 2)", 2.34),
        ("modulo(-5, 3)", 1),
        ('string length("obec")', 4),
        ('upper case("obec")', "OBEC"),
        ('substring("Rokytnice", 1, 3)', "Rok"),
        ('contains("Rokytnice", "kyt")', True),
        ('string(12.50) + " Kč"', "12.5 Kč"),
        ('number("12.5") * 2', 25),
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('date("2026-07-01") - date("2026-06-01")', "P30D"),
        ("date(2026, 7, 1).month", 7),
        ('date(year: 2026, month: 7, day: 1) = date("2026-07-01")', True),
        ('years and months duration(date("2025-01-15"), date("2026-07-01"))', "P1Y5M"),
        ('date and time("2026-07-01T12:00:00") < date and time("2026-07-01T13:00:00")', True),
        ('duration("PT90M") = duration("PT1H30M")', True),
        ("unknown name", None),
        ("a = b", None),
    ],
)
def test_an_expression_gives(text: str, expected: Any) -> None:
    names = {"unknown name": None} if "unknown" in text else {"a": 1, "b": "1"} if text == "a = b" else {}
    found = value(text, **names)
    assert found == expected and isinstance(found, bool) == isinstance(expected, bool)


def test_names_may_have_spaces() -> None:
    assert value("12 * Monthly Salary - Tax", **{"Monthly Salary": 10, "Tax": 1}) == 119


@given(NUMBERS, NUMBERS)
def test_sums_and_products_are_exact(one: Decimal, other: Decimal) -> None:
    assert evaluate(parse_expression(f"{one} + {other}"), Scope({})) == one + other
    assert evaluate(parse_expression(f"{one} * {other}"), Scope({})) == one * other


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..100000, b in 1..100000 return a",
        "count(for a in 1..1000, b in 1..1000 return a)",
        "{a: [1, 1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 30)).replace("a0", "a") + "}",
        "(" * 200 + "1" + ")" * 200,
        "1" * 20_000,
    ],
    ids=["loops", "counted", "doubling", "nested", "long"],
)
def test_what_has_no_end_is_refused(text: str) -> None:
    with pytest.raises(DecisionError):
        value(text)


def test_texts_do_not_grow_without_end() -> None:
    doubling = ", ".join(f"a{n}: a{n - 1} + a{n - 1}" for n in range(1, 50))
    assert value('{a0: "xxxxxxxxxx", ' + doubling + "}.a49") is None


# --- what has no end -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in 1..60000 return sum(numbers)",
        'for i in 1..60000 return contains(long, "b")',
        "numbers[count(numbers[item > 1]) > 1]",
        "some i in numbers, j in numbers satisfies i + j < 0",
        "distinct values(mixed)",
        "count(distinct values(mixed)) + 1",
        "concatenate(numbers, numbers, numbers)",
    ],
)
def test_what_takes_too_long_or_too_much_is_refused(text: str) -> None:
    numbers, mixed = list(range(20_000)), [n if n % 2 else str(n) for n in range(20_000)]
    with pytest.raises(DecisionError):
        value(text, numbers=numbers, mixed=mixed, long="a" * 1_000_000)


def test_many_values_of_one_kind_are_told_apart() -> None:
    assert value("count(distinct values(texts))", texts=[str(n % 100) for n in range(20_000)]) == 100
    assert value("2 ** 100000000") is None
