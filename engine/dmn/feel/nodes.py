"""The tree of a FEEL text."""

from __future__ import annotations

from dataclasses import dataclass


class Node:
    """A piece of FEEL."""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Operation(Node):
    #: + - * / ** = != < <= > >= and or
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    of: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: str
    arguments: tuple[Node, ...]
    #: Names of the arguments where they are given by name.
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Path(Node):
    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    of: Node
    by: Node


@dataclass(frozen=True, slots=True)
class Choice(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    #: for, some, every
    kind: str
    names: tuple[str, ...]
    sources: tuple[Node, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """From low to high; None is no bound."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """value in (tests)"""

    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """A cell: passes when one of the tests passes, or none where it is negated. No tests: any value passes."""

    tests: tuple[Node, ...]
    negated: bool = False
