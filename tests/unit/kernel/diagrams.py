"""Small BPMN files from a line of text: `start -> user_a -> xor; xor -> end if n > 1; xor -> user_b`.

The first part of an id says the kind. A keyword argument gives a node's attributes and content, `attributes | xml`.
"""

from __future__ import annotations

import re
from itertools import pairwise

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "task",
    "user": "userTask",
    "script": "scriptTask",
    "service": "serviceTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "rule": "businessRuleTask",
    "call": "callActivity",
    "sub": "subProcess",
    "tx": "transaction",
    "adhoc": "adHocSubProcess",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "complex": "complexGateway",
    "events": "eventBasedGateway",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "on": "boundaryEvent",
}
REFERENCES = re.compile(r'(message|signal|error|escalation)Ref="(\w+)"')
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:radnice="https://radnice.cz/bpmn/1.0" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="https://radnice.cz/test" id="file"'
)


def bpmn(flows: str = "", **nodes: str) -> bytes:
    """Give a file with one process `p`."""
    return definitions(process("p", flows, **nodes))


def process(key: str, flows: str = "", **nodes: str) -> str:
    """Give one process."""
    return f'<process id="{key}" isExecutable="true">{body(flows, **nodes)}</process>'


def definitions(*parts: str) -> bytes:
    """Give a file of these parts; messages, signals, errors and escalations come to be where they are referred to."""
    inside = "".join(parts)
    roots = "".join(
        f'<{kind} id="{name}" name="{name}"{code_of(kind, name)}/>'
        for kind, name in sorted(set(REFERENCES.findall(inside)))
        if f'id="{name}"' not in inside
    )
    return f"<definitions {NAMESPACES}>{roots}{inside}</definitions>".encode()


def code_of(kind: str, name: str) -> str:
    return f' {kind}Code="{name}"' if kind in ("error", "escalation") else ""


def body(flows: str = "", **nodes: str) -> str:
    """Give the content of a process or sub-process."""
    ids = dict.fromkeys(nodes)
    arrows = []
    for line in filter(str.strip, re.split(r"[;\n]", flows)):
        path, _, condition = line.partition(" if ")
        steps = [step.strip() for step in path.split("->")]
        ids.update(dict.fromkeys(steps))
        arrows += [(a, b, condition.strip()) for a, b in pairwise(steps)]
    elements = [element(i, nodes.get(i, "")) for i in ids if i != "more"]
    return "".join([nodes.get("more", ""), *elements, *(arrow(*a) for a in arrows)])


def element(identity: str, content: str) -> str:
    """Give one node."""
    kind = KINDS[re.match(r"[a-z]+", identity)[0]]  # type: ignore[index]
    attributes, bar, inside = content.partition("|")
    if not bar:
        attributes, inside = ("", content) if content.lstrip().startswith("<") else (content, "")
    return f'<{kind} id="{identity}" {attributes.strip()}>{inside.strip()}</{kind}>'


def arrow(source: str, target: str, condition: str) -> str:
    """Give one sequence flow, `source-target`."""
    text = f"<conditionExpression>{escaped(condition)}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{text}</sequenceFlow>'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def script(text: str) -> str:
    """Give the content of a script task."""
    return f"<script>{escaped(text)}</script>"


def timer(text: str, kind: str = "timeDuration") -> str:
    """Give a timer definition."""
    return f"<timerEventDefinition><{kind}>{escaped(text)}</{kind}></timerEventDefinition>"


def event(kind: str, reference: str = "") -> str:
    """Give any other event definition."""
    refers = f'{kind}Ref="{reference}"' if reference else ""
    return f"<{kind}EventDefinition {refers}/>"


def when(condition: str) -> str:
    """Give a condition definition."""
    return f"<conditionalEventDefinition><condition>{escaped(condition)}</condition></conditionalEventDefinition>"


def on(host: str, definition: str, interrupting: bool = True) -> str:
    """Give a boundary event's attributes and definition."""
    return f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}" | {definition}'


def extended(*elements: str) -> str:
    """Give extension elements."""
    return f"<extensionElements>{''.join(elements)}</extensionElements>"


def each(items: str, item: str = "item", sequential: bool = False, more: str = "") -> str:
    """Give a multi-instance marker over a collection; `more` is what stands after the data."""
    data = f'<loopDataInputRef>{items}</loopDataInputRef>{more}<inputDataItem id="{item}"/>'
    marker = "multiInstanceLoopCharacteristics"
    return f'<{marker} isSequential="{str(sequential).lower()}">{data}</{marker}>'
