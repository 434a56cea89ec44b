"""Message flows join participants, and events in the direction of the message."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, children
from engine.diagram import TASKS
from engine.reading.xml import local, plain

ARTIFACTS = frozenset({"association", "group", "textAnnotation", "dataObjectReference", "dataStoreReference"})
#: What may send or receive besides events.
PARTNERS = (TASKS | {"participant", "subProcess", "transaction", "adHocSubProcess", "callActivity"}) | frozenset(
    {"conversation", "subConversation", "callConversation", "process"}
)
SENDING = frozenset({"intermediateThrowEvent", "endEvent"})
RECEIVING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


@rule(
    "message-flows",
    mend=(
        "Veďte tok zpráv od odesílací úlohy či události k přijímací v jiném bazénu.",
        "Draw the message flow from a sending task or event to a receiving one in another pool.",
    ),
    artifact=(
        "Tok zpráv nemůže vést z poznámky, skupiny ani dat, ani do nich ({end}).",
        "A message flow can't start or end at an annotation, a group or data ({end}).",
    ),
    receives=("Událost zprávu přijímá, tok zpráv z ní nevede.", "The event receives; no message flow leaves it."),
    sends=("Událost zprávu posílá, tok zpráv do ní nevede.", "The event sends; no message flow leads to it."),
    neither=(
        "Tok zpráv nemůže vést z prvku {end} ani do něj: zprávy posílají a přijímají úlohy a události zpráv.",
        "No message flow can start or end at {end}: messages are sent and received by tasks and message events.",
    ),
    same_pool=(
        "Tok zpráv vede mezi různými účastníky, ne uvnitř jednoho.",
        "A message flow joins different participants, not parts of one.",
    ),
)
def message_flows(subject: Subject) -> Iterator[Found]:
    """Find message flows with the wrong ends."""
    for flow in subject.elements("messageFlow"):
        source = subject.by_id.get(plain(flow.get("sourceRef")) or "")
        target = subject.by_id.get(plain(flow.get("targetRef")) or "")
        for end in (source, target):
            yield from _end(flow, end)
        if source is not None and local(source) in RECEIVING:
            yield found("receives", source.get("id"))
        if target is not None and local(target) in SENDING:
            yield found("sends", target.get("id"))
        if source is not None and target is not None and _process_of(source) is _process_of(target) is not None:
            yield found("same_pool", flow.get("id"))


def _end(flow: Element, end: Element | None) -> Iterator[Found]:
    if end is None:
        return
    if local(end) in ARTIFACTS:
        yield found("artifact", flow.get("id"), end=end.get("id"))
    elif local(end) not in PARTNERS and not (local(end) in SENDING | RECEIVING and _is_message_event(end)):
        yield found("neither", flow.get("id"), end=end.get("id"))


def _is_message_event(element: Element) -> bool:
    """Say whether an event is about messages; one with a shared definition may be, too."""
    return next(children(element, "messageEventDefinition", "eventDefinitionRef"), None) is not None


def _process_of(element: Element) -> Element | None:
    return next((e for e in element.iterancestors() if local(e) == "process"), None)
