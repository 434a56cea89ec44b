"""Numbers of cases in addresses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Map

from web.numbers import CaseNumber, written

CONVERTER = CaseNumber(Map())


@given(st.text("aÁ1/~!", min_size=1))
def test_a_number_comes_out_of_the_address_as_it_went_in(number: str) -> None:
    assert "/" not in written(number)
    assert CONVERTER.to_python(written(number)) == number


def test_a_usual_number_stands_there_as_it_is() -> None:
    assert written("PRI-2026-0001") == "PRI-2026-0001"
    assert written("OV/666/18") == "OV~666~18"
