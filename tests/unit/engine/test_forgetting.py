"""Taking answers out by their places."""

from __future__ import annotations

import pytest

from engine.forgetting import parts_of, taken_out, telling
from engine.model import Json


@pytest.mark.parametrize(
    ("place", "value", "left", "gone"),
    [
        ("/a", {"a": 1, "b": 2}, {"b": 2}, [1]),
        ("/a/b", {"a": {"b": "x", "c": 1}}, {"a": {"c": 1}}, ["x"]),
        ("/a/*/b", {"a": [{"b": 1}, {"c": 2}]}, {"a": [{}, {"c": 2}]}, [1]),
        ("/a/*", {"a": ["x", "y"]}, {"a": []}, ["x", "y"]),
        ("/a/b", {"a": "text"}, {"a": "text"}, []),
        ("/a", ["a"], ["a"], []),
        ("/a", {}, {}, []),
    ],
)
def test_what_stands_in_a_place_is_taken_out_and_nothing_else(place: str, value: Json, left: Json, gone: Json) -> None:
    assert taken_out(value, [parts_of(place)]) == (left, gone)


def test_several_places_are_taken_out_together_and_the_value_given_stays_as_it_was() -> None:
    value: Json = {"a": {"b": 1, "c": 2}, "d": 3}
    assert taken_out(value, [["a", "b"], ["d"]]) == ({"a": {"c": 2}}, [1, 3])
    assert value == {"a": {"b": 1, "c": 2}, "d": 3}


def test_only_longer_texts_tell_somebody_the_longest_first() -> None:
    assert telling(["ano", {"x": ["Lipová 7", 123456]}, "Kvapilová Dana"]) == ["Kvapilová Dana", "Lipová 7"]
