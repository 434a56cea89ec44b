"""A BPMN file to our Model, in one walk without recursion."""

from __future__ import annotations

from engine.diagram import BODIES, FLOW_NODES, Flow, Model, Node, Participant
from engine.reading.connecting import connect
from engine.reading.data import declared
from engine.reading.nodes import NodeReader
from engine.reading.problems import not_executable, refusals
from engine.reading.registries import read_registries
from engine.reading.xml import BPMN, Element, content, is_bpmn, line_of, local, parse_xml, plain, text_of

#: A task that stands outside of all processes is a process with one activity.
GLOBAL_TASKS = {
    "globalTask": "task",
    "globalScriptTask": "scriptTask",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
#: What a body may hold that needs no behaviour of its own.
SILENT = frozenset(
    {
        *("documentation", "extensionElements", "auditing", "monitoring", "ioSpecification", "ioBinding", "laneSet"),
        *("association", "textAnnotation", "group", "dataObject", "dataObjectReference", "dataStoreReference"),
        *("property", "incoming", "outgoing", "dataInputAssociation", "dataOutputAssociation", "resourceRole"),
        *(
            "performer",
            "humanPerformer",
            "potentialOwner",
            "supports",
            "correlationSubscription",
            "supportedInterfaceRef",
        ),
        *("standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "completionCondition", "artifact"),
    }
)


def read_model(data: bytes) -> Model:
    """Read all processes of a BPMN file.

    Raises UnreadableModel where there is nothing to work with. What can be read and not executed is in
    `model.problems`, by element.
    """
    reader = FileReader(parse_xml(data))
    reader.read()
    reader.model.problems += refusals(reader.model)
    return reader.model


class FileReader:
    """Fills a model from the tree of one file."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.model = Model()
        self.by_id: dict[str, Element] = {identity: e for e in root.iter("*") if (identity := e.get("id"))}
        self.nodes = NodeReader(self.by_id, read_registries(root))
        #: Compensation boundary → the activity that undoes.
        self.handlers: dict[str, str] = {}
        #: Ids of nodes and bodies. Were one taken twice, a body could come to lie in itself.
        self.taken: set[str] = set()

    def read(self) -> None:
        """Read processes, global tasks, pools and message flows, then tie them together."""
        for element in self.root:
            if local(element) == "process" and self.takes(element):
                self.nodes.subscribed = self.nodes.registries.subscriptions.get(element.get("id") or "", {})
                self.body(element)
                self.model.processes.append(element.get("id") or "")
            elif local(element) in GLOBAL_TASKS and self.takes(element):
                self.global_task(element)
            elif local(element) in ("choreography", "globalConversation") and is_bpmn(element):
                self.refuse(element, f"A {local(element)} can't be executed.")
        self.collaborations()
        connect(self.model, self.handlers)

    def global_task(self, element: Element) -> None:
        """Read a task that processes call."""
        identity = element.get("id") or ""
        task = self.nodes.read(element, identity, GLOBAL_TASKS[local(element)])
        task.id = identity + "#"
        self.add(Node(identity, "process", task.name, members=[task.id], line=line_of(element)))
        self.add(task)

    def body(self, element: Element) -> None:
        """Read a process with all that lies in it."""
        todo: list[tuple[Element, str | None]] = [(element, None)]
        while todo:
            element, parent = todo.pop()
            node = self.nodes.read(element, parent)
            self.add(node)
            for child in element:
                if is_bpmn(child):
                    self.member(child, node, todo)

    def member(self, element: Element, body: Node, todo: list[tuple[Element, str | None]]) -> None:
        """Read one thing that lies in a body; sub-processes wait for their turn."""
        tag = local(element)
        if tag in FLOW_NODES:
            self.flow_node(element, body, todo)
        elif tag == "sequenceFlow":
            self.flow(element, body)
        elif tag in ("dataObject", "property"):
            body.local.append(declared(element, self.by_id))
        elif tag == "association":
            self.association(element)
        elif tag not in SILENT:
            self.refuse(element, f"A {tag} can't be executed.")

    def flow_node(self, element: Element, body: Node, todo: list[tuple[Element, str | None]]) -> None:
        """Read a flow node; its id must be there and its own."""
        if not self.takes(element):
            return
        body.members.append(element.get("id") or "")
        if local(element) in BODIES:
            todo.append((element, body.id))
        else:
            self.add(self.nodes.read(element, body.id))

    def takes(self, element: Element) -> bool:
        """Take the id of a node or body. An element without an id of its own is refused and left out."""
        identity = element.get("id")
        if not identity:
            self.refuse(element, f"A {local(element)} has no id.")
        elif identity in self.taken:
            self.refuse(element, f"Two elements have the id {identity}.")
        else:
            self.taken.add(identity)
            return True
        return False

    def add(self, node: Node) -> None:
        """Take a node in."""
        self.model.nodes[node.id] = node

    def flow(self, element: Element, body: Node) -> None:
        """Read a sequence flow; ids that repeat in another body are told apart by it."""
        name = element.get("id") or f"{element.get('sourceRef')}->{element.get('targetRef')}"
        key = name if name not in self.model.flows else f"{body.id}/{name}"
        self.model.flows[key] = Flow(
            key,
            element.get("sourceRef") or "",
            element.get("targetRef") or "",
            element.get("name") or "",
            text_of(element, "conditionExpression"),
        )

    def association(self, element: Element) -> None:
        """Find which activity undoes what a compensation boundary event is attached to."""
        source, target = plain(element.get("sourceRef")), plain(element.get("targetRef"))
        boundary = self.by_id.get(source or "")
        if boundary is None or target is None or source is None or local(boundary) != "boundaryEvent":
            return
        if boundary.find(BPMN + "compensateEventDefinition") is not None or boundary.find(BPMN + "eventDefinitionRef"):
            self.handlers[source] = target

    def collaborations(self) -> None:
        """Read pools and the message flows between them."""
        for element in self.root.iter(BPMN + "participant"):
            self.model.participants.append(
                Participant(element.get("id") or "", element.get("name") or "", plain(element.get("processRef")))
            )
        for element in self.root.iter(BPMN + "messageFlow"):
            source, target = plain(element.get("sourceRef")), plain(element.get("targetRef"))
            if source and target:
                self.model.message_flows.append((source, target, element.get("id") or f"{source}->{target}"))

    def refuse(self, element: Element, message: str) -> None:
        """Note that an element can't be executed."""
        self.model.problems.append(not_executable(element.get("id") or content(element) or None, message))
