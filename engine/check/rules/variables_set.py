"""What an expression reads, something before it may have set: a form, a script, a message, an action, a call."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.order import MOST_NODES
from engine.check.rule import Found, found, rule
from engine.check.scope import known_at
from engine.check.subject import Subject
from engine.check.texts import Text, texts


@rule(
    "variables-are-set",
    "warning",
    mend=(
        "Nastavte proměnnou dřív, nebo napište value_of s náhradní hodnotou.",
        "Set the variable before, or write value_of with a default.",
    ),
    never=(
        'Proměnnou {name} nic předtím nenastaví; nemusí-li být, pište value_of("{name}", náhrada).',
        'Nothing before sets the variable {name}; where it may be missing write value_of("{name}", default).',
    ),
    decision=(
        "Rozhodnutí {ref} čte proměnnou {name}, ale nic předtím ji nenastaví.",
        "The decision {ref} reads the variable {name}, yet nothing before sets it.",
    ),
)
def variables_set(subject: Subject) -> Iterator[Found]:
    """Find names that nothing earlier can have set. Where a case may begin with any data, nothing is said."""
    known: dict[str, frozenset[str] | None] = {}
    if len(subject.model.nodes) > MOST_NODES:
        return
    for text in texts(subject.model):
        reads = text.reads() - subject.surroundings.variables
        if not reads:
            continue
        if text.node not in known:
            known[text.node] = _known_at(subject, text)
        have = known[text.node]
        for name in sorted(reads - have) if have is not None else ():
            yield found("never", text.element, name=name)
    yield from _decisions(subject)


def _decisions(subject: Subject) -> Iterator[Found]:
    inputs = subject.surroundings.decision_inputs or {}
    for node in subject.nodes():
        if node.decision is None:
            continue
        have = _known_at(subject, Text(node.id, node.id, "", "value"))
        reads = inputs.get(node.decision.ref, frozenset()) - subject.surroundings.variables
        for name in sorted(reads - have) if have is not None else ():
            yield found("decision", node.id, ref=node.decision.ref, name=name)


def _known_at(subject: Subject, text: Text) -> frozenset[str] | None:
    """Give the variables that may be there; None = any."""
    node = subject.node(text.node)
    return known_at(subject, node, after=text.kind == "condition") if node else None
