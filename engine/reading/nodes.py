"""One flow node from its element."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram import EVENTS, Node
from engine.reading.data import read_data
from engine.reading.events import EventReader
from engine.reading.extensions import read_extensions
from engine.reading.loops import read_loop
from engine.reading.registries import Registries
from engine.reading.xml import Element, flag, line_of, local, plain, text_of, whole

RECEIVING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


class NodeReader:
    """Reads flow nodes and bodies of one file."""

    def __init__(self, by_id: Mapping[str, Element], registries: Registries) -> None:
        self.by_id = by_id
        self.registries = registries
        self.events = EventReader(by_id, registries)
        #: What the process that is being read compares messages with.
        self.subscribed: Mapping[str, str] = {}

    def read(self, element: Element, parent: str | None, kind: str | None = None) -> Node:
        """Read everything about a node that stands in its own element."""
        identity = element.get("id") or ""
        node = Node(identity, kind or local(element), element.get("name") or "", parent, line=line_of(element))
        node.documentation = text_of(element, "documentation") or ""
        node.lane = self.registries.lanes.get(identity)
        node.script = text_of(element, "script")
        self.attributes(node, element)
        node.loop = read_loop(element, self.by_id, self.events)
        read_extensions(node, element)
        if node.kind in EVENTS:
            node.triggers = self.events.triggers(element)
        if node.kind in ("sendTask", "receiveTask"):
            node.triggers = [self.events.named("message", plain(element.get("messageRef")))]
        read_data(node, element, self.by_id)
        self.correlations(node)
        if node.human is not None and node.human.group is None:
            node.human.group = node.lane
        return node

    def attributes(self, node: Node, element: Element) -> None:
        """Read the plain attributes and texts."""
        node.default = element.get("default")
        node.start_quantity = whole(element, "startQuantity", 1)
        node.completion_quantity = whole(element, "completionQuantity", 1)
        node.compensation = flag(element, "isForCompensation")
        node.instantiate = flag(element, "instantiate")
        node.attached_to = element.get("attachedToRef")
        node.called = plain(element.get("calledElement"))
        interrupts = "cancelActivity" if node.kind == "boundaryEvent" else "isInterrupting"
        node.interrupting = flag(element, interrupts, True)
        node.all_triggers = flag(element, "parallelMultiple")
        node.parallel_start = element.get("eventGatewayType") == "Parallel"
        node.activation = text_of(element, "activationCondition")
        node.event_sub = flag(element, "triggeredByEvent")
        node.ordering = element.get("ordering", "Parallel")
        node.completion = text_of(element, "completionCondition")
        node.cancel_rest = flag(element, "cancelRemainingInstances", True)

    def correlations(self, node: Node) -> None:
        """Take the correlation properties of the message, and what the process compares them with."""
        for trigger in node.triggers:
            if trigger.kind == "message" and trigger.ref:
                node.keys.update(self.registries.correlations.get(trigger.ref, ()))
        for key in node.keys if node.kind in RECEIVING else ():
            if key in self.subscribed:
                node.correlation.setdefault(key, self.subscribed[key])
