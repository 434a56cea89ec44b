"""An event that sends or receives says which message."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "messages-named",
    message=(
        "Událost neříká, kterou zprávu posílá nebo čeká; doplňte messageRef.",
        "The event does not say which message it sends or waits for; add messageRef.",
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
)
def messages_named(subject: Subject) -> Iterator[Found]:
    """Find message and signal events without a name. A message flow gives its message a name of its own."""
    for kind in ("message", "signal"):
        for node, trigger in subject.triggers(kind):
            if not trigger.name and not trigger.ref and node.kind not in ("sendTask", "receiveTask"):
                yield found(kind, node.id)
    for kind in ("error", "escalation"):
        for node, trigger in subject.triggers(kind):
            if not trigger.name and not trigger.ref and node.kind in ("endEvent", "intermediateThrowEvent"):
                yield found(kind, node.id)
