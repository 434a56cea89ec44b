"""What call activities call is there and begins with a plain start."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import Node


@rule(
    "called-processes",
    mend=(
        "Vyberte proces, který v agendě je a má začátek bez události.",
        "Choose a process of the agenda that has a none start event.",
    ),
    missing=("Volaný proces {called} není k dispozici.", "The called process {called} is not there."),
    wrong=(
        "Volat jde jen proces nebo společnou úlohu; {called} je jiný prvek.",
        "Only a process or a global task can be called; {called} is another element.",
    ),
    unnamed=("Činnost neříká, který proces volá.", "The activity does not say which process it calls."),
    no_start=(
        "Volaný proces {called} nemá začátek bez události, takže jej nejde zavolat.",
        "The called process {called} has no none start event, so it can't be called.",
    ),
)
def called_processes(subject: Subject) -> Iterator[Found]:
    """Find calls that lead nowhere."""
    others = subject.surroundings.processes or frozenset()
    for node in subject.nodes("callActivity"):
        if not node.called:
            yield found("unnamed", node.id)
            continue
        process = subject.node(node.called)
        if process is not None and process.kind != "process":
            yield found("wrong", node.id, called=node.called)
        elif process is None and node.called not in others:
            yield found("missing", node.id, called=node.called)
        elif process is not None and not _can_be_called(subject, process):
            yield found("no_start", node.id, called=node.called)


def _can_be_called(subject: Subject, process: Node) -> bool:
    starts = [subject.model.nodes[s] for s in process.starts]
    return not starts or any(not s.triggers and not s.instantiate for s in starts)
