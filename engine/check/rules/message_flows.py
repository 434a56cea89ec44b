"""Message flows join participants, and events in the direction of the message."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject
from engine.reading.xml import local, plain

ARTIFACTS = frozenset({"association", "group", "textAnnotation", "dataObjectReference", "dataStoreReference"})
SENDING = frozenset({"intermediateThrowEvent", "endEvent"})
RECEIVING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


@rule(
    "message-flows",
    artifact=(
        "Tok zpráv nemůže vést z poznámky, skupiny ani dat, ani do nich ({end}).",
        "A message flow can't start or end at an annotation, a group or data ({end}).",
    ),
    receives=("Událost zprávu přijímá, tok zpráv z ní nevede.", "The event receives; no message flow leaves it."),
    sends=("Událost zprávu posílá, tok zpráv do ní nevede.", "The event sends; no message flow leads to it."),
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
            if end is not None and local(end) in ARTIFACTS:
                yield found("artifact", flow.get("id"), end=end.get("id"))
        if source is not None and local(source) in RECEIVING:
            yield found("receives", source.get("id"))
        if target is not None and local(target) in SENDING:
            yield found("sends", target.get("id"))
        if source is not None and target is not None and _process_of(source) is _process_of(target) is not None:
            yield found("same_pool", flow.get("id"))


def _process_of(element: Element) -> Element | None:
    return next((e for e in element.iterancestors() if local(e) == "process"), None)
