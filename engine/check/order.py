"""What can come before what: flows followed backwards, through bodies, boundaries and event sub-processes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram import Flow, Model, Node

#: What comes before what is not asked for every node of a larger file; no person draws one.
MOST_NODES = 3_000


def before(model: Model, node: str) -> set[str]:
    """Give every node that may have been done before a node begins, in its process."""
    found: set[str] = set()
    todo = [node]
    while todo:
        for previous in _directly_before(model, model.nodes[todo.pop()]):
            if previous not in found:
                found.add(previous)
                todo.append(previous)
    return found


def _directly_before(model: Model, node: Node) -> Iterator[str]:
    yield from (flow.source for flow in node.incoming if flow.source in model.nodes)
    host = model.nodes.get(node.attached_to or "")
    if host is not None:
        # The activity may have done a part of its work before the event.
        yield host.id
        yield from _inside(model, host)
    if node.kind == "intermediateCatchEvent":
        yield from _link_sources(model, node)
    body = model.nodes.get(node.parent or "")
    if body is not None and body.kind != "process":
        yield from _entering(model, body)
    yield from _inside(model, node)


def _entering(model: Model, body: Node) -> Iterator[str]:
    """Give what comes before the body: its own predecessors; around an event sub-process anything may."""
    yield body.id
    parent = model.nodes.get(body.parent or "")
    if (body.event_sub or body.compensation) and parent is not None:
        yield from parent.members
    if parent is not None and parent.kind == "adHocSubProcess":
        yield from parent.members


def _inside(model: Model, node: Node) -> Iterator[str]:
    yield from (member for member in node.members if member in model.nodes)


def _link_sources(model: Model, node: Node) -> Iterator[str]:
    names = {t.name for t in node.triggers if t.kind == "link"}
    for other in model.nodes.values():
        if other.kind == "intermediateThrowEvent" and any(t.kind == "link" and t.name in names for t in other.triggers):
            yield other.id


def reachable(model: Model, start: str) -> set[str]:
    """Give every node that flows lead to from a node, itself included."""
    found, todo = {start}, [start]
    while todo:
        node = model.nodes[todo.pop()]
        following = [f.target for f in node.outgoing] + [f.target for b in node.boundaries for f in _out(model, b)]
        for target in following:
            if target not in found and target in model.nodes:
                found.add(target)
                todo.append(target)
    return found


def _out(model: Model, node: str) -> list[Flow]:
    return model.nodes[node].outgoing


def process_of(model: Model, node: str | None) -> Node | None:
    """Give the process a node lies in."""
    found = model.nodes.get(node or "")
    while found is not None and found.kind != "process":
        found = model.nodes.get(found.parent or "")
    return found
