"""A condition is true or false, and depends on something."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "constant-conditions",
    mend=(
        "Napište porovnání, třeba amount > 1000, nebo True či False.",
        "Write a comparison such as amount > 1000, or True or False.",
    ),
    constant=(
        "Podmínka {text} není pravda ani nepravda.",
        "The condition {text} is neither true nor false.",
    ),
)
def constant_conditions(subject: Subject) -> Iterator[Found]:
    """Find conditions that are a number or a text."""
    for node in subject.nodes():
        texts = [node.loop.condition if node.loop else None, node.completion]
        texts += [t.text for t in node.triggers if t.kind == "conditional"]
        for text in texts:
            if text and _is_no_truth(text):
                yield found("constant", node.id, text=text)
    for flow in subject.flows():
        if flow.condition and _is_no_truth(flow.condition):
            yield found("constant", flow.id, text=flow.condition)


def _is_no_truth(text: str) -> bool:
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return False
    return not isinstance(value, bool)
