"""An event that sends or receives says which message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.rule import Found, Severity, found, rule
from engine.check.subject import Subject, holder
from engine.diagram import EVENTS
from engine.reading.xml import local, plain


@rule(
    "messages-named",
    mend=(
        "Vyberte zprávu, signál, chybu nebo eskalaci, které se událost týká.",
        "Choose the message, signal, error or escalation of the event.",
    ),
    message=(
        "Událost neříká, kterou zprávu posílá nebo čeká; doplňte messageRef.",
        "The event does not say which message it sends or waits for; add messageRef.",
    ),
    receiveTask=(
        "Úkol čeká na zprávu, ale neříká na kterou; doplňte messageRef nebo k němu veďte tok zpráv.",
        "The task waits for a message, but does not say which; add messageRef or lead a message flow to it.",
    ),
    signal=(
        "Událost neříká, který signál vysílá nebo čeká; doplňte signalRef.",
        "The event does not say which signal it sends or waits for; add signalRef.",
    ),
    error=(
        "Konec s chybou neříká, se kterou; doplňte errorRef.",
        "The error end event does not say which error; add errorRef.",
    ),
    escalation=(
        "Vyvolaná eskalace neříká svůj kód; doplňte escalationRef.",
        "The thrown escalation has no code; add escalationRef.",
    ),
    code=(
        "Vyvolaná chyba nebo eskalace {name} nemá kód; doplňte errorCode nebo escalationCode.",
        "The thrown error or escalation {name} has no code; add errorCode or escalationCode.",
    ),
)
def messages_named(subject: Subject) -> Iterator[Found]:
    """Find message and signal events and receive tasks without a name. A message flow gives its message one."""
    for node in subject.nodes("receiveTask"):
        if not any(trigger.name or trigger.ref for trigger in node.triggers):
            yield replace(found("receiveTask", node.id), severity=_as_it_runs(subject, node.id))
    for node in subject.nodes(*EVENTS):
        throws = node.kind in ("endEvent", "intermediateThrowEvent")
        for trigger in node.triggers:
            must = trigger.kind in ("message", "signal") or (throws and trigger.kind in ("error", "escalation"))
            if must and not trigger.name and not trigger.ref:
                yield replace(found(trigger.kind, node.id), severity=_as_it_runs(subject, node.id))
    yield from _without_code(subject)


def _as_it_runs(subject: Subject, node_id: str) -> Severity:
    element = subject.by_id.get(node_id)
    return "error" if element is not None and subject.is_executable(element) else "warning"


def _without_code(subject: Subject) -> Iterator[Found]:
    """Find thrown errors and escalations without a code: executable ones have one (BPMN 2.0.2, 10.5.5)."""
    for kind in ("error", "escalation"):
        for definition in subject.elements(f"{kind}EventDefinition"):
            event = definition.getparent()
            root = subject.by_id.get(plain(definition.get(f"{kind}Ref")) or "")
            thrown = event is not None and local(event) in ("endEvent", "intermediateThrowEvent")
            if thrown and root is not None and local(root) == kind and not root.get(f"{kind}Code"):
                runs = subject.is_executable(definition)
                name = root.get("name") or root.get("id")
                yield replace(found("code", holder(definition), name=name), severity="error" if runs else "warning")
