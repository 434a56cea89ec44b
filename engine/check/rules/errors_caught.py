"""An error that ends a process is caught by somebody, or becomes an incident."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import Node


@rule(
    "errors-are-caught",
    "warning",
    mend=(
        "Přidejte k podprocesu nebo volání událost chyby na okraj.",
        "Put an error boundary event on the sub-process or call.",
    ),
    uncaught=(
        "Chybu {code} nikdo nezachytí, případ tu skončí závadou.",
        "Nobody catches the error {code}; the case will end here with an incident.",
    ),
)
def errors_caught(subject: Subject) -> Iterator[Found]:
    """Find error end events that nothing around them and no call of their process catches."""
    for node, trigger in subject.triggers("error"):
        if node.kind == "endEvent" and not _caught(subject, node, trigger.name):
            yield found("uncaught", node.id, code=trigger.name or "")


def _caught(subject: Subject, node: Node, code: str | None) -> bool:
    body = subject.node(node.parent)
    while body is not None:
        if any(_fits(c, code) for c in _catchers(subject, body)):
            return True
        if body.kind == "process":
            return _caught_by_callers(subject, body.id, code)
        body = subject.node(body.parent)
    return False


def _catchers(subject: Subject, body: Node) -> Iterator[str | None]:
    """Give the codes caught at the boundary of a body and by its event sub-processes."""
    starts = [s for sub in body.event_subs for s in subject.model.nodes[sub].starts]
    for identifier in [*body.boundaries, *starts]:
        yield from (t.caught_code for t in subject.model.nodes[identifier].triggers if t.kind == "error")


def _caught_by_callers(subject: Subject, process: str, code: str | None) -> bool:
    calls = [call for call in subject.surroundings.calls or () if call.called == process]
    here = [n for n in subject.nodes("callActivity") if n.called == process]
    caught = [any(_fits(c, code) for c in call.catches) for call in calls]
    caught += [any(_fits(c, code) for c in _catchers(subject, n)) for n in here]
    return bool(caught) and all(caught)


def _fits(catches: str | None, code: str | None) -> bool:
    return catches is None or catches == code
