"""Which variables are there at a place of a diagram: what may have set them before, and what every case has."""

from __future__ import annotations

from engine.check.order import MOST_NODES, before, process_of
from engine.check.subject import Subject
from engine.check.surroundings import Surroundings
from engine.check.texts import given_by
from engine.diagram import Node
from engine.errors import EngineError
from engine.reading import read_model
from engine.reading.xml import parse_xml


def earlier(subject: Subject, node: Node, process: Node, *, after: bool = False) -> list[Node]:
    """Give the nodes that may have set something for a node's texts; with `after` for what stands behind it."""
    found = before(subject.model, node.id)
    if node.loop or after or node.event_sub:
        found.add(node.id)
    found |= {one for one in process.starts if one in subject.model.nodes}
    return [subject.model.nodes[one] for one in found]


def known_at(subject: Subject, node: Node, *, after: bool = False) -> frozenset[str] | None:
    """Give the variables that may be there; None = any, where a case may begin or go on with any data."""
    process = process_of(subject.model, node.id)
    if process is None or begins_with_anything(subject, process):
        return None
    names = set(process.local)
    for one in earlier(subject, node, process, after=after):
        given = given_by(one, subject)
        if given is None:
            return None
        names |= given | set(one.local)
    return frozenset(names | own(node))


def own(node: Node) -> set[str]:
    """Give what a node's own texts may use: its item, its result, what its scripts set."""
    loop = {n for n in (node.loop.item, node.loop.output_item) if n} if node.loop else set()
    results = {c.result for c in (node.connector, node.decision) if c is not None and c.result}
    return loop | results


def begins_with_anything(subject: Subject, process: Node) -> bool:
    """Say whether a case may begin with data that no form describes: by a program, or called with everything."""
    calls = [c for c in subject.surroundings.calls or () if c.called == process.id]
    if calls or any(n.called == process.id for n in subject.nodes("callActivity")):
        return True
    starts = [subject.model.nodes[s] for s in process.starts]
    return any(s.start is None and not s.triggers for s in starts) or not starts


def scope_at(content: bytes, element: str, surroundings: Surroundings) -> dict[str, str] | None:
    """Give the variables that an author may write at a node or flow: name → the node that sets it.

    "" = every case has it. Where anything may be there, those whose names are known. None where there is no such place.
    """
    try:
        subject = Subject(read_model(content), parse_xml(content), surroundings)
    except EngineError:
        return None
    flow = subject.model.flows.get(element)
    node = subject.node(flow.source if flow else element)
    process = process_of(subject.model, node.id) if node else None
    if node is None or process is None or len(subject.model.nodes) > MOST_NODES:
        return None
    names = dict.fromkeys(surroundings.variables, "")
    names |= dict.fromkeys((*process.local, *own(node)), node.id)
    for one in sorted(earlier(subject, node, process, after=flow is not None), key=lambda one: one.id):
        for name in (given_by(one, subject) or frozenset()) | set(one.local):
            names.setdefault(name, one.id)
    return {name: setter for name, setter in names.items() if not name.startswith("_")}
