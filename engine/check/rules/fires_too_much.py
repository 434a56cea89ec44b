"""What is thrown reaches whom its author meant: escalations and signals that fire more than one thing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.order import process_of
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import Node

THROWING = frozenset({"intermediateThrowEvent", "endEvent"})


@rule(
    "fires-too-much",
    "warning",
    mend=(
        "Dejte eskalaci nebo signálu vlastní kód či název, který čeká jen ten, komu patří.",
        "Give the escalation or signal a code or name of its own that only the intended one waits for.",
    ),
    codeless=(
        "Eskalace bez kódu spustí na okraji kteroukoli eskalaci ({others}).",
        "An escalation without a code fires every escalation event around it ({others}).",
    ),
    begins_itself=(
        "Signálem {name} proces sám sebe znovu zahájí, při každém průchodu.",
        "The signal {name} begins this very process again, each time it comes here.",
    ),
    several=(
        "Signál {name} zachytí víc míst najednou: {others}.",
        "Several places catch the signal {name} at once: {others}.",
    ),
)
def fires_too_much(subject: Subject) -> Iterator[Found]:
    """Find escalations without a code, signals that begin their own process, and signals for several."""
    for node, trigger in subject.triggers("escalation"):
        others = _around(subject, node) if node.kind in THROWING and not trigger.name else []
        if len(others) > 1:
            yield found("codeless", node.id, others=_told(others))
    for node, trigger in subject.triggers("signal"):
        if node.kind in THROWING and trigger.name:
            yield from _signal(subject, node, trigger.name)


def _signal(subject: Subject, node: Node, name: str) -> Iterator[Found]:
    process = process_of(subject.model, node.id)
    catchers = [n for n, t in subject.triggers("signal") if n.kind not in THROWING and t.name == name]
    if any(n.kind == "startEvent" and n.parent == (process and process.id) for n in catchers):
        yield found("begins_itself", node.id, name=name)
    starts = {process_of_id(subject, n) for n in catchers if _begins(subject, n)}
    if len(starts) > 1:
        yield found("several", node.id, name=name, others=", ".join(sorted(starts)))


def _begins(subject: Subject, node: Node) -> bool:
    parent = subject.node(node.parent)
    return node.kind == "startEvent" and parent is not None and parent.kind == "process"


def process_of_id(subject: Subject, node: Node) -> str:
    """Give the id of the process of a node."""
    process = process_of(subject.model, node.id)
    return process.id if process is not None else ""


def _around(subject: Subject, node: Node) -> list[Node]:
    """Give the escalation events on the boundaries and in the event sub-processes around a node."""
    catchers: list[Node] = []
    body = subject.node(node.parent)
    while body is not None:
        starts = [s for sub in body.event_subs for s in subject.model.nodes[sub].starts]
        found_here = [subject.model.nodes[c] for c in (*body.boundaries, *starts)]
        catchers += [c for c in found_here if any(t.kind == "escalation" for t in c.triggers)]
        body = subject.node(body.parent)
    return catchers


def _told(nodes: list[Node]) -> str:
    return ", ".join(n.name or n.id for n in nodes)
