"""Which message is for which wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.store.matching import correlation_hash, hashes_heard, hears

KEYS = st.sampled_from("abc")
CORRELATION = st.dictionaries(KEYS, st.one_of(st.integers(0, 2), st.sampled_from(["0", "1", ""])), max_size=3)


@given(CORRELATION, CORRELATION)
def test_the_hashes_find_exactly_the_waits_that_hear(wait: dict[str, object], message: dict[str, object]) -> None:
    assert (correlation_hash(wait) in hashes_heard(message)) == hears(wait, message)


def test_the_most_particular_wait_comes_first() -> None:
    hashes = hashes_heard({"a": 1, "b": 2})
    assert hashes[0] == correlation_hash({"b": 2, "a": 1})
    assert hashes[-1] == ""


def test_too_many_keys_are_refused() -> None:
    with pytest.raises(Invalid):
        hashes_heard({str(number): number for number in range(7)})
