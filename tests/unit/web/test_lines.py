"""Differences of texts line by line."""

from __future__ import annotations

from web.studio.lines import difference


def test_lines_that_differ_stand_among_those_around_them() -> None:
    before = "\n".join(map(str, range(12)))
    after = before.replace("\n6\n", "\nšest\nseděl\n")
    told = [(one.kind, one.text) for one in difference(before, after)]
    around = [("same", "4"), ("same", "5"), ("out", "6"), ("in", "šest"), ("in", "seděl"), ("same", "7"), ("same", "8")]
    assert told == [("gap", ""), *around, ("gap", "")]


def test_a_new_text_is_all_new_and_the_same_one_says_nothing() -> None:
    assert [one.kind for one in difference("", "a\nb")] == ["in", "in"]
    assert difference("a\n", "a\n") == []
