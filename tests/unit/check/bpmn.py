"""Builds small BPMN files."""

from __future__ import annotations

from itertools import pairwise

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:radnice="https://radnice.cz/bpmn/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="x">'
)
ESCAPES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def file(*parts: str) -> bytes:
    """Give a file of root elements."""
    return (HEAD + "".join(parts) + "</definitions>").encode()


def process(*parts: str, identifier: str = "p", attributes: str = 'isExecutable="true"') -> str:
    """Give a process."""
    return f'<process id="{identifier}" {attributes}>{"".join(parts)}</process>'


def node(kind: str, identifier: str, inside: str = "", attributes: str = "") -> str:
    """Give a flow node."""
    return f'<{kind} id="{identifier}" name="{identifier}" {attributes}>{inside}</{kind}>'


def formal(tag: str, text: str) -> str:
    """Give a formal expression."""
    return f'<{tag} xsi:type="tFormalExpression">{text.translate(ESCAPES)}</{tag}>'


def flow(source: str, target: str, condition: str | None = None, identifier: str | None = None) -> str:
    """Give a sequence flow `source-target`."""
    inner = formal("conditionExpression", condition) if condition is not None else ""
    name = identifier or f"{source}-{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def extended(*elements: str) -> str:
    """Give extension elements."""
    return f"<extensionElements>{''.join(elements)}</extensionElements>"


def line(*middle: tuple[str, str], roots: str = "", start: str = "") -> bytes:
    """Give a process from a start over some nodes, (id, element), to an end."""
    ids = ["s", *(identifier for identifier, _ in middle), "e"]
    flows = [flow(one, other) for one, other in pairwise(ids)]
    elements = [element for _, element in middle]
    return file(roots, process(node("startEvent", "s", start), *elements, node("endEvent", "e"), *flows))


def script(identifier: str, text: str) -> str:
    """Give a script task."""
    return node("scriptTask", identifier, f"<script>{text.translate(ESCAPES)}</script>", 'scriptFormat="text/starlark"')


def human(identifier: str, attributes: str = "") -> str:
    """Give a user task with a `radnice:task`."""
    return node("userTask", identifier, extended(f"<radnice:task {attributes}/>") if attributes else "")


def action(identifier: str, name: str, **parameters: str) -> str:
    """Give a service task with a connector."""
    inner = "".join(f'<radnice:parameter name="{n}">{text}</radnice:parameter>' for n, text in parameters.items())
    return node("serviceTask", identifier, extended(f'<radnice:connector name="{name}">{inner}</radnice:connector>'))


def start_form(form: str) -> str:
    """Give the contents of a start event with a form."""
    return extended(f'<radnice:start form="{form}" audience="public"/>')


def split(
    *ways: tuple[str, str | None], kind: str = "exclusiveGateway", attributes: str = "", start: str = ""
) -> bytes:
    """Give a process that splits into user tasks, (id, condition), and joins again."""
    tasks = [node("userTask", identifier) for identifier, _ in ways]
    flows = [flow("g", identifier, condition) for identifier, condition in ways]
    flows += [flow(identifier, "j") for identifier, _ in ways]
    ends = [node("startEvent", "s", start), node(kind, "g", "", attributes), node(kind, "j"), node("endEvent", "e")]
    return file(process(*ends, *tasks, flow("s", "g"), flow("j", "e"), *flows))
