"""What an expression reads, something before it may have set: a form, a script, a message, an action, a call."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.order import MOST_NODES, before, process_of
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import Text, given_by, texts
from engine.diagram import Node


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
    process = process_of(subject.model, text.node)
    if node is None or process is None or _begins_with_anything(subject, process):
        return None
    earlier = before(subject.model, node.id)
    if node.loop or text.kind == "condition" or node.event_sub:
        earlier.add(node.id)
    names = set(process.local)
    for identifier in earlier | {s for s in process.starts if s in subject.model.nodes}:
        given = given_by(subject.model.nodes[identifier], subject)
        if given is None:
            return None
        names |= given | set(subject.model.nodes[identifier].local)
    return frozenset(names | _own(node))


def _own(node: Node) -> set[str]:
    """Give what a node's own texts may use: its item, its result, what its scripts set."""
    loop = {n for n in (node.loop.item, node.loop.output_item) if n} if node.loop else set()
    results = {c.result for c in (node.connector, node.decision) if c is not None and c.result}
    return loop | results


def _begins_with_anything(subject: Subject, process: Node) -> bool:
    """Say whether a case may begin with data that no form describes: by a program, or called with everything."""
    calls = [c for c in subject.surroundings.calls or () if c.called == process.id]
    if calls or any(n.called == process.id for n in subject.nodes("callActivity")):
        return True
    starts = [subject.model.nodes[s] for s in process.starts]
    return any(s.start is None and not s.triggers for s in starts) or not starts
