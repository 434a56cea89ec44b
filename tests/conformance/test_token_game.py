"""Random processes on random schedules: the kernel and the token game must agree at every step."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from tests.conformance.graphs import Graph
from tests.conformance.playing import play
from tests.conformance.structured_processes import structured
from tests.conformance.unstructured_processes import unstructured

MOST_MOVES = {structured: 120, unstructured: 40}
Make = Callable[[Random], Graph]


@pytest.mark.parametrize("seed", range(150))
@pytest.mark.parametrize("make", [structured, unstructured])
def test_kernel_and_token_game_agree(make: Make, seed: int) -> None:
    play(make, seed, MOST_MOVES[make], sound=make is structured)


#: The long run, a thousand in each test, so that two workers share them. Unstructured ones take four times as long.
THOUSANDS = [*((structured, n) for n in range(1, 17)), *((unstructured, n) for n in range(1, 5))]


@pytest.mark.long
@pytest.mark.skipif("RADNICE_TEST_LONG" not in os.environ, reason="minutes: run `make test-long`")
@pytest.mark.parametrize("make, thousand", THOUSANDS)
def test_kernel_and_token_game_agree_on_twenty_thousand(
    make: Make, thousand: int, record_property: Callable[[str, object], None]
) -> None:
    seeds = range(thousand * 1000, (thousand + 1) * 1000)
    ends = Counter(play(make, seed, MOST_MOVES[make], sound=make is structured) for seed in seeds)
    record_property("summary", f"{make.__name__} processes against the token game: {dict(ends.most_common())}")
