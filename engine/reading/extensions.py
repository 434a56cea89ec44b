"""Extension elements: ours (`radnice:`), and those of SpiffWorkflow where they mean the same."""

from __future__ import annotations

from collections.abc import Callable

from engine.diagram import HUMAN, ConnectorCall, DecisionCall, HumanWork, Node, Offer, StartForm
from engine.errors import UnreadableModel
from engine.reading.xml import BPMN, RADNICE, SPIFF, Element, content, whole


def read_extensions(node: Node, element: Element) -> None:
    """Put into the node what its extension elements say."""
    if node.kind in HUMAN:
        node.human = HumanWork()
    for holder in element.iterchildren(BPMN + "extensionElements"):
        for extension in holder.iterchildren("*"):
            reader = READERS.get(str(extension.tag))
            if reader is not None:
                reader(node, extension)
    for definition in element:
        for extension in definition.iterfind(f"{BPMN}extensionElements/*"):
            if str(extension.tag) in IN_DEFINITIONS:
                READERS[str(extension.tag)](node, extension)


def task(node: Node, element: Element) -> None:
    """`radnice:task`: who does it, with which form, until when."""
    get = element.get
    node.human = HumanWork(
        form=get("form"),
        form_from=get("formFrom"),
        group=get("group"),
        assignee=get("assignee"),
        candidates=get("candidates"),
        due=get("due"),
        priority=whole(element, "priority", 50),
        audience=one_of(element, "audience", "staff", "applicant"),  # type: ignore[arg-type]
        comments=get("comments"),
        differs_from=get("differsFrom"),
        subject=get("subject"),
        prefill=one_of(element, "prefill", "true", "false") == "true",
    )


def one_of(element: Element, name: str, *allowed: str) -> str:
    """Read an attribute that takes one of some words; the first is the default."""
    text = element.get(name, allowed[0])
    if text not in allowed:
        words = ", ".join(allowed)
        raise UnreadableModel(
            f"{name}={text!r} must be one of {words}.", reason="word", name=name, text=text, words=words
        )
    return text


def start(node: Node, element: Element) -> None:
    """`radnice:start`: the form with which a person starts a case."""
    audience = one_of(element, "audience", "public", "staff")
    node.start = StartForm(required(element, "form"), audience, element.get("group"))  # type: ignore[arg-type]


def connector(node: Node, element: Element) -> None:
    """`radnice:connector`: the named action of a service task."""
    node.connector = ConnectorCall(
        required(element, "name"),
        {required(p, "name"): content(p) for p in element.iterchildren(RADNICE + "parameter")},
        element.get("result"),
    )


def decision(node: Node, element: Element) -> None:
    """`radnice:decision`: which DMN decision is asked."""
    node.decision = DecisionCall(required(element, "ref"), element.get("result"))


def offer(node: Node, element: Element) -> None:
    """`radnice:offer`: a person may send this message from the case."""
    audience = one_of(element, "audience", "staff", "applicant")
    node.offer = Offer(
        required(element, "label"),
        audience,  # type: ignore[arg-type]
        element.get("form"),
        element.get("group"),
    )


def correlation(node: Node, element: Element) -> None:
    """`radnice:correlation`: a key that must be equal on both sides of a message."""
    node.correlation[required(element, "key")] = content(element)


def payload(node: Node, element: Element) -> None:
    """`radnice:payload`: what a message or signal carries."""
    node.payload[required(element, "name")] = content(element)


def given(node: Node, element: Element) -> None:
    """`radnice:input`: what goes into a called process."""
    node.inputs.append((required(element, "name"), content(element)))


def taken(node: Node, element: Element) -> None:
    """`radnice:output`: what comes out of a called process."""
    node.outputs.append((required(element, "name"), content(element)))


def public(node: Node, element: Element) -> None:
    """`radnice:public`: the station on the applicant's line."""
    node.station = element.get("station")
    node.aside = element.get("usual") == "false"


def required(element: Element, name: str) -> str:
    """Read an attribute that must be there."""
    value = element.get(name)
    if not value:
        tag = str(element.tag).rpartition("}")[2]
        raise UnreadableModel(f"The element {tag} needs the attribute {name}.", reason="attribute", tag=tag, name=name)
    return value


def spiff_decision(node: Node, element: Element) -> None:
    """`spiffworkflow:calledDecisionId`."""
    node.decision = DecisionCall(content(element))


def spiff_operator(node: Node, element: Element) -> None:
    """`spiffworkflow:serviceTaskOperator`."""
    node.connector = ConnectorCall(
        required(element, "id"),
        {p.get("id", ""): p.get("value", "") for p in element.iter(SPIFF + "parameter")},
        element.get("resultVariable"),
    )


def spiff_properties(node: Node, element: Element) -> None:
    """`spiffworkflow:properties`: the form of a user task."""
    for prop in element.iterchildren(SPIFF + "property"):
        if prop.get("name") == "formJsonSchemaFilename" and node.human is not None:
            node.human.form = (prop.get("value") or "").removesuffix(".json")


def spiff_before(node: Node, element: Element) -> None:
    """`spiffworkflow:preScript`."""
    node.before = content(element)


def spiff_after(node: Node, element: Element) -> None:
    """`spiffworkflow:postScript`."""
    node.after = content(element)


READERS: dict[str, Callable[[Node, Element], None]] = {
    RADNICE + "task": task,
    RADNICE + "start": start,
    RADNICE + "connector": connector,
    RADNICE + "decision": decision,
    RADNICE + "offer": offer,
    RADNICE + "correlation": correlation,
    RADNICE + "payload": payload,
    RADNICE + "input": given,
    RADNICE + "output": taken,
    RADNICE + "public": public,
    SPIFF + "calledDecisionId": spiff_decision,
    SPIFF + "serviceTaskOperator": spiff_operator,
    SPIFF + "properties": spiff_properties,
    SPIFF + "preScript": spiff_before,
    SPIFF + "postScript": spiff_after,
}
#: What may stand in an event definition instead of in the event itself.
IN_DEFINITIONS = frozenset({RADNICE + "correlation", RADNICE + "payload"})
