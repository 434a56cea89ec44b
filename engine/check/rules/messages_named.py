"""An event that sends or receives says which message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import EVENTS


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
    for node in subject.nodes(*EVENTS):
        throws = node.kind in ("endEvent", "intermediateThrowEvent")
        for trigger in node.triggers:
            must = trigger.kind in ("message", "signal") or (throws and trigger.kind in ("error", "escalation"))
            if must and not trigger.name and not trigger.ref:
                element = subject.by_id.get(node.id)
                runs = element is not None and subject.is_executable(element)
                yield replace(found(trigger.kind, node.id), severity="error" if runs else "warning")
