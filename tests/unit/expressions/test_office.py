"""Built-ins for an office: money, days, tables, texts."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScriptError
from engine.expressions import FUNCTIONS, evaluate_value
from engine.expressions.office import BUILTINS

DOCS = Path(__file__).resolve().parents[3] / "docs" / "expressions.md"
EXAMPLE = re.compile(r"^\| `(?P<text>[^`]+)` \| `(?P<result>[^`]*)` \|", re.MULTILINE)
CENTS = st.integers(-(10**12), 10**12)


def value(text: str, **variables: Any) -> Any:
    return evaluate_value(text, variables)


def examples() -> list[tuple[str, str]]:
    return [(m["text"], m["result"]) for m in EXAMPLE.finditer(DOCS.read_text())]


@pytest.mark.parametrize(("text", "result"), examples())
def test_the_documentation_says_what_happens(text: str, result: str) -> None:
    variables = {
        "rows": [{"item": "voda", "amount": "120.50"}, {"item": "plyn", "amount": 79}],
        "votes": [{"who": "A", "vote": "for"}, {"who": "B", "vote": "against"}, {"who": "C", "vote": "for"}],
    }
    found = evaluate_value(text, variables)
    assert repr(found).replace("\\xa0", " ") == repr(evaluate_value(result, {}))


def test_every_built_in_is_documented_with_an_example() -> None:
    texts = " ".join(text for text, _ in examples())
    assert {name for name in BUILTINS if f"{name}(" not in texts} == set()
    assert set(BUILTINS) <= FUNCTIONS


# --- money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "full", "short"),
    [
        ("7620", "7 620,00 Kč", "7 620,- Kč"),
        (7620, "7 620,00 Kč", "7 620,- Kč"),
        ("3810.5", "3 810,50 Kč", "3 810,50 Kč"),
        (0, "0,00 Kč", "0,- Kč"),
        (-1234567, "−1 234 567,00 Kč", "−1 234 567,- Kč"),
        ("1 234,56", "1 234,56 Kč", "1 234,56 Kč"),
        (7620 * 6 / 12, "3 810,00 Kč", "3 810,- Kč"),
    ],
)
def test_money_is_written_as_people_read_it(amount: Any, full: str, short: str) -> None:
    assert value("money(x)", x=amount).replace("\u00a0", " ") == full
    assert value("money_short(x)", x=amount).replace("\u00a0", " ") == short


def test_the_spaces_in_money_do_not_break() -> None:
    assert value('money("7620")') == "7\u00a0620,00\u00a0Kč"


@given(CENTS)
def test_haléře_and_crowns_turn_into_each_other_exactly(halere: int) -> None:
    assert value("to_halere(from_halere(x))", x=halere) == halere


@given(st.lists(CENTS, max_size=20))
def test_a_sum_of_decimal_texts_is_exact(amounts: list[int]) -> None:
    texts = [f"{Decimal(a) / 100:.2f}" for a in amounts]
    assert Decimal(value("sum(x)", x=texts)) == Decimal(sum(amounts)) / 100


@given(CENTS, st.integers(0, 4))
def test_rounding_is_half_up_as_with_money(amount: int, places: int) -> None:
    exact = Decimal(amount) / 1000
    expected = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert Decimal(value("round_half_up(x, n)", x=str(exact), n=places)) == expected


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    assert value('sum(["0.1", "0.2"])') == value('plus("0.1", "0.2")') == "0.3"


@pytest.mark.parametrize("amount", ["", "abc", "1e999999999", "1.2.3", "NaN", None, True, [], "9" * 40])
def test_what_is_no_amount_is_an_error(amount: Any) -> None:
    with pytest.raises(ScriptError, match="not a number"):
        value("money(x)", x=amount)


def test_division_by_zero_is_an_error() -> None:
    with pytest.raises(ScriptError, match="zero"):
        value("divide(1, 0)")


# --- days, tables, texts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ['add_days("2026-01-01", 10000000)', 'date("31. 12. 2026")', "year(5)", "date(2026, 13, 1)"]
)
def test_what_is_no_day_is_an_error(text: str) -> None:
    with pytest.raises(ScriptError):
        value(text)


def test_joining_from_july_makes_six_months() -> None:
    assert value("divide(fee * months_between(start, end), 12)", fee=7620, start="2026-07-01", end="2026-12-31") == 3810


def test_a_table_is_a_list_of_records() -> None:
    with pytest.raises(ScriptError, match="list of records"):
        value('sum_of(x, "a")', x=[1, 2])
