"""Event-based gateways: what follows them decides which way is taken."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import Node

KINDS = frozenset({"message", "timer", "signal", "conditional"})


@rule(
    "event-gateways",
    mend=(
        "Za bránu událostí dejte jen čekající události nebo přijímací úlohy, každou s jedinou cestou dovnitř.",
        "Put only catch events or receive tasks after it, each with one way in.",
    ),
    ways=("Brána událostí má aspoň dvě cesty ven.", "An event-based gateway has at least two ways out."),
    condition=(
        "Spojnice z brány událostí nemají podmínky.",
        "Flows from an event-based gateway have no conditions.",
    ),
    target=(
        "Po bráně událostí může být jen čekající událost nebo příjem zprávy, do nichž nevede nic jiného.",
        "An event-based gateway leads to catch events or receive tasks that nothing else leads to.",
    ),
    kind=(
        "Událost druhu {kind} nemůže být po bráně událostí.",
        "An event of the kind {kind} can't follow an event-based gateway.",
    ),
    boundary=(
        "Příjem zprávy po bráně událostí nemá události na okraji.",
        "A receive task after an event-based gateway has no boundary events.",
    ),
    mixed=(
        "Po bráně událostí buď čekejte na zprávy událostmi, nebo úlohami, ne obojím.",
        "After an event-based gateway use message events or receive tasks, not both.",
    ),
    begins=(
        "Brána, která začíná proces, nemá nic před sebou a po ní jsou jen zprávy.",
        "A gateway that begins the process has nothing before it and only messages after it.",
    ),
    parallel=(
        "Souběžná brána událostí jen začíná proces (instantiate).",
        "A parallel event-based gateway only begins a process (instantiate).",
    ),
)
def event_gateways(subject: Subject) -> Iterator[Found]:
    """Find event-based gateways with the wrong surroundings."""
    for node in subject.nodes("eventBasedGateway"):
        targets = [t for t in (subject.node(f.target) for f in node.outgoing) if t is not None]
        yield from _of_gateway(node)
        for target in targets:
            yield from _of_target(target)
        yield from _together(node, targets)


def _of_gateway(node: Node) -> Iterator[Found]:
    if len(node.outgoing) < 2:
        yield found("ways", node.id)
    if any(f.condition is not None for f in node.outgoing):
        yield found("condition", node.id)
    if node.parallel_start and not node.instantiate:
        yield found("parallel", node.id)


def _of_target(target: Node) -> Iterator[Found]:
    if target.kind not in ("intermediateCatchEvent", "receiveTask") or len(target.incoming) != 1:
        yield found("target", target.id)
    if target.boundaries:
        yield found("boundary", target.id)
    for trigger in target.triggers:
        if trigger.kind not in KINDS:
            yield found("kind", target.id, kind=trigger.kind)


def _together(node: Node, targets: list[Node]) -> Iterator[Found]:
    kinds = {trigger.kind for target in targets for trigger in target.triggers}
    events = [t for t in targets if t.kind == "intermediateCatchEvent"]
    if any(t.kind == "receiveTask" for t in targets) and any(x.kind == "message" for e in events for x in e.triggers):
        yield found("mixed", node.id)
    if node.instantiate and (node.incoming or kinds - {"message"}):
        yield found("begins", node.id)
