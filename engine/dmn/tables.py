"""What a DMN file says, as plain facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.dmn.feel.nodes import Node, Tests


@dataclass(frozen=True, kw_only=True)
class Input:
    """An input column."""

    text: str
    expression: Node
    label: str = ""
    type: str | None = None
    #: Values the column may have; None = any.
    allowed: Tests | None = None

    @property
    def name(self) -> str:
        return self.label or self.text


@dataclass(frozen=True, kw_only=True)
class Output:
    """An output column."""

    name: str
    label: str = ""
    type: str | None = None
    #: Values in order of priority, the first is the most important.
    values: tuple[Node, ...] = ()
    default: Node | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row."""

    id: str
    #: 1 for the first one.
    number: int
    tests: tuple[Tests, ...]
    results: tuple[Node | None, ...]
    annotation: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table."""

    id: str | None
    #: UNIQUE, FIRST, ANY, PRIORITY, RULE ORDER, OUTPUT ORDER or COLLECT
    hit_policy: str
    #: COLLECT: SUM, MIN, MAX, COUNT or None for the list.
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A FEEL expression in a box."""

    text: str
    node: Node


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """A call of a business knowledge model, its arguments by name."""

    function: str
    arguments: Mapping[str, Logic]


@dataclass(frozen=True, kw_only=True)
class Entries:
    """A boxed context; the entry without a name is its result."""

    entries: tuple[tuple[str | None, Logic], ...]


@dataclass(frozen=True, kw_only=True)
class Items:
    """A boxed list."""

    items: tuple[Logic, ...]


Logic: TypeAlias = "Table | Expression | Invocation | Entries | Items"


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """A business knowledge model: a function."""

    name: str
    parameters: tuple[str, ...]
    body: Logic


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision and what it needs."""

    id: str
    name: str
    #: Name under which other decisions see its result.
    variable: str
    type: str | None
    logic: Logic | None
    #: Ids of required decisions.
    requires: tuple[str, ...] = ()
    #: Names of required input data → declared type.
    inputs: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """All decisions of some files."""

    by_id: Mapping[str, Decision]
    knowledge: Mapping[str, Knowledge] = field(default_factory=dict)
    #: Allowed values by name of a declared type.
    types: Mapping[str, str] = field(default_factory=dict)

    def find(self, ref: str) -> Decision | None:
        """Give a decision by id or by name."""
        return self.by_id.get(ref) or next((d for d in self.by_id.values() if d.name == ref), None)
