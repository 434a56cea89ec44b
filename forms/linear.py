"""A matcher of regular expressions whose time grows with the text only (Thompson's construction).

It reads what Python's own parser makes of a pattern: characters, classes, alternatives, groups, repetitions, anchors,
looking ahead. Looking ahead costs one more walk through the text at each place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser
from typing import Any

#: A pattern grows to so many states at most.
MAX_STATES = 4_000
#: From so many on a repetition counts as one without a limit.
MANY = 10

Test = Callable[[str], bool]
#: A condition on a position in a text; takes no character.
Condition = Callable[[str, int], bool]


class TooHard(Exception):
    """The pattern uses something that can't be matched in time that grows with the text only."""

    def __init__(self, czech: str, english: str) -> None:
        super().__init__(english)
        self.czech = czech


@dataclass(eq=False)
class _State:
    """A place in the pattern: a test for one character, or free ways on, or a condition on the position."""

    test: Test | None = None
    holds: Condition | None = None
    on: list[_State] = field(default_factory=list)


def risk(pattern: str) -> tuple[bool, int]:
    """Say whether a repetition holds another one, and how many there are without a limit. Raises TooHard."""
    return _risk(parser.parse(pattern, re.ASCII))


def _risk(items: Any) -> tuple[bool, int]:
    nested, repeats = False, 0
    for kind, value in items:
        inside_nested, inside = False, 0
        for part in _parts(kind, value):
            deeper, more = _risk(part)
            inside_nested, inside = inside_nested or deeper, inside + more
        if kind in _REPEATS and value[1] >= MANY:
            inside_nested = inside_nested or inside > 0 or _has_choice(value[2])
            inside += 1
        nested, repeats = nested or inside_nested, repeats + inside
    return nested, repeats


_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def _parts(kind: Any, value: Any) -> Iterator[Any]:
    if kind in _REPEATS:
        yield value[2]
    elif kind is op.SUBPATTERN:
        yield value[3]
    elif kind is op.BRANCH:
        yield from value[1]
    elif kind in (op.ASSERT, op.ASSERT_NOT):
        yield value[1]
    elif kind is op.ATOMIC_GROUP:
        yield value


def _has_choice(items: Any) -> bool:
    return any(
        kind is op.BRANCH or (kind in _REPEATS and value[0] != value[1]) or any(map(_has_choice, _parts(kind, value)))
        for kind, value in items
    )


@lru_cache(maxsize=500)
def linear(pattern: str) -> Callable[[str], bool]:
    """Make a function that says whether the pattern is found in a text. Raises TooHard."""
    maker = _Maker()
    start, end = maker.made(parser.parse(pattern, re.ASCII))
    return lambda text: _found(start, end, text)


def _found(start: _State, end: _State, text: str, since: int | None = None) -> bool:
    """Say whether the pattern is found anywhere, or beginning at a position."""
    now: set[_State] = {start}
    for position in range(since or 0, len(text) + 1):
        now = _free(now, text, position)
        if end in now:
            return True
        if position < len(text):
            now = {following for state in now if _takes(state, text[position]) for following in state.on}
        if since is None:
            now.add(start)
        elif not now:
            return False
    return False


def _takes(state: _State, char: str) -> bool:
    return state.test is not None and state.test(char)


def _free(states: set[_State], text: str, position: int) -> set[_State]:
    """Follow every way that takes no character."""
    reached, waiting = set(states), list(states)
    while waiting:
        state = waiting.pop()
        if state.test is None and (state.holds is None or state.holds(text, position)):
            fresh = [following for following in state.on if following not in reached]
            reached.update(fresh)
            waiting.extend(fresh)
    return reached


def _edge(text: str, position: int) -> bool:
    return _is_word(text, position - 1) != _is_word(text, position)


def _is_word(text: str, position: int) -> bool:
    return (
        0 <= position < len(text) and text[position].isascii() and (text[position].isalnum() or text[position] == "_")
    )


