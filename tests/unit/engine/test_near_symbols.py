"""What somebody may have meant who mistyped a symbol."""

from __future__ import annotations

import pytest

from engine.near_symbols import near


@pytest.mark.parametrize("typed", ["2600000043", "2600000035", "260000034", "2600000304", "600000034", "2600000134"])
def test_one_slip_is_forgiven(typed: str) -> None:
    assert "2600000034" in near(typed)


@pytest.mark.parametrize("typed", ["2600000034", "2600000045", "2600004300", "34", "", "26000000341", "x"])
def test_the_symbol_itself_two_slips_and_a_few_digits_mean_nothing(typed: str) -> None:
    assert "2600000034" not in near(typed)


def test_there_are_no_more_than_a_query_takes() -> None:
    assert len(near("2612345678")) < 250
    assert all(len(one) <= 10 for one in near("1234567890"))
