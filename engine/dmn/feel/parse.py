"""Reads FEEL expressions and the unary tests of decision tables' cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from engine.dmn.feel.cursor import Cursor
from engine.dmn.feel.lex import tokens
from engine.dmn.feel.nodes import (
    Call,
    Choice,
    Interval,
    Iteration,
    Literal,
    Membership,
    Name,
    Negation,
    Node,
    Operation,
    Path,
    Tests,
)
from engine.dmn.feel.nodes import Filter as FilterNode
from engine.dmn.feel.primary import literal, primary
from engine.errors import DecisionError

LONGEST_TEXT = 10_000
DEEPEST = 50
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
#: Signs by how strongly they bind, the weakest first.
_LEVELS = (("or",), ("and",), _COMPARISONS, ("+", "-"), ("*", "/"), ("**",))
_COMPARING = 2

T = TypeVar("T", bound=Node)


@lru_cache(maxsize=4096)
def parse_expression(text: str, names: frozenset[str] = frozenset()) -> Node:
    """Read an expression; `names` are those in reach. Raises DecisionError."""
    return _whole(text, names, Parser.expression)


@lru_cache(maxsize=4096)
def parse_tests(text: str, names: frozenset[str] = frozenset()) -> Tests:
    """Read a cell: `-`, `< 18`, `[1..5], 7`, `not("a")`. Raises DecisionError."""
    if text.strip() in ("", "-"):
        return Tests(())
    return _whole(text, names, Parser.cell)


def _whole(text: str, names: frozenset[str], read: Callable[[Parser], T]) -> T:
    if len(text) > LONGEST_TEXT:
        raise DecisionError(f"a text of a decision is longer than {LONGEST_TEXT} characters")
    parser = Parser(text, list(tokens(text, names)))
    found = read(parser)
    if parser.token.kind != "end":
        raise parser.refusal("something is wrong")
    return found


class Parser(Cursor):
    """Recursive descent over FEEL's levels of binding."""

    def expression(self) -> Node:
        """Read any expression."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refusal("it is nested too deeply")
        if self.accept("if"):
            found: Node = self._choice()
        elif self.sees("for", "some", "every"):
            found = self._iteration()
        else:
            found = self._binary(0)
        self.depth -= 1
        return found

    def cell(self) -> Tests:
        """Read the unary tests of a cell."""
        if self.token.text == "not" and self.following.text == "(":
            self.take(), self.take()
            tests = self.tests()
            self.expect(")")
            return Tests(tests, negated=True)
        return Tests(self.tests())

    def tests(self) -> tuple[Node, ...]:
        """Read tests with commas between."""
        return self.separated(self._test)

    def _test(self) -> Node:
        if self.sees(*_COMPARISONS):
            sign = self.take().text
            bound = self._binary(_COMPARING + 1)
            match sign:
                case "<" | "<=":
                    return Interval(None, bound, False, sign == "<=")
                case ">" | ">=":
                    return Interval(bound, None, sign == ">=", False)
            return bound if sign == "=" else Tests((bound,), negated=True)
        return self.expression()

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while True:
            if self.sees(*_LEVELS[level]):
                sign = self.take().text
                left = Operation(sign, left, self._binary(level + 1))
            elif level == _COMPARING and self.accept("between"):
                low = self._binary(_COMPARING + 1)
                self.expect("and")
                left = Membership(left, Tests((Interval(low, self._binary(_COMPARING + 1), True, True),)))
            elif level == _COMPARING and self.accept("in"):
                left = Membership(left, self._among())
            else:
                return left

    def _among(self) -> Tests:
        if self.sees("(") and not self.opens_interval():
            self.take()
            tests = self.tests()
            self.expect(")")
            return Tests(tests)
        return Tests((self._test(),))

    def _unary(self) -> Node:
        signs = 0
        while self.accept("-"):
            signs += 1
        found = self._postfix()
        return Negation(found) if signs % 2 else found

    def _postfix(self) -> Node:
        found = primary(self)
        while True:
            if self.sees("(") and isinstance(found, Name):
                found = self._call(found.name)
            elif self.accept("."):
                found = Path(found, self.name())
            elif self.sees("[") and not self.closes_interval():
                self.take()
                found = FilterNode(found, self.expression())
                self.expect("]")
            else:
                return found

    def _call(self, function: str) -> Call:
        self.expect("(")
        if self.accept(")"):
            return Call(function, ())
        names: tuple[str, ...] = ()
        if self.token.kind == "name" and self.following.text == ":":
            pairs = self.separated(self._named_argument)
            names, arguments = tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)
        else:
            arguments = self.separated(self.expression)
        self.expect(")")
        return Call(function, arguments, names)

    def _named_argument(self) -> tuple[str, Node]:
        name = self.name()
        self.expect(":")
        return name, self.expression()

    def _choice(self) -> Choice:
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return Choice(condition, then, self.expression())

    def _iteration(self) -> Iteration:
        kind = self.take().text
        pairs = self.separated(self._source)
        self.expect("return" if kind == "for" else "satisfies")
        return Iteration(kind, tuple(p[0] for p in pairs), tuple(p[1] for p in pairs), self.expression())

    def _source(self) -> tuple[str, Node]:
        name = self.name()
        self.expect("in")
        source = self.expression()
        if self.accept(".."):
            source = Interval(source, self.expression(), True, True)
        return name, source


def is_literal(node: Node) -> bool:
    """Say whether a cell's test is a plain value."""
    return isinstance(node, Literal) or (isinstance(node, Negation) and is_literal(node.of))


__all__ = ["Parser", "is_literal", "literal", "parse_expression", "parse_tests"]