class _Maker:
    def __init__(self) -> None:
        self.count = 0

    def state(self, test: Test | None = None, holds: Condition | None = None) -> _State:
        self.count += 1
        if self.count > MAX_STATES:
            raise TooHard("je příliš velký", "it is too large")
        return _State(test=test, holds=holds)

    def made(self, items: Any) -> tuple[_State, _State]:
        start = end = self.state()
        for kind, value in items:
            first, last = self._one(kind, value)
            end.on.append(first)
            end = last
        return start, end

    def _one(self, kind: Any, value: Any) -> tuple[_State, _State]:
        if kind in _REPEATS:
            return self._repeated(*value)
        if kind is op.SUBPATTERN and not value[1] and not value[2]:
            return self.made(value[3])
        if kind is op.BRANCH:
            return self._branch(value[1])
        if kind is op.AT:
            return self._single(self.state(holds=_condition(value)))
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return self._single(self.state(holds=self._ahead(*value, wanted=kind is op.ASSERT)))
        return self._single(self.state(_test(kind, value)))

    def _ahead(self, direction: int, items: Any, *, wanted: bool) -> Condition:
        if direction < 0:
            raise TooHard("nejde v něm použít pohled zpět", "looking behind can't be used in it")
        start, end = self.made(items)
        return lambda text, position: _found(start, end, text, position) == wanted

    def _single(self, state: _State) -> tuple[_State, _State]:
        after = self.state()
        state.on.append(after)
        return state, after

    def _branch(self, branches: Any) -> tuple[_State, _State]:
        start, end = self.state(), self.state()
        for branch in branches:
            first, last = self.made(branch)
            start.on.append(first)
            last.on.append(end)
        return start, end

    def _repeated(self, least: int, most: int, item: Any) -> tuple[_State, _State]:
        start = end = self.state()
        for _ in range(least):
            first, last = self.made(item)
            end.on.append(first)
            end = last
        if most == op.MAXREPEAT:
            first, last = self.made(item)
            end.on.append(first)
            last.on.append(end)
            return start, self._after([end])
        outs = [end]
        for _ in range(most - least):
            first, last = self.made(item)
            end.on.append(first)
            end = last
            outs.append(end)
        return start, self._after(outs)

    def _after(self, outs: list[_State]) -> _State:
        after = self.state()
        for out in outs:
            out.on.append(after)
        return after


def _condition(where: Any) -> Condition:
    if where not in _CONDITIONS:
        raise TooHard(f"nejde v něm použít {where}", f"{where} can't be used in it")
    return _CONDITIONS[where]


_CONDITIONS: dict[Any, Condition] = {
    op.AT_BEGINNING: lambda text, position: position == 0,
    op.AT_BEGINNING_STRING: lambda text, position: position == 0,
    op.AT_END: lambda text, position: position == len(text),
    op.AT_END_STRING: lambda text, position: position == len(text),
    op.AT_BOUNDARY: _edge,
    op.AT_NON_BOUNDARY: lambda text, position: not _edge(text, position),
}


def _test(kind: Any, value: Any) -> Test:
    if kind is op.LITERAL:
        return chr(value).__eq__
    if kind is op.NOT_LITERAL:
        return chr(value).__ne__
    if kind is op.ANY:
        return lambda char: char != "\n"
    if kind is op.IN:
        return _class(value)
    raise TooHard(f"nejde v něm použít {str(kind).lower()}", f"{str(kind).lower()} can't be used in it")


def _class(items: Any) -> Test:
    negated = bool(items) and items[0][0] is op.NEGATE
    tests = [_member(kind, value) for kind, value in items if kind is not op.NEGATE]
    return lambda char: any(test(char) for test in tests) != negated


def _member(kind: Any, value: Any) -> Test:
    if kind is op.RANGE:
        return lambda char: value[0] <= ord(char) <= value[1]
    if kind is op.CATEGORY:
        compiled = re.compile(_CATEGORIES[value], re.ASCII)
        return lambda char: compiled.match(char) is not None
    return _test(kind, value)


_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
