"""The names that a FEEL text reads from outside."""

from __future__ import annotations

from dataclasses import fields

from engine.dmn.feel.nodes import ContextOf, Filter, Iteration, Name, Node

INPUT = "?"


def names_in(node: Node | None) -> frozenset[str]:
    """Give the free names of a text; what a filter's row may offer is not among them."""
    match node:
        case None:
            return frozenset()
        case Name(name=name):
            return frozenset({name}) - {INPUT}
        case Iteration(names=own, sources=sources, body=body):
            return _all(sources) | (names_in(body) - set(own))
        case ContextOf(entries=entries):
            own_keys = {key for key, _ in entries}
            return _all(value for _, value in entries) - own_keys
        case Filter(of=of):
            return names_in(of)
    return _all(_parts(node))


def _all(nodes: object) -> frozenset[str]:
    return frozenset(name for node in nodes for name in names_in(node))  # type: ignore[attr-defined]


def _parts(node: Node) -> list[Node]:
    found: list[Node] = []
    for field in fields(node):  # type: ignore[arg-type]
        value = getattr(node, field.name)
        found += [v for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, Node)]
    return found
