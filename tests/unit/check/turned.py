"""Shipped diagrams with one gateway turned into another kind, as a slip in the modeller does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.diagram import Model
from engine.reading import read_model

SHIPPED = sorted(Path(__file__).parents[3].joinpath("processes").rglob("*.bpmn"))


def turned(path: Path, kind: str, into: str) -> Iterator[tuple[str, Model]]:
    """Give each gateway of a kind by its id, and the diagram in which it is of another kind."""
    model = read_model(path.read_bytes())
    for node in [*model.nodes.values()]:
        if node.kind == kind:
            bare = [replace(f, condition=None) for f in node.outgoing] if into == "parallelGateway" else node.outgoing
            other = replace(node, kind=into, default=None, outgoing=bare)
            flows = model.flows | {f.id: f for f in bare}
            yield node.id, replace(model, nodes=model.nodes | {node.id: other}, flows=flows, memo={})


def comes_back(model: Model, gateway: str) -> bool:
    """Say whether a way leads from a gateway to itself."""
    found: set[str] = set()
    todo = [gateway]
    while todo:
        for flow in model.nodes[todo.pop()].outgoing:
            if flow.target not in found:
                found.add(flow.target)
                todo.append(flow.target)
    return gateway in found
