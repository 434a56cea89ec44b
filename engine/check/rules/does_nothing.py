"""A task that looks as if it did something does something."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "does-nothing",
    "warning",
    mend=(
        "Vyberte zprávu nebo akci, napište skript, nebo z prvku udělejte úkol, který nic neslibuje.",
        "Choose a message or an action, write the script, or make it a task that promises nothing.",
    ),
    sends=(
        "Odesílací úkol nic neposílá: nemá zprávu ani akci. Případ jím jen projde.",
        "The send task sends nothing: it has neither a message nor an action. A case just passes it.",
    ),
    computes=(
        "Skript je prázdný. Případ jím jen projde.",
        "The script is empty. A case just passes it.",
    ),
)
def does_nothing(subject: Subject) -> Iterator[Found]:
    """Find send tasks without a message and an action, and script tasks without a script."""
    for node in subject.nodes("sendTask"):
        if node.connector is None and not any(trigger.name or trigger.ref for trigger in node.triggers):
            yield found("sends", node.id)
    for node in subject.nodes("scriptTask"):
        if not (node.script or "").strip() and not node.before and not node.after:
            yield found("computes", node.id)
