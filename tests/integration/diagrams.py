"""BPMN for tests, in as few words as possible."""

from __future__ import annotations

from itertools import pairwise

_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:radnice="https://radnice.cz/bpmn/1.0"
  id="definitions" targetNamespace="https://radnice.cz/test">
  {head}
  <bpmn:process id="{process}" name="{process}" isExecutable="true">{body}</bpmn:process>
</bpmn:definitions>"""


def diagram(*body: str, process: str = "p", head: str = "") -> bytes:
    """A file with one process of the given elements."""
    return _FRAME.format(process=process, head=head, body="".join(body)).encode()


def chain(*nodes: str) -> str:
    """Sequence flows from each node to the next."""
    return "".join(flow(source, target) for source, target in pairwise(nodes))


def flow(source: str, target: str, condition: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="{source}_{target}" {ends}>{inner}</bpmn:sequenceFlow>'


def start(node: str = "s", inner: str = "") -> str:
    return f'<bpmn:startEvent id="{node}">{inner}</bpmn:startEvent>'


def end(node: str = "e", inner: str = "") -> str:
    return f'<bpmn:endEvent id="{node}">{inner}</bpmn:endEvent>'


def user(node: str, attributes: str = "", name: str = "") -> str:
    """A user task; `attributes` of radnice:task."""
    return (
        f'<bpmn:userTask id="{node}" name="{name or node}">{_extended(f"<radnice:task {attributes}/>")}</bpmn:userTask>'
    )


def script(node: str, text: str) -> str:
    return f'<bpmn:scriptTask id="{node}"><bpmn:script>{text}</bpmn:script></bpmn:scriptTask>'


def service(node: str, connector: str, result: str = "", **parameters: str) -> str:
    inner = "".join(f'<radnice:parameter name="{key}">{text}</radnice:parameter>' for key, text in parameters.items())
    to = f' result="{result}"' if result else ""
    call = f'<radnice:connector name="{connector}"{to}>{inner}</radnice:connector>'
    return f'<bpmn:serviceTask id="{node}">{_extended(call)}</bpmn:serviceTask>'


def gateway(node: str, kind: str = "exclusive") -> str:
    return f'<bpmn:{kind}Gateway id="{node}"/>'


def timer(duration: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:timeDuration>{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>"


def message(reference: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{reference}"/>'


def signal(reference: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="{reference}"/>'


def error() -> str:
    return "<bpmn:errorEventDefinition/>"


def catch(node: str, trigger: str, extensions: str = "") -> str:
    return f'<bpmn:intermediateCatchEvent id="{node}">{_extended(extensions)}{trigger}</bpmn:intermediateCatchEvent>'


def throw(node: str, trigger: str, extensions: str = "") -> str:
    return f'<bpmn:intermediateThrowEvent id="{node}">{_extended(extensions)}{trigger}</bpmn:intermediateThrowEvent>'


def boundary(node: str, at: str, trigger: str, *, interrupting: bool = True, extensions: str = "") -> str:
    stays = "true" if interrupting else "false"
    opening = f'<bpmn:boundaryEvent id="{node}" attachedToRef="{at}" cancelActivity="{stays}">'
    return f"{opening}{_extended(extensions)}{trigger}</bpmn:boundaryEvent>"


def correlation(key: str, text: str) -> str:
    return f'<radnice:correlation key="{key}">{text}</radnice:correlation>'


def payload(name: str, text: str) -> str:
    return f'<radnice:payload name="{name}">{text}</radnice:payload>'


def messages(*names: str) -> str:
    """Messages for `head=`, each with its name as id, dots as underscores."""
    return "".join(f'<bpmn:message id="{name.replace(".", "_")}" name="{name}"/>' for name in names)


def signals(*names: str) -> str:
    return "".join(f'<bpmn:signal id="{name}" name="{name}"/>' for name in names)


def _extended(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""
