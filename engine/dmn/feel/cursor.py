"""Walks along the tokens of a FEEL text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.dmn.feel.lex import Token
from engine.dmn.feel.nodes import Node, Tests
from engine.errors import DecisionError

P = TypeVar("P")


class Cursor:
    """Where a parser stands."""

    def __init__(self, text: str, found: Sequence[Token]) -> None:
        self.text = text
        self.all = found
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.all[self.at]

    @property
    def following(self) -> Token:
        return self.all[min(self.at + 1, len(self.all) - 1)]

    def take(self) -> Token:
        """Give the token and go on."""
        token = self.token
        self.at += token.kind != "end"
        return token

    def sees(self, *texts: str) -> bool:
        """Say whether one of these signs or keywords comes next."""
        return self.token.kind in ("sign", "word") and self.token.text in texts

    def accept(self, *texts: str) -> bool:
        """Go on when one of these comes next."""
        found = self.sees(*texts)
        self.at += found
        return found

    def expect(self, text: str) -> None:
        """Go on; refuse when something else comes next."""
        if not self.accept(text):
            raise self.refusal(f"{text} is missing")

    def name(self) -> str:
        """Give the name that must come next."""
        if self.token.kind != "name":
            raise self.refusal("a name is missing")
        return self.take().text

    def separated(self, read: Callable[[], P]) -> tuple[P, ...]:
        """Read one or more with commas between."""
        found = [read()]
        while self.accept(","):
            found.append(read())
        return tuple(found)

    def opens_interval(self) -> bool:
        """Say whether the parenthesis that comes next begins an interval: `..` before it closes."""
        depth = 0
        for token in self.all[self.at :]:
            depth += (token.text in "([{" and token.kind == "sign") - (token.text in ")]}" and token.kind == "sign")
            if token.text == ".." and depth == 1:
                return True
            if depth <= 0:
                return False
        return False

    def closes_interval(self) -> bool:
        """Say whether the bracket that comes next ends an interval such as `]1..10[`: nothing to filter by follows."""
        after = self.following
        return after.kind == "end" or after.text in (",", ")", "]", "}", "and", "or", "then", "else")

    def refusal(self, why: str) -> DecisionError:
        """Make the error that names the place."""
        place = self.text[self.token.position : self.token.position + 15].strip()
        where = f"before {place!r}" if place else "at the end"
        return DecisionError(f"{self.text.strip()[:80]!r} can't be read: {why} {where}")

    def expression(self) -> Node:
        """Read any expression."""
        raise NotImplementedError

    def cell(self) -> Tests:
        """Read the unary tests of a cell."""
        raise NotImplementedError
