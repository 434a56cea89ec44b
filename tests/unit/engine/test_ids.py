"""Identifiers: in order of time, different, and of plain signs."""

from __future__ import annotations

import pytest

from engine.ids import new_id_in_order


def test_identifiers_in_order_are_different_and_sort_by_when_they_were_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [1_790_000_000_000 + 7 * n * n for n in range(400)]
    found = []
    for moment in moments:
        monkeypatch.setattr("engine.ids.time.time_ns", lambda at=moment: at * 1_000_000)
        found.append(new_id_in_order())
    assert found == sorted(found)
    assert len(set(found)) == len(found)
    assert all(len(one) == 26 and one.isalnum() and one == one.lower() and one.isascii() for one in found)


def test_identifiers_of_one_moment_are_different_and_those_of_before_sort_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.ids.time.time_ns", lambda: 1_764_000_000_000_000_000)
    found = {new_id_in_order() for _ in range(1000)}
    assert len(found) == 1000
    # The same moment as it was written until November 2026: twelve digits of base sixteen.
    assert all(f"{1_764_000_000_000:012x}" < one for one in found)
